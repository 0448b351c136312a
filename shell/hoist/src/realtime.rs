//! `hoist realtime`: the flags of a server process. Standalone it needs no control plane; otherwise the agent starts it, with
//! the environment of Server SDK 5 and one `--slot` for each logical server process.

use crate::print::out;
use crate::units::{parse_millis, parse_size};
use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};
use realtime::{
    Accept, Console, Control, Limits, LinkSettings, Private, Rules, Settings, Shutdown,
    SlotSettings, Standalone,
};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

/// Which engine runs the script.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Engine {
    /// Embedded, unless the script needs what only Node.js has.
    #[default]
    Auto,
    /// QuickJS in this process.
    Embedded,
    /// A Node.js child process.
    Node,
}

impl Engine {
    /// As `--engine` spells it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Embedded => "embedded",
            Self::Node => "node",
        }
    }

    pub(crate) const fn choice(self) -> script::Choice {
        match self {
            Self::Auto => script::Choice::Auto,
            Self::Embedded => script::Choice::Embedded,
            Self::Node => script::Choice::Node,
        }
    }
}

/// Flags of `hoist realtime`.
#[derive(Debug, Args)]
pub(crate) struct Flags {
    /// The script: a file, a folder or a zip.
    #[arg(long, value_name = "PATH")]
    script: PathBuf,
    /// No control plane: every non-empty player session id may log in, and the game session starts at once.
    #[arg(long)]
    standalone: bool,
    /// TCP port; 0 is any free one.
    #[arg(long, default_value_t = 0, conflicts_with = "slot")]
    tcp_port: u16,
    /// UDP port; 0 is any free one.
    #[arg(long, default_value_t = 0, conflicts_with = "slot")]
    udp_port: u16,
    /// Address to bind; every address when left out.
    #[arg(long, value_name = "ADDRESS")]
    bind: Option<IpAddr>,
    /// How many game sessions this process serves, each with ports of its own.
    #[arg(long, default_value_t = 1, value_name = "N", conflicts_with = "slot")]
    slots: u16,
    /// A logical server process, PROCESSID:TCPPORT:UDPPORT (repeatable; the agent gives them).
    #[arg(long, value_name = "ID:TCP:UDP")]
    slot: Vec<String>,
    /// Which engine runs the script.
    #[arg(long, value_enum, default_value_t)]
    engine: Engine,
    /// The Node.js program, when not `node` in PATH.
    #[arg(long, value_name = "PATH")]
    node: Option<PathBuf>,
    /// Certificates in PEM form to trust beside the public ones, when the control plane speaks TLS (the agent gives them).
    #[arg(long, value_name = "FILE")]
    control_ca: Option<PathBuf>,
    /// End when the program that started this one ends.
    #[arg(long, hide = true)]
    die_with_parent: bool,
    /// Tell how many players are in, each time somebody comes or leaves.
    #[arg(long, hide = true)]
    tell_players: bool,
    /// Launch parameters: given to onProcessStarted; `loggingLevel:debug` among them sets the log level.
    #[arg(long, default_value = "", allow_hyphen_values = true)]
    params: String,
    /// The folder that the script may read; its own when left out.
    #[arg(long, value_name = "DIR")]
    game_dir: Option<PathBuf>,
    /// Where log files go; none when left out.
    #[arg(long, value_name = "DIR")]
    log_dir: Option<PathBuf>,
    /// Serve Prometheus metrics on this port of the loopback address.
    #[arg(long, value_name = "PORT")]
    metrics_port: Option<u16>,
    /// The UDP port that players are told, when a NAT maps the bound one.
    #[arg(long, value_name = "PORT")]
    advertised_udp_port: Option<u16>,
    #[command(flatten)]
    session: SessionFlags,
    #[command(flatten)]
    budget: BudgetFlags,
    #[command(flatten)]
    rules: RuleFlags,
}

/// What a script may use up.
#[derive(Debug, Args)]
#[command(next_help_heading = "Budgets of the script")]
struct BudgetFlags {
    /// Running time of one callback; one that runs longer is cut off and the slot ends.
    #[arg(long, value_parser = parse_millis, default_value = "5s", value_name = "TIME")]
    callback_budget: u64,
    /// JavaScript memory.
    #[arg(long, value_parser = parse_size, default_value = "256MiB", value_name = "SIZE")]
    memory_budget: usize,
}

/// The game session of a standalone server.
#[derive(Debug, Args)]
#[command(next_help_heading = "Standalone")]
struct SessionFlags {
    /// Only these player session ids may log in.
    #[arg(long, value_delimiter = ',', value_name = "ID,...")]
    accept_only: Vec<String>,
    /// MaximumPlayerSessionCount of the game session.
    #[arg(long, value_name = "N")]
    max_players: Option<u32>,
    /// GameSessionData of the game session.
    #[arg(long, default_value = "", value_name = "TEXT")]
    game_session_data: String,
    /// MatchmakerData of the game session.
    #[arg(long, default_value = "", value_name = "JSON")]
    matchmaker_data: String,
    /// A game property of the game session, KEY=VALUE (repeatable).
    #[arg(long, value_name = "KEY=VALUE")]
    game_property: Vec<String>,
}

