//! Datagrams: the handshake of a plain fast channel, whom a datagram is from, and when a peer may be sent one
//! (realtime.md 1.6, 1.8).

use ids::Span;
use std::net::{IpAddr, SocketAddr};
use wire::{Message, Packet, op, peer};

use crate::session::Session;
use crate::state::{Channel, Conn, FastState, Stage, Timer};
use crate::{ConnId, Delivery, LogLevel, Output};

/// How long after the first -5 a peer that never confirmed is told about in the log (X6).
const ONE_WAY_AFTER: Span = Span::from_secs(10);
/// At most one warning about foreign datagrams in this time.
const FOREIGN_WARNING_EVERY: Span = Span::from_secs(10);

impl Session {
    pub(crate) fn datagram(&mut self, from: SocketAddr, packet: Packet) {
        self.counts.fast_in.add(1, packet.payload.len());
        let is_connect = packet.op_code == op::UDP_CONNECT;
        let Some(id) = self.sender_of(from, &packet, is_connect) else {
            self.foreign(from);
            return;
        };
        let Some(conn) = self.conns.get_mut(&id) else {
            return;
        };
        if packet.sequence_number <= conn.fast.last_in {
            self.counts.dropped.late_or_doubled += 1;
            return;
        }
        if !is_connect && conn.fast.state == FastState::None {
            // Nobody can send before it has got a -6 by UDP, and none was sent.
            self.foreign(from);
            return;
        }
        conn.fast.last_in = packet.sequence_number;
        conn.heard = self.now;
        if !is_connect {
            // A -5 shows that datagrams come, not that they arrive (U2): who only asks and never confirms gets idle.
            conn.fast.heard = self.now;
        }
        let moved = conn.fast.address.replace(from).filter(|old| *old != from);
        if let Some(old) = moved {
            self.by_address.remove(&old);
        }
        // The same address may have been another peer's: a client that came back from the same port, or a translator that
        // gave a forgotten port to somebody else. The other one keeps that it could receive: official clients say -5 once.
        if let Some(other) = self
            .by_address
            .insert(from, id)
            .filter(|other| *other != id)
            && let Some(other) = self.conns.get_mut(&other)
        {
            other.fast.address = None;
            other.fast.state = FastState::Acknowledged;
        }
        if is_connect {
            self.acknowledge(id, from);
            return;
        }
        self.verified(id);
        if packet.op_code != op::UDP_CONNECT_CLIENT_ACK {
            self.received(id, Channel::Fast, packet);
        }
    }

    /// The connection that a datagram belongs to: by its exact source address, else by the peer id that it claims, which must
    /// come from the IP address of that peer's WebSocket.
    fn sender_of(&self, from: SocketAddr, packet: &Packet, is_connect: bool) -> Option<ConnId> {
        let known = self.by_address.get(&from).copied();
        let same = |id: &ConnId| {
            self.conns
                .get(id)
                .is_some_and(|conn| conn.peer_id == packet.sender)
        };
        if let Some(id) = known.filter(|id| !is_connect || same(id)) {
            return Some(id);
        }
        let id = self.peers.get(&packet.sender).copied()?;
        let conn = self.conns.get(&id).filter(|conn| conn.stage == Stage::In)?;
        let ip_fits = !self.settings.udp_source_check || canonical(conn.ip) == canonical(from.ip());
        ip_fits.then_some(id)
    }

    fn foreign(&mut self, from: SocketAddr) {
        self.counts.dropped.foreign_datagram += 1;
        let silent = self
            .warned
            .foreign_datagram
            .is_some_and(|last| self.now.since(last) < FOREIGN_WARNING_EVERY);
        if !silent {
            self.warned.foreign_datagram = Some(self.now);
            self.log(
                LogLevel::Warn,
                line!(),
                format!(
                    "a datagram from {} belongs to no player and is dropped",
                    from.ip()
                ),
            );
        }
    }

    fn acknowledge(&mut self, id: ConnId, to: SocketAddr) {
        let Some(conn) = self.conns.get_mut(&id) else {
            return;
        };
        if conn.fast.state == FastState::None {
            conn.fast.state = FastState::Acknowledged;
            self.wake(ONE_WAY_AFTER, Timer::OneWay(id));
        }
        let Some(conn) = self.conns.get_mut(&id) else {
            return;
        };
        let Ok(sequence_number) = i32::try_from(conn.fast.next_out) else {
            return;
        };
        conn.fast.next_out += 1;
        let packet = Packet {
            op_code: op::UDP_CONNECT_SERVER_ACK,
            target_player: conn.peer_id,
            sender: peer::SERVER,
            message: Some(Message::UdpConnect),
            ..Packet::default()
        };
        self.counts.fast_out.add(1, 0);
        self.out(Output::SendFast {
            to: vec![Delivery {
                address: to,
                sequence_number,
            }],
            packet,
        });
    }

