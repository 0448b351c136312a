//! The task of one connection: carries what comes from the sockets and the game into `player::Player`, and what that answers back.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use ids::Time;
use player::{Input, Output, Player};
use tokio::net::{TcpStream, UdpSocket};
use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use tokio::time::Instant;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Message};
use wire::Packet;

use crate::{ConnectError, Event, Fast, Intent, Options, Received, Statistics, Target};

/// For the server's answer to our close frame.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);
/// Larger than any datagram.
const DATAGRAM_BYTES_MAX: usize = 65_536;
/// Messages between the task and the socket; above it the game's commands wait.
const OUTGOING_MAX: usize = 256;

type Socket = WebSocketStream<TcpStream>;

/// What the game wants.
#[derive(Debug)]
pub(crate) enum Command {
    Send {
        op_code: i32,
        target: Target,
        intent: Intent,
        payload: Bytes,
    },
    Join(i32),
    Leave(i32),
    Members(i32),
    Disconnect,
}

/// One connection, with everything that belongs to it.
pub(crate) struct Task {
    player: Player,
    clock: Clock,
    incoming: SplitStream<Socket>,
    writer: mpsc::Sender<Message>,
    writer_task: AbortHandle,
    /// Messages that wait for room in the writer's queue.
    outgoing: VecDeque<Message>,
    server: SocketAddr,
    udp: Option<UdpSocket>,
    udp_open: bool,
    datagram: Box<[u8]>,
    statistics: Arc<Mutex<Statistics>>,
    fast_dropped: u64,
    /// Events that wait for room in the game's queue.
    waiting: VecDeque<Event>,
    events_max: usize,
    login: Option<Result<i32, ConnectError>>,
    closing: Option<Instant>,
}

/// Why the connection is over.
struct Over {
    code: Option<u16>,
    reason: String,
}

/// What woke the task.
enum Woke {
    Room,
    Outgoing,
    Message(Option<Result<Message, tokio_tungstenite::tungstenite::Error>>),
    Datagram(std::io::Result<usize>),
    Command(Option<Command>),
    Timer,
    CloseTimeout,
}

impl Task {
    pub(crate) fn new(
        options: &Options,
        socket: Socket,
        server: SocketAddr,
        udp: Option<UdpSocket>,
        statistics: Arc<Mutex<Statistics>>,
    ) -> Self {
        let (sink, incoming) = socket.split();
        let (writer, messages) = mpsc::channel(OUTGOING_MAX);
        let writer_task = tokio::spawn(write(sink, messages)).abort_handle();
        let settings = player::Settings {
            player_session_id: options.player_session_id.clone(),
            payload: options.payload.clone(),
            fast: options.fast != Fast::Off,
        };
        Self {
            player: Player::new(settings),
            clock: Clock::start(),
            incoming,
            writer,
            writer_task,
            outgoing: VecDeque::new(),
            server,
            udp,
            udp_open: false,
            datagram: vec![0; DATAGRAM_BYTES_MAX].into_boxed_slice(),
            statistics,
            fast_dropped: 0,
            waiting: VecDeque::new(),
            events_max: options.events_max.max(1),
            login: None,
            closing: None,
        }
    }

    /// Logs in and answers the player's own id.
    pub(crate) async fn log_in(&mut self) -> Result<i32, ConnectError> {
        self.turn(Input::Opened).await;
        let (_nobody, mut commands) = mpsc::channel(1);
        loop {
            if let Some(outcome) = self.login.take() {
                return outcome;
            }
            let woke = self.wait(&mut commands, None, false).await;
            if let Some(over) = self.take(woke).await {
                return Err(ConnectError::Closed {
                    code: over.code,
                    reason: over.reason,
                });
            }
        }
    }

    /// Serves the connection to its end.
    pub(crate) async fn run(
        mut self,
        mut commands: mpsc::Receiver<Command>,
        events: mpsc::Sender<Event>,
    ) {
        let over = loop {
            let woke = self.wait(&mut commands, Some(&events), true).await;
            if let Some(over) = self.take(woke).await {
                break over;
            }
        };
        for event in self.waiting.drain(..) {
            if events.send(event).await.is_err() {
                return;
            }
        }
        let _ = events
            .send(Event::Closed {
                code: over.code,
                reason: over.reason,
            })
            .await;
    }

