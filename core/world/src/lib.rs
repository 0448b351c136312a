//! Everything the control plane knows and every operation on it: one state, one writer, no I/O.
//!
//! The shell takes waiting calls, runs them, commits the changed rows, **then** answers, **then** runs the effects:
//!
//! ```text
//! loop { answers = each world.call(..) / world.server_request(..) / ..; batch = world.take();
//!        store.commit(batch.changes)?; send answers; run batch.effects; sleep until world.poll_timeout() or the next call }
//! ```
//!
//! # How to add an operation
//!
//! 1. Its shapes are in `api` (generated). `api::validate` has checked every constraint of the model before `call`.
//! 2. Put it into the file of its resource: `pub(crate) fn create(world: &mut World, turn: &mut Turn<'_>, input:
//!    api::CreateXInput) -> Result<api::CreateXOutput, Fault>`; reading ones take `&World`. **Check everything first, then
//!    change**: a refused call must have changed nothing. Faults come from `fault`.
//! 3. Rows live in a `Table<R: Row>` that only this file touches; `edit` and `insert` mark rows as changed. Indexes are
//!    derived: build them in `rebuild`, which runs after a load. A new table is listed once in `tables.rs`.
//! 4. What is due later is a `Timer` (`timers.rs`); the room's `on_timer` looks at its rows and sets the next one.
//! 5. What is to be done outside is an `Effect`; it may be lost with the process, so something must notice that it is
//!    missing: a reconnect says it again, or a timer does.
//! 6. Name it in `dispatch.rs`, add a scenario to `tests/cases`, say `yes` in `core/api/model/coverage.txt`.

#![warn(missing_docs)]

mod agents;
mod aliases;
mod api_time;
mod builds;
mod capacity;
mod computes;
mod dispatch;
mod effects;
mod fault;
mod fleet_create;
mod fleet_events;
mod fleet_locations;
mod fleet_places;
mod fleet_settings;
mod fleets;
mod game_sessions;
mod instances;
mod invariants;
mod links;
mod locations;
mod logs;
mod machines;
mod metrics;
mod outbox;
mod paging;
mod player_sessions;
mod process_ends;
mod process_links;
mod processes;
mod scripts;
mod search;
mod session_counts;
mod settings;
mod table;
mod tables;
mod tags;
mod timers;
mod tokens;
mod turn;
mod utilization;
mod world;

pub use builds::AwaitedUpload;
pub use effects::{Batch, Change, Effect, LinkId, LoadError};
pub use logs::{LogTicket, log_url_is_good};
pub use metrics::{Kind, Sample};
pub use scripts::StoredObject;
pub use settings::{Limits, Settings, Times};
pub use turn::{Caller, Content, Facts};
pub use world::World;
