//! The host's shell: offers a machine to a control plane, deploys script versions, starts and watches server processes, ships
//! their logs. Which processes should run is decided by `supervisor`.
//!
//! Server processes do not share the agent's fate, unless that is wished ([`AtEnd`]): each has its own process group, writes its
//! own files and talks to control by itself. When an agent ends or is killed, they go on, and the next agent on the same data
//! folder takes them over.

mod clock;
mod confine;
mod deploy;
mod error;
mod event;
mod files;
mod instance;
mod launch;
mod ledger;
mod link;
mod machine;
mod net;
mod process;
mod run;
mod settings;
mod ship;
mod shutdown;
mod tail;

pub use confine::{
    CONFINE_VARIABLE, Confined, Confinement, PARENT_VARIABLE, confine, prepare_server_process,
};
pub use error::Error;
pub use run::{Running, run};
pub use settings::{AtEnd, Limits, Provider, Settings};
pub use shutdown::{Shutdown, Trigger};
