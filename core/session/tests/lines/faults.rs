//! Callbacks that fail, scripts that do not keep up, addresses that change hands: what goes on all the same.

use crate::game::{
    ALL, Game, address, ip, join, leave, login_packet, said, step, to_group, to_peer, to_server,
};
use bytes::Bytes;
use ids::Span;
use session::{
    Ask, CloseCode, ConnId, Exports, Hook, Input, LinkCall, LogLevel, Order, Outcome, Output,
    Refusal, ScriptEvent, Session, Settings, ToScript,
};
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

/// As long as a callback may take; everybody answers the pings.
fn wait(game: &mut Game) {
    game.pass(Span::from_secs(5));
    game.give(Input::Alive(ConnId(1)));
    game.give(Input::Alive(ConnId(2)));
}

/// What is sent when every callback in turn fails; the rest of the script is well.
fn story(sick: &'static str, outcome: Option<Outcome>) -> (Vec<String>, Game) {
    let mut game = Game::new(&ALL, Settings::default(), None);
    game.answer(sick, outcome);
    game.begin();
    wait(&mut game);
    game.login(1);
    game.login(2);
    wait(&mut game);
    game.ws(1, to_server(1));
    game.ws(1, to_peer(2, 2));
    game.ws(2, to_group(3, -1));
    wait(&mut game);
    game.ws(1, join(7));
    wait(&mut game);
    game.ws(1, leave(7));
    wait(&mut game);
    game.give(Input::Closed(ConnId(1)));
    wait(&mut game);
    let sent = game.sent();
    (sent, game)
}

const WELL: [&str; 6] = [
    "ws 1: login true",
    "ws 2: login true",
    "ws 2: op 2 from 1 \"x\"",
    "ws 1,2: op 3 from 2 \"x\"",
    "ws 1: members of 7: [1]",
    "ws 1: members of 7: []",
];

