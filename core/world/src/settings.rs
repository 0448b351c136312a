//! What the operator decides, with the defaults of api.md 10 and 14. Plain data; the shell fills it from its configuration.

use ids::{FleetId, Location, Origin, Span};
use serversdk::PortRange;

/// Settings of one region of one deployment.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The region name; must look like `us-east-1`.
    pub region: String,
    /// The account id, 12 digits.
    pub account: String,
    /// What the Server SDK connects to, at most 128 characters.
    pub service_sdk_endpoint: String,
    /// What agents connect to, at most 128 characters.
    pub agent_endpoint: String,
    /// Script and build zips are fetched from `<url>/<hash>`.
    pub content_url: String,
    /// Logs are put to `<url>/<fleet id>/<compute name>/<process id>`.
    pub log_upload_url: String,
    /// Log downloads are `<url>/<file>?…`.
    pub log_download_url: String,
    /// Signs log downloads.
    pub log_url_key: [u8; 32],
    /// Locations in which managed fleets can be, the region itself included.
    pub locations: Vec<Location>,
    /// Player ports of hosts whose machine does not say, TCP.
    pub tcp_ports: PortRange,
    /// The same for UDP.
    pub udp_ports: PortRange,
    /// Node.js versions that scripts may ask for.
    pub node_js_versions: Vec<String>,
    /// Whether events are kept for delivery.
    pub events: bool,
    /// How many of each thing.
    pub limits: Limits,
    /// How long everything takes at most.
    pub times: Times,
}

impl Settings {
    /// Where the ARNs of this deployment come from.
    pub(crate) fn origin(&self) -> Origin {
        Origin::new(self.region.as_str(), self.account.as_str())
    }

    /// The ARN of a fleet.
    pub(crate) fn fleet_arn(&self, fleet: &FleetId) -> String {
        self.origin().fleet(fleet)
    }

    /// The defaults for a region whose control plane is reached at `host` (`127.0.0.1:9700`), without TLS.
    pub fn new(region: &str, account: &str, host: &str) -> Self {
        Self {
            region: region.into(),
            account: account.into(),
            service_sdk_endpoint: format!("ws://{host}/sdk"),
            agent_endpoint: format!("ws://{host}/agent"),
            content_url: format!("http://{host}/content"),
            log_upload_url: format!("http://{host}/logs"),
            log_download_url: format!("http://{host}/logs"),
            log_url_key: [0; 32],
            locations: AWS_REGIONS
                .iter()
                .map(|name| Location::from(*name))
                .collect(),
            tcp_ports: PortRange {
                from: 1900,
                to: 2000,
            },
            udp_ports: PortRange {
                from: 33400,
                to: 33500,
            },
            node_js_versions: vec!["10.x".into(), "24.x".into()],
            events: false,
            limits: Limits::default(),
            times: Times::default(),
        }
    }
}

/// Quotas (api.md 10); at the limit the call is refused with LimitExceededException.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Limits {
    pub fleets: usize,
    pub scripts: usize,
    pub builds: usize,
    pub aliases: usize,
    pub queues: usize,
    pub matchmaking_configurations: usize,
    pub matchmaking_rule_sets: usize,
    pub custom_locations: usize,
    pub computes_per_fleet: usize,
    pub locations_per_fleet: usize,
    pub inbound_permissions: usize,
    pub instances_per_type: u32,
    pub processes_per_instance: u32,
    pub players_per_game_session: i64,
    pub tags_per_resource: usize,
    /// Fleet events kept of one fleet; the oldest go.
    pub fleet_events: usize,
    /// Events waiting for delivery; the oldest go.
    pub outbox: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            fleets: 1000,
            scripts: 1000,
            builds: 1000,
            aliases: 1000,
            queues: 1000,
            matchmaking_configurations: 300,
            matchmaking_rule_sets: 1000,
            custom_locations: 1000,
            computes_per_fleet: 1000,
            locations_per_fleet: 100,
            inbound_permissions: 50,
            instances_per_type: 20,
            processes_per_instance: 50,
            players_per_game_session: 200,
            tags_per_resource: 50,
            fleet_events: 1000,
            outbox: 10_000,
        }
    }
}

/// Waits and retentions.
#[derive(Clone, Debug)]
pub struct Times {
    /// A reserved seat that nobody takes.
    pub reservation: Span,
    /// Between two game sessions of one creator in a fleet without a ResourceCreationLimitPolicy.
    pub creator_pause: Span,
    /// Between two health reports.
    pub heartbeat: Span,
    /// From connecting to ProcessReady.
    pub process_ready: Span,
    /// Between losing a process's or an agent's connection and giving it up.
    pub reconnect: Span,
    /// From TerminateProcess to the kill.
    pub terminate: Span,
    /// From ProcessEnding to the exit.
    pub exit: Span,
    /// From StartComputeTermination to the end of the instance.
    pub drain: Span,
    /// From CreateFleet to ACTIVE.
    pub activation: Span,
    /// Life of a compute's token.
    pub token: Span,
    /// A terminated fleet can still be read for so long.
    pub terminated_fleet: Span,
    /// Ended game and player sessions can still be read for so long.
    pub sessions: Span,
    /// Logs are kept for so long.
    pub logs: Span,
    /// A log URL is good for so long.
    pub log_url: Span,
}

impl Default for Times {
    fn default() -> Self {
        const DAY: u64 = 24 * 60 * 60;
        Self {
            reservation: Span::from_secs(60),
            creator_pause: Span::from_secs(1),
            heartbeat: Span::from_secs(60),
            process_ready: Span::from_secs(300),
            reconnect: Span::from_secs(180),
            terminate: Span::from_secs(300),
            exit: Span::from_secs(30),
            drain: Span::from_secs(360),
            activation: Span::from_secs(600),
            token: Span::from_secs(3 * 60 * 60),
            terminated_fleet: Span::from_secs(60),
            sessions: Span::from_secs(30 * DAY),
            logs: Span::from_secs(14 * DAY),
            log_url: Span::from_secs(15 * 60),
        }
    }
}

/// The regions in which GameLift offers managed locations.
const AWS_REGIONS: &[&str] = &[
    "af-south-1",
    "ap-east-1",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-5",
    "ap-southeast-7",
    "ca-central-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
];
