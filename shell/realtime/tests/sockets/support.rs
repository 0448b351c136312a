//! A server on loopback with ports of its own, and clients made by hand from the bytes of official-client.md: what they send is what
//! the test says, whatever a library would think of it. Every wait is for an event; the time limits only end a failed test.

use std::collections::VecDeque;
use std::io::{ErrorKind, Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream, UdpSocket};
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;

use bytes::Bytes;
use realtime::{Console, Error, Event, Exit, Settings, Shutdown, Trigger};
use wire::{Message, Packet, op, peer};

/// No test waits that long unless it fails.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// A script that only relays.
pub(crate) const RELAY: &str = "exports.ssExports = { init() {} };";

pub(crate) struct Server {
    pub(crate) tcp: SocketAddr,
    pub(crate) udp: SocketAddr,
    pub(crate) game_session_id: String,
    pub(crate) engine: String,
    trigger: Trigger,
    events: mpsc::Receiver<Event>,
    thread: Option<JoinHandle<Result<Exit, Error>>>,
    log: VecDeque<String>,
    /// Lines that were looked at already.
    seen: Vec<String>,
    _folder: tempfile::TempDir,
}

pub(crate) struct Draft {
    pub(crate) settings: Settings,
    folder: tempfile::TempDir,
}

/// Settings for a standalone server with this script; to be changed, then started.
pub(crate) fn draft(script: &str) -> Draft {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("script.js");
    std::fs::write(&path, script).unwrap();
    let mut settings = Settings::standalone(path);
    settings.console = Console::Events;
    settings.bind = Some(IpAddr::V4(Ipv4Addr::LOCALHOST));
    settings.params = "loggingLevel:debug".into();
    Draft { settings, folder }
}

pub(crate) fn serve(script: &str) -> Server {
    draft(script).start()
}

impl Draft {
    pub(crate) fn with(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(&mut self.settings);
        self
    }

    /// Starts and waits until the slot is ready.
    pub(crate) fn start(self) -> Server {
        let loopback = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let ip = self.settings.bind.unwrap_or(loopback);
        let mut server = self.launch();
        loop {
            match server.event() {
                Event::Ready {
                    tcp_port,
                    udp_port,
                    game_session_id,
                    engine,
                    ..
                } => {
                    server.tcp = SocketAddr::new(ip, tcp_port);
                    server.udp = SocketAddr::new(ip, udp_port);
                    server.game_session_id = game_session_id;
                    server.engine = engine;
                    return server;
                }
                Event::Log { line } => server.log.push_back(line),
                other => panic!("{other:?} before the server was ready: {:#?}", server.log),
            }
        }
    }

    /// Starts without waiting.
    pub(crate) fn launch(self) -> Server {
        let (sender, events) = mpsc::channel();
        let (trigger, shutdown) = Shutdown::pair();
        let settings = self.settings;
        let thread = std::thread::spawn(move || {
            realtime::run(settings, shutdown, move |event| {
                let _ = sender.send(event);
            })
        });
        let nowhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Server {
            tcp: nowhere,
            udp: nowhere,
            game_session_id: String::new(),
            engine: String::new(),
            trigger,
            events,
            thread: Some(thread),
            log: VecDeque::new(),
            seen: Vec::new(),
            _folder: self.folder,
        }
    }
}

impl Server {
    pub(crate) fn event(&self) -> Event {
        self.events
            .recv_timeout(PATIENCE)
            .expect("an event of the server")
    }

    /// Waits for a log line with this text.
    pub(crate) fn log_with(&mut self, text: &str) -> String {
        loop {
            while let Some(line) = self.log.pop_front() {
                self.seen.push(line.clone());
                if line.contains(text) {
                    return line;
                }
            }
            match self.events.recv_timeout(PATIENCE) {
                Ok(Event::Log { line }) => self.log.push_back(line),
                Ok(_) => {}
                Err(error) => panic!("no log line with {text:?}: {error}"),
            }
        }
    }

