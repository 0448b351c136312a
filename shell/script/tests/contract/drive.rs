//! Tells a script what a case says, and writes down what it does.

use std::fmt::Write as _;
use std::time::Duration;

use bytes::Bytes;
use script::{Budgets, Engine, Options};
use session::{
    Ask, CallId, GameMessage, GameSession, Hook, Outcome, Player, ScriptEvent, ToScript,
};
use tempfile::TempDir;

use crate::table::Case;

/// Far longer than anything takes; only a hanging engine meets it.
const HANGS: Duration = Duration::from_secs(120);

/// The transcript of a case.
pub(crate) async fn seen(case: &Case, options: &Options) -> String {
    let folder = TempDir::with_prefix("hoist-case-").unwrap();
    for (name, text) in &case.files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let mut options = options.clone();
    options.params = vec!["mode:test".to_owned(), "x".to_owned()];
    let mut commands = case.commands.iter().peekable();
    while let Some(setting) = commands.next_if(|command| command.starts_with("with ")) {
        set(&mut options, setting);
    }
    let mut transcript = String::new();
    match script::load(&folder.path().join("index.js"), &options).await {
        Ok((engine, exports)) => {
            for warning in exports.warnings {
                writeln!(transcript, "warning {warning}").unwrap();
            }
            let mut driver = Driver {
                engine,
                transcript,
                next_call: 1,
                mark: 0,
                over: false,
            };
            for command in commands {
                driver.obey(command).await;
            }
            transcript = driver.transcript;
        }
        Err(error) => {
            for line in &error.log {
                show(&mut transcript, &ScriptEvent::Log(line.clone()));
            }
            // Engines word syntax errors in their own ways.
            let text = error.to_string();
            let text = text
                .find("syntax error")
                .map_or(text.as_str(), |at| &text[..at + 12]);
            writeln!(transcript, "not loaded: {}", first_line(text)).unwrap();
        }
    }
    transcript
}

fn set(options: &mut Options, setting: &str) {
    let words: Vec<_> = setting.split(' ').collect();
    let budgets = Budgets {
        callback: Duration::from_secs(60),
        ..options.budgets
    };
    options.budgets = match words[1] {
        "callback_ms" => Budgets {
            callback: Duration::from_millis(words[2].parse().unwrap()),
            ..budgets
        },
        "load_ms" => Budgets {
            load: Duration::from_millis(words[2].parse().unwrap()),
            ..budgets
        },
        "memory_mib" => Budgets {
            memory: words[2].parse::<usize>().unwrap() << 20,
            ..budgets
        },
        "level" => {
            options.log_level = session::LogLevel::Debug;
            budgets
        }
        other => panic!("unknown setting {other}"),
    };
}

struct Driver {
    engine: Engine,
    transcript: String,
    next_call: u64,
    /// Where the transcript of the last call begins.
    mark: usize,
    over: bool,
}

impl Driver {
    async fn obey(&mut self, command: &str) {
        if self.over {
            return;
        }
        let (command, wait) = match command.strip_prefix("& ") {
            Some(command) => (command, false),
            None => (command, true),
        };
        let (verb, rest) = command.split_once(' ').unwrap_or((command, ""));
        let told = match verb {
            "joined" => Some(ToScript::Joined(player(rest))),
            "left" => Some(ToScript::Left(rest.parse().unwrap())),
            "session-id" => Some(ToScript::GameSessionId(rest.to_owned())),
            "ended" => Some(ToScript::Ended {
                success: rest == "true",
            }),
            _ => None,
        };
        if let Some(told) = told {
            self.engine.send(told);
            return;
        }
        if verb == "until" {
            // What is waited for may have come together with what was waited for before.
            if !self.transcript[self.mark..].contains(rest) {
                self.until(|line| line.contains(rest)).await;
            }
            return;
        }
        self.mark = self.transcript.len();
        let id = CallId(self.next_call);
        self.next_call += 1;
        self.engine.send(ToScript::Call(id, hook(verb, rest)));
        if wait {
            let mark = format!("returned {} ", id.0);
            self.until(|line| line.starts_with(&mark)).await;
        }
    }

    /// Until a line is seen, or the script's end.
    async fn until(&mut self, found: impl Fn(&str) -> bool) {
        let mut events = Vec::new();
        let mut done = false;
        while !done && !self.over {
            let waited = tokio::time::timeout(HANGS, self.engine.next(&mut events)).await;
            if waited.is_err() {
                self.transcript.push_str("hangs\n");
                self.over = true;
            }
            for event in events.drain(..) {
                let start = self.transcript.len();
                show(&mut self.transcript, &event);
                done |= found(&self.transcript[start..]);
                self.over |= matches!(
                    event,
                    ScriptEvent::Crashed(_) | ScriptEvent::Asked(Ask::Exit(_))
                );
            }
        }
    }
}

fn player(text: &str) -> Player {
    let mut words = text.split(' ');
    Player {
        peer_id: words.next().unwrap().parse().unwrap(),
        player_session_id: words.next().unwrap_or("psess-x").to_owned(),
        player_id: words.next().unwrap_or_default().to_owned(),
        player_data: words.next().unwrap_or_default().to_owned(),
    }
}

