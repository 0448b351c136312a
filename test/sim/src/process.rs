//! Server processes: a session, its script, its players' streams, and its link to control with calls that wait, are sent again
//! and are given up as the real one does it.

use ids::{ComputeName, FleetId, Mint, ProcessId, Span, Time};
use serversdk::server::{self, Request, Response};
use serversdk::{Authorization, Refusal, ServerConnect, Status};
use session::{ConnId, GameSession, Input, LinkAnswer, LinkCall, Order, Output, Session};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::links::{Down, Hello, LinkState, Owner, Up};
use crate::sim::{Event, Sim};

const ACCEPT_PATIENCE: Span = Span::from_secs(20);
const ENDING_PATIENCE: Span = Span::from_secs(5);
const ANSWER_PATIENCE: Span = Span::from_secs(20);
/// Attempts of the first connect.
const FIRST_ATTEMPTS: u32 = 7;
/// A process that ends waits so long for its last calls.
const LAST_CALLS: Span = Span::from_secs(2);

/// Where a process runs.
#[derive(Clone, Debug)]
pub(crate) struct Home {
    pub(crate) machine: usize,
    pub(crate) instance: String,
    pub(crate) os: u64,
}

/// A call on its way to control.
#[derive(Clone, Debug)]
struct Call {
    id: u64,
    call: LinkCall,
    since: Time,
    sent: Option<Time>,
    sends: u32,
}

/// One logical server process.
pub(crate) struct Process {
    pub(crate) home: Home,
    fleet: String,
    token: String,
    pub(crate) ip: String,
    pub(crate) tcp_port: u16,
    udp_port: u16,
    pub(crate) session: Session,
    pub(crate) link: LinkState,
    was_connected: bool,
    calls: VecDeque<Call>,
    calls_made: u64,
    ready: bool,
    ticking: bool,
    pub(crate) game_session: String,
    pub(crate) seats: u32,
    /// Who plays, as the script sees it: peer, player session.
    pub(crate) roster: BTreeMap<i32, String>,
    pub(crate) conns: BTreeSet<u64>,
    /// What the script says next comes not before that.
    pub(crate) script_said: Time,
    finished: Option<(Time, i32)>,
}

impl Process {
    /// Whether it and control have nothing to tell each other.
    pub(crate) fn is_settled(&self) -> bool {
        self.link.up && self.calls.is_empty() && self.finished.is_none()
    }
}

impl Sim {
    pub(crate) fn process_starts(
        &mut self,
        home: Home,
        slot: &supervisor::Slot,
        (fleet, token): (String, String),
    ) {
        let id = slot.process_id.to_string();
        let ip = self.machines[home.machine].address.clone();
        self.note(|| format!("process {id} starts on {ip}:{}", slot.tcp_port));
        let exports = self.exports();
        let mint = Mint::from_number(self.dice.number());
        let session = Session::new(session::Settings::default(), exports, mint, self.now);
        let process = Process {
            home,
            fleet,
            token,
            ip,
            tcp_port: slot.tcp_port,
            udp_port: slot.udp_port,
            session,
            link: LinkState::default(),
            was_connected: false,
            calls: VecDeque::new(),
            calls_made: 0,
            ready: false,
            ticking: false,
            game_session: String::new(),
            seats: 0,
            roster: BTreeMap::new(),
            conns: BTreeSet::new(),
            script_said: self.now,
            finished: None,
        };
        self.processes.insert(id.clone(), process);
        // The real one connects first and loads its script then; here the first outputs are drained when it listens.
        self.at(self.now, Event::DialProcess(id));
    }

