//! From CreateGameSession to a message that the script's session relayed, with everything real: `hoist dev`.

use super::client::Client;
use super::fakes;
use crate::player::Player;
use crate::process::Process;
use crate::report::{Figure, Goal, Report};
use crate::stats::Times;
use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use std::path::Path;
use std::time::{Duration, Instant};

const ROUNDS: usize = 11;
/// Between two looks at the session.
const LOOK: Duration = Duration::from_millis(1);
/// For a server process that takes the place of the one whose session has ended.
const PATIENCE: Duration = Duration::from_secs(30);

pub(super) async fn run(report: &Report, hoist: &Path, script: &Path) -> Result<()> {
    let data = tempfile::tempdir()?;
    let (script, folder) = (script.to_string_lossy(), data.path().to_string_lossy());
    let mut process = Process::start(
        hoist,
        &[
            "dev",
            &script,
            "--json",
            "--api-port",
            "0",
            "--data",
            &folder,
        ],
    )?;
    let outcome = rounds(&mut process).await;
    process.end().await?;
    let times = outcome?;
    let size = format!(
        "{} rounds, also polls, CreatePlayerSession, login",
        times.count()
    );
    let name = "CreateGameSession to first relayed message";
    report.figure(
        &Figure::new(format!("{name}, median"), times.ms_at(0.5), "ms")
            .size(&size)
            .goal(Goal::AtMost(50.0)),
    );
    report.figure(&Figure::new(format!("{name}, slowest"), times.ms_at(1.0), "ms").size(&size));
    Ok(())
}

async fn rounds(process: &mut Process) -> Result<Times> {
    let (ready, _) = process.ready().await?;
    let endpoint = ready["endpoint"]
        .as_str()
        .context("`hoist dev` named no endpoint")?;
    let authority = endpoint.trim_start_matches("http://").trim_end_matches('/');
    let mut client = Client::connect(authority).await?;
    let mut times = Vec::new();
    for round in 0..ROUNDS {
        let (time, session) = one(&mut client, &ready["fleetId"], round).await?;
        times.push(time);
        let input = json!({ "GameSessionId": session, "TerminationMode": "FORCE_TERMINATE" });
        client.call("TerminateGameSession", &input).await?;
    }
    Ok(Times::new(times))
}

async fn one(client: &mut Client, fleet: &Value, round: usize) -> Result<(Duration, Value)> {
    let (session, began) = created(client, fleet).await?;
    fakes::active(client, &session, LOOK).await?;
    let input = json!({ "GameSessionId": session, "PlayerId": format!("player-{round}") });
    let seat = client.call("CreatePlayerSession", &input).await?["PlayerSession"].clone();
    let (host, port) = (
        seat["IpAddress"].as_str().context("no IpAddress")?,
        seat["Port"].as_u64().context("no Port")?,
    );
    let id = seat["PlayerSessionId"]
        .as_str()
        .context("no PlayerSessionId")?;
    let mut player = Player::enter(host, u16::try_from(port)?, id.to_owned()).await?;
    player.echo().await?;
    Ok((began.elapsed(), session))
}

/// A game session, and when the call that made it began: one that found no idle process is made again.
async fn created(client: &mut Client, fleet: &Value) -> Result<(Value, Instant)> {
    let started = Instant::now();
    let input = json!({ "FleetId": fleet, "MaximumPlayerSessionCount": 2 });
    loop {
        let began = Instant::now();
        match client.call("CreateGameSession", &input).await {
            Ok(output) => return Ok((output["GameSession"]["GameSessionId"].clone(), began)),
            Err(error) if started.elapsed() > PATIENCE => {
                bail!("no game session could be made: {error:#}")
            }
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}
