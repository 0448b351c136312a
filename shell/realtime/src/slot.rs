//! One logical server process: its session, and everything that the session's outputs touch. Every input is one turn: the session
//! handles it, then its outputs are carried out to the end, without waiting for anything.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::net::{IpAddr, SocketAddr};
use std::rc::Rc;

use bytes::Bytes;
use ids::Time;
use session::{
    CloseCode, ConnId, Delivery, Input, LinkCall, LogLevel, Order, Output, Refusal, ScriptEvent,
    Session, ToScript,
};
use tokio::sync::Notify;
use wire::Packet;

use crate::clock::Clock;
use crate::datagrams::Queue;
use crate::link::Link;
use crate::log::Log;
use crate::mailbox::Mailbox;
use crate::metrics::{self, CallbackTimes, Traffic};
use crate::text::packet_of;
use crate::{Limits, Settings};

/// What the driver of a slot has to do for its session.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Todo {
    /// Bind the ports.
    Listen,
    /// The game session stands: tell whoever started us.
    Announce,
    /// Somebody came or left: tell whoever started us, if that was asked for.
    Players(u32),
    /// End the slot.
    Finish {
        close: CloseCode,
        exit_code: i32,
        reason: String,
    },
}

pub(crate) struct Slot {
    pub(crate) clock: Clock,
    pub(crate) limits: Limits,
    pub(crate) datagrams: Queue,
    /// Wakes the driver: there is something for the script, something to do, or an earlier timer.
    pub(crate) nudge: Notify,
    accept_text_json: bool,
    traffic: RefCell<Traffic>,
    /// When the driver will call `timeout` at the latest.
    armed: Cell<Time>,
    state: RefCell<State>,
}

struct State {
    session: Session,
    link: Link,
    log: Log,
    peers: HashMap<ConnId, Rc<Mailbox>>,
    conns: u64,
    to_script: VecDeque<ToScript>,
    todo: VecDeque<Todo>,
    answers: Vec<Input>,
    game_session_id: String,
    /// Only when somebody may read them.
    callbacks: Option<CallbackTimes>,
    players: u32,
    tell_players: bool,
}

impl Slot {
    pub(crate) fn new(
        session: Session,
        link: Link,
        log: Log,
        clock: Clock,
        settings: &Settings,
    ) -> Self {
        Self {
            clock,
            limits: settings.limits.clone(),
            accept_text_json: settings.rules.accept_text_json,
            datagrams: Queue::default(),
            nudge: Notify::new(),
            traffic: RefCell::default(),
            armed: Cell::new(Time::MAX),
            state: RefCell::new(State {
                session,
                link,
                log,
                peers: HashMap::new(),
                conns: 0,
                to_script: VecDeque::new(),
                todo: VecDeque::new(),
                answers: Vec::new(),
                game_session_id: String::new(),
                callbacks: settings.metrics_port.map(|_| CallbackTimes::default()),
                players: 0,
                tell_players: settings.tell_players,
            }),
        }
    }

    /// Hands one input to the session and carries out what it answers.
    pub(crate) fn turn(&self, input: Input, now: Time) {
        let mut state = self.state.borrow_mut();
        state.handle(input, now);
        self.carry_out(&mut state, now);
    }

    /// As `turn`, for callers that have no time at hand.
    pub(crate) fn turn_now(&self, input: Input) {
        self.turn(input, self.clock.now());
    }

    /// Tells the session the time; the driver calls it when the armed timer has come.
    pub(crate) fn timeout(&self, now: Time) {
        let mut state = self.state.borrow_mut();
        state.session.handle_timeout(now);
        self.carry_out(&mut state, now);
    }

    /// Until when the driver may sleep.
    pub(crate) fn arm(&self) -> Time {
        let next = self.state.borrow().session.poll_timeout();
        self.armed.set(next);
        next
    }

    fn carry_out(&self, state: &mut State, now: Time) {
        loop {
            while let Some(output) = state.session.poll_output() {
                self.one(state, output, now);
            }
            let answers = std::mem::take(&mut state.answers);
            if answers.is_empty() {
                break;
            }
            for answer in answers {
                state.handle(answer, now);
            }
        }
        if !state.to_script.is_empty()
            || !state.todo.is_empty()
            || state.session.poll_timeout() < self.armed.get()
        {
            self.nudge.notify_one();
        }
    }

