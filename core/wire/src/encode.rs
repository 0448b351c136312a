//! Packets to bytes. Fields go out in ascending order of their numbers and defaults are left out, as the known clients do it.

use bytes::{BufMut, Bytes, BytesMut};

use crate::{Message, Packet};

/// One frame: the length and the packet. Never empty, so never one of the inputs that crash a client.
pub fn encode(packet: &Packet) -> Bytes {
    let body = body_len(packet);
    let mut out = BytesMut::with_capacity(varint_len(body as u64) + body);
    put_varint(&mut out, body as u64);
    put_head(&mut out, packet.op_code);
    put_int(&mut out, 2, packet.sequence_number);
    put_tail(&mut out, packet);
    out.freeze()
}

/// The length of what [`encode`] makes.
pub fn encoded_len(packet: &Packet) -> usize {
    let body = body_len(packet);
    varint_len(body as u64) + body
}

/// A packet that goes to many recipients by UDP, encoded but for the sequence number.
#[derive(Clone, Debug)]
pub struct Datagram {
    /// Field 1 (if any), then the fields from 3 on.
    parts: Bytes,
    head_len: usize,
}

impl Datagram {
    /// Encodes everything but the sequence number.
    pub fn new(packet: Packet) -> Self {
        let numbered = Packet {
            sequence_number: 0,
            ..packet
        };
        let mut parts = BytesMut::with_capacity(body_len(&numbered));
        put_head(&mut parts, numbered.op_code);
        let head_len = parts.len();
        put_tail(&mut parts, &numbered);
        Self {
            parts: parts.freeze(),
            head_len,
        }
    }

    /// The frame for one recipient.
    pub fn with_sequence_number(&self, sequence_number: i32) -> Bytes {
        let body = self.parts.len() + int_len(2, sequence_number);
        let mut out = BytesMut::with_capacity(varint_len(body as u64) + body);
        let (head, tail) = self.parts.split_at(self.head_len);
        put_varint(&mut out, body as u64);
        out.put_slice(head);
        put_int(&mut out, 2, sequence_number);
        out.put_slice(tail);
        out.freeze()
    }
}

fn body_len(packet: &Packet) -> usize {
    let op_code = match packet.op_code {
        0 => 0,
        code => 1 + varint_len(zig_zag(code)),
    };
    op_code
        + int_len(2, packet.sequence_number)
        + int_len(3, packet.target_player)
        + int_len(4, packet.target_group)
        + int_len(5, packet.sender)
        + bool_len(packet.reliable)
        + int_len(7, packet.client_version)
        + bytes_len(15, &packet.payload)
        + packet.message.as_ref().map_or(0, |message| {
            let body = message_len(message);
            tag_len(number_of(message)) + varint_len(body as u64) + body
        })
}

fn put_head(out: &mut BytesMut, op_code: i32) {
    if op_code != 0 {
        put_tag(out, 1, 0);
        put_varint(out, zig_zag(op_code));
    }
}

/// The fields behind the sequence number.
fn put_tail(out: &mut BytesMut, packet: &Packet) {
    put_int(out, 3, packet.target_player);
    put_int(out, 4, packet.target_group);
    put_int(out, 5, packet.sender);
    put_bool(out, 6, packet.reliable);
    put_int(out, 7, packet.client_version);
    put_bytes(out, 15, &packet.payload);
    if let Some(message) = &packet.message {
        put_tag(out, number_of(message), 2);
        put_varint(out, message_len(message) as u64);
        put_message(out, message);
    }
}

const fn number_of(message: &Message) -> u32 {
    match message {
        Message::Login { .. } => 30,
        Message::LoginResult { .. } => 31,
        Message::Ping => 32,
        Message::PingResult => 33,
        Message::UdpConnect => 34,
        Message::PlayerConnect { .. } => 35,
        Message::PlayerDisconnect { .. } => 36,
        Message::VerifyIdentity { .. } => 37,
        Message::VerifyIdentityResult { .. } => 38,
        Message::JoinGroup { .. } => 40,
        Message::LeaveGroup { .. } => 41,
        Message::RequestGroupMembership { .. } => 42,
        Message::GroupMembershipUpdate { .. } => 43,
    }
}

