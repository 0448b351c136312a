//! R08: golden packets, byte for byte in both directions. `vectors/golden.json` is the contract for other languages too.

#![expect(
    clippy::unwrap_used,
    reason = "the vectors are checked in; a bad one shall end the test"
)]

use bytes::Bytes;
use serde_json::Value;
use wire::{Datagram, Malformed, Message, Packet, decode, encode};

fn unhex(text: &str) -> Bytes {
    let byte = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
    (0..text.len())
        .step_by(2)
        .map(byte)
        .collect::<Vec<u8>>()
        .into()
}

fn int(value: &Value) -> i32 {
    value
        .as_i64()
        .map_or(0, |number| i32::try_from(number).unwrap())
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn packet(value: &Value) -> Packet {
    Packet {
        op_code: int(&value["opCode"]),
        sequence_number: int(&value["sequenceNumber"]),
        target_player: int(&value["targetPlayer"]),
        target_group: int(&value["targetGroup"]),
        sender: int(&value["sender"]),
        reliable: value["reliable"] == true,
        client_version: 0,
        payload: unhex(value["payload"].as_str().unwrap_or_default()),
        message: value
            .as_object()
            .unwrap()
            .iter()
            .find_map(|(name, inner)| message(name, inner)),
    }
}

fn message(name: &str, inner: &Value) -> Option<Message> {
    Some(match name {
        "login" => Message::Login {
            player_session_id: text(&inner["playerSessionId"]),
            client_version: int(&inner["clientVersion"]),
        },
        "loginResult" => Message::LoginResult {
            success: inner["success"] == true,
            reconnect_token: text(&inner["reconnectToken"]),
            peer_id: int(&inner["peerId"]),
            fast_port: int(&inner["fastPort"]),
            ca_cert: Bytes::new(),
            connect_token: text(&inner["connectToken"]),
        },
        "udpConnect" => Message::UdpConnect,
        "verifyIdentity" => Message::VerifyIdentity {
            peer_id: int(&inner["peerId"]),
            connect_token: text(&inner["connectToken"]),
        },
        "verifyIdentityResult" => Message::VerifyIdentityResult {
            success: inner["success"] == true,
            peer_id: int(&inner["peerId"]),
        },
        "joinGroup" => Message::JoinGroup {
            group: int(&inner["group"]),
        },
        "groupMembershipUpdate" => Message::GroupMembershipUpdate {
            group: int(&inner["group"]),
            players: inner["players"]
                .as_array()
                .unwrap()
                .iter()
                .map(int)
                .collect(),
        },
        _ => return None,
    })
}

#[test]
fn golden_packets_are_read_and_written_byte_for_byte() {
    let vectors: Vec<Value> = serde_json::from_str(include_str!("../vectors/golden.json")).unwrap();
    assert!(vectors.len() >= 20);
    for vector in vectors {
        let name = &vector["name"];
        let bytes = unhex(vector["hex"].as_str().unwrap());
        let packet = packet(&vector["packet"]);
        assert_eq!(encode(&packet), bytes, "{name}");
        let sequence_number = packet.sequence_number;
        assert_eq!(
            Datagram::new(packet.clone()).with_sequence_number(sequence_number),
            bytes,
            "{name}"
        );
        let mut rest = bytes;
        assert_eq!(decode(&mut rest), Ok(packet), "{name}");
        assert!(rest.is_empty(), "{name}");
    }
}

#[test]
fn frames_are_taken_one_by_one() {
    let one = encode(&Packet {
        op_code: 1,
        ..Packet::default()
    });
    let mut both = Bytes::from([&one[..], &one[..], &[0]].concat());
    assert_eq!(decode(&mut both).unwrap().op_code, 1);
    assert_eq!(decode(&mut both).unwrap().op_code, 1);
    assert_eq!(
        decode(&mut both),
        Ok(Packet::default()),
        "a frame of length 0 is a packet of defaults"
    );
    assert_eq!(decode(&mut both), Err(Malformed::Empty));
}

#[test]
fn what_is_malformed_is_refused() {
    let cases = [
        "05",
        "80",
        "ffffffffffffffffffff01",
        "0100",
        "0208",
        "010b",
        "037a0561",
        "05f201020aff",
        "06f201030a01ff",
        "020d01",
        "",
    ];
    for hex in cases {
        let mut bytes = unhex(hex);
        assert!(decode(&mut bytes).is_err(), "{hex}");
    }
}

#[test]
fn what_protobuf_tolerates_is_read() {
    // A padded length, an unknown field of each wire type, an unpacked list.
    let hex = "9a0008196008aa0500c1070102030405060708cd0501020304da020608031001100a";
    let mut bytes = unhex(hex);
    let frame = Bytes::from(
        [
            &[(bytes.len() as u8 - 2) | 0x80, 0][..],
            &bytes.split_off(2)[..],
        ]
        .concat(),
    );
    let mut frame = frame;
    let packet = decode(&mut frame).unwrap();
    assert_eq!(packet.op_code, -13);
    assert_eq!(
        packet.message,
        Some(Message::GroupMembershipUpdate {
            group: 3,
            players: vec![1, 10]
        })
    );
}
