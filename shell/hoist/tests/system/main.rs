//! Whole-system stories: the real binary on free ports, in a folder of its own. A WARN or ERROR line that a story does not
//! announce fails it.

mod checklist;
mod dev;
mod plane;
mod standalone;
mod stories;

use anyhow::{Context as _, Result};
use sandbox::{Process, Sandbox};
use serde_json::Value;
use std::path::{Path, PathBuf};

pub(crate) fn sandbox() -> Result<Sandbox> {
    Sandbox::new(env!("CARGO_BIN_EXE_hoist"))
}

pub(crate) fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest
        .ancestors()
        .nth(2)
        .expect("shell/hoist lies two levels below the root")
        .to_path_buf()
}

/// A script of `examples/`.
pub(crate) fn example(name: &str) -> String {
    root()
        .join("examples")
        .join(name)
        .to_string_lossy()
        .into_owned()
}

/// A `hoist player` that has logged in.
pub(crate) struct Player {
    pub(crate) process: Process,
    pub(crate) peer_id: i64,
}

impl Player {
    pub(crate) async fn join(
        sandbox: &Sandbox,
        port: &Value,
        id: &str,
        more: &[&str],
    ) -> Result<Self> {
        Self::join_at(sandbox, "127.0.0.1", port, id, more).await
    }

    pub(crate) async fn join_at(
        sandbox: &Sandbox,
        host: &str,
        port: &Value,
        id: &str,
        more: &[&str],
    ) -> Result<Self> {
        let port = port.to_string();
        let mut words = vec![
            "player",
            "--host",
            host,
            "--tcp-port",
            &port,
            "--player-session-id",
            id,
        ];
        words.extend(more);
        let mut process = sandbox.start(&words)?;
        let event = process.event("loggedIn").await?;
        let peer_id = event["peerId"].as_i64().context("a peer id")?;
        Ok(Self { process, peer_id })
    }

    /// The next message with this op code.
    pub(crate) async fn message(&mut self, op_code: i64) -> Result<Value> {
        loop {
            let event = self.process.event("message").await?;
            if event["opCode"] == op_code {
                return Ok(event);
            }
        }
    }

    pub(crate) async fn leave(mut self) -> Result<()> {
        self.process.say("disconnect").await?;
        let (status, lines) = self.process.ended().await?;
        anyhow::ensure!(
            status.success(),
            "hoist player ended with {status}: {lines:?}"
        );
        Ok(())
    }
}
