//! Where a fleet is, and the walk of each place from NEW to ACTIVE and from DELETING to nothing (api.md 4.1). The fleet's
//! status is that of its home location.

use api::{FleetStatus, LocationState};
use ids::{FleetId, Location, Time};
use serde::{Deserialize, Serialize};
use serversdk::agent::DeployStep;

use crate::World;
use crate::table::{Row, Table};
use crate::timers::Timer;
use crate::turn::Turn;
use crate::{capacity, fleet_events, fleets, instances};

/// So many processes may fail to start before a location in creation is given up: one may be bad luck, two are the script.
const FAILED_STARTS: u32 = 2;

/// The way of creation; every step is said, also when a later one is reported first.
const WALK: [FleetStatus; 6] = [
    FleetStatus::New,
    FleetStatus::Downloading,
    FleetStatus::Validating,
    FleetStatus::Building,
    FleetStatus::Activating,
    FleetStatus::Active,
];

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct FleetLocation {
    pub(crate) fleet: FleetId,
    pub(crate) location: Location,
    /// Its place in the list; the home location is first.
    pub(crate) order: u32,
    pub(crate) status: FleetStatus,
    pub(crate) created: Time,
    pub(crate) desired: u32,
    pub(crate) minimum: u32,
    pub(crate) maximum: u32,
    /// AUTO_SCALING is stopped.
    pub(crate) stopped: bool,
    pub(crate) failed_starts: u32,
}

impl Row for FleetLocation {
    const TABLE: &'static str = "fleet_locations";
    type Key = String;
    fn key(&self) -> String {
        key(&self.fleet, self.location.as_str())
    }
}

impl FleetLocation {
    /// Between NEW and ACTIVE.
    pub(crate) fn is_in_creation(&self) -> bool {
        position(self.status).is_some_and(|at| at + 1 < WALK.len())
    }
}

fn position(status: FleetStatus) -> Option<usize> {
    WALK.iter().position(|step| *step == status)
}

fn key(fleet: &FleetId, location: &str) -> String {
    format!("{fleet}|{location}")
}

#[derive(Default)]
pub(crate) struct FleetLocations {
    table: Table<FleetLocation>,
}

impl FleetLocations {
    pub(crate) fn table(&mut self) -> &mut Table<FleetLocation> {
        &mut self.table
    }

    pub(crate) fn get(&self, fleet: &FleetId, location: &Location) -> Option<&FleetLocation> {
        self.table.get(&key(fleet, location.as_str()))
    }

    pub(crate) fn edit(
        &mut self,
        fleet: &FleetId,
        location: &Location,
    ) -> Option<&mut FleetLocation> {
        self.table.edit(&key(fleet, location.as_str()))
    }

    pub(crate) fn has(&self, fleet: &FleetId, location: &str) -> bool {
        self.table.contains(&key(fleet, location))
    }

    /// Whether any fleet is there.
    pub(crate) fn is_used(&self, location: &Location) -> bool {
        self.table.iter().any(|row| row.location == *location)
    }

    /// The locations of a fleet, home first.
    pub(crate) fn of(&self, fleet: &FleetId) -> Vec<&FleetLocation> {
        let mut rows: Vec<_> = self
            .table
            .between(&format!("{fleet}|"), &format!("{fleet}}}"))
            .collect();
        rows.sort_by_key(|row| row.order);
        rows
    }