    pub(crate) fn dial_process(&mut self, id: &str) {
        let Some(process) = self
            .processes
            .get(id)
            .filter(|own| own.link.current.is_none())
        else {
            return;
        };
        let connect = ServerConnect {
            process_id: ProcessId::from(id),
            compute_name: ComputeName::from(process.home.instance.as_str()),
            fleet_id: FleetId::from(process.fleet.as_str()),
            sdk_version: "5.6.0".to_owned(),
            sdk_language: "Rust".to_owned(),
            idempotency_token: String::new(),
            authorization: Authorization::Token(process.token.clone()),
        };
        let link = self.dial(Owner::Process(id.to_owned()), Hello::Server(connect));
        if let Some(process) = self.processes.get_mut(id) {
            process.link.current = Some(link);
        }
    }

    /// The link is lost, or was refused.
    pub(crate) fn process_lost(&mut self, id: &str) {
        let Some(process) = self.processes.get_mut(id) else {
            return;
        };
        let pause = process.link.pause();
        process.link.gone();
        for call in &mut process.calls {
            call.sent = None;
        }
        if !process.was_connected && process.link.tries() >= FIRST_ATTEMPTS {
            self.note(|| format!("process {id} gives up its first connect"));
            self.process_exits(id, Some(1));
            return;
        }
        self.at(self.now + pause, Event::DialProcess(id.to_owned()));
    }

    /// Something came from control.
    pub(crate) fn process_hears(&mut self, id: &str, link: u64, down: Down) -> Result<(), String> {
        let Some(process) = self.processes.get_mut(id) else {
            return Ok(());
        };
        match down {
            Down::Welcome => {
                process.link.stands();
                let first = !process.was_connected;
                process.was_connected = true;
                let waits = process
                    .calls
                    .iter()
                    .any(|own| own.call == LinkCall::ProcessReady);
                if process.ready && !waits {
                    let request = ready(process.tcp_port);
                    self.say_up(link, Up::Server("again".to_owned(), request));
                }
                self.send_calls(id);
                if first {
                    return self.drain_session(id);
                }
            }
            Down::ServerPush(server::Push::CreateGameSession(create)) => {
                process.game_session.clone_from(&create.game_session_id);
                process.seats = create.maximum_player_session_count;
                let order = Order::Start(started(create, &process.fleet));
                return self.session_happens(id, Input::Told(order));
            }
            Down::ServerPush(server::Push::TerminateProcess(terminate)) => {
                let deadline_ms = Some(
                    Time::from_millis(terminate.termination_time)
                        .since(self.now)
                        .as_millis(),
                );
                return self.session_happens(id, Input::Told(Order::Terminate { deadline_ms }));
            }
            Down::ServerPush(
                server::Push::UpdateGameSession(_) | server::Push::RefreshConnection(_),
            ) => {}
            Down::ServerAnswer(name, outcome) => return self.process_answered(id, &name, outcome),
            Down::Close(1000) => {
                process.calls.clear();
                process.link.gone();
                self.owner_closes(link);
                return self
                    .session_happens(id, Input::Told(Order::Terminate { deadline_ms: None }));
            }
            Down::Refused | Down::Close(_) => self.owner_sees_cut(link),
            Down::MachinePush(_) | Down::AgentAnswer(..) | Down::AgentPush(_) => {}
        }
        Ok(())
    }

