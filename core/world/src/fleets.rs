//! Fleets: what the developer wants of one. Where it is and how far are `fleet_locations`; its instances are `instances`.

use api::{
    ComputeType, DeleteFleetInput, DeleteFleetOutput, DescribeFleetAttributesInput,
    DescribeFleetAttributesOutput, Fault, FaultCode, FleetAction, FleetAttributes, FleetStatus,
    ListFleetsInput, ListFleetsOutput,
};
use ids::{BuildId, FleetId, Location, ScriptId, Time};
use serde::{Deserialize, Serialize};

use crate::World;
use crate::api_time::{time, timestamp};
use crate::fault::{fault, invalid, not_found};
use crate::paging::{Query, oldest_first};
use crate::scripts::StoredContent;
use crate::table::{Row, Table};
use crate::timers::Timer;
use crate::turn::Turn;
use crate::{builds, computes, fleet_events, fleet_locations, instances, scripts, tags};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Fleet {
    pub(crate) id: FleetId,
    /// As the API shows it; `status` and `stopped_actions` are those of the home location.
    pub(crate) attributes: FleetAttributes,
    /// The region of managed fleets, the first location of others.
    pub(crate) home: Location,
    pub(crate) permissions: Vec<api::IpPermission>,
    pub(crate) runtime: Option<api::RuntimeConfiguration>,
    /// Grows whenever its computes are to become something else.
    pub(crate) generation: u64,
}

impl Row for Fleet {
    const TABLE: &'static str = "fleets";
    type Key = FleetId;
    fn key(&self) -> FleetId {
        self.id.clone()
    }
}

impl Fleet {
    pub(crate) fn id(&self) -> FleetId {
        self.id.clone()
    }

    pub(crate) fn status(&self) -> FleetStatus {
        self.attributes.status.unwrap_or(FleetStatus::New)
    }

    pub(crate) fn is_managed(&self) -> bool {
        self.attributes.compute_type != Some(ComputeType::Anywhere)
    }

    pub(crate) fn created(&self) -> Time {
        self.attributes.creation_time.map_or(Time::ZERO, time)
    }

    pub(crate) fn script(&self) -> Option<ScriptId> {
        self.attributes.script_id.as_deref().map(ScriptId::from)
    }

    pub(crate) fn build(&self) -> Option<BuildId> {
        self.attributes.build_id.as_deref().map(BuildId::from)
    }

    /// Deleted, or about to be.
    pub(crate) fn is_going(&self) -> bool {
        matches!(
            self.status(),
            FleetStatus::Deleting | FleetStatus::Terminated
        )
    }
}

#[derive(Default)]
pub(crate) struct Fleets {
    table: Table<Fleet>,
}

impl Fleets {
    pub(crate) fn table(&mut self) -> &mut Table<Fleet> {
        &mut self.table
    }

    pub(crate) fn get(&self, id: &FleetId) -> Option<&Fleet> {
        self.table.get(id.as_str())
    }

    pub(crate) fn edit(&mut self, id: &FleetId) -> Option<&mut Fleet> {
        self.table.edit(id.as_str())
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Fleet> {
        self.table.iter()
    }

    pub(crate) fn insert(&mut self, row: Fleet) {
        self.table.insert(row);
    }

    pub(crate) fn len(&self) -> usize {
        self.table.len()
    }
}

/// The fleet of that id or ARN; a terminated one is not known any more.
pub(crate) fn known<'a>(world: &'a World, id_or_arn: &str) -> Result<&'a Fleet, Fault> {
    let row = find(world, id_or_arn).filter(|row| row.status() != FleetStatus::Terminated);
    row.ok_or_else(|| not_found(format!("Fleet {id_or_arn} not found.")))
}

/// The fleet of that id or ARN, also when it is terminated.
fn find<'a>(world: &'a World, id_or_arn: &str) -> Option<&'a Fleet> {
    world
        .fleets
        .get(&world.settings.origin().fleet_in(id_or_arn)?)
}

/// The managed fleet of that id or ARN.
pub(crate) fn managed<'a>(world: &'a World, id_or_arn: &str) -> Result<&'a Fleet, Fault> {
    let row = known(world, id_or_arn)?;
    if row.is_managed() {
        return Ok(row);
    }
    Err(invalid(format!(
        "Operation is not supported for fleet {} of compute type ANYWHERE.",
        row.id
    )))
}

/// The fleet of that id or ARN, which must be ACTIVE.
pub(crate) fn active<'a>(world: &'a World, id_or_arn: &str) -> Result<&'a Fleet, Fault> {
    let row = known(world, id_or_arn)?;
    if row.status() == FleetStatus::Active {
        return Ok(row);
    }
    Err(wrong_status(row))
}

