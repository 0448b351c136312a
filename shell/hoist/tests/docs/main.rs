//! The commands of the README and the guides, run as they stand there. A block under `<!-- story: NAME -->` belongs to the
//! story of that name; the line that only a person can fill in (`ENDPOINT=… ALIAS=…`) is filled in by the story.

use anyhow::{Context as _, Result, ensure};
use sandbox::{Process, Sandbox, Watch};
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest
        .ancestors()
        .nth(2)
        .expect("shell/hoist lies two levels below the root")
        .to_path_buf()
}

/// The commands of a story.
fn block(file: &str, story: &str) -> Result<String> {
    let text = std::fs::read_to_string(root().join(file))?;
    let mark = format!("<!-- story: {story} -->\n```\n");
    let start = text
        .find(&mark)
        .with_context(|| format!("{file} has no story {story}"))?
        + mark.len();
    let end = text[start..].find("```").context("the block has no end")?;
    Ok(text[start..start + end].to_owned())
}

/// Runs the commands in a shell that has `hoist` and `aws` in its PATH.
fn shell(sandbox: &Sandbox, commands: &str, endpoint: &str, alias: &str) -> Result<Process> {
    let commands: String = commands
        .lines()
        .filter(|line| !line.starts_with("ENDPOINT="))
        .fold(String::new(), |all, line| all + line + "\n");
    let script = sandbox.write("commands.sh", &commands)?;
    let hoist = Path::new(env!("CARGO_BIN_EXE_hoist"))
        .parent()
        .context("a folder")?;
    let tools = root().join(".tools/venv/bin");
    ensure!(
        tools.join("aws").exists(),
        "the AWS CLI is not there: run `cargo xtask setup`"
    );
    let path = format!(
        "{}:{}:{}",
        hoist.display(),
        tools.display(),
        std::env::var("PATH").unwrap_or_default()
    );
    let environment = [
        ("PATH", path.as_str()),
        ("ENDPOINT", endpoint),
        ("HOIST_ENDPOINT", endpoint),
        ("ALIAS", alias),
        ("AWS_EC2_METADATA_DISABLED", "true"),
    ];
    let arguments = ["-eu", script.to_str().context("a path in UTF-8")?];
    Ok(sandbox
        .program(Path::new("bash"), &arguments, &environment)?
        .watch(Watch::Off))
}

/// `hoist dev` on the lobby example.
async fn dev(sandbox: &Sandbox) -> Result<(Process, String, String)> {
    let lobby = root().join("examples/lobby");
    let lobby = lobby.to_str().context("a path in UTF-8")?;
    let mut dev = sandbox.start(&["dev", lobby, "--json", "--api-port", "0"])?;
    dev.expect_in_log("INSECURE");
    let ready = dev.event("ready").await?;
    let text = |name: &str| {
        ready[name]
            .as_str()
            .map(str::to_owned)
            .with_context(|| name.to_owned())
    };
    let (endpoint, alias) = (text("endpoint")?, text("aliasId")?);
    Ok((dev, endpoint, alias))
}

async fn end(dev: Process) -> Result<()> {
    dev.interrupt()?;
    let (status, _) = dev.ended().await?;
    ensure!(status.success(), "hoist dev ended with {status}");
    Ok(())
}

#[tokio::test]
async fn the_quick_start_of_the_readme_reaches_a_players_message() -> Result<()> {
    let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_hoist"))?;
    let (dev, endpoint, alias) = dev(&sandbox).await?;
    let mut shell = shell(
        &sandbox,
        &block("README.md", "quick-start")?,
        &endpoint,
        &alias,
    )?;
    shell.event("loggedIn").await?;
    shell.say("send 1 group -1 hello").await?;
    while shell.event("message").await?["text"] != "hello" {}
    shell.say("disconnect").await?;
    let (status, _) = shell.ended().await?;
    ensure!(status.success(), "{status}");
    end(dev).await
}

#[tokio::test]
async fn the_commands_of_getting_started_work() -> Result<()> {
    let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_hoist"))?;
    let (dev, endpoint, alias) = dev(&sandbox).await?;
    let shell = shell(
        &sandbox,
        &block("docs/guide/getting-started.md", "getting-started")?,
        &endpoint,
        &alias,
    )?;
    let (status, lines) = shell.ended().await?;
    ensure!(status.success(), "{status}: {lines:?}");
    ensure!(lines.iter().any(|line| line.contains("amy")), "{lines:?}");
    end(dev).await
}

#[tokio::test]
async fn the_commands_of_the_guide_to_scripts_work() -> Result<()> {
    let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_hoist"))?;
    let commands = format!(
        "cd '{}'\n{}",
        root().display(),
        block("docs/guide/scripts.md", "script-check")?
    );
    let (status, lines) = shell(&sandbox, &commands, "", "")?.ended().await?;
    ensure!(status.success(), "{status}: {lines:?}");
    ensure!(
        lines.iter().any(|line| line.contains("the script can run")),
        "{lines:?}"
    );
    Ok(())
}

#[tokio::test]
async fn the_commands_of_the_guide_to_operating_work() -> Result<()> {
    let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_hoist"))?;
    let commands = block("docs/guide/operating.md", "print-config")?;
    let (status, lines) = shell(&sandbox, &commands, "", "")?.ended().await?;
    ensure!(
        status.success() && lines.iter().any(|line| line.contains("public-url")),
        "{status}: {lines:?}"
    );
    Ok(())
}

#[tokio::test]
async fn the_commands_of_the_guide_to_matchmaking_work() -> Result<()> {
    let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_hoist"))?;
    let commands = format!(
        "cd '{}'\n{}",
        root().display(),
        block("docs/guide/matchmaking.md", "match")?
    );
    let (status, lines) = shell(&sandbox, &commands, "", "")?.ended().await?;
    ensure!(status.success(), "{status}: {lines:?}");
    ensure!(
        lines
            .iter()
            .any(|line| line.contains("a valid rule set for up to 8 players")),
        "{lines:?}"
    );
    Ok(())
}
