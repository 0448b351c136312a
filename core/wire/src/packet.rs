//! The one message of the protocol, `Packet`, with its op codes and reserved ids (realtime.md 1.2-1.4).

use bytes::Bytes;

/// One packet, either direction. Zero means absent on the wire for every number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Packet {
    /// What the packet is; see [`op`]. Positive and unknown negative codes are game messages.
    pub op_code: i32,
    /// Counts the datagrams of one direction from 0; always 0 over WebSocket.
    pub sequence_number: i32,
    /// [`peer::SERVER`], a peer id, or 0 for none.
    pub target_player: i32,
    /// [`peer::ALL_PLAYERS`], a group id, or 0 for none.
    pub target_group: i32,
    /// The peer that sent it. The server overwrites what a client writes here.
    pub sender: i32,
    /// The channel really used: true over WebSocket, false over UDP.
    pub reliable: bool,
    /// Never sent by the known clients.
    pub client_version: i32,
    /// The game's bytes, opaque; empty when absent.
    pub payload: Bytes,
    /// The inner message of an internal op code.
    pub message: Option<Message>,
}

/// The inner messages (`oneof message`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// Field 30.
    Login {
        /// Which reservation the client claims.
        player_session_id: String,
        /// 2 in the known clients.
        client_version: i32,
    },
    /// Field 31.
    LoginResult {
        /// Whether the player is in.
        success: bool,
        /// Random, not empty on success; no known client uses it.
        reconnect_token: String,
        /// The new peer id; 0 on refusal.
        peer_id: i32,
        /// UDP port, 1-65535 always on success.
        fast_port: i32,
        /// PEM of the issuing chain in secured mode, else empty.
        ca_cert: Bytes,
        /// Echoed in `VerifyIdentity`.
        connect_token: String,
    },
    /// Field 32.
    Ping,
    /// Field 33.
    PingResult,
    /// Field 34: inside -5, -6 and -7.
    UdpConnect,
    /// Field 35.
    PlayerConnect {
        /// The peer.
        peer_id: i32,
    },
    /// Field 36.
    PlayerDisconnect {
        /// The peer.
        peer_id: i32,
    },
    /// Field 37.
    VerifyIdentity {
        /// The peer that the DTLS association claims to be.
        peer_id: i32,
        /// From the login result.
        connect_token: String,
    },
    /// Field 38.
    VerifyIdentityResult {
        /// Whether the fast channel is on.
        success: bool,
        /// The peer.
        peer_id: i32,
    },
    /// Field 40.
    JoinGroup {
        /// The group.
        group: i32,
    },
    /// Field 41.
    LeaveGroup {
        /// The group.
        group: i32,
    },
    /// Field 42.
    RequestGroupMembership {
        /// The group.
        group: i32,
    },
    /// Field 43.
    GroupMembershipUpdate {
        /// The group.
        group: i32,
        /// Its members, ascending.
        players: Vec<i32>,
    },
}

/// Op codes of the protocol itself.
#[expect(
    missing_docs,
    reason = "the names are the protocol's own; realtime.md 1.3 explains them"
)]
pub mod op {
    pub const LOGIN: i32 = 0;
    pub const LOGIN_RESPONSE: i32 = -1;
    pub const PING: i32 = -2;
    pub const PING_RESULT: i32 = -3;
    pub const UDP_CONNECT: i32 = -5;
    pub const UDP_CONNECT_SERVER_ACK: i32 = -6;
    pub const UDP_CONNECT_CLIENT_ACK: i32 = -7;
    pub const PLAYER_READY: i32 = -8;
    pub const JOIN_GROUP: i32 = -10;
    pub const LEAVE_GROUP: i32 = -11;
    pub const REQUEST_GROUP_MEMBERSHIP: i32 = -12;
    pub const GROUP_MEMBERSHIP_UPDATE: i32 = -13;
    pub const VERIFY_IDENTITY: i32 = -14;
    pub const VERIFY_IDENTITY_RESPONSE: i32 = -15;
}

/// Reserved ids of players and groups.
pub mod peer {
    /// The server, as sender or target player.
    pub const SERVER: i32 = -1;
    /// No player, no group.
    pub const NONE: i32 = 0;
    /// The group of all players.
    pub const ALL_PLAYERS: i32 = -1;
}
