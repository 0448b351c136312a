//! Everything that can happen to a session and everything it can want, as two closed enums.

use std::net::{IpAddr, SocketAddr};
use wire::Packet;

use crate::{LogLine, ScriptEvent, ToScript};

/// Names one accepted WebSocket connection; unique within a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnId(pub u64);

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// The ports are bound; answers [`Output::Listen`]. `fast_port` is the advertised one.
    Listening {
        /// TCP port of the game.
        tcp_port: u16,
        /// UDP port that clients are told.
        fast_port: u16,
    },
    /// A WebSocket connection stands.
    Opened(ConnId, IpAddr),
    /// A well-formed packet came by WebSocket.
    Packet(ConnId, Packet),
    /// A bad message came by WebSocket (malformed, text, too large).
    Bad(ConnId, Refusal),
    /// Something else came by WebSocket that shows life (ping, pong, a fragment).
    Alive(ConnId),
    /// The shell has handed `bytes` of what it was told to send to the operating system.
    Flushed(ConnId, usize),
    /// The connection is gone, for whatever reason.
    Closed(ConnId),
    /// A well-formed datagram came.
    Datagram(SocketAddr, Packet),
    /// A malformed datagram came: it is only counted.
    BadDatagram,
    /// The control plane answers an [`Output::Link`] call.
    Answered(LinkAnswer),
    /// The control plane, or the user of a standalone server, orders something.
    Told(Order),
    /// The engine says something.
    Script(ScriptEvent),
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// Bind the ports, then answer [`Input::Listening`].
    Listen,
    /// Encode once, send to every recipient by WebSocket. The bytes count towards each recipient's queue until
    /// [`Input::Flushed`].
    Send {
        /// Whom to send it to, each once.
        to: Vec<ConnId>,
        /// What to send.
        packet: Packet,
    },
    /// Encode once, send to every recipient by UDP, with each one's own sequence number.
    SendFast {
        /// Whom to send it to.
        to: Vec<Delivery>,
        /// What to send; its sequence number is replaced.
        packet: Packet,
    },
    /// Send a WebSocket ping.
    Ping(ConnId),
    /// Flush what is queued for the connection, then close it with this code and reason.
    Close(ConnId, CloseCode, &'static str),
    /// Cut the connection without a word (it is dead).
    Abort(ConnId),
    /// To the engine, in order.
    Script(ToScript),
    /// To the control plane. Calls with an answer are answered once by [`Input::Answered`].
    Link(LinkCall),
    /// Write a log line.
    Log(LogLine),
    /// All is said: flush everything (at most 2 s), close every connection with the code, end the slot with this exit code.
    Finish {
        /// Of connections that are still open.
        close: CloseCode,
        /// Of the process, when it has one slot.
        exit_code: i32,
        /// For the `ended` line.
        reason: String,
    },
}

/// One recipient of a datagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Where to.
    pub address: SocketAddr,
    /// The recipient's next sequence number.
    pub sequence_number: i32,
}

/// WebSocket close codes that a session uses (realtime.md L6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CloseCode {
    /// 1000: the session has ended.
    Normal,
    /// 1001: the process is terminated by the service.
    Away,
    /// 1003: a text frame.
    Unsupported,
    /// 1007: a bad frame.
    Malformed,
    /// 1008: login refused, slow, duplicate.
    Policy,
    /// 1009: too big.
    TooBig,
    /// 1011: the script crashed.
    ScriptCrashed,
    /// 1013: the server is full.
    Full,
}

impl CloseCode {
    /// The number on the wire.
    pub const fn number(self) -> u16 {
        match self {
            Self::Normal => 1000,
            Self::Away => 1001,
            Self::Unsupported => 1003,
            Self::Malformed => 1007,
            Self::Policy => 1008,
            Self::TooBig => 1009,
            Self::ScriptCrashed => 1011,
            Self::Full => 1013,
        }
    }
}

/// What was wrong with a WebSocket message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Not a frame with a packet.
    Malformed,
    /// A text message.
    Text,
    /// Larger than the limit.
    TooBig,
}

/// A game session as the service describes it (realtime.md 2.3).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the service's own")]
pub struct GameSession {
    pub game_session_id: String,
    pub name: String,
    pub fleet_id: String,
    pub maximum_player_session_count: u32,
    pub ip_address: String,
    pub port: u16,
    pub dns_name: String,
    pub game_properties: Vec<(String, String)>,
    pub game_session_data: String,
    pub matchmaker_data: String,
    pub location: String,
}

/// What the service orders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// Start this game session.
    Start(GameSession),
    /// The game session has new data (a backfill).
    Update(GameSession),
    /// End; the process must be gone by `deadline_ms` from now, when given.
    Terminate {
        /// Milliseconds from now.
        deadline_ms: Option<u64>,
    },
}

/// What a session asks of the service or tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkCall {
    /// The process is ready for a game session.
    ProcessReady,
    /// The verdict of a health check, on the 60 s cadence.
    Heartbeat(bool),
    /// The game session has started.
    ActivateGameSession,
    /// Is this player expected? Answered by [`LinkAnswer::Accepted`] or [`LinkAnswer::Refused`].
    AcceptPlayerSession {
        /// Who asks.
        conn: ConnId,
        /// The claim.
        player_session_id: String,
    },
    /// The player has left.
    RemovePlayerSession(String),
    /// The process ends. Answered by [`LinkAnswer::ProcessEnding`].
    ProcessEnding,
}

/// What the service answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkAnswer {
    /// The player is expected.
    Accepted {
        /// Who asked.
        conn: ConnId,
        /// The service's name of the player, empty when unknown.
        player_id: String,
        /// What came with the player session.
        player_data: String,
    },
    /// The player is not expected.
    Refused {
        /// Who asked.
        conn: ConnId,
        /// In the service's words.
        error: String,
    },
    /// The service does not answer, and whether it has let the player in nobody knows.
    Unanswered {
        /// Who asked.
        conn: ConnId,
        /// For the log.
        error: String,
    },
    /// The service has taken note of the end, or has not.
    ProcessEnding {
        /// Whether it has.
        success: bool,
    },
    /// `RemovePlayerSession` is through (the shell retries failures).
    Removed {
        /// Which.
        player_session_id: String,
    },
}
