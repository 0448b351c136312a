//! Bytes to packets. Lenient where protobuf is (unknown fields, unpacked lists, padded numbers); everything else is a named
//! error. Payloads are not copied.

use bytes::{Buf, Bytes};

use crate::{Message, Packet};

/// Nested groups (an old protobuf form that no known client writes) that are skipped.
const GROUP_DEPTH_MAX: u32 = 8;

/// Why bytes are not a frame with a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Malformed {
    /// Not even a length.
    #[error("there are no bytes")]
    Empty,
    /// Something is announced to be longer than what is there.
    #[error("the bytes end too early")]
    Truncated,
    /// A number of more than ten bytes.
    #[error("a number has more than ten bytes")]
    LongNumber,
    /// Field 0 or one past the largest.
    #[error("a field number is out of range")]
    FieldNumber,
    /// A wire type that does not exist.
    #[error("a field has an unknown wire type")]
    WireType,
    /// Groups that do not match or are too deep.
    #[error("groups do not match or are nested too deep")]
    Group,
    /// A text that is none.
    #[error("a text is not UTF-8")]
    Text,
}

/// Takes one frame off the front and reads its packet. Whatever follows the frame is left in `bytes`; after an error what is
/// left is of no use.
///
/// # Errors
/// When the bytes do not start with a whole frame that holds a packet.
pub fn decode(bytes: &mut Bytes) -> Result<Packet, Malformed> {
    if bytes.is_empty() {
        return Err(Malformed::Empty);
    }
    let mut frame = take_bytes(bytes)?;
    read_packet(&mut frame)
}

/// One field's value as it is on the wire.
enum Value {
    Number(u64),
    Bytes(Bytes),
    /// Of a kind that no field of ours has.
    Foreign,
}

fn read_packet(frame: &mut Bytes) -> Result<Packet, Malformed> {
    let mut packet = Packet::default();
    while let Some((number, value)) = next_field(frame)? {
        match (number, value) {
            (1, Value::Number(value)) => packet.op_code = un_zig_zag(value),
            (2, Value::Number(value)) => packet.sequence_number = value as i32,
            (3, Value::Number(value)) => packet.target_player = value as i32,
            (4, Value::Number(value)) => packet.target_group = value as i32,
            (5, Value::Number(value)) => packet.sender = value as i32,
            (6, Value::Number(value)) => packet.reliable = value != 0,
            (7, Value::Number(value)) => packet.client_version = value as i32,
            (15, Value::Bytes(value)) => packet.payload = value,
            (30..=43, Value::Bytes(value)) => {
                // The last of several wins, as in every protobuf `oneof`.
                if let Some(message) = read_message(number, value)? {
                    packet.message = Some(message);
                }
            }
            // Unknown, or known with another type: protobuf says to ignore it.
            (_, Value::Number(_) | Value::Bytes(_) | Value::Foreign) => {}
        }
    }
    Ok(packet)
}

fn read_message(number: u32, body: Bytes) -> Result<Option<Message>, Malformed> {
    if number == 43 {
        return read_membership(body).map(Some);
    }
    let mut body = Fields::read(body)?;
    let message = match number {
        30 => Message::Login {
            player_session_id: body.text(1)?,
            client_version: body.int(2),
        },
        31 => Message::LoginResult {
            success: body.int(1) != 0,
            reconnect_token: body.text(2)?,
            peer_id: body.int(3),
            fast_port: body.int(4),
            ca_cert: body.bytes(5),
            connect_token: body.text(6)?,
        },
        32 => Message::Ping,
        33 => Message::PingResult,
        34 => Message::UdpConnect,
        35 => Message::PlayerConnect {
            peer_id: body.int(1),
        },
        36 => Message::PlayerDisconnect {
            peer_id: body.int(1),
        },
        37 => Message::VerifyIdentity {
            peer_id: body.int(1),
            connect_token: body.text(2)?,
        },
        38 => Message::VerifyIdentityResult {
            success: body.int(1) != 0,
            peer_id: body.int(2),
        },
        40 => Message::JoinGroup { group: body.int(1) },
        41 => Message::LeaveGroup { group: body.int(1) },
        42 => Message::RequestGroupMembership { group: body.int(1) },
        _ => return Ok(None),
    };
    Ok(Some(message))
}

