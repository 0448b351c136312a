//! The session itself: the four verbs, and what every other room needs (sending, logging, calling the script, timers).

use ids::{Mint, Span, Time};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::SocketAddr;
use wire::{Packet, encoded_len};

use crate::state::{Call, Conn, FastState, Phase, Stage, Timer, Waiting};
use crate::{
    CallId, CloseCode, ConnId, Counts, Delivery, Exports, FastCounts, GameSession, Hook, Input,
    LogLevel, LogLine, Output, ScriptEvent, Settings, ToScript,
};

/// `configuration.maxPlayers` unless the script says otherwise.
const PLAYERS_MAX: u32 = 32;
/// `configuration.pingIntervalTime` unless the script says otherwise.
const PING_INTERVAL: Span = Span::from_secs(3);
/// Warnings about one connection that are written.
const WARNINGS_MAX: u32 = 100;
/// The largest payload that clients take by UDP.
pub(crate) const FAST_PAYLOAD_BYTES_MAX: usize = 1200;

/// One game session and the process around it, from `init` to the exit.
#[derive(Debug)]
pub struct Session {
    pub(crate) settings: Settings,
    pub(crate) exports: Exports,
    pub(crate) mint: Mint,
    pub(crate) now: Time,
    pub(crate) phase: Phase,
    pub(crate) game_session: GameSession,
    pub(crate) fast_port: u16,
    pub(crate) conns: BTreeMap<ConnId, Conn>,
    /// Peers that can be sent to: players, and those whose `onPlayerConnect` runs.
    pub(crate) peers: BTreeMap<i32, ConnId>,
    /// Player session ids that the service is asked about.
    pub(crate) asked: BTreeMap<ConnId, String>,
    pub(crate) by_address: BTreeMap<SocketAddr, ConnId>,
    /// Members of the groups above 0; a group without members is not there.
    pub(crate) groups: BTreeMap<i32, BTreeSet<i32>>,
    pub(crate) peers_allotted: i32,
    pub(crate) calls: BTreeMap<CallId, Call>,
    pub(crate) calls_made: u64,
    /// Calls begin in order: every one up to this has begun, whether its Promise has settled or not.
    pub(crate) newest_returned: u64,
    timers: BTreeSet<(Time, Timer)>,
    out: VecDeque<Output>,
    pub(crate) counts: Counts,
    pub(crate) warned: Warned,
    pub(crate) terminating_since: Option<Time>,
    pub(crate) terminate_returned: bool,
    pub(crate) end_told: bool,
}

/// How a packet gets to one peer.
enum Route {
    Ws,
    Udp(Delivery),
    /// Its queue is full.
    TooSlow,
    /// Kept for later, or dropped and counted.
    Nowhere,
}

/// Warnings that are given once, or once in a while.
#[derive(Debug, Default)]
pub(crate) struct Warned {
    pub(crate) unknown_peers: BTreeSet<i32>,
    pub(crate) large_message: bool,
    pub(crate) foreign_datagram: Option<Time>,
    pub(crate) busy: Option<Time>,
}

impl Session {
    /// A session for a loaded script. The first outputs are there at once.
    pub fn new(settings: Settings, exports: Exports, mint: Mint, now: Time) -> Self {
        let mut session = Self {
            settings,
            exports,
            mint,
            now,
            phase: Phase::Loading,
            game_session: GameSession::default(),
            fast_port: 0,
            conns: BTreeMap::new(),
            peers: BTreeMap::new(),
            asked: BTreeMap::new(),
            by_address: BTreeMap::new(),
            groups: BTreeMap::new(),
            peers_allotted: 0,
            calls: BTreeMap::new(),
            calls_made: 0,
            newest_returned: 0,
            timers: BTreeSet::new(),
            out: VecDeque::new(),
            counts: Counts {
                healthy: true,
                ..Counts::default()
            },
            warned: Warned::default(),
            terminating_since: None,
            terminate_returned: false,
            end_told: false,
        };
        session.begin();
        session
    }

