//! What happens when parts die, are updated or are sick, while players play.

use crate::plane::{Plane, call, text, zip};
use anyhow::{Result, ensure};
use serde_json::json;

fn script(answer: &str) -> String {
    format!(
        "let session;
exports.ssExports = {{
  init: (s) => {{ session = s; }},
  onMessage: (m) => session.sendReliableMessage(session.newTextGameMessage(7, -1, '{answer} ' + process.pid), m.sender),
}};
"
    )
}

#[tokio::test]
async fn players_notice_nothing_when_control_is_killed() -> Result<()> {
    let mut plane = Plane::start().await?;
    let agent = plane.agent("host", &[]).await?;
    let (_, fleet) = plane.fleet(&script("here"), 2).await?;
    let session = plane.session(&fleet, 4).await?;
    let mut amy = plane.join(&session, "amy").await?;
    let mut bob = plane.join(&session, "bob").await?;
    plane.control.kill()?;
    plane.control.gone().await?;
    amy.process.say("send 1 server reliable hello").await?;
    ensure!(
        text(&amy.message(7).await?["text"]).starts_with("here"),
        "the script answers without control"
    );
    bob.process
        .say("send 20 peer 1 reliable still here")
        .await?;
    ensure!(
        amy.message(20).await?["text"] == "still here",
        "players reach each other without control"
    );
    plane.restart().await?;
    let again = plane
        .session_with("ACTIVE", &text(&session["GameSessionId"]))
        .await?;
    ensure!(again["CurrentPlayerSessionCount"] == 2, "{again}");
    let cleo = plane.until("the session's process", || async {
        let seat = json!({ "GameSessionId": session["GameSessionId"], "PlayerId": "cleo" });
        Ok(call(&plane.address, "CreatePlayerSession", &seat)
            .await?
            .ok())
    });
    let seat = cleo.await?["PlayerSession"].clone();
    let (host, id) = (text(&seat["IpAddress"]), text(&seat["PlayerSessionId"]));
    let cleo = crate::Player::join_at(&plane.sandbox, &host, &seat["Port"], &id, &[]).await?;
    cleo.leave().await?;
    amy.leave().await?;
    bob.leave().await?;
    let mut agent = agent;
    agent.expect_in_log("control");
    plane.end(vec![agent]).await
}

#[tokio::test]
async fn players_notice_nothing_when_an_agent_is_killed() -> Result<()> {
    let plane = Plane::start().await?;
    let mut agent = plane.agent_with("host", &[]).await?;
    let (_, fleet) = plane.fleet(&script("here"), 2).await?;
    let session = plane.session(&fleet, 4).await?;
    let mut amy = plane.join(&session, "amy").await?;
    agent.kill()?;
    agent.gone().await?;
    amy.process.say("send 1 server reliable hello").await?;
    ensure!(
        text(&amy.message(7).await?["text"]).starts_with("here"),
        "the script answers without its agent"
    );
    let bob = plane.join(&session, "bob").await?;
    bob.leave().await?;
    // The next agent on the same folder takes the processes over, and this one ends them when it ends.
    let next = plane.agent("host", &[]).await?;
    let other = plane.session(&fleet, 4).await?;
    ensure!(
        other["GameSessionId"] != session["GameSessionId"],
        "another session starts"
    );
    amy.process.say("send 1 server reliable again").await?;
    amy.message(7).await?;
    amy.leave().await?;
    plane.end(vec![next]).await
}

#[tokio::test]
async fn a_killed_server_process_ends_its_session_and_is_replaced() -> Result<()> {
    let mut plane = Plane::start().await?;
    let agent = plane.agent("host", &[]).await?;
    let (_, fleet) = plane.fleet(&script("pid"), 1).await?;
    let session = plane.session(&fleet, 4).await?;
    let mut amy = plane.join(&session, "amy").await?;
    amy.process.say("send 1 server reliable who").await?;
    let answer = text(&amy.message(7).await?["text"]);
    let pid: i32 = answer.trim_start_matches("pid ").parse()?;
    nix::sys::signal::kill(
        nix::unistd::Pid::from_raw(pid),
        nix::sys::signal::Signal::SIGKILL,
    )?;
    amy.process.event("closed").await?;
    plane
        .session_with("TERMINATED", &text(&session["GameSessionId"]))
        .await?;
    let next = plane.session(&fleet, 4).await?;
    ensure!(
        next["GameSessionId"] != session["GameSessionId"],
        "another session"
    );
    let events = plane
        .call("DescribeFleetEvents", &json!({ "FleetId": fleet }))
        .await?;
    ensure!(
        events.to_string().contains("SERVER_PROCESS_CRASHED"),
        "{events}"
    );
    plane.control.expect_in_log("process");
    let mut agent = agent;
    agent.expect_in_log("process");
    plane.end(vec![agent]).await
}

