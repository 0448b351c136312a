//! The Realtime protocol: bytes to frames to packets and back, both directions. Knows no session and no socket.

#![warn(missing_docs)]

mod packet;

pub use packet::{Message, Packet, op, peer};
