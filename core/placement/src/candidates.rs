//! The places that can take a session, filtered and in order (api.md 6.1, 6.2).

use crate::policy::{LatencyPolicy, limit_at, next_limit_change};
use crate::rank::{DEFAULT_ORDER, Key, PriorityType, Rank};
use ids::{FleetId, Location, PlayerId, Time};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What a queue says about order and filters.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Queue {
    /// In the order in which they are configured; an alias that leads nowhere stays as an empty destination.
    pub destinations: Vec<Destination>,
    /// Ascending by maximum, see [`crate::sorted`].
    pub policies: Vec<LatencyPolicy>,
    /// The priority configuration, if there is one.
    pub priority: Option<Priority>,
    /// FilterConfiguration.AllowedLocations; nothing allows all.
    pub allowed: Option<BTreeSet<Location>>,
}

/// A destination, resolved to a fleet.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Destination {
    /// The fleet; nothing for a TERMINAL alias or a fleet that is gone.
    pub fleet: Option<FleetId>,
    /// Its locations.
    pub locations: Vec<FleetLocation>,
}

/// A location of a fleet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FleetLocation {
    /// Its name.
    pub location: Location,
    /// Fleet and location are ACTIVE.
    pub active: bool,
    /// False for Spot capacity that is likely to be interrupted.
    pub viable: bool,
    /// Millionths of the currency unit an hour: the price of an instance, or an Anywhere fleet's Cost.
    pub cost_micros: u64,
}

/// A priority configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Priority {
    /// PriorityOrder. What it leaves out follows in the default order.
    pub order: Vec<PriorityType>,
    /// LocationOrder.
    pub locations: Vec<Location>,
}

/// A placement request as far as order and filters go.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// When it was made.
    pub start: Time,
    /// Reported latencies.
    pub latencies: Vec<PlayerLatency>,
    /// PriorityConfigurationOverride.
    pub priority: Option<Override>,
    /// Only these locations, when a match demands it; nothing allows all.
    pub constraint: Option<BTreeSet<Location>>,
    /// Complete passes over the candidates that found no place so far.
    pub passes: u32,
}

/// What one player reported for one location.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlayerLatency {
    /// The player.
    pub player: PlayerId,
    /// The location.
    pub location: Location,
    /// LatencyInMilliseconds.
    pub ms: f64,
}

/// A request's own order of locations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// LocationOrder.
    pub locations: Vec<Location>,
    /// PlacementFallbackStrategy.
    pub fallback: OverrideStrategy,
}

/// What happens when the override's locations have no room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum OverrideStrategy {
    /// One pass over them, then the queue's own order.
    #[default]
    DefaultAfterSinglePass,
    /// Only they, until the request times out.
    None,
}

/// A place that can take the session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Index of the destination.
    pub destination: usize,
    /// The fleet.
    pub fleet: FleetId,
    /// The location.
    pub location: Location,
    /// Where it stands in the order.
    pub rank: Rank,
}

/// A place that is left out, for now.
#[derive(Clone, Debug, PartialEq)]
pub struct Omission {
    /// Index of the destination.
    pub destination: usize,
    /// The location; nothing when the whole destination is left out.
    pub location: Option<Location>,
    /// Why.
    pub reason: Omitted,
}

/// Why a place is left out.
#[derive(Clone, Debug, PartialEq)]
pub enum Omitted {
    /// The alias leads nowhere or the fleet is gone.
    NoFleet,
    /// An earlier destination has the same fleet.
    Duplicate,
    /// Fleet or location is not ACTIVE.
    Inactive,
    /// The queue's filter does not allow the location.
    NotAllowed,
    /// The match cannot be played there.
    Constraint,
    /// The request's own locations do not include it.
    NotInOverride,
    /// The request has latencies, but none for this location.
    NoLatency,
    /// A player's latency is above the maximum in force.
    TooSlow {
        /// The slowest player's.
        ms: f64,
        /// The maximum.
        limit_ms: u32,
    },
    /// Spot capacity that is likely to be interrupted.
    NotViable,
}

/// Candidates in order, and what else there is to know.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Best first. Whether a process is free is seen when each is tried.
    pub candidates: Vec<Candidate>,
    /// What was left out.
    pub omitted: Vec<Omission>,
    /// When a latency policy changes, so that a new plan may find more.
    pub next_change: Option<Time>,
    /// The plan is the single pass over the request's own locations: when it finds nothing, plan again at once with one
    /// pass more.
    pub falls_back: bool,
}

