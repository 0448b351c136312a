//! The Node.js engine: a child process on a Unix socket, which is its standard input. The child dies with us, and when it does not
//! take messages for as long as a callback may run, it is ended.

mod find;
mod frames;
mod lines;

use std::collections::VecDeque;
use std::os::fd::OwnedFd;
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use bytes::BytesMut;
use session::{Ask, LogLevel, ScriptEvent, ToScript};
use tokio::net::UnixStream;
use tokio::process::{Child, Command};

use crate::embedded::{Failed, Loaded, logged};
use crate::loaded::Lacking;
use crate::source::Source;
use crate::{Budgets, Kind, Options, Why, raw};
pub(crate) use find::find;
pub(crate) use frames::weight;
use frames::{Hello, Said};
use lines::Lines;

const SESSION_JS: &str = include_str!("../js/session.js");
const CONSOLE_JS: &str = include_str!("../js/console.js");
const NODE_JS: &str = include_str!("../js/node.js");
/// Reads the rest from the socket. A script that blocks, or that Node.js does not even parse, cannot disturb it.
const LOADER_JS: &str = "const fs=require('fs'),vm=require('vm');\
    function read(size){const all=Buffer.alloc(size);let at=0;while(at<size){\
    const got=fs.readSync(0,all,at,size-at);if(got===0)process.exit(0);at+=got}return all}\
    const plan=JSON.parse(read(read(4).readUInt32LE()));\
    const run=(name)=>vm.runInThisContext(plan.code[name],{filename:`hoist:${name}.js`});\
    run('node')(Object.assign(plan.native,{bring:(url)=>import(url)}),run('session'),run('console'));";
/// Bytes that one turn reads at most, so that others get theirs.
const READ_AT_ONCE: usize = 256 << 10;
/// Time that Node.js itself may take to start, on a loaded machine.
const START: Duration = Duration::from_secs(20);
/// How many times the budget a child may be silent that is not seen to run.
const PATIENCE_MOST: u32 = 12;
/// The oldest version that runs scripts.
const OLDEST: u32 = 18;

/// A script in a child process.
pub(crate) struct NodeChild {
    child: Child,
    socket: UnixStream,
    incoming: BytesMut,
    outgoing: BytesMut,
    outbox: Vec<ScriptEvent>,
    hello: Option<Box<Hello>>,
    lines: Lines,
    /// Messages that the child has not taken yet, by name.
    untaken: VecDeque<&'static str>,
    /// When the child last took something, or was first given something.
    alive_at: Instant,
    /// When to look after it, and its running time when it was first looked after since.
    look_at: Instant,
    ran_until: Option<Duration>,
    /// Node.js runs, and loads the script.
    started: bool,
    loaded: bool,
    /// Nothing comes any more from the socket.
    gone: bool,
    /// The last event has been made.
    over: bool,
    budgets: Budgets,
    patience: Duration,
}

impl NodeChild {
    pub(crate) async fn load(source: &Source, options: &Options) -> Result<Loaded<Self>, Failed> {
        let failed = |why| Failed::new(why, Vec::new(), Vec::new());
        let program = find(options.node.as_deref()).map_err(|text| failed(Why::NoNode(text)))?;
        let mut engine = Self::start(source, options, &program).map_err(|error| {
            let text = format!(
                "cannot start {}: {error}; check --node PATH",
                program.display()
            );
            failed(Why::NoNode(text))
        })?;
        while engine.hello.is_none() && !engine.over {
            let mut events = Vec::new();
            let most = if engine.started {
                engine.patience * (PATIENCE_MOST + 1)
            } else {
                START
            };
            let deadline = engine.alive_at + most;
            let waited = tokio::time::timeout_at(deadline.into(), engine.turn(&mut events)).await;
            engine.outbox.splice(0..0, events);
            if waited.is_err() {
                let text = format!("Node.js did not load it within {} s", most.as_secs());
                return Err(engine.failure(Why::CutOff(text), Vec::new()));
            }
        }
        engine.patience = options.budgets.callback;
        engine.is_alive();
        engine.judge(source)
    }

