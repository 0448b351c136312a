//! The client side of the Realtime protocol, sans-IO: login, the handshake of the fast channel and its life, channel choice,
//! groups, the sequence rule. The shell carries [`Input`]s in and [`Output`]s out.
//!
//! Unlike the official client it keeps asking whether the fast channel still works (with the handshake's own packets, which every
//! server answers), falls back to WebSocket when it does not, and comes back when it does again.

#![warn(missing_docs)]

mod fast;
mod io;
mod player;

pub use io::{Counts, Event, Input, Output, Settings};
pub use player::Player;

/// The largest payload that a player may send.
pub const PAYLOAD_BYTES_MAX: usize = 4096;
/// The largest payload that goes by UDP.
pub const FAST_PAYLOAD_BYTES_MAX: usize = 1200;
