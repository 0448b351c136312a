//! Shapes that several messages share. Member names are the protocol's own.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A game session as a server process sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[expect(missing_docs, reason = "the names are the service's own")]
pub struct GameSession {
    pub game_session_id: String,
    pub name: String,
    pub fleet_id: String,
    pub location: String,
    pub game_session_data: String,
    pub matchmaker_data: String,
    pub dns_name: String,
    pub ip_address: String,
    pub port: u16,
    pub maximum_player_session_count: u32,
    pub game_properties: BTreeMap<String, String>,
    pub status: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_reason: Option<String>,
}

/// A player session as a server process sees it. Times are epoch milliseconds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[expect(missing_docs, reason = "the names are the service's own")]
pub struct PlayerSession {
    pub player_id: String,
    pub player_session_id: String,
    pub game_session_id: String,
    pub fleet_id: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub player_data: String,
    pub ip_address: String,
    pub port: u16,
    pub creation_time: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub termination_time: Option<u64>,
    pub dns_name: String,
    pub status: String,
}

/// A player of a backfill request. Attributes come with or without `AttrType`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[expect(missing_docs, reason = "the names are the service's own")]
pub struct BackfillPlayer {
    pub player_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    pub latency_in_ms: BTreeMap<String, i64>,
    pub player_attributes: BTreeMap<String, AttributeValue>,
}

/// One attribute of a player; exactly one member is meant to be there.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the names are the service's own")]
pub struct AttributeValue {
    #[serde(rename = "AttrType", skip_serializing_if = "Option::is_none")]
    pub attr_type: Option<String>,
    #[serde(rename = "S", skip_serializing_if = "Option::is_none")]
    pub s: Option<String>,
    #[serde(rename = "N", skip_serializing_if = "Option::is_none")]
    pub n: Option<f64>,
    #[serde(rename = "SL", skip_serializing_if = "Option::is_none")]
    pub sl: Option<Vec<String>>,
    #[serde(rename = "SDM", skip_serializing_if = "Option::is_none")]
    pub sdm: Option<BTreeMap<String, f64>>,
}

/// Temporary credentials of a fleet's role.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[expect(missing_docs, reason = "the names are the service's own")]
pub struct FleetRoleCredentials {
    pub assumed_role_user_arn: String,
    pub assumed_role_id: String,
    pub access_key_id: String,
    pub secret_access_key: String,
    pub session_token: String,
    pub expiration: u64,
}

/// Which processes a host should run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[expect(missing_docs, reason = "the names are the service's own")]
pub struct RuntimeConfiguration {
    pub server_processes: Vec<ServerProcess>,
    pub max_concurrent_game_session_activations: u32,
    pub game_session_activation_timeout_seconds: u32,
}

impl Default for RuntimeConfiguration {
    fn default() -> Self {
        Self {
            server_processes: Vec::new(),
            max_concurrent_game_session_activations: 2_147_483_647,
            game_session_activation_timeout_seconds: 300,
        }
    }
}

/// One kind of process of a host.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[expect(missing_docs, reason = "the names are the service's own")]
pub struct ServerProcess {
    pub launch_path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameters: Option<String>,
    pub concurrent_executions: u32,
}

/// A range of ports, both ends included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct PortRange {
    /// The first port.
    pub from: u16,
    /// The last port.
    pub to: u16,
}

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $word)] $variant,)*
        }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }
        }
    )*};
}

words! {
    /// Who may be given a seat.
    PlayerSessionPolicy {
        /// Everybody, as long as seats are free.
        AcceptAll = "ACCEPT_ALL",
        /// Nobody.
        DenyAll = "DENY_ALL",
    }

    /// Why a game session is sent again.
    UpdateReason {
        /// A backfill was successful.
        MatchmakingDataUpdated = "MATCHMAKING_DATA_UPDATED",
        /// A backfill failed.
        BackfillFailed = "BACKFILL_FAILED",
        /// A backfill found nobody in time.
        BackfillTimedOut = "BACKFILL_TIMED_OUT",
        /// A backfill was cancelled.
        BackfillCancelled = "BACKFILL_CANCELLED",
    }

    /// What went wrong with a process, in the words of fleet events.
    EventCode {
        /// It ended without ProcessEnding.
        Crashed = "SERVER_PROCESS_CRASHED",
        /// It was not gone in time after it was told to end.
        ForceTerminated = "SERVER_PROCESS_FORCE_TERMINATED",
        /// The launch path is not there.
        InvalidPath = "SERVER_PROCESS_INVALID_PATH",
        /// It did not exit in time after ProcessEnding.
        ExitTimeout = "SERVER_PROCESS_PROCESS_EXIT_TIMEOUT",
        /// It did not call ProcessReady in time.
        ReadyTimeout = "SERVER_PROCESS_PROCESS_READY_TIMEOUT",
        /// It did not call InitSDK in time.
        SdkInitializationTimeout = "SERVER_PROCESS_SDK_INITIALIZATION_TIMEOUT",
        /// Three health checks failed.
        TerminatedUnhealthy = "SERVER_PROCESS_TERMINATED_UNHEALTHY",
    }

    /// Why a process ended.
    TerminationReason {
        /// See [`EventCode::Crashed`].
        Crashed = "SERVER_PROCESS_CRASHED",
        /// See [`EventCode::ForceTerminated`].
        ForceTerminated = "SERVER_PROCESS_FORCE_TERMINATED",
        /// See [`EventCode::InvalidPath`].
        InvalidPath = "SERVER_PROCESS_INVALID_PATH",
        /// See [`EventCode::ExitTimeout`].
        ExitTimeout = "SERVER_PROCESS_PROCESS_EXIT_TIMEOUT",
        /// See [`EventCode::ReadyTimeout`].
        ReadyTimeout = "SERVER_PROCESS_PROCESS_READY_TIMEOUT",
        /// See [`EventCode::SdkInitializationTimeout`].
        SdkInitializationTimeout = "SERVER_PROCESS_SDK_INITIALIZATION_TIMEOUT",
        /// See [`EventCode::TerminatedUnhealthy`].
        TerminatedUnhealthy = "SERVER_PROCESS_TERMINATED_UNHEALTHY",
        /// The host goes away.
        ComputeShuttingDown = "COMPUTE_SHUTTING_DOWN",
        /// The developer asked for it.
        CustomerInitiated = "CUSTOMER_INITIATED",
        /// It ended as it should.
        NormalTermination = "NORMAL_TERMINATION",
    }

    /// Whether players' connections are encrypted.
    CertificateType {
        /// Plain text.
        Disabled = "DISABLED",
        /// TLS and DTLS with a certificate for the host's DNS name.
        Generated = "GENERATED",
    }
}
