//! The golden frames of `vectors/packets.json`: Appendix A, what the official client really sends, what we tolerate and what not.

use bytes::Bytes;
use serde::Deserialize;
use wire::{Datagram, Malformed, Message, Packet, decode, encode, encoded_len};

#[derive(Deserialize)]
struct File {
    exact: Vec<Good>,
    lenient: Vec<Good>,
    malformed: Vec<Bad>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Good {
    name: String,
    hex: String,
    packet: Shape,
    #[serde(default)]
    rest: usize,
}

#[derive(Deserialize)]
struct Bad {
    name: String,
    hex: String,
    error: String,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
struct Shape {
    op_code: i32,
    sequence_number: i32,
    target_player: i32,
    target_group: i32,
    sender: i32,
    reliable: bool,
    client_version: i32,
    payload: String,
    login: Option<Inner>,
    login_result: Option<Inner>,
    ping: Option<Inner>,
    ping_result: Option<Inner>,
    udp_connect: Option<Inner>,
    player_connect: Option<Inner>,
    player_disconnect: Option<Inner>,
    verify_identity: Option<Inner>,
    verify_identity_result: Option<Inner>,
    join_group: Option<Inner>,
    leave_group: Option<Inner>,
    request_group_membership: Option<Inner>,
    group_membership_update: Option<Inner>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
struct Inner {
    player_session_id: String,
    client_version: i32,
    success: bool,
    reconnect_token: String,
    peer_id: i32,
    fast_port: i32,
    ca_cert: String,
    connect_token: String,
    group: i32,
    players: Vec<i32>,
}

impl Shape {
    fn packet(self) -> Packet {
        let messages = [
            self.login.map(|m| Message::Login {
                player_session_id: m.player_session_id,
                client_version: m.client_version,
            }),
            self.login_result.map(|m| Message::LoginResult {
                success: m.success,
                reconnect_token: m.reconnect_token,
                peer_id: m.peer_id,
                fast_port: m.fast_port,
                ca_cert: m.ca_cert.into(),
                connect_token: m.connect_token,
            }),
            self.ping.map(|_| Message::Ping),
            self.ping_result.map(|_| Message::PingResult),
            self.udp_connect.map(|_| Message::UdpConnect),
            self.player_connect
                .map(|m| Message::PlayerConnect { peer_id: m.peer_id }),
            self.player_disconnect
                .map(|m| Message::PlayerDisconnect { peer_id: m.peer_id }),
            self.verify_identity.map(|m| Message::VerifyIdentity {
                peer_id: m.peer_id,
                connect_token: m.connect_token,
            }),
            self.verify_identity_result
                .map(|m| Message::VerifyIdentityResult {
                    success: m.success,
                    peer_id: m.peer_id,
                }),
            self.join_group
                .map(|m| Message::JoinGroup { group: m.group }),
            self.leave_group
                .map(|m| Message::LeaveGroup { group: m.group }),
            self.request_group_membership
                .map(|m| Message::RequestGroupMembership { group: m.group }),
            self.group_membership_update
                .map(|m| Message::GroupMembershipUpdate {
                    group: m.group,
                    players: m.players,
                }),
        ];
        Packet {
            op_code: self.op_code,
            sequence_number: self.sequence_number,
            target_player: self.target_player,
            target_group: self.target_group,
            sender: self.sender,
            reliable: self.reliable,
            client_version: self.client_version,
            payload: bytes_of(&self.payload),
            message: messages.into_iter().flatten().next(),
        }
    }
}

fn bytes_of(hex: &str) -> Bytes {
    let digits: Vec<u32> = hex.chars().map(|c| c.to_digit(16).unwrap()).collect();
    assert!(digits.len().is_multiple_of(2), "{hex}");
    digits
        .chunks(2)
        .map(|pair| (pair[0] << 4 | pair[1]) as u8)
        .collect()
}

fn hex_of(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn file() -> File {
    serde_json::from_str(include_str!("../vectors/packets.json")).unwrap()
}

fn decoded(name: &str, hex: &str, packet: &Packet, rest: usize) {
    let mut bytes = bytes_of(hex);
    assert_eq!(decode(&mut bytes).as_ref(), Ok(packet), "{name}");
    assert_eq!(bytes.len(), rest, "{name}");
}

#[test]
fn r08_golden_packets_decode_and_encode_byte_exactly() {
    let exact = file().exact;
    assert!(exact.len() >= 17);
    for Good {
        name,
        hex,
        packet,
        rest,
    } in exact
    {
        let packet = packet.packet();
        decoded(&name, &hex, &packet, rest);
        assert_eq!(hex_of(&encode(&packet)), hex, "{name}");
        assert_eq!(encoded_len(&packet), hex.len() / 2, "{name}");
        let number = packet.sequence_number;
        let datagram = Datagram::new(packet);
        assert_eq!(
            hex_of(&datagram.with_sequence_number(number)),
            hex,
            "{name}"
        );
    }
}

#[test]
fn what_protobuf_tolerates_is_tolerated() {
    for Good {
        name,
        hex,
        packet,
        rest,
    } in file().lenient
    {
        decoded(&name, &hex, &packet.packet(), rest);
    }
}

#[test]
fn malformed_bytes_are_named_errors() {
    let known = [
        Malformed::Empty,
        Malformed::Truncated,
        Malformed::LongNumber,
        Malformed::FieldNumber,
        Malformed::WireType,
        Malformed::Group,
        Malformed::Text,
    ];
    let mut unseen: Vec<String> = known.iter().map(|error| format!("{error:?}")).collect();
    for Bad { name, hex, error } in file().malformed {
        let outcome = decode(&mut bytes_of(&hex));
        assert_eq!(
            outcome.map_err(|error| format!("{error:?}")),
            Err(error.clone()),
            "{name}"
        );
        unseen.retain(|known| *known != error);
    }
    assert_eq!(unseen, Vec::<String>::new(), "errors without a vector");
}

#[test]
fn several_frames_in_one_message_come_out_in_order() {
    let mut message = bytes_of("0208040208060009");
    let codes: Vec<_> = (0..4)
        .map(|_| decode(&mut message).map(|packet| packet.op_code))
        .collect();
    assert_eq!(codes, [Ok(2), Ok(3), Ok(0), Err(Malformed::Truncated)]);
}
