//! What can be set about a session (realtime.md Appendix B), with the defaults and what happens at each limit.

use ids::Span;

/// Rules and limits of one session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Given to `onProcessStarted`, split at white space.
    pub params: String,
    /// From the open connection to its LOGIN; then close 1008.
    pub login_timeout: Span,
    /// For a callback that returns a Promise; then a gate counts as refused, a health check as unhealthy.
    pub callback_timeout: Span,
    /// Payload bytes that a player may send; a larger message is dropped with a warning.
    pub payload_bytes_max: usize,
    /// Payload bytes that a script may send; a larger message is dropped with a warning.
    pub out_payload_bytes_max: usize,
    /// Bytes waiting for one player; then close 1008.
    pub ws_queue_bytes_max: usize,
    /// Bytes waiting for one player above which fast messages that fall back to WebSocket are dropped.
    pub fallback_queue_bytes_max: usize,
    /// Whether datagrams must come from the address of the player's WebSocket.
    pub udp_source_check: bool,
    /// After this silence a player's fast messages go by WebSocket; zero is never.
    pub udp_idle: Span,
    /// Whether a sender gets its own group messages.
    pub relay_echo: bool,
    /// Whether only members may send to a group.
    pub require_membership_to_send: bool,
    /// Whether membership of the all-players group is announced when players come and go.
    pub announce_all_players_group: bool,
    /// The least time of silence after which a connection is dead.
    pub liveness_floor: Span,
    /// From `processEnding()` to the end, when the script does not exit itself.
    pub exit_grace: Span,
    /// For a Promise of `onProcessTerminate`.
    pub terminate_grace: Span,
    /// For a script that is asked to terminate to call `process.exit` itself.
    pub terminate_pause: Span,
    /// End a session that had no players for so long; zero is never.
    pub empty_session_timeout: Span,
    /// End a session of this age; zero is never.
    pub session_duration_max: Span,
    /// How often health is told to the service.
    pub health_interval: Span,
    /// Packets of one player and channel that wait behind a gate; then fast ones are dropped and a reliable one closes 1008.
    pub waiting_max: usize,
    /// Calls that the script has not answered; then gates are refused and messages to the script dropped.
    pub calls_max: usize,
    /// Groups that one player can be in; a further join is refused.
    pub groups_per_player_max: usize,
    /// Messages for a player whose login is in progress; later ones are dropped.
    pub early_max: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            params: String::new(),
            login_timeout: Span::from_secs(10),
            callback_timeout: Span::from_secs(5),
            payload_bytes_max: 4096,
            out_payload_bytes_max: 64 * 1024,
            ws_queue_bytes_max: 1024 * 1024,
            fallback_queue_bytes_max: 256 * 1024,
            udp_source_check: true,
            udp_idle: Span::from_secs(30),
            relay_echo: true,
            require_membership_to_send: true,
            announce_all_players_group: false,
            liveness_floor: Span::from_secs(10),
            exit_grace: Span::from_secs(10),
            terminate_grace: Span::from_secs(30),
            terminate_pause: Span::from_secs(5),
            empty_session_timeout: Span::ZERO,
            session_duration_max: Span::ZERO,
            health_interval: Span::from_secs(60),
            waiting_max: 1024,
            calls_max: 16_384,
            groups_per_player_max: 1024,
            early_max: 256,
        }
    }
}
