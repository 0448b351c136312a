//! The life of one slot: log, link, script, session, sockets, end. The driver owns the engine and the timer; everything else comes
//! to the slot from tasks of its own.

use std::net::{IpAddr, Ipv4Addr};
use std::rc::Rc;
use std::time::Duration;

use ids::Mint;
use script::Engine;
use session::{CloseCode, Exports, Input, LogLevel, Order, ScriptEvent, Session};
use tokio::net::{TcpListener, UdpSocket};
use tokio::task::{AbortHandle, spawn_local};
use tokio::time::{sleep, sleep_until};

use crate::bind::bind;
use crate::datagrams::Datagrams;
use crate::link::{ControlTask, Link, StandaloneLink, connect};
use crate::listen::listen;
use crate::log::{Bounded, Log, Tap, level_of, path_of};
use crate::run::Shared;
use crate::slot::{Slot, Todo};
use crate::upgrade::UpgradeRules;
use crate::{Console, Error, Event, LinkSettings, Shutdown, SlotSettings, Wish};

/// How long the last words of a slot may take.
const FINISH_TIMEOUT: Duration = Duration::from_millis(2_500);
/// How long they may take when somebody insists on the end.
const KILL_TIMEOUT: Duration = Duration::from_millis(100);

/// A slot that has ended.
pub(crate) struct Finished {
    pub(crate) exit_code: i32,
}

pub(crate) struct Driver {
    shared: Rc<Shared>,
    index: usize,
    slot: Rc<Slot>,
    engine: Engine,
    shutdown: Shutdown,
    heard: Wish,
    /// Started once the ports are bound.
    control: Option<ControlTask>,
    tasks: Vec<AbortHandle>,
    door: Option<AbortHandle>,
    ports: (u16, u16),
}

/// What ends the driver's loop.
struct End {
    patience: Duration,
    close: CloseCode,
    exit_code: i32,
    reason: String,
}

impl Driver {
    /// Starts a slot and serves it to its end.
    pub(crate) async fn start(
        shared: Rc<Shared>,
        index: usize,
        mint: Mint,
        mut shutdown: Shutdown,
    ) -> Result<Finished, Error> {
        let process_id = Self::own(&shared, index).process_id.clone();
        let started = tokio::select! {
            started = Self::prepare(Rc::clone(&shared), index, mint, shutdown.clone()) => started,
            _ = shutdown.more_than(Wish::Run) => Ok(None),
        };
        let finished = match started {
            Ok(Some(driver)) => driver.serve().await,
            Ok(None) => Ok((
                Finished { exit_code: 0 },
                "terminated before it was ready".into(),
            )),
            Err(error) => Err(error),
        };
        let reason = match &finished {
            Ok((_, reason)) => reason.clone(),
            Err(error) => error.to_string(),
        };
        shared.events.tell(Event::Ended {
            reason,
            process_id: Some(process_id).filter(|id| !id.is_empty()),
        });
        finished.map(|(finished, _)| finished)
    }

    fn own(shared: &Shared, index: usize) -> &SlotSettings {
        &shared.settings.slots[index]
    }

    async fn prepare(
        shared: Rc<Shared>,
        index: usize,
        mut mint: Mint,
        shutdown: Shutdown,
    ) -> Result<Option<Self>, Error> {
        let settings = &shared.settings;
        let (level, level_warning) = level_of(&settings.params);
        let mut log = open_log(&shared, index, level)?;
        let mut say = |level, text: &str| log.say(shared.clock.now(), level, "realtime", text);
        if let Some(warning) = level_warning {
            say(LogLevel::Warn, &warning);
        }
        let mut control = None;
        if let LinkSettings::Control(link) = &settings.link {
            say(LogLevel::Info, "Calling GameLiftServerAPI.InitSDK...");
            let own = &Self::own(&shared, index).process_id;
            let calls_max = settings.limits.link_calls_max;
            let link_mint = Mint::new(std::array::from_fn(|_| mint.number()));
            match connect(link, own, link_mint, shared.clock, calls_max).await {
                Ok(connected) => control = Some(connected),
                Err(error) => {
                    say(LogLevel::Fatal, &error.to_string());
                    return Err(error);
                }
            }
            say(LogLevel::Info, "GameLiftServerAPI.InitSDK succeeded");
        }
        let (engine, exports) = load_script(&shared, level, &mut log).await?;
        let (link, control) = match (&settings.link, control) {
            (_, Some((link, task))) => (Link::Control(link), Some(task)),
            (LinkSettings::Standalone(standalone), None) => {
                let id = format!(
                    "arn:aws:gamelift:us-east-1::gamesession/standalone/gsess-{}",
                    mint.uuid()
                );
                let link = StandaloneLink::new(standalone, exports.max_players, id);
                (Link::Standalone(Box::new(link)), None)
            }
            (LinkSettings::Control(_), None) => unreachable!("connected above"),
        };
        let now = shared.clock.now();
        let session = Session::new(settings.session(), exports, mint, now);
        let slot = Rc::new(Slot::new(session, link, log, shared.clock, settings));
        shared
            .registry
            .add(&Self::own(&shared, index).process_id, &slot);
        slot.timeout(now);
        Ok(Some(Self {
            shared: Rc::clone(&shared),
            index,
            slot,
            engine,
            shutdown,
            heard: Wish::Run,
            control,
            tasks: Vec::new(),
            door: None,
            ports: (0, 0),
        }))
    }