    pub(crate) fn names(&self, fleet: &FleetId) -> Vec<Location> {
        self.of(fleet)
            .into_iter()
            .map(|row| row.location.clone())
            .collect()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &FleetLocation> {
        self.table.iter()
    }
}

/// Adds places to a fleet. Their states are NEW in the answer; those of Anywhere fleets are ACTIVE right after.
pub(crate) fn add(
    world: &mut World,
    turn: &mut Turn<'_>,
    fleet: &FleetId,
    places: &[Location],
) -> Vec<LocationState> {
    let last = world
        .fleet_locations
        .of(fleet)
        .last()
        .map_or(0, |row| row.order + 1);
    let managed = world
        .fleets
        .get(fleet)
        .is_some_and(fleets::Fleet::is_managed);
    let mut states = Vec::new();
    for (order, location) in (last..).zip(places) {
        let row = FleetLocation {
            fleet: fleet.clone(),
            location: location.clone(),
            order,
            status: FleetStatus::New,
            created: turn.now,
            desired: u32::from(managed),
            minimum: 0,
            maximum: u32::from(managed),
            stopped: false,
            failed_starts: 0,
        };
        states.push(state(&row));
        world.fleet_locations.table.insert(row);
        if managed {
            if !is_home(world, fleet, location) {
                say_location(world, turn, fleet, location, "LOCATION_STATE_CREATING");
            }
            world
                .timers
                .set(Timer::Location(fleet.clone(), location.clone()), turn.now);
        } else {
            set_status(world, turn, fleet, location, FleetStatus::Active);
        }
    }
    states
}

pub(crate) fn state(row: &FleetLocation) -> LocationState {
    LocationState {
        location: Some(row.location.to_string()),
        status: Some(row.status),
        player_gateway_status: None,
    }
}

fn is_home(world: &World, fleet: &FleetId, location: &Location) -> bool {
    world
        .fleets
        .get(fleet)
        .is_some_and(|row| row.home == *location)
}

fn set_status(
    world: &mut World,
    turn: &mut Turn<'_>,
    fleet: &FleetId,
    location: &Location,
    status: FleetStatus,
) {
    let Some(row) = world.fleet_locations.edit(fleet, location) else {
        return;
    };
    if row.status == status {
        return;
    }
    row.status = status;
    if is_home(world, fleet, location) {
        let code = format!("FLEET_STATE_{status}");
        let message = format!("Fleet {fleet} changed state to {status}");
        fleets::set_status(world, fleet, status);
        if status != FleetStatus::Deleting {
            fleet_events::record(world, turn, fleet, &code, &message);
        }
        return;
    }
    let code = match status {
        FleetStatus::Building => "LOCATION_STATE_CREATED",
        FleetStatus::Activating => "LOCATION_STATE_ACTIVATING",
        FleetStatus::Active => "LOCATION_STATE_ACTIVE",
        FleetStatus::Error => "LOCATION_STATE_ERROR",
        FleetStatus::Deleting => "LOCATION_STATE_DELETING",
        FleetStatus::New
        | FleetStatus::Downloading
        | FleetStatus::Validating
        | FleetStatus::Terminated
        | FleetStatus::NotFound
        | FleetStatus::Expired => return,
    };
    say_location(world, turn, fleet, location, code);
}

fn say_location(
    world: &mut World,
    turn: &mut Turn<'_>,
    fleet: &FleetId,
    location: &Location,
    code: &str,
) {
    let state = code.trim_start_matches("LOCATION_STATE_");
    let message = format!("Location {location} of fleet {fleet} changed state to {state}");
    fleet_events::record(world, turn, fleet, code, &message);
}

/// Walks on to a status, saying every step in between; never back.
fn advance_to(
    world: &mut World,
    turn: &mut Turn<'_>,
    fleet: &FleetId,
    location: &Location,
    target: FleetStatus,
) {
    let Some(row) = world.fleet_locations.get(fleet, location) else {
        return;
    };
    let (Some(at), Some(to)) = (position(row.status), position(target)) else {
        return;
    };
    for step in WALK.iter().take(to + 1).skip(at + 1) {
        set_status(world, turn, fleet, location, *step);
        if *step == FleetStatus::Validating && is_home(world, fleet, location) {
            let code = "FLEET_CREATION_VALIDATING_RUNTIME_CONFIG";
            fleet_events::record(
                world,
                turn,
                fleet,
                code,
                "Validating the runtime configuration",
            );
        }
    }
}

/// An instance tells how far it is with the content of its fleet.
pub(crate) fn report(
    world: &mut World,
    turn: &mut Turn<'_>,
    (fleet, location): (&FleetId, &Location),
    step: DeployStep,
    message: &str,
) {
    let Some(row) = world.fleet_locations.get(fleet, location) else {
        return;
    };
    let in_creation = row.is_in_creation();
    let said = match step {
        DeployStep::Extracting => ("FLEET_CREATION_EXTRACTING_BUILD", "Extracting the content"),
        DeployStep::RunningInstaller => (
            "FLEET_CREATION_RUNNING_INSTALLER",
            "Running the install script",
        ),
        DeployStep::CompletedInstaller => (
            "FLEET_CREATION_COMPLETED_INSTALLER",
            "The install script has completed",
        ),
        DeployStep::Validating => {
            return advance_to(world, turn, fleet, location, FleetStatus::Validating);
        }
        DeployStep::Launching => {
            return advance_to(world, turn, fleet, location, FleetStatus::Activating);
        }
        DeployStep::DownloadFailed => {
            return failed(
                world,
                turn,
                (fleet, location),
                "FLEET_BINARY_DOWNLOAD_FAILED",
                message,
            );
        }
        DeployStep::InstallerFailed => {
            return failed(
                world,
                turn,
                (fleet, location),
                "FLEET_CREATION_FAILED_INSTALLER",
                message,
            );
        }
        DeployStep::LaunchPathNotFound => {
            let code = "FLEET_VALIDATION_LAUNCH_PATH_NOT_FOUND";
            return failed(world, turn, (fleet, location), code, message);
        }
    };
    if in_creation {
        advance_to(world, turn, fleet, location, FleetStatus::Downloading);
        if is_home(world, fleet, location) {
            fleet_events::record(world, turn, fleet, said.0, said.1);
        }
    }
}

/// A step of creation has failed. On an active location (an update that does not work) it is only an event.
fn failed(
    world: &mut World,
    turn: &mut Turn<'_>,
    (fleet, location): (&FleetId, &Location),
    code: &str,
    message: &str,
) {
    let Some(row) = world.fleet_locations.get(fleet, location) else {
        return;
    };
    let in_creation = row.is_in_creation();
    fleet_events::record(world, turn, fleet, code, message);
    if in_creation {
        set_status(world, turn, fleet, location, FleetStatus::Error);
        world
            .timers
            .set(Timer::Location(fleet.clone(), location.clone()), turn.now);
    }
}

/// A process is ready for game sessions: the location is active.
pub(crate) fn process_ready(
    world: &mut World,
    turn: &mut Turn<'_>,
    fleet: &FleetId,
    location: &Location,
) {
    let Some(row) = world.fleet_locations.get(fleet, location) else {
        return;
    };
    if row.is_in_creation() {
        advance_to(world, turn, fleet, location, FleetStatus::Active);
        world
            .timers
            .set(Timer::Location(fleet.clone(), location.clone()), turn.now);
    }
}

/// A process ended without ever being ready: the second time, a location in creation is given up.
pub(crate) fn process_failed(
    world: &mut World,
    turn: &mut Turn<'_>,
    fleet: &FleetId,
    location: &Location,
    why: &str,
) {
    let Some(row) = world.fleet_locations.edit(fleet, location) else {
        return;
    };
    if !row.is_in_creation() {
        return;
    }
    row.failed_starts += 1;
    if row.failed_starts >= FAILED_STARTS {
        let code = "FLEET_VALIDATION_EXECUTABLE_RUNTIME_FAILURE";
        let message = format!("Server processes end before they are ready. {why}");
        failed(world, turn, (fleet, location), code, message.trim_end());
    }
}

/// Gives up every location of a fleet that is still in creation.
pub(crate) fn fail_creation(
    world: &mut World,
    turn: &mut Turn<'_>,
    fleet: &FleetId,
    (code, message): (&str, &str),
) {
    for location in world.fleet_locations.names(fleet) {
        if world
            .fleet_locations
            .get(fleet, &location)
            .is_some_and(FleetLocation::is_in_creation)
        {
            failed(world, turn, (fleet, &location), code, message);
        }
    }
}

/// Does what is due for one place.
pub(crate) fn on_timer(
    world: &mut World,
    turn: &mut Turn<'_>,
    fleet: &FleetId,
    location: &Location,
) {
    let Some(row) = world.fleet_locations.get(fleet, location).cloned() else {
        return;
    };
    if row.status == FleetStatus::Deleting {
        return gone_if_empty(world, turn, fleet, location);
    }
    if !world
        .fleets
        .get(fleet)
        .is_some_and(fleets::Fleet::is_managed)
    {
        return;
    }
    capacity::reconcile(world, turn, &row);
    if !row.is_in_creation() {
        return;
    }
    let placed = world.instances.of(fleet, Some(location)).next().is_some();
    if placed {
        advance_to(world, turn, fleet, location, FleetStatus::Downloading);
    }
    let deadline = row.created.max(world.loaded) + world.settings.times.activation;
    if deadline > turn.now {
        world
            .timers
            .at_most(Timer::Location(fleet.clone(), location.clone()), deadline);
        return;
    }
    let (code, message) = if placed {
        (
            "FLEET_ACTIVATION_FAILED",
            "No server process was ready in time",
        )
    } else {
        (
            "FLEET_ACTIVATION_FAILED_NO_INSTANCES",
            "No machine offered an instance of this type here in time",
        )
    };
    failed(world, turn, (fleet, location), code, message);
}

/// Deletes all places of a fleet; the fleet is gone with the last one.
pub(crate) fn delete_all(world: &mut World, turn: &mut Turn<'_>, fleet: &FleetId) {
    for location in world.fleet_locations.names(fleet) {
        delete(world, turn, fleet, &location);
    }
}

pub(crate) fn delete(world: &mut World, turn: &mut Turn<'_>, fleet: &FleetId, location: &Location) {
    set_status(world, turn, fleet, location, FleetStatus::Deleting);
    instances::drain_all(world, turn, fleet, location);
    world
        .timers
        .set(Timer::Location(fleet.clone(), location.clone()), turn.now);
}

fn gone_if_empty(world: &mut World, turn: &mut Turn<'_>, fleet: &FleetId, location: &Location) {
    if world.instances.of(fleet, Some(location)).next().is_some() {
        return; // the end of the last instance sets the timer again
    }
    if !is_home(world, fleet, location) {
        say_location(world, turn, fleet, location, "LOCATION_STATE_DELETED");
    }
    world
        .fleet_locations
        .table
        .remove(&key(fleet, location.as_str()));
    if world.fleet_locations.names(fleet).is_empty() {
        fleets::terminated(world, turn, fleet);
    }
}
