//! Packets of players who are in: protocol commands, messages to the script, to a peer, to a group; gates, and the packets
//! that wait behind them (realtime.md 1.3, 1.4, 2.2).

use wire::{Message, Packet, op, peer};

use crate::session::Session;
use crate::state::{Channel, Stage, Waiting};
use crate::{CloseCode, ConnId, GameMessage, Hook, LogLevel};

impl Session {
    /// A packet of a player: at once, or behind the gate that its channel waits for.
    pub(crate) fn received(&mut self, id: ConnId, channel: Channel, packet: Packet) {
        let waiting_max = self.settings.waiting_max;
        let Some(conn) = self
            .conns
            .get_mut(&id)
            .filter(|conn| conn.stage == Stage::In)
        else {
            return;
        };
        let peer_id = conn.peer_id;
        if packet.payload.len() > self.settings.payload_bytes_max {
            self.counts.dropped.too_large += 1;
            let size = packet.payload.len();
            self.warn_about(
                id,
                line!(),
                format!("Player {peer_id} sent a payload of {size} bytes; it is dropped"),
            );
            return;
        }
        let lane = conn.lane(channel);
        if lane.gate.is_none() {
            self.process(id, channel, packet);
        } else if lane.waiting.len() < waiting_max {
            lane.waiting.push_back(packet);
        } else {
            self.counts.dropped.queue_full += 1;
            if channel == Channel::Reliable {
                self.log(
                    LogLevel::Warn,
                    line!(),
                    format!("Player {peer_id} sends faster than the script decides"),
                );
                self.close(
                    id,
                    CloseCode::Policy,
                    "too many messages wait for the script",
                );
            }
        }
    }

    /// What a player said before it left is still heard: everything that waits is asked about at once, for nobody comes after
    /// it. The player itself is no recipient any more.
    pub(crate) fn last_words(&mut self, id: ConnId) {
        let Some(conn) = self
            .conns
            .get_mut(&id)
            .filter(|conn| conn.stage == Stage::In)
        else {
            return;
        };
        let waiting = std::mem::take(&mut conn.reliable.waiting);
        let peer_id = conn.peer_id;
        self.peers.remove(&peer_id);
        for packet in waiting {
            // Its groups and its pings are of no interest to anybody.
            if !is_command(&packet) {
                self.process(id, Channel::Reliable, packet);
            }
        }
    }

    /// A packet that came between a LOGIN and its answer; clients may send at once.
    pub(crate) fn too_early(&mut self, id: ConnId, packet: Packet) {
        let (waiting_max, size_max) = (self.settings.early_max, self.settings.payload_bytes_max);
        let Some(conn) = self.conns.get_mut(&id) else {
            return;
        };
        if packet.payload.len() > size_max {
            self.counts.dropped.too_large += 1;
        } else if conn.reliable.waiting.len() >= waiting_max {
            self.counts.dropped.queue_full += 1;
        } else {
            conn.reliable.waiting.push_back(packet);
        }
    }

    /// Goes on with what waits behind a gate that is decided.
    pub(crate) fn resume(&mut self, id: ConnId, channel: Channel) {
        loop {
            let Some(conn) = self
                .conns
                .get_mut(&id)
                .filter(|conn| conn.stage == Stage::In)
            else {
                return;
            };
            let lane = conn.lane(channel);
            if lane.gate.is_some() {
                return;
            }
            let Some(packet) = lane.waiting.pop_front() else {
                return;
            };
            self.process(id, channel, packet);
        }
    }

    fn process(&mut self, id: ConnId, channel: Channel, packet: Packet) {
        let Some(peer_id) = self.conns.get(&id).map(|conn| conn.peer_id) else {
            return;
        };
        match (packet.op_code, &packet.message) {
            (op::LOGIN, Some(Message::Login { .. })) => {
                self.warn_about(
                    id,
                    line!(),
                    format!("Player {peer_id} logs in again; it is ignored"),
                );
            }
            // Steps of handshakes that make no sense here, and constants without meaning.
            (
                op::UDP_CONNECT
                | op::UDP_CONNECT_CLIENT_ACK
                | op::PLAYER_READY
                | op::VERIFY_IDENTITY,
                _,
            ) => {}
            (op::PING, _) => {
                let packet = Packet {
                    op_code: op::PING_RESULT,
                    target_player: peer_id,
                    sender: peer::SERVER,
                    message: Some(Message::PingResult),
                    ..Packet::default()
                };
                self.deliver(&[peer_id], packet, channel == Channel::Reliable);
            }
            (op_code, _) if is_server_packet(op_code) => {
                self.counts.dropped.forged += 1;
                let op_code = packet.op_code;
                self.warn_about(
                    id,
                    line!(),
                    format!("Player {peer_id} forges a server packet ({op_code}); it is dropped"),
                );
            }
            (op::JOIN_GROUP, Some(Message::JoinGroup { group })) => self.join(id, channel, *group),
            (op::LEAVE_GROUP, Some(Message::LeaveGroup { group })) => {
                self.leave(id, channel, *group)
            }
            (op::REQUEST_GROUP_MEMBERSHIP, Some(Message::RequestGroupMembership { group })) => {
                self.tell_membership(*group, peer_id, &[peer_id]);
            }
            (op::JOIN_GROUP | op::LEAVE_GROUP | op::REQUEST_GROUP_MEMBERSHIP, _) => {
                self.counts.dropped.malformed += 1;
                self.warn_about(
                    id,
                    line!(),
                    format!("Player {peer_id} names no group; the command is dropped"),
                );
            }
            _ => self.message(id, channel, packet),
        }
    }

