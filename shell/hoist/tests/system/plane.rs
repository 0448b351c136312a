//! A control plane and its hosts as processes of their own, and calls to it as any client makes them.

use crate::Player;
use anyhow::{Context as _, Result, bail, ensure};
use sandbox::{Process, Sandbox};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::Instant;

const PATIENCE: Duration = Duration::from_secs(60);
const TOKEN: &str = "token-of-the-story";

/// `hoist control` with one or more `hoist agent`s.
pub(crate) struct Plane {
    pub(crate) sandbox: Sandbox,
    pub(crate) control: Process,
    pub(crate) address: String,
}

impl Plane {
    pub(crate) async fn start() -> Result<Self> {
        let sandbox = crate::sandbox()?;
        let (control, address) = control(&sandbox, "127.0.0.1:0").await?;
        Ok(Self {
            sandbox,
            control,
            address,
        })
    }

    /// Starts control again on the same data and port.
    pub(crate) async fn restart(&mut self) -> Result<()> {
        let (control, _) = control(&self.sandbox, &self.address).await?;
        self.control = control;
        Ok(())
    }

    /// A host with virtual instances, named and with a folder of its own. Its server processes end with it.
    pub(crate) async fn agent(&self, name: &str, more: &[&str]) -> Result<Process> {
        self.agent_with(name, &[&["--end-processes"], more].concat())
            .await
    }

    /// The same, whose server processes go on without it.
    pub(crate) async fn agent_with(&self, name: &str, more: &[&str]) -> Result<Process> {
        let url = format!("http://{}", self.address);
        let mut words = vec![
            "agent",
            "--control",
            &url,
            "--token",
            TOKEN,
            "--data",
            name,
            "--name",
            name,
            "--local",
            "--capacity",
            "8",
        ];
        words.extend(more);
        let mut agent = self.sandbox.start(&words)?;
        agent.event("ready").await?;
        Ok(agent)
    }

    pub(crate) async fn call(&self, operation: &str, input: &Value) -> Result<Value> {
        match call(&self.address, operation, input).await? {
            Ok(answer) => Ok(answer),
            Err(code) => bail!("{operation} {input}: {code}"),
        }
    }

    /// A fleet that runs this script, active.
    pub(crate) async fn fleet(&self, script: &str, processes: u32) -> Result<(String, String)> {
        let created = self
            .call("CreateScript", &json!({ "ZipFile": zip(script)? }))
            .await?;
        let script = text(&created["Script"]["ScriptId"]);
        let process =
            json!({ "LaunchPath": "/local/game/main.js", "ConcurrentExecutions": processes });
        let fleet = json!({
            "Name": "story",
            "ScriptId": script,
            "EC2InstanceType": "c5.large",
            "RuntimeConfiguration": { "ServerProcesses": [process] },
        });
        let fleet = text(&self.call("CreateFleet", &fleet).await?["FleetAttributes"]["FleetId"]);
        self.until("the fleet", || async {
            let found = self
                .call("DescribeFleetAttributes", &json!({ "FleetIds": [fleet] }))
                .await?;
            Ok((found["FleetAttributes"][0]["Status"] == "ACTIVE").then_some(()))
        })
        .await?;
        Ok((script, fleet))
    }

    /// A game session that is active.
    pub(crate) async fn session(&self, fleet: &str, players: u32) -> Result<Value> {
        let input = json!({ "FleetId": fleet, "MaximumPlayerSessionCount": players });
        let created = self
            .until("a free process", || async {
                match call(&self.address, "CreateGameSession", &input).await? {
                    Ok(answer) => Ok(Some(answer)),
                    Err(code) if code == "FleetCapacityExceededException" => Ok(None),
                    Err(code) => bail!("CreateGameSession: {code}"),
                }
            })
            .await?;
        self.session_with("ACTIVE", &text(&created["GameSession"]["GameSessionId"]))
            .await
    }

    pub(crate) async fn session_with(&self, status: &str, id: &str) -> Result<Value> {
        self.until(status, || async {
            let found = self
                .call("DescribeGameSessions", &json!({ "GameSessionId": id }))
                .await?;
            let session = found["GameSessions"][0].clone();
            Ok((session["Status"] == status).then_some(session))
        })
        .await
    }

    /// A player who takes a seat.
    pub(crate) async fn join(&self, session: &Value, name: &str) -> Result<Player> {
        let seat = json!({ "GameSessionId": session["GameSessionId"], "PlayerId": name });
        let seat = self.call("CreatePlayerSession", &seat).await?["PlayerSession"].clone();
        let (host, id) = (text(&seat["IpAddress"]), text(&seat["PlayerSessionId"]));
        Player::join_at(&self.sandbox, &host, &seat["Port"], &id, &[]).await
    }

    /// Polls, as clients of this API must.
    pub(crate) async fn until<T, F>(&self, what: &str, look: impl Fn() -> F) -> Result<T>
    where
        F: Future<Output = Result<Option<T>>>,
    {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = look().await? {
                return Ok(found);
            }
            ensure!(
                Instant::now() < end,
                "gave up waiting for {what}; control logged:\n{}",
                self.control.log()
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Ends everything in good order.
    pub(crate) async fn end(self, agents: Vec<Process>) -> Result<()> {
        for agent in agents {
            agent.terminate()?;
            let (status, _) = agent.ended().await?;
            ensure!(status.success(), "hoist agent ended with {status}");
        }
        self.control.terminate()?;
        let (status, _) = self.control.ended().await?;
        ensure!(status.success(), "hoist control ended with {status}");
        Ok(())
    }
}

async fn control(sandbox: &Sandbox, api: &str) -> Result<(Process, String)> {
    let mut control = sandbox.start(&[
        "control",
        "--data",
        "control",
        "--api",
        api,
        "--machine-token",
        TOKEN,
    ])?;
    control.expect_in_log("no access keys are set");
    let ready = control.event("ready").await?;
    let endpoint = ready["endpoint"].as_str().context("an endpoint")?;
    Ok((control, endpoint.trim_start_matches("http://").to_owned()))
}

/// One call over HTTP/1.1, unsigned; the error is the fault's code.
pub(crate) async fn call(
    address: &str,
    operation: &str,
    input: &Value,
) -> Result<Result<Value, String>> {
    let body = input.to_string();
    let request = format!(
        "POST / HTTP/1.1\r\nHost: {address}\r\nX-Amz-Target: GameLift.{operation}\r\n\
         Content-Type: application/x-amz-json-1.1\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(address).await.context("control")?;
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    let answer = String::from_utf8(answer)?;
    let (head, body) = answer
        .split_once("\r\n\r\n")
        .with_context(|| format!("an answer to {operation}"))?;
    let body: Value = serde_json::from_str(body).with_context(|| format!("{head}\n{body}"))?;
    if head.starts_with("HTTP/1.1 200") {
        return Ok(Ok(body));
    }
    Ok(Err(text(&body["__type"])))
}

/// The zip of one script, as base64.
pub(crate) fn zip(script: &str) -> Result<String> {
    use base64::Engine as _;
    use std::io::{Cursor, Write as _};
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("main.js", zip::write::SimpleFileOptions::default())?;
    zip.write_all(script.as_bytes())?;
    Ok(base64::engine::general_purpose::STANDARD.encode(zip.finish()?.into_inner()))
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