    /// Whether a line with this text has come by now; does not wait.
    pub(crate) fn log_so_far(&mut self, text: &str) -> bool {
        while let Ok(event) = self.events.try_recv() {
            if let Event::Log { line } = event {
                self.log.push_back(line);
            }
        }
        let found = self.log.iter().any(|line| line.contains(text));
        self.seen.extend(self.log.drain(..));
        found
    }

    /// Every line that has come by now and was not asked for.
    pub(crate) fn whole_log(&mut self) -> Vec<String> {
        self.log_so_far("");
        self.seen.clone()
    }

    /// Waits until the server has ended by itself.
    pub(crate) fn ended(mut self) -> (String, Result<Exit, Error>) {
        let reason = loop {
            if let Event::Ended { reason, .. } = self.event() {
                break reason;
            }
        };
        let exit = self.thread.take().unwrap().join().unwrap();
        (reason, exit)
    }

    pub(crate) fn terminate(&self) {
        self.trigger.terminate();
    }

    pub(crate) fn player(&self, player_session_id: &str) -> Player {
        Player::login(self, player_session_id)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.trigger.kill();
        if let Some(thread) = self.thread.take() {
            let outcome = thread.join();
            if !std::thread::panicking() {
                outcome.expect("the server does not panic").ok();
            }
        }
    }
}

/// One WebSocket frame as it is on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) fin: bool,
    pub(crate) opcode: u8,
    pub(crate) payload: Vec<u8>,
}

pub(crate) const TEXT: u8 = 1;
pub(crate) const BINARY: u8 = 2;
pub(crate) const CLOSE: u8 = 8;
pub(crate) const PING: u8 = 9;
pub(crate) const PONG: u8 = 10;

/// A WebSocket client made by hand.
pub(crate) struct Raw {
    pub(crate) stream: TcpStream,
    buffer: Vec<u8>,
    /// Whether pings are answered.
    pub(crate) answers: bool,
}

/// The request of the official C# client.
pub(crate) fn upgrade_request(path: &str) -> String {
    format!(
        "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:7001\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ZjkwMzM3MjItMTA3OS00Mw==\r\nOrigin: ws://127.0.0.1:7001\r\n\r\n"
    )
}

pub(crate) fn tcp(to: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(to).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.set_write_timeout(Some(PATIENCE)).unwrap();
    stream.set_nodelay(true).unwrap();
    stream
}

impl Raw {
    pub(crate) fn open(to: SocketAddr) -> Self {
        Self::open_at(to, "/websocket")
    }

    pub(crate) fn open_at(to: SocketAddr, path: &str) -> Self {
        let mut raw = Self {
            stream: tcp(to),
            buffer: Vec::new(),
            answers: true,
        };
        raw.stream
            .write_all(upgrade_request(path).as_bytes())
            .unwrap();
        let head = raw.head();
        assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
        raw
    }

    /// Reads an HTTP head.
    pub(crate) fn head(&mut self) -> String {
        loop {
            if let Some(end) = self.buffer.windows(4).position(|end| end == b"\r\n\r\n") {
                let head = self.buffer.drain(..end + 4).collect();
                return String::from_utf8(head).unwrap();
            }
            assert!(self.fill(), "an HTTP answer");
        }
    }

    /// Reads some bytes; false at the end of the stream.
    fn fill(&mut self) -> bool {
        let mut part = [0; 4096];
        match self.stream.read(&mut part) {
            Ok(0) => false,
            Ok(count) => {
                self.buffer.extend_from_slice(&part[..count]);
                true
            }
            Err(error) if error.kind() == ErrorKind::ConnectionReset => false,
            Err(error) => panic!("nothing came: {error}"),
        }
    }

    pub(crate) fn send(&mut self, frame: &Frame) {
        self.send_raw(&encode_frame(frame, true));
    }

