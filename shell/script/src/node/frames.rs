//! What goes over the socket to a Node.js child and back: see js/node.js for the form.

use bytes::{Buf, BufMut, Bytes, BytesMut};
use serde::Deserialize;
use session::{Ask, CallId, GameMessage, Hook, LogLine, Outcome, Player, ScriptEvent, ToScript};

use crate::embedded::{game_session_json, hook_number, log_level};
use crate::loaded::About;

/// A longer frame is no frame of ours: the child has gone mad.
pub(super) const FRAME_MAX: usize = 64 << 20;
const JOINED: u8 = 100;
const LEFT: u8 = 101;
const GAME_SESSION_ID: u8 = 102;
const ENDED: u8 = 103;
const PROBE: u8 = 104;

/// What the child says.
#[derive(Debug)]
pub(super) enum Said {
    Event(ScriptEvent),
    /// Node.js is there and begins to load the script.
    Started,
    /// The script is loaded, or is not.
    Loaded(Box<Hello>),
    /// So many messages have been taken.
    Took(u32),
}

/// The answer to loading.
#[derive(Debug, Deserialize)]
pub(super) struct Hello {
    pub(super) about: About,
    pub(super) missing: Vec<Missing>,
    /// Version of Node.js.
    pub(super) node: String,
}

/// A module that the child did not find.
#[derive(Debug, Deserialize)]
pub(super) struct Missing {
    pub(super) module: String,
    pub(super) from: String,
}

/// Appends a message.
pub(super) fn encode(message: &ToScript, out: &mut BytesMut) {
    let start = out.len();
    out.put_u32_le(0);
    match message {
        ToScript::Call(id, hook) => encode_call(*id, hook, out),
        ToScript::Joined(player) => {
            out.put_u8(JOINED);
            put_player(player, out);
        }
        ToScript::Left(peer) => {
            out.put_u8(LEFT);
            out.put_i32_le(*peer);
        }
        ToScript::GameSessionId(id) => {
            out.put_u8(GAME_SESSION_ID);
            put_bytes(id.as_bytes(), out);
        }
        ToScript::Ended { success } => {
            out.put_u8(ENDED);
            out.put_i32_le((*success).into());
        }
    }
    close(start, out);
}

/// Appends a question whether the child is alive; the answer is that it has taken it.
pub(super) fn encode_probe(out: &mut BytesMut) {
    let start = out.len();
    out.put_u32_le(0);
    out.put_u8(PROBE);
    close(start, out);
}

fn close(start: usize, out: &mut BytesMut) {
    let length = u32::try_from(out.len() - start - 4).expect("a frame is far smaller than 4 GiB");
    out[start..start + 4].copy_from_slice(&length.to_le_bytes());
}

fn encode_call(id: CallId, hook: &Hook, out: &mut BytesMut) {
    out.put_u8(hook_number(hook));
    // Numbers of calls stay far below 2^53.
    #[expect(clippy::cast_precision_loss, reason = "see above")]
    out.put_f64_le(id.0 as f64);
    match hook {
        Hook::Init | Hook::HealthCheck | Hook::ProcessTerminate => {}
        Hook::ProcessStarted(params) => {
            put_bytes(
                serde_json::Value::from(params.clone())
                    .to_string()
                    .as_bytes(),
                out,
            );
        }
        Hook::StartGameSession(about) => put_bytes(game_session_json(about).as_bytes(), out),
        Hook::PlayerConnect { player, payload } => {
            put_player(player, out);
            put_bytes(payload, out);
        }
        Hook::PlayerAccepted(player) => put_player(player, out),
        Hook::PlayerDisconnect(peer) => out.put_i32_le(*peer),
        Hook::Message(message) | Hook::SendToPlayer(message) | Hook::SendToGroup(message) => {
            out.put_i32_le(message.op_code);
            out.put_i32_le(message.sender);
            out.put_i32_le(message.target_player);
            out.put_i32_le(message.target_group);
            out.put_i32_le(message.reliable.into());
            put_bytes(&message.payload, out);
        }
        Hook::PlayerJoinGroup { group, peer } | Hook::PlayerLeaveGroup { group, peer } => {
            out.put_i32_le(*group);
            out.put_i32_le(*peer);
        }
    }
}

fn put_player(player: &Player, out: &mut BytesMut) {
    out.put_i32_le(player.peer_id);
    put_bytes(player.player_session_id.as_bytes(), out);
    put_bytes(player.player_id.as_bytes(), out);
    put_bytes(player.player_data.as_bytes(), out);
}

fn put_bytes(bytes: &[u8], out: &mut BytesMut) {
    out.put_u32_le(u32::try_from(bytes.len()).expect("a field is far smaller than 4 GiB"));
    out.put_slice(bytes);
}