    fn process_answered(
        &mut self,
        id: &str,
        name: &str,
        outcome: Result<Response, Refusal>,
    ) -> Result<(), String> {
        let Some(process) = self.processes.get_mut(id) else {
            return Ok(());
        };
        let Some(at) = process
            .calls
            .iter()
            .position(|own| own.sent.is_some() && own.id.to_string() == name)
        else {
            return Ok(());
        };
        let passing = outcome.as_ref().is_err_and(|refusal| {
            matches!(
                refusal.status,
                Status::Throttled | Status::Internal | Status::NotReady
            )
        });
        if passing {
            process.calls[at].sent = None;
            return Ok(());
        }
        let Some(Call { call, .. }) = process.calls.remove(at) else {
            return Ok(());
        };
        if let Err(refusal) = &outcome {
            self.note(|| format!("process {id}: {call:?} refused: {refusal}"));
        }
        let answer = match (call, outcome) {
            (LinkCall::AcceptPlayerSession { conn, .. }, Ok(response)) => {
                let Response::AcceptPlayerSession(player) = response else {
                    return Err(format!(
                        "AcceptPlayerSession was answered with {response:?}"
                    ));
                };
                LinkAnswer::Accepted {
                    conn,
                    player_id: player.hoist_player_id.unwrap_or_default(),
                    player_data: player.hoist_player_data.unwrap_or_default(),
                }
            }
            (LinkCall::AcceptPlayerSession { conn, .. }, Err(refusal)) => LinkAnswer::Refused {
                conn,
                error: refusal.message,
            },
            (LinkCall::RemovePlayerSession(player_session_id), _) => {
                LinkAnswer::Removed { player_session_id }
            }
            (LinkCall::ProcessEnding, outcome) => LinkAnswer::ProcessEnding {
                success: outcome.is_ok(),
            },
            (
                LinkCall::ProcessReady | LinkCall::Heartbeat(_) | LinkCall::ActivateGameSession,
                _,
            ) => return Ok(()),
        };
        self.session_happens(id, Input::Answered(answer))
    }

    /// Once a second as long as calls wait: gives up, sends again, and ends what has nothing more to say.
    pub(crate) fn tick(&mut self, id: &str) -> Result<(), String> {
        let now = self.now;
        let Some(process) = self.processes.get_mut(id) else {
            return Ok(());
        };
        process.ticking = false;
        let mut given_up = Vec::new();
        process.calls.retain(|own| {
            let patience = match own.call {
                LinkCall::AcceptPlayerSession { .. } => ACCEPT_PATIENCE,
                LinkCall::ProcessEnding => ENDING_PATIENCE,
                LinkCall::ProcessReady
                | LinkCall::Heartbeat(_)
                | LinkCall::ActivateGameSession
                | LinkCall::RemovePlayerSession(_) => Span::MAX,
            };
            let keep = now.since(own.since) < patience;
            if !keep {
                given_up.push((own.call.clone(), own.sends > 0));
            }
            keep
        });
        for call in &mut process.calls {
            if call
                .sent
                .is_some_and(|sent| now.since(sent) >= ANSWER_PATIENCE)
            {
                call.sent = None;
            }
        }
        if let Some((by, code)) = process.finished
            && (by <= now || process.calls.is_empty())
        {
            self.process_exits(id, Some(code));
            return Ok(());
        }
        self.send_calls(id);
        self.keep_ticking(id);
        for (call, sent) in given_up {
            let answer = match call {
                LinkCall::AcceptPlayerSession { conn, .. } => {
                    let error = "the control plane does not answer".to_owned();
                    if sent {
                        LinkAnswer::Unanswered { conn, error }
                    } else {
                        LinkAnswer::Refused { conn, error }
                    }
                }
                LinkCall::ProcessEnding => LinkAnswer::ProcessEnding { success: false },
                LinkCall::ProcessReady
                | LinkCall::Heartbeat(_)
                | LinkCall::ActivateGameSession
                | LinkCall::RemovePlayerSession(_) => continue,
            };
            self.session_happens(id, Input::Answered(answer))?;
        }
        Ok(())
    }

    fn keep_ticking(&mut self, id: &str) {
        let Some(process) = self.processes.get_mut(id) else {
            return;
        };
        let needed = !process.calls.is_empty() || process.finished.is_some();
        if needed && !process.ticking {
            process.ticking = true;
            self.at(self.now + Span::from_secs(1), Event::Tick(id.to_owned()));
        }
    }

    fn send_calls(&mut self, id: &str) {
        let now = self.now;
        let Some(process) = self.processes.get_mut(id) else {
            return;
        };
        let (true, Some(link)) = (process.link.up, process.link.current) else {
            return;
        };
        let mut requests = Vec::new();
        for own in process.calls.iter_mut().filter(|own| own.sent.is_none()) {
            own.sent = Some(now);
            own.sends += 1;
            requests.push((own.id.to_string(), own.call.clone(), own.sends > 1));
        }
        for (name, call, again) in requests {
            let request = self.request(id, &call, again);
            self.say_up(link, Up::Server(name, request));
        }
    }