    /// Waits for the next thing. Each branch can be dropped without loss.
    async fn wait(
        &mut self,
        commands: &mut mpsc::Receiver<Command>,
        events: Option<&mpsc::Sender<Event>>,
        playing: bool,
    ) -> Woke {
        let takes_commands =
            playing && self.closing.is_none() && self.outgoing.len() < OUTGOING_MAX;
        let reads = self.waiting.len() < self.events_max;
        let timer = self.clock.instant(self.player.poll_timeout());
        let has_timer = self.player.poll_timeout() != Time::MAX && self.closing.is_none();
        let close_timer = self.closing.unwrap_or(timer);
        tokio::select! {
            biased;
            permit = reserve(events), if !self.waiting.is_empty() && events.is_some() => {
                match permit {
                    Some(permit) => {
                        if let Some(event) = self.waiting.pop_front() {
                            permit.send(event);
                        }
                    }
                    // Nobody listens any more.
                    None => self.waiting.clear(),
                }
                Woke::Room
            }
            permit = self.writer.reserve(), if !self.outgoing.is_empty() => {
                match permit {
                    Ok(permit) => {
                        if let Some(message) = self.outgoing.pop_front() {
                            permit.send(message);
                        }
                    }
                    // The socket is broken; the reading side is about to find out.
                    Err(_) => self.outgoing.clear(),
                }
                Woke::Outgoing
            }
            message = self.incoming.next(), if reads => Woke::Message(message),
            size = receive(self.udp.as_ref(), &mut self.datagram), if self.udp_open => Woke::Datagram(size),
            command = commands.recv(), if takes_commands => Woke::Command(command),
            () = tokio::time::sleep_until(timer), if has_timer => Woke::Timer,
            () = tokio::time::sleep_until(close_timer), if self.closing.is_some() => Woke::CloseTimeout,
        }
    }

    async fn take(&mut self, woke: Woke) -> Option<Over> {
        match woke {
            Woke::Room | Woke::Outgoing => {}
            Woke::Message(message) => return self.message(message).await,
            Woke::Datagram(size) => self.datagram(size).await,
            Woke::Command(command) => self.command(command.unwrap_or(Command::Disconnect)).await,
            Woke::Timer => {
                self.player.handle_timeout(self.clock.now());
                self.carry_out().await;
            }
            Woke::CloseTimeout => {
                return Some(Over {
                    code: None,
                    reason: "the server did not answer the close".to_owned(),
                });
            }
        }
        None
    }

    async fn message(
        &mut self,
        message: Option<Result<Message, tokio_tungstenite::tungstenite::Error>>,
    ) -> Option<Over> {
        match message {
            Some(Ok(Message::Binary(mut bytes))) => {
                // A message without a packet is the server's mistake, and nothing a player can mend.
                if let Ok(packet) = wire::decode(&mut bytes) {
                    self.turn(Input::Packet(packet)).await;
                }
                None
            }
            Some(Ok(Message::Close(frame))) => {
                // Reading on sends our answer to the close.
                let _ = tokio::time::timeout(Duration::from_secs(1), self.incoming.next()).await;
                let code = frame.as_ref().map_or(1005, |frame| u16::from(frame.code));
                let reason = frame
                    .map(|frame| frame.reason.to_string())
                    .unwrap_or_default();
                let reason = if reason.is_empty() {
                    usual_reason(code).to_owned()
                } else {
                    reason
                };
                Some(Over {
                    code: Some(code),
                    reason,
                })
            }
            Some(Ok(
                Message::Text(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_),
            )) => None,
            Some(Err(error)) => Some(Over {
                code: None,
                reason: format!("the connection was lost: {error}"),
            }),
            None => Some(Over {
                code: None,
                reason: "the connection was lost".to_owned(),
            }),
        }
    }

    async fn datagram(&mut self, size: std::io::Result<usize>) {
        let input = match size {
            Ok(size) => {
                let mut bytes = Bytes::copy_from_slice(&self.datagram[..size]);
                wire::decode(&mut bytes).map_or(Input::BadDatagram, Input::Datagram)
            }
            Err(_) => Input::FastBroken,
        };
        self.turn(input).await;
    }

    async fn command(&mut self, command: Command) {
        let input = match command {
            Command::Send {
                op_code,
                target,
                intent,
                payload,
            } => {
                let (target_player, target_group) = match target {
                    Target::Server => (-1, 0),
                    Target::Player(peer) => (peer, 0),
                    Target::Group(group) => (0, group),
                };
                Input::Send {
                    op_code,
                    target_player,
                    target_group,
                    reliable: intent == Intent::Reliable,
                    payload,
                }
            }
            Command::Join(group) => Input::Join(group),
            Command::Leave(group) => Input::Leave(group),
            Command::Members(group) => Input::Members(group),
            Command::Disconnect => {
                let frame = CloseFrame {
                    code: CloseCode::Normal,
                    reason: "".into(),
                };
                self.outgoing.push_back(Message::Close(Some(frame)));
                self.closing = Some(Instant::now() + CLOSE_TIMEOUT);
                return;
            }
        };
        self.turn(input).await;
    }

    async fn turn(&mut self, input: Input) {
        self.player.handle(input, self.clock.now());
        self.carry_out().await;
    }