/// `OP SENDER TARGET PAYLOAD`; a payload may be `hex:..`.
fn message(text: &str, to_group: bool) -> GameMessage {
    let mut words = text.splitn(4, ' ');
    let mut number = || words.next().unwrap().parse::<i32>().unwrap();
    let (op_code, sender, target) = (number(), number(), number());
    GameMessage {
        op_code,
        sender,
        target_player: if to_group { 0 } else { target },
        target_group: if to_group { target } else { 0 },
        reliable: true,
        payload: payload(words.next().unwrap_or_default()),
    }
}

fn payload(text: &str) -> Bytes {
    match text.strip_prefix("hex:") {
        Some(hex) => (0..hex.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
            .collect(),
        None => Bytes::copy_from_slice(text.as_bytes()),
    }
}

fn hook(verb: &str, rest: &str) -> Hook {
    let pair = || {
        let (a, b) = rest.split_once(' ').unwrap();
        (a.parse().unwrap(), b.parse().unwrap())
    };
    match verb {
        "init" => Hook::Init,
        "started" => Hook::ProcessStarted(rest.split_whitespace().map(str::to_owned).collect()),
        "start-session" => Hook::StartGameSession(game_session()),
        "health" => Hook::HealthCheck,
        "terminate" => Hook::ProcessTerminate,
        "connect" => {
            let (who, sent) = rest.split_once(" : ").unwrap_or((rest, ""));
            Hook::PlayerConnect {
                player: player(who),
                payload: payload(sent),
            }
        }
        "accepted" => Hook::PlayerAccepted(player(rest)),
        "disconnect" => Hook::PlayerDisconnect(rest.parse().unwrap()),
        "message" => Hook::Message(message(rest, false)),
        "to-player" => Hook::SendToPlayer(message(rest, false)),
        "to-group" => Hook::SendToGroup(message(rest, true)),
        "join" => Hook::PlayerJoinGroup {
            group: pair().0,
            peer: pair().1,
        },
        "leave" => Hook::PlayerLeaveGroup {
            group: pair().0,
            peer: pair().1,
        },
        other => panic!("unknown command {other}"),
    }
}

fn game_session() -> GameSession {
    GameSession {
        game_session_id: "gsess-1".to_owned(),
        name: "Night game".to_owned(),
        fleet_id: "fleet-1".to_owned(),
        maximum_player_session_count: 8,
        ip_address: "127.0.0.1".to_owned(),
        port: 1900,
        dns_name: String::new(),
        game_properties: vec![("map".to_owned(), "moon".to_owned())],
        game_session_data: "data".to_owned(),
        matchmaker_data: String::new(),
        location: "custom-home".to_owned(),
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

fn sent(message: &GameMessage) -> String {
    let channel = if message.reliable { "reliable" } else { "fast" };
    let GameMessage {
        op_code,
        sender,
        payload,
        ..
    } = message;
    format!(
        "{channel} op={op_code} sender={sender} \"{}\"",
        payload.escape_ascii()
    )
}

fn show(out: &mut String, event: &ScriptEvent) {
    let line = match event {
        ScriptEvent::Asked(Ask::SendToPlayer { peer, message }) => {
            format!("send {peer} {}", sent(message))
        }
        ScriptEvent::Asked(Ask::SendToGroup { group, message }) => {
            format!("send group {group} {}", sent(message))
        }
        ScriptEvent::Asked(Ask::BroadcastMembership { show, to }) => {
            format!("membership of {show} to {to}")
        }
        ScriptEvent::Asked(Ask::ProcessEnding) => "ending".to_owned(),
        ScriptEvent::Asked(Ask::Exit(code)) => format!("exit {code}"),
        ScriptEvent::Returned(id, Outcome::Returned(value)) => format!("returned {} {value}", id.0),
        ScriptEvent::Returned(id, Outcome::Threw(text)) => {
            format!("returned {} threw {}", id.0, with_place(text))
        }
        ScriptEvent::Log(line) => {
            let text: Vec<_> = line
                .text
                .lines()
                .filter(|line| !line.trim_start().starts_with("at "))
                .collect();
            format!(
                "{:?} ({}) {}: {}",
                line.level,
                line.file,
                line.line,
                text.join("\n  ")
            )
        }
        // Where it was cut off is a matter of luck.
        ScriptEvent::Crashed(text) if text.contains("was cut off") => {
            format!("crashed: {}", first_line(text))
        }
        ScriptEvent::Crashed(text) => format!("crashed: {}", with_place(text)),
    };
    writeln!(out, "{line}").unwrap();
}

/// The words of an error and the first place in its stack, without what differs between engines.
fn with_place(text: &str) -> String {
    let words: Vec<_> = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("at "))
        .collect();
    let place = text.lines().find_map(|line| {
        let start = line.find("/index.js:")? + 1;
        line[start..].split([':', ')']).nth(1)
    });
    match place {
        Some(line) => format!("{} [line {line}]", words.join(" / ")),
        None => words.join(" / "),
    }
}
