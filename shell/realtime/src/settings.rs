//! Everything that can be set about a server process (realtime.md Appendix B), as plain values; the command line parses them.

use ids::Span;
use std::net::IpAddr;
use std::path::PathBuf;

use crate::Private;

/// How to run one server process.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The script file, or a folder or zip that holds it.
    pub script: PathBuf,
    /// The folder that the script may read; the script's own folder when `None`.
    pub game_dir: Option<PathBuf>,
    /// Where the log files of the slots go; no file when `None`.
    pub log_dir: Option<PathBuf>,
    /// Which file of a folder or zip is the script, when it is not plain.
    pub launch_path: Option<String>,
    /// What the script may use up.
    pub budgets: script::Budgets,
    /// Launch parameters: given to `onProcessStarted`; `loggingLevel:LEVEL` in them sets the log level.
    pub params: String,
    /// Which engine runs the script.
    pub engine: script::Choice,
    /// The Node.js program, when it is not the `node` in PATH.
    pub node: Option<PathBuf>,
    /// The address to bind; `None` is every address of both families.
    pub bind: Option<IpAddr>,
    /// The UDP port that players are told, when a NAT maps the bound one. With one slot only.
    pub advertised_udp_port: Option<u16>,
    /// The logical server processes of this process; at least one.
    pub slots: Vec<SlotSettings>,
    /// Who decides about game sessions and players.
    pub link: LinkSettings,
    /// Port of the Prometheus text on the loopback address; 0 is any free one, `None` is off.
    pub metrics_port: Option<u16>,
    /// Where log lines go besides the file.
    pub console: Console,
    /// Whether [`crate::Event::Players`] is told.
    pub tell_players: bool,
    /// Size and time limits.
    pub limits: Limits,
    /// Rules of the session that a user may change.
    pub rules: Rules,
}

/// One logical server process.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SlotSettings {
    /// Its name towards the control plane; also the name of its log file. Empty: a name is made up.
    pub process_id: String,
    /// TCP port, 0 for any free one.
    pub tcp_port: u16,
    /// UDP port, 0 for any free one.
    pub udp_port: u16,
}

/// Who decides about game sessions and players.
#[derive(Clone, Debug)]
pub enum LinkSettings {
    /// Nobody: the game session starts at once.
    Standalone(Standalone),
    /// A control plane, over Server SDK 5.
    Control(Control),
}

/// Game session of a server without control plane.
#[derive(Clone, Debug, Default)]
pub struct Standalone {
    /// Which player session ids may log in.
    pub accept: Accept,
    /// `GameSessionData` of the game session.
    pub game_session_data: String,
    /// `MatchmakerData` of the game session.
    pub matchmaker_data: String,
    /// `GameProperties` of the game session.
    pub game_properties: Vec<(String, String)>,
    /// `MaximumPlayerSessionCount`; `None` leaves the number to the script's `configuration.maxPlayers`.
    pub max_players: Option<u32>,
    /// The id of the game session; made up when empty.
    pub game_session_id: String,
}

/// Which player session ids a standalone server accepts. A used one is accepted again after its player has left.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Accept {
    /// Every non-empty one.
    #[default]
    Any,
    /// Only these.
    List(Vec<String>),
}

/// Where the control plane is and who we are to it (server-sdk.md 5.1).
#[derive(Clone, Debug)]
pub struct Control {
    /// `GAMELIFT_SDK_WEBSOCKET_URL`.
    pub url: String,
    /// `GAMELIFT_SDK_AUTH_TOKEN`.
    pub auth_token: Private<String>,
    /// `GAMELIFT_SDK_HOST_ID`: the compute name.
    pub host_id: String,
    /// `GAMELIFT_SDK_FLEET_ID`.
    pub fleet_id: String,
    /// Certificates in PEM form that are trusted beside the public ones, for `wss`.
    pub ca_pem: Option<Vec<u8>>,
}

/// Where log lines go besides the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Console {
    /// Nowhere.
    Silent,
    /// Standard error.
    #[default]
    Stderr,
    /// [`crate::Event::Log`].
    Events,
}

/// Limits of the sockets; what happens at each limit is said with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// From accept to the finished HTTP upgrade; then 408 and close.
    pub upgrade_timeout_ms: u64,
    /// Of the HTTP request; then 431 and close.
    pub upgrade_bytes_max: usize,
    /// Connections that have not finished their upgrade; then the oldest of them is cut off.
    pub upgrades_max: usize,
    /// Connections of one slot; then new ones are closed at once.
    pub sockets_max: usize,
    /// Of a WebSocket message; then close 1009.
    pub ws_message_bytes_max: usize,
    /// Messages that one connection, or datagrams that one UDP socket, may bring in before it is another's turn.
    pub messages_per_turn: usize,
    /// Datagrams waiting for the socket; then the newest is dropped and counted.
    pub datagrams_queued_max: usize,
    /// For the rest of the queue and the peer's answer when a connection is closed; then it is cut off.
    pub close_timeout_ms: u64,
    /// Of a log file; then the middle is left out.
    pub log_bytes_max: u64,
    /// Calls waiting for the control plane; then the oldest heartbeats and removals are dropped with a warning.
    pub link_calls_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            upgrade_timeout_ms: 10_000,
            upgrade_bytes_max: 16 * 1024,
            upgrades_max: 512,
            sockets_max: 4096,
            ws_message_bytes_max: 16 * 1024,
            messages_per_turn: 32,
            datagrams_queued_max: 4096,
            close_timeout_ms: 2_000,
            log_bytes_max: 64 * 1024 * 1024,
            link_calls_max: 4096,
        }
    }
}

