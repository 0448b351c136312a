//! R13: no bytes make the decoder panic, and what is encoded is decoded.

use bytes::Bytes;
use proptest::prelude::*;
use wire::{Message, Packet, decode, encode};

fn message() -> impl Strategy<Value = Message> {
    prop_oneof![
        Just(Message::UdpConnect),
        Just(Message::Ping),
        any::<i32>().prop_map(|group| Message::JoinGroup { group }),
        (any::<String>(), any::<i32>()).prop_map(|(player_session_id, client_version)| {
            Message::Login {
                player_session_id,
                client_version,
            }
        }),
        (any::<i32>(), any::<String>()).prop_map(|(peer_id, connect_token)| {
            Message::VerifyIdentity {
                peer_id,
                connect_token,
            }
        }),
        (any::<i32>(), prop::collection::vec(any::<i32>(), 0..40))
            .prop_map(|(group, players)| Message::GroupMembershipUpdate { group, players }),
    ]
}

fn packet() -> impl Strategy<Value = Packet> {
    let numbers = (
        any::<i32>(),
        any::<i32>(),
        any::<i32>(),
        any::<i32>(),
        any::<i32>(),
    );
    let rest = (
        any::<bool>(),
        prop::collection::vec(any::<u8>(), 0..300),
        prop::option::of(message()),
    );
    (numbers, rest).prop_map(
        |((op_code, sequence_number, target_player, target_group, sender), rest)| Packet {
            op_code,
            sequence_number,
            target_player,
            target_group,
            sender,
            reliable: rest.0,
            client_version: 0,
            payload: Bytes::from(rest.1),
            message: rest.2,
        },
    )
}

proptest! {
    #[test]
    fn what_is_encoded_is_decoded(packet in packet()) {
        let mut bytes = encode(&packet);
        prop_assert_eq!(decode(&mut bytes), Ok(packet));
        prop_assert!(bytes.is_empty());
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let mut bytes = Bytes::from(bytes);
        while decode(&mut bytes).is_ok() {}
    }

    #[test]
    fn a_cut_frame_is_truncated_never_another_packet(packet in packet(), cut in 0usize..1000) {
        let whole = encode(&packet);
        let cut = cut % whole.len();
        prop_assert!(decode(&mut whole.slice(..cut)).is_err());
    }
}
