//! The driver: one session, a fake script and a fake service that answer at once unless told otherwise, virtual time.

use bytes::Bytes;
use ids::{Mint, Span, Time};
use session::{
    Ask, CallId, CloseCode, ConnId, Exports, GameMessage, GameSession, Hook, Input, LinkAnswer,
    LinkCall, LogLevel, Order, Outcome, Output, ScriptEvent, Session, Settings, ToScript,
};
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use wire::{Message, Packet, op};

/// What the fake script does in a callback: asks, then an outcome; no outcome is a Promise that is pending.
pub(crate) type Answer = (Vec<Ask>, Option<Outcome>);

pub(crate) struct Game {
    pub(crate) session: Session,
    pub(crate) now: Time,
    /// Everything that came out, in order; `take` empties it.
    pub(crate) out: Vec<Output>,
    /// Names of the callbacks that were called, with what is telling of their arguments.
    pub(crate) called: Vec<String>,
    pub(crate) pending: Vec<CallId>,
    pub(crate) answers: BTreeMap<&'static str, Answer>,
    /// Whether the service accepts players; `None`: it does not answer yet.
    pub(crate) accepts: Option<bool>,
    pub(crate) asked: Vec<ConnId>,
}

pub(crate) const ALL: [&str; 13] = [
    "init",
    "onHealthCheck",
    "onMessage",
    "onPlayerAccepted",
    "onPlayerConnect",
    "onPlayerDisconnect",
    "onPlayerJoinGroup",
    "onPlayerLeaveGroup",
    "onProcessStarted",
    "onProcessTerminate",
    "onSendToGroup",
    "onSendToPlayer",
    "onStartGameSession",
];

impl Game {
    /// A session with these callbacks that has not begun.
    pub(crate) fn new(callbacks: &[&str], settings: Settings, max_players: Option<u32>) -> Self {
        let mut exports = Exports {
            max_players,
            ..Exports::default()
        };
        exports.callbacks.insert("init".to_owned());
        exports
            .callbacks
            .extend(callbacks.iter().map(|name| (*name).to_owned()));
        let now = Time::from_millis(1_000_000);
        Self {
            session: Session::new(settings, exports, Mint::from_number(1), now),
            now,
            out: Vec::new(),
            called: Vec::new(),
            pending: Vec::new(),
            answers: BTreeMap::new(),
            accepts: Some(true),
            asked: Vec::new(),
        }
    }

    /// A game session that is active.
    pub(crate) fn active(callbacks: &[&str]) -> Self {
        let mut game = Self::new(callbacks, Settings::default(), None);
        game.begin();
        game
    }

    pub(crate) fn begin(&mut self) {
        self.drain();
        self.give(Input::Told(Order::Start(GameSession {
            game_session_id: "gs-1".to_owned(),
            ..GameSession::default()
        })));
    }

    pub(crate) fn give(&mut self, input: Input) {
        self.session.handle(input, self.now);
        self.drain();
    }

    /// Lets time pass, timeout by timeout.
    pub(crate) fn pass(&mut self, span: Span) {
        let end = self.now + span;
        while self.session.poll_timeout() <= end {
            self.now = self.session.poll_timeout();
            self.session.handle_timeout(self.now);
            self.drain();
        }
        self.now = end;
    }

    fn drain(&mut self) {
        while let Some(output) = self.session.poll_output() {
            let next = match &output {
                Output::Listen => vec![Input::Listening {
                    tcp_port: 1900,
                    fast_port: 33_400,
                }],
                Output::Script(ToScript::Call(id, hook)) => self.script(*id, hook),
                Output::Link(call) => self.service(call),
                Output::Send { to, packet } => {
                    check_send(packet);
                    to.iter()
                        .map(|conn| Input::Flushed(*conn, wire::encoded_len(packet)))
                        .collect()
                }
                Output::SendFast { packet, .. } => {
                    check_send(packet);
                    Vec::new()
                }
                Output::Ping(_)
                | Output::Close(..)
                | Output::Abort(_)
                | Output::Script(_)
                | Output::Log(_)
                | Output::Finish { .. } => Vec::new(),
            };
            self.out.push(output);
            for input in next {
                self.session.handle(input, self.now);
            }
        }
    }

