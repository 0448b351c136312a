//! Load on one game session: every player sends to everybody at a steady rate; prints how late the deliveries came and what the
//! server's thread cost, as one line of JSON. `load [PLAYERS] [MESSAGES_PER_S] [SECONDS] [SCRIPT]`; default 32 30 5, a script
//! without callbacks. Used by `cargo xtask bench session` (R14: p99 < 5 ms).

use std::error::Error;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use realtime::{Console, Event, Settings, Shutdown};
use serde_json::json;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::protocol::Message as WsMessage;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use wire::{Message, Packet, op, peer};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;
type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// Bytes of a message's payload: a moment and padding, about what games send.
const PAYLOAD_BYTES: usize = 60;

fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    let mut number = |default: u32| match arguments.next() {
        Some(text) => text.parse(),
        None => Ok(default),
    };
    let (players, rate, seconds) = (number(32)?, number(30)?, number(5)?);
    let folder = tempfile::tempdir()?;
    let script = match arguments.next() {
        Some(path) => path.into(),
        None => {
            let path = folder.path().join("relay.js");
            std::fs::write(
                &path,
                "exports.ssExports = { configuration: { maxPlayers: 1000 }, init() {} };",
            )?;
            path
        }
    };
    let mut settings = Settings::standalone(script);
    settings.console = Console::Silent;
    let (trigger, shutdown) = Shutdown::pair();
    let (sender, events) = mpsc::channel();
    let server = std::thread::spawn(move || {
        let outcome = realtime::run(settings, shutdown, move |event| {
            let _ = sender.send(event);
        });
        (outcome, cpu_of_thread())
    });
    let port = loop {
        match events.recv()? {
            Event::Ready { tcp_port, .. } => break tcp_port,
            Event::Ended { reason, .. } => return Err(reason.into()),
            Event::Metrics { .. } | Event::Players { .. } | Event::Log { .. } => {}
        }
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let start = Instant::now();
    let lateness = runtime.block_on(play(
        port,
        players,
        rate,
        Duration::from_secs(seconds.into()),
    ))?;
    let wall = start.elapsed();
    trigger.kill();
    let (outcome, cpu) = server.join().map_err(|_| "the server panicked")?;
    outcome?;
    report(players, rate, lateness, wall, cpu);
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the result of this program")]
fn report(players: u32, rate: u32, mut lateness: Vec<Duration>, wall: Duration, cpu: Duration) {
    lateness.sort_unstable();
    let at = |part: f64| {
        let index = ((lateness.len() as f64 * part) as usize).min(lateness.len().saturating_sub(1));
        lateness
            .get(index)
            .map_or(0.0, |lateness| lateness.as_secs_f64() * 1000.0)
    };
    let line = json!({
        "players": players,
        "messagesPerSecond": rate,
        "deliveries": lateness.len(),
        "deliveriesPerSecond": (lateness.len() as f64 / wall.as_secs_f64()).round(),
        "p50Ms": at(0.5),
        "p99Ms": at(0.99),
        "p999Ms": at(0.999),
        "maxMs": at(1.0),
        "serverCpuPercent": (100.0 * cpu.as_secs_f64() / wall.as_secs_f64()).round(),
    });
    println!("{line}");
}

/// Processor time of the calling thread.
fn cpu_of_thread() -> Duration {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike;
    getrusage(UsageWho::RUSAGE_THREAD).map_or(Duration::ZERO, |usage| {
        let spent = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
        Duration::from_micros(u64::try_from(spent).unwrap_or(0))
    })
}

/// All players on one thread; gives the lateness of every delivery.
async fn play(port: u16, players: u32, rate: u32, length: Duration) -> Outcome<Vec<Duration>> {
    let mut sockets = Vec::new();
    for n in 0..players {
        sockets.push(enter(port, n).await?);
    }
    let epoch = Instant::now();
    let interval = Duration::from_secs(1) / rate.max(1);
    let mut tasks = tokio::task::JoinSet::new();
    for (n, socket) in sockets.into_iter().enumerate() {
        // Players are out of step, as people are.
        let offset = interval.mul_f64(n as f64 / f64::from(players));
        tasks.spawn(one_player(socket, epoch, offset, interval, length));
    }
    let mut lateness = Vec::new();
    while let Some(outcome) = tasks.join_next().await {
        lateness.append(&mut outcome??);
    }
    Ok(lateness)
}

async fn enter(port: u16, n: u32) -> Outcome<Socket> {
    let (mut socket, _) = connect_async(format!("ws://127.0.0.1:{port}/")).await?;
    let login = Packet {
        op_code: op::LOGIN,
        target_player: peer::SERVER,
        reliable: true,
        message: Some(Message::Login {
            player_session_id: format!("player-{n}"),
            client_version: 2,
        }),
        ..Packet::default()
    };
    socket.send(WsMessage::Binary(wire::encode(&login))).await?;
    while let Some(message) = socket.next().await {
        if let WsMessage::Binary(mut bytes) = message?
            && wire::decode(&mut bytes)?.op_code == op::LOGIN_RESPONSE
        {
            return Ok(socket);
        }
    }
    Err("closed instead of logged in".into())
}

async fn one_player(
    socket: Socket,
    epoch: Instant,
    offset: Duration,
    interval: Duration,
    length: Duration,
) -> Outcome<Vec<Duration>> {
    let (mut sink, mut stream) = socket.split();
    let first = tokio::time::Instant::now() + offset;
    let mut ticks = tokio::time::interval_at(first, interval);
    let mut lateness = Vec::new();
    let end = tokio::time::sleep(length);
    let mut end = std::pin::pin!(end);
    loop {
        tokio::select! {
            _ = ticks.tick() => {
                let mut payload = vec![0; PAYLOAD_BYTES];
                let now = u64::try_from(epoch.elapsed().as_nanos())?;
                payload[..8].copy_from_slice(&now.to_be_bytes());
                let packet = Packet {
                    op_code: 1,
                    target_group: peer::ALL_PLAYERS,
                    reliable: true,
                    payload: Bytes::from(payload),
                    ..Packet::default()
                };
                sink.send(WsMessage::Binary(wire::encode(&packet))).await?;
            }
            message = stream.next() => {
                let message = message.ok_or("closed while playing")??;
                if let WsMessage::Binary(mut bytes) = message {
                    let packet = wire::decode(&mut bytes)?;
                    if let Some(sent) = packet.payload.first_chunk::<8>() {
                        let sent = Duration::from_nanos(u64::from_be_bytes(*sent));
                        lateness.push(epoch.elapsed().saturating_sub(sent));
                    }
                }
            }
            () = &mut end => return Ok(lateness),
        }
    }
}
