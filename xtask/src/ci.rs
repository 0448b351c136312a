//! The stages of `ci` and `quick`, each with its name and time, and on failure the command that repeats it.

use crate::run::{cargo, command, finish, say};
use crate::{setup, tidy};
use anyhow::{Context, Result};
use std::time::Instant;

/// The crates of `core/` and their tests, which need nothing but the process.
const CORES: [&str; 11] = [
    "api",
    "awsrpc",
    "ids",
    "matchmaker",
    "placement",
    "player",
    "serversdk",
    "session",
    "supervisor",
    "wire",
    "world",
];

/// All that CI does.
pub(crate) fn all() -> Result<()> {
    stage("setup", setup::run)?;
    stage("tidy", tidy::run)?;
    stage("lint", || {
        let clippy = [
            "clippy",
            "--workspace",
            "--all-targets",
            "--locked",
            "--",
            "-D",
            "warnings",
        ];
        finish(&mut cargo(&clippy))
    })?;
    stage("docs", || {
        let mut doc = cargo(&["doc", "--workspace", "--no-deps", "--locked"]);
        finish(doc.env("RUSTDOCFLAGS", "-D warnings"))
    })?;
    stage("build", || {
        finish(&mut cargo(&["build", "--locked", "-p", "hoist"]))
    })?;
    stage("test", || {
        tests(&["nextest", "run", "--workspace", "--locked"])
    })?;
    stage("doc tests", || {
        finish(&mut cargo(&[
            "test",
            "--workspace",
            "--doc",
            "--locked",
            "-q",
        ]))
    })?;
    stage("release", || {
        finish(&mut cargo(&[
            "build",
            "--release",
            "--locked",
            "-p",
            "hoist",
        ]))
    })
}

/// What a developer runs between two edits.
pub(crate) fn quick() -> Result<()> {
    stage("tidy", tidy::run)?;
    let packages: Vec<&str> = CORES.iter().flat_map(|name| ["-p", name]).collect();
    stage("lint", || {
        let mut clippy = cargo(&["clippy", "--all-targets"]);
        finish(clippy.args(&packages).args(["--", "-D", "warnings"]))
    })?;
    stage("test", || {
        finish(cargo(&["nextest", "run"]).args(&packages))
    })
}

/// Rewrites expected texts and generated files.
pub(crate) fn bless() -> Result<()> {
    stage("setup", setup::run)?;
    tidy::generate(false)?;
    let mut bless = cargo(&["nextest", "run", "--workspace"]);
    bless
        .env("HOIST_BLESS", "1")
        .env("HOIST_NODE", setup::node());
    finish(&mut bless)
}

/// `hoist dev` from a debug build.
pub(crate) fn dev(rest: &[String]) -> Result<()> {
    finish(cargo(&["run", "-q", "-p", "hoist", "--", "dev"]).args(rest))
}

fn tests(arguments: &[&str]) -> Result<()> {
    let mut command = cargo(arguments);
    command
        .env("HOIST_NODE", setup::node())
        .env("HOIST_PYTHON", setup::python_program())
        .env("RUST_BACKTRACE", "0");
    // The commit is the simulator's seed: always new, always to be had again.
    if let Some(seed) = commit() {
        command.env("HOIST_SIM_SEED", seed);
    }
    finish(&mut command)
}

/// The first 16 digits of the commit's hash, as a number.
fn commit() -> Option<String> {
    let hash = command("git").args(["rev-parse", "HEAD"]).output().ok()?;
    let hash = String::from_utf8(hash.stdout).ok()?;
    u64::from_str_radix(hash.get(..15)?, 16)
        .ok()
        .map(|seed| seed.to_string())
}

fn stage(name: &str, work: impl FnOnce() -> Result<()>) -> Result<()> {
    say(&format!("== {name}"));
    let start = Instant::now();
    work().with_context(|| format!("stage {name}"))?;
    say(&format!(
        "== {name}: {:.0} s",
        start.elapsed().as_secs_f64()
    ));
    Ok(())
}
