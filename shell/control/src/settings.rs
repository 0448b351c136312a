//! Everything that can be set about a control plane, as plain values; the command line parses them.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// How to run one control plane.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The data folder: rows, script versions, logs, buckets. One control plane at a time.
    pub data: PathBuf,
    /// Where the API, the links, `/admin`, `/live` and `/ready` listen; port 0 is any free one.
    pub api: SocketAddr,
    /// Where the Prometheus text is served; nowhere when `None`.
    pub metrics: Option<SocketAddr>,
    /// How clients, hosts and server processes reach the API port (`http://name:port`); made from the bound address when `None`.
    pub public_url: Option<String>,
    /// The AWS region that answers name; it must look like `us-east-1`.
    pub region: String,
    /// The 12-digit account of everything.
    pub account: String,
    /// Who may call. Empty: any credentials pass, and a warning says so.
    pub access_keys: Vec<AccessKey>,
    /// What `hoist agent --token` must say to offer a machine. `None`: made once and kept in the data folder.
    pub machine_token: Option<String>,
    /// Buckets at S3-compatible endpoints; every other bucket is a folder below `buckets` in the data folder.
    pub buckets: Vec<Bucket>,
    /// How often the objects behind `StorageLocation` are looked at for changes.
    pub storage_poll: Duration,
    /// Where structured events go.
    pub events: Option<EventSink>,
    /// Certificate and key: the API port then takes TLS and plain connections.
    pub tls: Option<TlsFiles>,
    /// How far a signature's date may be off.
    pub clock_skew: Duration,
    /// How long the zips of session logs are kept.
    pub logs_kept: Duration,
    /// Size and time limits.
    pub limits: Limits,
}

/// A caller's credentials.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessKey {
    /// `AWS_ACCESS_KEY_ID`.
    pub id: String,
    /// `AWS_SECRET_ACCESS_KEY`.
    pub secret: String,
}

impl fmt::Debug for AccessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessKey")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// A bucket at an S3-compatible endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// The name that `StorageLocation.Bucket` gives.
    pub name: String,
    /// `http://` or `https://` with host and port; objects are read path-style below it.
    pub endpoint: String,
    /// The region of the signature.
    pub region: String,
    /// Signs the reads; unsigned when `None`.
    pub access_key: Option<AccessKey>,
}

/// Where structured events go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventSink {
    /// One line of JSON each, appended.
    File(PathBuf),
    /// A POST of a JSON array each time there is something.
    Url(String),
}

/// Files in PEM form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate, then its issuers.
    pub certificate: PathBuf,
    /// The private key.
    pub key: PathBuf,
}

/// Limits; what happens at each is said with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Calls waiting for the writer; then `ThrottlingException`.
    pub calls_waiting_max: usize,
    /// Calls that share one commit; then the rest takes the next.
    pub calls_per_commit_max: usize,
    /// Open connections; then new ones wait in the kernel until one ends.
    pub connections_max: usize,
    /// For a request's head, also between two requests; then the connection is closed.
    pub head_timeout: Duration,
    /// For a request's body; then 408.
    pub body_timeout: Duration,
    /// Of a request's body; then 413.
    pub body_bytes_max: usize,
    /// Of a message of a server process or agent; then the link is closed with 1009.
    pub message_bytes_max: usize,
    /// Messages waiting for one link; then it is cut off and connects anew.
    pub link_outbox_max: usize,
    /// Between two pings of a link; after two without any sign of life it is cut off.
    pub link_ping: Duration,
    /// Of a script's zip; then `InvalidRequestException`.
    pub script_bytes_max: u64,
    /// Of a script's unpacked files together; then `InvalidRequestException`.
    pub script_unpacked_bytes_max: u64,
    /// Entries of a script's zip; then `InvalidRequestException`.
    pub script_entries_max: usize,
    /// Of a session's log zip; a larger one is refused, the agent has left out the middle before.
    pub log_bytes_max: u64,
    /// Events waiting for their sink; then the oldest are dropped and counted.
    pub events_waiting_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            calls_waiting_max: 4096,
            calls_per_commit_max: 256,
            connections_max: 8192,
            head_timeout: Duration::from_secs(60),
            body_timeout: Duration::from_secs(30),
            body_bytes_max: 10 * 1024 * 1024,
            message_bytes_max: 1024 * 1024,
            link_outbox_max: 1024,
            link_ping: Duration::from_secs(30),
            script_bytes_max: 256 * 1024 * 1024,
            script_unpacked_bytes_max: 1024 * 1024 * 1024,
            script_entries_max: 50_000,
            log_bytes_max: 64 * 1024 * 1024,
            events_waiting_max: 10_000,
        }
    }
}

impl Settings {
    /// Every default, API on any free loopback port, no metrics port.
    pub fn new(data: impl Into<PathBuf>) -> Self {
        Self {
            data: data.into(),
            api: SocketAddr::from(([127, 0, 0, 1], 0)),
            metrics: None,
            public_url: None,
            region: "us-east-1".into(),
            account: "000000000000".into(),
            access_keys: Vec::new(),
            machine_token: None,
            buckets: Vec::new(),
            storage_poll: Duration::from_secs(15),
            events: None,
            tls: None,
            clock_skew: Duration::from_secs(15 * 60),
            logs_kept: Duration::from_secs(14 * 24 * 3600),
            limits: Limits::default(),
        }
    }
}
