//! What the script asks for: messages, membership broadcasts, the end (realtime.md 2.4, 3.6).

use wire::{Packet, peer};

use crate::relay::is_server_packet;
use crate::session::Session;
use crate::state::Phase;
use crate::{Ask, CloseCode, GameMessage, LinkCall, LogLevel, Output};

/// Above this clients refuse to send; a script that does is told once.
const USUAL_PAYLOAD_BYTES_MAX: usize = 4096;
/// Peers about which the script was warned that they are unknown; more are not remembered, and so warned about again.
const WARNED_PEERS_MAX: usize = 1024;

impl Session {
    pub(crate) fn asked(&mut self, ask: Ask) {
        match ask {
            Ask::SendToPlayer { peer, message } => self.send_to_player(peer, message),
            Ask::SendToGroup { group, message } => {
                if self.may_be_sent(&message) {
                    let to = self.members(group);
                    let reliable = message.reliable;
                    self.deliver(&to, game_packet(message, peer::NONE, group), reliable);
                }
            }
            Ask::BroadcastMembership { show, to } => {
                let to = self.members(to);
                self.tell_membership(show, peer::SERVER, &to);
            }
            Ask::ProcessEnding => self.process_ending(),
            Ask::Exit(code) => self.exit(code),
        }
    }

    fn send_to_player(&mut self, to: i32, message: GameMessage) {
        if !self.may_be_sent(&message) {
            return;
        }
        if self.peers.contains_key(&to) {
            let reliable = message.reliable;
            self.deliver(&[to], game_packet(message, to, peer::NONE), reliable);
        } else if to > 0 && to <= self.peers_allotted {
            self.log(
                LogLevel::Debug,
                line!(),
                format!("player {to} has left; a message to it is dropped"),
            );
        } else if self.warned.unknown_peers.len() >= WARNED_PEERS_MAX
            || self.warned.unknown_peers.insert(to)
        {
            self.log(
                LogLevel::Warn,
                line!(),
                format!("the script sends to player {to}, who does not exist"),
            );
        }
    }

    /// Whether clients can take it. A server packet without its inner message ends the official client, or logs it out.
    fn may_be_sent(&mut self, message: &GameMessage) -> bool {
        if is_server_packet(message.op_code) {
            let op_code = message.op_code;
            self.counts.dropped.forged += 1;
            self.log(
                LogLevel::Warn,
                line!(),
                format!("the script sends op code {op_code}, which belongs to the protocol; it is dropped. Choose another number"),
            );
            return false;
        }
        let size = message.payload.len();
        if size > self.settings.out_payload_bytes_max {
            let max = self.settings.out_payload_bytes_max;
            self.counts.dropped.too_large += 1;
            self.log(
                LogLevel::Warn,
                line!(),
                format!("the script sends {size} bytes, more than {max}; it is dropped"),
            );
            return false;
        }
        if size > USUAL_PAYLOAD_BYTES_MAX && !self.warned.large_message {
            self.warned.large_message = true;
            self.log(
                LogLevel::Warn,
                line!(),
                format!("the script sends {size} bytes; clients themselves send at most {USUAL_PAYLOAD_BYTES_MAX}"),
            );
        }
        true
    }

    fn process_ending(&mut self) {
        if self.end_told || self.phase == Phase::Finished {
            return;
        }
        self.end_told = true;
        // Logins are refused from this moment on.
        self.phase = self.phase.max(Phase::Ending);
        self.log_service(
            LogLevel::Info,
            line!(),
            "Calling GameLiftServerAPI.ProcessEnding...",
        );
        self.out(Output::Link(LinkCall::ProcessEnding));
        self.wake(self.settings.exit_grace, crate::state::Timer::ExitGrace);
    }

    /// `process.exit(code)`: a good end, an end on the service's order, or one that the service sees as a crash.
    fn exit(&mut self, code: i32) {
        let close = match (self.phase, code) {
            (Phase::Terminating, _) => CloseCode::Away,
            (_, 0) => CloseCode::Normal,
            (_, _) => CloseCode::Away,
        };
        if code == 0 && !self.end_told {
            self.end_told = true;
            self.out(Output::Link(LinkCall::ProcessEnding));
        }
        self.finish(
            close,
            code,
            &format!("the script called process.exit({code})"),
        );
    }
}

fn game_packet(message: GameMessage, target_player: i32, target_group: i32) -> Packet {
    Packet {
        op_code: message.op_code,
        target_player,
        target_group,
        sender: message.sender,
        reliable: message.reliable,
        payload: message.payload,
        ..Packet::default()
    }
}