/// Takes one frame off the front; `Ok(None)` when it is not all there yet.
pub(super) fn decode(from: &mut BytesMut) -> Result<Option<Said>, String> {
    let Some((head, _)) = from.split_first_chunk::<4>() else {
        return Ok(None);
    };
    let length = usize::try_from(u32::from_le_bytes(*head)).unwrap_or(usize::MAX);
    if length == 0 || length > FRAME_MAX {
        return Err(format!("a frame of {length} bytes"));
    }
    if from.len() < 4 + length {
        return Ok(None);
    }
    from.advance(4);
    let mut frame = from.split_to(length).freeze();
    let kind = frame.get_u8();
    said(kind, frame)
        .map(Some)
        .ok_or_else(|| format!("a broken frame of kind {kind}"))
}

fn said(kind: u8, mut frame: Bytes) -> Option<Said> {
    let frame = &mut frame;
    let event = match kind {
        1 => {
            let level = u8::try_from(int(frame)?).ok()?;
            let line = u32::try_from(int(frame)?).unwrap_or(0);
            let file = text(frame)?;
            ScriptEvent::Log(LogLine {
                level: log_level(level),
                file,
                line,
                text: text(frame)?,
            })
        }
        2 => {
            let id = call_id(frame)?;
            ScriptEvent::Returned(id, Outcome::Returned(frame.try_get_u8().ok()? == 1))
        }
        3 => ScriptEvent::Returned(call_id(frame)?, Outcome::Threw(text(frame)?)),
        4 => {
            let (peer, message) = message(frame, false)?;
            ScriptEvent::Asked(Ask::SendToPlayer { peer, message })
        }
        5 => {
            let (group, message) = message(frame, true)?;
            ScriptEvent::Asked(Ask::SendToGroup { group, message })
        }
        6 => ScriptEvent::Asked(Ask::BroadcastMembership {
            show: int(frame)?,
            to: int(frame)?,
        }),
        7 => ScriptEvent::Asked(Ask::ProcessEnding),
        8 => ScriptEvent::Asked(Ask::Exit(int(frame)?)),
        9 => ScriptEvent::Crashed(text(frame)?),
        10 => {
            return serde_json::from_str(&text(frame)?)
                .ok()
                .map(|hello| Said::Loaded(Box::new(hello)));
        }
        11 => return Some(Said::Started),
        12 => return u32::try_from(int(frame)?).ok().map(Said::Took),
        _ => return None,
    };
    Some(Said::Event(event))
}

fn message(frame: &mut Bytes, to_group: bool) -> Option<(i32, GameMessage)> {
    let to = int(frame)?;
    let op_code = int(frame)?;
    let sender = int(frame)?;
    let reliable = frame.try_get_u8().ok()? == 1;
    let payload = field(frame)?;
    let (target_player, target_group) = if to_group { (0, to) } else { (to, 0) };
    Some((
        to,
        GameMessage {
            op_code,
            sender,
            target_player,
            target_group,
            reliable,
            payload,
        },
    ))
}

fn int(frame: &mut Bytes) -> Option<i32> {
    frame.try_get_i32_le().ok()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the child hands back the number that it was given; another one names no call"
)]
fn call_id(frame: &mut Bytes) -> Option<CallId> {
    frame.try_get_f64_le().ok().map(|id| CallId(id as u64))
}

fn field(frame: &mut Bytes) -> Option<Bytes> {
    let length = usize::try_from(frame.try_get_u32_le().ok()?).ok()?;
    (frame.len() >= length).then(|| frame.split_to(length))
}

fn text(frame: &mut Bytes) -> Option<String> {
    field(frame).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// About how many bytes of memory a message takes while it waits.
pub(crate) fn weight(message: &ToScript) -> usize {
    let player = |player: &Player| {
        player.player_session_id.len() + player.player_id.len() + player.player_data.len()
    };
    64 + match message {
        ToScript::Call(_, hook) => match hook {
            Hook::PlayerConnect {
                player: who,
                payload,
            } => player(who) + payload.len(),
            Hook::PlayerAccepted(who) => player(who),
            Hook::Message(message) | Hook::SendToPlayer(message) | Hook::SendToGroup(message) => {
                message.payload.len()
            }
            Hook::StartGameSession(about) => {
                about.game_session_data.len() + about.matchmaker_data.len()
            }
            Hook::ProcessStarted(params) => params.iter().map(String::len).sum(),
            Hook::Init
            | Hook::HealthCheck
            | Hook::ProcessTerminate
            | Hook::PlayerDisconnect(_)
            | Hook::PlayerJoinGroup { .. }
            | Hook::PlayerLeaveGroup { .. } => 0,
        },
        ToScript::Joined(who) => player(who),
        ToScript::GameSessionId(id) => id.len(),
        ToScript::Left(_) | ToScript::Ended { .. } => 0,
    }
}
