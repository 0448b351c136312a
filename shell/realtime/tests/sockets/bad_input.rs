//! R01, R02: whatever a connection does wrong, only that connection suffers.

use std::io::{Read, Write};

use crate::support::*;
use wire::{Message, Packet, op, peer};

/// What a client does with its connection, and the close code that it gets for it.
type Offence = (&'static str, fn(&mut Raw), u16);

const OFFENCES: &[Offence] = &[
    (
        "a text frame",
        |raw| {
            raw.send(&Frame {
                fin: true,
                opcode: TEXT,
                payload: b"{\"opCode\":1}".to_vec(),
            })
        },
        1003,
    ),
    (
        "a text frame that is no text",
        |raw| {
            raw.send(&Frame {
                fin: true,
                opcode: TEXT,
                payload: vec![0xff, 0xfe],
            })
        },
        1003,
    ),
    (
        "a message too big",
        |raw| raw.binary(&vec![0; 16 * 1024 + 1]),
        1009,
    ),
    (
        "a frame that announces 2^62 bytes",
        |raw| {
            raw.send_raw(&[0x82, 0xff, 0x40, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4]);
        },
        1009,
    ),
    (
        "fragments too big together",
        |raw| {
            raw.send(&Frame {
                fin: false,
                opcode: BINARY,
                payload: vec![0; 10_000],
            });
            raw.send(&Frame {
                fin: true,
                opcode: 0,
                payload: vec![0; 10_000],
            });
        },
        1009,
    ),
    ("an empty message", |raw| raw.binary(b""), 1007),
    ("garbage", |raw| raw.binary(&[0xff; 40]), 1007),
    (
        "a frame shorter than it says",
        |raw| raw.binary(&[0x20, 0x08, 0x02]),
        1007,
    ),
    ("a length without end", |raw| raw.binary(&[0x80; 11]), 1007),
    (
        "an unmasked frame",
        |raw| {
            let frame = Frame {
                fin: true,
                opcode: BINARY,
                payload: vec![0],
            };
            raw.send_raw(&encode_frame(&frame, false));
        },
        1007,
    ),
    (
        "a reserved opcode",
        |raw| {
            raw.send(&Frame {
                fin: true,
                opcode: 5,
                payload: vec![],
            })
        },
        1007,
    ),
    (
        "a continuation of nothing",
        |raw| {
            raw.send(&Frame {
                fin: true,
                opcode: 0,
                payload: vec![0],
            })
        },
        1007,
    ),
    (
        "a ping too long",
        |raw| {
            raw.send(&Frame {
                fin: true,
                opcode: PING,
                payload: vec![0; 126],
            })
        },
        1007,
    ),
    (
        "reserved bits",
        |raw| raw.send_raw(&[0xc2, 0x80, 1, 2, 3, 4]),
        1007,
    ),
];

/// Every offence, before and after the login; a bystander plays on all the time.
#[test]
fn r01_offences_end_one_connection_only() {
    let server = serve(RELAY);
    let mut bystander = server.player("bystander");
    for (n, (name, offend, code)) in OFFENCES.iter().enumerate() {
        let mut stranger = Raw::open(server.tcp);
        offend(&mut stranger);
        assert_eq!(stranger.close_code(), *code, "{name}, by a stranger");
        stranger.end();
        let mut player = server.player(&format!("offender-{n}"));
        offend(&mut player.ws);
        assert_eq!(player.ws.close_code(), *code, "{name}, by a player");
        player.ws.end();
        assert!(
            bystander.barrier().is_empty(),
            "{name}: nothing reaches others"
        );
    }
}

#[test]
fn r01_fragments_and_several_frames_in_a_message_are_read() {
    let server = serve(RELAY);
    let mut player = server.player("a");
    let me = player.peer;
    let whole = wire::encode(&to_peer(5, me, &[7; 3000]));
    player.ws.send(&Frame {
        fin: false,
        opcode: BINARY,
        payload: whole[..1].to_vec(),
    });
    player.ws.send(&Frame {
        fin: true,
        opcode: PING,
        payload: b"between".to_vec(),
    });
    player.ws.send(&Frame {
        fin: false,
        opcode: 0,
        payload: whole[1..2000].to_vec(),
    });
    player.ws.send(&Frame {
        fin: true,
        opcode: 0,
        payload: whole[2000..].to_vec(),
    });
    let pong = player.ws.next().unwrap();
    assert_eq!((pong.opcode, &pong.payload[..]), (PONG, &b"between"[..]));
    assert_eq!(player.ws.received().payload, vec![7; 3000]);
    let mut glued = wire::encode(&to_peer(6, me, b"first")).to_vec();
    glued.extend_from_slice(&wire::encode(&to_peer(7, me, b"second")));
    glued.push(0xff);
    player.ws.binary(&glued);
    assert_eq!(player.ws.received().op_code, 6);
    assert_eq!(player.ws.received().op_code, 7);
    assert!(
        player.barrier().is_empty(),
        "bytes after a good packet are ignored"
    );
}

#[test]
fn r01_bad_upgrades_are_answered_and_closed() {
    let server = serve(RELAY);
    let good = upgrade_request("/");
    let cases = [
        ("POST / HTTP/1.1\r\nHost: x\r\n\r\n".to_owned(), "426"),
        ("GET / HTTP/1.1\r\nHost: x\r\n\r\n".to_owned(), "426"),
        ("GET / HTTP/1.0\r\nHost: x\r\n\r\n".to_owned(), "400"),
        (good.replace("Version: 13", "Version: 8"), "426"),
        (good.replace("ZjkwMzM3MjItMTA3OS00Mw==", "short"), "400"),
        ("\0\u{1}\u{2}nonsense\r\n\r\n".to_owned(), "400"),
        (
            format!("GET / HTTP/1.1\r\nA: {}\r\n\r\n", "x".repeat(20_000)),
            "431",
        ),
    ];
    for (request, status) in cases {
        let mut stream = tcp(server.tcp);
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{request:?}: {answer}"
        );
    }
    server.player("still-works");
}