    fn judge(mut self, source: &Source) -> Result<Loaded<Self>, Failed> {
        let ended = self.outbox.iter().find_map(|event| match event {
            ScriptEvent::Crashed(text) => Some(Why::CutOff(text.clone())),
            ScriptEvent::Asked(Ask::Exit(code)) => Some(Why::Exited(*code)),
            ScriptEvent::Asked(_) | ScriptEvent::Returned(..) | ScriptEvent::Log(_) => None,
        });
        let hello = self.hello.take();
        if let Some(why) = ended {
            return Err(self.failure(why, Vec::new()));
        }
        let Some(hello) = hello else {
            return Err(self.failure(Why::CutOff("the engine ended".to_owned()), Vec::new()));
        };
        let major = hello
            .node
            .split('.')
            .next()
            .and_then(|major| major.parse::<u32>().ok());
        if major.is_none_or(|major| major < OLDEST) {
            let text = format!(
                "Node.js {} is too old: use {OLDEST} or newer with --node PATH",
                hello.node
            );
            return Err(self.failure(Why::NoNode(text), Vec::new()));
        }
        let lacking: Vec<_> = hello
            .missing
            .iter()
            .map(|missing| Lacking {
                module: missing.module.clone(),
                from: source.shown(&missing.from).to_owned(),
                node_has_it: missing.module.starts_with("node:"),
            })
            .collect();
        match hello.about.why_not(source, &lacking, Kind::Node) {
            Some(why) => Err(self.failure(why, lacking)),
            None => Ok(Loaded {
                engine: self,
                about: hello.about,
                lacking,
            }),
        }
    }

    fn failure(&self, why: Why, lacking: Vec<Lacking>) -> Failed {
        Failed::new(why, logged(&self.outbox), lacking)
    }