    fn script(&mut self, id: CallId, hook: &Hook) -> Vec<Input> {
        self.called.push(match hook {
            Hook::PlayerConnect { player, payload } => {
                format!(
                    "onPlayerConnect {} {}",
                    player.peer_id,
                    String::from_utf8_lossy(payload)
                )
            }
            Hook::PlayerDisconnect(peer) => format!("onPlayerDisconnect {peer}"),
            Hook::Message(m) | Hook::SendToPlayer(m) | Hook::SendToGroup(m) => {
                format!("{} {} from {}", hook.name(), m.op_code, m.sender)
            }
            Hook::PlayerJoinGroup { group, peer } | Hook::PlayerLeaveGroup { group, peer } => {
                format!("{} {group} {peer}", hook.name())
            }
            Hook::Init
            | Hook::ProcessStarted(_)
            | Hook::StartGameSession(_)
            | Hook::HealthCheck
            | Hook::ProcessTerminate
            | Hook::PlayerAccepted(_) => hook.name().to_owned(),
        });
        let (asks, outcome) = self
            .answers
            .get(hook.name())
            .cloned()
            .unwrap_or((Vec::new(), Some(Outcome::Returned(true))));
        let mut events: Vec<Input> = asks
            .into_iter()
            .map(|ask| Input::Script(ScriptEvent::Asked(ask)))
            .collect();
        match outcome {
            Some(outcome) => events.push(Input::Script(ScriptEvent::Returned(id, outcome))),
            None => self.pending.push(id),
        }
        events
    }

    fn service(&mut self, call: &LinkCall) -> Vec<Input> {
        let answer = match call {
            LinkCall::AcceptPlayerSession {
                conn,
                player_session_id,
            } => {
                self.asked.push(*conn);
                match self.accepts {
                    Some(true) => LinkAnswer::Accepted {
                        conn: *conn,
                        player_id: format!("player of {player_session_id}"),
                        player_data: String::new(),
                    },
                    Some(false) => LinkAnswer::Refused {
                        conn: *conn,
                        error: "not RESERVED".to_owned(),
                    },
                    None => return Vec::new(),
                }
            }
            LinkCall::ProcessEnding => LinkAnswer::ProcessEnding { success: true },
            LinkCall::RemovePlayerSession(id) => LinkAnswer::Removed {
                player_session_id: id.clone(),
            },
            LinkCall::ProcessReady | LinkCall::Heartbeat(_) | LinkCall::ActivateGameSession => {
                return Vec::new();
            }
        };
        vec![Input::Answered(answer)]
    }

    pub(crate) fn answer(&mut self, callback: &'static str, outcome: Option<Outcome>) {
        self.answers.insert(callback, (Vec::new(), outcome));
    }

    /// The oldest pending Promise settles.
    pub(crate) fn settle(&mut self, verdict: bool) {
        let id = self.pending.remove(0);
        self.give(Input::Script(ScriptEvent::Returned(
            id,
            Outcome::Returned(verdict),
        )));
    }

    pub(crate) fn open(&mut self, conn: u64) {
        self.give(Input::Opened(ConnId(conn), ip(conn)));
    }

    pub(crate) fn login(&mut self, conn: u64) {
        self.open(conn);
        self.give(Input::Packet(
            ConnId(conn),
            login_packet(&format!("psess-{conn}"), b"hi"),
        ));
    }

    /// A packet by WebSocket.
    pub(crate) fn ws(&mut self, conn: u64, packet: Packet) {
        self.give(Input::Packet(
            ConnId(conn),
            Packet {
                reliable: true,
                ..packet
            },
        ));
    }

    /// A datagram from the player's usual address.
    pub(crate) fn udp(&mut self, conn: u64, sequence_number: i32, packet: Packet) {
        self.udp_from(address(conn), sequence_number, packet);
    }

    pub(crate) fn udp_from(&mut self, from: SocketAddr, sequence_number: i32, packet: Packet) {
        self.give(Input::Datagram(
            from,
            Packet {
                sequence_number,
                ..packet
            },
        ));
    }

    /// The whole handshake of the fast channel.
    pub(crate) fn fast(&mut self, conn: u64, peer: i32) {
        self.udp(conn, 0, step(op::UDP_CONNECT, peer));
        self.udp(conn, 1, step(op::UDP_CONNECT_CLIENT_ACK, peer));
        self.out.clear();
    }

    /// What was sent since the last look, as text: `ws 1,2: op 5 from 1 "hi"`.
    pub(crate) fn sent(&mut self) -> Vec<String> {
        std::mem::take(&mut self.out)
            .iter()
            .filter_map(shown)
            .collect()
    }

    pub(crate) fn logged(&self, level: LogLevel, text: &str) -> bool {
        self.out.iter().any(|output| {
            matches!(output, Output::Log(line) if line.level == level && line.text.contains(text))
        })
    }

    pub(crate) fn finished(&self) -> Option<(CloseCode, i32)> {
        self.out.iter().find_map(|output| match output {
            Output::Finish {
                close, exit_code, ..
            } => Some((*close, *exit_code)),
            _ => None,
        })
    }
}

