//! A slot from its start to its end: events, exit codes, last words, logs, metrics, several slots.

use std::io::{Read, Write};

use crate::support::*;
use realtime::{Console, Error, Event, Exit, Shutdown, SlotSettings};
use wire::peer;

#[test]
fn c01_ready_is_told_with_ports_session_and_engine() {
    let server = serve(RELAY);
    assert_ne!(server.tcp.port(), 0);
    assert_ne!(server.udp.port(), 0);
    assert!(
        server.game_session_id.starts_with("arn:aws:gamelift:"),
        "{}",
        server.game_session_id
    );
    assert_eq!(server.engine, "embedded");
}

#[test]
fn r06_a_message_before_the_exit_arrives_then_1000() {
    let server = serve(
        "let session;
         exports.ssExports = {
            init(s) { session = s; },
            async onMessage() {
                session.sendReliableGroupMessage(session.newTextGameMessage(70, -1, 'game over'), -1);
                await session.processEnding();
                process.exit(0);
            },
         };",
    );
    let mut a = server.player("a");
    let mut b = server.player("b");
    a.ws.packet(&to_peer(1, peer::SERVER, b""));
    for player in [&mut a, &mut b] {
        assert_eq!(player.ws.received().payload, "game over");
        assert_eq!(player.ws.close_code(), 1000);
    }
    let (_, exit) = server.ended();
    assert_eq!(exit.unwrap(), Exit { code: 0 });
}

#[test]
fn r07_process_ending_without_exit_ends_after_the_grace() {
    let server = draft(
        "let session;
         exports.ssExports = {
            init(s) { session = s; },
            onMessage() { session.processEnding(); session.processEnding(); },
         };",
    )
    .with(|settings| settings.rules.exit_grace_ms = 30)
    .start();
    let mut a = server.player("a");
    a.ws.packet(&to_peer(1, peer::SERVER, b""));
    assert_eq!(a.ws.close_code(), 1000);
    assert_eq!(server.ended().1.unwrap(), Exit { code: 0 });
}

#[test]
fn a_crash_tells_the_players_and_the_exit_code() {
    let server = serve(
        "exports.ssExports = {
            init() {},
            onMessage() { setTimeout(() => { throw new Error('broken'); }, 0); },
         };",
    );
    let mut a = server.player("a");
    a.ws.packet(&to_peer(1, peer::SERVER, b""));
    assert_eq!(a.ws.close_code(), 1011);
    assert_eq!(server.ended().1.unwrap(), Exit { code: 1 });
}

#[test]
fn a_wish_to_end_reaches_the_script_then_1001() {
    let server = serve(
        "let session;
         exports.ssExports = {
            init(s) { session = s; },
            onProcessTerminate() {
                session.sendReliableGroupMessage(session.newTextGameMessage(71, -1, 'bye'), -1);
                process.exit(0);
            },
         };",
    );
    let mut a = server.player("a");
    server.terminate();
    assert_eq!(a.ws.received().payload, "bye");
    assert_eq!(a.ws.close_code(), 1001);
    assert_eq!(server.ended().1.unwrap(), Exit { code: 0 });
}

/// Players who neither read nor answer do not hold up the end.
#[test]
fn dead_players_do_not_hold_up_the_end() {
    let server = draft(RELAY)
        .with(|settings| settings.limits.close_timeout_ms = 100)
        .start();
    let _deaf: Vec<_> = ["a", "b"].map(|id| server.player(id)).into();
    server.terminate();
    assert_eq!(server.ended().1.unwrap(), Exit { code: 0 });
}

#[test]
fn a_script_that_does_not_load_says_why() {
    let draft = draft("exports.ssExports = {};");
    let server = draft.launch();
    let (reason, exit) = server.ended();
    assert!(reason.contains("init"), "{reason}");
    assert!(matches!(exit, Err(Error::Script(_))));
}

#[test]
fn a_port_in_use_says_what_to_do() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let server = draft(RELAY)
        .with(|settings| settings.slots[0].tcp_port = port)
        .launch();
    let (reason, exit) = server.ended();
    assert!(reason.contains("choose another port"), "{reason}");
    assert!(exit.is_err());
}

