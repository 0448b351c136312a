//! Bytes as a sequence of things that happen to a session. The script answers at once or never; everything that comes out is
//! drained, and some of it is looked at.

use bytes::Bytes;
use ids::{Mint, Span, Time};
use session::{
    Ask, CallId, ConnId, Exports, GameMessage, GameSession, Input, LinkAnswer, LinkCall, Order,
    Outcome, Output, Refusal, ScriptEvent, Session, Settings, ToScript,
};
use std::net::{IpAddr, SocketAddr};
use wire::{Message, Packet, op};

/// Inputs of one run; what follows is ignored.
const INPUTS_MAX: usize = 400;

/// Random inputs into a session.
pub fn session_inputs(data: &[u8]) {
    let mut run = Run::new();
    let mut rest = data;
    for _ in 0..INPUTS_MAX {
        let [what, who, more @ ..] = rest else { return };
        rest = more;
        let (payload, more) = rest.split_at(rest.len().min(usize::from(*who % 48)));
        let used = run.one(*what, *who, payload);
        rest = if used { more } else { rest };
    }
}

struct Run {
    session: Session,
    now: Time,
    pending: Vec<CallId>,
    conns: u64,
    finished: bool,
}

impl Run {
    fn new() -> Self {
        let mut exports = Exports {
            max_players: Some(4),
            ..Exports::default()
        };
        for name in [
            "init",
            "onMessage",
            "onSendToPlayer",
            "onPlayerConnect",
            "onPlayerDisconnect",
            "onPlayerJoinGroup",
        ] {
            exports.callbacks.insert(name.to_owned());
        }
        let now = Time::from_millis(1_000);
        let session = Session::new(Settings::default(), exports, Mint::from_number(1), now);
        let mut run = Self {
            session,
            now,
            pending: Vec::new(),
            conns: 0,
            finished: false,
        };
        run.drain(true);
        run.give(Input::Told(Order::Start(GameSession::default())), true);
        run
    }

    /// Answers whether the payload was used.
    fn one(&mut self, what: u8, who: u8, payload: &[u8]) -> bool {
        let conn = ConnId(u64::from(who % 8));
        let from = SocketAddr::from(([10, 0, 0, who % 4], 1000 + u16::from(who % 3)));
        let settles = who >= 128;
        let mut bytes = Bytes::copy_from_slice(payload);
        match what % 14 {
            0 => {
                self.conns += 1;
                self.give(
                    Input::Opened(ConnId(self.conns % 8), IpAddr::from([10, 0, 0, who % 4])),
                    settles,
                );
            }
            1..=4 => {
                if let Ok(packet) = wire::decode(&mut bytes) {
                    self.give(Input::Packet(conn, packet), settles);
                }
                return true;
            }
            5 | 6 => {
                let input = wire::decode(&mut bytes)
                    .map_or(Input::BadDatagram, |packet| Input::Datagram(from, packet));
                self.give(input, settles);
                return true;
            }
            7 => self.give(Input::Closed(conn), settles),
            8 => self.give(Input::Bad(conn, Refusal::TooBig), settles),
            9 => {
                self.now += Span::from_millis(u64::from(who) * 100);
                self.session.handle_timeout(self.now);
                self.drain(settles);
            }
            10 => {
                if let Some(id) = self.pending.pop() {
                    self.give(
                        Input::Script(ScriptEvent::Returned(id, Outcome::Returned(settles))),
                        settles,
                    );
                }
            }
            11 => {
                let message = GameMessage {
                    op_code: i32::from(who.cast_signed()),
                    sender: -1,
                    target_player: 0,
                    target_group: 0,
                    reliable: settles,
                    payload: bytes,
                };
                let ask = if who.is_multiple_of(2) {
                    Ask::SendToPlayer {
                        peer: i32::from(who % 8),
                        message,
                    }
                } else {
                    Ask::SendToGroup {
                        group: i32::from(who % 8) - 1,
                        message,
                    }
                };
                self.give(Input::Script(ScriptEvent::Asked(ask)), settles);
                return true;
            }
            12 => self.give(Input::Flushed(conn, usize::from(who)), settles),
            _ => self.give(Input::Alive(conn), settles),
        }
        false
    }

    fn give(&mut self, input: Input, settles: bool) {
        self.session.handle(input, self.now);
        self.drain(settles);
    }

    fn drain(&mut self, settles: bool) {
        while let Some(output) = self.session.poll_output() {
            assert!(!self.finished, "an output after the end: {output:?}");
            match output {
                Output::Listen => self.session.handle(
                    Input::Listening {
                        tcp_port: 1,
                        fast_port: 2,
                    },
                    self.now,
                ),
                Output::Script(ToScript::Call(id, _)) if settles => {
                    let event = ScriptEvent::Returned(id, Outcome::Returned(true));
                    self.session.handle(Input::Script(event), self.now);
                }
                Output::Script(ToScript::Call(id, _)) => self.pending.push(id),
                Output::Link(LinkCall::AcceptPlayerSession { conn, .. }) => {
                    let (player_id, player_data) = (String::new(), String::new());
                    let answer = LinkAnswer::Accepted {
                        conn,
                        player_id,
                        player_data,
                    };
                    self.session.handle(Input::Answered(answer), self.now);
                }
                Output::Finish { .. } => self.finished = true,
                Output::Send { packet, .. } | Output::SendFast { packet, .. } => harmless(&packet),
                Output::Ping(_)
                | Output::Close(..)
                | Output::Abort(_)
                | Output::Script(_)
                | Output::Link(_)
                | Output::Log(_) => {}
            }
        }
        assert!(
            self.session.counts().players <= 4,
            "more players than allowed"
        );
    }
}

/// The official client ends when it gets a server packet without its inner message (official-client.md 1.7).
fn harmless(packet: &Packet) {
    let whole = match packet.op_code {
        op::LOGIN_RESPONSE => matches!(packet.message, Some(Message::LoginResult { .. })),
        op::GROUP_MEMBERSHIP_UPDATE => {
            matches!(packet.message, Some(Message::GroupMembershipUpdate { .. }))
        }
        op::UDP_CONNECT_SERVER_ACK => !packet.reliable,
        op::VERIFY_IDENTITY_RESPONSE => false,
        _ => true,
    };
    assert!(whole, "a packet that ends the official client: {packet:?}");
}