    fn one(&self, state: &mut State, output: Output, now: Time) {
        match output {
            Output::Send { to, packet } => state.send(&to, &packet),
            Output::SendFast { to, packet } => self.send_fast(&to, packet),
            Output::Ping(conn) => state.with_peer(conn, Mailbox::ping),
            Output::Close(conn, code, reason) => {
                state.with_peer(conn, |mailbox| mailbox.close(code, reason));
            }
            Output::Abort(conn) => state.with_peer(conn, Mailbox::abort),
            Output::Script(message) => {
                if let (Some(times), ToScript::Call(call, _)) = (&mut state.callbacks, &message) {
                    times.called(*call);
                }
                state.count_players(&message);
                state.to_script.push_back(message);
            }
            Output::Link(call) => {
                let announce = match state.link {
                    Link::Standalone(_) => call == LinkCall::ActivateGameSession,
                    Link::Control(_) => call == LinkCall::ProcessReady,
                };
                if announce {
                    state.todo.push_back(Todo::Announce);
                }
                state.link.call(call, &mut state.answers);
            }
            Output::Log(line) => state.log.write(now, &line),
            Output::Listen => state.todo.push_back(Todo::Listen),
            Output::Finish {
                close,
                exit_code,
                reason,
            } => state.todo.push_back(Todo::Finish {
                close,
                exit_code,
                reason,
            }),
        }
    }

    /// Encodes once; only the sequence number differs from one recipient to the next.
    fn send_fast(&self, to: &[Delivery], packet: Packet) {
        let datagram = wire::Datagram::new(packet);
        for delivery in to {
            let bytes = datagram.with_sequence_number(delivery.sequence_number);
            let size = bytes.len() as u64;
            let queued =
                self.datagrams
                    .post(delivery.address, bytes, self.limits.datagrams_queued_max);
            let mut traffic = self.traffic.borrow_mut();
            if queued {
                traffic.udp_out += 1;
                traffic.udp_out_bytes += size;
            } else {
                traffic.udp_out_lost += 1;
            }
        }
    }

    /// A WebSocket connection stands. `None` when the slot is full or ending.
    pub(crate) fn open(&self, ip: IpAddr) -> Option<(ConnId, Rc<Mailbox>)> {
        let (id, mailbox) = {
            let mut state = self.state.borrow_mut();
            state.conns += 1;
            let id = ConnId(state.conns);
            let mailbox = Rc::new(Mailbox::default());
            state.peers.insert(id, Rc::clone(&mailbox));
            (id, mailbox)
        };
        self.turn_now(Input::Opened(id, ip));
        Some((id, mailbox))
    }

    /// The connection is gone.
    pub(crate) fn forget(&self, id: ConnId, now: Time) {
        self.state.borrow_mut().peers.remove(&id);
        self.turn(Input::Closed(id), now);
        // The driver may be waiting for the last one.
        self.nudge.notify_one();
    }

    /// A binary WebSocket message: one frame, or leniently several (realtime.md F4).
    pub(crate) fn message(&self, id: ConnId, bytes: &Bytes, now: Time) {
        let mut rest = bytes.clone();
        let mut first = true;
        while first || !rest.is_empty() {
            match wire::decode(&mut rest) {
                Ok(packet) => self.turn(Input::Packet(id, packet), now),
                Err(_) if first => {
                    self.turn(Input::Bad(id, Refusal::Malformed), now);
                    return;
                }
                Err(_) => {
                    self.say(
                        LogLevel::Warn,
                        "bytes after the last good packet of a message ignored",
                    );
                    return;
                }
            }
            first = false;
        }
    }

    /// A text WebSocket message.
    pub(crate) fn text(&self, id: ConnId, text: &str, now: Time) {
        let input = match packet_of(text) {
            Some(packet) if self.accept_text_json => Input::Packet(id, packet),
            Some(_) | None => Input::Bad(id, Refusal::Text),
        };
        self.turn(input, now);
    }