    fn request(&mut self, id: &str, call: &LinkCall, again: bool) -> Request {
        let process = self
            .processes
            .get_mut(id)
            .expect("its calls are being sent");
        let player = |player_session_id: &str, hoist_with_player| server::PlayerSessionCall {
            game_session_id: process.game_session.clone(),
            player_session_id: player_session_id.to_owned(),
            hoist_with_player,
            hoist_again: hoist_with_player && again,
        };
        match call {
            LinkCall::ProcessReady => {
                process.ready = true;
                ready(process.tcp_port)
            }
            LinkCall::Heartbeat(health_status) => {
                Request::HeartbeatServerProcess(server::HeartbeatServerProcess {
                    health_status: *health_status,
                })
            }
            LinkCall::ActivateGameSession => {
                Request::ActivateGameSession(server::ActivateGameSession {
                    game_session_id: process.game_session.clone(),
                })
            }
            LinkCall::AcceptPlayerSession {
                player_session_id, ..
            } => Request::AcceptPlayerSession(player(player_session_id, true)),
            LinkCall::RemovePlayerSession(player_session_id) => {
                Request::RemovePlayerSession(player(player_session_id, false))
            }
            LinkCall::ProcessEnding => Request::TerminateServerProcess,
        }
    }

    /// Hands something to a session and does what it says.
    pub(crate) fn session_happens(&mut self, id: &str, input: Input) -> Result<(), String> {
        let now = self.now;
        if let Some(process) = self.processes.get_mut(id) {
            process.session.handle(input, now);
        }
        self.drain_session(id)
    }

    pub(crate) fn process_timeouts(&mut self) -> Result<(), String> {
        let now = self.now;
        let due = self
            .processes
            .iter()
            .filter(|(_, own)| own.session.poll_timeout() <= now);
        let due: Vec<String> = due.map(|(id, _)| id.clone()).collect();
        for id in due {
            if let Some(process) = self.processes.get_mut(&id) {
                process.session.handle_timeout(now);
            }
            self.drain_session(&id)?;
        }
        Ok(())
    }

    fn drain_session(&mut self, id: &str) -> Result<(), String> {
        loop {
            let output = self
                .processes
                .get_mut(id)
                .and_then(|own| own.session.poll_output());
            let Some(output) = output else { return Ok(()) };
            match output {
                Output::Listen => {
                    let at = self.now + Span::from_millis(self.dice.below(20));
                    self.at(at, Event::Listening(id.to_owned()));
                }
                Output::Send { to, packet } => {
                    for conn in to {
                        self.session_sends(conn.0, &packet);
                        let flushed = Input::Flushed(conn, usize::MAX);
                        if let Some(process) = self.processes.get_mut(id) {
                            process.session.handle(flushed, self.now);
                        }
                    }
                }
                Output::SendFast { to, packet } => self.session_sends_fast(&to, &packet),
                Output::Ping(conn) => self.session_pings(conn.0),
                Output::Close(conn, ..) | Output::Abort(conn) => self.session_closes(id, conn),
                Output::Script(told) => self.script_hears(id, told)?,
                Output::Link(call) => self.session_calls(id, call),
                Output::Log(_) => {}
                Output::Finish {
                    exit_code, reason, ..
                } => {
                    self.note(|| format!("process {id} ends ({exit_code}): {reason}"));
                    self.session_finished(id, exit_code);
                }
            }
        }
    }

