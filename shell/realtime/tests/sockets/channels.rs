//! Both channels over real sockets: the official client's own bytes, the choice of the channel, order, and addresses that change.

use crate::support::*;
use bytes::Bytes;
use wire::{Message, Packet, op, peer};

/// The first packets of the official client, byte by byte (official-client.md 1.3).
#[test]
fn c34_the_official_clients_bytes_are_understood() {
    let server = serve(RELAY);
    let mut ws = Raw::open(server.tcp);
    ws.binary(&unhex(
        "28 18ffffffffffffffffff01 3001 7a0b68656c6c6f2d6c6f67696e f2010b0a0770736573732d311002",
    ));
    let answer = ws.received();
    assert!(
        matches!(
            answer.message,
            Some(Message::LoginResult {
                success: true,
                peer_id: 1,
                ..
            })
        ),
        "{answer:?}"
    );
    let udp = udp_socket(&server);
    let mut buffer = [0; 2048];
    for (sent, expected) in [
        (
            "12 0809 18ffffffffffffffffff01 2801 920200",
            op::UDP_CONNECT_SERVER_ACK,
        ),
        (
            "14 0809 1001 18ffffffffffffffffff01 2801 920200",
            op::UDP_CONNECT_SERVER_ACK,
        ),
    ] {
        udp.send(&unhex(sent)).unwrap();
        let size = udp.recv(&mut buffer).unwrap();
        assert_eq!(decode(&buffer[..size]).op_code, expected);
    }
    udp.send(&unhex("14 080d 1002 18ffffffffffffffffff01 2801 920200"))
        .unwrap();
    // Join group 4 by UDP, seq 3; the update comes by WebSocket.
    udp.send(&unhex(
        "16 0813 1003 18ffffffffffffffffff01 2801 c202020804",
    ))
    .unwrap();
    let update = ws.received();
    assert_eq!(update.op_code, op::GROUP_MEMBERSHIP_UPDATE);
    assert_eq!(
        update.message,
        Some(Message::GroupMembershipUpdate {
            group: 4,
            players: vec![1]
        })
    );
    // A message to the group by UDP comes back by UDP, a reliable one by WebSocket.
    udp.send(&unhex("0b 0864 1004 2004 2801 7a0101")).unwrap();
    let size = udp.recv(&mut buffer).unwrap();
    let echo = decode(&buffer[..size]);
    assert_eq!(
        (echo.op_code, echo.target_group, echo.sender, echo.reliable),
        (50, 4, 1, false)
    );
    ws.binary(&unhex("0b 0864 2004 2801 3001 7a0102"));
    let echo = ws.received();
    assert_eq!(
        (echo.op_code, echo.reliable, &echo.payload[..]),
        (50, true, &[2][..])
    );
}

#[test]
fn c02_one_message_by_each_channel() {
    let server = serve(RELAY);
    let mut a = server.player("a");
    let mut b = server.player("b");
    b.open_fast_channel();
    a.open_fast_channel();
    // The handshakes end with a packet that has no answer: a message of one's own shows that they are through.
    let (one, two) = (a.peer, b.peer);
    b.fast(&to_peer(1, two, b""));
    b.datagram();
    a.fast(&to_peer(1, one, b""));
    a.datagram();
    a.ws.packet(&to_peer(7, two, b"reliable"));
    a.fast(&to_peer(8, two, b"fast"));
    let reliable = b.ws.received();
    assert_eq!((reliable.op_code, reliable.reliable), (7, true));
    let fast = b.datagram();
    assert_eq!((fast.op_code, fast.reliable, fast.sender), (8, false, one));
    assert!(b.barrier().is_empty(), "nothing comes twice");
}

#[test]
fn c41_without_udp_everything_comes_by_websocket() {
    let server = serve(RELAY);
    let mut a = server.player("a");
    let mut b = server.player("b");
    a.open_fast_channel();
    let to = b.peer;
    a.fast(&to_peer(8, to, b"fast"));
    let received = b.ws.received();
    assert_eq!((received.op_code, received.reliable), (8, true));
    // Too large for a datagram, although the channel stands.
    b.open_fast_channel();
    b.fast(&to_peer(1, to, b""));
    b.datagram();
    a.ws.packet(&to_peer(9, to, &[3; 1201]));
    assert_eq!(b.ws.received().payload.len(), 1201);
}

#[test]
fn c37_ten_thousand_reliable_messages_arrive_complete_and_in_order() {
    let server = serve(RELAY);
    let a = server.player("a");
    let mut b = server.player("b");
    let to = b.peer;
    let mut sender = a.ws;
    let writing = std::thread::spawn(move || {
        for n in 0..10_000i32 {
            sender.packet(&to_peer(1, to, &n.to_be_bytes()));
        }
        sender
    });
    for n in 0..10_000i32 {
        assert_eq!(
            b.ws.received().payload,
            Bytes::copy_from_slice(&n.to_be_bytes())
        );
    }
    drop(writing.join().unwrap());
}

#[test]
fn c38_late_and_doubled_datagrams_are_dropped() {
    let server = serve(RELAY);
    let mut a = server.player("a");
    a.open_fast_channel();
    let me = a.peer;
    let base = a.sequence;
    for (step, text) in [
        (0, "0"),
        (2, "2"),
        (1, "late"),
        (2, "double"),
        (3, "3"),
        (9, "9"),
        (4, "late"),
    ] {
        a.sequence = base + step;
        a.fast(&to_peer(1, me, text.as_bytes()));
    }
    a.sequence = base + 10;
    a.fast(&to_peer(1, me, b"end"));
    let mut seen = Vec::new();
    let mut last = -1;
    loop {
        let packet = a.datagram();
        assert!(
            packet.sequence_number > last,
            "the server's own numbers rise"
        );
        last = packet.sequence_number;
        if packet.payload == "end" {
            break;
        }
        seen.push(String::from_utf8(packet.payload.to_vec()).unwrap());
    }
    assert_eq!(seen, ["0", "2", "3", "9"]);
}

