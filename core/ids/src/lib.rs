//! Names of things and moments: typed ids, ARNs, `Time`, `Span`, `Location`, and `Mint`, the source of new ids that is
//! fed with random bits from outside. Nothing here reads a clock or a random source.

#![warn(missing_docs)]

pub mod arn;
mod mint;
mod names;
mod time;

pub use arn::{Arn, Kind, Origin};
pub use mint::Mint;
pub use names::*;
pub use time::{Span, Time};