pub(crate) fn wrong_status(row: &Fleet) -> Fault {
    let message = format!(
        "Fleet {} is in status {}, not ACTIVE.",
        row.id,
        row.status()
    );
    fault(FaultCode::InvalidFleetStatus, message)
}

/// What the computes of a fleet run now; none when it is gone (or when the programs are there already).
pub(crate) fn content<'a>(world: &'a World, fleet: &Fleet) -> Option<&'a StoredContent> {
    if let Some(script) = fleet.script() {
        return world.scripts.get(&script).map(|row| &row.content);
    }
    world.builds.get(&fleet.build()?)?.content.as_ref()
}

/// Whether the fleet may start game sessions as far as its content goes: not when its script was deleted.
pub(crate) fn has_script_if_any(world: &World, fleet: &Fleet) -> bool {
    fleet
        .script()
        .is_none_or(|script| world.scripts.get(&script).is_some())
}

pub(crate) fn view(world: &World, row: &Fleet) -> FleetAttributes {
    let mut attributes = row.attributes.clone();
    if world
        .fleet_locations
        .get(&row.id, &row.home)
        .is_some_and(|location| location.stopped)
    {
        attributes.stopped_actions = Some(vec![FleetAction::AutoScaling]);
    }
    attributes
}

pub(crate) fn describe(
    world: &World,
    input: &DescribeFleetAttributesInput,
) -> Result<DescribeFleetAttributesOutput, Fault> {
    let page = select(
        world,
        "DescribeFleetAttributes",
        input.fleet_ids.as_deref(),
        (input.limit, input.next_token.as_deref()),
    )?;
    let attributes = page.0.into_iter().map(|row| view(world, row)).collect();
    Ok(DescribeFleetAttributesOutput {
        fleet_attributes: Some(attributes),
        next_token: page.1,
    })
}

/// Fleets by id or ARN (unknown ones are left out), or a page of all of them.
pub(crate) fn select<'a>(
    world: &'a World,
    operation: &str,
    ids: Option<&[String]>,
    (limit, token): (Option<i32>, Option<&str>),
) -> Result<(Vec<&'a Fleet>, Option<String>), Fault> {
    if let Some(ids) = ids {
        let rows = ids.iter().filter_map(|id| find(world, id));
        return Ok((rows.collect(), None));
    }
    let query = Query {
        operation,
        filter: "",
        limit,
        limit_default: 100,
        limit_max: 100,
        token,
    };
    let mut rows: Vec<_> = world
        .fleets
        .table
        .iter()
        .map(|row| (oldest_first(row.created(), row.id.as_str()), row))
        .collect();
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    let page = query.page(rows)?;
    Ok((page.items, page.next_token))
}

pub(crate) fn list(world: &World, input: &ListFleetsInput) -> Result<ListFleetsOutput, Fault> {
    if input.build_id.is_some() && input.script_id.is_some() {
        return Err(invalid("Only one of BuildId and ScriptId can be given."));
    }
    let script = match &input.script_id {
        Some(script) => Some(scripts::known(world, script)?.id.as_str()),
        None => None,
    };
    let build = match &input.build_id {
        Some(build) => Some(builds::known(world, build)?.id.as_str()),
        None => None,
    };
    let filter = format!("{script:?}{build:?}");
    let query = Query {
        operation: "ListFleets",
        filter: &filter,
        limit: input.limit,
        limit_default: 16,
        limit_max: 100,
        token: input.next_token.as_deref(),
    };
    let mut rows: Vec<_> = world
        .fleets
        .table
        .iter()
        .filter(|row| row.status() != FleetStatus::Terminated)
        .filter(|row| script.is_none() || row.attributes.script_id.as_deref() == script)
        .filter(|row| build.is_none() || row.attributes.build_id.as_deref() == build)
        .map(|row| {
            (
                oldest_first(row.created(), row.id.as_str()),
                row.id.to_string(),
            )
        })
        .collect();
    rows.sort();
    let page = query.page(rows)?;
    Ok(ListFleetsOutput {
        fleet_ids: Some(page.items),
        next_token: page.next_token,
    })
}

