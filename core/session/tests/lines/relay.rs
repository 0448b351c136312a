//! Messages, gates and the fast channel.

use crate::game::{Game, address, ip, login_packet, said, step, to_group, to_peer, to_server};
use bytes::Bytes;
use ids::Span;
use session::{Ask, ConnId, Input, LogLevel, Outcome, Output, ScriptEvent, Settings};
use std::net::SocketAddr;
use wire::{Packet, op};

fn two(callbacks: &[&str]) -> Game {
    let mut game = Game::active(callbacks);
    game.login(1);
    game.login(2);
    game.out.clear();
    game.called.clear();
    game
}

#[test]
fn c01_c14_a_script_with_only_init_relays_everything() {
    let mut game = two(&[]);
    game.ws(1, to_peer(5, 2));
    game.ws(2, to_group(6, -1));
    game.ws(1, to_server(7));
    assert_eq!(
        game.sent(),
        ["ws 2: op 5 from 1 \"x\"", "ws 1,2: op 6 from 2 \"x\""]
    );
    assert!(game.called.is_empty(), "JavaScript is not entered");
}

#[test]
fn c08_each_message_reaches_every_player_once() {
    for players in [2, 8, 32] {
        let mut game = Game::active(&[]);
        (1..=players).for_each(|conn| game.login(conn));
        game.out.clear();
        game.ws(
            1,
            Packet {
                payload: Bytes::from((0..=255).collect::<Vec<u8>>()),
                ..to_group(5, -1)
            },
        );
        let Some(Output::Send { to, packet }) = game.out.first() else {
            panic!("{:?}", game.out)
        };
        assert_eq!(
            to.iter().map(|conn| conn.0).collect::<Vec<_>>(),
            (1..=players).collect::<Vec<_>>()
        );
        assert_eq!(packet.payload.len(), 256);
        assert_eq!(game.out.len(), 1, "encoded once");
    }
}

#[test]
fn c02_c39_reliable_goes_by_ws_and_fast_by_udp() {
    let mut game = two(&["onMessage"]);
    game.fast(1, 1);
    game.fast(2, 2);
    game.ws(1, to_peer(5, 2));
    game.udp(1, 2, to_peer(6, 2));
    assert_eq!(
        game.sent(),
        ["ws 2: op 5 from 1 \"x\"", "udp 40002#1: op 6 from 1 \"x\""]
    );
    game.ws(1, to_server(7));
    game.udp(1, 3, to_server(8));
    assert_eq!(game.called, ["onMessage 7 from 1", "onMessage 8 from 1"]);
}

#[test]
fn c41_without_udp_everything_goes_by_ws() {
    let mut game = two(&[]);
    game.fast(1, 1);
    game.udp(1, 2, to_peer(6, 2));
    assert_eq!(
        game.sent(),
        ["ws 2: op 6 from 1 \"x\""],
        "before the handshake of the recipient"
    );
    game.fast(2, 2);
    game.udp(
        1,
        3,
        Packet {
            payload: Bytes::from(vec![0; 1201]),
            ..to_peer(6, 2)
        },
    );
    assert!(
        game.sent()[0].starts_with("ws 2"),
        "too large for a datagram"
    );
    game.pass(Span::from_secs(9));
    game.give(Input::Alive(ConnId(1)));
    game.give(Input::Alive(ConnId(2)));
    for _ in 0..8 {
        game.pass(Span::from_secs(3));
        game.give(Input::Alive(ConnId(1)));
        game.give(Input::Alive(ConnId(2)));
    }
    game.out.clear();
    game.udp(1, 4, to_peer(6, 2));
    assert_eq!(
        game.sent(),
        ["ws 2: op 6 from 1 \"x\""],
        "U8: the recipient was silent for 30 s"
    );
    game.udp(2, 2, to_server(1));
    game.udp(1, 5, to_peer(6, 2));
    assert_eq!(
        game.sent(),
        ["udp 40002#1: op 6 from 1 \"x\""],
        "and is back"
    );
}

#[test]
fn c42_every_op_code_and_no_payload() {
    let mut game = two(&[]);
    for op_code in [0, 1, 127, 128, i32::MAX, i32::MIN, -500, -3, -101] {
        game.ws(
            1,
            Packet {
                payload: Bytes::new(),
                ..to_peer(op_code, 2)
            },
        );
        assert_eq!(game.sent(), [format!("ws 2: op {op_code} from 1 \"\"")]);
    }
}

#[test]
fn c43_4096_bytes_pass_and_4097_are_dropped() {
    let mut game = two(&[]);
    game.ws(
        1,
        Packet {
            payload: Bytes::from(vec![7; 4096]),
            ..to_peer(1, 2)
        },
    );
    assert_eq!(game.sent().len(), 1);
    game.ws(
        1,
        Packet {
            payload: Bytes::from(vec![7; 4097]),
            ..to_peer(1, 2)
        },
    );
    assert!(game.logged(LogLevel::Warn, "4097 bytes"));
    assert_eq!(game.sent(), Vec::<String>::new());
    assert_eq!(game.session.counts().dropped.too_large, 1);
}

