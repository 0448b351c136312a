//! The link to a control plane over Server SDK 5 (server-sdk.md): one connection a slot, reconnected for ever under the same
//! process id. A session goes on while control is away; its calls wait.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use ids::{ComputeName, FleetId, Mint, ProcessId, Time};
use serversdk::server::{
    AcceptedPlayer, ActivateGameSession, ActivateServerProcess, CreateGameSession,
    HeartbeatServerProcess, PlayerSessionCall, Push, Request, Response,
};
use serversdk::{Authorization, Incoming, Refusal, ServerConnect, Status};
use session::{GameSession, Input, LinkAnswer, LinkCall, LogLevel, Order};
use tokio::sync::Notify;
use tokio::time::{Instant, timeout};
use tokio_tungstenite::tungstenite::protocol::Message;

use super::calls::{Call, Calls, Queued};
use super::dial::{CONNECT_TIMEOUT, Dialer, Socket};
use crate::slot::Slot;
use crate::{Control, Error, Private};

/// Attempts of the first connect; later ones go on for ever.
const FIRST_ATTEMPTS: u32 = 7;
const BACK_OFF_MIN: Duration = Duration::from_millis(250);
const BACK_OFF_MAX: Duration = Duration::from_secs(16);
/// We ping this often; without any sign of life for two and a half times as long the connection is lost.
const PING_EVERY: Duration = Duration::from_secs(30);
const DEAD_AFTER: Duration = Duration::from_secs(75);
/// The old connection lingers so long after a refresh, for answers that are on their way.
const REFRESH_LINGER: Duration = Duration::from_secs(5);
const SDK_VERSION: &str = "5.6.0";
const SDK_LANGUAGE: &str = "Rust";

/// The session's end of the link.
pub(crate) struct ControlLink {
    shared: Rc<Shared>,
    /// For the times of calls; the slot's own.
    clock: crate::clock::Clock,
}

struct Shared {
    calls: RefCell<Calls>,
    mint: RefCell<Mint>,
    nudge: Notify,
    refused: RefCell<Vec<Input>>,
}

impl ControlLink {
    pub(crate) fn call(&self, call: LinkCall) {
        let request_id = self.shared.mint.borrow_mut().uuid();
        let queued = self
            .shared
            .calls
            .borrow_mut()
            .push(call, request_id, self.clock.now());
        if let Queued::No(Some(answer)) = queued {
            self.shared.refused.borrow_mut().push(*answer);
        }
        self.shared.nudge.notify_one();
    }

    pub(crate) fn waiting(&self) -> usize {
        self.shared.calls.borrow().len()
    }
}

/// The network's end of the link.
pub(crate) struct ControlTask {
    settings: Control,
    dialer: Dialer,
    process_id: String,
    shared: Rc<Shared>,
    socket: Option<Socket>,
    /// Set once the process is ready; repeated on every new connection, in case control has forgotten us.
    ready: Option<ActivateServerProcess>,
    port: u16,
    log_paths: Vec<String>,
    game_session_id: String,
    /// Where the last refresh sent us, instead of the settings.
    endpoint: String,
    auth_token: Private<String>,
}

/// Why a connection ended.
enum Lost {
    /// Connect again.
    Connection,
    /// Control sent us elsewhere; the new connection stands.
    Refreshed(Box<Socket>),
    /// Control has ended it on purpose (close 1000): it wants to know nothing of us any more.
    Forgotten,
}

