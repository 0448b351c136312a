//! In which order candidates are tried: a rank is compared key by key, the keys in the order that the queue asks for.

use ids::Location;
use serde::{Deserialize, Serialize};

/// What can come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum PriorityType {
    /// Lowest average latency.
    Latency,
    /// Lowest cost.
    Cost,
    /// Order of destinations in the queue.
    Destination,
    /// Order of locations in the priority configuration.
    Location,
}

/// The order of what a priority configuration does not name.
pub(crate) const DEFAULT_ORDER: [PriorityType; 4] = [
    PriorityType::Latency,
    PriorityType::Cost,
    PriorityType::Destination,
    PriorityType::Location,
];

/// One key. Variants of one position in a rank are always the same, so comparing across variants does not occur.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    /// Mean latency in thousandths of a millisecond; the greatest number where there are no data.
    Latency(u64),
    /// Millionths of the currency unit.
    Cost(u64),
    Destination(usize),
    /// Listed locations by their place, unlisted ones after them by name.
    Location(usize, Location),
}

/// Where a candidate stands: smaller is tried earlier.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank(pub(crate) Vec<Key>);
