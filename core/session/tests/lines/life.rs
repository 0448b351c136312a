//! From init to the exit.

use crate::game::{ALL, Game, join, leave, said, to_group, to_peer, to_server};
use ids::Span;
use session::{
    Ask, CloseCode, ConnId, Input, LinkCall, LogLevel, Order, Outcome, Output, ScriptEvent,
    Settings, ToScript,
};

#[test]
fn c13_all_callbacks_in_order() {
    let mut game = Game::active(&ALL);
    game.login(1);
    game.login(2);
    game.ws(1, to_server(1));
    game.ws(1, to_peer(2, 2));
    game.ws(1, to_group(3, -1));
    game.ws(1, join(7));
    game.ws(1, leave(7));
    game.give(Input::Closed(ConnId(1)));
    game.give(Input::Told(Order::Terminate { deadline_ms: None }));
    assert_eq!(
        game.called,
        [
            "init",
            "onProcessStarted",
            "onHealthCheck",
            "onStartGameSession",
            "onPlayerConnect 1 hi",
            "onPlayerAccepted",
            "onPlayerConnect 2 hi",
            "onPlayerAccepted",
            "onMessage 1 from 1",
            "onSendToPlayer 2 from 1",
            "onSendToGroup 3 from 1",
            "onPlayerJoinGroup 7 1",
            "onPlayerLeaveGroup 7 1",
            "onPlayerDisconnect 1",
            "onProcessTerminate",
        ]
    );
}

#[test]
fn c33_process_ending_is_awaited_then_the_script_exits() {
    let mut game = Game::active(&[]);
    game.login(1);
    game.out.clear();
    game.give(Input::Script(ScriptEvent::Asked(Ask::ProcessEnding)));
    assert!(game.out.contains(&Output::Link(LinkCall::ProcessEnding)));
    assert!(
        game.out
            .contains(&Output::Script(ToScript::Ended { success: true }))
    );
    game.give(Input::Script(ScriptEvent::Asked(Ask::SendToGroup {
        group: -1,
        message: said(9, true),
    })));
    game.give(Input::Script(ScriptEvent::Asked(Ask::Exit(0))));
    assert_eq!(
        game.sent(),
        ["ws 1: op 9 from -1 \"s\"", "finish 1000 0"],
        "the last word comes before the end"
    );
}

#[test]
fn r06_exit_right_after_a_message() {
    let mut game = Game::active(&[]);
    game.login(1);
    game.out.clear();
    game.give(Input::Script(ScriptEvent::Asked(Ask::SendToGroup {
        group: -1,
        message: said(9, true),
    })));
    game.give(Input::Script(ScriptEvent::Asked(Ask::Exit(0))));
    assert!(
        game.out.contains(&Output::Link(LinkCall::ProcessEnding)),
        "exit code 0 is told as an end"
    );
    assert_eq!(game.sent(), ["ws 1: op 9 from -1 \"s\"", "finish 1000 0"]);
    let mut game = Game::active(&[]);
    game.give(Input::Script(ScriptEvent::Asked(Ask::Exit(3))));
    assert!(
        !game.out.contains(&Output::Link(LinkCall::ProcessEnding)),
        "another code is seen as a crash"
    );
    assert_eq!(game.finished(), Some((CloseCode::Away, 3)));
}

#[test]
fn r07_process_ending_twice_and_without_exit() {
    let mut game = Game::active(&["onPlayerDisconnect"]);
    game.login(1);
    for _ in 0..2 {
        game.give(Input::Script(ScriptEvent::Asked(Ask::ProcessEnding)));
    }
    let told = game
        .out
        .iter()
        .filter(|output| **output == Output::Link(LinkCall::ProcessEnding));
    assert_eq!(told.count(), 1);
    game.called.clear();
    game.give(Input::Closed(ConnId(1)));
    assert!(game.called.is_empty(), "nobody is told of players any more");
    game.pass(Span::from_millis(9_999));
    assert_eq!(game.finished(), None);
    game.pass(Span::from_millis(1));
    assert_eq!(game.finished(), Some((CloseCode::Normal, 0)));
    assert_eq!(game.session.poll_timeout(), ids::Time::MAX);
}

