//! Numbers by the names of AWS (api.md 9). Counters live in memory and start at zero with the process, as Prometheus expects.

use ids::{FleetId, Location};
use std::collections::BTreeMap;

use crate::World;
use crate::capacity;
use crate::fleets::Fleet;
use crate::processes::State;
use crate::session_counts;

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
    let mut add = |name, kind, value| {
        samples.push(Sample {
            name,
            kind,
            labels: labels.clone(),
            value,
        });
    };
    if fleet.is_managed() {
        let counts = capacity::counts(world, &fleet.id, location);
        let (active, idle) = (f64::from(counts.active), f64::from(counts.idle));
        add("ActiveInstances", Kind::Gauge, active);
        add("IdleInstances", Kind::Gauge, idle);
        add("PercentIdleInstances", Kind::Gauge, percent(idle, active));
        if let Some(row) = world.fleet_locations.get(&fleet.id, location) {
            add("DesiredInstances", Kind::Gauge, f64::from(row.desired));
            add("MaxInstances", Kind::Gauge, f64::from(row.maximum));
            add("MinInstances", Kind::Gauge, f64::from(row.minimum));
        }
    }
    let processes = world.processes.of_fleet(&fleet.id);
    let active: Vec<_> = processes
        .filter(|row| row.state == State::Active && row.location == *location)
        .map(|row| world.processes.pulse(&crate::table::Row::key(row)).misses == 0)
        .collect();
    let healthy = number(active.iter().filter(|healthy| **healthy).count());
    let all = number(active.len());
    add("ActiveServerProcesses", Kind::Gauge, all);
    add("HealthyServerProcesses", Kind::Gauge, healthy);
    add(
        "PercentHealthyServerProcesses",
        Kind::Gauge,
        percent(healthy, all),
    );
    let sessions = session_counts::counts(world, &fleet.id, location);
    let available: usize = world
        .processes
        .available(&fleet.id, location)
        .values()
        .sum();
    let (running, free) = (number(sessions.active), number(available));
    add(
        "ActivatingGameSessions",
        Kind::Gauge,
        number(sessions.activating),
    );
    add("ActiveGameSessions", Kind::Gauge, running);
    add("AvailableGameSessions", Kind::Gauge, free);
    let activatable = number(session_counts::activatable(world, fleet, location));
    add(
        "ConcurrentActivatableGameSessions",
        Kind::Gauge,
        activatable,
    );
    add(
        "PercentAvailableGameSessions",
        Kind::Gauge,
        percent(free, running + free + (all - healthy)),
    );
    add(
        "CurrentPlayerSessions",
        Kind::Gauge,
        number(sessions.current_players),
    );
    add(
        "AvailablePlayerSessions",
        Kind::Gauge,
        number(sessions.available_players),
    );
    for counter in Counter::ALL {
        let key = (counter, fleet.id.clone(), location.clone());
        let value = world.counters.counts.get(&key).copied().unwrap_or(0);
        add(counter.name(), Kind::Counter, value as f64);
    }
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