/// Rules that a user may change.
#[derive(Debug, Args)]
#[command(next_help_heading = "Rules and limits")]
struct RuleFlags {
    /// From the open connection to its LOGIN.
    #[arg(long, value_parser = parse_millis, default_value = "10s", value_name = "TIME")]
    login_timeout: u64,
    /// For a callback that returns a Promise.
    #[arg(long, value_parser = parse_millis, default_value = "5s", value_name = "TIME")]
    callback_timeout: u64,
    /// Payload bytes that a player may send.
    #[arg(long, value_parser = parse_size, default_value = "4KiB", value_name = "SIZE")]
    max_payload: usize,
    /// Payload bytes that a script may send.
    #[arg(long, value_parser = parse_size, default_value = "64KiB", value_name = "SIZE")]
    max_out_payload: usize,
    /// Bytes of one WebSocket message.
    #[arg(long, value_parser = parse_size, default_value = "16KiB", value_name = "SIZE")]
    max_ws_message: usize,
    /// Bytes waiting for one slow player before it is closed with 1008.
    #[arg(long, value_parser = parse_size, default_value = "1MiB", value_name = "SIZE")]
    ws_queue_cap: usize,
    /// Where datagrams of a player may come from: the address of its WebSocket, or anywhere.
    #[arg(long, value_enum, default_value_t = SourceCheck::Ip)]
    udp_source_check: SourceCheck,
    /// After this silence fast messages to a player go by WebSocket; 0 is never.
    #[arg(long, value_parser = parse_millis, default_value = "30s", value_name = "TIME")]
    udp_idle: u64,
    /// Do not send a sender its own group messages.
    #[arg(long)]
    no_relay_echo: bool,
    /// Let players send to groups that they are no members of.
    #[arg(long)]
    no_membership_needed: bool,
    /// Announce who is in the group of all players.
    #[arg(long)]
    announce_all_players_group: bool,
    /// The least silence after which a connection is dead.
    #[arg(long, value_parser = parse_millis, default_value = "10s", value_name = "TIME")]
    liveness_floor: u64,
    /// From processEnding() to the exit, when the script does not exit itself.
    #[arg(long, value_parser = parse_millis, default_value = "10s", value_name = "TIME")]
    exit_grace: u64,
    /// For a Promise of onProcessTerminate.
    #[arg(long, value_parser = parse_millis, default_value = "30s", value_name = "TIME")]
    terminate_grace: u64,
    /// End a session that had no players for so long; 0 is never.
    #[arg(long, value_parser = parse_millis, default_value = "0", value_name = "TIME")]
    empty_session_timeout: u64,
    /// End a session of this age; 0 is never.
    #[arg(long, value_parser = parse_millis, default_value = "0", value_name = "TIME")]
    max_session_duration: u64,
    /// How often health is told to the control plane.
    #[arg(long, value_parser = parse_millis, default_value = "60s", value_name = "TIME")]
    health_interval: u64,
    /// Take text messages as the JSON form of a packet, for debugging.
    #[arg(long)]
    accept_text_json: bool,
    /// Browser origins that may connect; any when left out.
    #[arg(long, value_delimiter = ',', value_name = "ORIGIN,...")]
    allowed_origins: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum SourceCheck {
    Ip,
    None,
}

impl Flags {
    fn settings(self) -> Result<Settings> {
        let link = if self.standalone {
            LinkSettings::Standalone(self.session.link()?)
        } else {
            control(self.control_ca.as_deref())?
        };
        let slots = if self.slot.is_empty() {
            if self.slots > 1 && (self.tcp_port != 0 || self.udp_port != 0) {
                bail!(
                    "--tcp-port and --udp-port name one slot; with --slots leave them out or give each slot by --slot"
                );
            }
            let one = SlotSettings {
                tcp_port: self.tcp_port,
                udp_port: self.udp_port,
                ..SlotSettings::default()
            };
            vec![one; usize::from(self.slots)]
        } else {
            self.slot
                .iter()
                .map(|text| slot(text))
                .collect::<Result<_>>()?
        };
        let (limits, rules) = self.rules.split();
        Ok(Settings {
            script: self.script,
            game_dir: self.game_dir,
            launch_path: None,
            budgets: script::Budgets {
                callback: Duration::from_millis(self.budget.callback_budget),
                memory: self.budget.memory_budget,
                ..script::Budgets::default()
            },
            log_dir: self.log_dir,
            params: self.params,
            engine: self.engine.choice(),
            node: self.node,
            bind: self.bind,
            advertised_udp_port: self.advertised_udp_port,
            slots,
            link,
            metrics_port: self.metrics_port,
            console: Console::Stderr,
            tell_players: self.tell_players,
            limits,
            rules,
        })
    }
}

impl SessionFlags {
    fn link(self) -> Result<Standalone> {
        let accept = if self.accept_only.is_empty() {
            Accept::Any
        } else {
            Accept::List(self.accept_only)
        };
        let mut game_properties = Vec::new();
        for property in &self.game_property {
            let (key, value) = property
                .split_once('=')
                .with_context(|| format!("`{property}` is no game property; write KEY=VALUE"))?;
            game_properties.push((key.to_owned(), value.to_owned()));
        }
        Ok(Standalone {
            accept,
            game_session_data: self.game_session_data,
            matchmaker_data: self.matchmaker_data,
            game_properties,
            max_players: self.max_players,
            game_session_id: String::new(),
        })
    }
}

impl RuleFlags {
    fn split(self) -> (Limits, Rules) {
        let limits = Limits {
            ws_message_bytes_max: self.max_ws_message,
            ..Limits::default()
        };
        let rules = Rules {
            login_timeout_ms: self.login_timeout,
            callback_timeout_ms: self.callback_timeout,
            payload_bytes_max: self.max_payload,
            out_payload_bytes_max: self.max_out_payload,
            ws_queue_bytes_max: self.ws_queue_cap,
            udp_source_check: self.udp_source_check == SourceCheck::Ip,
            udp_idle_ms: self.udp_idle,
            relay_echo: !self.no_relay_echo,
            require_membership_to_send: !self.no_membership_needed,
            announce_all_players_group: self.announce_all_players_group,
            liveness_floor_ms: self.liveness_floor,
            exit_grace_ms: self.exit_grace,
            terminate_grace_ms: self.terminate_grace,
            empty_session_timeout_ms: self.empty_session_timeout,
            session_duration_max_ms: self.max_session_duration,
            health_interval_ms: self.health_interval,
            accept_text_json: self.accept_text_json,
            allowed_origins: self.allowed_origins,
        };
        (limits, rules)
    }
}

fn slot(text: &str) -> Result<SlotSettings> {
    let wrong = || format!("`{text}` is no slot; write PROCESSID:TCPPORT:UDPPORT");
    let parts: Vec<&str> = text.split(':').collect();
    let [process_id, tcp_port, udp_port] = parts[..] else {
        bail!(wrong())
    };
    Ok(SlotSettings {
        process_id: process_id.to_owned(),
        tcp_port: tcp_port.parse().with_context(wrong)?,
        udp_port: udp_port.parse().with_context(wrong)?,
    })
}

/// Where the control plane is, from the environment that Server SDK 5 defines.
fn control(ca: Option<&Path>) -> Result<LinkSettings> {
    let ca_pem = ca
        .map(|path| {
            std::fs::read(path)
                .with_context(|| format!("--control-ca {} cannot be read", path.display()))
        })
        .transpose()?;
    let variable = |name: &str| {
        std::env::var(name).with_context(|| {
            format!("{name} is not set: a server process is started by the agent; to run one alone add --standalone")
        })
    };
    Ok(LinkSettings::Control(Control {
        url: variable("GAMELIFT_SDK_WEBSOCKET_URL")?,
        auth_token: Private::new(variable("GAMELIFT_SDK_AUTH_TOKEN")?),
        host_id: variable("GAMELIFT_SDK_HOST_ID")?,
        fleet_id: variable("GAMELIFT_SDK_FLEET_ID")?,
        ca_pem,
    }))
}

/// Serves until every slot has ended.
pub(crate) fn run(flags: Flags) -> Result<ExitCode> {
    if flags.die_with_parent {
        nix::sys::prctl::set_pdeathsig(nix::sys::signal::Signal::SIGTERM)
            .context("to end with the parent")?;
    }
    let settings = flags.settings()?;
    if let (Some(game_dir), Some(log_dir)) = (&settings.game_dir, &settings.log_dir) {
        // Before any thread and any line of the script: what the agent asks for by its environment.
        agent::prepare_server_process(game_dir, log_dir, settings.node.as_deref())
            .context("this process could not be confined to its folders")?;
    }
    let exit = realtime::run(settings, Shutdown::on_signals(), |event| {
        out(&event.to_json())
    })?;
    Ok(ExitCode::from(u8::try_from(exit.code).unwrap_or(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_read() {
        let read = slot("p-1:1900:33400").unwrap();
        assert_eq!(
            (read.process_id.as_str(), read.tcp_port, read.udp_port),
            ("p-1", 1900, 33400)
        );
        for bad in ["", "p", "p:1", "p:1:x", "p:1:70000", "p:1:2:3"] {
            let error = slot(bad).unwrap_err().to_string();
            assert!(error.contains("PROCESSID:TCPPORT:UDPPORT"), "{error}");
        }
    }
}
