//! Players on raw sockets: they log in, send at a steady rate, and note how late every message comes to them.

use crate::stats::Times;
use anyhow::{Context as _, Result, bail};
use bytes::Bytes;
use futures_util::{SinkExt as _, StreamExt as _};
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_tungstenite::tungstenite::protocol::Message as WsMessage;
use tokio_tungstenite::{WebSocketStream, client_async};
use wire::{Message, Packet, op, peer};

/// Bytes of a message's payload: a moment and padding, about what games send.
const PAYLOAD_BYTES: usize = 60;
/// After the last message was sent, for those on their way.
const LINGER: Duration = Duration::from_millis(300);
/// The op code of ordinary messages.
const PLAY: i32 = 1;

/// A logged-in player.
pub(crate) struct Player {
    socket: WebSocketStream<TcpStream>,
    peer_id: i32,
}

/// Whom the messages are for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Audience {
    /// Everybody, the sender too.
    Everybody,
    /// The next player of the same session.
    Neighbour,
}

/// How much is sent.
#[derive(Clone, Copy)]
pub(crate) struct Pace {
    /// Messages a second of each player.
    pub(crate) rate: u32,
    pub(crate) length: Duration,
    pub(crate) audience: Audience,
}

/// What came of it.
pub(crate) struct Played {
    pub(crate) lateness: Times,
    pub(crate) sent: u64,
    pub(crate) wall: Duration,
}

impl Player {
    pub(crate) async fn enter(host: &str, port: u16, player_session_id: String) -> Result<Self> {
        let stream = TcpStream::connect((host, port)).await?;
        stream.set_nodelay(true)?;
        let (mut socket, _) = client_async(format!("ws://{host}:{port}/"), stream).await?;
        let login = Packet {
            op_code: op::LOGIN,
            target_player: peer::SERVER,
            reliable: true,
            message: Some(Message::Login {
                player_session_id,
                client_version: 2,
            }),
            ..Packet::default()
        };
        socket.send(WsMessage::Binary(wire::encode(&login))).await?;
        while let Some(message) = socket.next().await {
            let WsMessage::Binary(mut bytes) = message? else {
                continue;
            };
            let Some(Message::LoginResult {
                success, peer_id, ..
            }) = wire::decode(&mut bytes)?.message
            else {
                continue;
            };
            if !success {
                bail!("the login was refused");
            }
            return Ok(Self { socket, peer_id });
        }
        bail!("closed instead of logged in")
    }

    /// Sends without waiting for anything.
    pub(crate) async fn send(
        &mut self,
        op_code: i32,
        target_player: i32,
        target_group: i32,
    ) -> Result<()> {
        let packet = packet(op_code, target_player, target_group, vec![0; PAYLOAD_BYTES]);
        Ok(self.socket.send(packet).await?)
    }

    /// Waits for a message of a player.
    pub(crate) async fn receive(&mut self) -> Result<()> {
        while let Some(message) = self.socket.next().await {
            if let WsMessage::Binary(mut bytes) = message?
                && wire::decode(&mut bytes)?.op_code == PLAY
            {
                return Ok(());
            }
        }
        bail!("closed before a message came")
    }

    /// A message to everybody, and its way back to the sender.
    pub(crate) async fn echo(&mut self) -> Result<()> {
        self.send(PLAY, peer::NONE, peer::ALL_PLAYERS).await?;
        self.receive().await
    }
}

/// Plays in every session (a port each) with this many players each.
pub(crate) async fn play(ports: &[u16], players: usize, pace: Pace) -> Result<Played> {
    let mut all = Vec::new();
    for (number, port) in ports.iter().enumerate() {
        let mut here = Vec::new();
        for seat in 0..players {
            here.push(Player::enter("127.0.0.1", *port, format!("psess-{number}-{seat}")).await?);
        }
        let peers: Vec<i32> = here.iter().map(|player| player.peer_id).collect();
        for (seat, player) in here.into_iter().enumerate() {
            all.push((player, peers[(seat + 1) % peers.len()]));
        }
    }
    let (epoch, count) = (Instant::now(), all.len());
    let mut tasks = JoinSet::new();
    for (number, (player, neighbour)) in all.into_iter().enumerate() {
        let interval = Duration::from_secs(1) / pace.rate.max(1);
        // Players are out of step, as people are.
        let offset = interval.mul_f64(number as f64 / count as f64);
        tasks.spawn(one(player, neighbour, pace, (epoch, offset)));
    }
    let (mut lateness, mut sent) = (Vec::new(), 0);
    while let Some(outcome) = tasks.join_next().await {
        let (mut times, messages) = outcome??;
        lateness.append(&mut times);
        sent += messages;
    }
    Ok(Played {
        lateness: Times::new(lateness),
        sent,
        wall: epoch.elapsed(),
    })
}

async fn one(
    player: Player,
    neighbour: i32,
    pace: Pace,
    (epoch, offset): (Instant, Duration),
) -> Result<(Vec<Duration>, u64)> {
    let (mut sink, mut stream) = player.socket.split();
    let start = tokio::time::Instant::now() + offset;
    let mut ticks = tokio::time::interval_at(start, Duration::from_secs(1) / pace.rate.max(1));
    let (mut lateness, mut sent) = (Vec::new(), 0);
    let (stop, end) = (start + pace.length, start + pace.length + LINGER);
    let (target_player, target_group) = match pace.audience {
        Audience::Everybody => (peer::NONE, peer::ALL_PLAYERS),
        Audience::Neighbour => (neighbour, peer::NONE),
    };
    let over = tokio::time::sleep_until(end);
    let mut over = std::pin::pin!(over);
    loop {
        tokio::select! {
            now = ticks.tick() => {
                if now >= stop {
                    // The interval goes on ticking, which costs nothing worth counting.
                    continue;
                }
                let mut payload = vec![0; PAYLOAD_BYTES];
                payload[..8].copy_from_slice(&u64::try_from(epoch.elapsed().as_nanos())?.to_be_bytes());
                sink.send(packet(PLAY, target_player, target_group, payload)).await?;
                sent += 1;
            }
            message = stream.next() => {
                let WsMessage::Binary(mut bytes) = message.context("closed while playing")?? else { continue };
                let packet = wire::decode(&mut bytes)?;
                if let (PLAY, Some(moment)) = (packet.op_code, packet.payload.first_chunk::<8>()) {
                    let moment = Duration::from_nanos(u64::from_be_bytes(*moment));
                    lateness.push(epoch.elapsed().saturating_sub(moment));
                }
            }
            () = &mut over => return Ok((lateness, sent)),
        }
    }
}

fn packet(op_code: i32, target_player: i32, target_group: i32, payload: Vec<u8>) -> WsMessage {
    WsMessage::Binary(wire::encode(&Packet {
        op_code,
        target_player,
        target_group,
        reliable: true,
        payload: Bytes::from(payload),
        ..Packet::default()
    }))
}
