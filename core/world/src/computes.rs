//! Computes: those that developers register with Anywhere fleets, and instances of managed fleets seen the same way.

use api::{
    ComputeStatus, DeregisterComputeInput, DeregisterComputeOutput, DescribeComputeInput,
    DescribeComputeOutput, Fault, FaultCode, FleetStatus, GetComputeAuthTokenInput,
    GetComputeAuthTokenOutput, InstanceStatus, ListComputeInput, ListComputeOutput,
    RegisterComputeInput, RegisterComputeOutput,
};
use ids::{ComputeName, FleetId, Location, Time};
use serde::{Deserialize, Serialize};

use crate::World;
use crate::api_time::timestamp;
use crate::fault::{conflict, fault, invalid, limit_exceeded, not_found};
use crate::instances::Instance;
use crate::links::Host;
use crate::paging::{Query, oldest_first};
use crate::process_ends::{Cause, give_up};
use crate::table::{Row, Table};
use crate::turn::Turn;
use crate::{fleets, tokens};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Compute {
    pub(crate) fleet: FleetId,
    pub(crate) name: ComputeName,
    pub(crate) location: Location,
    pub(crate) ip_address: Option<String>,
    pub(crate) dns_name: Option<String>,
    pub(crate) certificate_path: Option<String>,
    pub(crate) created: Time,
}

impl Row for Compute {
    const TABLE: &'static str = "computes";
    type Key = String;
    fn key(&self) -> String {
        key(&self.fleet, &self.name)
    }
}

fn key(fleet: &FleetId, name: &ComputeName) -> String {
    format!("{fleet}|{name}")
}

#[derive(Default)]
pub(crate) struct Computes {
    table: Table<Compute>,
}

impl Computes {
    pub(crate) fn table(&mut self) -> &mut Table<Compute> {
        &mut self.table
    }

    fn of<'a>(&'a self, fleet: &FleetId) -> impl Iterator<Item = &'a Compute> + use<'a> {
        self.table
            .between(&format!("{fleet}|"), &format!("{fleet}}}"))
    }

    pub(crate) fn names(&self, fleet: &FleetId) -> Vec<ComputeName> {
        self.of(fleet).map(|row| row.name.clone()).collect()
    }

    pub(crate) fn host(&self, fleet: &FleetId, name: &ComputeName) -> Option<Host> {
        let row = self.table.get(&key(fleet, name))?;
        Some(Host {
            location: row.location.clone(),
            ip_address: row.ip_address.clone().unwrap_or_default(),
            dns_name: row.dns_name.clone().unwrap_or_default(),
            managed: false,
            certificate_path: row.certificate_path.clone().unwrap_or_default(),
        })
    }
}

pub(crate) fn register(
    world: &mut World,
    turn: &Turn<'_>,
    input: RegisterComputeInput,
) -> Result<RegisterComputeOutput, Fault> {
    let fleet = fleets::known(world, &input.fleet_id)?;
    let id = fleet.id();
    if fleet.is_managed() {
        return Err(invalid(format!(
            "Computes can be registered with ANYWHERE fleets only, not with {id}."
        )));
    }
    if fleet.status() != FleetStatus::Active {
        return Err(fault(
            FaultCode::NotReady,
            format!("Fleet {id} is in status {}.", fleet.status()),
        ));
    }
    let location = input
        .location
        .ok_or_else(|| invalid("Location is required."))?;
    if !world.fleet_locations.has(&id, &location) {
        return Err(invalid(format!("Fleet {id} has no location {location}.")));
    }
    if input.ip_address.is_none() && input.dns_name.is_none() {
        return Err(invalid("IpAddress (or DnsName) is required."));
    }
    let row = Compute {
        fleet: id.clone(),
        name: ComputeName::from(input.compute_name),
        location: Location::from(location),
        ip_address: input.ip_address,
        dns_name: input.dns_name,
        certificate_path: input.certificate_path,
        created: turn.now,
    };
    if let Some(known) = world.computes.table.get(&row.key()) {
        let same = Compute {
            created: known.created,
            ..row.clone()
        } == *known;
        if !same {
            return Err(conflict(format!(
                "Compute {} is already registered.",
                row.name
            )));
        }
        return Ok(RegisterComputeOutput {
            compute: Some(view(world, known)),
        });
    }
    if world.computes.of(&id).count() >= world.settings.limits.computes_per_fleet {
        return Err(limit_exceeded(
            "The limit of computes of this fleet is reached.",
        ));
    }
    let compute = view(world, &row);
    world.computes.table.insert(row);
    Ok(RegisterComputeOutput {
        compute: Some(compute),
    })
}