    fn verified(&mut self, id: ConnId) {
        let Some(conn) = self.conns.get_mut(&id) else {
            return;
        };
        if conn.fast.state == FastState::Verified {
            return;
        }
        conn.fast.state = FastState::Verified;
        let peer_id = conn.peer_id;
        self.forget_timer(Timer::OneWay(id));
        self.log(
            LogLevel::Debug,
            line!(),
            format!("Player {peer_id}: the fast channel is open"),
        );
    }

    pub(crate) fn one_way_due(&mut self, id: ConnId) {
        if let Some(conn) = self
            .conns
            .get(&id)
            .filter(|conn| conn.fast.state == FastState::Acknowledged)
        {
            let peer_id = conn.peer_id;
            self.log(
                LogLevel::Warn,
                line!(),
                format!("Player {peer_id} sends datagrams and confirms none: UDP is one-way, its messages go by WebSocket"),
            );
        }
    }

    /// Whether a small fast message may go to this peer by UDP.
    pub(crate) fn can_take_fast(&self, conn: &Conn) -> bool {
        conn.fast.state == FastState::Verified
            && conn.fast.address.is_some()
            && conn.fast.next_out <= i64::from(i32::MAX)
            && !self.is_idle(conn)
    }

    /// A peer that has sent nothing by UDP for long may have lost its way back (U8).
    pub(crate) fn is_idle(&self, conn: &Conn) -> bool {
        self.settings.udp_idle > Span::ZERO
            && self.now.since(conn.fast.heard) >= self.settings.udp_idle
    }
}

/// An IPv4 address inside IPv6 is the IPv4 address.
fn canonical(ip: IpAddr) -> IpAddr {
    ip.to_canonical()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Ask, Exports, GameMessage, GameSession, Input, LinkAnswer, Order, Outcome};
    use crate::{ScriptEvent, Session, Settings, ToScript};
    use ids::{Mint, Time};

    fn drained(session: &mut Session) -> Vec<Output> {
        std::iter::from_fn(|| session.poll_output()).collect()
    }

    fn with_one_player() -> Session {
        let mut exports = Exports::default();
        exports.callbacks.insert("init".to_owned());
        let now = Time::from_millis(1_000);
        let mut session = Session::new(Settings::default(), exports, Mint::from_number(1), now);
        let init = drained(&mut session).into_iter().find_map(|output| {
            if let Output::Script(ToScript::Call(id, _)) = output {
                return Some(id);
            }
            None
        });
        let returned =
            ScriptEvent::Returned(init.expect("init is called"), Outcome::Returned(true));
        let conn = ConnId(1);
        let login = Packet {
            message: Some(Message::Login {
                player_session_id: "psess-1".to_owned(),
                client_version: 2,
            }),
            ..Packet::default()
        };
        let step = |op_code, sequence_number| Packet {
            op_code,
            sequence_number,
            sender: 1,
            ..Packet::default()
        };
        let from = SocketAddr::from(([10, 0, 0, 1], 40_000));
        for input in [
            Input::Script(returned),
            Input::Listening {
                tcp_port: 1900,
                fast_port: 33_400,
            },
            Input::Told(Order::Start(GameSession::default())),
            Input::Opened(conn, from.ip()),
            Input::Packet(conn, login),
            Input::Answered(LinkAnswer::Accepted {
                conn,
                player_id: String::new(),
                player_data: String::new(),
            }),
            Input::Datagram(from, step(op::UDP_CONNECT, 0)),
            Input::Datagram(from, step(op::UDP_CONNECT_CLIENT_ACK, 1)),
        ] {
            session.handle(input, now);
        }
        drained(&mut session);
        session
    }

    /// Clients know no wrap: what comes after the largest number would be dropped (Q3).
    #[test]
    fn q3_when_the_numbers_are_used_up_the_websocket_goes_on() {
        let mut session = with_one_player();
        let conn = session.conns.get_mut(&ConnId(1)).expect("the player");
        conn.fast.next_out = i64::from(i32::MAX);
        let now = session.now;
        let mut channels = Vec::new();
        for op_code in 1..=3 {
            let message = GameMessage {
                op_code,
                sender: -1,
                target_player: 0,
                target_group: 0,
                reliable: false,
                payload: bytes::Bytes::new(),
            };
            let ask = Ask::SendToPlayer { peer: 1, message };
            session.handle(Input::Script(ScriptEvent::Asked(ask)), now);
            for output in drained(&mut session) {
                if let Output::SendFast { to, .. } = &output {
                    channels.push(Some(to[0].sequence_number));
                } else if let Output::Send { packet, .. } = &output {
                    assert!(packet.reliable, "the channel that is really used");
                    channels.push(None);
                }
            }
        }
        assert_eq!(channels, [Some(i32::MAX), None, None]);
        let connect = Packet {
            op_code: op::UDP_CONNECT,
            sequence_number: i32::MAX,
            sender: 1,
            ..Packet::default()
        };
        let from = SocketAddr::from(([10, 0, 0, 1], 40_000));
        session.handle(Input::Datagram(from, connect), now);
        assert_eq!(drained(&mut session), [], "no number is left for a -6");
    }
}