/// Connects for the first time (InitSDK). Gives up after a minute or so, because a process that control does not know is of no
/// use.
pub(crate) async fn connect(
    settings: &Control,
    process_id: &str,
    mint: Mint,
    clock: crate::clock::Clock,
    calls_max: usize,
) -> Result<(ControlLink, ControlTask), Error> {
    let dialer = Dialer::new(settings)?;
    let shared = Rc::new(Shared {
        calls: RefCell::new(Calls::new(calls_max)),
        mint: RefCell::new(mint),
        nudge: Notify::new(),
        refused: RefCell::new(Vec::new()),
    });
    let mut task = ControlTask {
        settings: settings.clone(),
        dialer,
        process_id: process_id.to_owned(),
        shared: Rc::clone(&shared),
        socket: None,
        ready: None,
        port: 0,
        log_paths: Vec::new(),
        game_session_id: String::new(),
        endpoint: settings.url.clone(),
        auth_token: settings.auth_token.clone(),
    };
    let mut wait = BACK_OFF_MIN;
    let mut attempt = 1;
    loop {
        match task.dial(&task.endpoint, task.auth_token.reveal()).await {
            Ok(socket) => {
                task.socket = Some(socket);
                return Ok((ControlLink { shared, clock }, task));
            }
            Err(reason) if attempt == FIRST_ATTEMPTS => {
                return Err(Error::ControlUnreachable {
                    url: settings.url.clone(),
                    reason,
                });
            }
            Err(_) => {}
        }
        tokio::time::sleep(wait).await;
        wait = (wait * 2).min(BACK_OFF_MAX);
        attempt += 1;
    }
}

impl ControlTask {
    /// What ActivateServerProcess will say.
    pub(crate) fn reachable_at(&mut self, port: u16, log_paths: Vec<String>) {
        self.port = port;
        self.log_paths = log_paths;
    }

    /// Serves the link for as long as the slot lives.
    pub(crate) async fn run(mut self, slot: Rc<Slot>) {
        let shared = Rc::clone(&self.shared);
        tokio::select! {
            () = self.work(&slot) => {}
            () = sweep(&shared, &slot) => {}
        }
    }

    async fn work(&mut self, slot: &Rc<Slot>) {
        loop {
            let socket = match self.socket.take() {
                Some(socket) => socket,
                None => self.reconnect(slot).await,
            };
            let lost = self.serve(socket, slot).await;
            match lost {
                Lost::Connection => {
                    self.shared.calls.borrow_mut().lost();
                    slot.say(
                        LogLevel::Warn,
                        "lost the connection to the control plane, the game session goes on",
                    );
                }
                Lost::Refreshed(socket) => self.socket = Some(*socket),
                Lost::Forgotten => {
                    slot.say(
                        LogLevel::Warn,
                        "the control plane has closed the link for good, ending",
                    );
                    self.shared.calls.borrow_mut().close();
                    slot.turn_now(Input::Told(Order::Terminate { deadline_ms: None }));
                    std::future::pending::<()>().await;
                }
            }
        }
    }

    async fn reconnect(&self, slot: &Rc<Slot>) -> Socket {
        let mut wait = BACK_OFF_MIN;
        loop {
            // A refreshed endpoint may be gone for good: the original one is tried in turn.
            for (endpoint, token) in [
                (&self.endpoint, &self.auth_token),
                (&self.settings.url, &self.settings.auth_token),
            ] {
                match self.dial(endpoint, token.reveal()).await {
                    Ok(socket) => {
                        slot.say(LogLevel::Info, "connected to the control plane again");
                        return socket;
                    }
                    Err(reason) => {
                        slot.say(
                            LogLevel::Debug,
                            format!("no connection to the control plane: {reason}"),
                        );
                    }
                }
                if self.endpoint == self.settings.url {
                    break;
                }
            }
            // Processes of one host must not come back in step.
            let jitter = self.shared.mint.borrow_mut().below(250);
            tokio::time::sleep(wait + Duration::from_millis(jitter)).await;
            wait = (wait * 2).min(BACK_OFF_MAX);
        }
    }

    async fn dial(&self, endpoint: &str, token: &str) -> Result<Socket, String> {
        let query = ServerConnect {
            process_id: ProcessId::new(&self.process_id),
            compute_name: ComputeName::new(&self.settings.host_id),
            fleet_id: FleetId::new(&self.settings.fleet_id),
            sdk_version: SDK_VERSION.into(),
            sdk_language: SDK_LANGUAGE.into(),
            idempotency_token: self.shared.mint.borrow_mut().uuid(),
            authorization: Authorization::Token(token.to_owned()),
        }
        .to_query();
        self.dialer.dial(endpoint, &query).await
    }

