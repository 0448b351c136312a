//! One game session: logins, players, groups, relay, script calls as data, health, limits. Knows no socket, no engine and
//! no control plane; the shell carries [`Input`]s in and [`Output`]s out.
//!
//! The run loop: `handle` one input (or `handle_timeout`), then drain `poll_output` to `None` before the next input, then
//! sleep until `poll_timeout` or the next input.

#![warn(missing_docs)]

mod asks;
mod counts;
mod fast;
mod groups;
mod io;
mod lifecycle;
mod login;
mod relay;
mod script;
mod session;
mod settings;
mod state;

pub use counts::{Counts, DropCounts, FastCounts, RefusedCounts, Traffic};
pub use io::{
    CloseCode, ConnId, Delivery, GameSession, Input, LinkAnswer, LinkCall, Order, Output, Refusal,
};
pub use script::{
    Ask, CallId, Exports, GameMessage, Hook, LogLevel, LogLine, Outcome, Player, ScriptEvent,
    ToScript,
};
pub use session::Session;
pub use settings::Settings;
