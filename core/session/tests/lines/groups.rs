//! Groups and who is told about them.

use crate::game::{Game, join, leave, members, said, to_group};
use session::{Ask, ConnId, Input, LogLevel, Outcome, ScriptEvent};
use wire::{Packet, op};

fn three(callbacks: &[&str]) -> Game {
    let mut game = Game::active(callbacks);
    (1..=3).for_each(|conn| game.login(conn));
    game.out.clear();
    game.called.clear();
    game
}

#[test]
fn c44_everybody_is_in_the_group_of_all() {
    let mut game = three(&[]);
    game.give(Input::Script(ScriptEvent::Asked(Ask::SendToGroup {
        group: -1,
        message: said(9, true),
    })));
    assert_eq!(game.sent(), ["ws 1,2,3: op 9 from -1 \"s\""]);
    game.ws(2, members(-1));
    assert_eq!(game.sent(), ["ws 2: members of -1: [1, 2, 3]"]);
}

#[test]
fn c45_c46_several_groups_and_only_members_send_and_receive() {
    let mut game = three(&[]);
    game.ws(1, join(4));
    game.ws(2, join(4));
    game.ws(1, join(5));
    game.ws(3, join(5));
    game.out.clear();
    game.ws(1, to_group(10, 4));
    game.ws(1, to_group(11, 5));
    game.ws(3, to_group(12, 4));
    assert!(game.logged(LogLevel::Warn, "Player 3 is not in group 4"));
    assert_eq!(
        game.sent(),
        ["ws 1,2: op 10 from 1 \"x\"", "ws 1,3: op 11 from 1 \"x\""]
    );
    game.ws(1, leave(4));
    game.out.clear();
    game.ws(1, to_group(13, 4));
    game.ws(2, to_group(14, 4));
    game.ws(1, to_group(15, 5));
    assert_eq!(
        game.sent(),
        ["ws 2: op 14 from 2 \"x\"", "ws 1,3: op 15 from 1 \"x\""]
    );
}

#[test]
fn c47_updates_on_join_leave_disconnect_and_request_also_by_udp() {
    let mut game = three(&[]);
    game.fast(1, 1);
    game.udp(1, 2, join(4));
    assert_eq!(
        game.sent(),
        ["ws 1: members of 4: [1]"],
        "-13 goes by WebSocket"
    );
    game.ws(2, join(4));
    assert_eq!(
        game.sent(),
        ["ws 1: members of 4: [1, 2]", "ws 2: members of 4: [1, 2]"]
    );
    game.udp(1, 3, members(4));
    assert_eq!(game.sent(), ["ws 1: members of 4: [1, 2]"]);
    game.ws(3, members(99));
    assert_eq!(game.sent(), ["ws 3: members of 99: []"], "an empty group");
    game.ws(2, leave(4));
    assert_eq!(
        game.sent(),
        ["ws 1: members of 4: [1]", "ws 2: members of 4: [1]"]
    );
    game.ws(2, join(4));
    game.out.clear();
    game.give(Input::Closed(ConnId(1)));
    assert_eq!(game.sent(), ["ws 2: members of 4: [2]"]);
}

#[test]
fn c56_a_refused_join_corrects_the_clients_view() {
    let mut game = three(&["onPlayerJoinGroup", "onPlayerLeaveGroup"]);
    game.answer("onPlayerJoinGroup", Some(Outcome::Returned(false)));
    game.ws(1, join(4));
    assert_eq!(game.called, ["onPlayerJoinGroup 4 1"]);
    assert_eq!(game.sent(), ["ws 1: members of 4: []"]);
    game.answer("onPlayerJoinGroup", Some(Outcome::Returned(true)));
    game.ws(1, join(4));
    game.answer("onPlayerLeaveGroup", Some(Outcome::Returned(false)));
    game.out.clear();
    game.ws(1, leave(4));
    assert_eq!(game.sent(), ["ws 1: members of 4: [1]"]);
    game.called.clear();
    game.ws(2, leave(4));
    assert!(
        game.called.is_empty(),
        "who is no member is not asked about"
    );
    assert_eq!(game.sent(), ["ws 2: members of 4: [1]"]);
}

#[test]
fn c59_on_disconnect_the_script_comes_first_and_the_leaver_gets_nothing() {
    let mut game = three(&["onPlayerDisconnect"]);
    game.ws(1, join(4));
    game.ws(2, join(4));
    let ask = vec![
        Ask::SendToGroup {
            group: -1,
            message: said(9, true),
        },
        Ask::SendToPlayer {
            peer: 1,
            message: said(8, true),
        },
    ];
    game.answers
        .insert("onPlayerDisconnect", (ask, Some(Outcome::Returned(true))));
    game.out.clear();
    game.give(Input::Closed(ConnId(1)));
    assert_eq!(
        game.sent(),
        ["ws 2,3: op 9 from -1 \"s\"", "ws 2: members of 4: [2]"]
    );
}

#[test]
fn groups_that_cannot_be() {
    let mut game = three(&[]);
    for group in [0, -1, -7] {
        game.ws(1, join(group));
        game.ws(1, leave(group));
    }
    game.ws(
        1,
        Packet {
            op_code: op::JOIN_GROUP,
            target_player: -1,
            ..Packet::default()
        },
    );
    assert_eq!(game.sent(), Vec::<String>::new());
    game.ws(1, to_group(1, 0));
    assert_eq!(game.session.counts().dropped.no_target, 1);
}

#[test]
fn g9_the_script_broadcasts_a_membership() {
    let mut game = three(&[]);
    game.ws(1, join(4));
    game.ws(2, join(5));
    game.out.clear();
    game.give(Input::Script(ScriptEvent::Asked(
        Ask::BroadcastMembership { show: 4, to: 5 },
    )));
    assert_eq!(game.sent(), ["ws 2: members of 4: [1]"]);
}

#[test]
fn a_player_joins_only_so_many_groups() {
    let mut game = three(&[]);
    (1..=1024).for_each(|group| game.ws(1, join(group)));
    game.out.clear();
    game.ws(1, join(2000));
    assert!(game.logged(LogLevel::Warn, "joins no more"));
    assert_eq!(game.sent(), ["ws 1: members of 2000: []"]);
}
