//! Everything that can happen to a player and everything it can want.

use bytes::Bytes;
use wire::Packet;

/// Who the player is and how it plays.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The reservation to claim.
    pub player_session_id: String,
    /// The game's own words to `onPlayerConnect`.
    pub payload: Bytes,
    /// Whether to open a fast channel after the login.
    pub fast: bool,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// The WebSocket is open.
    Opened,
    /// A packet came by WebSocket.
    Packet(Packet),
    /// A packet came by UDP.
    Datagram(Packet),
    /// A datagram came that is no packet.
    BadDatagram,
    /// The operating system says that datagrams do not arrive (port unreachable).
    FastBroken,
    /// The game sends a message.
    Send {
        /// Any number.
        op_code: i32,
        /// -1 the server, above 0 a peer, 0 none.
        target_player: i32,
        /// -1 everybody, above 0 a group, 0 none.
        target_group: i32,
        /// By WebSocket in any case.
        reliable: bool,
        /// At most [`crate::PAYLOAD_BYTES_MAX`] bytes; more is dropped and counted.
        payload: Bytes,
    },
    /// The game joins a group.
    Join(i32),
    /// The game leaves a group.
    Leave(i32),
    /// The game asks who is in a group.
    Members(i32),
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// Send by WebSocket.
    Send(Packet),
    /// Datagrams go to this port of the server from now on.
    OpenFast(u16),
    /// Send by UDP.
    SendFast(Packet),
    /// Tell the game.
    Event(Event),
}

/// What the game is told.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The server let the player in.
    LoggedIn {
        /// The player's own id.
        peer_id: i32,
    },
    /// The server did not; it closes the connection.
    Refused,
    /// A message.
    Message(Packet),
    /// Who is in a group.
    Membership {
        /// The group.
        group: i32,
        /// Peer ids.
        players: Vec<i32>,
        /// Who caused it.
        sender: i32,
    },
    /// Fast messages go by UDP from now on, or no longer.
    Fast {
        /// Which.
        open: bool,
    },
}

/// Numbers of one player. They only grow, but for `fast_open`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say what is counted")]
pub struct Counts {
    pub reliable_sent: u64,
    pub reliable_received: u64,
    pub fast_sent: u64,
    pub fast_received: u64,
    /// Fast messages that went by WebSocket.
    pub fast_fallback: u64,
    /// Datagrams that were late, doubled or malformed.
    pub fast_refused: u64,
    pub bytes_sent: u64,
    pub bytes_received: u64,
    pub too_large: u64,
    pub fast_open: bool,
}
