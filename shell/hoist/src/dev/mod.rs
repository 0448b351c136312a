//! `hoist dev`: everything on this machine, for one script.

mod show;
mod standalone;
mod watch;
mod whole;

use anyhow::Result;
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

use crate::realtime::Engine;

/// Flags of `hoist dev`.
#[derive(Debug, Args)]
pub(crate) struct Flags {
    /// The script: a file or a folder; `examples/lobby` when left out.
    path: Option<PathBuf>,
    /// No control plane: run the script at once and let every player in.
    #[arg(long)]
    standalone: bool,
    /// One JSON line per event.
    #[arg(long)]
    json: bool,
    /// Port of the GameLift API; 0 is any free one.
    #[arg(
        long,
        default_value_t = 7300,
        value_name = "PORT",
        conflicts_with = "standalone"
    )]
    api_port: u16,
    /// Keep everything here; a temporary folder when left out.
    #[arg(long, value_name = "DIR", conflicts_with = "standalone")]
    data: Option<PathBuf>,
    /// Verify signatures: an access key ID:SECRET that may call (repeatable). Without one any credentials pass.
    #[arg(
        long,
        value_name = "ID:SECRET",
        env = "HOIST_ACCESS_KEYS",
        value_delimiter = ',',
        hide_env_values = true
    )]
    access_key: Vec<String>,
    /// Server processes per instance: game sessions at the same time.
    #[arg(
        long,
        default_value_t = 8,
        value_name = "N",
        conflicts_with = "standalone"
    )]
    processes: u16,
    /// A further location of the fleet, an AWS region name (repeatable).
    #[arg(long, value_name = "NAME", conflicts_with = "standalone")]
    location: Vec<String>,
    /// Launch parameters, for example `loggingLevel:debug`.
    #[arg(
        long,
        default_value = "",
        allow_hyphen_values = true,
        value_name = "TEXT"
    )]
    params: String,
    /// Which engine runs the script.
    #[arg(long, value_enum, default_value_t)]
    engine: Engine,
    /// Serve Prometheus metrics on this loopback port; 0 is any free one.
    #[arg(long, value_name = "PORT", conflicts_with = "standalone")]
    metrics_port: Option<u16>,
}

/// Runs until Ctrl-C.
pub(crate) async fn run(flags: Flags) -> Result<ExitCode> {
    let path = flags
        .path
        .clone()
        .unwrap_or_else(|| standalone::default_script().to_path_buf());
    if flags.standalone {
        let fixed = [
            "--bind",
            "127.0.0.1",
            "--die-with-parent",
            "--tell-players",
            "--engine",
            flags.engine.name(),
        ];
        let mut arguments = fixed.map(str::to_owned).to_vec();
        arguments.push(format!("--params={}", flags.params));
        standalone::run(standalone::Standalone {
            path,
            arguments,
            json: flags.json,
        })
        .await?;
    } else {
        Box::pin(whole::run(path, flags)).await?;
    }
    Ok(ExitCode::SUCCESS)
}
