//! `hoist player`: a player for the terminal and for scripts. Commands come from stdin, one JSON line per event goes to stdout.

use anyhow::Result;
use clap::Args;
use hoist_client::{Fast, Options};
use std::process::ExitCode;
use std::time::Duration;

use crate::units::parse_millis;

/// Flags of `hoist player`.
#[derive(Debug, Args)]
#[command(after_help = "Commands on stdin:
  send OP server|peer N|group N [fast|reliable] TEXT|hex:..
  join N, leave N, members N, stats, disconnect")]
pub(crate) struct Flags {
    /// Host name or address (IpAddress or DnsName of the player session).
    #[arg(long)]
    host: String,
    /// TCP port (Port of the player session).
    #[arg(long)]
    tcp_port: u16,
    /// Which seat to take.
    #[arg(long, value_name = "ID")]
    player_session_id: String,
    /// Words to the script's onPlayerConnect.
    #[arg(long, default_value = "", value_name = "TEXT")]
    payload: String,
    /// Local UDP port; any free one when left out.
    #[arg(long, value_name = "PORT", conflicts_with = "no_udp")]
    udp_port: Option<u16>,
    /// Everything by WebSocket.
    #[arg(long)]
    no_udp: bool,
    /// For look-up, connection and login together.
    #[arg(long, value_parser = parse_millis, default_value = "15s", value_name = "TIME")]
    timeout: u64,
}

/// Plays until the server or the user ends it.
pub(crate) async fn run(flags: Flags) -> Result<ExitCode> {
    let mut options = Options::new(flags.host, flags.tcp_port, flags.player_session_id);
    options.payload = flags.payload.into_bytes().into();
    options.connect_timeout = Duration::from_millis(flags.timeout);
    options.fast = match (flags.no_udp, flags.udp_port) {
        (true, _) => Fast::Off,
        (false, Some(port)) => Fast::Port(port),
        (false, None) => Fast::AnyPort,
    };
    let input = tokio::io::BufReader::new(tokio::io::stdin());
    hoist_client::cli::run(options, input, tokio::io::stdout(), crate::signals::end()).await?;
    Ok(ExitCode::SUCCESS)
}