    async fn serve(mut self) -> Result<(Finished, String), Error> {
        let end = match self.work().await {
            Ok(end) => end,
            Err(error) => {
                self.slot.say(LogLevel::Fatal, error.to_string());
                return Err(error);
            }
        };
        let exit_code = end.exit_code;
        let reason = end.reason.clone();
        self.finish(end).await;
        Ok((Finished { exit_code }, reason))
    }

    /// The loop: give the script what there is for it, carry out what the slot asks, then wait for the next thing.
    async fn work(&mut self) -> Result<End, Error> {
        let mut events = Vec::new();
        loop {
            while let Some(message) = self.slot.next_to_script() {
                self.engine.send(message);
            }
            // Short callbacks answer at once, without a round through the event loop.
            self.engine.run(&mut events);
            self.hear(&mut events);
            while let Some(todo) = self.slot.next_todo() {
                match todo {
                    Todo::Listen => self.listen()?,
                    Todo::Announce => self.announce(),
                    Todo::Players(players) => self.shared.events.tell(Event::Players { players }),
                    Todo::Finish {
                        close,
                        exit_code,
                        reason,
                    } => {
                        return Ok(End {
                            patience: FINISH_TIMEOUT,
                            close,
                            exit_code,
                            reason,
                        });
                    }
                }
            }
            let armed = self.slot.arm();
            if armed <= self.slot.clock.now() {
                self.slot.timeout(self.slot.clock.now());
                // A session with a timer in the past must not keep the others from their turn.
                tokio::task::yield_now().await;
                continue;
            }
            tokio::select! {
                () = self.engine.next(&mut events) => self.hear(&mut events),
                () = self.slot.nudge.notified() => {}
                () = sleep_until(self.slot.clock.instant(armed)) => {
                    self.slot.timeout(self.slot.clock.now());
                }
                wish = self.shutdown.more_than(self.heard) => {
                    self.heard = wish;
                    if wish == Wish::Kill {
                        return Ok(End {
                            patience: KILL_TIMEOUT,
                            close: CloseCode::Away,
                            exit_code: 0,
                            reason: "killed".into(),
                        });
                    }
                    self.slot.turn_now(Input::Told(Order::Terminate { deadline_ms: None }));
                }
            }
        }
    }

    fn hear(&self, events: &mut Vec<ScriptEvent>) {
        let now = self.slot.clock.now();
        for event in events.drain(..) {
            self.slot.turn(Input::Script(event), now);
        }
    }

    fn listen(&mut self) -> Result<(), Error> {
        let settings = &self.shared.settings;
        let own = Self::own(&self.shared, self.index);
        let ports = bind(settings.bind, own.tcp_port, own.udp_port)?;
        self.ports = (ports.tcp_port, ports.udp_port);
        let ip = settings.bind.filter(|ip| !ip.is_unspecified());
        let ip = ip.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
        self.slot.reachable_at(ip.to_string(), ports.tcp_port);
        let listener = TcpListener::from_std(ports.tcp).map_err(Error::Runtime)?;
        let socket = UdpSocket::from_std(ports.udp).map_err(Error::Runtime)?;
        let rules = UpgradeRules {
            timeout: Duration::from_millis(settings.limits.upgrade_timeout_ms),
            bytes_max: settings.limits.upgrade_bytes_max,
            allowed_origins: settings.rules.allowed_origins.clone(),
            message_bytes_max: settings.limits.ws_message_bytes_max,
        };
        let door = spawn_local(listen(Rc::clone(&self.slot), listener, rules));
        self.door = Some(door.abort_handle());
        let datagrams = spawn_local(Datagrams::new(Rc::clone(&self.slot), socket).run());
        self.tasks.push(datagrams.abort_handle());
        if let Some(mut control) = self.control.take() {
            let log_paths = self.log_paths();
            control.reachable_at(ports.tcp_port, log_paths);
            let link = spawn_local(control.run(Rc::clone(&self.slot)));
            self.tasks.push(link.abort_handle());
        }
        self.slot.turn_now(Input::Listening {
            tcp_port: ports.tcp_port,
            fast_port: settings.advertised_udp_port.unwrap_or(ports.udp_port),
        });
        Ok(())
    }