    fn start(
        source: &Source,
        options: &Options,
        program: &std::path::Path,
    ) -> std::io::Result<Self> {
        let (ours, theirs) = std::os::unix::net::UnixStream::pair()?;
        ours.set_nonblocking(true)?;
        let mut command = Command::new(program);
        command
            .arg("--no-warnings")
            .arg("--no-deprecation")
            .arg(format!(
                "--max-old-space-size={}",
                (options.budgets.memory >> 20).max(16)
            ))
            .arg("-e")
            .arg(LOADER_JS)
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .current_dir(&source.game_dir)
            .kill_on_drop(true);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("HOIST_") {
                command.env_remove(name);
            }
        }
        raw::die_with_us(command.as_std_mut());
        let mut child = command.spawn()?;
        let lines = Lines::new(child.stdout.take(), child.stderr.take());
        let plan = serde_json::json!({
            "native": {
                "fd": 0,
                "level": options.log_level as u8,
                "entry": source.entry,
                "params": options.params,
                "gameDir": source.game_dir,
            },
            "code": { "session": SESSION_JS, "console": CONSOLE_JS, "node": NODE_JS },
        })
        .to_string();
        let mut outgoing = BytesMut::with_capacity(plan.len() + 4);
        let length = u32::try_from(plan.len()).expect("the plan is our own code and a few paths");
        outgoing.extend_from_slice(&length.to_le_bytes());
        outgoing.extend_from_slice(plan.as_bytes());
        Ok(Self {
            child,
            socket: UnixStream::from_std(ours)?,
            incoming: BytesMut::new(),
            outgoing,
            outbox: Vec::new(),
            hello: None,
            lines,
            untaken: VecDeque::new(),
            alive_at: Instant::now(),
            look_at: Instant::now() + START,
            ran_until: None,
            started: false,
            loaded: false,
            gone: false,
            over: false,
            budgets: options.budgets,
            patience: START,
        })
    }

    pub(crate) fn send(&mut self, message: &ToScript) {
        if self.over {
            return;
        }
        frames::encode(message, &mut self.outgoing);
        let name = match message {
            ToScript::Call(_, hook) => hook.name(),
            ToScript::Joined(_) => "joining of a player",
            ToScript::Left(_) => "leaving of a player",
            ToScript::GameSessionId(_) => "start of a game session",
            ToScript::Ended { .. } => "processEnding",
        };
        self.expect(name);
        if self.outgoing.len() > self.budgets.backlog {
            let text = format!(
                "the script does not keep up: more than {} bytes of messages wait for it",
                self.budgets.backlog
            );
            self.end(text);
        }
    }

    fn expect(&mut self, name: &'static str) {
        if self.untaken.is_empty() {
            self.is_alive();
        }
        self.untaken.push_back(name);
    }

    fn is_alive(&mut self) {
        self.alive_at = Instant::now();
        self.look_at = self.alive_at + self.patience / 2;
        self.ran_until = None;
    }

    /// The last event. The child is of no use any more.
    fn end(&mut self, text: String) {
        self.outbox.push(ScriptEvent::Crashed(text));
        self.over = true;
        // It may be gone already.
        let _ = self.child.start_kill();
    }

    /// Takes and gives what can be without waiting.
    pub(crate) fn run(&mut self, events: &mut Vec<ScriptEvent>) -> bool {
        self.pump();
        events.append(&mut self.outbox);
        false
    }

    pub(crate) async fn next(&mut self, events: &mut Vec<ScriptEvent>) {
        while events.is_empty() {
            if self.over && self.outbox.is_empty() {
                std::future::pending::<()>().await;
            }
            self.turn(events).await;
        }
    }

    /// Waits until something happens, once. Every wait in here can be given up and begun anew.
    async fn turn(&mut self, events: &mut Vec<ScriptEvent>) {
        self.pump();
        if self.gone && !self.over {
            let status = self.child.wait().await;
            self.lines.drain(&mut self.outbox).await;
            self.end(last_words(status.ok(), self.lines.last()));
        }
        if self.outbox.is_empty() && self.hello.is_none() && !self.over {
            let deadline = self.look_at;
            tokio::select! {
                _ = self.socket.readable() => {}
                _ = self.socket.writable(), if !self.outgoing.is_empty() => {}
                () = self.lines.next(&mut self.outbox) => {}
                () = tokio::time::sleep_until(deadline.into()) => self.look_after(),
            }
        }
        events.append(&mut self.outbox);
    }

    /// The child has said nothing for a while: it is asked, and given up when it has been running all the time. A child that does
    /// not get to run, or that waits for something in the middle of a callback, is given more time.
    fn look_after(&mut self) {
        let now = Instant::now();
        let part = self.patience / 2;
        self.look_at = now + part / 2;
        let first = match self.untaken.front() {
            Some(first) => *first,
            None if self.loaded => {
                frames::encode_probe(&mut self.outgoing);
                self.expect("a timer");
                return;
            }
            None if self.started => "the top level",
            // Node.js itself has a time limit of its own.
            None => return,
        };
        let silent = now - self.alive_at;
        let running = running_time(&self.child).unwrap_or(silent);
        let Some(before) = self.ran_until else {
            self.ran_until = Some(running);
            return;
        };
        if running.saturating_sub(before) >= part || silent >= self.patience * PATIENCE_MOST {
            let text = format!(
                "the script ran for more than {} ms without a pause and was cut off\n    at {first}, or before it",
                self.patience.as_millis()
            );
            self.end(text);
        }
    }

    fn pump(&mut self) {
        while !self.outgoing.is_empty() {
            match self.socket.try_write(&self.outgoing) {
                Ok(written) => drop(self.outgoing.split_to(written)),
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => break,
                Err(_) => {
                    self.outgoing.clear();
                    break;
                }
            }
        }
        let mut room = READ_AT_ONCE;
        while room > 0 && !self.gone {
            self.incoming.reserve(16 << 10);
            match self.socket.try_read_buf(&mut self.incoming) {
                Ok(0) => self.gone = true,
                Ok(read) => room = room.saturating_sub(read),
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => break,
                Err(_) => self.gone = true,
            }
        }
        self.sort();
    }

    fn sort(&mut self) {
        while !self.over {
            match frames::decode(&mut self.incoming) {
                Ok(None) => break,
                Ok(Some(Said::Took(count))) => {
                    let count = usize::try_from(count)
                        .unwrap_or(usize::MAX)
                        .min(self.untaken.len());
                    self.untaken.drain(..count);
                    self.is_alive();
                }
                Ok(Some(Said::Started)) => {
                    self.started = true;
                    self.patience = self.budgets.load;
                    self.is_alive();
                }
                Ok(Some(Said::Loaded(hello))) => {
                    self.hello = Some(hello);
                    self.loaded = true;
                    self.alive_at = Instant::now();
                }
                Ok(Some(Said::Event(event))) => {
                    self.over = matches!(
                        event,
                        ScriptEvent::Crashed(_) | ScriptEvent::Asked(Ask::Exit(_))
                    );
                    self.outbox.push(event);
                }
                Err(what) => self.end(format!("the Node.js process sent {what}")),
            }
        }
    }
}

/// How long the child's main thread has been running, without the time in which others ran.
fn running_time(child: &Child) -> Option<Duration> {
    let text = std::fs::read_to_string(format!("/proc/{}/schedstat", child.id()?)).ok()?;
    text.split(' ')
        .next()?
        .parse()
        .ok()
        .map(Duration::from_nanos)
}

/// What is to be said about a child that is gone without a word.
fn last_words(status: Option<ExitStatus>, stderr: &str) -> String {
    let how = status.map_or_else(
        || "for an unknown reason".to_owned(),
        |status| status.to_string(),
    );
    let how = format!("the Node.js process of the script ended: {how}");
    if stderr.is_empty() {
        how
    } else {
        format!("{how}\n{stderr}")
    }
}

/// A line of the child's own output.
fn console_line(level: LogLevel, text: String) -> ScriptEvent {
    ScriptEvent::Log(session::LogLine {
        level,
        file: "console".to_owned(),
        line: 0,
        text,
    })
}
