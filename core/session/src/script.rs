//! The boundary between a session and a script engine, as data in both directions. An engine may live in another process,
//! and a callback may return a Promise, so a call and its outcome are two messages.

use bytes::Bytes;

use crate::GameSession;

/// Names one call into the script; unique within a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallId(pub u64);

/// A player as scripts see one (realtime.md 2.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Player {
    /// From 1, never reused.
    pub peer_id: i32,
    /// What the client logged in with.
    pub player_session_id: String,
    /// The service's name of the player; empty when unknown.
    pub player_id: String,
    /// What the creator of the player session gave along; empty when nothing.
    pub player_data: String,
}

/// A game message as gates and `onMessage` see one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GameMessage {
    /// Any int32.
    pub op_code: i32,
    /// The real peer id of the origin.
    pub sender: i32,
    /// 0 when unset.
    pub target_player: i32,
    /// 0 when unset.
    pub target_group: i32,
    /// Whether it came by WebSocket.
    pub reliable: bool,
    /// Opaque.
    pub payload: Bytes,
}

/// What a loaded script told about itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Exports {
    /// Names of the callbacks that `ssExports` has as functions ("onMessage", ...). A missing one is never called.
    pub callbacks: std::collections::BTreeSet<String>,
    /// `configuration.maxPlayers`, when it is a usable number.
    pub max_players: Option<u32>,
    /// `configuration.pingIntervalTime` in milliseconds, when it is a usable number.
    pub ping_interval_ms: Option<u64>,
    /// What was wrong with `configuration` (bad types): each is a WARN line.
    pub warnings: Vec<String>,
}

/// One call into the script.
#[derive(Clone, Debug, PartialEq)]
pub enum Hook {
    /// `init(session)`.
    Init,
    /// `onProcessStarted(args)`: the launch parameters split at white space.
    ProcessStarted(Vec<String>),
    /// `onStartGameSession(gameSession)`.
    StartGameSession(GameSession),
    /// `onHealthCheck()`.
    HealthCheck,
    /// `onProcessTerminate()`.
    ProcessTerminate,
    /// `onPlayerConnect(connectMsg)`.
    PlayerConnect {
        /// Who wants in.
        player: Player,
        /// The connection payload.
        payload: Bytes,
    },
    /// `onPlayerAccepted(player)`.
    PlayerAccepted(Player),
    /// `onPlayerDisconnect(peerId)`.
    PlayerDisconnect(i32),
    /// `onMessage(gameMessage)`.
    Message(GameMessage),
    /// `onSendToPlayer(gameMessage)`.
    SendToPlayer(GameMessage),
    /// `onSendToGroup(gameMessage)`.
    SendToGroup(GameMessage),
    /// `onPlayerJoinGroup(groupId, peerId)`.
    PlayerJoinGroup {
        /// The group.
        group: i32,
        /// The player.
        peer: i32,
    },
    /// `onPlayerLeaveGroup(groupId, peerId)`.
    PlayerLeaveGroup {
        /// The group.
        group: i32,
        /// The player.
        peer: i32,
    },
}

impl Hook {
    /// The name of the callback in `ssExports`.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Init => "init",
            Self::ProcessStarted(_) => "onProcessStarted",
            Self::StartGameSession(_) => "onStartGameSession",
            Self::HealthCheck => "onHealthCheck",
            Self::ProcessTerminate => "onProcessTerminate",
            Self::PlayerConnect { .. } => "onPlayerConnect",
            Self::PlayerAccepted(_) => "onPlayerAccepted",
            Self::PlayerDisconnect(_) => "onPlayerDisconnect",
            Self::Message(_) => "onMessage",
            Self::SendToPlayer(_) => "onSendToPlayer",
            Self::SendToGroup(_) => "onSendToGroup",
            Self::PlayerJoinGroup { .. } => "onPlayerJoinGroup",
            Self::PlayerLeaveGroup { .. } => "onPlayerLeaveGroup",
        }
    }
}

/// What a session sends to the engine, in order. The engine mirrors the players so that `getPlayers()` answers without a
/// round trip.
#[derive(Clone, Debug, PartialEq)]
pub enum ToScript {
    /// Call a callback that the script has; answered by one [`ScriptEvent::Returned`].
    Call(CallId, Hook),
    /// From now on `getPlayers()` has this player.
    Joined(Player),
    /// From now on `getPlayers()` lacks this peer.
    Left(i32),
    /// From now on `getGameSessionId()` answers this.
    GameSessionId(String),
    /// The promise of `processEnding()` resolves.
    Ended {
        /// Whether the service took note.
        success: bool,
    },
}

/// What the engine tells the session, in order: whatever a script asks during a call comes before that call's `Returned`.
#[derive(Clone, Debug, PartialEq)]
pub enum ScriptEvent {
    /// The script asked for something, in or outside a call.
    Asked(Ask),
    /// A call is over.
    Returned(CallId, Outcome),
    /// A line for the log.
    Log(LogLine),
    /// The script cannot go on: an uncaught exception, a runaway callback, too much memory, or a lost engine. The text has
    /// the stack.
    Crashed(String),
}

/// How a callback ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It returned a value; whether that is truthy. A Promise counts when it has settled; one that resolves to `undefined`
    /// is truthy (realtime.md 2.2).
    Returned(bool),
    /// It threw, or its Promise was rejected; the text has the stack.
    Threw(String),
}

/// What a script can ask of its session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// `sendMessage`, `sendReliableMessage`.
    SendToPlayer {
        /// The peer.
        peer: i32,
        /// Op code, sender, payload.
        message: GameMessage,
    },
    /// `sendGroupMessage`, `sendReliableGroupMessage`.
    SendToGroup {
        /// The group, -1 for everybody.
        group: i32,
        /// Op code, sender, payload.
        message: GameMessage,
    },
    /// `broadcastGroupMembershipUpdate(show, to)`.
    BroadcastMembership {
        /// The group that is described.
        show: i32,
        /// The group that is told.
        to: i32,
    },
    /// `processEnding()`; answered by [`ToScript::Ended`].
    ProcessEnding,
    /// `process.exit(code)`. Nothing comes after it.
    Exit(i32),
}

/// Log levels of Realtime scripts, low to high.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names are the script API's own")]
pub enum LogLevel {
    Debug,
    Info,
    Warn,
    Error,
    Fatal,
    CxFatal,
}

/// One line of the session's log; the shell adds the time (realtime.md 4.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// Lines below the session's level are not written.
    pub level: LogLevel,
    /// Basename of the file that logs.
    pub file: String,
    /// Line in that file.
    pub line: u32,
    /// May have several lines.
    pub text: String,
}
