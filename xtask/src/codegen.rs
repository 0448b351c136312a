//! Writes the generated part of `core/api` and the table of operations in the reference, from the facts in
//! `core/api/model`. The facts are names, members and constraints; the sentences are ours.

mod casing;
mod model;
mod reference;
mod rust;

use anyhow::{Context, Result, bail};
use model::Model;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const GENERATED: &str = "core/api/src/generated";
const REFERENCE: &str = "docs/reference/api-coverage.md";

/// Writes every generated file of the API, or with `check` fails when one of them is stale.
pub(crate) fn run(check: bool) -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .context("xtask lies in the repository")?;
    let folder = root.join("core/api/model");
    let model = Model::read(&folder)?;
    let mut files: Vec<(PathBuf, String)> = Vec::new();
    for (name, text) in rust::files(&model)? {
        let path = root.join(GENERATED).join(&name);
        files.push((path, formatted(root, &text).context(name)?));
    }
    files.push((root.join(REFERENCE), reference::page(&model)));
    if check {
        return compare(root, &files);
    }
    for (path, text) in &files {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, text)?;
    }
    for path in strangers(root, &files)? {
        fs::remove_file(path)?;
    }
    Ok(())
}

fn compare(root: &Path, files: &[(PathBuf, String)]) -> Result<()> {
    let mut stale = strangers(root, files)?;
    for (path, text) in files {
        if fs::read_to_string(path).unwrap_or_default() != *text {
            stale.push(path.clone());
        }
    }
    if stale.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = stale
        .iter()
        .map(|path| {
            path.strip_prefix(root)
                .unwrap_or(path)
                .display()
                .to_string()
        })
        .collect();
    bail!(
        "stale, write anew with `cargo xtask bless`: {}",
        names.join(", ")
    )
}

/// Files of the generated folder that no run writes any more.
fn strangers(root: &Path, files: &[(PathBuf, String)]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let Ok(folder) = fs::read_dir(root.join(GENERATED)) else {
        return Ok(found);
    };
    for entry in folder {
        let path = entry?.path();
        if !files.iter().any(|(known, _)| *known == path) {
            found.push(path);
        }
    }
    Ok(found)
}

/// The text as `cargo fmt` leaves it, so that formatting and freshness never disagree.
fn formatted(root: &Path, text: &str) -> Result<String> {
    let mut child = Command::new("rustfmt")
        .args(["--edition", "2024", "--config-path"])
        .arg(root)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("rustfmt is part of the pinned toolchain: rustup component add rustfmt")?;
    let mut input = child.stdin.take().context("stdin is piped")?;
    input.write_all(text.as_bytes())?;
    drop(input);
    let done = child.wait_with_output()?;
    if !done.status.success() {
        bail!("rustfmt could not read what was generated");
    }
    Ok(String::from_utf8(done.stdout)?)
}