    async fn carry_out(&mut self) {
        while let Some(output) = self.player.poll_output() {
            match output {
                Output::Send(packet) => self
                    .outgoing
                    .push_back(Message::Binary(wire::encode(&packet))),
                Output::OpenFast(port) => self.open_fast(port).await,
                Output::SendFast(packet) => self.send_fast(&packet).await,
                Output::Event(event) => self.event(event),
            }
        }
        let counts = self.player.counts();
        *self
            .statistics
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Statistics {
            reliable_sent: counts.reliable_sent,
            reliable_received: counts.reliable_received,
            fast_sent: counts.fast_sent,
            fast_received: counts.fast_received,
            fast_fallback: counts.fast_fallback,
            fast_refused: counts.fast_refused,
            fast_dropped: self.fast_dropped,
            bytes_sent: counts.bytes_sent,
            bytes_received: counts.bytes_received,
            fast_open: u64::from(counts.fast_open),
        };
    }

    async fn open_fast(&mut self, port: u16) {
        if let Some(udp) = &self.udp {
            let server = SocketAddr::new(self.server.ip(), port);
            // Without a connected socket no datagram goes out, and everything stays on the WebSocket.
            self.udp_open = udp.connect(server).await.is_ok();
        }
    }

    async fn send_fast(&mut self, packet: &Packet) {
        if let (Some(udp), true) = (&self.udp, self.udp_open)
            && udp.send(&wire::encode(packet)).await.is_err()
        {
            self.player.handle(Input::FastBroken, self.clock.now());
        }
    }

    fn event(&mut self, event: player::Event) {
        let event = match event {
            player::Event::LoggedIn { peer_id } => {
                self.login = Some(Ok(peer_id));
                return;
            }
            player::Event::Refused => {
                self.login = Some(Err(ConnectError::Refused));
                return;
            }
            player::Event::Message(packet) => {
                // The reader stops at the limit; only datagrams come beyond it.
                if !packet.reliable && self.waiting.len() >= self.events_max {
                    self.fast_dropped += 1;
                    return;
                }
                Event::Message(received(packet))
            }
            player::Event::Membership {
                group,
                players,
                sender,
            } => Event::GroupMembership {
                group,
                players,
                sender,
            },
            player::Event::Fast { open } => Event::FastChannel { open },
        };
        self.waiting.push_back(event);
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        self.writer_task.abort();
    }
}

/// Hands messages to the socket: all that wait, then one flush.
async fn write(mut sink: SplitSink<Socket, Message>, mut messages: mpsc::Receiver<Message>) {
    while let Some(message) = messages.recv().await {
        if sink.feed(message).await.is_err() {
            return;
        }
        while let Ok(message) = messages.try_recv() {
            if sink.feed(message).await.is_err() {
                return;
            }
        }
        if sink.flush().await.is_err() {
            return;
        }
    }
}

async fn reserve(events: Option<&mpsc::Sender<Event>>) -> Option<mpsc::Permit<'_, Event>> {
    match events {
        Some(events) => events.reserve().await.ok(),
        None => std::future::pending().await,
    }
}

async fn receive(udp: Option<&UdpSocket>, datagram: &mut [u8]) -> std::io::Result<usize> {
    match udp {
        Some(udp) => udp.recv(datagram).await,
        None => std::future::pending().await,
    }
}

fn received(packet: Packet) -> Received {
    Received {
        op_code: packet.op_code,
        sender: packet.sender,
        target_player: packet.target_player,
        target_group: packet.target_group,
        reliable: packet.reliable,
        payload: packet.payload,
    }
}

/// What a close code of a Realtime server means when it gives no reason.
const fn usual_reason(code: u16) -> &'static str {
    match code {
        1000 | 1005 => "the game session or the connection has ended",
        1001 => "the server process is being ended",
        1008 => "the server refused the player",
        1011 => "the script crashed",
        1013 => "the server is full",
        _ => "the server closed the connection",
    }
}

/// Turns moments of the event loop into `ids::Time` and back.
struct Clock {
    start: Instant,
    epoch_ms: u64,
}

impl Clock {
    fn start() -> Self {
        let since = SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or_default();
        Self {
            start: Instant::now(),
            epoch_ms: u64::try_from(since.as_millis()).unwrap_or(u64::MAX),
        }
    }

    fn now(&self) -> Time {
        let elapsed = u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX);
        Time::from_millis(self.epoch_ms.saturating_add(elapsed))
    }

    fn instant(&self, time: Time) -> Instant {
        const DAY_MS: u64 = 24 * 3600 * 1000;
        let ahead = time.as_millis().saturating_sub(self.epoch_ms);
        let passed = u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.start + Duration::from_millis(ahead.min(passed.saturating_add(DAY_MS)) + 1)
    }
}