pub(crate) fn deregister(
    world: &mut World,
    turn: &mut Turn<'_>,
    input: &DeregisterComputeInput,
) -> Result<DeregisterComputeOutput, Fault> {
    let fleet = fleets::known(world, &input.fleet_id)?.id();
    let name = named(world, &input.compute_name);
    if !world.computes.table.contains(&key(&fleet, &name)) {
        return Err(unknown(&name));
    }
    forget(world, turn, &fleet, &name);
    Ok(DeregisterComputeOutput {})
}

fn arn(world: &World, name: &ComputeName) -> String {
    world
        .settings
        .origin()
        .arn(ids::Kind::Compute, name.as_str())
}

fn named(world: &World, name_or_arn: &str) -> ComputeName {
    let origin = world.settings.origin();
    ComputeName::from(
        origin
            .name_in(ids::Kind::Compute, name_or_arn)
            .unwrap_or_default(),
    )
}

fn unknown(name: &ComputeName) -> Fault {
    not_found(format!("Compute {name} not found."))
}

fn forget(world: &mut World, turn: &mut Turn<'_>, fleet: &FleetId, name: &ComputeName) {
    let live: Vec<_> = world
        .processes
        .of_compute(fleet, name)
        .filter(|row| row.is_live())
        .map(Row::key)
        .collect();
    for key in live {
        let reason = serversdk::TerminationReason::ComputeShuttingDown;
        give_up(world, turn, &key, &Cause::Ordered(reason));
    }
    world.tell_agent(fleet, name, serversdk::agent::Push::StartComputeTermination);
    world.computes.table.remove(&key(fleet, name));
    world.tokens.forget(fleet, name);
}

/// The fleet goes, and all its computes with it.
pub(crate) fn forget_all(world: &mut World, turn: &mut Turn<'_>, fleet: &FleetId) {
    for name in world.computes.names(fleet) {
        forget(world, turn, fleet, &name);
    }
}

/// A location of the fleet goes, and the computes there with it.
pub(crate) fn forget_in(
    world: &mut World,
    turn: &mut Turn<'_>,
    fleet: &FleetId,
    location: &Location,
) {
    let rows = world
        .computes
        .of(fleet)
        .filter(|row| row.location == *location);
    let names: Vec<_> = rows.map(|row| row.name.clone()).collect();
    for name in names {
        forget(world, turn, fleet, &name);
    }
}

pub(crate) fn describe(
    world: &World,
    input: &DescribeComputeInput,
) -> Result<DescribeComputeOutput, Fault> {
    let fleet = fleets::known(world, &input.fleet_id)?.id();
    let name = named(world, &input.compute_name);
    let instance = world
        .instances
        .get(name.as_str())
        .filter(|row| row.fleet == fleet);
    let compute = match (instance, world.computes.table.get(&key(&fleet, &name))) {
        (Some(row), _) => instance_view(world, row),
        (None, Some(row)) => view(world, row),
        (None, None) => return Err(unknown(&name)),
    };
    Ok(DescribeComputeOutput {
        compute: Some(compute),
    })
}

