//! Load programs: each prints figures with their sizes, the goals, and the ratio to a peer that is measured in the same run.
//! `cargo xtask bench session|api|match` builds what is measured and starts this.

mod api;
mod matching;
mod peer;
mod player;
mod process;
mod report;
mod session;
mod stats;

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::path::PathBuf;

/// Measures Hoist.
#[derive(Parser)]
#[command(name = "bench")]
struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Server processes: readiness, memory, gates, neighbours.
    Session {
        #[command(flatten)]
        common: Common,
        /// The Node.js program of the external engine; its figures are left out without it.
        #[arg(long)]
        node: Option<PathBuf>,
    },
    /// The control plane: calls a second, time to the first message, restart.
    Api {
        #[command(flatten)]
        common: Common,
    },
    /// The matchmaker's own figures.
    Match {
        /// The built example `figures` of the crate `matchmaker`.
        #[arg(long)]
        figures: PathBuf,
        /// One JSON line a figure.
        #[arg(long)]
        json: bool,
    },
    /// The peer of `session`: a relay that only relays.
    #[command(hide = true)]
    PeerRelay,
    /// The peer of `api`: an HTTP server that answers every call with the same text.
    #[command(hide = true)]
    PeerHttp,
    /// The control plane of `api`, in a process of its own.
    #[command(hide = true)]
    Control {
        /// The data folder.
        data: PathBuf,
    },
}

#[derive(clap::Args)]
struct Common {
    /// The release build of `hoist`.
    #[arg(long)]
    hoist: PathBuf,
    /// The root of the repository.
    #[arg(long, default_value = ".")]
    root: PathBuf,
    /// One JSON line a figure.
    #[arg(long)]
    json: bool,
    /// Only the measurements whose names contain one of these words.
    words: Vec<String>,
}

impl Common {
    fn wants(&self, name: &str) -> bool {
        self.words.is_empty() || self.words.iter().any(|word| name.contains(word.as_str()))
    }
}

fn main() -> Result<()> {
    match Arguments::parse().what {
        What::Session { common, node } => {
            let node = node.map(std::path::absolute).transpose()?;
            wait(session::run(&common, node.as_deref()))
        }
        What::Api { common } => wait(api::run(&common)),
        What::Match { figures, json } => matching::run(&figures, json),
        What::PeerRelay => wait(peer::relay()),
        What::PeerHttp => wait(peer::http()),
        What::Control { data } => wait(api::serve(data)),
    }
}

/// One thread for the load: the other processor belongs to what is measured.
fn wait(work: impl Future<Output = Result<()>>) -> Result<()> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(work)
}