    pub(crate) fn send_raw(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).unwrap();
    }

    pub(crate) fn binary(&mut self, payload: &[u8]) {
        self.send(&Frame {
            fin: true,
            opcode: BINARY,
            payload: payload.to_vec(),
        });
    }

    pub(crate) fn packet(&mut self, packet: &Packet) {
        self.binary(&wire::encode(packet));
    }

    /// The next frame; `None` when the connection is gone.
    pub(crate) fn frame(&mut self) -> Option<Frame> {
        loop {
            if let Some((frame, size)) = decode_frame(&self.buffer) {
                self.buffer.drain(..size);
                return Some(frame);
            }
            if !self.fill() {
                return None;
            }
        }
    }

    /// The next frame that is not a ping.
    pub(crate) fn next(&mut self) -> Option<Frame> {
        loop {
            let frame = self.frame()?;
            if frame.opcode != PING {
                return Some(frame);
            }
            if self.answers {
                let pong = Frame {
                    opcode: PONG,
                    ..frame
                };
                // The connection may be closing.
                let _ = self.stream.write_all(&encode_frame(&pong, true));
            }
        }
    }

    /// The bytes of the next binary message.
    pub(crate) fn message(&mut self) -> Vec<u8> {
        let frame = self.next().expect("a message, not the end");
        assert_eq!((frame.opcode, frame.fin), (BINARY, true), "{frame:?}");
        frame.payload
    }

    pub(crate) fn received(&mut self) -> Packet {
        decode(&self.message())
    }

    /// Reads to the close frame and answers it; its code. Messages before it are passed over.
    pub(crate) fn close_code(&mut self) -> u16 {
        loop {
            let frame = self.next().expect("a close frame before the end");
            if frame.opcode == CLOSE {
                let _ = self.stream.write_all(&encode_frame(&frame, true));
                return u16::from_be_bytes([frame.payload[0], frame.payload[1]]);
            }
        }
    }

    /// Reads to the end of the stream.
    pub(crate) fn end(&mut self) {
        while self.next().is_some() {}
    }
}

pub(crate) fn encode_frame(frame: &Frame, masked: bool) -> Vec<u8> {
    let mut bytes = vec![u8::from(frame.fin) << 7 | frame.opcode];
    let mask_bit = u8::from(masked) << 7;
    match frame.payload.len() {
        size @ ..126 => bytes.push(mask_bit | size as u8),
        size @ ..0x1_0000 => {
            bytes.push(mask_bit | 126);
            bytes.extend_from_slice(&(size as u16).to_be_bytes());
        }
        size => {
            bytes.push(mask_bit | 127);
            bytes.extend_from_slice(&(size as u64).to_be_bytes());
        }
    }
    if masked {
        let mask = [0x12, 0x34, 0x56, 0x78];
        bytes.extend_from_slice(&mask);
        let payload = frame.payload.iter().enumerate();
        bytes.extend(payload.map(|(at, byte)| byte ^ mask[at % 4]));
    } else {
        bytes.extend_from_slice(&frame.payload);
    }
    bytes
}

/// A whole frame at the start of the bytes, and its size.
fn decode_frame(bytes: &[u8]) -> Option<(Frame, usize)> {
    let [first, second, rest @ ..] = bytes else {
        return None;
    };
    assert_eq!(second & 0x80, 0, "a server never masks");
    let (size, head) = match second & 0x7f {
        126 => (
            usize::from(u16::from_be_bytes(rest.first_chunk::<2>().copied()?)),
            4,
        ),
        127 => (
            u64::from_be_bytes(rest.first_chunk::<8>().copied()?) as usize,
            10,
        ),
        size => (usize::from(size), 2),
    };
    let payload = bytes.get(head..head + size)?.to_vec();
    let frame = Frame {
        fin: first & 0x80 != 0,
        opcode: first & 0x0f,
        payload,
    };
    Some((frame, head + size))
}

pub(crate) fn decode(bytes: &[u8]) -> Packet {
    let mut bytes = Bytes::copy_from_slice(bytes);
    let packet = wire::decode(&mut bytes).expect("a well-formed packet");
    assert!(bytes.is_empty(), "exactly one packet a message");
    packet
}

