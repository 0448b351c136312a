//! One host as its agent sees it: which server processes should run, and what to do next. Knows no process, no file and no
//! socket; the agent carries [`Input`]s in and does what the [`Output`]s say.
//!
//! The run loop: `handle` one input (or `handle_timeout`), then drain `poll_output` to `None`, then sleep until
//! `poll_timeout` or the next input.
//!
//! - One [`Supervisor`] an instance (or registered compute). [`Ports`] belong to the machine, because instances may share an
//!   address; every call gets them.
//! - A *process* is what control knows: a logical server process with an id and ports of its own. An operating system process
//!   ([`OsId`]) holds as many of them as the launch parameters say (`slots:8`; one by default).
//! - Every version of the content has a folder of its own for ever. A process stays with the version it was launched with; when
//!   a new version is deployed, successors are launched first, and each idle process of the old one is retired when a successor
//!   is ready, so capacity never drops. Control has the last word on which is idle ([`serversdk::agent::HoistRetire`]).

#![warn(missing_docs)]

mod backoff;
mod io;
mod plan;
mod ports;
mod slots;
mod supervisor;
mod table;

pub use io::{Exit, Input, Launch, OsId, Output, Slot};
pub use ports::Ports;
pub use supervisor::{Pace, Supervisor};
