//! The agent protocol between one compute and control (server-sdk.md 7), and what we had to add to it: the desired state
//! of the compute ([`Push::HoistConfigure`]), its progress ([`Request::HoistReport`]) and following a log.

use ids::{ComputeName, FleetId, ProcessId, ScriptId};
use serde::{Deserialize, Serialize};

use crate::server::{GetFleetRoleCredentials, RefreshConnection as ServerRefresh};
use crate::shapes::{
    CertificateType, EventCode, FleetRoleCredentials, PortRange, RuntimeConfiguration,
    TerminationReason,
};

/// What an agent asks or tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "Action")]
#[expect(missing_docs, reason = "the names are the protocol's own")]
pub enum Request {
    SendHeartbeat(SendHeartbeat),
    DescribeRuntimeConfiguration,
    GetFleetRoleCredentials(GetFleetRoleCredentials),
    NotifyServerProcessTermination(NotifyServerProcessTermination),
    /// Ours: how far the compute is with what [`Push::HoistConfigure`] wants.
    HoistReport(HoistReport),
    /// Ours: these processes run an old version and have a successor; control lets them go unless they host a session.
    HoistRetire(HoistRetire),
    /// Ours: lines of a log that somebody follows.
    HoistLogLines(HoistLogLines),
}

/// A sign of life.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the names are the protocol's own")]
pub struct SendHeartbeat {
    pub status: ComputeStatus,
    #[serde(default)]
    pub process_list: Vec<ProcessId>,
    #[serde(default)]
    pub heartbeat_time_millis: u64,
    /// Ours: true right after connecting, when `process_list` is everything that runs, so that control can compare at once.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hoist_complete: bool,
}

/// How an agent is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names are the protocol's own")]
pub enum ComputeStatus {
    Initializing,
    Activating,
    Active,
    Terminating,
    Interrupted,
    Terminated,
}

/// A process has ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[expect(missing_docs, reason = "the names are the protocol's own")]
pub struct NotifyServerProcessTermination {
    pub process_id: ProcessId,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_code: Option<EventCode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub termination_reason: Option<TerminationReason>,
    /// Ours: why, for the fleet event: the exit status and the last lines that the process wrote.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub hoist_message: String,
}

/// Ours: one step of bringing a script version to life, or its failure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct HoistReport {
    /// Of the configuration that is meant.
    pub generation: u64,
    /// How far.
    pub step: DeployStep,
    /// Of a failure: the reason, with the stack when there is one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message: String,
    /// With [`DeployStep::Launching`]: where the certificate of the compute lies, when it has one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub certificate_path: String,
}

/// Ours: steps in the order in which they happen; the failures end the walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DeployStep {
    /// The content is here and is being unpacked.
    Extracting,
    /// The install script runs (only when there is one).
    RunningInstaller,
    /// The install script is through.
    CompletedInstaller,
    /// Unpacked and installed; the launch paths are being checked.
    Validating,
    /// The launch paths are there; processes of this version are launched from now on.
    Launching,
    /// The content cannot be fetched or is not what it should be.
    DownloadFailed,
    /// The install script failed.
    InstallerFailed,
    /// A launch path is not there.
    LaunchPathNotFound,
}

/// Ours: processes that are to give way. Control, which alone knows whether one was just chosen for a session, tells the
/// idle ones to end and never chooses any of them again; those that host a session end with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct HoistRetire {
    /// Which.
    pub process_ids: Vec<ProcessId>,
}

/// Ours: lines of a followed log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct HoistLogLines {
    /// Whose log.
    pub process_id: ProcessId,
    /// The text, with line ends.
    pub text: String,
}

/// What control answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "Action")]
#[expect(missing_docs, reason = "the names are the protocol's own")]
pub enum Response {
    SendHeartbeat(HeartbeatAnswer),
    DescribeRuntimeConfiguration(RuntimeConfiguration),
    GetFleetRoleCredentials(FleetRoleCredentials),
    NotifyServerProcessTermination,
    HoistReport,
    HoistRetire,
    HoistLogLines,
}

