//! `hoist dev --standalone`: a script in a server process of its own, no control plane. A changed file starts a new session
//! with the new script; the old one goes on until its players leave.

use super::watch::Watch;
use crate::print::{note, out};
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::mpsc;

/// Sessions that run at the same time; a change beyond that is not started until an old one ends.
const SESSIONS_MAX: usize = 16;

/// What sessions have to tell their players when the developer stops.
const PATIENCE: Duration = Duration::from_secs(2);

/// What to run.
pub(crate) struct Standalone {
    /// The script.
    pub(crate) path: PathBuf,
    /// Further arguments of `hoist realtime`.
    pub(crate) arguments: Vec<String>,
    /// One JSON line per event instead of text.
    pub(crate) json: bool,
}

/// What a session process said.
struct Said {
    session: usize,
    what: What,
}

enum What {
    Line(String),
    Log(String),
    Ended,
}

/// A running session.
struct Session {
    number: usize,
    child: Child,
    players: u64,
}

impl Session {
    /// Asks it to end, so that players are told.
    fn ask_to_end(&self) {
        if let Some(pid) = self.child.id().and_then(|pid| i32::try_from(pid).ok()) {
            // It may have ended in this moment; then there is nothing to ask.
            let _ = nix::sys::signal::kill(
                nix::unistd::Pid::from_raw(pid),
                nix::sys::signal::Signal::SIGTERM,
            );
        }
    }
}

/// Runs until Ctrl-C.
pub(crate) async fn run(standalone: Standalone) -> Result<()> {
    if !standalone.path.exists() {
        bail!(
            "{} does not exist; give a script file or folder, or run `hoist dev` where `examples/lobby` is",
            standalone.path.display()
        );
    }
    let (tell, mut told) = mpsc::channel(1024);
    let mut watch = Watch::new(&standalone.path);
    let mut sessions = vec![start(&standalone, 1, &tell)?];
    let mut newest = 1;
    let mut ready = 0;
    let mut interrupt = std::pin::pin!(crate::signals::end());
    loop {
        tokio::select! {
            () = &mut interrupt => break,
            () = watch.changed() => {
                if sessions.len() >= SESSIONS_MAX {
                    note(&format!("the script has changed; {SESSIONS_MAX} sessions still have players, so no new one is started"));
                    continue;
                }
                newest += 1;
                standalone.show(&json!({"event": "changed", "session": newest}), &format!("the script has changed: session {newest} starts"));
                sessions.push(start(&standalone, newest, &tell)?);
            }
            said = told.recv() => {
                let Some(said) = said else { break };
                standalone.tell(&said);
                match &said.what {
                    What::Ended => sessions.retain(|session| session.number != said.session),
                    What::Line(line) => heard(&mut sessions, said.session, line, &mut ready),
                    What::Log(_) => {}
                }
            }
        }
    }
    end(&mut sessions).await
}

/// Once a newer session is ready, an older one ends when its last player has left.
fn heard(sessions: &mut [Session], number: usize, line: &str, ready: &mut usize) {
    let event: Value = serde_json::from_str(line).unwrap_or_default();
    if let Some(session) = sessions.iter_mut().find(|session| session.number == number) {
        session.players = event["players"].as_u64().unwrap_or(session.players);
    }
    if event["event"] == "ready" {
        *ready = number.max(*ready);
    }
    let over = |session: &&Session| session.number < *ready && session.players == 0;
    sessions.iter().filter(over).for_each(Session::ask_to_end);
}

/// Asks every session to end, so that players are told, and insists after a while.
async fn end(sessions: &mut [Session]) -> Result<()> {
    sessions.iter().for_each(Session::ask_to_end);
    let patience = tokio::time::Instant::now() + PATIENCE;
    for session in sessions {
        if tokio::time::timeout_at(patience, session.child.wait())
            .await
            .is_err()
        {
            session
                .child
                .kill()
                .await
                .context("a session could not be ended")?;
        }
    }
    Ok(())
}

fn start(standalone: &Standalone, number: usize, tell: &mpsc::Sender<Said>) -> Result<Session> {
    let binary = std::env::current_exe().context("the path of this program")?;
    let mut command = Command::new(binary);
    command
        .args(["realtime", "--standalone", "--script"])
        .arg(&standalone.path)
        .args(&standalone.arguments);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    let mut child = command
        .spawn()
        .context("a session process could not be started")?;
    let lines = child.stdout.take().context("stdout was asked for")?;
    let log = child.stderr.take().context("stderr was asked for")?;
    let tell_log = tell.clone();
    let read_log = tokio::spawn(read(log, number, tell_log, What::Log));
    let tell = tell.clone();
    tokio::spawn(async move {
        read(lines, number, tell.clone(), What::Line).await;
        // The end is told when all that the process said has been told.
        let _ = read_log.await;
        let _ = tell
            .send(Said {
                session: number,
                what: What::Ended,
            })
            .await;
    });
    Ok(Session {
        number,
        child,
        players: 0,
    })
}

async fn read(
    from: impl AsyncRead + Unpin,
    session: usize,
    tell: mpsc::Sender<Said>,
    what: fn(String) -> What,
) {
    let mut lines = BufReader::new(from).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        if tell
            .send(Said {
                session,
                what: what(line),
            })
            .await
            .is_err()
        {
            return;
        }
    }
}

impl Standalone {
    fn tell(&self, said: &Said) {
        let number = said.session;
        match &said.what {
            What::Log(line) => note(&format!("[{number}] {line}")),
            What::Ended => self.show(
                &json!({"event": "gone", "session": number}),
                &format!("session {number} is gone; save a file of the script to start another"),
            ),
            What::Line(line) => {
                let mut event: Value =
                    serde_json::from_str(line).unwrap_or_else(|_| json!({ "event": line }));
                event["session"] = json!(number);
                let text = self.in_words(&event, number);
                self.show(&event, &text);
            }
        }
    }

    fn in_words(&self, event: &Value, number: usize) -> String {
        if let Some(players) = event["players"].as_u64() {
            return format!("session {number} has {players} player(s)");
        }
        if event["event"] != "ready" {
            let reason = event["reason"].as_str().unwrap_or("no reason given");
            return format!("session {number} has ended: {reason}");
        }
        let port = event["tcpPort"].as_u64().unwrap_or_default();
        let engine = event["engine"].as_str().unwrap_or_default();
        let script = self.path.display();
        let program = std::env::args()
            .next()
            .unwrap_or_else(|| "hoist".to_owned());
        let player = |name: &str| {
            format!(
                "  {program} player --host 127.0.0.1 --tcp-port {port} --player-session-id {name}"
            )
        };
        [
            format!("session {number} of {script} is ready on 127.0.0.1, TCP port {port} (engine {engine})"),
            "join from two other terminals:".to_owned(),
            player("amy"),
            player("bob"),
            "then type, for example:  send 1 group -1 hello".to_owned(),
        ]
        .join("\n")
    }

    fn show(&self, event: &Value, text: &str) {
        if self.json {
            out(&event.to_string())
        } else {
            out(text)
        }
    }
}

/// Where the example lies that is run when no script is named.
pub(crate) fn default_script() -> &'static Path {
    Path::new("examples/lobby")
}
