//! Aliases: names that point to a fleet or end with a message.

use ids::{AliasId, FleetId, Time};
use serde::{Deserialize, Serialize};

use crate::World;
use crate::api_time::timestamp;
use crate::fault::{fault, invalid, limit_exceeded, not_found};
use crate::fleets;
use crate::paging::{Query, oldest_first};
use crate::table::{Row, Table};
use crate::tags;
use crate::turn::Turn;
use api::{Fault, FaultCode, RoutingStrategy, RoutingStrategyType};

/// A stored alias.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Alias {
    pub(crate) id: AliasId,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) target: Target,
    pub(crate) created: Time,
    pub(crate) updated: Time,
}

/// Where an alias leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Target {
    /// To a fleet.
    Simple(FleetId),
    /// Nowhere any more; the message is for the caller.
    Terminal(String),
}

impl Row for Alias {
    const TABLE: &'static str = "aliases";
    type Key = AliasId;
    fn key(&self) -> AliasId {
        self.id.clone()
    }
}

/// All aliases.
#[derive(Default)]
pub(crate) struct Aliases {
    table: Table<Alias>,
}

impl Aliases {
    pub(crate) fn table(&mut self) -> &mut Table<Alias> {
        &mut self.table
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Alias> {
        self.table.get(id)
    }
}

/// The fleet behind an alias id or ARN. Whether the fleet is still there is for the caller to see.
pub(crate) fn fleet_behind(world: &World, alias: &str) -> Result<FleetId, Fault> {
    match &find(world, alias)?.target {
        Target::Simple(fleet) => Ok(fleet.clone()),
        Target::Terminal(message) => {
            Err(fault(FaultCode::TerminalRoutingStrategy, message.clone()))
        }
    }
}

/// The fleet that a call means, which names exactly one of a fleet and an alias.
pub(crate) fn fleet_of(
    world: &World,
    fleet: Option<&str>,
    alias: Option<&str>,
) -> Result<FleetId, Fault> {
    let fleet = match (fleet, alias) {
        (Some(fleet), None) => fleet.to_owned(),
        (None, Some(alias)) => fleet_behind(world, alias)?.to_string(),
        _ => return Err(invalid("Exactly one of FleetId and AliasId must be given")),
    };
    fleets::known(world, &fleet).map(fleets::Fleet::id)
}

/// CreateAlias.
pub(crate) fn create(
    world: &mut World,
    turn: &mut Turn<'_>,
    input: api::CreateAliasInput,
) -> Result<api::CreateAliasOutput, Fault> {
    let target = target(world, input.routing_strategy)?;
    let tags = tags::checked(world, input.tags)?;
    let limit = world.settings.limits.aliases;
    if world.aliases.table.len() >= limit {
        return Err(limit_exceeded(format!(
            "There are already {limit} aliases; delete one first"
        )));
    }
    let id = AliasId::from(turn.id("alias"));
    let alias = Alias {
        id: id.clone(),
        name: input.name,
        description: input.description,
        target,
        created: turn.now,
        updated: turn.now,
    };
    tags::put(world, &world.settings.origin().alias(&id), tags);
    let shown = shown(world, &alias);
    world.aliases.table.insert(alias);
    Ok(api::CreateAliasOutput { alias: Some(shown) })
}

/// DescribeAlias.
pub(crate) fn describe(
    world: &World,
    input: api::DescribeAliasInput,
) -> Result<api::DescribeAliasOutput, Fault> {
    let alias = find(world, &input.alias_id)?;
    Ok(api::DescribeAliasOutput {
        alias: Some(shown(world, alias)),
    })
}

/// ListAliases, in the order of their creation.
pub(crate) fn list(
    world: &World,
    input: api::ListAliasesInput,
) -> Result<api::ListAliasesOutput, Fault> {
    let wanted = |alias: &&Alias| {
        let kind = input
            .routing_strategy_type
            .is_none_or(|kind| kind == alias.target.kind());
        let name = input.name.as_ref().is_none_or(|name| *name == alias.name);
        kind && name
    };
    let mut found: Vec<_> = world.aliases.table.iter().filter(wanted).collect();
    found.sort_by(|a, b| (a.created, &a.id).cmp(&(b.created, &b.id)));
    let query = Query {
        operation: "ListAliases",
        filter: &format!("{:?} {:?}", input.routing_strategy_type, input.name),
        limit: input.limit,
        limit_default: 100,
        limit_max: 100,
        token: input.next_token.as_deref(),
    };
    let rows = found.into_iter();
    let page = query.page(rows.map(|row| (oldest_first(row.created, row.id.as_str()), row)))?;
    let aliases = page
        .items
        .into_iter()
        .map(|alias| shown(world, alias))
        .collect();
    Ok(api::ListAliasesOutput {
        aliases: Some(aliases),
        next_token: page.next_token,
    })
}

/// ResolveAlias.
pub(crate) fn resolve(
    world: &World,
    input: api::ResolveAliasInput,
) -> Result<api::ResolveAliasOutput, Fault> {
    let fleet = fleet_behind(world, &input.alias_id)?;
    let fleet_arn = world.settings.origin().fleet(&fleet);
    Ok(api::ResolveAliasOutput {
        fleet_id: Some(fleet.to_string()),
        fleet_arn: Some(fleet_arn),
    })
}

/// UpdateAlias. What is not given stays.
pub(crate) fn update(
    world: &mut World,
    turn: &Turn<'_>,
    input: api::UpdateAliasInput,
) -> Result<api::UpdateAliasOutput, Fault> {
    let mut alias = find(world, &input.alias_id)?.clone();
    if let Some(strategy) = input.routing_strategy {
        alias.target = target(world, strategy)?;
    }
    alias.name = input.name.unwrap_or(alias.name);
    alias.description = input.description.or(alias.description);
    alias.updated = turn.now;
    let shown = shown(world, &alias);
    world.aliases.table.insert(alias);
    Ok(api::UpdateAliasOutput { alias: Some(shown) })
}

/// DeleteAlias.
pub(crate) fn delete(
    world: &mut World,
    _: &mut Turn<'_>,
    input: api::DeleteAliasInput,
) -> Result<api::DeleteAliasOutput, Fault> {
    let id = find(world, &input.alias_id)?.id.clone();
    world.aliases.table.remove(id.as_str());
    tags::forget(world, &world.settings.origin().alias(&id));
    Ok(api::DeleteAliasOutput::default())
}

fn find<'a>(world: &'a World, text: &str) -> Result<&'a Alias, Fault> {
    let id = world.settings.origin().alias_in(text);
    id.and_then(|id| world.aliases.get(id.as_str()))
        .ok_or_else(|| not_found(format!("Alias {text} was not found")))
}

