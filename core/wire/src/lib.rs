//! The Realtime protocol: bytes to frames to packets and back, both directions. Knows no session and no socket.
//!
//! A *frame* is a varint length and that many bytes of one [`Packet`]. [`decode`] takes frames off the front of a message,
//! [`encode`] makes one, and a [`Datagram`] is encoded once for many recipients who differ in the sequence number only.

#![warn(missing_docs)]

mod decode;
mod encode;
mod packet;

pub use decode::{Malformed, decode};
pub use encode::{Datagram, encode, encoded_len};
pub use packet::{Message, Packet, op, peer};
