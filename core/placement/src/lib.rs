//! Placement: which location, fleet and process a game session goes to. Pure functions on plain values: the caller
//! describes queue, request and fleets, and gets an ordered list and the reason of every omission.

#![warn(missing_docs)]

mod candidates;
mod events;
mod policy;
mod process;
mod rank;

pub use candidates::{
    Candidate, Destination, FleetLocation, Omission, Omitted, Override, OverrideStrategy, Plan,
    PlayerLatency, Priority, Queue, Request, plan,
};
pub use events::{DETAIL_TYPE, Event, Fulfilment};
pub use policy::{LatencyPolicy, limit_at, next_limit_change, sorted};
pub use process::{FreeProcess, pick};
pub use rank::{PriorityType, Rank};