pub(crate) fn delete(
    world: &mut World,
    turn: &mut Turn<'_>,
    input: &DeleteFleetInput,
) -> Result<DeleteFleetOutput, Fault> {
    let row = known(world, &input.fleet_id)?;
    let deletable = match row.status() {
        FleetStatus::Active | FleetStatus::Error => true,
        FleetStatus::New => !row.is_managed(),
        FleetStatus::Downloading
        | FleetStatus::Validating
        | FleetStatus::Building
        | FleetStatus::Activating
        | FleetStatus::Deleting
        | FleetStatus::Terminated
        | FleetStatus::NotFound
        | FleetStatus::Expired => false,
    };
    if !deletable {
        let (id, status) = (&row.id, row.status());
        return Err(invalid(format!(
            "Cannot delete fleet {id} that is in status of {status}"
        )));
    }
    let (id, managed) = (row.id(), row.is_managed());
    fleet_events::record(
        world,
        turn,
        &id,
        "FLEET_DELETED",
        &format!("Fleet {id} is being deleted"),
    );
    set_status(world, &id, FleetStatus::Deleting);
    let arn = world.settings.fleet_arn(&id);
    tags::forget(world, &arn);
    if !managed {
        computes::forget_all(world, turn, &id);
    }
    fleet_locations::delete_all(world, turn, &id);
    Ok(DeleteFleetOutput {})
}

pub(crate) fn set_status(world: &mut World, fleet: &FleetId, status: FleetStatus) {
    if let Some(row) = world.fleets.edit(fleet) {
        row.attributes.status = Some(status);
    }
}

/// Its last location is gone: the fleet can be read for a little while, then it is forgotten.
pub(crate) fn terminated(world: &mut World, turn: &mut Turn<'_>, fleet: &FleetId) {
    let Some(row) = world.fleets.edit(fleet) else {
        return;
    };
    row.attributes.status = Some(FleetStatus::Terminated);
    row.attributes.termination_time = Some(timestamp(turn.now));
    fleet_events::record(
        world,
        turn,
        fleet,
        "FLEET_DELETED",
        &format!("Fleet {fleet} was deleted"),
    );
    let until = turn.now + world.settings.times.terminated_fleet;
    world.timers.set(Timer::Fleet(fleet.clone()), until);
}

/// A terminated fleet has been shown long enough.
pub(crate) fn on_timer(world: &mut World, turn: &Turn<'_>, fleet: &FleetId) {
    let Some(row) = world.fleets.get(fleet) else {
        return;
    };
    if row.status() != FleetStatus::Terminated {
        return;
    }
    let until = row.attributes.termination_time.map_or(Time::ZERO, time)
        + world.settings.times.terminated_fleet;
    if until > turn.now {
        world.timers.set(Timer::Fleet(fleet.clone()), until);
        return;
    }
    world.fleets.table.remove(fleet.as_str());
    world.fleet_events.forget(fleet);
}

/// The content of a script is another one: its fleets deploy it.
pub(crate) fn content_changed(world: &mut World, turn: &mut Turn<'_>, script: &ScriptId) {
    let fleets: Vec<_> = of_script(world, script);
    for fleet in fleets {
        reconfigure(world, turn, &fleet);
    }
}

/// The script is gone: running sessions go on, nothing new starts, and a fleet in creation fails.
pub(crate) fn content_gone(world: &mut World, turn: &mut Turn<'_>, script: &ScriptId) {
    for fleet in of_script(world, script) {
        let message =
            format!("Script {script} was deleted; no new game sessions start on this fleet");
        fleet_events::record(world, turn, &fleet, "GENERIC_EVENT", &message);
        fleet_locations::fail_creation(
            world,
            turn,
            &fleet,
            (
                "FLEET_BINARY_DOWNLOAD_FAILED",
                &format!("Script {script} was deleted"),
            ),
        );
    }
}

fn of_script(world: &World, script: &ScriptId) -> Vec<FleetId> {
    let rows = world.fleets.table.iter().filter(|row| !row.is_going());
    rows.filter(|row| row.script().as_ref() == Some(script))
        .map(Fleet::id)
        .collect()
}

/// The computes of the fleet are told what they are to be now.
pub(crate) fn reconfigure(world: &mut World, _turn: &mut Turn<'_>, fleet: &FleetId) {
    if let Some(row) = world.fleets.edit(fleet) {
        row.generation += 1;
    }
    instances::configure_all(world, fleet);
}

/// Sets the timers of all fleets after a load.
pub(crate) fn rebuild(world: &mut World, now: Time) {
    let fleets: Vec<_> = world
        .fleets
        .table
        .iter()
        .map(|row| (row.id(), row.status()))
        .collect();
    for (fleet, status) in fleets {
        if status == FleetStatus::Terminated {
            world.timers.set(Timer::Fleet(fleet.clone()), now);
        }
        for location in world.fleet_locations.names(&fleet) {
            world
                .timers
                .set(Timer::Location(fleet.clone(), location), now);
        }
    }
}
