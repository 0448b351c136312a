//! The JSON form of a packet, for debugging by hand: `{"opCode":5,"targetGroup":-1,"payload":"aGk="}`. Off by default.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::Deserialize;
use wire::{Message, Packet};

/// Names as protobuf's JSON mapping spells them; payloads in base64.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Json {
    op_code: i32,
    sequence_number: i32,
    target_player: i32,
    target_group: i32,
    sender: i32,
    reliable: bool,
    payload: String,
    login: Option<Login>,
    join_group: Option<Group>,
    leave_group: Option<Group>,
    request_group_membership: Option<Group>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Login {
    player_session_id: String,
    client_version: i32,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Group {
    group: i32,
}

/// The packet that the text means; `None` when it is none.
pub(crate) fn packet_of(text: &str) -> Option<Packet> {
    // A list would do for the library, in the order of the fields.
    let text = Some(text.trim_start()).filter(|text| text.starts_with('{'))?;
    let json: Json = serde_json::from_str(text).ok()?;
    let payload = STANDARD.decode(json.payload).ok()?;
    let login = json.login.map(|login| Message::Login {
        player_session_id: login.player_session_id,
        client_version: login.client_version,
    });
    let join = json
        .join_group
        .map(|Group { group }| Message::JoinGroup { group });
    let leave = json
        .leave_group
        .map(|Group { group }| Message::LeaveGroup { group });
    let members = json
        .request_group_membership
        .map(|Group { group }| Message::RequestGroupMembership { group });
    Some(Packet {
        op_code: json.op_code,
        sequence_number: json.sequence_number,
        target_player: json.target_player,
        target_group: json.target_group,
        sender: json.sender,
        reliable: json.reliable,
        client_version: 0,
        payload: Bytes::from(payload),
        message: login.or(join).or(leave).or(members),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_by_hand() {
        let packet =
            packet_of(r#"{"opCode":5,"targetGroup":-1,"payload":"aGk=","extra":1}"#).unwrap();
        assert_eq!(
            (packet.op_code, packet.target_group, &packet.payload[..]),
            (5, -1, &b"hi"[..])
        );
        let login = packet_of(r#"{"login":{"playerSessionId":"p"}}"#).unwrap();
        assert!(matches!(login.message, Some(Message::Login { .. })));
        for bad in [
            "",
            "garbage",
            "[]",
            r#"{"opCode":"x"}"#,
            r#"{"payload":"*"}"#,
            r#"{"opCode":99999999999}"#,
        ] {
            assert_eq!(packet_of(bad), None, "{bad}");
        }
    }
}
