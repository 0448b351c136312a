//! Everything that can be set about an agent, as plain values; the command line parses them.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use serversdk::PortRange;

/// How to run one agent: one machine that offers itself to a control plane.
#[derive(Clone)]
pub struct Settings {
    /// The data folder: script versions, instances, logs that are not uploaded yet. One agent at a time.
    pub data: PathBuf,
    /// The control plane, `http://host:port` or `https://…`.
    pub control: String,
    /// The machine token of the control plane.
    pub token: String,
    /// The machine's name; made once and kept in the data folder when empty.
    pub machine_name: String,
    /// What the machine has to give.
    pub provider: Provider,
    /// The program that is started with `realtime …` for each server process; this very program when `None`.
    pub program: Option<PathBuf>,
    /// Further arguments for every server process.
    pub arguments: Vec<String>,
    /// Lock server processes out of everything but their own folders, where the kernel can.
    pub confine: bool,
    /// What becomes of server processes when the agent ends.
    pub at_end: AtEnd,
    /// A certificate file that is trusted beside the public ones, for `https` and `wss`.
    pub ca: Option<PathBuf>,
    /// Size and time limits.
    pub limits: Limits,
}

/// What becomes of server processes when the agent ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtEnd {
    /// They go on, players notice nothing, and the next agent on the same data folder takes them over.
    Keep,
    /// They are killed, also when the agent itself is: for a developer's own machine.
    Kill,
}

/// What a machine has to give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Provider {
    /// Virtual instances on this machine, in any location and of any type, each on an address of its own.
    Local {
        /// Addresses that players reach; empty: loopback addresses, chosen once for the data folder.
        addresses: Vec<IpAddr>,
        /// Instances at the same time.
        capacity: u32,
    },
    /// This machine as one of a pool.
    Pool {
        /// Where it is.
        locations: Vec<String>,
        /// What it counts as.
        instance_types: Vec<String>,
        /// Addresses under which players reach it.
        addresses: Vec<IpAddr>,
        /// A DNS name that resolves to it; may be empty.
        dns_name: String,
        /// Instances at the same time.
        capacity: u32,
        /// What server processes bind; every address when `None`, as behind a NAT.
        bind: Option<IpAddr>,
        /// TCP ports for players; the control plane's default when `None`.
        tcp_ports: Option<PortRange>,
        /// UDP ports for players; the control plane's default when `None`.
        udp_ports: Option<PortRange>,
    },
}

/// Limits; what happens at each is said with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Of a script version's zip; then the deployment fails.
    pub content_bytes_max: u64,
    /// Of its unpacked files together; then the deployment fails.
    pub unpacked_bytes_max: u64,
    /// Its entries; then the deployment fails.
    pub entries_max: usize,
    /// For a download without progress; then it is tried again.
    pub download_timeout: Duration,
    /// For the install script; then the deployment fails.
    pub install_timeout: Duration,
    /// Of one log file in a session's zip; then its middle is left out.
    pub log_bytes_max: u64,
    /// Of what a process writes to its error output; then the oldest is cut away.
    pub output_bytes_max: u64,
    /// Messages waiting for the control plane; then the link is cut and made anew.
    pub link_outbox_max: usize,
    /// Between two attempts to connect, at most.
    pub reconnect_pause_max: Duration,
    /// Script versions that nothing runs are kept for so long.
    pub unused_content_kept: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            content_bytes_max: 256 * 1024 * 1024,
            unpacked_bytes_max: 1024 * 1024 * 1024,
            entries_max: 50_000,
            download_timeout: Duration::from_secs(60),
            install_timeout: Duration::from_secs(600),
            log_bytes_max: 32 * 1024 * 1024,
            output_bytes_max: 8 * 1024 * 1024,
            link_outbox_max: 4096,
            reconnect_pause_max: Duration::from_secs(5),
            unused_content_kept: Duration::from_secs(24 * 3600),
        }
    }
}

impl Settings {
    /// The `local` provider with every default.
    pub fn local(
        data: impl Into<PathBuf>,
        control: impl Into<String>,
        token: impl Into<String>,
    ) -> Self {
        Self {
            data: data.into(),
            control: control.into(),
            token: token.into(),
            machine_name: String::new(),
            provider: Provider::Local {
                addresses: Vec::new(),
                capacity: 64,
            },
            program: None,
            arguments: Vec::new(),
            confine: true,
            at_end: AtEnd::Keep,
            ca: None,
            limits: Limits::default(),
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("data", &self.data)
            .field("control", &self.control)
            .field("machine_name", &self.machine_name)
            .field("provider", &self.provider)
            .finish_non_exhaustive()
    }
}