/// What control thinks of the reported processes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct HeartbeatAnswer {
    /// How control wants the compute: [`ComputeStatus::Active`] or [`ComputeStatus::Terminating`].
    pub status: ComputeStatus,
    /// The agent kills these.
    #[serde(default)]
    pub unhealthy_processes: Vec<ProcessId>,
    /// Control does not know these (yet); the agent checks whether they are too old for that.
    #[serde(default)]
    pub unregistered_processes: Vec<ProcessId>,
}

/// What control says by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "Action")]
#[expect(missing_docs, reason = "the names are the protocol's own")]
pub enum Push {
    NotifyProcessRegistered(NotifyProcessRegistered),
    NotifyGameSessionActivated(NotifyGameSessionActivated),
    #[serde(alias = "ForceExitProcess")]
    ForceExitServerProcess(ForceExitServerProcess),
    RefreshConnection(RefreshConnection),
    StartComputeTermination,
    /// Ours: what this compute should be. Sent after every connect and after every change; the newest counts.
    HoistConfigure(Box<HoistConfigure>),
    /// Ours: send (or stop sending) the lines of a log as they are written.
    HoistFollowLog(HoistFollowLog),
}

/// The process called ActivateServerProcess.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[expect(missing_docs, reason = "the names are the protocol's own")]
pub struct NotifyProcessRegistered {
    pub process_id: ProcessId,
    pub log_paths: Vec<String>,
}

/// The process hosts this game session.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[expect(missing_docs, reason = "the names are the protocol's own")]
pub struct NotifyGameSessionActivated {
    pub process_id: ProcessId,
    pub game_session_id: String,
}

/// Kill the process.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[expect(missing_docs, reason = "the names are the protocol's own")]
pub struct ForceExitServerProcess {
    pub process_id: ProcessId,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub termination_reason: Option<TerminationReason>,
}

/// A new token (and place) for the agent, its next connects and the processes that it launches from now on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[expect(missing_docs, reason = "the names are the protocol's own")]
pub struct RefreshConnection {
    #[serde(flatten)]
    pub connection: ServerRefresh,
    pub expiration_time: u64,
}

/// Ours: everything that a compute must know to run its processes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct HoistConfigure {
    /// Grows with every change; echoed in [`HoistReport`].
    pub generation: u64,
    /// The fleet.
    pub fleet_id: FleetId,
    /// Its ARN, name and the like, for the metadata file of the game.
    pub fleet_arn: String,
    /// The developer's name of the fleet.
    pub fleet_name: String,
    /// This compute.
    pub compute_name: ComputeName,
    /// Where it is.
    pub location: String,
    /// The region of the deployment.
    pub region: String,
    /// The address under which players reach it; ports are unique per address.
    pub ip_address: String,
    /// The name that goes with it.
    pub dns_name: String,
    /// Whether players' connections are encrypted.
    pub certificate_type: CertificateType,
    /// The content to run; none on Anywhere fleets whose programs are there already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<Content>,
    /// What to run.
    pub runtime_configuration: RuntimeConfiguration,
    /// Ports for players, TCP.
    pub tcp_ports: PortRange,
    /// Ports for players, UDP.
    pub udp_ports: PortRange,
    /// What the Server SDK connects to.
    pub service_sdk_endpoint: String,
    /// Where logs go: `PUT <url>/<fleet id>/<compute name>/<process id>` with the zip as body and
    /// `Authorization: Bearer <the compute's token>`. Empty: nowhere.
    pub log_upload_url: String,
}

/// Ours: one version of a script or a build. The hash is its identity; the same hash is the same content for ever.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Content {
    /// The script, when it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub script_id: Option<ScriptId>,
    /// Hex SHA-256 of the zip.
    pub hash: String,
    /// `GET` it here with `Authorization: Bearer <the compute's token>`.
    pub url: String,
    /// Bytes of the zip.
    pub size: u64,
    /// `10.x`, `24.x`; empty for builds.
    #[serde(default)]
    pub node_js_version: String,
}

/// Ours: whose log to follow.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct HoistFollowLog {
    /// Whose.
    pub process_id: ProcessId,
    /// Start (with what is written already) or stop.
    pub follow: bool,
}
