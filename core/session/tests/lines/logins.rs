//! Who gets in and who does not.

use crate::game::{Game, login_packet, to_group, to_peer};
use ids::Span;
use session::{
    Ask, CloseCode, ConnId, Input, LinkAnswer, LinkCall, LogLevel, Order, Outcome, Output, Settings,
};

#[test]
fn c07_players_up_to_max_then_full() {
    let mut game = Game::new(&[], Settings::default(), Some(2));
    game.begin();
    for conn in 1..=3 {
        game.login(conn);
    }
    assert_eq!(
        game.sent(),
        [
            "ws 1: login true",
            "ws 2: login true",
            "ws 3: login false",
            "close 3 1013"
        ]
    );
    game.give(Input::Closed(ConnId(1)));
    game.login(4);
    assert_eq!(game.sent(), ["ws 4: login true"]);
}

#[test]
fn c12_defaults_are_32_players_and_3000_ms() {
    let mut game = Game::active(&[]);
    for conn in 1..=33 {
        game.login(conn);
    }
    let refused: Vec<String> = game
        .sent()
        .into_iter()
        .filter(|line| line.contains("false"))
        .collect();
    assert_eq!(refused, ["ws 33: login false"]);
    game.pass(Span::from_millis(2_999));
    assert!(
        !game
            .out
            .iter()
            .any(|output| matches!(output, Output::Ping(_)))
    );
    game.pass(Span::from_millis(1));
    assert!(game.out.contains(&Output::Ping(ConnId(1))));
}

#[test]
fn c55_the_script_authenticates_by_payload() {
    let mut game = Game::active(&["onPlayerConnect", "onPlayerAccepted", "onPlayerDisconnect"]);
    game.answer("onPlayerConnect", Some(Outcome::Returned(false)));
    game.called.clear();
    game.login(1);
    assert_eq!(game.called, ["onPlayerConnect 1 hi"]);
    assert!(
        game.out
            .contains(&Output::Link(LinkCall::RemovePlayerSession(
                "psess-1".to_owned()
            )))
    );
    assert_eq!(game.sent(), ["ws 1: login false", "close 1 1008"]);
    game.give(Input::Closed(ConnId(1)));
    assert_eq!(game.called.len(), 1, "neither accepted nor disconnect");
    game.answer("onPlayerConnect", Some(Outcome::Returned(true)));
    game.login(2);
    assert!(
        game.called.contains(&"onPlayerConnect 2 hi".to_owned()),
        "a refused id is not used again"
    );
}

#[test]
fn r11_the_service_refuses_a_second_login_with_the_same_id() {
    let mut game = Game::active(&[]);
    game.login(1);
    game.out.clear();
    game.accepts = Some(false);
    game.login(2);
    assert!(game.logged(
        LogLevel::Warn,
        "AcceptPlayerSession failed for player session id: psess-2 with error: not RESERVED"
    ));
    assert_eq!(game.sent(), ["ws 2: login false", "close 2 1008"]);
    game.ws(1, to_group(5, -1));
    assert_eq!(
        game.sent(),
        ["ws 1: op 5 from 1 \"x\""],
        "the first is untouched"
    );
}

/// A question that was sent twice may be granted for a seat in which somebody sits by now.
#[test]
fn r11_a_seat_that_is_taken_is_not_given_twice_even_if_the_service_says_so() {
    let mut game = Game::active(&[]);
    game.login(1);
    game.accepts = None;
    game.open(2);
    game.give(Input::Packet(ConnId(2), login_packet("psess-1", b"hi")));
    game.out.clear();
    game.give(Input::Answered(LinkAnswer::Accepted {
        conn: ConnId(2),
        player_id: String::new(),
        player_data: String::new(),
    }));
    assert_eq!(game.sent(), ["ws 2: login false", "close 2 1008"]);
}

#[test]
fn a_login_that_the_service_does_not_answer_gives_the_seat_back() {
    let mut game = Game::active(&[]);
    game.accepts = None;
    game.login(1);
    game.out.clear();
    game.give(Input::Answered(LinkAnswer::Unanswered {
        conn: ConnId(1),
        error: "no answer".to_owned(),
    }));
    assert!(
        game.out
            .contains(&Output::Link(LinkCall::RemovePlayerSession(
                "psess-1".to_owned()
            )))
    );
    assert_eq!(game.sent(), ["ws 1: login false", "close 1 1008"]);
}

#[test]
fn r12_a_login_whose_connection_goes_while_the_service_is_asked_gives_the_seat_back() {
    let mut game = Game::active(&["onPlayerAccepted", "onPlayerDisconnect"]);
    game.accepts = None;
    game.login(1);
    game.give(Input::Closed(ConnId(1)));
    let late = LinkAnswer::Accepted {
        conn: ConnId(1),
        player_id: String::new(),
        player_data: String::new(),
    };
    game.called.clear();
    game.give(Input::Answered(late));
    assert!(
        game.out
            .contains(&Output::Link(LinkCall::RemovePlayerSession(
                "psess-1".to_owned()
            )))
    );
    assert!(game.called.is_empty());
}

