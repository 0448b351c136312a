//! The server process: sockets, the loop around `session`, the script engine and the link to a control plane.
//!
//! [`run`] serves every slot of a process on the calling thread. It decides nothing about players and messages: what came in
//! is handed to [`session::Session`], and what that answers is carried out.

mod error;
mod event;
mod private;
mod settings;
mod shutdown;

pub use error::Error;
pub use event::Event;
pub use private::Private;
pub use settings::{
    Accept, Console, Control, EngineChoice, Limits, LinkSettings, Rules, Settings, SlotSettings,
    Standalone,
};
pub use shutdown::{Shutdown, Trigger, Wish};
