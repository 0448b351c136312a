//! What happens at the edges: before the login is answered, after a player has left, when a script or a player does what the
//! protocol cannot bear, when callbacks never settle.

use crate::game::{Game, join, login_packet, members, said, to_group, to_peer, to_server};
use bytes::Bytes;
use ids::Span;
use session::{
    Ask, CloseCode, ConnId, Input, LinkCall, LogLevel, Order, Outcome, Output, ScriptEvent,
    Settings,
};
use wire::{Message, Packet, op};

fn two(callbacks: &[&str]) -> Game {
    let mut game = Game::active(callbacks);
    game.login(1);
    game.login(2);
    game.out.clear();
    game.called.clear();
    game
}

fn ask(ask: Ask) -> Input {
    Input::Script(ScriptEvent::Asked(ask))
}

#[test]
fn a_script_cannot_send_what_ends_the_official_client() {
    let mut game = two(&[]);
    for op_code in [
        op::LOGIN_RESPONSE,
        op::UDP_CONNECT_SERVER_ACK,
        op::GROUP_MEMBERSHIP_UPDATE,
        op::VERIFY_IDENTITY_RESPONSE,
    ] {
        for reliable in [true, false] {
            let message = said(op_code, reliable);
            game.give(ask(Ask::SendToPlayer {
                peer: 1,
                message: message.clone(),
            }));
            game.give(ask(Ask::SendToGroup { group: -1, message }));
        }
    }
    assert!(game.logged(LogLevel::Warn, "belongs to the protocol"));
    assert_eq!(game.sent(), Vec::<String>::new());
    assert_eq!(game.session.counts().dropped.forged, 16);
    game.give(ask(Ask::SendToPlayer {
        peer: 1,
        message: said(op::PING, true),
    }));
    assert_eq!(game.sent(), ["ws 1: op -2 from -1 \"s\""]);
}

#[test]
fn what_a_player_sends_before_its_login_is_answered_comes_after_it() {
    let mut game = Game::active(&["onPlayerConnect", "onPlayerAccepted", "onMessage"]);
    game.login(2);
    game.answer("onPlayerConnect", None);
    game.login(1);
    game.out.clear();
    game.called.clear();
    game.ws(1, to_server(5));
    game.ws(1, to_peer(6, 1));
    game.ws(1, join(7));
    game.ws(1, login_packet("psess-9", b""));
    let large = Bytes::from(vec![0; 5000]);
    game.ws(
        1,
        Packet {
            payload: large,
            ..to_peer(6, 1)
        },
    );
    assert_eq!(game.sent(), Vec::<String>::new());
    game.settle(true);
    assert_eq!(game.called, ["onPlayerAccepted", "onMessage 5 from 2"]);
    assert!(game.logged(LogLevel::Warn, "logs in again"));
    assert_eq!(
        game.sent(),
        [
            "ws 1: login true",
            "ws 2: op 6 from 2 \"x\"",
            "ws 1: members of 7: [2]"
        ]
    );
    assert_eq!(game.session.counts().dropped.too_large, 1);
}

#[test]
fn messages_before_a_refused_login_are_lost_and_too_many_are_dropped() {
    let mut game = Game::active(&["onPlayerConnect", "onMessage"]);
    game.answer("onPlayerConnect", None);
    game.login(1);
    game.called.clear();
    for _ in 0..300 {
        game.ws(1, to_server(5));
    }
    assert_eq!(game.session.counts().dropped.queue_full, 300 - 256);
    game.out.clear();
    game.settle(false);
    assert_eq!(game.sent(), ["ws 1: login false", "close 1 1008"]);
    assert!(game.called.is_empty());
}

#[test]
fn c37_what_was_said_before_leaving_is_heard() {
    let gates = ["onSendToGroup", "onMessage", "onPlayerDisconnect"];
    let mut game = two(&gates);
    game.answer("onSendToGroup", None);
    game.ws(1, to_group(1, -1));
    game.ws(1, to_server(2));
    game.ws(1, to_group(3, -1));
    game.ws(1, join(7));
    game.ws(1, members(-1));
    game.give(Input::Closed(ConnId(1)));
    assert_eq!(
        game.called,
        [
            "onSendToGroup 1 from 1",
            "onMessage 2 from 1",
            "onSendToGroup 3 from 1",
            "onPlayerDisconnect 1"
        ]
    );
    assert_eq!(game.sent(), Vec::<String>::new());
    game.settle(true);
    game.settle(true);
    assert_eq!(
        game.sent(),
        ["ws 2: op 1 from 1 \"x\"", "ws 2: op 3 from 1 \"x\""],
        "to the one who stayed, not to the one who left"
    );
}

