//! The SDK and the terminal player against the real server on loopback, with the example scripts. Waits are for events; the time
//! limits only end a failed test.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::thread::JoinHandle;
use std::time::Duration;

use hoist_client::{
    Client, ConnectError, Event, Events, Fast, Intent, Options, Received, SendError, Target, cli,
    connect,
};
use realtime::{Accept, Console, LinkSettings, Settings, Shutdown, Standalone, Trigger};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, DuplexStream};
use tokio::net::{TcpListener, UdpSocket};
use tokio::sync::{mpsc, oneshot};

/// No test waits that long unless it fails.
const PATIENCE: Duration = Duration::from_secs(60);

struct Server {
    tcp_port: u16,
    udp_port: u16,
    trigger: Trigger,
    events: mpsc::UnboundedReceiver<realtime::Event>,
    thread: Option<JoinHandle<()>>,
    _folder: tempfile::TempDir,
}

/// A server with a script of the repository's examples, or with the text of one.
async fn serve(script: &str, change: impl FnOnce(&mut Settings)) -> Server {
    let folder = tempfile::tempdir().unwrap();
    let examples = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let path = match script {
        "relay" | "lobby" | "arena" => examples.join(script),
        text => {
            let path = folder.path().join("script.js");
            std::fs::write(&path, text).unwrap();
            path
        }
    };
    let mut settings = Settings::standalone(path);
    settings.console = Console::Silent;
    settings.bind = Some(Ipv4Addr::LOCALHOST.into());
    change(&mut settings);
    let (sender, mut events) = mpsc::unbounded_channel();
    let (trigger, shutdown) = Shutdown::pair();
    let thread = std::thread::spawn(move || {
        realtime::run(settings, shutdown, move |event| {
            let _ = sender.send(event);
        })
        .unwrap();
    });
    loop {
        let event = tokio::time::timeout(PATIENCE, events.recv()).await;
        match event.unwrap().unwrap() {
            realtime::Event::Ready {
                tcp_port, udp_port, ..
            } => {
                return Server {
                    tcp_port,
                    udp_port,
                    trigger,
                    events,
                    thread: Some(thread),
                    _folder: folder,
                };
            }
            realtime::Event::Log { .. }
            | realtime::Event::Metrics { .. }
            | realtime::Event::Players { .. } => {}
            realtime::Event::Ended { reason, .. } => panic!("{reason}"),
        }
    }
}

impl Server {
    fn options(&self, id: &str) -> Options {
        let mut options = Options::new("127.0.0.1", self.tcp_port, id);
        options.connect_timeout = PATIENCE;
        options
    }

    async fn player(&self, id: &str) -> (Client, Events) {
        connect(self.options(id)).await.unwrap()
    }

