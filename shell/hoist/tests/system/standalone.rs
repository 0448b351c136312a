//! `hoist realtime --standalone`: a server without control plane, as a game's own tests start it.

use crate::{Player, example, sandbox};
use anyhow::{Result, ensure};

const ECHO: &str = r#"
let session;
exports.ssExports = {
  init: (s) => { session = s; },
  onMessage: (message) => {
    const text = message.getPayloadAsText();
    if (text === "end") {
      session.sendReliableGroupMessage(session.newTextGameMessage(9, -1, "over"), -1);
      process.exit(0);
    }
    if (text === "crash") setTimeout(() => { throw new Error("on purpose"); }, 0);
    if (text === "loop") for (;;) {}
    session.sendReliableMessage(session.newTextGameMessage(7, -1, text), message.sender);
  },
};
"#;

#[tokio::test]
async fn it_tells_when_it_is_ready_and_when_it_has_ended() -> Result<()> {
    let sandbox = sandbox()?;
    sandbox.write("echo.js", ECHO)?;
    let mut server = sandbox.start(&[
        "realtime",
        "--standalone",
        "--script",
        "echo.js",
        "--bind",
        "127.0.0.1",
    ])?;
    server.expect_in_log("INSECURE");
    let ready = server.event("ready").await?;
    ensure!(ready["engine"] == "embedded", "{ready}");
    ensure!(
        ready["pid"].as_u64() == server.pid().map(u64::from),
        "{ready}"
    );
    ensure!(ready["udpPort"].as_u64() > Some(0), "{ready}");
    let mut amy = Player::join(&sandbox, &ready["tcpPort"], "amy", &[]).await?;
    let mut bob = Player::join(&sandbox, &ready["tcpPort"], "bob", &["--no-udp"]).await?;
    ensure!((amy.peer_id, bob.peer_id) == (1, 2), "ids count from 1");
    amy.process.say("send 1 server reliable hello").await?;
    ensure!(
        amy.message(7).await?["text"] == "hello",
        "the script's answer"
    );
    bob.process.say("send 5 peer 1 hex:00ff10").await?;
    let message = amy.message(5).await?;
    ensure!(
        message["sender"] == 2 && message["hex"] == "00ff10",
        "{message}"
    );
    amy.process.say("send 1 server reliable end").await?;
    ensure!(
        bob.message(9).await?["text"] == "over",
        "the last word arrives"
    );
    let ended = server.event("ended").await?;
    ensure!(ended["reason"].is_string(), "{ended}");
    let (status, _) = server.ended().await?;
    ensure!(status.success(), "{status}");
    Ok(())
}

#[tokio::test]
async fn a_script_that_crashes_or_runs_away_ends_its_slot_with_a_stack() -> Result<()> {
    for (order, in_log) in [("crash", "on purpose"), ("loop", "onMessage")] {
        let sandbox = sandbox()?;
        sandbox.write("echo.js", ECHO)?;
        let mut server = sandbox.start(&[
            "realtime",
            "--standalone",
            "--script",
            "echo.js",
            "--bind",
            "127.0.0.1",
            "--callback-budget",
            "500ms",
        ])?;
        server.expect_in_log("INSECURE");
        server.expect_in_log("[ERROR]");
        let ready = server.event("ready").await?;
        let mut amy = Player::join(&sandbox, &ready["tcpPort"], "amy", &[]).await?;
        amy.process
            .say(&format!("send 1 server reliable {order}"))
            .await?;
        let left = amy.process.event("closed").await?;
        ensure!(left["code"] == 1011, "{order}: {left}");
        server.logged(in_log).await?;
        let (status, _) = server.ended().await?;
        ensure!(!status.success(), "{order}: a crash is no good end");
    }
    Ok(())
}

#[tokio::test]
async fn only_those_on_the_list_are_let_in() -> Result<()> {
    let sandbox = sandbox()?;
    let relay = example("relay");
    let mut server = sandbox.start(&[
        "realtime",
        "--standalone",
        "--script",
        &relay,
        "--bind",
        "127.0.0.1",
        "--accept-only",
        "amy,bob",
    ])?;
    server.expect_in_log("INSECURE");
    server.expect_in_log("AcceptPlayerSession failed");
    let ready = server.event("ready").await?;
    let port = ready["tcpPort"].to_string();
    let refused = sandbox
        .start(&[
            "player",
            "--host",
            "127.0.0.1",
            "--tcp-port",
            &port,
            "--player-session-id",
            "mallory",
        ])?
        .watch(sandbox::Watch::Off);
    let (status, _) = refused.ended().await?;
    ensure!(!status.success(), "a refused player ends with an error");
    Player::join(&sandbox, &ready["tcpPort"], "amy", &[])
        .await?
        .leave()
        .await?;
    server.terminate()?;
    let (status, lines) = server.ended().await?;
    ensure!(
        status.success() && lines.iter().any(|line| line.contains("\"ended\"")),
        "{status} {lines:?}"
    );
    Ok(())
}

#[tokio::test]
async fn a_script_that_does_not_load_says_why_and_where() -> Result<()> {
    let cases = [
        ("syntax.js", "exports.ssExports = {", "syntax.js"),
        ("none.js", "module.exports = {};", "ssExports"),
        ("init.js", "exports.ssExports = { onMessage() {} };", "init"),
    ];
    let sandbox = sandbox()?;
    for (name, text, expected) in cases {
        sandbox.write(name, text)?;
        let server = sandbox
            .start(&["realtime", "--standalone", "--script", name])?
            .watch(sandbox::Watch::Off);
        let mut watched = server;
        watched.logged(expected).await?;
        let (status, lines) = watched.ended().await?;
        ensure!(!status.success(), "{name}: {status}");
        ensure!(
            !lines.iter().any(|line| line.contains("ready")),
            "{name}: {lines:?}"
        );
    }
    Ok(())
}