    /// Takes one thing that happened. Drain [`Session::poll_output`] before the next.
    pub fn handle(&mut self, input: Input, now: Time) {
        self.now = self.now.max(now);
        if self.phase == Phase::Finished {
            return;
        }
        match input {
            Input::Listening {
                tcp_port,
                fast_port,
            } => self.listening(tcp_port, fast_port),
            Input::Opened(conn, ip) => self.opened(conn, ip),
            Input::Packet(conn, packet) => self.packet(conn, packet),
            Input::Bad(conn, refusal) => self.bad(conn, refusal),
            Input::Alive(conn) => self.heard(conn),
            Input::Flushed(conn, bytes) => {
                if let Some(conn) = self.conns.get_mut(&conn) {
                    conn.queued = conn.queued.saturating_sub(bytes);
                }
            }
            Input::Closed(conn) => self.closed(conn),
            Input::Datagram(from, packet) => self.datagram(from, packet),
            Input::BadDatagram => self.counts.dropped.malformed += 1,
            Input::Answered(answer) => self.answered(answer),
            Input::Told(order) => self.told(order),
            Input::Script(event) => self.script(event),
        }
    }

    /// Does what has become due.
    pub fn handle_timeout(&mut self, now: Time) {
        self.now = self.now.max(now);
        while let Some((time, timer)) = self.timers.first().copied() {
            if time > self.now || self.phase == Phase::Finished {
                return;
            }
            self.timers.pop_first();
            match timer {
                Timer::Login(conn) => self.login_due(conn),
                Timer::Ping(conn) => self.ping_due(conn),
                Timer::OneWay(conn) => self.one_way_due(conn),
                Timer::Call(call) => self.call_due(call),
                Timer::Health => self.health_due(),
                Timer::ExitGrace => self.finish(
                    CloseCode::Normal,
                    0,
                    "the script did not exit after processEnding",
                ),
                Timer::Terminate => self.terminate_due(),
                Timer::Empty => self.empty_due(),
                Timer::Duration => self.guard("the session has reached its longest duration"),
            }
        }
    }