fn message_len(message: &Message) -> usize {
    match message {
        Message::Login {
            player_session_id,
            client_version,
        } => bytes_len(1, player_session_id.as_bytes()) + int_len(2, *client_version),
        Message::LoginResult {
            success,
            reconnect_token,
            peer_id,
            fast_port,
            ca_cert,
            connect_token,
        } => {
            bool_len(*success)
                + bytes_len(2, reconnect_token.as_bytes())
                + int_len(3, *peer_id)
                + int_len(4, *fast_port)
                + bytes_len(5, ca_cert)
                + bytes_len(6, connect_token.as_bytes())
        }
        Message::Ping | Message::PingResult | Message::UdpConnect => 0,
        Message::PlayerConnect { peer_id } | Message::PlayerDisconnect { peer_id } => {
            int_len(1, *peer_id)
        }
        Message::VerifyIdentity {
            peer_id,
            connect_token,
        } => int_len(1, *peer_id) + bytes_len(2, connect_token.as_bytes()),
        Message::VerifyIdentityResult { success, peer_id } => {
            bool_len(*success) + int_len(2, *peer_id)
        }
        Message::JoinGroup { group }
        | Message::LeaveGroup { group }
        | Message::RequestGroupMembership { group } => int_len(1, *group),
        Message::GroupMembershipUpdate { group, players } => {
            let list = list_len(players);
            let field = match list {
                0 => 0,
                _ => tag_len(2) + varint_len(list as u64) + list,
            };
            int_len(1, *group) + field
        }
    }
}

fn put_message(out: &mut BytesMut, message: &Message) {
    match message {
        Message::Login {
            player_session_id,
            client_version,
        } => {
            put_bytes(out, 1, player_session_id.as_bytes());
            put_int(out, 2, *client_version);
        }
        Message::LoginResult {
            success,
            reconnect_token,
            peer_id,
            fast_port,
            ca_cert,
            connect_token,
        } => {
            put_bool(out, 1, *success);
            put_bytes(out, 2, reconnect_token.as_bytes());
            put_int(out, 3, *peer_id);
            put_int(out, 4, *fast_port);
            put_bytes(out, 5, ca_cert);
            put_bytes(out, 6, connect_token.as_bytes());
        }
        Message::Ping | Message::PingResult | Message::UdpConnect => {}
        Message::PlayerConnect { peer_id } | Message::PlayerDisconnect { peer_id } => {
            put_int(out, 1, *peer_id);
        }
        Message::VerifyIdentity {
            peer_id,
            connect_token,
        } => {
            put_int(out, 1, *peer_id);
            put_bytes(out, 2, connect_token.as_bytes());
        }
        Message::VerifyIdentityResult { success, peer_id } => {
            put_bool(out, 1, *success);
            put_int(out, 2, *peer_id);
        }
        Message::JoinGroup { group }
        | Message::LeaveGroup { group }
        | Message::RequestGroupMembership { group } => put_int(out, 1, *group),
        Message::GroupMembershipUpdate { group, players } => {
            put_int(out, 1, *group);
            if !players.is_empty() {
                put_tag(out, 2, 2);
                put_varint(out, list_len(players) as u64);
                for player in players {
                    put_varint(out, widened(*player));
                }
            }
        }
    }
}

fn list_len(players: &[i32]) -> usize {
    players
        .iter()
        .map(|player| varint_len(widened(*player)))
        .sum()
}

/// Negative numbers of type int32 are written as ten bytes.
const fn widened(value: i32) -> u64 {
    value as i64 as u64
}

const fn zig_zag(value: i32) -> u64 {
    ((value << 1) ^ (value >> 31)) as u32 as u64
}

const fn varint_len(value: u64) -> usize {
    let bits = 64 - (value | 1).leading_zeros() as usize;
    bits.div_ceil(7)
}

const fn tag_len(number: u32) -> usize {
    varint_len((number as u64) << 3)
}

const fn int_len(number: u32, value: i32) -> usize {
    match value {
        0 => 0,
        _ => tag_len(number) + varint_len(widened(value)),
    }
}

/// All flags have numbers below 16.
const fn bool_len(value: bool) -> usize {
    if value { 2 } else { 0 }
}

const fn bytes_len(number: u32, value: &[u8]) -> usize {
    match value.len() {
        0 => 0,
        len => tag_len(number) + varint_len(len as u64) + len,
    }
}

fn put_varint(out: &mut BytesMut, mut value: u64) {
    while value >= 0x80 {
        out.put_u8(value as u8 | 0x80);
        value >>= 7;
    }
    out.put_u8(value as u8);
}

fn put_tag(out: &mut BytesMut, number: u32, wire_type: u64) {
    put_varint(out, u64::from(number) << 3 | wire_type);
}

fn put_int(out: &mut BytesMut, number: u32, value: i32) {
    if value != 0 {
        put_tag(out, number, 0);
        put_varint(out, widened(value));
    }
}

fn put_bool(out: &mut BytesMut, number: u32, value: bool) {
    if value {
        put_tag(out, number, 0);
        out.put_u8(1);
    }
}

fn put_bytes(out: &mut BytesMut, number: u32, value: &[u8]) {
    if !value.is_empty() {
        put_tag(out, number, 2);
        put_varint(out, value.len() as u64);
        out.put_slice(value);
    }
}
