//! Control plane, host, and a fleet for one script, in one process; a changed file becomes UpdateScript. The script's game
//! sessions are looked for every now and then, and their logs followed, as any client of the API would do it.

use super::Flags;
use super::show::{Made, Show};
use super::watch::Watch;
use crate::cli::{Caller, Endpoint, zip_of};
use crate::print::note;
use anyhow::{Context, Result, bail};
use base64::Engine as _;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

/// Between two looks at the fleet or the sessions.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// For the fleet to become active.
const PATIENCE: Duration = Duration::from_secs(120);
/// For server processes and requests to end.
const END_PATIENCE: Duration = Duration::from_secs(10);
/// The region name of a developer's own machine.
const REGION: &str = "us-east-1";
/// Ids of an earlier run on the same data folder.
const MADE_FILE: &str = "dev.json";

/// Runs until Ctrl-C.
pub(super) async fn run(path: PathBuf, flags: Flags) -> Result<()> {
    let launch_path = launch_path(&path, &flags).await?;
    let temporary = match flags.data {
        Some(_) => None,
        None => Some(
            tempfile::Builder::new()
                .prefix("hoist-dev-")
                .tempdir()
                .context("a temporary folder")?,
        ),
    };
    let data = match (&flags.data, &temporary) {
        (Some(data), _) => data.clone(),
        (None, Some(temporary)) => temporary.path().to_path_buf(),
        (None, None) => bail!("there is no folder for data"),
    };
    let (stop_control, control_stops) = control::Shutdown::pair();
    let control = control::run(control_settings(&flags, &data)?, control_stops).await?;
    let (stop_agent, agent_stops) = agent::Shutdown::pair();
    let agent = agent::run(agent_settings(&flags, &data, &control), agent_stops).await?;
    let endpoint = format!("http://{}", control.api);
    let dev = Dev {
        caller: Rc::new(
            Endpoint::of(
                &endpoint,
                REGION,
                flags.access_key.first().map(String::as_str),
            )
            .caller()?,
        ),
        show: Show { json: flags.json },
        path,
        launch_path,
        data,
        flags,
        endpoint,
    };
    if dev.flags.access_key.is_empty() {
        note(
            "any credentials pass, from this machine only; give --access-key ID:SECRET to verify signatures",
        );
    }
    if let (Some(metrics), false) = (control.metrics, dev.flags.json) {
        note(&format!("metrics are at http://{metrics}/metrics"));
    }
    let mut interrupt = std::pin::pin!(crate::signals::end());
    let outcome = tokio::select! {
        () = &mut interrupt => Ok(()),
        outcome = dev.serve() => outcome,
    };
    // Server processes first, so that they can still tell control how they ended.
    stop_agent.stop();
    let _ = tokio::time::timeout(END_PATIENCE, agent.ended()).await;
    stop_control.stop();
    if let Ok(ended) = tokio::time::timeout(END_PATIENCE, control.ended()).await {
        ended?;
    }
    outcome
}

/// The file that exports `ssExports`, within the zip of the script.
async fn launch_path(path: &Path, flags: &Flags) -> Result<String> {
    if !path.exists() {
        bail!(
            "{} does not exist; give a script file or folder, or run `hoist dev` where `examples/lobby` is",
            path.display()
        );
    }
    let report = checked(path, flags).await;
    if !report.ok {
        let findings: Vec<&str> = report
            .findings
            .iter()
            .map(|finding| finding.text.as_str())
            .collect();
        bail!(
            "{} cannot run: {} (see `hoist script check {0}`)",
            path.display(),
            findings.join("; ")
        );
    }
    report.script.context("the script has no name")
}

async fn checked(path: &Path, flags: &Flags) -> script::Report {
    let options = script::Options {
        engine: flags.engine.choice(),
        ..script::Options::default()
    };
    script::check(path, &options).await
}

