//! `bench api`: how many signed calls the control plane answers, how soon a new session plays, and how long a restart takes.

mod client;
mod fakes;
mod first;
mod load;

use crate::Common;
use crate::process::Process;
use crate::report::{Figure, Goal, Report};
use anyhow::{Context as _, Result};
use client::Client;
use control::{AccessKey, Settings, Shutdown};
use load::Load;
use serde_json::{Value, json};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The credentials of the load.
const KEY: (&str, &str) = ("AKIDBENCH", "a-secret-of-the-load");
/// Server processes, hence game sessions.
const PROCESSES: usize = 1_000;
/// Seats of each game session: the most that the API takes.
const SEATS: usize = 200;
/// Calls of CreatePlayerSession and of DescribeGameSessions.
const CALLS: usize = 20_000;
/// Player sessions in the store before the restart.
const ROWS: usize = 100_000;
/// Player sessions that one CreatePlayerSessions makes.
const BATCH: usize = 25;

/// The control plane in this process, until it is asked to end.
pub(crate) async fn serve(data: PathBuf) -> Result<()> {
    let mut settings = Settings::new(data);
    settings.access_keys = vec![AccessKey {
        id: KEY.0.into(),
        secret: KEY.1.into(),
    }];
    let (trigger, shutdown) = Shutdown::pair();
    let running = control::run(settings, shutdown).await?;
    let mut out = std::io::stdout();
    writeln!(
        out,
        "{}",
        json!({ "event": "ready", "tcpPort": running.api.port() })
    )?;
    out.flush()?;
    let mut end = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    end.recv().await;
    trigger.stop();
    Ok(running.ended().await?)
}

pub(crate) async fn run(common: &Common) -> Result<()> {
    let report = Report::new(common.json);
    if common.wants("calls") || common.wants("restart") {
        calls(&report).await?;
    }
    if common.wants("first") {
        let name = "CreateGameSession to first relayed message";
        if let Err(error) =
            first::run(&report, &common.hoist, &common.root.join("examples/relay")).await
        {
            report.missing(name, &format!("{error:#}"));
        }
    }
    report.missing(
        "StartMatchmaking",
        "the control plane has no matchmaking calls yet",
    );
    Ok(())
}

/// Starts the control plane on a data folder.
async fn control(data: &Path) -> Result<(Process, String, Duration)> {
    let arguments = ["control".as_ref(), data.as_os_str()];
    let mut process = Process::start(&std::env::current_exe()?, &arguments)?;
    let (ready, took) = process.ready().await?;
    Ok((process, format!("127.0.0.1:{}", ready["tcpPort"]), took))
}

async fn calls(report: &Report) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    let peer = peer().await?;
    let (process, authority, _) = control(&data).await?;
    let mut client = Client::connect(&authority).await?;
    let fleet = fakes::fleet(&mut client, PROCESSES).await?;

    let input = json!({ "FleetId": fleet, "Location": fakes::LOCATION, "MaximumPlayerSessionCount": SEATS });
    let before = process.processor_time();
    let (load, created) =
        load::run(&authority, "CreateGameSession", vec![input; PROCESSES]).await?;
    shown(
        report,
        &load,
        process.processor_time() - before,
        (Some(300.0), &peer),
    );
    let ids: Vec<Value> = created
        .iter()
        .map(|output| output["GameSession"]["GameSessionId"].clone())
        .collect();
    fakes::all_active(&mut client, &ids).await?;

    let session = |number: usize| &ids[number % ids.len()];
    let inputs = (0..CALLS)
        .map(|number| json!({ "GameSessionId": session(number), "PlayerId": format!("p{number}") }))
        .collect();
    let before = process.processor_time();
    let (load, _) = load::run(&authority, "CreatePlayerSession", inputs).await?;
    shown(
        report,
        &load,
        process.processor_time() - before,
        (Some(3_000.0), &peer),
    );

    let inputs = (0..CALLS)
        .map(|number| json!({ "GameSessionId": session(number) }))
        .collect();
    let before = process.processor_time();
    let (load, _) = load::run(&authority, "DescribeGameSessions", inputs).await?;
    shown(
        report,
        &load,
        process.processor_time() - before,
        (None, &peer),
    );

    let inputs = (0..(ROWS - CALLS) / BATCH).map(|call| {
        let players: Vec<String> = (0..BATCH).map(|seat| format!("q{call}-{seat}")).collect();
        json!({ "GameSessionId": session(call), "PlayerIds": players })
    });
    let before = process.processor_time();
    let (load, _) = load::run(&authority, "CreatePlayerSessions", inputs.collect()).await?;
    shown(
        report,
        &load,
        process.processor_time() - before,
        (None, &peer),
    );
    report.figure(
        &Figure::new("memory of control", process.resident_mib(), "MiB").size(format!(
            "{ROWS} player sessions, {PROCESSES} game sessions and processes"
        )),
    );
    drop(client);
    process.end().await?;
    restart(report, &data, session(0)).await
}

async fn restart(report: &Report, data: &Path, session: &Value) -> Result<()> {
    let started = Instant::now();
    let (process, authority, ready) = control(data).await?;
    let mut client = Client::connect(&authority).await?;
    let output = client
        .call(
            "DescribePlayerSessions",
            &json!({ "GameSessionId": session, "Limit": 1 }),
        )
        .await?;
    output["PlayerSessions"][0]["PlayerSessionId"]
        .as_str()
        .context("the rows are gone after the restart")?;
    let answered = started.elapsed();
    let size = format!("{ROWS} player sessions, {PROCESSES} game sessions");
    report.figure(&Figure::new("restart until ready", ready.as_secs_f64() * 1e3, "ms").size(&size));
    report.figure(
        &Figure::new(
            "restart until the first answer",
            answered.as_secs_f64() * 1e3,
            "ms",
        )
        .size(&size),
    );
    process.end().await
}

/// The same client against an HTTP server that does nothing.
async fn peer() -> Result<Load> {
    let mut process = Process::start(&std::env::current_exe()?, &["peer-http"])?;
    let ports = process.ports(1).await?;
    let inputs = (0..CALLS).map(|number| json!({ "GameSessionId": "arn:aws:gamelift:us-east-1::gamesession/fleet-1/gsess-1", "PlayerId": format!("p{number}") }));
    let (load, _) = load::run(
        &format!("127.0.0.1:{}", ports[0]),
        "CreatePlayerSession",
        inputs.collect(),
    )
    .await?;
    process.end().await?;
    Ok(load)
}

fn shown(report: &Report, load: &Load, spent: Duration, (goal, peer): (Option<f64>, &Load)) {
    let name = load.operation;
    let size = format!(
        "{} calls on {} connections",
        load.times.count(),
        load::CONNECTIONS
    );
    let mut rate = Figure::new(format!("{name} a second"), load.rate, "calls/s")
        .size(&size)
        .peer(peer.rate);
    if let Some(goal) = goal {
        rate = rate.goal(Goal::AtLeast(goal));
    }
    report.figure(&rate);
    for (share, percentile) in [(0.5, "p50"), (0.99, "p99")] {
        let figure = Figure::new(
            format!("{name}, {percentile}"),
            load.times.ms_at(share),
            "ms",
        );
        report.figure(&figure.size(&size).peer(peer.times.ms_at(share)));
    }
    let each = spent.as_secs_f64() * 1e6 / load.times.count().max(1) as f64;
    report.figure(&Figure::new(format!("{name}, processor of control"), each, "us").size(&size));
}