/// The one message with a list, which may be packed or not, or both.
fn read_membership(mut body: Bytes) -> Result<Message, Malformed> {
    let mut group = 0;
    let mut players = Vec::new();
    while let Some((number, value)) = next_field(&mut body)? {
        match (number, value) {
            (1, Value::Number(value)) => group = value as i32,
            (2, Value::Number(value)) => players.push(value as i32),
            (2, Value::Bytes(mut packed)) => {
                while !packed.is_empty() {
                    players.push(take_varint(&mut packed)? as i32);
                }
            }
            (_, Value::Number(_) | Value::Bytes(_) | Value::Foreign) => {}
        }
    }
    Ok(Message::GroupMembershipUpdate { group, players })
}

/// The fields 1-6 of an inner message; no message has more.
#[derive(Default)]
struct Fields {
    ints: [u64; 7],
    bytes: [Bytes; 7],
}

impl Fields {
    fn read(mut body: Bytes) -> Result<Self, Malformed> {
        let mut fields = Self::default();
        while let Some((number, value)) = next_field(&mut body)? {
            let at = match number {
                1..=6 => number as usize,
                _ => continue,
            };
            match value {
                Value::Number(value) => fields.ints[at] = value,
                Value::Bytes(value) => fields.bytes[at] = value,
                Value::Foreign => {}
            }
        }
        Ok(fields)
    }

    const fn int(&self, number: usize) -> i32 {
        self.ints[number] as i32
    }

    fn bytes(&mut self, number: usize) -> Bytes {
        std::mem::take(&mut self.bytes[number])
    }

    fn text(&self, number: usize) -> Result<String, Malformed> {
        let text = std::str::from_utf8(&self.bytes[number]);
        text.map(str::to_owned).map_err(|_| Malformed::Text)
    }
}

fn next_field(from: &mut Bytes) -> Result<Option<(u32, Value)>, Malformed> {
    if from.is_empty() {
        return Ok(None);
    }
    let (number, wire_type) = take_tag(from)?;
    let value = match wire_type {
        0 => Value::Number(take_varint(from)?),
        1 => skip(from, 8)?,
        2 => Value::Bytes(take_bytes(from)?),
        3 => skip_group(from, number)?,
        4 => return Err(Malformed::Group),
        5 => skip(from, 4)?,
        _ => return Err(Malformed::WireType),
    };
    Ok(Some((number, value)))
}

fn take_tag(from: &mut Bytes) -> Result<(u32, u64), Malformed> {
    let tag = take_varint(from)?;
    match u32::try_from(tag) {
        Ok(tag) if tag >= 8 => Ok((tag >> 3, u64::from(tag & 7))),
        _ => Err(Malformed::FieldNumber),
    }
}

fn skip(from: &mut Bytes, count: usize) -> Result<Value, Malformed> {
    if from.len() < count {
        return Err(Malformed::Truncated);
    }
    from.advance(count);
    Ok(Value::Foreign)
}

/// Skips to the end of a group that has just begun, without recursion.
fn skip_group(from: &mut Bytes, number: u32) -> Result<Value, Malformed> {
    let mut open = vec![number];
    while let Some(innermost) = open.last().copied() {
        if from.is_empty() {
            return Err(Malformed::Truncated);
        }
        let (number, wire_type) = take_tag(from)?;
        match wire_type {
            0 => drop(take_varint(from)?),
            1 => drop(skip(from, 8)?),
            2 => drop(take_bytes(from)?),
            3 if open.len() < GROUP_DEPTH_MAX as usize => open.push(number),
            4 if number == innermost => drop(open.pop()),
            3 | 4 => return Err(Malformed::Group),
            5 => drop(skip(from, 4)?),
            _ => return Err(Malformed::WireType),
        }
    }
    Ok(Value::Foreign)
}

/// A length and that many bytes, shared with the input.
fn take_bytes(from: &mut Bytes) -> Result<Bytes, Malformed> {
    let len = take_varint(from)?;
    match usize::try_from(len) {
        Ok(len) if len <= from.len() => Ok(from.split_to(len)),
        _ => Err(Malformed::Truncated),
    }
}

fn take_varint(from: &mut Bytes) -> Result<u64, Malformed> {
    let mut value = 0;
    for (index, byte) in from.iter().take(10).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            from.advance(index + 1);
            return Ok(value);
        }
    }
    Err(if from.len() < 10 {
        Malformed::Truncated
    } else {
        Malformed::LongNumber
    })
}

const fn un_zig_zag(value: u64) -> i32 {
    let value = value as u32;
    (value >> 1) as i32 ^ -((value & 1) as i32)
}
