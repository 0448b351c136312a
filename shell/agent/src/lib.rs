//! The host's shell: offers a machine to a control plane, deploys script versions, starts and watches server processes, ships
//! their logs. Which processes should run is decided by `supervisor`.
//!
//! Server processes are no children of the agent's fate: each has its own process group, writes its own files and talks to
//! control by itself. When an agent ends or is killed, they go on, and the next agent on the same data folder takes them over.

mod confine;
mod deploy;
mod error;
mod files;
mod launch;
mod link;
mod net;
mod process;
mod settings;
mod ship;
mod shutdown;
mod tail;

pub use confine::{CONFINE_VARIABLE, Confined, Confinement, asked_confinement, confine};
pub use error::Error;
pub use settings::{Limits, Provider, Settings};
pub use shutdown::{Shutdown, Trigger};
