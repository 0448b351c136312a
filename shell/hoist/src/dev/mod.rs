//! `hoist dev`: everything on this machine, for one script.

mod standalone;
mod watch;

use anyhow::Result;
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

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
}

/// Runs until Ctrl-C.
pub(crate) async fn run(flags: Flags) -> Result<ExitCode> {
    let path = flags
        .path
        .unwrap_or_else(|| standalone::default_script().to_path_buf());
    let arguments = ["--bind", "127.0.0.1", "--die-with-parent"]
        .map(str::to_owned)
        .to_vec();
    standalone::run(standalone::Standalone {
        path,
        arguments,
        json: flags.json,
    })
    .await?;
    Ok(ExitCode::SUCCESS)
}
