//! `hoist agent`: offers this machine to a control plane.

use agent::{AtEnd, Provider, Settings, Shutdown};
use anyhow::Result;
use clap::Args;
use std::net::IpAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use crate::print::{note, out};
use crate::realtime::Engine;

/// Flags of `hoist agent`.
#[derive(Debug, Args)]
pub(crate) struct Flags {
    /// URL of the control plane.
    #[arg(long, env = "HOIST_CONTROL", value_name = "URL")]
    control: String,
    /// The machine token that `hoist control` printed.
    #[arg(long, env = "HOIST_MACHINE_TOKEN", hide_env_values = true)]
    token: String,
    /// The data folder of this agent.
    #[arg(
        long,
        env = "HOIST_AGENT_DATA",
        default_value = "hoist-agent",
        value_name = "DIR"
    )]
    data: PathBuf,
    /// The machine's name; made up once when left out.
    #[arg(long, default_value = "", value_name = "NAME")]
    name: String,
    /// Virtual instances in any location, on loopback addresses, for tests.
    #[arg(long, conflicts_with_all = ["location", "instance_type"])]
    local: bool,
    /// Where this machine is: a region name (repeatable).
    #[arg(long, required_unless_present = "local", value_name = "NAME")]
    location: Vec<String>,
    /// What this machine counts as (repeatable).
    #[arg(long, required_unless_present = "local", value_name = "TYPE")]
    instance_type: Vec<String>,
    /// Address under which players reach this machine (repeatable).
    #[arg(long, value_name = "ADDRESS")]
    address: Vec<IpAddr>,
    /// DNS name that resolves to this machine.
    #[arg(long, default_value = "", value_name = "NAME")]
    dns_name: String,
    /// Address that server processes bind; every address when left out.
    #[arg(long, value_name = "ADDRESS")]
    bind: Option<IpAddr>,
    /// Instances at the same time.
    #[arg(long, default_value_t = 1, value_name = "N")]
    capacity: u32,
    /// Which engine runs scripts.
    #[arg(long, value_enum, default_value_t)]
    engine: Engine,
    /// Do not lock server processes into their own folders.
    #[arg(long)]
    no_confine: bool,
    /// End server processes with the agent; otherwise they go on, and the next agent on the same data takes them over.
    #[arg(long)]
    end_processes: bool,
    /// Further arguments of every server process, for example `-- --udp-idle 0`.
    #[arg(last = true, value_name = "ARGUMENTS")]
    server_arguments: Vec<String>,
}

impl Flags {
    fn settings(self) -> Settings {
        let mut settings = Settings::local(self.data, self.control, self.token);
        settings.machine_name = self.name;
        settings.arguments = vec!["--engine".to_owned(), self.engine.name().to_owned()];
        settings.arguments.extend(self.server_arguments);
        settings.confine = !self.no_confine;
        settings.at_end = if self.end_processes {
            AtEnd::Kill
        } else {
            AtEnd::Keep
        };
        settings.provider = if self.local {
            Provider::Local {
                addresses: self.address,
                capacity: self.capacity.max(1),
            }
        } else {
            Provider::Pool {
                locations: self.location,
                instance_types: self.instance_type,
                addresses: self.address,
                dns_name: self.dns_name,
                capacity: self.capacity.max(1),
                bind: self.bind,
                tcp_ports: None,
                udp_ports: None,
            }
        };
        settings
    }
}

/// Offers the machine until it is asked to end.
pub(crate) async fn run(flags: Flags) -> Result<ExitCode> {
    let (stop, stops) = Shutdown::pair();
    let running = agent::run(flags.settings(), stops).await?;
    out(&serde_json::json!({ "event": "ready", "machineName": running.machine_name }).to_string());
    crate::signals::end().await;
    stop.stop();
    running.ended().await;
    note("the agent has ended");
    Ok(ExitCode::SUCCESS)
}