#[test]
fn c42_any_op_code_is_preserved_and_an_absent_payload_is_empty() {
    let server = serve(RELAY);
    let mut a = server.player("a");
    let me = a.peer;
    for op_code in [1, 127, 128, i32::MAX, i32::MIN, -500, -4, -16, -1000] {
        a.ws.packet(&to_peer(op_code, me, b""));
        let packet = a.ws.received();
        assert_eq!((packet.op_code, packet.payload.len()), (op_code, 0));
    }
}

#[test]
fn c44_c46_groups_over_both_channels() {
    let server = serve(RELAY);
    let mut a = server.player("a");
    let mut b = server.player("b");
    let mut c = server.player("c");
    a.ws.packet(&to_group(1, peer::ALL_PLAYERS, b"all"));
    for player in [&mut a, &mut b, &mut c] {
        assert_eq!(player.ws.received().payload, "all");
    }
    for player in [&mut a, &mut b] {
        player.ws.packet(&Packet {
            op_code: op::JOIN_GROUP,
            target_player: peer::SERVER,
            message: Some(Message::JoinGroup { group: 7 }),
            ..Packet::default()
        });
        assert_eq!(player.ws.received().op_code, op::GROUP_MEMBERSHIP_UPDATE);
    }
    a.barrier();
    a.ws.packet(&to_group(2, 7, b"seven"));
    assert_eq!(a.ws.received().payload, "seven");
    assert_eq!(b.ws.received().payload, "seven");
    c.ws.packet(&to_group(2, 7, b"from outside"));
    assert!(c.barrier().is_empty());
    assert!(b.barrier().is_empty());
    assert!(a.barrier().is_empty());
}

/// A new local port of the same machine is a NAT that has changed its mind: traffic follows.
#[test]
fn r04_a_new_port_is_adopted() {
    let server = serve(RELAY);
    let mut a = server.player("a");
    a.open_fast_channel();
    let me = a.peer;
    a.fast(&to_peer(1, me, b"old"));
    assert_eq!(a.datagram().payload, "old");
    a.udp = udp_socket(&server);
    a.fast(&to_peer(1, me, b"new"));
    assert_eq!(a.datagram().payload, "new");
}

#[test]
fn r03_a_lost_client_ack_is_made_up_by_any_packet() {
    let server = serve(RELAY);
    let mut a = server.player("a");
    a.udp_connect();
    a.udp_connect();
    assert_eq!(a.datagram().op_code, op::UDP_CONNECT_SERVER_ACK);
    assert_eq!(a.datagram().op_code, op::UDP_CONNECT_SERVER_ACK);
    let me = a.peer;
    a.fast(&to_peer(1, me, b"proof"));
    assert_eq!(a.datagram().payload, "proof");
}

/// The same local port after a reconnect: a new peer at a known address.
#[test]
fn a_reconnect_from_the_same_port_is_a_new_peer() {
    let server = serve(RELAY);
    let mut a = server.player("a");
    a.open_fast_channel();
    let udp = a.udp.try_clone().unwrap();
    a.ws.send(&Frame {
        fin: true,
        opcode: CLOSE,
        payload: 1000u16.to_be_bytes().to_vec(),
    });
    assert_eq!(a.ws.close_code(), 1000);
    let mut b = server.player("b");
    b.udp = udp;
    b.open_fast_channel();
    let me = b.peer;
    assert_ne!(me, a.peer);
    b.fast(&to_peer(1, me, b"mine"));
    assert_eq!(b.datagram().payload, "mine");
}

/// One server port for both IP families, when no address is given.
#[test]
fn both_ip_families_are_served() {
    let mut server = draft(RELAY).with(|settings| settings.bind = None).start();
    let mut four = server.player("four");
    four.open_fast_channel();
    if std::net::TcpListener::bind("[::1]:0").is_err() {
        return; // a machine without IPv6 has nothing more to show
    }
    let six = std::net::IpAddr::V6(std::net::Ipv6Addr::LOCALHOST);
    server.tcp.set_ip(six);
    server.udp.set_ip(six);
    let mut six = server.player("six");
    six.open_fast_channel();
    let (a, b) = (four.peer, six.peer);
    six.fast(&to_peer(1, b, b""));
    six.datagram();
    four.fast(&to_peer(2, b, b"across"));
    assert_eq!(six.datagram().payload, "across");
    six.ws.packet(&to_peer(3, a, b"back"));
    assert_eq!(four.ws.received().payload, "back");
}

/// C08: what each sends reaches every other, byte for byte.
#[test]
fn c08_everybody_hears_everybody() {
    let server = serve(RELAY);
    let mut players: Vec<_> = (0..8).map(|n| server.player(&n.to_string())).collect();
    let bytes: Vec<u8> = (0..=255).collect();
    for player in &mut players {
        let op_code = player.peer;
        player
            .ws
            .packet(&to_group(op_code, peer::ALL_PLAYERS, &bytes));
    }
    for player in &mut players {
        let mut heard: Vec<i32> = (0..8)
            .map(|_| {
                let packet = player.ws.received();
                assert_eq!(packet.payload, bytes);
                assert_eq!(packet.op_code, packet.sender);
                packet.sender
            })
            .collect();
        heard.sort_unstable();
        assert_eq!(heard, [1, 2, 3, 4, 5, 6, 7, 8]);
    }
}