#[test]
fn termination_gives_the_script_its_time() {
    let mut game = Game::active(&["onProcessTerminate"]);
    game.give(Input::Told(Order::Terminate { deadline_ms: None }));
    game.pass(Span::from_millis(4_999));
    assert_eq!(game.finished(), None);
    game.pass(Span::from_millis(1));
    assert_eq!(game.finished(), Some((CloseCode::Away, 0)));

    let mut game = Game::active(&["onProcessTerminate"]);
    game.answer("onProcessTerminate", None);
    game.give(Input::Told(Order::Terminate { deadline_ms: None }));
    game.pass(Span::from_secs(29));
    assert_eq!(game.finished(), None, "a Promise has 30 s");
    game.settle(true);
    assert_eq!(game.finished(), Some((CloseCode::Away, 0)));

    let mut game = Game::active(&["onProcessTerminate"]);
    game.answer("onProcessTerminate", None);
    game.give(Input::Told(Order::Terminate {
        deadline_ms: Some(2_000),
    }));
    game.pass(Span::from_secs(2));
    assert_eq!(
        game.finished(),
        Some((CloseCode::Away, 0)),
        "or as long as the service says"
    );

    let mut game = Game::active(&[]);
    game.give(Input::Told(Order::Terminate { deadline_ms: None }));
    assert_eq!(
        game.finished(),
        Some((CloseCode::Away, 0)),
        "without the callback nothing is waited for"
    );
}

#[test]
fn a_crash_closes_with_1011_and_exits_1() {
    let mut game = Game::active(&[]);
    game.give(Input::Script(ScriptEvent::Crashed(
        "process.uncaughtException\nError: x".to_owned(),
    )));
    assert!(game.logged(
        LogLevel::Fatal,
        "Realtime server crashed due to: process.uncaughtException"
    ));
    assert_eq!(game.finished(), Some((CloseCode::ScriptCrashed, 1)));
    game.login(1);
    assert!(
        game.sent().iter().all(|line| line.starts_with("finish")),
        "nothing follows the end"
    );
}

#[test]
fn r05_init_that_throws_is_fatal_and_process_started_that_says_no_ends() {
    let mut game = Game::new(&["init"], Settings::default(), None);
    game.answer("init", Some(Outcome::Threw("Error: no".to_owned())));
    game.begin();
    assert_eq!(game.finished(), Some((CloseCode::ScriptCrashed, 1)));

    let mut game = Game::new(&["onProcessStarted"], Settings::default(), None);
    game.answer("onProcessStarted", Some(Outcome::Returned(false)));
    game.begin();
    assert!(!game.out.contains(&Output::Link(LinkCall::ProcessReady)));
    game.pass(Span::from_secs(5));
    assert_eq!(game.finished(), Some((CloseCode::Away, 1)));
}

#[test]
fn health_is_told_every_minute_and_silence_is_sick() {
    let mut game = Game::active(&["onHealthCheck"]);
    let beats = |game: &mut Game| -> Vec<bool> {
        let out = std::mem::take(&mut game.out);
        out.into_iter()
            .filter_map(|output| match output {
                Output::Link(LinkCall::Heartbeat(healthy)) => Some(healthy),
                _ => None,
            })
            .collect()
    };
    assert_eq!(beats(&mut game), [true]);
    game.pass(Span::from_secs(60));
    assert_eq!(beats(&mut game), [true]);
    for outcome in [
        Some(Outcome::Returned(false)),
        Some(Outcome::Threw("Error".to_owned())),
    ] {
        game.answer("onHealthCheck", outcome);
        game.pass(Span::from_secs(60));
        assert_eq!(beats(&mut game), [false]);
    }
    game.answer("onHealthCheck", None);
    game.pass(Span::from_secs(65));
    assert_eq!(beats(&mut game), [false]);
}

#[test]
fn guards_against_sessions_that_never_end() {
    let settings = Settings {
        empty_session_timeout: Span::from_secs(60),
        ..Settings::default()
    };
    let mut game = Game::new(&[], settings, None);
    game.begin();
    game.login(1);
    game.give(Input::Alive(ConnId(1)));
    game.pass(Span::from_secs(5));
    game.give(Input::Closed(ConnId(1)));
    game.pass(Span::from_secs(59));
    assert_eq!(game.finished(), None);
    game.pass(Span::from_secs(1));
    assert_eq!(game.finished(), Some((CloseCode::Away, 0)));

    let settings = Settings {
        session_duration_max: Span::from_secs(100),
        ..Settings::default()
    };
    let mut game = Game::new(&[], settings, None);
    game.begin();
    game.pass(Span::from_secs(100));
    assert_eq!(game.finished(), Some((CloseCode::Away, 0)));
}

#[test]
fn c54_the_script_sends_outside_of_callbacks_too() {
    let mut game = Game::active(&[]);
    game.login(1);
    game.out.clear();
    game.give(Input::Script(ScriptEvent::Asked(Ask::SendToPlayer {
        peer: 1,
        message: said(5, false),
    })));
    assert_eq!(game.sent(), ["ws 1: op 5 from -1 \"s\""]);
}