    pub(crate) fn datagram(&self, from: SocketAddr, bytes: &[u8], now: Time) {
        {
            let mut traffic = self.traffic.borrow_mut();
            traffic.udp_in += 1;
            traffic.udp_in_bytes += bytes.len() as u64;
        }
        let mut bytes = Bytes::copy_from_slice(bytes);
        let input = match wire::decode(&mut bytes) {
            Ok(packet) => Input::Datagram(from, packet),
            Err(_) => Input::BadDatagram,
        };
        self.turn(input, now);
    }

    /// What the script is to be told next.
    pub(crate) fn next_to_script(&self) -> Option<ToScript> {
        self.state.borrow_mut().to_script.pop_front()
    }

    pub(crate) fn next_todo(&self) -> Option<Todo> {
        self.state.borrow_mut().todo.pop_front()
    }

    pub(crate) fn sockets(&self) -> usize {
        self.state.borrow().peers.len()
    }

    /// Calls that the control plane has not answered.
    pub(crate) fn calls_waiting(&self) -> usize {
        self.state.borrow().link.waiting()
    }

    pub(crate) fn game_session_id(&self) -> String {
        self.state.borrow().game_session_id.clone()
    }

    /// Where a standalone game session is reachable.
    pub(crate) fn reachable_at(&self, ip_address: String, port: u16) {
        if let Link::Standalone(link) = &mut self.state.borrow_mut().link {
            link.reachable_at(ip_address, port);
        }
    }

    pub(crate) fn close_all(&self, code: CloseCode, reason: &'static str) {
        for mailbox in self.state.borrow().peers.values() {
            mailbox.close(code, reason);
        }
    }

    pub(crate) fn abort_all(&self) {
        for mailbox in self.state.borrow().peers.values() {
            mailbox.abort();
        }
    }

    /// Writes a log line of the server itself.
    pub(crate) fn say(&self, level: LogLevel, text: impl Into<String>) {
        let now = self.clock.now();
        self.state
            .borrow_mut()
            .log
            .say(now, level, "realtime", text);
    }

    pub(crate) fn count_tcp(&self, read: u64, written: u64) {
        let mut traffic = self.traffic.borrow_mut();
        traffic.tcp_in_bytes += read;
        traffic.tcp_out_bytes += written;
    }

    pub(crate) fn count_upgrade(&self, outcome: &'static str) {
        *self
            .traffic
            .borrow_mut()
            .upgrades_refused
            .entry(outcome)
            .or_default() += 1;
    }

    /// Names every number of this slot: name, kind, help, label, value.
    pub(crate) fn report(&self, put: metrics::Put<'_>) {
        let state = self.state.borrow();
        metrics::report_traffic(&self.traffic.borrow(), put);
        metrics::report_session(&state.session.counts(), put);
        if let Some(times) = &state.callbacks {
            metrics::report_callbacks(times, put);
        }
        metrics::report_shell(state.peers.len(), state.link.waiting(), state.log.lost, put);
    }

    pub(crate) fn count_datagram_lost(&self) {
        self.traffic.borrow_mut().udp_out_lost += 1;
    }
}

impl State {
    fn count_players(&mut self, message: &ToScript) {
        match message {
            ToScript::Joined(_) => self.players += 1,
            ToScript::Left(_) => self.players = self.players.saturating_sub(1),
            ToScript::Call(..) | ToScript::GameSessionId(_) | ToScript::Ended { .. } => return,
        }
        if self.tell_players {
            self.todo.push_back(Todo::Players(self.players));
        }
    }

    fn handle(&mut self, input: Input, now: Time) {
        if let Input::Told(Order::Start(game_session)) = &input {
            self.game_session_id
                .clone_from(&game_session.game_session_id);
        }
        if let (Some(times), Input::Script(ScriptEvent::Returned(call, _))) =
            (&mut self.callbacks, &input)
        {
            times.returned(*call);
        }
        self.session.handle(input, now);
    }

    /// Encodes once, shares the bytes.
    fn send(&self, to: &[ConnId], packet: &Packet) {
        let bytes = wire::encode(packet);
        for conn in to {
            if let Some(mailbox) = self.peers.get(conn) {
                mailbox.post(bytes.clone());
            }
        }
    }

    fn with_peer(&self, conn: ConnId, act: impl FnOnce(&Mailbox)) {
        if let Some(mailbox) = self.peers.get(&conn) {
            act(mailbox);
        }
    }
}
