//! What a player sends to whom, and what comes to it.

use bytes::Bytes;

/// Whom a message is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The script of the game session.
    Server,
    /// One player, by peer id.
    Player(i32),
    /// The members of a group; -1 is everybody.
    Group(i32),
}

impl Target {
    /// Everybody in the game session.
    pub const EVERYBODY: Self = Self::Group(-1);
}

/// How a message is to travel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Intent {
    /// By UDP when it can.
    #[default]
    Fast,
    /// By WebSocket.
    Reliable,
}

/// A message that came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// What it is, in the game's own numbering.
    pub op_code: i32,
    /// The peer id of the sender; -1 is the server.
    pub sender: i32,
    /// The player it was sent to, or 0.
    pub target_player: i32,
    /// The group it was sent to, or 0.
    pub target_group: i32,
    /// Whether it came by WebSocket.
    pub reliable: bool,
    /// The game's bytes; empty when there were none.
    pub payload: Bytes,
}

/// Something that happened to the player.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A message of the server or of another player.
    Message(Received),
    /// Who is in a group: after a change, or because it was asked for.
    GroupMembership {
        /// The group.
        group: i32,
        /// Peer ids, ascending.
        players: Vec<i32>,
        /// Who caused it; -1 is the server.
        sender: i32,
    },
    /// Fast messages go by UDP from now on, or no longer.
    FastChannel {
        /// Which.
        open: bool,
    },
    /// The connection is over. Nothing comes after this.
    Closed {
        /// The WebSocket close code; `None` when the connection was lost.
        code: Option<u16>,
        /// In words.
        reason: String,
    },
}
