//! What a player alone does: the first packets, the pauses of the handshake, which channel a message takes.

use bytes::Bytes;
use ids::{Span, Time};
use player::{Event, Input, Output, Player, Settings};
use wire::{Message, Packet, op};

const START: Time = Time::from_millis(1_000);

fn player(fast: bool) -> Player {
    Player::new(Settings {
        player_session_id: "psess-1".to_owned(),
        payload: Bytes::from_static(b"hello-login"),
        fast,
    })
}

fn drained(player: &mut Player) -> Vec<Output> {
    std::iter::from_fn(|| player.poll_output()).collect()
}

fn login_result(success: bool, fast_port: i32) -> Packet {
    Packet {
        op_code: op::LOGIN_RESPONSE,
        message: Some(Message::LoginResult {
            success,
            reconnect_token: String::new(),
            peer_id: i32::from(success),
            fast_port,
            ca_cert: Bytes::new(),
            connect_token: String::new(),
        }),
        ..Packet::default()
    }
}

fn acknowledgement(sequence_number: i32) -> Packet {
    Packet {
        op_code: op::UDP_CONNECT_SERVER_ACK,
        sequence_number,
        ..Packet::default()
    }
}

fn logged_in(fast_port: i32) -> Player {
    let mut player = player(true);
    player.handle(Input::Opened, START);
    player.handle(Input::Packet(login_result(true, fast_port)), START);
    player
}

fn with_fast() -> Player {
    let mut player = logged_in(33_400);
    player.handle(Input::Datagram(acknowledgement(0)), START);
    drained(&mut player);
    player
}

fn message(size: usize, reliable: bool) -> Input {
    Input::Send {
        op_code: 5,
        target_player: 2,
        target_group: 0,
        reliable,
        payload: Bytes::from(vec![7; size]),
    }
}

fn hex(packet: &Packet) -> String {
    let bytes = wire::encode(packet);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn c34_the_login_is_the_official_clients_byte_for_byte() {
    let mut player = player(true);
    player.handle(Input::Opened, START);
    let [Output::Send(login)] = &drained(&mut player)[..] else {
        panic!("one packet");
    };
    assert_eq!(
        hex(login),
        "2818ffffffffffffffffff0130017a0b68656c6c6f2d6c6f67696ef2010b0a0770736573732d311002"
    );
}

#[test]
fn the_handshake_is_repeated_with_the_official_clients_pauses() {
    let mut player = logged_in(33_400);
    let mut asked = Vec::new();
    let mut now = START;
    while asked.len() < 9 {
        for output in drained(&mut player) {
            if let Output::SendFast(packet) = output {
                assert_eq!(packet.op_code, op::UDP_CONNECT);
                assert_eq!(packet.sequence_number as usize, asked.len());
                asked.push(now.since(START).as_millis());
            }
        }
        now = player.poll_timeout();
        player.handle_timeout(now);
    }
    assert_eq!(
        asked,
        [0, 100, 300, 700, 1_500, 3_100, 6_300, 11_300, 16_300]
    );
}

#[test]
fn a_server_without_a_usable_fast_port_is_played_by_websocket() {
    for fast_port in [0, -1, 70_000, i32::MIN] {
        let mut player = logged_in(fast_port);
        let outputs = drained(&mut player);
        assert!(
            outputs.contains(&Output::Event(Event::LoggedIn { peer_id: 1 })),
            "{fast_port}"
        );
        assert_eq!(player.poll_timeout(), Time::MAX, "{fast_port}");
        player.handle(message(1, false), START);
        assert!(matches!(&drained(&mut player)[..], [Output::Send(packet)] if packet.reliable));
    }
}

#[test]
fn a_refusal_is_told_and_nothing_follows() {
    for answer in [
        login_result(false, 0),
        Packet {
            op_code: op::LOGIN_RESPONSE,
            ..Packet::default()
        },
    ] {
        let mut player = player(true);
        player.handle(Input::Opened, START);
        drained(&mut player);
        player.handle(Input::Packet(answer), START);
        assert_eq!(drained(&mut player), [Output::Event(Event::Refused)]);
        assert_eq!((player.peer_id(), player.poll_timeout()), (0, Time::MAX));
    }
}

#[test]
fn q6_the_channel_by_intent_and_size() {
    let table = [
        (0, false, "udp"),
        (1_200, false, "udp"),
        (1_201, false, "ws"),
        (4_096, false, "ws"),
        (4_097, false, "none"),
        (0, true, "ws"),
        (4_096, true, "ws"),
        (4_097, true, "none"),
    ];
    for (size, reliable, expected) in table {
        let mut player = with_fast();
        player.handle(message(size, reliable), START);
        let used = match &drained(&mut player)[..] {
            [Output::Send(packet)] if packet.reliable && packet.sequence_number == 0 => "ws",
            [Output::SendFast(packet)] if !packet.reliable => "udp",
            [] => "none",
            other => panic!("{other:?}"),
        };
        assert_eq!(used, expected, "{size} bytes, reliable: {reliable}");
    }
}

#[test]
fn q2_late_doubled_and_negative_datagrams_are_refused() {
    let mut player = with_fast();
    let from = |sequence_number| {
        Input::Datagram(Packet {
            op_code: 9,
            sequence_number,
            ..Packet::default()
        })
    };
    let table = [
        (-1, false),
        (0, false),
        (3, true),
        (3, false),
        (2, false),
        (4, true),
        (i32::MAX, true),
        (5, false),
    ];
    for (number, taken) in table {
        player.handle(from(number), START);
        assert_eq!(!drained(&mut player).is_empty(), taken, "{number}");
    }
    player.handle(Input::BadDatagram, START);
    assert_eq!(player.counts().fast_refused, 6);
}

#[test]
fn groups_go_by_the_fast_channel_and_its_end_is_told() {
    let mut player = with_fast();
    player.handle(Input::Join(4), START);
    let [Output::SendFast(join)] = &drained(&mut player)[..] else {
        panic!("one datagram");
    };
    assert_eq!(hex(join), "160813100218ffffffffffffffffff012801c202020804");
    player.handle(Input::FastBroken, START);
    player.handle(Input::FastBroken, START);
    player.handle(Input::Leave(4), START);
    let outputs = drained(&mut player);
    let [closed, Output::Send(leave)] = &outputs[..] else {
        panic!("{outputs:?}");
    };
    assert_eq!(*closed, Output::Event(Event::Fast { open: false }));
    assert!(leave.reliable);
    // It asks again, and an answer opens it again.
    let next = player.poll_timeout();
    assert_eq!(next, START + Span::from_millis(100));
    player.handle_timeout(next);
    player.handle(Input::Datagram(acknowledgement(1)), next);
    assert!(drained(&mut player).contains(&Output::Event(Event::Fast { open: true })));
}

#[test]
fn an_incomplete_server_packet_breaks_nothing() {
    for op_code in [op::GROUP_MEMBERSHIP_UPDATE, op::VERIFY_IDENTITY_RESPONSE] {
        let mut player = with_fast();
        let packet = Packet {
            op_code,
            ..Packet::default()
        };
        player.handle(Input::Packet(packet), START);
        assert_eq!(drained(&mut player), []);
    }
}
