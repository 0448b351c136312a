//! `hoist dev --standalone`: a developer edits a script while players are on it.

use crate::{Player, example, sandbox};
use anyhow::{Result, ensure};

fn script(answer: &str) -> String {
    format!(
        "let session;
exports.ssExports = {{
  init: (s) => {{ session = s; }},
  onMessage: (m) => session.sendReliableMessage(session.newTextGameMessage(7, -1, '{answer}'), m.sender),
}};
"
    )
}

#[tokio::test]
async fn two_players_talk_through_the_lobby_by_both_channels() -> Result<()> {
    let sandbox = sandbox()?;
    let lobby = example("lobby");
    let mut dev = sandbox.start(&["dev", "--standalone", &lobby, "--json"])?;
    dev.expect_in_log("INSECURE");
    let ready = dev.event("ready").await?;
    let mut amy = Player::join(&sandbox, &ready["tcpPort"], "amy", &[]).await?;
    let mut bob = Player::join(&sandbox, &ready["tcpPort"], "bob", &[]).await?;
    for player in [&mut amy, &mut bob] {
        player.process.event("fastChannel").await?;
    }
    amy.process.say("send 20 peer 2 reliable certainly").await?;
    let message = bob.message(20).await?;
    ensure!(
        message["text"] == "certainly" && message["reliable"] == true,
        "{message}"
    );
    // The server learns that a player can receive by UDP from that player's first datagrams.
    bob.process.say("send 21 peer 1 fast ping").await?;
    amy.message(21).await?;
    amy.process.say("send 22 peer 2 fast quickly").await?;
    let message = bob.message(22).await?;
    ensure!(message["text"] == "quickly", "{message}");
    amy.leave().await?;
    bob.leave().await?;
    dev.event("ended").await?;
    dev.interrupt()?;
    let (status, _) = dev.ended().await?;
    ensure!(status.success(), "{status}");
    Ok(())
}

#[tokio::test]
async fn a_changed_file_starts_a_session_and_the_old_one_goes_on() -> Result<()> {
    let sandbox = sandbox()?;
    sandbox.write("game/main.js", &script("old"))?;
    let mut dev = sandbox.start(&["dev", "--standalone", "game", "--json"])?;
    dev.expect_in_log("INSECURE");
    let first = dev.event("ready").await?;
    let mut amy = Player::join(&sandbox, &first["tcpPort"], "amy", &[]).await?;
    sandbox.write("game/main.js", &script("newer"))?;
    let second = dev.event("ready").await?;
    ensure!(
        second["session"] == 2 && second["tcpPort"] != first["tcpPort"],
        "{second}"
    );
    let mut bob = Player::join(&sandbox, &second["tcpPort"], "bob", &[]).await?;
    amy.process.say("send 1 server reliable x").await?;
    bob.process.say("send 1 server reliable x").await?;
    ensure!(
        amy.message(7).await?["text"] == "old",
        "the old session keeps its script"
    );
    ensure!(
        bob.message(7).await?["text"] == "newer",
        "the new session has the new script"
    );
    amy.leave().await?;
    let gone = dev.event("gone").await?;
    ensure!(
        gone["session"] == 1,
        "the old session ends with its last player: {gone}"
    );
    dev.interrupt()?;
    let (status, _) = dev.ended().await?;
    ensure!(status.success(), "{status}");
    Ok(())
}

#[tokio::test]
async fn there_must_be_something_at_the_path() -> Result<()> {
    let sandbox = sandbox()?;
    let mut dev = sandbox
        .start(&["dev", "--standalone", "nowhere"])?
        .watch(sandbox::Watch::Off);
    dev.logged("nowhere does not exist").await?;
    let (status, _) = dev.ended().await?;
    ensure!(!status.success(), "{status}");
    Ok(())
}