    async fn serve(&mut self, mut socket: Socket, slot: &Rc<Slot>) -> Lost {
        if let Some(ready) = &self.ready
            && !self
                .shared
                .calls
                .borrow()
                .is_waiting(&LinkCall::ProcessReady)
        {
            let request_id = self.shared.mint.borrow_mut().uuid();
            let again = Request::ActivateServerProcess(ready.clone());
            let text = serversdk::request(&request_id, &again);
            if socket.send(Message::text(text)).await.is_err() {
                return Lost::Connection;
            }
        }
        let mut heard = Instant::now();
        let mut ping = tokio::time::interval(PING_EVERY);
        loop {
            let shared = Rc::clone(&self.shared);
            tokio::select! {
                message = socket.next() => {
                    heard = Instant::now();
                    match message {
                        Some(Ok(Message::Text(text))) => {
                            if let Some(lost) = self.take(text.as_str(), slot).await {
                                if matches!(lost, Lost::Refreshed(_)) {
                                    tokio::task::spawn_local(retire(socket, self.shared.clone(), slot.clone()));
                                }
                                return lost;
                            }
                        }
                        Some(Ok(Message::Close(frame))) => {
                            let for_good = frame.is_some_and(|frame| u16::from(frame.code) == 1000);
                            return if for_good { Lost::Forgotten } else { Lost::Connection };
                        }
                        Some(Ok(_)) => {}
                        Some(Err(_)) | None => return Lost::Connection,
                    }
                }
                () = shared.nudge.notified() => {
                    if self.send(&mut socket, slot).await.is_err() {
                        return Lost::Connection;
                    }
                }
                _ = ping.tick() => {
                    let dead = heard.elapsed() > DEAD_AFTER;
                    if dead || socket.send(Message::Ping(Default::default())).await.is_err() {
                        return Lost::Connection;
                    }
                    // Calls that waited from before this connection stood.
                    if self.send(&mut socket, slot).await.is_err() {
                        return Lost::Connection;
                    }
                }
            }
        }
    }