#[test]
fn r12_a_login_whose_connection_goes_while_the_script_is_asked() {
    let mut game = Game::active(&["onPlayerConnect", "onPlayerAccepted", "onPlayerDisconnect"]);
    game.answer("onPlayerConnect", None);
    game.login(1);
    game.give(Input::Closed(ConnId(1)));
    assert!(
        game.out
            .contains(&Output::Link(LinkCall::RemovePlayerSession(
                "psess-1".to_owned()
            )))
    );
    game.called.clear();
    game.settle(true);
    assert!(game.called.is_empty(), "nobody is accepted or disconnected");
}

#[test]
fn r12_process_ending_during_a_login_refuses_it() {
    let mut game = Game::active(&["onPlayerConnect"]);
    game.answer("onPlayerConnect", None);
    game.login(1);
    game.give(Input::Script(session::ScriptEvent::Asked(
        Ask::ProcessEnding,
    )));
    game.out.clear();
    game.settle(true);
    assert_eq!(game.sent(), ["ws 1: login false", "close 1 1008"]);
}

#[test]
fn no_login_before_the_session_is_active() {
    let mut game = Game::new(&[], Settings::default(), None);
    game.pass(Span::ZERO);
    game.give(Input::Opened(ConnId(1), crate::game::ip(1)));
    game.give(Input::Packet(ConnId(1), login_packet("psess-1", b"")));
    assert_eq!(game.sent(), ["ws 1: login false", "close 1 1008"]);
}

#[test]
fn what_is_no_login_closes_and_silence_too() {
    let mut game = Game::active(&[]);
    game.open(1);
    game.ws(1, to_peer(1, 2));
    assert_eq!(game.sent(), ["close 1 1008"]);
    game.open(2);
    game.pass(Span::from_secs(6));
    game.give(Input::Alive(ConnId(2)));
    game.pass(Span::from_secs(4));
    let sent = game.sent();
    assert!(sent.contains(&"close 2 1008".to_owned()), "{sent:?}");
    // Op code 0 without the login field is a game message, and no login.
    game.open(3);
    game.ws(3, to_peer(0, -1));
    assert_eq!(game.sent(), ["close 3 1008"]);
}

#[test]
fn a_second_login_is_ignored() {
    let mut game = Game::active(&[]);
    game.login(1);
    game.out.clear();
    game.ws(1, login_packet("psess-9", b""));
    assert!(game.logged(LogLevel::Warn, "logs in again"));
    assert_eq!(game.sent(), Vec::<String>::new());
}

#[test]
fn connections_without_login_have_a_limit() {
    let mut game = Game::new(&[], Settings::default(), Some(2));
    game.begin();
    for conn in 1..=36 {
        game.open(conn);
    }
    assert_eq!(game.sent(), Vec::<String>::new());
    game.open(37);
    assert_eq!(game.sent(), ["close 37 1013"]);
}

#[test]
fn messages_from_on_player_connect_come_after_the_login_response() {
    let mut game = Game::active(&["onPlayerConnect", "onPlayerAccepted"]);
    let ask = |op_code| Ask::SendToPlayer {
        peer: 1,
        message: crate::game::said(op_code, true),
    };
    game.answers.insert(
        "onPlayerConnect",
        (vec![ask(1)], Some(Outcome::Returned(true))),
    );
    game.answers.insert(
        "onPlayerAccepted",
        (vec![ask(2)], Some(Outcome::Returned(true))),
    );
    game.login(1);
    assert_eq!(
        game.sent(),
        [
            "ws 1: login true",
            "ws 1: op 1 from -1 \"s\"",
            "ws 1: op 2 from -1 \"s\""
        ]
    );
}

#[test]
fn l2_a_silent_connection_is_given_up_and_one_that_answers_pings_is_not() {
    let mut game = Game::active(&["onPlayerDisconnect"]);
    game.login(1);
    game.login(2);
    game.out.clear();
    game.called.clear();
    for _ in 0..5 {
        game.pass(Span::from_secs(3));
        game.give(Input::Alive(ConnId(2)));
    }
    assert_eq!(game.called, ["onPlayerDisconnect 1"]);
    assert_eq!(game.sent(), ["abort 1"]);
}

#[test]
fn a_termination_refuses_logins() {
    let mut game = Game::active(&["onProcessTerminate"]);
    game.give(Input::Told(Order::Terminate { deadline_ms: None }));
    game.out.clear();
    game.login(1);
    assert_eq!(game.sent(), ["ws 1: login false", "close 1 1008"]);
    game.pass(Span::from_secs(5));
    assert_eq!(game.finished(), Some((CloseCode::Away, 0)));
}
