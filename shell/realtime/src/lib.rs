//! The server process: sockets, the loop around `session`, the script engine and the link to a control plane.
//!
//! [`run`] serves every slot of a process on the calling thread. It decides nothing about players and messages: what came in
//! is handed to [`session::Session`], and what that answers is carried out.

mod bind;
mod clock;
mod datagrams;
mod driver;
mod error;
mod event;
mod link;
mod listen;
mod log;
mod mailbox;
mod meter;
mod metrics;
mod peer;
mod private;
mod run;
mod settings;
mod shutdown;
mod slot;
mod text;
mod upgrade;

pub use error::Error;
pub use event::Event;
pub use private::Private;
pub use run::{Exit, run};
pub use settings::{
    Accept, Console, Control, Limits, LinkSettings, Rules, Settings, SlotSettings, Standalone,
};
pub use shutdown::{Shutdown, Trigger, Wish};
