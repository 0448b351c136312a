//! Whatever the packet, it survives the wire; whatever the bytes, decoding ends with a packet or a named error.

use bytes::Bytes;
use proptest::prelude::*;
use wire::{Datagram, Message, Packet, decode, encode, encoded_len};

fn message() -> impl Strategy<Value = Option<Message>> {
    let inner = (
        any::<i32>(),
        any::<i32>(),
        any::<bool>(),
        ".{0,9}",
        ".{0,9}",
        any::<Vec<u8>>(),
    );
    let players = prop::collection::vec(any::<i32>(), 0..9);
    (0..14, inner, players).prop_map(|(kind, inner, players)| {
        let (a, b, flag, text, other, bytes) = inner;
        Some(match kind {
            0 => Message::Login {
                player_session_id: text,
                client_version: a,
            },
            1 => Message::LoginResult {
                success: flag,
                reconnect_token: text,
                peer_id: a,
                fast_port: b,
                ca_cert: bytes.into(),
                connect_token: other,
            },
            2 => Message::Ping,
            3 => Message::PingResult,
            4 => Message::UdpConnect,
            5 => Message::PlayerConnect { peer_id: a },
            6 => Message::PlayerDisconnect { peer_id: a },
            7 => Message::VerifyIdentity {
                peer_id: a,
                connect_token: text,
            },
            8 => Message::VerifyIdentityResult {
                success: flag,
                peer_id: a,
            },
            9 => Message::JoinGroup { group: a },
            10 => Message::LeaveGroup { group: a },
            11 => Message::RequestGroupMembership { group: a },
            12 => Message::GroupMembershipUpdate { group: a, players },
            _ => return None,
        })
    })
}

fn packet() -> impl Strategy<Value = Packet> {
    let numbers = any::<[i32; 6]>();
    (numbers, any::<bool>(), any::<Vec<u8>>(), message()).prop_map(
        |(
            [
                op_code,
                sequence_number,
                target_player,
                target_group,
                sender,
                client_version,
            ],
            reliable,
            payload,
            message,
        )| Packet {
            op_code,
            sequence_number,
            target_player,
            target_group,
            sender,
            reliable,
            client_version,
            payload: payload.into(),
            message,
        },
    )
}

proptest! {
    #[test]
    fn every_packet_comes_back(packet in packet(), rest in any::<Vec<u8>>()) {
        let frame = encode(&packet);
        prop_assert_eq!(frame.len(), encoded_len(&packet));
        let datagram = Datagram::new(packet.clone()).with_sequence_number(packet.sequence_number);
        prop_assert_eq!(&datagram, &frame);
        let mut message = Bytes::from([&frame[..], &rest[..]].concat());
        prop_assert_eq!(decode(&mut message), Ok(packet));
        prop_assert_eq!(message, rest);
    }

    #[test]
    fn r13_no_bytes_make_it_panic(bytes in any::<Vec<u8>>()) {
        let mut bytes = Bytes::from(bytes);
        while !bytes.is_empty() && decode(&mut bytes).is_ok() {}
    }

    #[test]
    fn r13_no_damage_makes_it_panic(packet in packet(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut frame = encode(&packet).to_vec();
        let at = at.index(frame.len());
        frame[at] = byte;
        if let Ok(packet) = decode(&mut frame.into()) {
            // What was understood can be said again.
            prop_assert_eq!(decode(&mut encode(&packet)), Ok(packet));
        }
    }
}
