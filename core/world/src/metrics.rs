//! Numbers by the names of AWS (api.md 9). Counters live in memory and start at zero with the process, as Prometheus expects.

use ids::{FleetId, Location};
use std::collections::BTreeMap;

use crate::World;
use crate::capacity;
use crate::fleets::Fleet;
use crate::processes::State;
use crate::session_counts;
use crate::table::Row;

/// Whether a number goes up and down or only up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A level.
    Gauge,
    /// A sum since the start.
    Counter,
}

/// One number.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// The name that AWS has for it.
    pub name: &'static str,
    /// Whether it is a level or a sum.
    pub kind: Kind,
    /// What it is about: `fleet_id`, `location`, `metric_group` and the like.
    pub labels: Vec<(&'static str, String)>,
    /// The number.
    pub value: f64,
}

/// What is counted of each fleet location.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Counter {
    GameSessionInterruptions,
    PlayerSessionActivations,
    RecycledInstances,
    ServerProcessAbnormalTerminations,
    ServerProcessActivations,
    ServerProcessTerminations,
}

impl Counter {
    const ALL: [Self; 6] = [
        Self::GameSessionInterruptions,
        Self::PlayerSessionActivations,
        Self::RecycledInstances,
        Self::ServerProcessAbnormalTerminations,
        Self::ServerProcessActivations,
        Self::ServerProcessTerminations,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::GameSessionInterruptions => "GameSessionInterruptions",
            Self::PlayerSessionActivations => "PlayerSessionActivations",
            Self::RecycledInstances => "RecycledInstances",
            Self::ServerProcessAbnormalTerminations => "ServerProcessAbnormalTerminations",
            Self::ServerProcessActivations => "ServerProcessActivations",
            Self::ServerProcessTerminations => "ServerProcessTerminations",
        }
    }
}

/// All counters.
#[derive(Default)]
pub(crate) struct Counters {
    counts: BTreeMap<(Counter, FleetId, Location), u64>,
}

/// Counts one.
pub(crate) fn count(world: &mut World, counter: Counter, fleet: &FleetId, location: &Location) {
    *world
        .counters
        .counts
        .entry((counter, fleet.clone(), location.clone()))
        .or_default() += 1;
}

/// All numbers of all fleets that are not gone.
pub(crate) fn samples(world: &World) -> Vec<Sample> {
    let mut samples = Vec::new();
    for fleet in world.fleets.iter().filter(|fleet| !fleet.is_going()) {
        for location in world.fleet_locations.names(&fleet.id) {
            of_location(world, fleet, &location, &mut samples);
        }
    }
    samples
}

fn of_location(world: &World, fleet: &Fleet, location: &Location, samples: &mut Vec<Sample>) {
    let group = fleet
        .attributes
        .metric_groups
        .as_ref()
        .and_then(|groups| groups.first());
    let labels = vec![
        ("fleet_id", fleet.id.to_string()),
        ("location", location.to_string()),
        ("metric_group", group.cloned().unwrap_or_default()),
    ];
    let mut gauges = Vec::new();
    instances(world, fleet, location, &mut gauges);
    processes_and_sessions(world, fleet, location, &mut gauges);
    let gauges = gauges
        .into_iter()
        .map(|(name, value)| (name, Kind::Gauge, value));
    let counters = Counter::ALL.into_iter().map(|counter| {
        let key = (counter, fleet.id.clone(), location.clone());
        let value = world.counters.counts.get(&key).copied().unwrap_or(0);
        (counter.name(), Kind::Counter, value as f64)
    });
    samples.extend(gauges.chain(counters).map(|(name, kind, value)| Sample {
        name,
        kind,
        labels: labels.clone(),
        value,
    }));
}

type Gauges = Vec<(&'static str, f64)>;

fn instances(world: &World, fleet: &Fleet, location: &Location, gauges: &mut Gauges) {
    let Some(row) = world.fleet_locations.get(&fleet.id, location) else {
        return;
    };
    if !fleet.is_managed() {
        return;
    }
    let counts = capacity::counts(world, &fleet.id, location);
    let (active, idle) = (f64::from(counts.active), f64::from(counts.idle));
    gauges.extend([
        ("ActiveInstances", active),
        ("IdleInstances", idle),
        ("PercentIdleInstances", percent(idle, active)),
        ("DesiredInstances", f64::from(row.desired)),
        ("MaxInstances", f64::from(row.maximum)),
        ("MinInstances", f64::from(row.minimum)),
    ]);
}

fn processes_and_sessions(world: &World, fleet: &Fleet, location: &Location, gauges: &mut Gauges) {
    let processes = world.processes.of_fleet(&fleet.id);
    let active: Vec<_> = processes
        .filter(|row| row.state == State::Active && row.location == *location)
        .map(|row| world.processes.pulse(&Row::key(row)).misses == 0)
        .collect();
    let healthy = number(active.iter().filter(|healthy| **healthy).count());
    let all = number(active.len());
    let sessions = session_counts::counts(world, &fleet.id, location);
    let idle: usize = world
        .processes
        .available(&fleet.id, location)
        .values()
        .sum();
    let (running, free) = (number(sessions.active), number(idle));
    let activatable = number(session_counts::activatable(world, fleet, location));
    let possible = running + free + (all - healthy);
    gauges.extend([
        ("ActiveServerProcesses", all),
        ("HealthyServerProcesses", healthy),
        ("PercentHealthyServerProcesses", percent(healthy, all)),
        ("ActivatingGameSessions", number(sessions.activating)),
        ("ActiveGameSessions", running),
        ("AvailableGameSessions", free),
        ("ConcurrentActivatableGameSessions", activatable),
        ("PercentAvailableGameSessions", percent(free, possible)),
        ("CurrentPlayerSessions", number(sessions.current_players)),
        (
            "AvailablePlayerSessions",
            number(sessions.available_players),
        ),
    ]);
}

fn percent(part: f64, whole: f64) -> f64 {
    if whole > 0.0 {
        part / whole * 100.0
    } else {
        0.0
    }
}

fn number(count: usize) -> f64 {
    count as f64
}