    /// The next thing to do.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.out.pop_front()
    }

    /// When [`Session::handle_timeout`] has to be called at the latest; [`Time::MAX`] is never.
    pub fn poll_timeout(&self) -> Time {
        if self.phase == Phase::Finished {
            return Time::MAX;
        }
        self.timers.first().map_or(Time::MAX, |(time, _)| *time)
    }

    /// What has been counted until now.
    pub fn counts(&self) -> Counts {
        let mut fast = FastCounts::default();
        let players = self.conns.values().filter(|conn| conn.stage == Stage::In);
        for conn in players.clone() {
            match conn.fast.state {
                FastState::None => fast.none += 1,
                FastState::Acknowledged => fast.acknowledged += 1,
                FastState::Verified if self.is_idle(conn) => fast.idle += 1,
                FastState::Verified => fast.verified += 1,
            }
        }
        Counts {
            players: players.count() as u64,
            connections: self.conns.len() as u64,
            fast,
            ..self.counts.clone()
        }
    }

    fn script(&mut self, event: ScriptEvent) {
        match event {
            ScriptEvent::Asked(ask) => self.asked(ask),
            ScriptEvent::Returned(call, outcome) => self.returned(call, outcome),
            ScriptEvent::Log(line) => self.out(Output::Log(line)),
            ScriptEvent::Crashed(text) => self.crashed(&text),
        }
    }

    pub(crate) fn out(&mut self, output: Output) {
        self.out.push_back(output);
    }

    pub(crate) fn wake(&mut self, after: Span, timer: Timer) -> Time {
        let time = self.now + after;
        self.timers.insert((time, timer));
        time
    }

    pub(crate) fn forget_timer(&mut self, timer: Timer) {
        self.timers.retain(|(_, other)| *other != timer);
    }

    pub(crate) fn has_terminate_timer(&self) -> bool {
        self.timers
            .iter()
            .any(|(_, timer)| *timer == Timer::Terminate)
    }

    pub(crate) fn forget_call_timer(&mut self, deadline: Option<Time>, call: CallId) {
        if let Some(time) = deadline {
            self.timers.remove(&(time, Timer::Call(call)));
        }
    }

    /// A line about the server itself.
    pub(crate) fn log(&mut self, level: LogLevel, line: u32, text: impl Into<String>) {
        self.log_from("index.js", level, line, text);
    }

    /// A warning about what a connection did. After some of them the rest is silence: nobody fills the log from outside.
    pub(crate) fn warn_about(&mut self, id: ConnId, line: u32, text: String) {
        let Some(conn) = self.conns.get_mut(&id) else {
            return;
        };
        conn.warnings = conn.warnings.saturating_add(1);
        match conn.warnings {
            ..WARNINGS_MAX => self.log(LogLevel::Warn, line, text),
            WARNINGS_MAX => {
                let text = format!("{text} (further warnings about this player are left out)");
                self.log(LogLevel::Warn, line, text);
            }
            _ => {}
        }
    }

    /// A line about calls of the service.
    pub(crate) fn log_service(&mut self, level: LogLevel, line: u32, text: impl Into<String>) {
        self.log_from("gamelift.js", level, line, text);
    }

    fn log_from(&mut self, file: &str, level: LogLevel, line: u32, text: impl Into<String>) {
        self.out(Output::Log(LogLine {
            level,
            file: file.to_owned(),
            line,
            text: text.into(),
        }));
    }

    pub(crate) fn has(&self, callback: &str) -> bool {
        self.exports.callbacks.contains(callback)
    }

    pub(crate) fn players_max(&self) -> usize {
        self.exports.max_players.unwrap_or(PLAYERS_MAX) as usize
    }

    pub(crate) fn ping_interval(&self) -> Span {
        self.exports
            .ping_interval_ms
            .map_or(PING_INTERVAL, |ms| Span::from_millis(ms.max(1)))
    }

    /// Calls the script, if it has the callback and is not hopelessly behind. `None`: it was not called.
    pub(crate) fn call(
        &mut self,
        hook: Hook,
        waiting: Waiting,
        timeout: Option<Span>,
    ) -> Option<CallId> {
        let name = hook.name();
        if !self.has(name) {
            return None;
        }
        self.calls_made += 1;
        self.counts.calls += 1;
        let id = CallId(self.calls_made);
        let deadline = timeout.map(|span| self.wake(span, Timer::Call(id)));
        self.calls.insert(
            id,
            Call {
                name,
                waiting,
                deadline,
            },
        );
        self.forget_idle_call();
        self.out(Output::Script(ToScript::Call(id, hook)));
        Some(id)
    }

    /// Forgets the oldest call on which nothing hangs when there are too many: its Promise may never settle.
    fn forget_idle_call(&mut self) {
        if self.calls.len() > self.settings.calls_max {
            let idle = |call: &Call| matches!(call.waiting, Waiting::Nothing);
            let oldest = self.calls.iter().find(|(_, call)| idle(call));
            if let Some(id) = oldest.map(|(id, _)| *id) {
                self.calls.remove(&id);
            }
        }
    }

    /// Whether so many calls have not begun that more would only pile up in the engine.
    pub(crate) fn script_is_busy(&mut self) -> bool {
        let not_begun = self.calls_made - self.newest_returned;
        if not_begun < self.settings.calls_max as u64 {
            return false;
        }
        self.counts.dropped.script_busy += 1;
        let silent = self
            .warned
            .busy
            .is_some_and(|last| self.now.since(last) < Span::from_secs(10));
        if !silent {
            self.warned.busy = Some(self.now);
            self.log(
                LogLevel::Warn,
                line!(),
                "the script does not keep up with its calls; messages to it are dropped",
            );
        }
        true
    }

    /// Sends to peers by the channel that the message may take to each (realtime.md Q7). Encoded once for each channel.
    pub(crate) fn deliver(&mut self, to: &[i32], packet: Packet, reliable: bool) {
        let by_ws = Packet {
            reliable: true,
            sequence_number: 0,
            ..packet
        };
        let size = encoded_len(&by_ws);
        let mut ws = Vec::new();
        let mut udp = Vec::new();
        let mut slow = Vec::new();
        for peer in to {
            let Some(id) = self.peers.get(peer).copied() else {
                continue;
            };
            match self.route(id, &by_ws, size, reliable) {
                Route::Ws => ws.push(id),
                Route::Udp(delivery) => udp.push(delivery),
                Route::TooSlow => slow.push(id),
                Route::Nowhere => {}
            }
        }
        let bytes = by_ws.payload.len();
        if !udp.is_empty() {
            self.counts.fast_out.add(udp.len() as u64, bytes);
            self.out(Output::SendFast {
                to: udp,
                packet: Packet {
                    reliable: false,
                    ..by_ws.clone()
                },
            });
        }
        if !ws.is_empty() {
            self.counts.reliable_out.add(ws.len() as u64, bytes);
            self.out(Output::Send {
                to: ws,
                packet: by_ws,
            });
        }
        for conn in slow {
            self.log(
                LogLevel::Warn,
                line!(),
                format!("connection {} takes its messages too slowly", conn.0),
            );
            self.close(conn, CloseCode::Policy, "slow consumer");
        }
    }

    /// How a packet gets to one peer; what it uses up there is booked.
    fn route(&mut self, id: ConnId, packet: &Packet, size: usize, reliable: bool) -> Route {
        let small = packet.payload.len() <= FAST_PAYLOAD_BYTES_MAX;
        let fast = !reliable
            && small
            && self
                .conns
                .get(&id)
                .is_some_and(|conn| self.can_take_fast(conn));
        let Some(conn) = self.conns.get_mut(&id) else {
            return Route::Nowhere;
        };
        if conn.stage == Stage::Connecting {
            if conn.early.len() < self.settings.early_max {
                conn.early.push((packet.clone(), reliable));
            } else {
                self.counts.dropped.queue_full += 1;
            }
            return Route::Nowhere;
        }
        if let (true, Some(address)) = (fast, conn.fast.address) {
            // `can_take_fast` has seen to it that the number fits.
            let sequence_number = i32::try_from(conn.fast.next_out).unwrap_or(i32::MAX);
            conn.fast.next_out += 1;
            return Route::Udp(Delivery {
                address,
                sequence_number,
            });
        }
        if !reliable && conn.queued > self.settings.fallback_queue_bytes_max {
            self.counts.dropped.queue_full += 1;
            return Route::Nowhere;
        }
        if conn.queued + size > self.settings.ws_queue_bytes_max {
            return Route::TooSlow;
        }
        conn.queued += size;
        Route::Ws
    }

    /// Sends one packet to one connection by WebSocket, whatever its stage.
    pub(crate) fn send_to_conn(&mut self, id: ConnId, packet: Packet) {
        if let Some(conn) = self.conns.get_mut(&id) {
            conn.queued += encoded_len(&packet);
            self.counts.reliable_out.add(1, packet.payload.len());
            self.out(Output::Send {
                to: vec![id],
                packet,
            });
        }
    }

    /// Everybody who is in, ascending.
    pub(crate) fn everybody(&self) -> Vec<i32> {
        let is_in = |id: &ConnId| {
            self.conns
                .get(id)
                .is_some_and(|conn| conn.stage == Stage::In)
        };
        self.peers
            .iter()
            .filter(|(_, id)| is_in(id))
            .map(|(peer, _)| *peer)
            .collect()
    }
}