#[test]
fn c57_gates_veto_and_only_the_gate_that_is_there_is_asked() {
    let mut game = two(&["onSendToPlayer"]);
    game.answer("onSendToPlayer", Some(Outcome::Returned(false)));
    game.ws(1, to_peer(5, 2));
    game.ws(1, to_group(6, -1));
    assert_eq!(game.called, ["onSendToPlayer 5 from 1"]);
    assert_eq!(game.sent(), ["ws 1,2: op 6 from 1 \"x\""]);
}

#[test]
fn c58_a_gate_sends_by_itself_and_order_is_kept() {
    let mut game = two(&["onSendToGroup"]);
    let ask = Ask::SendToGroup {
        group: -1,
        message: said(9, true),
    };
    game.answers
        .insert("onSendToGroup", (vec![ask], Some(Outcome::Returned(true))));
    game.ws(1, to_group(5, -1));
    assert_eq!(
        game.sent(),
        ["ws 1,2: op 9 from -1 \"s\"", "ws 1,2: op 5 from 1 \"x\""]
    );
    assert_eq!(
        game.called.len(),
        1,
        "once per message, not once per member"
    );
}

#[test]
fn a_pending_gate_holds_up_only_its_sender_on_its_channel() {
    let mut game = two(&["onSendToPlayer"]);
    game.fast(1, 1);
    game.answer("onSendToPlayer", None);
    game.ws(1, to_peer(1, 2));
    game.ws(1, to_peer(2, 2));
    game.ws(1, to_group(3, -1));
    game.ws(2, to_group(4, -1));
    assert_eq!(game.sent(), ["ws 1,2: op 4 from 2 \"x\""], "others go on");
    game.udp(1, 2, to_group(5, -1));
    assert_eq!(
        game.sent().len(),
        2,
        "the other channel goes on, to one by UDP and to one by WebSocket"
    );
    game.settle(true);
    assert_eq!(
        game.sent(),
        ["ws 2: op 1 from 1 \"x\""],
        "the second is asked now"
    );
    game.settle(false);
    assert_eq!(
        game.sent(),
        ["ws 1,2: op 3 from 1 \"x\""],
        "refused, and the third follows"
    );
}

#[test]
fn r05_a_gate_that_throws_or_never_settles_refuses() {
    let mut game = two(&["onSendToPlayer"]);
    game.answer(
        "onSendToPlayer",
        Some(Outcome::Threw("Error: no\n at a.js:3".to_owned())),
    );
    game.ws(1, to_peer(1, 2));
    assert!(game.logged(LogLevel::Error, "a.js:3"));
    assert_eq!(game.sent(), Vec::<String>::new());
    game.answer("onSendToPlayer", None);
    game.ws(1, to_peer(2, 2));
    game.pass(Span::from_secs(5));
    assert!(game.logged(LogLevel::Error, "did not return"));
    assert_eq!(game.session.counts().callback_timeouts, 1);
    let sent = game.sent();
    assert!(sent.is_empty(), "{sent:?}");
    game.settle(true);
    assert_eq!(game.sent(), Vec::<String>::new(), "too late");
}

#[test]
fn r02_a_forged_sender_or_server_packet_has_no_effect() {
    let mut game = two(&[]);
    game.ws(
        1,
        Packet {
            sender: 2,
            ..to_peer(5, 2)
        },
    );
    assert_eq!(game.sent(), ["ws 2: op 5 from 1 \"x\""]);
    for op_code in [
        op::LOGIN_RESPONSE,
        op::UDP_CONNECT_SERVER_ACK,
        op::GROUP_MEMBERSHIP_UPDATE,
        op::VERIFY_IDENTITY_RESPONSE,
    ] {
        game.ws(1, to_peer(op_code, 2));
    }
    assert_eq!(game.sent(), Vec::<String>::new());
    assert_eq!(game.session.counts().dropped.forged, 4);
}

#[test]
fn r02_datagrams_from_elsewhere_or_with_old_numbers_have_no_effect() {
    let mut game = two(&["onMessage"]);
    game.fast(1, 1);
    let elsewhere = SocketAddr::new(ip(77), 5);
    game.udp_from(
        elsewhere,
        100,
        Packet {
            sender: 1,
            ..to_server(1)
        },
    );
    game.udp_from(elsewhere, 100, step(op::UDP_CONNECT, 1));
    game.udp(1, 1, to_server(2));
    game.udp(1, -5, to_server(3));
    assert!(game.called.is_empty(), "{:?}", game.called);
    assert_eq!(game.sent(), Vec::<String>::new());
    game.udp(1, 2, to_server(4));
    assert_eq!(
        game.called,
        ["onMessage 4 from 1"],
        "Q5: the spoofed number blinded nobody"
    );
}

