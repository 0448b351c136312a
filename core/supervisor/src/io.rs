//! Everything that can happen on a host and everything that can be wanted of it, as two closed enums.

use ids::ProcessId;
use serde::{Deserialize, Serialize};
use serversdk::agent::{self, Content, DeployStep};

/// Names one operating system process; made by the supervisor, unique for an instance as long as its agent keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct OsId(pub u64);

/// One logical server process of an operating system process.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// Its name towards control.
    pub process_id: ProcessId,
    /// Where players reach it, TCP.
    pub tcp_port: u16,
    /// The same for UDP.
    pub udp_port: u16,
}

/// An operating system process to be started, or one that runs already. The agent keeps it beside the process, so that the
/// next agent can take the process over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Launch {
    /// Its name.
    pub os: OsId,
    /// The hash of the content it runs; empty when the programs are there already.
    pub version: String,
    /// As the runtime configuration says.
    pub launch_path: String,
    /// As the runtime configuration says; may be empty.
    pub parameters: String,
    /// What it serves; never empty.
    pub slots: Vec<Slot>,
}

/// How an operating system process ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exit {
    /// The exit code; none after a signal, or when nobody saw it.
    pub code: Option<i32>,
    /// The exit in words, and the last lines that the process wrote: for the fleet event.
    pub message: String,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// Processes of a former agent that still run; the first input, if at all. The address is that of the instance: their
    /// ports are taken from now on, also for other instances of the machine that hear of control earlier.
    Adopted(String, Vec<Launch>),
    /// The link to control stands (again).
    LinkUp,
    /// The link to control is lost; everything goes on.
    LinkDown,
    /// Control says something. [`agent::Push::RefreshConnection`] and [`agent::Push::HoistFollowLog`] are the agent's own
    /// business and ignored here.
    Told(agent::Push),
    /// Control answers a [`Output::Ask`].
    Answered(agent::Response),
    /// Control has taken note of the end of a process (the answer to its NotifyServerProcessTermination).
    Noted(ProcessId),
    /// A deployment is at this step; [`DeployStep::Extracting`], [`DeployStep::RunningInstaller`] and
    /// [`DeployStep::CompletedInstaller`] are worth telling.
    Deploying(String, DeployStep),
    /// The version of this hash lies in its folder, installed.
    Deployed {
        /// Which.
        hash: String,
        /// Launch paths of the present runtime configuration that are not in it.
        missing: Vec<String>,
        /// Where the certificate of the compute lies; empty without one.
        certificate_path: String,
    },
    /// It does not, and why: [`DeployStep::DownloadFailed`] or [`DeployStep::InstallerFailed`].
    DeployFailed(String, DeployStep, String),
    /// The launch path is not there, or the operating system does not start it.
    LaunchFailed(OsId, String),
    /// A logical process has ended by itself; its operating system process may go on with others.
    SlotEnded(ProcessId),
    /// An operating system process is gone.
    Exited(OsId, Exit),
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Send to control if the link stands; what must arrive is said again after [`Input::LinkUp`].
    Ask(agent::Request),
    /// Fetch, check, unpack and install this content; answer [`Input::Deployed`] or [`Input::DeployFailed`].
    Deploy(Content),
    /// Start it.
    Launch(Launch),
    /// Ask it to end (SIGTERM).
    Stop(OsId),
    /// Kill it and all that it started (SIGKILL).
    Kill(OsId),
    /// The logical process has ended: its logs can be shipped.
    Ship(OsId, ProcessId),
    /// No process runs this version any more and none will; its folder may go when no other instance needs it.
    ForgetVersion(String),
    /// The host was told to end and nothing runs any more: the agent link can be closed, the instance is over.
    Finished,
}
