//! The public Server SDK 5 protocol between one server process and control (server-sdk.md 3 and 4).

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use crate::shapes::{
    BackfillPlayer, FleetRoleCredentials, GameSession, PlayerSession, PlayerSessionPolicy,
    UpdateReason,
};

/// What a server process asks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "Action")]
#[expect(missing_docs, reason = "the names are the protocol's own")]
pub enum Request {
    ActivateServerProcess(ActivateServerProcess),
    HeartbeatServerProcess(HeartbeatServerProcess),
    ActivateGameSession(ActivateGameSession),
    UpdatePlayerSessionCreationPolicy(UpdatePlayerSessionCreationPolicy),
    AcceptPlayerSession(PlayerSessionCall),
    RemovePlayerSession(PlayerSessionCall),
    DescribePlayerSessions(DescribePlayerSessions),
    StartMatchBackfill(StartMatchBackfill),
    StopMatchBackfill(StopMatchBackfill),
    GetComputeCertificate,
    GetFleetRoleCredentials(GetFleetRoleCredentials),
    TerminateServerProcess,
}

/// ProcessReady.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[expect(missing_docs, reason = "the names are the protocol's own")]
pub struct ActivateServerProcess {
    pub sdk_version: String,
    pub sdk_language: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sdk_tool_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sdk_tool_version: Option<String>,
    pub port: u16,
    pub log_paths: Vec<String>,
}

/// A sign of life and the verdict of the health check.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[expect(missing_docs, reason = "the names are the protocol's own")]
pub struct HeartbeatServerProcess {
    pub health_status: bool,
}

/// The game session has started.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[expect(missing_docs, reason = "the names are the protocol's own")]
pub struct ActivateGameSession {
    pub game_session_id: String,
}

/// Changes who may be given a seat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the names are the protocol's own")]
pub struct UpdatePlayerSessionCreationPolicy {
    #[serde(default)]
    pub game_session_id: String,
    pub player_session_policy: PlayerSessionPolicy,
}

/// A player has come, or gone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[expect(missing_docs, reason = "the names are the protocol's own")]
pub struct PlayerSessionCall {
    pub game_session_id: String,
    pub player_session_id: String,
    /// Ours: the answer to AcceptPlayerSession then carries `HoistPlayerId` and `HoistPlayerData`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub hoist_with_player: bool,
    /// Ours: the same call may have been granted before, and its answer was lost. A seat that is ACTIVE is granted again then;
    /// who says so lets nobody else into it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub hoist_again: bool,
}

/// Asks for player sessions by exactly one selector.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[expect(missing_docs, reason = "the names are the protocol's own")]
pub struct DescribePlayerSessions {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub game_session_id: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub player_id: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub player_session_id: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub player_session_status_filter: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub next_token: String,
    pub limit: u32,
}

/// Asks for more players.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[expect(missing_docs, reason = "the names are the protocol's own")]
pub struct StartMatchBackfill {
    pub game_session_arn: String,
    pub matchmaking_configuration_arn: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub ticket_id: String,
    pub players: Vec<BackfillPlayer>,
}

/// Cancels a backfill.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[expect(missing_docs, reason = "the names are the protocol's own")]
pub struct StopMatchBackfill {
    pub game_session_arn: String,
    pub matchmaking_configuration_arn: String,
    pub ticket_id: String,
}

/// Asks for credentials of the fleet's role.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[expect(missing_docs, reason = "the names are the protocol's own")]
pub struct GetFleetRoleCredentials {
    pub role_arn: String,
    pub role_session_name: String,
}

/// What control answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "Action")]
#[expect(missing_docs, reason = "the names are the protocol's own")]
pub enum Response {
    ActivateServerProcess,
    HeartbeatServerProcess,
    ActivateGameSession,
    UpdatePlayerSessionCreationPolicy,
    AcceptPlayerSession(AcceptedPlayer),
    RemovePlayerSession,
    DescribePlayerSessions(PlayerSessions),
    StartMatchBackfill(BackfillTicket),
    StopMatchBackfill,
    GetComputeCertificate(ComputeCertificate),
    GetFleetRoleCredentials(FleetRoleCredentials),
    TerminateServerProcess,
}

/// Ours: who the accepted player is, when it was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[expect(missing_docs, reason = "the names say it")]
pub struct AcceptedPlayer {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hoist_player_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hoist_player_data: Option<String>,
}

/// The player sessions asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[expect(missing_docs, reason = "the names are the protocol's own")]
pub struct PlayerSessions {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    pub player_sessions: Vec<PlayerSession>,
}

/// The ticket of a backfill.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[expect(missing_docs, reason = "the names are the protocol's own")]
pub struct BackfillTicket {
    pub ticket_id: String,
}

/// Where the host's certificate lies.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[expect(missing_docs, reason = "the names are the protocol's own")]
pub struct ComputeCertificate {
    pub certificate_path: String,
    pub compute_name: String,
}

/// What control says by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "Action")]
#[expect(missing_docs, reason = "the names are the protocol's own")]
pub enum Push {
    CreateGameSession(CreateGameSession),
    UpdateGameSession(UpdateGameSession),
    TerminateProcess(TerminateProcess),
    RefreshConnection(RefreshConnection),
}

/// Start this game session.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[expect(missing_docs, reason = "the names are the protocol's own")]
pub struct CreateGameSession {
    pub game_session_id: String,
    pub game_session_name: String,
    pub game_session_data: String,
    pub matchmaker_data: String,
    pub maximum_player_session_count: u32,
    pub ip_address: String,
    pub port: u16,
    pub dns_name: String,
    pub game_properties: BTreeMap<String, String>,
    /// Ours: the location, which the public message does not name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub hoist_location: String,
}

/// The result of a backfill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the names are the protocol's own")]
pub struct UpdateGameSession {
    pub update_reason: UpdateReason,
    #[serde(default)]
    pub backfill_ticket_id: String,
    #[serde(default)]
    pub game_session: GameSession,
}

/// End; the process must be gone at `termination_time` (epoch milliseconds).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[expect(missing_docs, reason = "the names are the protocol's own")]
pub struct TerminateProcess {
    pub termination_time: u64,
}

/// Open a second connection there, then close this one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[expect(missing_docs, reason = "the names are the protocol's own")]
pub struct RefreshConnection {
    pub refresh_connection_endpoint: String,
    pub auth_token: String,
}
