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
        conn.fast.heard = self.now;
        conn.heard = self.now;
        let moved = conn.fast.address.replace(from).filter(|old| *old != from);
        if let Some(old) = moved {
            self.by_address.remove(&old);
        }
        // The same address may have been another peer's: a client that came back from the same port.
        if let Some(other) = self
            .by_address
            .insert(from, id)
            .filter(|other| *other != id)
            && let Some(other) = self.conns.get_mut(&other)
        {
            other.fast.address = None;
            other.fast.state = FastState::None;
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