#[test]
fn r03_a_lost_client_ack_and_doubled_connects() {
    let mut game = two(&[]);
    for number in 0..3 {
        game.udp(1, number, step(op::UDP_CONNECT, 1));
    }
    assert_eq!(
        game.sent(),
        [
            "udp 40001#0: op -6 from -1 \"\"",
            "udp 40001#1: op -6 from -1 \"\"",
            "udp 40001#2: op -6 from -1 \"\""
        ]
    );
    game.udp(1, 3, to_peer(5, 1));
    assert_eq!(
        game.sent(),
        ["udp 40001#3: op 5 from 1 \"x\""],
        "U2: any later datagram proves the channel"
    );
    game.udp(1, 4, step(op::UDP_CONNECT, 1));
    assert_eq!(game.sent(), ["udp 40001#4: op -6 from -1 \"\""], "U6");
}

#[test]
fn r04_a_new_port_is_followed_and_a_new_ip_is_not() {
    let mut game = two(&[]);
    game.fast(1, 1);
    let moved = SocketAddr::new(ip(1), 50_000);
    game.udp_from(
        moved,
        2,
        Packet {
            sender: 1,
            ..to_peer(5, 1)
        },
    );
    assert_eq!(game.sent(), ["udp 50000#1: op 5 from 1 \"x\""]);
    game.udp_from(
        SocketAddr::new(ip(9), 50_000),
        3,
        Packet {
            sender: 1,
            ..to_peer(6, 1)
        },
    );
    assert_eq!(game.sent(), Vec::<String>::new());
}

#[test]
fn a_client_that_comes_back_from_the_same_port_is_another_peer() {
    let mut game = two(&[]);
    game.fast(1, 1);
    game.give(Input::Closed(ConnId(1)));
    game.give(Input::Opened(ConnId(11), ip(1)));
    game.give(Input::Packet(ConnId(11), login_packet("psess-11", b"")));
    game.out.clear();
    game.udp_from(address(1), 0, step(op::UDP_CONNECT, 3));
    assert_eq!(game.sent(), ["udp 40001#0: op -6 from -1 \"\""]);
}

#[test]
fn x6_one_way_udp_is_told_in_the_log() {
    let mut game = two(&[]);
    game.udp(1, 0, step(op::UDP_CONNECT, 1));
    game.pass(Span::from_secs(6));
    game.give(Input::Alive(ConnId(1)));
    game.pass(Span::from_secs(4));
    assert!(game.logged(LogLevel::Warn, "one-way"));
}

#[test]
fn q10_a_slow_player_loses_fast_messages_first_and_is_closed_last() {
    let settings = Settings {
        ws_queue_bytes_max: 20_000,
        fallback_queue_bytes_max: 8_000,
        ..Settings::default()
    };
    let mut session = Game::new(&[], settings, None);
    session.begin();
    session.login(1);
    session.login(2);
    session.out.clear();
    let ask = |reliable| {
        let message = session::GameMessage {
            payload: Bytes::from(vec![1; 4000]),
            ..said(5, reliable)
        };
        Input::Script(ScriptEvent::Asked(Ask::SendToPlayer { peer: 2, message }))
    };
    // The driver flushes what is sent; so this one is driven by hand.
    let mut closed = false;
    let mut fast = 0;
    for reliable in [true, true, false, true, true, true] {
        session.session.handle(ask(reliable), session.now);
        while let Some(output) = session.session.poll_output() {
            match output {
                Output::Send { packet, .. } => {
                    fast += usize::from(!reliable && packet.op_code == 5)
                }
                Output::Close(conn, code, _) => {
                    closed |= conn == ConnId(2) && code.number() == 1008
                }
                _ => {}
            }
        }
    }
    assert_eq!(fast, 0, "above the first limit fast messages are dropped");
    assert!(closed, "above the second the player is closed");
}

#[test]
fn script_messages_to_nobody_are_told_once() {
    let mut game = two(&[]);
    for _ in 0..2 {
        game.give(Input::Script(ScriptEvent::Asked(Ask::SendToPlayer {
            peer: 99,
            message: said(1, true),
        })));
    }
    let warnings = game
        .out
        .iter()
        .filter(|output| matches!(output, Output::Log(line) if line.text.contains("player 99")));
    assert_eq!(warnings.count(), 1);
    let large = session::GameMessage {
        payload: Bytes::from(vec![0; 70_000]),
        ..said(1, true)
    };
    game.give(Input::Script(ScriptEvent::Asked(Ask::SendToPlayer {
        peer: 1,
        message: large,
    })));
    assert!(game.logged(LogLevel::Warn, "70000 bytes"));
    assert_eq!(game.sent(), Vec::<String>::new());
}

#[test]
fn echo_and_membership_are_settings() {
    let settings = Settings {
        relay_echo: false,
        require_membership_to_send: false,
        ..Settings::default()
    };
    let mut game = Game::new(&[], settings, None);
    game.begin();
    game.login(1);
    game.login(2);
    game.ws(2, crate::game::join(7));
    game.out.clear();
    game.ws(1, to_group(5, -1));
    game.ws(1, to_group(6, 7));
    assert_eq!(
        game.sent(),
        ["ws 2: op 5 from 1 \"x\"", "ws 2: op 6 from 1 \"x\""]
    );
}