#[test]
fn settings_without_sense_are_refused() {
    let no_slots = draft(RELAY).with(|settings| settings.slots.clear());
    let (_trigger, shutdown) = Shutdown::pair();
    let outcome = realtime::run(no_slots.settings, shutdown, |_| {});
    assert!(matches!(outcome, Err(Error::NoSlot)));
}

/// C28: two game sessions in one process share nothing but the thread.
#[test]
fn c28_slots_share_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("script.js");
    std::fs::write(
        &path,
        "let session, count = 0;
         exports.ssExports = {
            init(s) { session = s; },
            onMessage(m) {
                count += 1;
                session.sendReliableMessage(session.newTextGameMessage(5, -1, String(count)), m.sender);
            },
         };",
    )
    .unwrap();
    let draft = draft(RELAY).with(|settings| {
        settings.script = path;
        settings.slots = ["one", "two"]
            .map(|process_id| SlotSettings {
                process_id: process_id.into(),
                ..SlotSettings::default()
            })
            .into();
    });
    let mut first = draft.start();
    let second = loop {
        if let Event::Ready {
            tcp_port, udp_port, ..
        } = first.event()
        {
            break (tcp_port, udp_port);
        }
    };
    let mut a = first.player("same-id");
    let own = (first.tcp, first.udp);
    first.tcp.set_port(second.0);
    first.udp.set_port(second.1);
    let mut b = first.player("same-id");
    (first.tcp, first.udp) = own;
    assert_eq!((a.peer, b.peer), (1, 1));
    a.ws.packet(&to_group(9, peer::ALL_PLAYERS, b"only here"));
    assert_eq!(a.ws.received().payload, "only here");
    for player in [&mut a, &mut b] {
        player.ws.packet(&to_peer(1, peer::SERVER, b""));
        assert_eq!(player.ws.received().payload, "1", "counters of their own");
    }
    assert!(b.barrier().is_empty());
}

#[test]
fn logs_go_to_a_file_a_slot_in_the_known_format() {
    let folder = tempfile::tempdir().unwrap();
    let logs = folder.path().join("logs");
    let server = draft(
        "exports.ssExports = { init(s) { s.getLogger().warn('from', { the: 'script' }); } };",
    )
    .with(|settings| {
        settings.log_dir = Some(logs.clone());
        settings.slots[0].process_id = "p-1".into();
        settings.console = Console::Silent;
        settings.limits.close_timeout_ms = 100;
    })
    .start();
    let mut player = server.player("a");
    player.barrier();
    server.terminate();
    server.ended().1.unwrap();
    let text = std::fs::read_to_string(logs.join("p-1.log")).unwrap();
    let line = text
        .lines()
        .find(|line| line.contains("from"))
        .expect("the script's line");
    assert!(
        line.contains("[WARN] (script.js) 1: from { the: 'script' }"),
        "{line}"
    );
    assert!(text.contains("Connection is INSECURE"), "{text}");
}

#[test]
fn x5_metrics_are_served_as_prometheus_text() {
    let draft = draft(RELAY).with(|settings| settings.metrics_port = Some(0));
    let server = draft.launch();
    let mut metrics_port = None;
    let tcp_port = loop {
        match server.event() {
            Event::Metrics { port } => metrics_port = Some(port),
            Event::Ready { tcp_port, .. } => break tcp_port,
            _ => {}
        }
    };
    let mut raw = Raw::open(([127, 0, 0, 1], tcp_port).into());
    raw.packet(&login("a"));
    raw.received();
    let mut stream = tcp(([127, 0, 0, 1], metrics_port.unwrap()).into());
    stream
        .write_all(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
        .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    for name in [
        "hoist_players",
        "hoist_logins_total",
        "hoist_tcp_received_bytes_total",
        "hoist_event_loop_lag_seconds",
    ] {
        assert!(
            answer.contains(&format!("# TYPE {name} ")),
            "{name} in {answer}"
        );
    }
    assert!(answer.contains("hoist_players{process=\"\"} 1"), "{answer}");
}