pub(crate) fn login(player_session_id: &str) -> Packet {
    Packet {
        op_code: op::LOGIN,
        target_player: peer::SERVER,
        reliable: true,
        payload: Bytes::from_static(b"hello-login"),
        message: Some(Message::Login {
            player_session_id: player_session_id.into(),
            client_version: 2,
        }),
        ..Packet::default()
    }
}

pub(crate) fn to_peer(op_code: i32, target: i32, payload: &[u8]) -> Packet {
    Packet {
        op_code,
        target_player: target,
        reliable: true,
        payload: Bytes::copy_from_slice(payload),
        ..Packet::default()
    }
}

pub(crate) fn to_group(op_code: i32, group: i32, payload: &[u8]) -> Packet {
    Packet {
        op_code,
        target_group: group,
        reliable: true,
        payload: Bytes::copy_from_slice(payload),
        ..Packet::default()
    }
}

/// A logged-in player, with both channels in the test's hands.
pub(crate) struct Player {
    pub(crate) ws: Raw,
    pub(crate) udp: UdpSocket,
    pub(crate) peer: i32,
    pub(crate) sequence: i32,
}

impl Player {
    pub(crate) fn login(server: &Server, player_session_id: &str) -> Self {
        let mut ws = Raw::open(server.tcp);
        ws.packet(&login(player_session_id));
        let answer = ws.received();
        assert_eq!(answer.op_code, op::LOGIN_RESPONSE);
        let Some(Message::LoginResult {
            success: true,
            peer_id,
            fast_port,
            ..
        }) = answer.message
        else {
            panic!("not logged in: {answer:?}");
        };
        assert_eq!(fast_port, i32::from(server.udp.port()));
        assert_eq!(
            answer.target_player, peer_id,
            "both places hold the peer id"
        );
        let udp = udp_socket(server);
        Self {
            ws,
            udp,
            peer: peer_id,
            sequence: 0,
        }
    }

    /// Sends by UDP with the next sequence number.
    pub(crate) fn fast(&mut self, packet: &Packet) {
        let packet = Packet {
            sequence_number: self.sequence,
            sender: self.peer,
            reliable: false,
            ..packet.clone()
        };
        self.sequence += 1;
        self.udp.send(&wire::encode(&packet)).unwrap();
    }

    pub(crate) fn udp_connect(&mut self) {
        self.fast(&Packet {
            op_code: op::UDP_CONNECT,
            target_player: peer::SERVER,
            message: Some(Message::UdpConnect),
            ..Packet::default()
        });
    }

    /// Waits for a datagram.
    pub(crate) fn datagram(&self) -> Packet {
        let mut bytes = [0; 65_536];
        let size = self.udp.recv(&mut bytes).expect("a datagram");
        decode(&bytes[..size])
    }

    /// The whole handshake: afterwards the server sends fast messages by UDP.
    pub(crate) fn open_fast_channel(&mut self) {
        self.udp_connect();
        let ack = self.datagram();
        assert_eq!(ack.op_code, op::UDP_CONNECT_SERVER_ACK);
        self.fast(&Packet {
            op_code: op::UDP_CONNECT_CLIENT_ACK,
            target_player: peer::SERVER,
            message: Some(Message::UdpConnect),
            ..Packet::default()
        });
    }

    /// A round trip through the server: everything that it sent to this player by WebSocket before is in the returned packets.
    pub(crate) fn barrier(&mut self) -> Vec<Packet> {
        const MARK: i32 = 990_001;
        self.ws.packet(&to_peer(MARK, self.peer, b""));
        let mut before = Vec::new();
        loop {
            let packet = self.ws.received();
            if packet.op_code == MARK {
                return before;
            }
            before.push(packet);
        }
    }
}

pub(crate) fn udp_socket(server: &Server) -> UdpSocket {
    let udp = UdpSocket::bind((server.udp.ip(), 0)).unwrap();
    udp.connect(server.udp).unwrap();
    udp.set_read_timeout(Some(PATIENCE)).unwrap();
    udp
}

pub(crate) fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace())
        .collect();
    digits
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}