    async fn ended(&mut self) {
        loop {
            let event = tokio::time::timeout(PATIENCE, self.events.recv()).await;
            if let realtime::Event::Ended { .. } = event.unwrap().unwrap() {
                return;
            }
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.trigger.kill();
        let outcome = self.thread.take().unwrap().join();
        if !std::thread::panicking() {
            outcome.unwrap();
        }
    }
}

/// The next event that is not about the fast channel.
async fn next(events: &mut Events) -> Event {
    loop {
        let event = events.next_within(PATIENCE).await.expect("an event");
        if !matches!(event, Event::FastChannel { .. }) {
            return event;
        }
    }
}

async fn message(events: &mut Events) -> Received {
    loop {
        if let Event::Message(message) = next(events).await {
            return message;
        }
    }
}

/// The next message with this op code; others are passed over.
async fn message_of(events: &mut Events, op_code: i32) -> Received {
    loop {
        let message = message(events).await;
        if message.op_code == op_code {
            return message;
        }
    }
}

async fn fast_channel(events: &mut Events, wanted: bool) {
    loop {
        let event = events.next_within(PATIENCE).await.expect("an event");
        if event == (Event::FastChannel { open: wanted }) {
            return;
        }
    }
}

async fn closed(events: &mut Events) -> Option<u16> {
    loop {
        if let Event::Closed { code, .. } = next(events).await {
            assert_eq!(events.next().await, None);
            return code;
        }
    }
}

#[tokio::test]
async fn two_players_meet_in_the_lobby_and_it_ends_when_they_have_left() {
    let mut server = serve("lobby", |_| {}).await;
    let (ann, mut ann_events) = server.player("ann").await;
    let greeting = message(&mut ann_events).await;
    assert_eq!(
        (greeting.op_code, greeting.sender, ann.peer_id()),
        (100, -1, 1)
    );
    let (bob, mut bob_events) = server.player("bob").await;
    assert_eq!(message(&mut ann_events).await.payload, "Player 2 is here.");
    fast_channel(&mut bob_events, true).await;
    ann.send(10, Target::EVERYBODY, Intent::Reliable, "hello all")
        .await
        .unwrap();
    let hello = message_of(&mut bob_events, 10).await;
    assert_eq!(
        (&hello.payload[..], hello.sender, hello.reliable),
        (&b"hello all"[..], 1, true)
    );
    for (client, events) in [(&ann, &mut ann_events), (&bob, &mut bob_events)] {
        client.join_group(7).await.unwrap();
        loop {
            if let Event::GroupMembership {
                group: 7, players, ..
            } = next(events).await
            {
                assert!(players.contains(&client.peer_id()));
                break;
            }
        }
    }
    bob.send(10, Target::Group(7), Intent::Fast, "psst")
        .await
        .unwrap();
    assert_eq!(message_of(&mut ann_events, 10).await.payload, "psst");
    bob.send(11, Target::Server, Intent::Reliable, "")
        .await
        .unwrap();
    assert_eq!(message_of(&mut bob_events, 103).await.payload, "1,2");
    // A group that the script refuses: the answer is the true membership.
    bob.join_group(101).await.unwrap();
    loop {
        if let Event::GroupMembership {
            group: 101,
            players,
            ..
        } = next(&mut bob_events).await
        {
            assert!(players.is_empty());
            break;
        }
    }
    let statistics = bob.statistics();
    assert!(
        statistics.fast_sent > 0 && statistics.reliable_received > 0,
        "{statistics:?}"
    );
    bob.disconnect().await.unwrap();
    assert_eq!(closed(&mut bob_events).await, Some(1000));
    assert_eq!(
        message_of(&mut ann_events, 102).await.payload,
        "Player 2 has left."
    );
    // A handle that is dropped leaves, too.
    drop(ann);
    assert_eq!(closed(&mut ann_events).await, Some(1000));
    server.ended().await;
}

#[tokio::test]
async fn the_arena_has_one_winner() {
    let mut server = serve("arena", |_| {}).await;
    let (ann, mut ann_events) = server.player("ann").await;
    let (bob, mut bob_events) = server.player("bob").await;
    fast_channel(&mut bob_events, true).await;
    let state = message_of(&mut bob_events, 50).await;
    assert!(state.payload.starts_with(b"{\"tick\":"), "{state:?}");
    // Players cannot forge the server's messages.
    bob.send(53, Target::EVERYBODY, Intent::Reliable, "{\"winner\":2}")
        .await
        .unwrap();
    // Bob walks into the corner; Ann walks after him and strikes until she has won.
    let winner = loop {
        bob.send(1, Target::Server, Intent::Reliable, "-1,-1")
            .await
            .unwrap();
        // The session may end between two sends.
        let _ = ann.send(1, Target::Server, Intent::Reliable, "-1,-1").await;
        let _ = ann.send(2, Target::Server, Intent::Reliable, "").await;
        let message = message(&mut ann_events).await;
        if message.op_code == 53 {
            break message;
        }
    };
    assert_eq!(
        (&winner.payload[..], winner.sender),
        (&b"{\"winner\":1}"[..], -1)
    );
    assert_eq!(closed(&mut ann_events).await, Some(1000));
    server.ended().await;
}

#[tokio::test]
async fn failed_connections_say_what_to_do() {
    let nobody = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap().port()
    };
    let outcome = connect(Options::new("127.0.0.1", nobody, "a")).await;
    assert!(
        matches!(outcome, Err(ConnectError::Unreachable { .. })),
        "{outcome:?}"
    );
    let mute = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut options = Options::new("127.0.0.1", mute.local_addr().unwrap().port(), "a");
    options.connect_timeout = Duration::from_millis(50);
    let outcome = connect(options).await;
    assert!(
        matches!(outcome, Err(ConnectError::TimedOut { .. })),
        "{outcome:?}"
    );
    let web = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let web_port = web.local_addr().unwrap().port();
    let answering = tokio::spawn(async move {
        let (mut stream, _) = web.accept().await.unwrap();
        stream
            .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            .await
            .unwrap();
        stream
    });
    let outcome = connect(Options::new("127.0.0.1", web_port, "a")).await;
    assert!(
        matches!(outcome, Err(ConnectError::NotRealtime { .. })),
        "{outcome:?}"
    );
    drop(answering.await.unwrap());
    let server = serve("relay", |settings| {
        settings.link = LinkSettings::Standalone(Standalone {
            accept: Accept::List(vec!["a".into()]),
            ..Standalone::default()
        });
    })
    .await;
    let outcome = connect(server.options("b")).await;
    assert!(matches!(outcome, Err(ConnectError::Refused)), "{outcome:?}");
    let taken = UdpSocket::bind("0.0.0.0:0").await.unwrap();
    let mut options = server.options("a");
    options.fast = Fast::Port(taken.local_addr().unwrap().port());
    let outcome = connect(options).await;
    assert!(
        matches!(outcome, Err(ConnectError::UdpPort { .. })),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn without_udp_everything_goes_by_websocket() {
    let server = serve("relay", |_| {}).await;
    let mut options = server.options("a");
    options.fast = Fast::Off;
    let (client, mut events) = connect(options).await.unwrap();
    client
        .send(1, Target::Player(1), Intent::Fast, vec![7; 4096])
        .await
        .unwrap();
    let echo = message(&mut events).await;
    assert_eq!((echo.payload.len(), echo.reliable), (4096, true));
    assert_eq!(client.statistics().fast_sent, 0);
    assert_eq!(
        client
            .send(1, Target::Server, Intent::Fast, vec![0; 4097])
            .await,
        Err(SendError::TooLarge { size: 4097 })
    );
    assert_eq!(
        client.join_group(0).await,
        Err(SendError::BadGroup { group: 0 })
    );
    client.request_group_membership(-1).await.unwrap();
    assert_eq!(
        next(&mut events).await,
        Event::GroupMembership {
            group: -1,
            players: vec![1],
            sender: 1
        }
    );
    client.disconnect().await.unwrap();
    closed(&mut events).await;
    assert_eq!(
        client.send(1, Target::Server, Intent::Fast, "").await,
        Err(SendError::Closed)
    );
}

/// A datagram path between player and server that can be cut. It is there before the server, whose port it is told later.
async fn path() -> (u16, oneshot::Sender<u16>, tokio::task::JoinHandle<()>) {
    let near = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let port = near.local_addr().unwrap().port();
    let far = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let (leads_to, told) = oneshot::channel();
    let task = tokio::spawn(async move {
        far.connect(("127.0.0.1", told.await.unwrap()))
            .await
            .unwrap();
        let mut player = None;
        let (mut up, mut down) = ([0; 2048], [0; 2048]);
        loop {
            tokio::select! {
                Ok((size, from)) = near.recv_from(&mut up) => {
                    player = Some(from);
                    far.send(&up[..size]).await.unwrap();
                }
                Ok(size) = far.recv(&mut down) => {
                    if let Some(player) = player {
                        near.send_to(&down[..size], player).await.unwrap();
                    }
                }
            }
        }
    });
    (port, leads_to, task)
}

#[tokio::test]
async fn a_broken_fast_channel_falls_back_by_itself() {
    let (port, leads_to, cut) = path().await;
    let server = serve("relay", |settings| {
        settings.advertised_udp_port = Some(port);
    })
    .await;
    leads_to.send(server.udp_port).unwrap();
    let (client, mut events) = server.player("a").await;
    fast_channel(&mut events, true).await;
    client
        .send(1, Target::Player(1), Intent::Fast, "by udp")
        .await
        .unwrap();
    let echo = message(&mut events).await;
    assert_eq!((&echo.payload[..], echo.reliable), (&b"by udp"[..], false));
    cut.abort();
    let _ = cut.await;
    // Lost, but noticed.
    client
        .send(1, Target::Player(1), Intent::Fast, "lost")
        .await
        .unwrap();
    fast_channel(&mut events, false).await;
    client
        .send(2, Target::Player(1), Intent::Fast, "by websocket")
        .await
        .unwrap();
    let echo = message_of(&mut events, 2).await;
    assert_eq!(
        (&echo.payload[..], echo.reliable),
        (&b"by websocket"[..], true)
    );
    assert!(client.statistics().fast_fallback > 0);
}

#[tokio::test]
async fn a_game_that_is_slow_to_take_its_events_loses_nothing_reliable() {
    let server = serve("relay", |_| {}).await;
    let mut options = server.options("slow");
    options.events_max = 4;
    options.fast = Fast::Off;
    let (_slow, mut slow_events) = connect(options).await.unwrap();
    let (sender, _sender_events) = server.player("sender").await;
    for n in 0..2000i32 {
        let payload = n.to_be_bytes().to_vec();
        sender
            .send(n, Target::Player(1), Intent::Reliable, payload)
            .await
            .unwrap();
    }
    for n in 0..2000 {
        assert_eq!(message(&mut slow_events).await.op_code, n);
    }
}

#[tokio::test]
async fn the_end_of_a_session_is_told_with_its_code() {
    let script = "let session; exports.ssExports = { init(s) { session = s; },
        async onMessage() { await session.processEnding(); process.exit(0); } };";
    let server = serve(script, |_| {}).await;
    let (client, mut events) = server.player("a").await;
    client
        .send(1, Target::Server, Intent::Reliable, "")
        .await
        .unwrap();
    assert_eq!(closed(&mut events).await, Some(1000));
}

/// The terminal player's lines, one by one.
struct Terminal {
    input: DuplexStream,
    output: tokio::io::Lines<BufReader<DuplexStream>>,
    run: tokio::task::JoinHandle<Result<(), cli::Failure>>,
}

impl Terminal {
    fn start(options: Options) -> Self {
        let (input, reader) = tokio::io::duplex(64 * 1024);
        let (writer, output) = tokio::io::duplex(64 * 1024);
        let never = std::future::pending();
        let run = tokio::spawn(cli::run(options, BufReader::new(reader), writer, never));
        Self {
            input,
            output: BufReader::new(output).lines(),
            run,
        }
    }