#[tokio::test]
async fn ten_seats_are_ten_seats_however_many_ask_at_once() -> Result<()> {
    let plane = Plane::start().await?;
    let agent = plane.agent("host", &[]).await?;
    let (_, fleet) = plane.fleet(&script("x"), 1).await?;
    let session = plane.session(&fleet, 10).await?;
    let mut asking = tokio::task::JoinSet::new();
    for number in 0..200 {
        let address = plane.address.clone();
        let seat =
            json!({ "GameSessionId": session["GameSessionId"], "PlayerId": format!("p{number}") });
        asking.spawn(async move { call(&address, "CreatePlayerSession", &seat).await });
    }
    let (mut seated, mut full) = (0, 0);
    while let Some(outcome) = asking.join_next().await {
        match outcome?? {
            Ok(_) => seated += 1,
            Err(code) => {
                ensure!(code == "GameSessionFullException", "{code}");
                full += 1;
            }
        }
    }
    ensure!(
        (seated, full) == (10, 190),
        "{seated} seated, {full} refused"
    );
    plane.end(vec![agent]).await
}

#[tokio::test]
async fn an_update_reaches_every_host_and_running_sessions_keep_theirs() -> Result<()> {
    let plane = Plane::start().await?;
    let agents = vec![
        plane.agent("one", &[]).await?,
        plane.agent("two", &[]).await?,
    ];
    let (script_id, fleet) = plane.fleet(&script("old"), 1).await?;
    let more = json!({ "FleetId": fleet, "DesiredInstances": 2, "MaxSize": 2 });
    plane.call("UpdateFleetCapacity", &more).await?;
    let first = plane.session(&fleet, 4).await?;
    let mut amy = plane.join(&first, "amy").await?;
    let update = json!({ "ScriptId": script_id, "ZipFile": zip(&script("new"))? });
    plane.call("UpdateScript", &update).await?;
    // The instance that is busy keeps one old process; the other one, and what is started from now on, is new.
    plane
        .until("a session with the new script", || async {
            let session = plane.session(&fleet, 4).await?;
            let mut bob = plane.join(&session, "bob").await?;
            bob.process.say("send 1 server reliable x").await?;
            let answer = text(&bob.message(7).await?["text"]);
            let end = json!({ "GameSessionId": session["GameSessionId"], "TerminationMode": "FORCE_TERMINATE" });
            plane.call("TerminateGameSession", &end).await?;
            Ok(answer.starts_with("new").then_some(()))
        })
        .await?;
    amy.process.say("send 1 server reliable x").await?;
    ensure!(
        text(&amy.message(7).await?["text"]).starts_with("old"),
        "the running session keeps its version"
    );
    amy.leave().await?;
    plane.end(agents).await
}

#[tokio::test]
async fn a_sick_script_is_replaced() -> Result<()> {
    let plane = Plane::start().await?;
    let mut agent = plane
        .agent("host", &["--", "--health-interval", "100ms"])
        .await?;
    let sick = "exports.ssExports = { init() {}, onHealthCheck: () => false };";
    let (_, fleet) = plane.fleet(sick, 1).await?;
    plane
        .until("the event", || async {
            let events = plane
                .call("DescribeFleetEvents", &json!({ "FleetId": fleet }))
                .await?;
            Ok(events
                .to_string()
                .contains("SERVER_PROCESS_TERMINATED_UNHEALTHY")
                .then_some(()))
        })
        .await?;
    agent.expect_in_log("process");
    plane.end(vec![agent]).await
}

#[tokio::test]
async fn a_script_that_cannot_load_makes_the_fleet_an_error_with_the_reason() -> Result<()> {
    let plane = Plane::start().await?;
    let mut agent = plane.agent("host", &[]).await?;
    let created = plane
        .call(
            "CreateScript",
            &json!({ "ZipFile": zip("exports.ssExports = { boom(")? }),
        )
        .await?;
    let process = json!({ "LaunchPath": "/local/game/main.js", "ConcurrentExecutions": 1 });
    let fleet = json!({
        "Name": "broken",
        "ScriptId": created["Script"]["ScriptId"],
        "EC2InstanceType": "c5.large",
        "RuntimeConfiguration": { "ServerProcesses": [process] },
    });
    let fleet = text(&plane.call("CreateFleet", &fleet).await?["FleetAttributes"]["FleetId"]);
    plane
        .until("ERROR", || async {
            let found = plane
                .call("DescribeFleetAttributes", &json!({ "FleetIds": [fleet] }))
                .await?;
            Ok((found["FleetAttributes"][0]["Status"] == "ERROR").then_some(()))
        })
        .await?;
    let events = plane
        .call("DescribeFleetEvents", &json!({ "FleetId": fleet }))
        .await?;
    ensure!(
        events.to_string().contains("main.js"),
        "the event says where: {events}"
    );
    agent.expect_in_log("process");
    plane.end(vec![agent]).await
}