fn control_settings(flags: &Flags, data: &Path) -> Result<control::Settings> {
    let mut settings = control::Settings::new(data.join("control"));
    settings.api = SocketAddr::from((Ipv4Addr::LOCALHOST, flags.api_port));
    settings.metrics = flags
        .metrics_port
        .map(|port| SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    settings.region = REGION.to_owned();
    settings.storage_poll = Duration::from_secs(1);
    for key in &flags.access_key {
        let (id, secret) = key.split_once(':').context("--access-key is ID:SECRET")?;
        settings.access_keys.push(control::AccessKey {
            id: id.to_owned(),
            secret: secret.to_owned(),
        });
    }
    Ok(settings)
}

fn agent_settings(flags: &Flags, data: &Path, control: &control::Running) -> agent::Settings {
    let mut settings = agent::Settings::local(
        data.join("agent"),
        control.url.clone(),
        control.machine_token.clone(),
    );
    settings.arguments = vec!["--engine".to_owned(), flags.engine.name().to_owned()];
    settings.at_end = agent::AtEnd::Kill;
    settings
}

/// A running `hoist dev`.
struct Dev {
    caller: Rc<Caller>,
    show: Show,
    path: PathBuf,
    launch_path: String,
    data: PathBuf,
    flags: Flags,
    endpoint: String,
}

impl Dev {
    async fn serve(&self) -> Result<()> {
        let mut watch = Watch::new(&self.path);
        let made = self.make().await?;
        self.show.ready(&made, !self.flags.access_key.is_empty());
        let mut followed = BTreeSet::new();
        let mut looks = tokio::time::interval(LOOK_EVERY);
        let local = tokio::task::LocalSet::new();
        local
            .run_until(Box::pin(async {
                loop {
                    tokio::select! {
                        () = watch.changed() => self.update(&made).await,
                        _ = looks.tick() => self.look(&made, &mut followed).await,
                    }
                }
            }))
            .await
    }

    /// Script, fleet and alias: new ones, or those of an earlier run with the script as it is now.
    async fn make(&self) -> Result<Made> {
        let zip = base64::engine::general_purpose::STANDARD.encode(zip_of(&self.path)?);
        if let Some(made) = self.made_before().await {
            self.caller
                .call(
                    "UpdateScript",
                    &json!({ "ScriptId": made.script, "ZipFile": zip }),
                )
                .await?;
            self.active(&made.fleet).await?;
            return Ok(made);
        }
        let name = self.path.file_name().map_or_else(
            || "dev".to_owned(),
            |name| name.to_string_lossy().into_owned(),
        );
        let script = self
            .caller
            .call("CreateScript", &json!({ "Name": name, "ZipFile": zip }))
            .await?;
        let script = text(&script["Script"]["ScriptId"]);
        let fleet = text(&self.create_fleet(&name, &script).await?["FleetAttributes"]["FleetId"]);
        self.active(&fleet).await?;
        let strategy = json!({ "Type": "SIMPLE", "FleetId": fleet });
        let alias = self
            .caller
            .call(
                "CreateAlias",
                &json!({ "Name": "dev", "RoutingStrategy": strategy }),
            )
            .await?;
        let alias = text(&alias["Alias"]["AliasId"]);
        let made = Made {
            endpoint: self.endpoint.clone(),
            region: REGION.to_owned(),
            script,
            fleet,
            alias,
        };
        let ids = json!({ "script": made.script, "fleet": made.fleet, "alias": made.alias });
        std::fs::write(self.data.join(MADE_FILE), ids.to_string())
            .context("the ids of this run")?;
        Ok(made)
    }

    async fn create_fleet(&self, name: &str, script: &str) -> Result<Value> {
        let mut process = json!({
            "LaunchPath": format!("/local/game/{}", self.launch_path),
            "ConcurrentExecutions": self.flags.processes,
        });
        if !self.flags.params.is_empty() {
            process["Parameters"] = json!(self.flags.params);
        }
        let mut input = json!({
            "Name": name,
            "ScriptId": script,
            "EC2InstanceType": "c5.large",
            "RuntimeConfiguration": { "ServerProcesses": [process] },
        });
        if !self.flags.location.is_empty() {
            let others = self
                .flags
                .location
                .iter()
                .filter(|location| *location != REGION);
            let all = std::iter::once(REGION).chain(others.map(String::as_str));
            input["Locations"] = all
                .map(|location| json!({ "Location": location }))
                .collect();
        }
        self.caller.call("CreateFleet", &input).await
    }

    async fn made_before(&self) -> Option<Made> {
        let ids: Value =
            serde_json::from_slice(&std::fs::read(self.data.join(MADE_FILE)).ok()?).ok()?;
        let made = Made {
            endpoint: self.endpoint.clone(),
            region: REGION.to_owned(),
            script: text(&ids["script"]),
            fleet: text(&ids["fleet"]),
            alias: text(&ids["alias"]),
        };
        self.caller
            .call("ResolveAlias", &json!({ "AliasId": made.alias }))
            .await
            .ok()?;
        self.caller
            .call("DescribeScript", &json!({ "ScriptId": made.script }))
            .await
            .ok()?;
        Some(made)
    }

    /// Waits until every location of the fleet is active.
    async fn active(&self, fleet: &str) -> Result<()> {
        let end = tokio::time::Instant::now() + PATIENCE;
        loop {
            let answer = self
                .caller
                .call(
                    "DescribeFleetLocationAttributes",
                    &json!({ "FleetId": fleet }),
                )
                .await?;
            let states: Vec<&str> = answer["LocationAttributes"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|location| location["LocationState"]["Status"].as_str())
                .collect();
            if !states.is_empty() && states.iter().all(|state| *state == "ACTIVE") {
                return Ok(());
            }
            if states.contains(&"ERROR") || tokio::time::Instant::now() > end {
                bail!("the fleet did not become active: {}", self.why(fleet).await);
            }
            tokio::time::sleep(LOOK_EVERY / 4).await;
        }
    }

    async fn why(&self, fleet: &str) -> String {
        let Ok(answer) = self
            .caller
            .call("DescribeFleetEvents", &json!({ "FleetId": fleet }))
            .await
        else {
            return "its events cannot be read".to_owned();
        };
        let events = answer["Events"].as_array().cloned().unwrap_or_default();
        let lines: Vec<String> = events
            .iter()
            .rev()
            .map(|event| format!("{}: {}", text(&event["EventCode"]), text(&event["Message"])))
            .collect();
        lines.join("\n")
    }

    /// The files have changed.
    async fn update(&self, made: &Made) {
        let report = checked(&self.path, &self.flags).await;
        if !report.ok {
            let findings: Vec<&str> = report
                .findings
                .iter()
                .map(|finding| finding.text.as_str())
                .collect();
            let why = findings.join("; ");
            self.show.event(
                &json!({ "event": "refused", "reason": why }),
                &format!("the changed script cannot run, so the one before stays: {why}"),
            );
            return;
        }
        let outcome = match zip_of(&self.path) {
            Ok(zip) => {
                let zip = base64::engine::general_purpose::STANDARD.encode(zip);
                self.caller
                    .call(
                        "UpdateScript",
                        &json!({ "ScriptId": made.script, "ZipFile": zip }),
                    )
                    .await
            }
            Err(error) => Err(error),
        };
        match outcome {
            Ok(_) => self.show.event(
                &json!({ "event": "updated", "scriptId": made.script }),
                "the script is updated: new game sessions run it, those that run keep theirs",
            ),
            Err(error) => note(&format!("the script could not be updated: {error:#}")),
        }
    }

    /// Follows the logs of game sessions that are new.
    async fn look(&self, made: &Made, followed: &mut BTreeSet<String>) {
        let input = json!({ "FleetId": made.fleet, "StatusFilter": "ACTIVE" });
        let Ok(answer) = self.caller.call("DescribeGameSessions", &input).await else {
            return;
        };
        for session in answer["GameSessions"].as_array().into_iter().flatten() {
            let id = text(&session["GameSessionId"]);
            if !followed.insert(id.clone()) {
                continue;
            }
            let short = id
                .rsplit('/')
                .next()
                .unwrap_or(&id)
                .chars()
                .rev()
                .take(6)
                .collect::<Vec<_>>();
            let short: String = short.into_iter().rev().collect();
            let port = &session["Port"];
            self.show.event(
                &json!({ "event": "session", "gameSessionId": id, "ipAddress": session["IpAddress"], "port": port }),
                &format!("game session {short} is open on {}:{port}", text(&session["IpAddress"])),
            );
            let (caller, show) = (Rc::clone(&self.caller), self.show);
            tokio::task::spawn_local(async move {
                let path = crate::cli::log_path(&id);
                let mut lines = Lines::default();
                let end = caller
                    .stream(&path, |piece| {
                        lines.take(piece, |line| show.log(&short, line))
                    })
                    .await;
                if end.is_ok() {
                    show.event(
                        &json!({ "event": "ended", "gameSessionId": id }),
                        &format!("game session {short} has ended"),
                    );
                }
            });
        }
    }
}

/// Cuts pieces of text into lines.
#[derive(Default)]
struct Lines(String);

impl Lines {
    fn take(&mut self, piece: &str, mut tell: impl FnMut(&str)) {
        self.0.push_str(piece);
        while let Some(end) = self.0.find('\n') {
            let line: String = self.0.drain(..=end).collect();
            tell(line.trim_end());
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_become_lines() {
        let mut lines = Lines::default();
        let mut seen = Vec::new();
        for piece in ["a\nb", "c\r\n", "", "\nd"] {
            lines.take(piece, |line| seen.push(line.to_owned()));
        }
        assert_eq!(seen, ["a", "bc", ""]);
    }
}