    fn log_paths(&self) -> Vec<String> {
        let folder = self.shared.settings.log_dir.as_deref();
        folder
            .map(|folder| path_of(folder, &log_name(&self.shared, self.index)))
            .map(|path| path.to_string_lossy().into_owned())
            .into_iter()
            .collect()
    }

    fn announce(&self) {
        let own = Self::own(&self.shared, self.index);
        self.shared.events.tell(Event::Ready {
            tcp_port: self.ports.0,
            udp_port: self.ports.1,
            game_session_id: self.slot.game_session_id(),
            engine: self.engine.kind().name().to_owned(),
            pid: std::process::id(),
            process_id: Some(own.process_id.clone()).filter(|id| !id.is_empty()),
        });
    }

    /// The last words: nobody new comes in, everybody gets what was meant for them, the connections close; all in bounded time.
    async fn finish(self, end: End) {
        self.engine.end();
        if let Some(door) = &self.door {
            door.abort();
        }
        self.slot.close_all(end.close, "the session has ended");
        // Everybody who leaves and every answer of control nudges.
        let gone = async {
            while self.slot.sockets() > 0 || self.slot.calls_waiting() > 0 {
                self.slot.nudge.notified().await;
            }
        };
        tokio::select! {
            () = gone => {}
            () = sleep(end.patience) => self.slot.abort_all(),
        }
        // The UDP socket takes what it can at once; the rest is lost, as datagrams may be.
        tokio::task::yield_now().await;
        for task in &self.tasks {
            task.abort();
        }
        self.shared.registry.remove(&self.slot);
        // Aborted connections end in their next turn.
        tokio::task::yield_now().await;
    }
}

async fn load_script(
    shared: &Shared,
    log_level: LogLevel,
    log: &mut Log,
) -> Result<(Engine, Exports), Error> {
    let settings = &shared.settings;
    let options = script::Options {
        engine: settings.engine,
        node: settings.node.clone(),
        params: settings
            .params
            .split_whitespace()
            .map(str::to_owned)
            .collect(),
        log_level,
        budgets: settings.budgets,
        game_dir: settings.game_dir.clone(),
        launch_path: settings.launch_path.clone(),
    };
    let loaded = script::load(&settings.script, &options).await;
    let (engine, mut exports) = loaded.map_err(|error| {
        let now = shared.clock.now();
        for line in &error.log {
            log.write(now, line);
        }
        log.say(now, LogLevel::Fatal, "realtime", error.to_string());
        Error::Script(error.to_string())
    })?;
    if let LinkSettings::Standalone(standalone) = &settings.link {
        // Whoever asks for seats on the command line means it, unless the script itself knows better.
        exports.max_players = exports.max_players.or(standalone.max_players);
    }
    Ok((engine, exports))
}

fn log_name(shared: &Shared, index: usize) -> String {
    let own = &shared.settings.slots[index].process_id;
    if own.is_empty() {
        format!("slot-{index}")
    } else {
        own.clone()
    }
}

fn open_log(shared: &Rc<Shared>, index: usize, level: LogLevel) -> Result<Log, Error> {
    let settings = &shared.settings;
    let name = log_name(shared, index);
    let file = match &settings.log_dir {
        None => None,
        Some(folder) => {
            let path = path_of(folder, &name);
            let file = std::fs::create_dir_all(folder)
                .and_then(|()| Bounded::create(&path, settings.limits.log_bytes_max));
            Some(file.map_err(|source| Error::Log { path, source })?)
        }
    };
    let several = settings.slots.len() > 1;
    let tap: Option<Tap> = match settings.console {
        Console::Silent => None,
        Console::Stderr => Some(Box::new(move |line| {
            use std::io::Write;
            let prefix = if several {
                format!("{name} ")
            } else {
                String::new()
            };
            // A closed standard error is no reason to end a game.
            let _ = writeln!(std::io::stderr(), "{prefix}{line}");
        })),
        Console::Events => {
            let events = shared.events.clone();
            Some(Box::new(move |line| {
                events.tell(Event::Log {
                    line: line.to_owned(),
                })
            }))
        }
    };
    Ok(Log::new(level, file, tap))
}
