//! Groups: joining, leaving, who is told about it, and what a departing player leaves behind (realtime.md 1.10).

use std::collections::BTreeSet;
use std::net::IpAddr;
use wire::{Message, Packet, op, peer};

use crate::session::Session;
use crate::state::{Channel, Departure, Timer, Waiting};
use crate::{ConnId, Hook, LogLevel, Output, Player, ToScript};

impl Session {
    pub(crate) fn is_member(&self, group: i32, peer_id: i32) -> bool {
        group == peer::ALL_PLAYERS
            || self
                .groups
                .get(&group)
                .is_some_and(|members| members.contains(&peer_id))
    }

    /// Members of a group, ascending; everybody for -1.
    pub(crate) fn members(&self, group: i32) -> Vec<i32> {
        if group == peer::ALL_PLAYERS {
            return self.everybody();
        }
        self.groups
            .get(&group)
            .map(|members| members.iter().copied().collect())
            .unwrap_or_default()
    }

    pub(crate) fn join(&mut self, id: ConnId, channel: Channel, group: i32) {
        let Some(conn) = self.conns.get(&id) else {
            return;
        };
        let (peer_id, groups) = (conn.peer_id, conn.groups.len());
        if group <= 0 {
            self.warn_about(
                id,
                line!(),
                format!("Player {peer_id} cannot join group {group}; groups count from 1"),
            );
            return;
        }
        if groups >= self.settings.groups_per_player_max && !self.is_member(group, peer_id) {
            self.warn_about(
                id,
                line!(),
                format!("Player {peer_id} is in {groups} groups and joins no more"),
            );
            self.tell_membership(group, peer_id, &[peer_id]);
            return;
        }
        let command = Packet {
            message: Some(Message::JoinGroup { group }),
            ..Packet::default()
        };
        self.through_gate(
            id,
            channel,
            Hook::PlayerJoinGroup {
                group,
                peer: peer_id,
            },
            command,
        );
    }

    pub(crate) fn leave(&mut self, id: ConnId, channel: Channel, group: i32) {
        let Some(peer_id) = self.conns.get(&id).map(|conn| conn.peer_id) else {
            return;
        };
        if group <= 0 {
            self.warn_about(
                id,
                line!(),
                format!("Player {peer_id} cannot leave group {group}; groups count from 1"),
            );
            return;
        }
        if !self.is_member(group, peer_id) {
            self.tell_membership(group, peer_id, &[peer_id]);
            return;
        }
        let command = Packet {
            message: Some(Message::LeaveGroup { group }),
            ..Packet::default()
        };
        self.through_gate(
            id,
            channel,
            Hook::PlayerLeaveGroup {
                group,
                peer: peer_id,
            },
            command,
        );
    }

    pub(crate) fn joined(&mut self, id: ConnId, group: i32) {
        let Some(conn) = self.conns.get_mut(&id) else {
            return;
        };
        let peer_id = conn.peer_id;
        conn.groups.insert(group);
        self.groups.entry(group).or_default().insert(peer_id);
        self.announce(group, peer_id, &[peer_id]);
    }

    pub(crate) fn left_group(&mut self, id: ConnId, group: i32) {
        let Some(conn) = self.conns.get_mut(&id) else {
            return;
        };
        let peer_id = conn.peer_id;
        conn.groups.remove(&group);
        self.forget_member(group, peer_id);
        self.announce(group, peer_id, &[peer_id]);
    }

    fn forget_member(&mut self, group: i32, peer_id: i32) {
        if let Some(members) = self.groups.get_mut(&group) {
            members.remove(&peer_id);
            if members.is_empty() {
                self.groups.remove(&group);
            }
        }
    }

    /// Tells every member of a group, and these others, who is in it.
    pub(crate) fn announce(&mut self, group: i32, cause: i32, others: &[i32]) {
        let mut to: BTreeSet<i32> = self.members(group).into_iter().collect();
        to.extend(others);
        let to: Vec<i32> = to.into_iter().collect();
        self.tell_membership(group, cause, &to);
    }

    /// Tells these players who is in a group. Each gets a packet of its own, for it names the recipient.
    pub(crate) fn tell_membership(&mut self, group: i32, cause: i32, to: &[i32]) {
        let players = self.members(group);
        for recipient in to {
            let update = Message::GroupMembershipUpdate {
                group,
                players: players.clone(),
            };
            let packet = Packet {
                op_code: op::GROUP_MEMBERSHIP_UPDATE,
                target_player: *recipient,
                sender: cause,
                message: Some(update),
                ..Packet::default()
            };
            self.deliver(&[*recipient], packet, true);
        }
    }

    /// A player has left: the script first, then the groups, then the service (3.5).
    pub(crate) fn left(&mut self, player: Player, groups: BTreeSet<i32>, ip: IpAddr) {
        let peer_id = player.peer_id;
        self.log(
            LogLevel::Info,
            line!(),
            format!("Player {peer_id} disconnected from IP:{ip}"),
        );
        // Nothing more is sent to the one who left, whatever group it is still shown in.
        let departure = Departure {
            peer_id,
            player_session_id: player.player_session_id,
            groups,
        };
        if self.end_told {
            self.out(Output::Script(ToScript::Left(peer_id)));
            self.departed(departure);
            return;
        }
        if self.has("onPlayerDisconnect") {
            let timeout = Some(self.settings.callback_timeout);
            self.call(
                Hook::PlayerDisconnect(peer_id),
                Waiting::Disconnect(departure),
                timeout,
            );
            self.out(Output::Script(ToScript::Left(peer_id)));
        } else {
            self.out(Output::Script(ToScript::Left(peer_id)));
            self.departed(departure);
        }
        self.watch_empty();
    }

    pub(crate) fn departed(&mut self, departure: Departure) {
        let Departure {
            peer_id,
            player_session_id,
            groups,
        } = departure;
        for group in groups {
            self.forget_member(group, peer_id);
            self.announce(group, peer_id, &[]);
        }
        if self.settings.announce_all_players_group {
            self.announce(peer::ALL_PLAYERS, peer_id, &[]);
        }
        self.remove_player_session(player_session_id);
    }

    pub(crate) fn watch_empty(&mut self) {
        if self.settings.empty_session_timeout > ids::Span::ZERO && self.everybody().is_empty() {
            self.forget_timer(Timer::Empty);
            self.wake(self.settings.empty_session_timeout, Timer::Empty);
        }
    }
}