    /// A game message: the server first, then a player, then a group (I3).
    fn message(&mut self, id: ConnId, channel: Channel, packet: Packet) {
        let Some(peer_id) = self.conns.get(&id).map(|conn| conn.peer_id) else {
            return;
        };
        let packet = Packet {
            sender: peer_id,
            reliable: channel == Channel::Reliable,
            sequence_number: 0,
            client_version: 0,
            message: None,
            ..packet
        };
        if packet.target_player == peer::SERVER {
            if self.has("onMessage") && !self.script_is_busy() {
                self.call(Hook::Message(seen(&packet)), Waiting::Nothing, None);
            }
        } else if packet.target_player > 0 {
            self.through_gate(id, channel, Hook::SendToPlayer(seen(&packet)), packet);
        } else if packet.target_group == peer::ALL_PLAYERS || packet.target_group > 0 {
            let member = self.is_member(packet.target_group, peer_id);
            if self.settings.require_membership_to_send && !member {
                self.counts.dropped.not_a_member += 1;
                let group = packet.target_group;
                self.warn_about(
                    id,
                    line!(),
                    format!("Player {peer_id} is not in group {group}; its message is dropped"),
                );
                return;
            }
            self.through_gate(id, channel, Hook::SendToGroup(seen(&packet)), packet);
        } else {
            self.counts.dropped.no_target += 1;
            self.log(
                LogLevel::Debug,
                line!(),
                format!("Player {peer_id} sent a message with no target"),
            );
        }
    }

    /// Asks the gate when the script has it; otherwise JavaScript is not entered.
    pub(crate) fn through_gate(
        &mut self,
        id: ConnId,
        channel: Channel,
        hook: Hook,
        packet: Packet,
    ) {
        if !self.has(hook.name()) {
            self.open_gate(id, packet);
            return;
        }
        if self.script_is_busy() {
            if packet.message.is_some() {
                // A client has changed its own view of a group already.
                self.refused_by_gate(id, &packet);
            }
            return;
        }
        let timeout = Some(self.settings.callback_timeout);
        let call = self.call(
            hook,
            Waiting::Gate {
                conn: id,
                channel,
                packet,
            },
            timeout,
        );
        if let Some(conn) = self.conns.get_mut(&id) {
            conn.lane(channel).gate = call;
        }
    }

    /// A gate is decided.
    pub(crate) fn gate_decided(
        &mut self,
        id: ConnId,
        channel: Channel,
        packet: Packet,
        open: bool,
    ) {
        if let Some(conn) = self.conns.get_mut(&id) {
            conn.lane(channel).gate = None;
        }
        if self
            .conns
            .get(&id)
            .is_some_and(|conn| conn.stage == Stage::In)
        {
            if open {
                self.open_gate(id, packet);
            } else {
                self.refused_by_gate(id, &packet);
            }
        } else if open && packet.message.is_none() {
            // Its sender has left, but had said it before.
            self.relay(packet);
        }
        self.resume(id, channel);
    }

    /// What the gate let through.
    fn open_gate(&mut self, id: ConnId, packet: Packet) {
        match &packet.message {
            Some(Message::JoinGroup { group }) => self.joined(id, *group),
            Some(Message::LeaveGroup { group }) => self.left_group(id, *group),
            _ => self.relay(packet),
        }
    }

    fn refused_by_gate(&mut self, id: ConnId, packet: &Packet) {
        let Some(peer_id) = self.conns.get(&id).map(|conn| conn.peer_id) else {
            return;
        };
        match &packet.message {
            // The client has already changed its own view; only the truth corrects it (G5).
            Some(Message::JoinGroup { group } | Message::LeaveGroup { group }) => {
                self.tell_membership(*group, peer_id, &[peer_id]);
            }
            _ => self.counts.dropped.refused_by_script += 1,
        }
    }

    fn relay(&mut self, packet: Packet) {
        let reliable = packet.reliable;
        if packet.target_player > 0 {
            if self.peers.contains_key(&packet.target_player) {
                self.deliver(&[packet.target_player], packet, reliable);
            } else {
                self.counts.dropped.no_target += 1;
                let target = packet.target_player;
                self.log(
                    LogLevel::Debug,
                    line!(),
                    format!("player {target} is not here; a message to it is dropped"),
                );
            }
            return;
        }
        let mut to = self.members(packet.target_group);
        if !self.settings.relay_echo {
            to.retain(|peer| *peer != packet.sender);
        }
        self.deliver(&to, packet, reliable);
    }
}

/// Codes that only the server may send, each with its inner message.
pub(crate) const fn is_server_packet(op_code: i32) -> bool {
    matches!(
        op_code,
        op::LOGIN_RESPONSE
            | op::UDP_CONNECT_SERVER_ACK
            | op::GROUP_MEMBERSHIP_UPDATE
            | op::VERIFY_IDENTITY_RESPONSE
    )
}

/// Codes that ask the server for something about the sender.
const fn is_command(packet: &Packet) -> bool {
    matches!(
        packet.op_code,
        op::PING | op::JOIN_GROUP | op::LEAVE_GROUP | op::REQUEST_GROUP_MEMBERSHIP
    )
}

/// A packet as the script sees it.
fn seen(packet: &Packet) -> GameMessage {
    GameMessage {
        op_code: packet.op_code,
        sender: packet.sender,
        target_player: packet.target_player,
        target_group: packet.target_group,
        reliable: packet.reliable,
        payload: packet.payload.clone(),
    }
}