#[test]
fn promises_that_never_settle_do_not_make_the_script_busy() {
    let settings = Settings {
        calls_max: 8,
        ..Settings::default()
    };
    let mut game = Game::new(&["onMessage", "onHealthCheck"], settings, None);
    game.begin();
    game.login(1);
    game.answer("onMessage", None);
    game.called.clear();
    for _ in 0..8 {
        game.ws(1, to_server(1));
    }
    game.ws(1, to_server(1));
    assert_eq!(
        game.called.len(),
        8,
        "none of the eight is known to have begun"
    );
    assert_eq!(game.session.counts().dropped.script_busy, 1);
    // A later call that returns shows that they have.
    game.settle(true);
    let newest = game.pending.len() - 1;
    let call = game.pending.remove(newest);
    game.give(Input::Script(ScriptEvent::Returned(
        call,
        Outcome::Returned(true),
    )));
    game.called.clear();
    game.ws(1, to_server(2));
    assert_eq!(game.called, ["onMessage 2 from 1"]);
}

#[test]
fn a_player_cannot_fill_the_log() {
    let mut game = two(&[]);
    for _ in 0..1000 {
        game.ws(1, to_group(5, 9));
        game.ws(1, to_peer(op::LOGIN_RESPONSE, 2));
    }
    let warnings =
        |output: &&Output| matches!(output, Output::Log(line) if line.level == LogLevel::Warn);
    assert_eq!(game.out.iter().filter(warnings).count(), 100);
    assert!(game.logged(LogLevel::Warn, "left out"));
    assert_eq!(game.session.counts().dropped.forged, 1000);
}

#[test]
fn a_player_session_id_cannot_write_log_lines_of_its_own() {
    let long = "x".repeat(1025);
    for id in [
        "",
        "psess-1\n01 Jan 2026 [FATAL] lies",
        "a\0",
        long.as_str(),
    ] {
        let mut game = Game::active(&[]);
        game.open(1);
        let login = Message::Login {
            player_session_id: id.to_owned(),
            client_version: 2,
        };
        game.out.clear();
        game.ws(
            1,
            Packet {
                message: Some(login),
                ..login_packet("", b"")
            },
        );
        let asked =
            |output: &Output| matches!(output, Output::Link(LinkCall::AcceptPlayerSession { .. }));
        assert!(!game.out.iter().any(asked), "{id:?}");
        assert!(!game.logged(LogLevel::Warn, "lies"));
        assert_eq!(game.sent(), ["ws 1: login false", "close 1 1008"], "{id:?}");
    }
}

#[test]
fn an_end_that_is_ordered_before_the_process_is_ready() {
    for pending in ["init", "onProcessStarted"] {
        let mut game = Game::new(&["onProcessStarted"], Settings::default(), None);
        game.answer(pending, None);
        game.give(Input::BadDatagram); // nothing, but it drains
        game.give(ask(Ask::ProcessEnding));
        game.out.clear();
        game.settle(true);
        let begins = |output: &Output| {
            matches!(
                output,
                Output::Listen | Output::Link(LinkCall::ProcessReady)
            )
        };
        assert!(!game.out.iter().any(begins), "{pending}: {:?}", game.out);
        game.pass(Span::from_secs(10));
        assert_eq!(game.finished(), Some((CloseCode::Normal, 0)), "{pending}");
    }
}

#[test]
fn the_last_words_are_out_before_the_services_deadline() {
    let mut game = two(&["onProcessTerminate"]);
    game.answer("onProcessTerminate", None);
    game.give(Input::Told(Order::Terminate {
        deadline_ms: Some(20_000),
    }));
    for second in 1..=17 {
        game.pass(Span::from_secs(1));
        game.give(Input::Alive(ConnId(1)));
        game.give(Input::Alive(ConnId(2)));
        assert_eq!(game.finished(), None, "second {second}");
    }
    game.pass(Span::from_millis(500));
    assert_eq!(game.finished(), Some((CloseCode::Away, 0)));
}
