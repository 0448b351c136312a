//! What a player says about itself and its connection.

use std::time::Duration;

use bytes::Bytes;

/// How to connect. Start with [`Options::new`] and change what you need.
#[derive(Clone, Debug)]
pub struct Options {
    /// Host name or address of the server (`IpAddress` or `DnsName` of the game or player session).
    pub host: String,
    /// TCP port (`Port` of the game or player session).
    pub tcp_port: u16,
    /// The reservation to claim (`PlayerSessionId`).
    pub player_session_id: String,
    /// The game's own words to the server's `onPlayerConnect`.
    pub payload: Bytes,
    /// Whether messages may travel by UDP.
    pub fast: Fast,
    /// For name look-up, TCP, WebSocket and login together.
    pub connect_timeout: Duration,
    /// Events that may wait to be taken. When they are not taken, reliable messages wait at the server and fast ones are dropped
    /// and counted.
    pub events_max: usize,
    /// Commands that may wait to be sent; then [`crate::Client`]'s methods wait.
    pub commands_max: usize,
}

/// Whether and where a player listens for datagrams.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fast {
    /// On any free port.
    #[default]
    AnyPort,
    /// On this port.
    Port(u16),
    /// Not at all: everything goes by WebSocket.
    Off,
}

impl Options {
    /// The usual options for one player session.
    pub fn new(
        host: impl Into<String>,
        tcp_port: u16,
        player_session_id: impl Into<String>,
    ) -> Self {
        Self {
            host: host.into(),
            tcp_port,
            player_session_id: player_session_id.into(),
            payload: Bytes::new(),
            fast: Fast::AnyPort,
            connect_timeout: Duration::from_secs(15),
            events_max: 1024,
            commands_max: 256,
        }
    }
}
