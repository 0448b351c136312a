//! The envelope of an AWS call, both protocols and both directions: which operation is asked for, bodies as trees of JSON
//! values, answers and faults as bytes, signatures, page tokens. What the members of an operation are, it is told by
//! whoever implements [`Shape`]; what time it is, it is told too.

#![warn(missing_docs)]

mod cbor;
mod date;
mod fault;
mod head;
mod pages;
mod reply;
mod shape;
mod signature;
mod signing;
mod target;
mod trust;
mod verify;

pub mod client;

pub use fault::Fault;
pub use head::Head;
pub use pages::Pages;
pub use reply::{Reply, decoded, refused, replied};
pub use shape::{Kind, Shape};
pub use signing::{Credentials, Unsigned, signed};
pub use target::{Protocol, SERVICE, Target, recognised};
pub use trust::{Caller, Key, Session, Trust};
pub use verify::{Checks, verified};
