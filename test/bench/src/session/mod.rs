//! `bench session`: what a server process costs and how fast it is.

mod gate;
mod neighbours;
mod ready;
mod relay;

use crate::Common;
use crate::process::Process;
use crate::report::Report;
use anyhow::Result;
use std::path::{Path, PathBuf};

/// What every measurement needs.
struct Bench<'a> {
    report: Report,
    hoist: &'a Path,
    node: Option<&'a Path>,
    /// The repository's `examples/relay`.
    relay: PathBuf,
    /// For scripts of the measurements.
    folder: tempfile::TempDir,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Engine {
    Embedded,
    Node,
}

impl Engine {
    const fn name(self) -> &'static str {
        match self {
            Self::Embedded => "embedded",
            Self::Node => "node",
        }
    }
}

pub(crate) async fn run(common: &Common, node: Option<&Path>) -> Result<()> {
    let bench = Bench {
        report: Report::new(common.json),
        hoist: &common.hoist,
        node,
        relay: common.root.join("examples/relay"),
        folder: tempfile::tempdir()?,
    };
    if node.is_none() {
        bench
            .report
            .missing("everything of the engine node", "no --node was given");
    }
    if common.wants("ready") {
        ready::run(&bench).await?;
    }
    if common.wants("relay") {
        relay::run(&bench).await?;
    }
    if common.wants("gate") {
        gate::run(&bench).await?;
    }
    if common.wants("neighbours") {
        neighbours::run(&bench).await?;
    }
    Ok(())
}

impl Bench<'_> {
    fn engines(&self) -> impl Iterator<Item = Engine> + use<> {
        let node = self.node.map(|_| Engine::Node);
        [Engine::Embedded].into_iter().chain(node)
    }

    fn write(&self, name: &str, text: &str) -> Result<PathBuf> {
        let folder = self.folder.path().join(name);
        std::fs::create_dir_all(&folder)?;
        let path = folder.join("index.js");
        std::fs::write(&path, text)?;
        Ok(path)
    }

    /// A standalone server.
    fn serve(&self, script: &Path, engine: Engine, more: &[&str]) -> Result<Process> {
        let script = script.to_string_lossy().into_owned();
        let mut arguments = vec![
            "realtime",
            "--standalone",
            "--bind",
            "127.0.0.1",
            "--script",
            &script,
            "--engine",
            engine.name(),
        ];
        let node = self.node.map(|path| path.to_string_lossy().into_owned());
        if let (Engine::Node, Some(node)) = (engine, &node) {
            arguments.extend(["--node", node.as_str()]);
        }
        arguments.extend(more);
        Process::start(self.hoist, &arguments)
    }

    /// The peer: a relay that only relays.
    async fn plain_relay(&self) -> Result<(Process, u16)> {
        let mut process = Process::start(&std::env::current_exe()?, &["peer-relay"])?;
        let ports = process.ports(1).await?;
        Ok((process, ports[0]))
    }
}