#[test]
fn r01_a_slow_upgrade_is_cut_off() {
    let server = draft(RELAY)
        .with(|settings| settings.limits.upgrade_timeout_ms = 50)
        .start();
    let mut stream = tcp(server.tcp);
    stream.write_all(b"GET / HTTP/1.1\r\nX: ").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
}

#[test]
fn any_path_is_welcome_and_no_extension_or_protocol_is_taken_up() {
    let server = serve(RELAY);
    for path in ["/", "/websocket", "/a/b?c=d"] {
        let mut raw = Raw::open_at(server.tcp, path);
        raw.packet(&login(path));
        assert_eq!(raw.received().op_code, op::LOGIN_RESPONSE);
    }
    let mut stream = tcp(server.tcp);
    let request = upgrade_request("/").replace(
        "Origin:",
        "Sec-WebSocket-Extensions: permessage-deflate\r\nSec-WebSocket-Protocol: game\r\nOrigin:",
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut head = [0; 1024];
    let size = stream.read(&mut head).unwrap();
    let head = String::from_utf8_lossy(&head[..size]).to_lowercase();
    assert!(head.starts_with("http/1.1 101 "), "{head}");
    assert!(
        !head.contains("extensions") && !head.contains("protocol:"),
        "{head}"
    );
    assert!(head.contains("sec-websocket-accept: "), "{head}");
}

#[test]
fn only_allowed_origins_may_enter_when_there_is_a_list() {
    let server = draft(RELAY)
        .with(|settings| settings.rules.allowed_origins = vec!["https://game.example".into()])
        .start();
    let answer_to = |request: String| {
        let mut stream = tcp(server.tcp);
        stream.write_all(request.as_bytes()).unwrap();
        let mut head = [0; 12];
        stream.read_exact(&mut head).unwrap();
        String::from_utf8_lossy(&head).into_owned()
    };
    let request = upgrade_request("/");
    assert_eq!(answer_to(request.clone()), "HTTP/1.1 403");
    assert_eq!(
        answer_to(request.replace("ws://127.0.0.1:7001", "https://game.example")),
        "HTTP/1.1 101"
    );
    let native = request.replace("Origin: ws://127.0.0.1:7001\r\n", "");
    assert_eq!(answer_to(native), "HTTP/1.1 101");
}

#[test]
fn c43_4096_bytes_pass_and_4097_harm_nobody() {
    let server = serve(RELAY);
    let mut player = server.player("a");
    let me = player.peer;
    let bytes: Vec<u8> = (0..=255).cycle().take(4096).collect();
    for size in [0, 1, 1200, 1201, 4096] {
        player.ws.packet(&to_peer(9, me, &bytes[..size]));
        assert_eq!(player.ws.received().payload, bytes[..size], "{size} bytes");
    }
    player.ws.packet(&to_peer(9, me, &[1; 4097]));
    assert!(
        player.barrier().is_empty(),
        "refused, and the connection goes on"
    );
}

#[test]
fn r02_forged_senders_and_server_packets_have_no_effect() {
    let server = serve(RELAY);
    let mut eve = server.player("eve");
    let mut bob = server.player("bob");
    for op_code in [
        op::LOGIN_RESPONSE,
        op::UDP_CONNECT_SERVER_ACK,
        op::GROUP_MEMBERSHIP_UPDATE,
        op::VERIFY_IDENTITY_RESPONSE,
    ] {
        eve.ws.packet(&to_peer(op_code, bob.peer, b"forged"));
    }
    let forged = Packet {
        sender: peer::SERVER,
        ..to_peer(3, bob.peer, b"hi")
    };
    eve.ws.packet(&forged);
    let received = bob.ws.received();
    assert_eq!((received.op_code, received.sender), (3, eve.peer));
    assert!(bob.barrier().is_empty());
}

#[test]
fn r02_spoofed_replayed_and_malformed_datagrams_have_no_effect() {
    let server = draft(RELAY).with(|settings| settings.bind = None).start();
    let mut bob = server.player("bob");
    bob.open_fast_channel();
    // From another address of this machine: the source check refuses it, whatever it claims.
    let elsewhere = std::net::UdpSocket::bind("127.0.0.9:0").unwrap();
    let spoofed = Packet {
        sequence_number: 1000,
        sender: bob.peer,
        ..to_peer(66, bob.peer, b"spoofed")
    };
    elsewhere
        .send_to(&wire::encode(&spoofed), ("127.0.0.1", server.udp.port()))
        .unwrap();
    for garbage in [&b""[..], b"\xff\xff\xff", b"\x05\x08", &[0x80; 2000]] {
        bob.udp.send(garbage).unwrap();
    }
    let me = bob.peer;
    bob.fast(&to_peer(4, me, b"one"));
    assert_eq!(bob.datagram().payload, "one");
    bob.sequence -= 1;
    bob.fast(&to_peer(4, me, b"replayed"));
    bob.fast(&to_peer(4, me, b"two"));
    assert_eq!(bob.datagram().payload, "two");
    assert!(bob.barrier().is_empty());
}

#[test]
fn anything_before_a_login_and_a_refused_login_close_with_1008() {
    let server = draft(RELAY)
        .with(|settings| {
            settings.link = realtime::LinkSettings::Standalone(realtime::Standalone {
                accept: realtime::Accept::List(vec!["a".into()]),
                ..Default::default()
            });
        })
        .start();
    let mut early = Raw::open(server.tcp);
    early.packet(&to_group(1, peer::ALL_PLAYERS, b"x"));
    assert_eq!(early.close_code(), 1008);
    let mut unknown = Raw::open(server.tcp);
    unknown.packet(&login("b"));
    let answer = unknown.received();
    assert!(
        matches!(
            answer.message,
            Some(Message::LoginResult {
                success: false,
                peer_id: 0,
                ..
            })
        ),
        "{answer:?}"
    );
    assert_eq!(unknown.close_code(), 1008);
    let mut known = server.player("a");
    // R11: the same player session a second time is refused, the first is undisturbed.
    let mut twice = Raw::open(server.tcp);
    twice.packet(&login("a"));
    assert_eq!(twice.close_code(), 1008);
    assert!(known.barrier().is_empty());
}

#[test]
fn slow_logins_are_closed() {
    let server = draft(RELAY)
        .with(|settings| settings.rules.login_timeout_ms = 50)
        .start();
    let mut raw = Raw::open(server.tcp);
    assert_eq!(raw.close_code(), 1008);
}

/// R13: a thousand pieces of noise on each socket, some of them damaged packets; whoever plays goes on playing.
#[test]
fn r13_noise_panics_nobody() {
    let server = serve(RELAY);
    let mut bystander = server.player("bystander");
    let udp = udp_socket(&server);
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let good = wire::encode(&login("noise"));
    for n in 0..1000 {
        let mut noise: Vec<u8> = if n % 2 == 0 {
            good.to_vec()
        } else {
            (0..random() % 64).map(|_| random() as u8).collect()
        };
        let at = random() as usize % noise.len().max(1);
        if let Some(byte) = noise.get_mut(at) {
            *byte = random() as u8;
        }
        udp.send(&noise).unwrap();
        if n % 10 == 0 {
            let mut stranger = Raw::open(server.tcp);
            stranger.binary(&noise);
            let mut player = server.player(&format!("noisy-{n}"));
            player.ws.binary(&noise);
        }
    }
    assert!(bystander.barrier().iter().all(|packet| packet.sender != 0));
}

#[test]
fn text_messages_are_packets_in_json_when_that_is_switched_on() {
    let server = draft(RELAY)
        .with(|settings| settings.rules.accept_text_json = true)
        .start();
    let mut raw = Raw::open(server.tcp);
    let text = |raw: &mut Raw, json: &str| {
        raw.send(&Frame {
            fin: true,
            opcode: TEXT,
            payload: json.as_bytes().to_vec(),
        });
    };
    text(
        &mut raw,
        r#"{"targetPlayer":-1,"login":{"playerSessionId":"a","clientVersion":2}}"#,
    );
    assert_eq!(raw.received().op_code, op::LOGIN_RESPONSE);
    text(
        &mut raw,
        r#"{"opCode":5,"targetGroup":-1,"payload":"aGk="}"#,
    );
    assert_eq!(raw.received().payload, "hi");
    text(&mut raw, "no packet");
    assert_eq!(raw.close_code(), 1003);
}