    async fn line(&mut self) -> String {
        let line = tokio::time::timeout(PATIENCE, self.output.next_line()).await;
        line.unwrap().unwrap().expect("a line")
    }

    /// The next line with this text.
    async fn line_with(&mut self, text: &str) -> String {
        loop {
            let line = self.line().await;
            if line.contains(text) {
                return line;
            }
        }
    }

    async fn type_in(&mut self, line: &str) {
        self.input
            .write_all(format!("{line}\n").as_bytes())
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn the_terminal_player_takes_lines_and_answers_in_json() {
    let server = serve("relay", |_| {}).await;
    let mut ann = Terminal::start(server.options("ann"));
    assert_eq!(ann.line().await, r#"{"event":"loggedIn","peerId":1}"#);
    let mut bob = Terminal::start(server.options("bob"));
    bob.line_with("loggedIn").await;
    bob.line_with(r#"{"event":"fastChannel","open":true}"#)
        .await;
    ann.type_in("send 5 peer 2 reliable hi \"bob\"").await;
    let line = bob.line_with("message").await;
    assert_eq!(
        line,
        r#"{"event":"message","sender":1,"opCode":5,"targetPlayer":2,"targetGroup":0,"reliable":true,"text":"hi \"bob\"","hex":"68692022626f6222"}"#
    );
    bob.type_in("send 6 group -1 hex:ff00").await;
    let line = ann.line_with("message").await;
    assert!(
        line.contains(r#""opCode":6"#) && line.contains(r#""hex":"ff00""#),
        "{line}"
    );
    ann.type_in("join 3").await;
    assert_eq!(
        ann.line_with("members").await,
        r#"{"event":"members","group":3,"players":[1],"sender":1}"#
    );
    ann.type_in("members 3").await;
    ann.line_with("members").await;
    ann.type_in("leave 3").await;
    assert!(ann.line_with("members").await.contains(r#""players":[]"#));
    for (bad, part) in [
        ("fly", "unknown command"),
        ("join -1", "above 0"),
        (&"x".repeat(70_000), "longer"),
    ] {
        ann.type_in(bad).await;
        let line = ann.line_with("error").await;
        assert!(line.contains(part), "{line}");
    }
    ann.type_in("stats").await;
    assert!(ann.line_with("stats").await.contains(r#""reliableSent":"#));
    ann.type_in("disconnect").await;
    assert!(ann.line_with("closed").await.contains(r#""code":1000"#));
    ann.run.await.unwrap().unwrap();
    let refused = Terminal::start(Options::new("127.0.0.1", server.tcp_port, ""));
    assert!(matches!(
        refused.run.await.unwrap(),
        Err(cli::Failure::Connect(ConnectError::Refused))
    ));
    // The end of the input is not the end of the player.
    drop(bob.input);
    drop(server);
    let line = tokio::time::timeout(PATIENCE, bob.output.next_line()).await;
    assert!(line.unwrap().unwrap().is_some());
}