#[test]
fn r05_each_callback_that_throws_or_hangs_costs_only_what_it_decides() {
    let without = |lines: &[usize]| -> Vec<&str> {
        let kept = |(index, line): (usize, &'static str)| (!lines.contains(&index)).then_some(line);
        WELL.into_iter().enumerate().filter_map(kept).collect()
    };
    let mut refused_leave = without(&[]);
    refused_leave[5] = "ws 1: members of 7: [1]";
    let refused_join = {
        let mut lines = without(&[]);
        lines[4] = "ws 1: members of 7: []";
        lines
    };
    let refused_login = vec![
        "ws 1: login false",
        "close 1 1008",
        "ws 2: login false",
        "close 2 1008",
    ];
    let table: [(&'static str, Vec<&str>); 10] = [
        ("onStartGameSession", without(&[])),
        ("onHealthCheck", without(&[])),
        ("onPlayerAccepted", without(&[])),
        ("onMessage", without(&[])),
        ("onPlayerDisconnect", without(&[])),
        ("onPlayerConnect", refused_login),
        ("onSendToPlayer", without(&[2])),
        ("onSendToGroup", without(&[3])),
        ("onPlayerJoinGroup", refused_join),
        ("onPlayerLeaveGroup", refused_leave),
    ];
    for (sick, expected) in table {
        for outcome in [Some(Outcome::Threw("Error: no".to_owned())), None] {
            let hangs = outcome.is_none();
            let (sent, game) = story(sick, outcome);
            // Of two hanging logins the pings' times say when each is refused; the order of the lines is not the matter.
            let (mut sent, mut expected) = (sent, expected.clone());
            if sick == "onPlayerConnect" && hangs {
                sent.sort();
                expected.sort_unstable();
            }
            assert_eq!(sent, expected, "{sick}, hangs: {hangs}");
            assert_eq!(game.finished(), None, "{sick}: the session goes on");
            let errors = game.session.counts();
            let told = if hangs && !matches!(sick, "onPlayerAccepted" | "onMessage") {
                errors.callback_timeouts
            } else {
                errors.callback_errors
            };
            let waited_for = !(hangs && matches!(sick, "onPlayerAccepted" | "onMessage"));
            assert_eq!(told > 0, waited_for, "{sick}, hangs: {hangs}");
        }
    }
}

#[test]
fn r05_a_disconnect_callback_that_fails_still_gives_the_seat_back() {
    for outcome in [Some(Outcome::Threw("Error: no".to_owned())), None] {
        let mut game = two(&["onPlayerDisconnect"]);
        game.ws(1, join(7));
        game.ws(2, join(7));
        game.out.clear();
        game.answer("onPlayerDisconnect", outcome);
        game.give(Input::Closed(ConnId(1)));
        game.pass(Span::from_secs(5));
        let removed = Output::Link(LinkCall::RemovePlayerSession("psess-1".to_owned()));
        assert!(game.out.contains(&removed));
        assert_eq!(game.sent(), ["ws 2: members of 7: [2]"]);
    }
}

#[test]
fn g5_a_change_that_is_refused_because_the_script_is_busy_is_corrected_too() {
    let settings = Settings {
        calls_max: 4,
        ..Settings::default()
    };
    let callbacks = ["onMessage", "onPlayerJoinGroup", "onPlayerLeaveGroup"];
    let mut game = Game::new(&callbacks, settings, None);
    game.begin();
    game.login(1);
    game.ws(1, join(7));
    game.answer("onMessage", None);
    for _ in 0..5 {
        game.ws(1, to_server(1));
    }
    game.out.clear();
    game.ws(1, join(8));
    assert_eq!(game.sent(), ["ws 1: members of 8: []"]);
    game.ws(1, leave(7));
    assert_eq!(game.sent(), ["ws 1: members of 7: [1]"]);
}

#[test]
fn u5_a_player_whose_address_another_got_is_followed_to_its_new_one() {
    let mut game = Game::active(&["onMessage"]);
    // Two players behind one address of the outside world.
    for conn in [1, 2] {
        game.give(Input::Opened(ConnId(conn), ip(1)));
        let id = if conn == 1 { "psess-1" } else { "psess-2" };
        game.give(Input::Packet(ConnId(conn), login_packet(id, b"")));
    }
    game.udp_from(address(1), 0, step(op::UDP_CONNECT, 1));
    game.udp_from(address(1), 1, step(op::UDP_CONNECT_CLIENT_ACK, 1));
    // The translator forgot the first player's port and gave it to the second.
    game.udp_from(address(1), 0, step(op::UDP_CONNECT, 2));
    game.udp_from(address(1), 1, step(op::UDP_CONNECT_CLIENT_ACK, 2));
    game.out.clear();
    game.ws(2, to_peer(3, 1));
    let fast = Ask::SendToPlayer {
        peer: 1,
        message: said(5, false),
    };
    game.give(Input::Script(ScriptEvent::Asked(fast.clone())));
    assert_eq!(
        game.sent(),
        ["ws 1: op 3 from 2 \"x\"", "ws 1: op 5 from -1 \"s\""],
        "the first cannot be reached by UDP now"
    );
    // The official client says -5 never again, but it goes on sending, from a new port.
    game.called.clear();
    let moved = SocketAddr::new(ip(1), 51_000);
    let packet = Packet {
        sender: 1,
        ..to_server(4)
    };
    game.udp_from(moved, 2, packet);
    assert_eq!(game.called, ["onMessage 4 from 1"]);
    game.give(Input::Script(ScriptEvent::Asked(fast)));
    assert_eq!(game.sent(), ["udp 51000#1: op 5 from -1 \"s\""]);
}

#[test]
fn u2_a_connect_does_not_show_that_the_player_hears() {
    let mut game = two(&[]);
    game.fast(1, 1);
    let fast = || {
        Input::Script(ScriptEvent::Asked(Ask::SendToPlayer {
            peer: 1,
            message: said(5, false),
        }))
    };
    for second in 0..10 {
        game.pass(Span::from_secs(3));
        game.give(Input::Alive(ConnId(1)));
        game.give(Input::Alive(ConnId(2)));
        game.udp(1, 2 + second, step(op::UDP_CONNECT, 1));
    }
    game.out.clear();
    game.give(fast());
    assert_eq!(
        game.sent(),
        ["ws 1: op 5 from -1 \"s\""],
        "it has asked for 30 s whether it can be reached, and never confirmed"
    );
    game.udp(1, 20, step(op::UDP_CONNECT_CLIENT_ACK, 1));
    game.give(fast());
    assert_eq!(game.sent(), ["udp 40001#11: op 5 from -1 \"s\""]);
}

#[test]
fn c12_the_scripts_ping_interval_counts() {
    let mut exports = Exports {
        ping_interval_ms: Some(500),
        ..Exports::default()
    };
    exports.callbacks.insert("init".to_owned());
    let mut game = Game::active(&[]);
    game.session = Session::new(
        Settings::default(),
        exports,
        ids::Mint::from_number(1),
        game.now,
    );
    game.begin();
    game.login(1);
    game.out.clear();
    game.pass(Span::from_secs(2));
    let pings = game.out.iter().filter(|o| **o == Output::Ping(ConnId(1)));
    assert_eq!(pings.count(), 4);
}

#[test]
fn c22_c36_an_event_is_answered_with_an_announcement_to_the_others() {
    let mut game = two(&["onMessage"]);
    game.login(3);
    game.out.clear();
    let to = |peer| Ask::SendToPlayer {
        peer,
        message: said(9, true),
    };
    let asks = vec![to(2), to(3)];
    game.answers
        .insert("onMessage", (asks, Some(Outcome::Returned(true))));
    game.ws(1, to_server(1));
    assert_eq!(
        game.sent(),
        ["ws 2: op 9 from -1 \"s\"", "ws 3: op 9 from -1 \"s\""]
    );
}

#[test]
fn c53_a_pure_relay_changes_nothing_and_keeps_nothing() {
    let mut game = two(&[]);
    let mut dice = ids::Mint::from_number(53);
    for _ in 0..500 {
        let size = usize::try_from(dice.below(4097)).expect("small");
        let payload: Bytes = (0..size).map(|_| dice.number() as u8).collect();
        let op_code = i32::try_from(dice.below(1 << 31)).expect("below the largest");
        let packet = Packet {
            payload: payload.clone(),
            ..to_peer(op_code, 2)
        };
        game.ws(1, packet);
        let [Output::Send { packet, .. }] = game.out.as_slice() else {
            panic!("one packet, not {:?}", game.out);
        };
        assert_eq!((packet.op_code, &packet.payload), (op_code, &payload));
        game.out.clear();
    }
    game.give(Input::Closed(ConnId(1)));
    game.give(Input::Closed(ConnId(2)));
    let counts = game.session.counts();
    assert_eq!((counts.players, counts.connections), (0, 0));
}

#[test]
fn c60_the_script_sees_all_of_a_message() {
    let mut game = two(&["onSendToGroup", "onMessage"]);
    game.fast(1, 1);
    let seen = |game: &mut Game| {
        let out = std::mem::take(&mut game.out);
        let hook = out.into_iter().find_map(|output| match output {
            Output::Script(ToScript::Call(_, hook)) => Some(hook),
            _ => None,
        });
        match hook.expect("a call") {
            Hook::SendToGroup(message) | Hook::Message(message) => message,
            other => panic!("{other:?}"),
        }
    };
    game.ws(1, to_group(5, -1));
    let message = seen(&mut game);
    assert_eq!(
        (message.op_code, message.sender, message.target_player),
        (5, 1, 0)
    );
    assert_eq!((message.target_group, message.reliable), (-1, true));
    assert_eq!(message.payload, Bytes::from_static(b"x"));
    game.udp(1, 2, to_server(6));
    let message = seen(&mut game);
    assert_eq!((message.target_player, message.target_group), (-1, 0));
    assert!(!message.reliable, "it came by UDP");
}

#[test]
fn l6_offences_close_with_their_codes_and_harm_nobody_else() {
    let table = [
        (Refusal::Text, 1003),
        (Refusal::Malformed, 1007),
        (Refusal::TooBig, 1009),
    ];
    for (refusal, code) in table {
        let mut game = two(&["onPlayerDisconnect"]);
        game.give(Input::Bad(ConnId(1), refusal));
        game.give(Input::Bad(ConnId(1), refusal));
        game.ws(1, to_peer(1, 2));
        game.give(Input::Closed(ConnId(1)));
        assert_eq!(game.sent(), [format!("close 1 {code}")]);
        assert_eq!(game.called, ["onPlayerDisconnect 1"], "once");
        game.ws(2, to_group(6, -1));
        assert_eq!(game.sent(), ["ws 2: op 6 from 2 \"x\""]);
    }
}

#[test]
fn too_many_packets_behind_a_gate_close_a_reliable_sender_and_drop_fast_ones() {
    let settings = Settings {
        waiting_max: 3,
        ..Settings::default()
    };
    let mut game = Game::new(&["onSendToPlayer"], settings, None);
    game.begin();
    game.login(1);
    game.login(2);
    game.fast(1, 1);
    game.answer("onSendToPlayer", None);
    for number in 0..6 {
        game.udp(1, 2 + number, to_peer(1, 2));
    }
    assert_eq!(game.session.counts().dropped.queue_full, 2);
    assert_eq!(game.sent(), Vec::<String>::new());
    for _ in 0..5 {
        game.ws(2, to_peer(2, 1));
    }
    assert!(game.logged(LogLevel::Warn, "faster than the script decides"));
    assert_eq!(game.sent(), ["close 2 1008"]);
}

#[test]
fn r07_r12_termination_and_process_ending_together_end_once() {
    let mut game = Game::active(&["onProcessTerminate"]);
    game.login(1);
    game.answer("onProcessTerminate", None);
    game.give(Input::Script(ScriptEvent::Asked(Ask::ProcessEnding)));
    for _ in 0..2 {
        game.give(Input::Told(Order::Terminate { deadline_ms: None }));
    }
    game.give(Input::Script(ScriptEvent::Asked(Ask::Exit(0))));
    game.pass(Span::from_secs(60));
    let ends = |output: &&Output| matches!(output, Output::Finish { .. });
    assert_eq!(game.out.iter().filter(ends).count(), 1);
    let told = |output: &&Output| **output == Output::Link(LinkCall::ProcessEnding);
    assert_eq!(game.out.iter().filter(told).count(), 1);
    assert_eq!(game.finished(), Some((CloseCode::Away, 0)));
}