/// Rules of the session with the defaults of realtime.md Appendix B.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// From the open connection to its LOGIN.
    pub login_timeout_ms: u64,
    /// For a callback that returns a Promise.
    pub callback_timeout_ms: u64,
    /// Payload bytes that a player may send.
    pub payload_bytes_max: usize,
    /// Payload bytes that a script may send; more is dropped.
    pub out_payload_bytes_max: usize,
    /// Bytes waiting for one player; then close 1008.
    pub ws_queue_bytes_max: usize,
    /// Whether datagrams must come from the address of the player's WebSocket.
    pub udp_source_check: bool,
    /// After this silence a player's fast messages go by WebSocket; 0 is never.
    pub udp_idle_ms: u64,
    /// Whether a sender gets its own group messages.
    pub relay_echo: bool,
    /// Whether only members may send to a group.
    pub require_membership_to_send: bool,
    /// Whether membership of the all-players group is announced.
    pub announce_all_players_group: bool,
    /// The least time of silence after which a connection is dead.
    pub liveness_floor_ms: u64,
    /// From `processEnding()` to the exit, when the script does not exit itself.
    pub exit_grace_ms: u64,
    /// For a Promise of `onProcessTerminate`.
    pub terminate_grace_ms: u64,
    /// End a session that had no players for so long; 0 is never.
    pub empty_session_timeout_ms: u64,
    /// End a session of this age; 0 is never.
    pub session_duration_max_ms: u64,
    /// How often health is told to the control plane.
    pub health_interval_ms: u64,
    /// Take text messages as the JSON form of a packet, for debugging.
    pub accept_text_json: bool,
    /// `Origin` values of browsers that may connect; empty is any.
    pub allowed_origins: Vec<String>,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            login_timeout_ms: 10_000,
            callback_timeout_ms: 5_000,
            payload_bytes_max: 4096,
            out_payload_bytes_max: 64 * 1024,
            ws_queue_bytes_max: 1024 * 1024,
            udp_source_check: true,
            udp_idle_ms: 30_000,
            relay_echo: true,
            require_membership_to_send: true,
            announce_all_players_group: false,
            liveness_floor_ms: 10_000,
            exit_grace_ms: 10_000,
            terminate_grace_ms: 30_000,
            empty_session_timeout_ms: 0,
            session_duration_max_ms: 0,
            health_interval_ms: 60_000,
            accept_text_json: false,
            allowed_origins: Vec::new(),
        }
    }
}

impl Settings {
    /// A standalone server with one slot on any free ports, and every default.
    pub fn standalone(script: impl Into<PathBuf>) -> Self {
        Self {
            script: script.into(),
            game_dir: None,
            log_dir: None,
            launch_path: None,
            budgets: script::Budgets::default(),
            params: String::new(),
            engine: script::Choice::Auto,
            node: None,
            bind: None,
            advertised_udp_port: None,
            slots: vec![SlotSettings::default()],
            link: LinkSettings::Standalone(Standalone::default()),
            metrics_port: None,
            console: Console::Stderr,
            tell_players: false,
            limits: Limits::default(),
            rules: Rules::default(),
        }
    }
}
impl Settings {
    /// The rules as the session takes them.
    pub(crate) fn session(&self) -> session::Settings {
        let rules = &self.rules;
        session::Settings {
            params: self.params.clone(),
            login_timeout: Span::from_millis(rules.login_timeout_ms),
            callback_timeout: Span::from_millis(rules.callback_timeout_ms),
            payload_bytes_max: rules.payload_bytes_max,
            out_payload_bytes_max: rules.out_payload_bytes_max,
            ws_queue_bytes_max: rules.ws_queue_bytes_max,
            udp_source_check: rules.udp_source_check,
            udp_idle: Span::from_millis(rules.udp_idle_ms),
            relay_echo: rules.relay_echo,
            require_membership_to_send: rules.require_membership_to_send,
            announce_all_players_group: rules.announce_all_players_group,
            liveness_floor: Span::from_millis(rules.liveness_floor_ms),
            exit_grace: Span::from_millis(rules.exit_grace_ms),
            terminate_grace: Span::from_millis(rules.terminate_grace_ms),
            empty_session_timeout: Span::from_millis(rules.empty_session_timeout_ms),
            session_duration_max: Span::from_millis(rules.session_duration_max_ms),
            health_interval: Span::from_millis(rules.health_interval_ms.max(1)),
            ..session::Settings::default()
        }
    }
}
