//! The shapes of the GameLift API, their constraints and validation. A request comes in as a tree of JSON values, whatever
//! protocol it came by, and leaves as a typed [`Request`] or as the fault AWS would answer. `generated` is written by
//! `cargo xtask bless` from the facts in `model`.

#![warn(missing_docs)]

mod fault;
#[expect(
    missing_docs,
    reason = "names, members and constraints are AWS's; docs/reference/api-coverage.md says what is special here"
)]
mod generated;
mod operation;
mod scalar;
pub mod schema;
mod validate;
mod value;

pub use fault::{Fault, FaultCode};
pub use generated::*;
pub use operation::{Call, Support, Tier};
pub use scalar::{Blob, Timestamp};