/// None of what crashes the official client may ever be sent (official-client.md 1.7).
fn check_send(packet: &Packet) {
    match (packet.op_code, &packet.message) {
        (op::GROUP_MEMBERSHIP_UPDATE, message) => {
            assert!(
                matches!(message, Some(Message::GroupMembershipUpdate { .. })),
                "{packet:?}"
            );
        }
        (op::LOGIN_RESPONSE, message) => {
            let Some(Message::LoginResult {
                success,
                fast_port,
                peer_id,
                ..
            }) = message
            else {
                panic!("a login response without result: {packet:?}");
            };
            assert!((0..=65_535).contains(fast_port), "{packet:?}");
            assert!(
                !success || (*fast_port > 0 && *peer_id == packet.target_player),
                "R09: {packet:?}"
            );
        }
        (op::UDP_CONNECT_SERVER_ACK, _) => assert!(!packet.reliable, "U3: {packet:?}"),
        _ => {}
    }
}

fn shown(output: &Output) -> Option<String> {
    let packet = |packet: &Packet| {
        let what = match &packet.message {
            Some(Message::GroupMembershipUpdate { group, players }) => {
                return format!("members of {group}: {players:?}");
            }
            Some(Message::LoginResult { success, .. }) => return format!("login {success}"),
            _ => String::from_utf8_lossy(&packet.payload).into_owned(),
        };
        format!("op {} from {} {what:?}", packet.op_code, packet.sender)
    };
    Some(match output {
        Output::Send { to, packet: sent } => {
            let to: Vec<String> = to.iter().map(|conn| conn.0.to_string()).collect();
            format!("ws {}: {}", to.join(","), packet(sent))
        }
        Output::SendFast { to, packet: sent } => {
            let to: Vec<String> = to
                .iter()
                .map(|delivery| format!("{}#{}", delivery.address.port(), delivery.sequence_number))
                .collect();
            format!("udp {}: {}", to.join(","), packet(sent))
        }
        Output::Close(conn, code, _) => format!("close {} {}", conn.0, code.number()),
        Output::Abort(conn) => format!("abort {}", conn.0),
        Output::Finish {
            close, exit_code, ..
        } => format!("finish {} {exit_code}", close.number()),
        Output::Listen | Output::Ping(_) | Output::Script(_) | Output::Link(_) | Output::Log(_) => {
            return None;
        }
    })
}

pub(crate) fn ip(conn: u64) -> IpAddr {
    IpAddr::from([10, 0, 0, u8::try_from(conn % 250).unwrap_or(1)])
}

pub(crate) fn address(conn: u64) -> SocketAddr {
    SocketAddr::new(ip(conn), 40_000 + u16::try_from(conn).unwrap_or(0))
}

pub(crate) fn login_packet(id: &str, payload: &'static [u8]) -> Packet {
    Packet {
        target_player: -1,
        reliable: true,
        payload: Bytes::from_static(payload),
        message: Some(Message::Login {
            player_session_id: id.to_owned(),
            client_version: 2,
        }),
        ..Packet::default()
    }
}

pub(crate) fn step(op_code: i32, peer: i32) -> Packet {
    Packet {
        op_code,
        target_player: -1,
        sender: peer,
        message: Some(Message::UdpConnect),
        ..Packet::default()
    }
}

pub(crate) fn to_server(op_code: i32) -> Packet {
    Packet {
        op_code,
        target_player: -1,
        payload: Bytes::from_static(b"x"),
        ..Packet::default()
    }
}

pub(crate) fn to_peer(op_code: i32, peer: i32) -> Packet {
    Packet {
        op_code,
        target_player: peer,
        payload: Bytes::from_static(b"x"),
        ..Packet::default()
    }
}

pub(crate) fn to_group(op_code: i32, group: i32) -> Packet {
    Packet {
        op_code,
        target_group: group,
        payload: Bytes::from_static(b"x"),
        ..Packet::default()
    }
}

pub(crate) fn join(group: i32) -> Packet {
    Packet {
        op_code: op::JOIN_GROUP,
        target_player: -1,
        message: Some(Message::JoinGroup { group }),
        ..Packet::default()
    }
}

pub(crate) fn leave(group: i32) -> Packet {
    Packet {
        op_code: op::LEAVE_GROUP,
        target_player: -1,
        message: Some(Message::LeaveGroup { group }),
        ..Packet::default()
    }
}

pub(crate) fn members(group: i32) -> Packet {
    let message = Some(Message::RequestGroupMembership { group });
    Packet {
        op_code: op::REQUEST_GROUP_MEMBERSHIP,
        target_player: -1,
        message,
        ..Packet::default()
    }
}

/// A message of the script.
pub(crate) fn said(op_code: i32, reliable: bool) -> GameMessage {
    GameMessage {
        op_code,
        sender: -1,
        target_player: 0,
        target_group: 0,
        reliable,
        payload: Bytes::from_static(b"s"),
    }
}
