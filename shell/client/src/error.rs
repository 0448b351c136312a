//! What can go wrong, in words that say what to do next.

use thiserror::Error;

/// Why there is no connection.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// The name does not resolve.
    #[error("host {host:?} has no address: check the name")]
    NoAddress {
        /// What was looked up.
        host: String,
    },
    /// Nobody listens, or something is in between.
    #[error(
        "no connection to {address}: check host and port, and that the game session is still active"
    )]
    Unreachable {
        /// Host and port.
        address: String,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// Something listens, but not a Realtime server.
    #[error("{address} does not speak WebSocket: {reason}. Use the TCP port of the game session")]
    NotRealtime {
        /// Host and port.
        address: String,
        /// What was wrong.
        reason: String,
    },
    /// The wanted UDP port cannot be had.
    #[error("UDP port {port} cannot be bound: use another one, or none")]
    UdpPort {
        /// Which.
        port: u16,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The server said no.
    #[error(
        "login refused: the player session may be unknown, used up, expired or of another game session, or the script refused it; create a new player session"
    )]
    Refused,
    /// The server closed the connection instead of answering.
    #[error(
        "the server closed the connection before the login was answered (code {code:?}): {reason}"
    )]
    Closed {
        /// The WebSocket close code, when there was one.
        code: Option<u16>,
        /// What the server gave as the reason.
        reason: String,
    },
    /// The server is silent.
    #[error(
        "no answer within {seconds} s: the server may be overloaded, or a firewall swallows the packets"
    )]
    TimedOut {
        /// How long was waited.
        seconds: u64,
    },
}

/// Why something was not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SendError {
    /// More than servers take.
    #[error("payload of {size} bytes: at most 4096 can be sent; split it")]
    TooLarge {
        /// The payload's bytes.
        size: usize,
    },
    /// Groups of players have positive ids.
    #[error("group {group} cannot be joined or left: use an id above 0")]
    BadGroup {
        /// Which.
        group: i32,
    },
    /// The connection is closed.
    #[error(
        "not connected any more: take the last event to see why, then connect again with a new player session"
    )]
    Closed,
}