    /// Sends every call that is due: feed all, flush once.
    async fn send(&mut self, socket: &mut Socket, slot: &Rc<Slot>) -> Result<(), ()> {
        let now = slot.clock.now();
        loop {
            let Some(call) = self.shared.calls.borrow_mut().next(now) else {
                break;
            };
            let text =
                serversdk::request(&call.request_id, &self.request(&call.call, call.sends > 1));
            // A control that does not read is as good as gone.
            let sent = timeout(CONNECT_TIMEOUT, socket.feed(Message::text(text))).await;
            if !matches!(sent, Ok(Ok(()))) {
                return Err(());
            }
        }
        match timeout(CONNECT_TIMEOUT, socket.flush()).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(()),
        }
    }

    fn request(&mut self, call: &LinkCall, again: bool) -> Request {
        let player = |player_session_id: &str, hoist_with_player| PlayerSessionCall {
            game_session_id: self.game_session_id.clone(),
            player_session_id: player_session_id.to_owned(),
            hoist_with_player,
            hoist_again: hoist_with_player && again,
        };
        match call {
            LinkCall::ProcessReady => {
                let ready = ActivateServerProcess {
                    sdk_version: SDK_VERSION.into(),
                    sdk_language: SDK_LANGUAGE.into(),
                    sdk_tool_name: Some("Hoist".into()),
                    sdk_tool_version: Some(env!("CARGO_PKG_VERSION").into()),
                    port: self.port,
                    log_paths: self.log_paths.clone(),
                };
                self.ready = Some(ready.clone());
                Request::ActivateServerProcess(ready)
            }
            LinkCall::Heartbeat(health_status) => {
                Request::HeartbeatServerProcess(HeartbeatServerProcess {
                    health_status: *health_status,
                })
            }
            LinkCall::ActivateGameSession => Request::ActivateGameSession(ActivateGameSession {
                game_session_id: self.game_session_id.clone(),
            }),
            LinkCall::AcceptPlayerSession {
                player_session_id, ..
            } => Request::AcceptPlayerSession(player(player_session_id, true)),
            LinkCall::RemovePlayerSession(player_session_id) => {
                Request::RemovePlayerSession(player(player_session_id, false))
            }
            LinkCall::ProcessEnding => Request::TerminateServerProcess,
        }
    }

    /// Takes one message of control; gives the reason when the connection is over with it.
    async fn take(&mut self, text: &str, slot: &Rc<Slot>) -> Option<Lost> {
        match serversdk::parse_incoming::<Response, Push>(text) {
            Ok(Incoming::Answer {
                request_id,
                outcome,
            }) => answered(&self.shared, slot, &request_id, outcome),
            Ok(Incoming::Push(Push::CreateGameSession(create))) => {
                self.game_session_id.clone_from(&create.game_session_id);
                let game_session = started(create, &self.settings.fleet_id);
                slot.turn_now(Input::Told(Order::Start(game_session)));
            }
            Ok(Incoming::Push(Push::UpdateGameSession(update))) => {
                let game_session = updated(update.game_session);
                slot.turn_now(Input::Told(Order::Update(game_session)));
            }
            Ok(Incoming::Push(Push::TerminateProcess(terminate))) => {
                let now = slot.clock.now();
                let deadline = Time::from_millis(terminate.termination_time);
                let deadline_ms = Some(deadline.since(now).as_millis());
                slot.turn(Input::Told(Order::Terminate { deadline_ms }), now);
            }
            Ok(Incoming::Push(Push::RefreshConnection(refresh))) => {
                let endpoint = refresh.refresh_connection_endpoint;
                let token = Private::new(refresh.auth_token);
                match self.dial(&endpoint, token.reveal()).await {
                    Ok(socket) => {
                        self.endpoint = endpoint;
                        self.auth_token = token;
                        return Some(Lost::Refreshed(Box::new(socket)));
                    }
                    Err(reason) => {
                        slot.say(
                            LogLevel::Warn,
                            format!("refresh of the link failed, staying on the old one: {reason}"),
                        );
                    }
                }
            }
            Err(bad) => slot.say(
                LogLevel::Warn,
                format!("message of the control plane ignored: {bad}"),
            ),
        }
        None
    }
}

/// Reads the old connection for a while after a refresh: answers may still come on it.
async fn retire(mut socket: Socket, shared: Rc<Shared>, slot: Rc<Slot>) {
    let read = async {
        while let Some(Ok(message)) = socket.next().await {
            if let Message::Text(text) = message
                && let Ok(Incoming::Answer {
                    request_id,
                    outcome,
                }) = serversdk::parse_incoming::<Response, Push>(text.as_str())
            {
                answered(&shared, &slot, &request_id, outcome);
            }
        }
    };
    let _ = timeout(REFRESH_LINGER, read).await;
    let _ = timeout(CONNECT_TIMEOUT, socket.close(None)).await;
}

/// Gives up calls that have waited too long, and sees to it that calls which are due again are sent.
async fn sweep(shared: &Shared, slot: &Rc<Slot>) {
    let mut tick = tokio::time::interval(Duration::from_secs(1));
    loop {
        tick.tick().await;
        let now = slot.clock.now();
        let mut answers = shared.calls.borrow_mut().expire(now);
        answers.append(&mut shared.refused.borrow_mut());
        for answer in answers {
            slot.turn(answer, now);
        }
        if shared.calls.borrow().len() > 0 {
            shared.nudge.notify_one();
        }
    }
}