    fn session_calls(&mut self, id: &str, call: LinkCall) {
        let now = self.now;
        if !matches!(call, LinkCall::Heartbeat(_)) {
            self.note(|| format!("process {id}: {call:?}"));
        }
        let Some(process) = self.processes.get_mut(id) else {
            return;
        };
        if matches!(call, LinkCall::Heartbeat(_)) {
            process
                .calls
                .retain(|own| own.sent.is_some() || !matches!(own.call, LinkCall::Heartbeat(_)));
        }
        process.calls_made += 1;
        let made = Call {
            id: process.calls_made,
            call,
            since: now,
            sent: None,
            sends: 0,
        };
        process.calls.push_back(made);
        self.send_calls(id);
        self.keep_ticking(id);
    }

    fn session_finished(&mut self, id: &str, code: i32) {
        let by = self.now + LAST_CALLS;
        let Some(process) = self.processes.get_mut(id) else {
            return;
        };
        process.finished = Some((by, code));
        process.roster.clear();
        let conns: Vec<u64> = process.conns.iter().copied().collect();
        for conn in conns {
            self.session_closes(id, ConnId(conn));
        }
        self.keep_ticking(id);
    }

    pub(crate) fn listening(&mut self, id: &str) -> Result<(), String> {
        let Some(process) = self.processes.get(id) else {
            return Ok(());
        };
        let input = Input::Listening {
            tcp_port: process.tcp_port,
            fast_port: process.udp_port,
        };
        self.session_happens(id, input)
    }

    /// SIGTERM.
    pub(crate) fn process_signalled(&mut self, id: &str) {
        let order = Order::Terminate { deadline_ms: None };
        if let Some(process) = self.processes.get_mut(id) {
            process.session.handle(Input::Told(order), self.now);
            // Its outputs are drained at once by the queue.
            self.at(self.now, Event::Tick(id.to_owned()));
            self.at(
                self.now,
                Event::Script(
                    id.to_owned(),
                    Box::new(session::ScriptEvent::Log(session::LogLine {
                        level: session::LogLevel::Info,
                        file: "sim".to_owned(),
                        line: 0,
                        text: "signalled".to_owned(),
                    })),
                ),
            );
        }
    }

    /// It exits by itself, or crashes.
    pub(crate) fn process_exits(&mut self, id: &str, code: Option<i32>) {
        let Some(process) = self.processes.get(id) else {
            return;
        };
        let home = process.home.clone();
        if code.is_none() {
            self.os_dies(home.machine, &home.instance, home.os, None);
        } else {
            self.process_gone(id);
            self.slot_over(&home, id, code);
        }
    }

    /// Nothing is left of it but what others remember.
    pub(crate) fn process_gone(&mut self, id: &str) {
        let Some(process) = self.processes.remove(id) else {
            return;
        };
        if let Some(link) = process.link.current {
            self.hang_up(link);
        }
        for conn in process.conns {
            self.player_cut(conn);
        }
    }

    /// The process that listens there now.
    pub(crate) fn listener(&self, ip: &str, port: u16) -> Option<String> {
        let found = self
            .processes
            .iter()
            .find(|(_, own)| own.ip == ip && own.tcp_port == port);
        found.map(|(id, _)| id.clone())
    }

    /// No two processes of a machine have the same port.
    pub(crate) fn check_ports(&self) -> Result<(), String> {
        let mut taken = BTreeMap::new();
        for (id, own) in &self.processes {
            if let Some(other) = taken.insert((&own.ip, own.tcp_port), id) {
                return Err(format!(
                    "{id} and {other} both listen on {}:{}",
                    own.ip, own.tcp_port
                ));
            }
        }
        Ok(())
    }
}

fn ready(port: u16) -> Request {
    Request::ActivateServerProcess(server::ActivateServerProcess {
        port,
        ..Default::default()
    })
}

fn started(create: server::CreateGameSession, fleet_id: &str) -> GameSession {
    GameSession {
        game_session_id: create.game_session_id,
        name: create.game_session_name,
        fleet_id: fleet_id.to_owned(),
        maximum_player_session_count: create.maximum_player_session_count,
        ip_address: create.ip_address,
        port: create.port,
        ..GameSession::default()
    }
}