pub(crate) fn list(world: &World, input: &ListComputeInput) -> Result<ListComputeOutput, Fault> {
    let fleet = fleets::known(world, &input.fleet_id).map_err(|fault| invalid(fault.message))?;
    let location = input.location.as_deref();
    let here = |own: &Location| location.is_none_or(|location| own.as_str() == location);
    let filter = format!("{}|{location:?}", fleet.id);
    let query = Query {
        operation: "ListCompute",
        filter: &filter,
        limit: input.limit,
        limit_default: 100,
        limit_max: 100,
        token: input.next_token.as_deref(),
    };
    let registered = world
        .computes
        .of(&fleet.id)
        .filter(|row| here(&row.location))
        .map(|row| {
            (
                oldest_first(row.created, row.name.as_str()),
                view(world, row),
            )
        });
    let instances = world
        .instances
        .of(&fleet.id, None)
        .filter(|row| here(&row.location))
        .map(|row| {
            (
                oldest_first(row.created, row.id.as_str()),
                instance_view(world, row),
            )
        });
    let mut rows: Vec<_> = registered.chain(instances).collect();
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    let page = query.page(rows)?;
    Ok(ListComputeOutput {
        compute_list: Some(page.items),
        next_token: page.next_token,
    })
}

pub(crate) fn auth_token(
    world: &mut World,
    turn: &mut Turn<'_>,
    input: &GetComputeAuthTokenInput,
) -> Result<GetComputeAuthTokenOutput, Fault> {
    let fleet = fleets::known(world, &input.fleet_id)?;
    let (id, managed) = (fleet.id(), fleet.is_managed());
    let name = named(world, &input.compute_name);
    if world.host(&id, &name).is_none() {
        return Err(unknown(&name));
    }
    let token = tokens::issue(world, turn, &id, &name);
    Ok(GetComputeAuthTokenOutput {
        fleet_id: Some(id.to_string()),
        fleet_arn: Some(world.settings.fleet_arn(&id)),
        compute_name: Some(name.to_string()),
        compute_arn: (!managed).then(|| arn(world, &name)),
        auth_token: Some(token.token),
        expiration_timestamp: Some(timestamp(token.expires)),
    })
}

fn view(world: &World, row: &Compute) -> api::Compute {
    let with_agent = world
        .fleets
        .get(&row.fleet)
        .is_some_and(|fleet| fleet.runtime.is_some());
    api::Compute {
        fleet_id: Some(row.fleet.to_string()),
        fleet_arn: Some(world.settings.fleet_arn(&row.fleet)),
        compute_name: Some(row.name.to_string()),
        compute_arn: Some(arn(world, &row.name)),
        ip_address: row.ip_address.clone(),
        dns_name: row.dns_name.clone(),
        compute_status: Some(ComputeStatus::Active),
        location: Some(row.location.to_string()),
        creation_time: Some(timestamp(row.created)),
        game_lift_service_sdk_endpoint: Some(world.settings.service_sdk_endpoint.clone()),
        game_lift_agent_endpoint: with_agent.then(|| world.settings.agent_endpoint.clone()),
        ..api::Compute::default()
    }
}

fn instance_view(world: &World, row: &Instance) -> api::Compute {
    let fleet = world.fleets.get(&row.fleet);
    api::Compute {
        fleet_id: Some(row.fleet.to_string()),
        fleet_arn: Some(world.settings.fleet_arn(&row.fleet)),
        compute_name: Some(row.id.to_string()),
        ip_address: Some(row.ip_address.clone()),
        dns_name: Some(row.dns_name.clone()),
        compute_status: Some(match row.status {
            InstanceStatus::Pending => ComputeStatus::Pending,
            InstanceStatus::Active => ComputeStatus::Active,
            InstanceStatus::Terminating => ComputeStatus::Terminating,
        }),
        location: Some(row.location.to_string()),
        creation_time: Some(timestamp(row.created)),
        operating_system: fleet.and_then(|fleet| fleet.attributes.operating_system),
        r#type: Some(row.instance_type.clone()),
        game_lift_service_sdk_endpoint: Some(world.settings.service_sdk_endpoint.clone()),
        instance_id: Some(row.id.to_string()),
        ..api::Compute::default()
    }
}