fn answered(
    shared: &Shared,
    slot: &Rc<Slot>,
    request_id: &str,
    outcome: Result<Response, Refusal>,
) {
    // An answer to a call that was given up, or to a repeated ActivateServerProcess.
    let Some(call) = shared.calls.borrow_mut().answered(request_id) else {
        return;
    };
    // A slot that ends waits for its last calls.
    slot.nudge.notify_one();
    let now = slot.clock.now();
    let passing = outcome.as_ref().is_err_and(|refusal| {
        matches!(
            refusal.status,
            Status::Throttled | Status::Internal | Status::NotReady
        )
    });
    if passing && !matches!(call.call, LinkCall::Heartbeat(_)) {
        shared.calls.borrow_mut().retry(call, now);
        return;
    }
    if let Some(answer) = verdict(&call, outcome, slot) {
        slot.turn(Input::Answered(answer), now);
    }
}

/// What the session is told about a call that is through.
fn verdict(call: &Call, outcome: Result<Response, Refusal>, slot: &Rc<Slot>) -> Option<LinkAnswer> {
    if let Err(refusal) = &outcome {
        let name = match &call.call {
            LinkCall::ProcessReady => "ActivateServerProcess",
            LinkCall::Heartbeat(_) => "HeartbeatServerProcess",
            LinkCall::ActivateGameSession => "ActivateGameSession",
            LinkCall::RemovePlayerSession(_) => "RemovePlayerSession",
            LinkCall::ProcessEnding => "TerminateServerProcess",
            // The session itself logs the refusal of a player.
            LinkCall::AcceptPlayerSession { .. } => "",
        };
        if !name.is_empty() {
            slot.say(
                LogLevel::Warn,
                format!("GameLiftServerAPI.{name} failed with error: {refusal}"),
            );
        }
    }
    match (&call.call, outcome) {
        (LinkCall::AcceptPlayerSession { conn, .. }, Ok(response)) => {
            let player = if let Response::AcceptPlayerSession(player) = response {
                player
            } else {
                AcceptedPlayer::default()
            };
            Some(LinkAnswer::Accepted {
                conn: *conn,
                player_id: player.hoist_player_id.unwrap_or_default(),
                player_data: player.hoist_player_data.unwrap_or_default(),
            })
        }
        (LinkCall::AcceptPlayerSession { conn, .. }, Err(refusal)) => Some(LinkAnswer::Refused {
            conn: *conn,
            error: format!(
                "[GameLiftError: ErrorType=5, ErrorMessage={}]",
                refusal.message
            ),
        }),
        // Refused for good (unknown, already completed): there is nothing left to remove.
        (LinkCall::RemovePlayerSession(player_session_id), _) => Some(LinkAnswer::Removed {
            player_session_id: player_session_id.clone(),
        }),
        (LinkCall::ProcessEnding, outcome) => Some(LinkAnswer::ProcessEnding {
            success: outcome.is_ok(),
        }),
        (LinkCall::ProcessReady | LinkCall::Heartbeat(_) | LinkCall::ActivateGameSession, _) => {
            None
        }
    }
}

fn started(create: CreateGameSession, fleet_id: &str) -> GameSession {
    GameSession {
        game_session_id: create.game_session_id,
        name: create.game_session_name,
        fleet_id: fleet_id.to_owned(),
        maximum_player_session_count: create.maximum_player_session_count,
        ip_address: create.ip_address,
        port: create.port,
        dns_name: create.dns_name,
        game_properties: create.game_properties.into_iter().collect(),
        game_session_data: create.game_session_data,
        matchmaker_data: create.matchmaker_data,
        location: create.hoist_location,
    }
}

fn updated(game_session: serversdk::GameSession) -> GameSession {
    GameSession {
        game_session_id: game_session.game_session_id,
        name: game_session.name,
        fleet_id: game_session.fleet_id,
        maximum_player_session_count: game_session.maximum_player_session_count,
        ip_address: game_session.ip_address,
        port: game_session.port,
        dns_name: game_session.dns_name,
        game_properties: game_session.game_properties.into_iter().collect(),
        game_session_data: game_session.game_session_data,
        matchmaker_data: game_session.matchmaker_data,
        location: game_session.location,
    }
}