fn target(world: &World, strategy: RoutingStrategy) -> Result<Target, Fault> {
    match strategy.r#type {
        Some(RoutingStrategyType::Simple) => {
            if strategy.message.is_some_and(|message| !message.is_empty()) {
                return Err(invalid(
                    "A SIMPLE routing strategy takes a FleetId and no Message",
                ));
            }
            let Some(text) = strategy.fleet_id else {
                return Err(invalid("A SIMPLE routing strategy needs a FleetId"));
            };
            fleet_of(world, Some(&text), None).map(Target::Simple)
        }
        // A fleet that comes with it is dropped, as AWS does it.
        Some(RoutingStrategyType::Terminal) => match strategy.message {
            Some(message) if !message.is_empty() => Ok(Target::Terminal(message)),
            _ => Err(invalid("A TERMINAL routing strategy needs a Message")),
        },
        None => Err(invalid(
            "A routing strategy needs a Type: SIMPLE or TERMINAL",
        )),
    }
}

impl Target {
    fn kind(&self) -> RoutingStrategyType {
        match self {
            Self::Simple(_) => RoutingStrategyType::Simple,
            Self::Terminal(_) => RoutingStrategyType::Terminal,
        }
    }
}

fn shown(world: &World, alias: &Alias) -> api::Alias {
    let (fleet_id, message) = match &alias.target {
        Target::Simple(fleet) => (Some(fleet.to_string()), None),
        Target::Terminal(message) => (None, Some(message.clone())),
    };
    let r#type = Some(alias.target.kind());
    api::Alias {
        alias_id: Some(alias.id.to_string()),
        name: Some(alias.name.clone()),
        alias_arn: Some(world.settings.origin().alias(&alias.id)),
        description: alias.description.clone(),
        routing_strategy: Some(RoutingStrategy {
            r#type,
            fleet_id,
            message,
        }),
        creation_time: Some(timestamp(alias.created)),
        last_updated_time: Some(timestamp(alias.updated)),
    }
}