/// Filters and orders the places of a queue for a request.
pub fn plan(queue: &Queue, request: &Request, now: Time) -> Plan {
    let limit = limit_at(&queue.policies, now.since(request.start));
    let latencies = by_location(&request.latencies);
    let overriding = request
        .priority
        .as_ref()
        .filter(|own| own.fallback == OverrideStrategy::None || request.passes == 0);
    let filter = Filter {
        queue,
        request,
        limit,
        latencies: &latencies,
        overriding,
    };
    let keys = keys(queue, request, overriding);
    let (mut candidates, mut omitted) = (Vec::new(), Vec::new());
    let mut fleets = BTreeSet::new();
    for (destination, target) in queue.destinations.iter().enumerate() {
        let whole = |reason| Omission {
            destination,
            location: None,
            reason,
        };
        let Some(fleet) = &target.fleet else {
            omitted.push(whole(Omitted::NoFleet));
            continue;
        };
        if !fleets.insert(fleet) {
            omitted.push(whole(Omitted::Duplicate));
            continue;
        }
        for place in &target.locations {
            let location = place.location.clone();
            if let Some(reason) = filter.reason_against(place) {
                omitted.push(Omission {
                    destination,
                    location: Some(location),
                    reason,
                });
                continue;
            }
            let rank = keys.rank(destination, place, latencies.get(&location));
            candidates.push(Candidate {
                destination,
                fleet: fleet.clone(),
                location,
                rank,
            });
        }
    }
    candidates.sort_by(|a, b| a.rank.cmp(&b.rank));
    let next_change = if request.latencies.is_empty() {
        None
    } else {
        next_limit_change(&queue.policies, request.start, now)
    };
    let falls_back =
        overriding.is_some_and(|own| own.fallback == OverrideStrategy::DefaultAfterSinglePass);
    Plan {
        candidates,
        omitted,
        next_change,
        falls_back,
    }
}

/// What players reported for one location.
struct Reported {
    mean_micros: u64,
    slowest_ms: f64,
}

fn by_location(latencies: &[PlayerLatency]) -> BTreeMap<Location, Reported> {
    let mut values: BTreeMap<Location, Vec<f64>> = BTreeMap::new();
    for latency in latencies {
        values
            .entry(latency.location.clone())
            .or_default()
            .push(latency.ms);
    }
    let reported = |values: Vec<f64>| {
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        Reported {
            mean_micros: (mean * 1e3) as u64,
            slowest_ms: values.into_iter().fold(0.0, f64::max),
        }
    };
    values
        .into_iter()
        .map(|(location, values)| (location, reported(values)))
        .collect()
}

struct Filter<'a> {
    queue: &'a Queue,
    request: &'a Request,
    limit: Option<u32>,
    latencies: &'a BTreeMap<Location, Reported>,
    overriding: Option<&'a Override>,
}

impl Filter<'_> {
    fn reason_against(&self, place: &FleetLocation) -> Option<Omitted> {
        let location = &place.location;
        if !place.active {
            return Some(Omitted::Inactive);
        }
        if self
            .queue
            .allowed
            .as_ref()
            .is_some_and(|allowed| !allowed.contains(location))
        {
            return Some(Omitted::NotAllowed);
        }
        if self
            .request
            .constraint
            .as_ref()
            .is_some_and(|allowed| !allowed.contains(location))
        {
            return Some(Omitted::Constraint);
        }
        if self
            .overriding
            .is_some_and(|own| !own.locations.contains(location))
        {
            return Some(Omitted::NotInOverride);
        }
        if !self.latencies.is_empty() {
            let Some(reported) = self.latencies.get(location) else {
                return Some(Omitted::NoLatency);
            };
            if let Some(limit_ms) = self
                .limit
                .filter(|limit| reported.slowest_ms > f64::from(*limit))
            {
                return Some(Omitted::TooSlow {
                    ms: reported.slowest_ms,
                    limit_ms,
                });
            }
        }
        (!place.viable).then_some(Omitted::NotViable)
    }
}

/// The keys of a rank, in order.
struct Keys {
    order: Vec<PriorityType>,
    locations: Vec<Location>,
}

fn keys(queue: &Queue, request: &Request, overriding: Option<&Override>) -> Keys {
    let has_latencies = !request.latencies.is_empty();
    let mut order = match &queue.priority {
        Some(priority) => {
            let left_out = DEFAULT_ORDER
                .into_iter()
                .filter(|key| !priority.order.contains(key));
            priority.order.iter().copied().chain(left_out).collect()
        }
        None if has_latencies => DEFAULT_ORDER.to_vec(),
        None => vec![PriorityType::Destination, PriorityType::Location],
    };
    if overriding.is_some() {
        order.retain(|key| *key != PriorityType::Location);
        order.insert(0, PriorityType::Location);
    }
    order.retain(|key| has_latencies || *key != PriorityType::Latency);
    let own = overriding.map(|own| own.locations.clone());
    let locations = own
        .or_else(|| {
            queue
                .priority
                .as_ref()
                .map(|priority| priority.locations.clone())
        })
        .unwrap_or_default();
    Keys { order, locations }
}

impl Keys {
    fn rank(&self, destination: usize, place: &FleetLocation, reported: Option<&Reported>) -> Rank {
        let key = |priority: &PriorityType| match priority {
            PriorityType::Latency => {
                Key::Latency(reported.map_or(u64::MAX, |reported| reported.mean_micros))
            }
            PriorityType::Cost => Key::Cost(place.cost_micros),
            PriorityType::Destination => Key::Destination(destination),
            PriorityType::Location => {
                let listed = self
                    .locations
                    .iter()
                    .position(|location| *location == place.location);
                Key::Location(listed.unwrap_or(usize::MAX), place.location.clone())
            }
        };
        Rank(self.order.iter().map(key).collect())
    }
}
