//! `cargo xtask bench session|api|match`: builds what is measured, optimised, and starts the load program `bench`.

use crate::run::{cargo, finish, root};
use crate::setup;
use anyhow::{Context as _, Result};
use clap::ValueEnum;
use std::env::consts::EXE_SUFFIX;
use std::path::PathBuf;

/// What is measured.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum What {
    /// Server processes.
    Session,
    /// The control plane.
    Api,
    /// The matchmaker.
    Match,
}

/// Measures; `words` choose among the measurements.
pub(crate) fn run(what: What, json: bool, words: &[String]) -> Result<()> {
    let measured: &[&str] = match what {
        What::Session | What::Api => &["build", "--release", "-p", "hoist", "-p", "bench"],
        What::Match => &[
            "build",
            "--release",
            "-p",
            "matchmaker",
            "--example",
            "figures",
        ],
    };
    finish(&mut cargo(measured))?;
    let release = release()?;
    let mut bench = cargo(&["run", "--release", "-q", "-p", "bench", "--"]);
    match what {
        What::Session | What::Api => {
            let name = if what == What::Api { "api" } else { "session" };
            bench.arg(name).arg("--root").arg(root());
            bench
                .arg("--hoist")
                .arg(release.join(format!("hoist{EXE_SUFFIX}")));
            let node = setup::node();
            if what == What::Session && node.exists() {
                bench.arg("--node").arg(node);
            }
            bench.args(words);
        }
        What::Match => {
            let example = release
                .join("examples")
                .join(format!("figures{EXE_SUFFIX}"));
            bench.arg("match").arg("--figures").arg(example);
        }
    }
    if json {
        bench.arg("--json");
    }
    finish(&mut bench)
}

/// Where optimised programs are.
fn release() -> Result<PathBuf> {
    let metadata = cargo_metadata::MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .no_deps()
        .exec()
        .context("cargo metadata")?;
    Ok(metadata
        .target_directory
        .join("release")
        .into_std_path_buf())
}
