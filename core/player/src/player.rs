//! One player of one game session: the four verbs.

use ids::Time;
use std::collections::VecDeque;
use wire::{Message, Packet, encoded_len, op, peer};

use crate::fast::{Due, Fast};
use crate::{Counts, Event, FAST_PAYLOAD_BYTES_MAX, Input, Output, PAYLOAD_BYTES_MAX, Settings};

/// What the known clients call their protocol version.
const CLIENT_VERSION: i32 = 2;

/// The client side of one connection.
///
/// ```
/// use ids::Time;
/// use player::{Input, Output, Player, Settings};
///
/// let mut player = Player::new(Settings { player_session_id: "psess-1".into(), ..Settings::default() });
/// player.handle(Input::Opened, Time::ZERO);
/// assert!(matches!(player.poll_output(), Some(Output::Send(login)) if login.op_code == 0));
/// ```
#[derive(Debug)]
pub struct Player {
    settings: Settings,
    peer_id: i32,
    fast: Option<Fast>,
    out: VecDeque<Output>,
    counts: Counts,
}

impl Player {
    /// A player that waits for its WebSocket.
    pub const fn new(settings: Settings) -> Self {
        Self {
            settings,
            peer_id: 0,
            fast: None,
            out: VecDeque::new(),
            counts: zero(),
        }
    }

    /// Takes one thing that happened. Drain [`Player::poll_output`] before the next.
    pub fn handle(&mut self, input: Input, now: Time) {
        match input {
            Input::Opened => self.log_in(),
            Input::Packet(packet) => {
                self.counts.reliable_received += 1;
                self.counts.bytes_received += encoded_len(&packet) as u64;
                self.received(packet, now);
            }
            Input::Datagram(packet) => self.datagram(packet, now),
            Input::BadDatagram => self.counts.fast_refused += 1,
            Input::FastBroken => {
                if self.fast.as_mut().is_some_and(|fast| fast.broken(now)) {
                    self.tell(Event::Fast { open: false });
                }
            }
            Input::Send {
                op_code,
                target_player,
                target_group,
                reliable,
                payload,
            } => {
                let packet = Packet {
                    op_code,
                    target_player,
                    target_group,
                    payload,
                    ..Packet::default()
                };
                self.send(packet, reliable);
            }
            Input::Join(group) => self.command(op::JOIN_GROUP, Message::JoinGroup { group }),
            Input::Leave(group) => self.command(op::LEAVE_GROUP, Message::LeaveGroup { group }),
            Input::Members(group) => {
                self.command(
                    op::REQUEST_GROUP_MEMBERSHIP,
                    Message::RequestGroupMembership { group },
                );
            }
        }
    }

    /// Does what has become due.
    pub fn handle_timeout(&mut self, now: Time) {
        let due = self.fast.as_mut().and_then(|fast| fast.due(now));
        match due {
            Some(Due::Ask) => self.step(op::UDP_CONNECT),
            Some(Due::Close) => {
                self.tell(Event::Fast { open: false });
                self.step(op::UDP_CONNECT);
            }
            None => {}
        }
    }

    /// The next thing to do.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.out.pop_front()
    }

    /// When [`Player::handle_timeout`] has to be called at the latest; [`Time::MAX`] is never.
    pub fn poll_timeout(&self) -> Time {
        self.fast.as_ref().map_or(Time::MAX, |fast| fast.next)
    }

    /// What has been counted until now.
    pub fn counts(&self) -> Counts {
        Counts {
            fast_open: self.fast.as_ref().is_some_and(|fast| fast.open),
            ..self.counts
        }
    }

    /// The player's own id; 0 before the login.
    pub const fn peer_id(&self) -> i32 {
        self.peer_id
    }

    fn log_in(&mut self) {
        let login = Message::Login {
            player_session_id: self.settings.player_session_id.clone(),
            client_version: CLIENT_VERSION,
        };
        let payload = std::mem::take(&mut self.settings.payload);
        self.send_reliable(Packet {
            target_player: peer::SERVER,
            payload,
            message: Some(login),
            ..Packet::default()
        });
    }

    fn datagram(&mut self, packet: Packet, now: Time) {
        let fresh = self
            .fast
            .as_mut()
            .is_some_and(|fast| fast.takes(packet.sequence_number));
        if !fresh {
            self.counts.fast_refused += 1;
            return;
        }
        self.counts.fast_received += 1;
        self.counts.bytes_received += encoded_len(&packet) as u64;
        self.received(packet, now);
    }

    fn received(&mut self, packet: Packet, now: Time) {
        match (packet.op_code, packet.message) {
            (
                op::LOGIN_RESPONSE,
                Some(Message::LoginResult {
                    success: true,
                    peer_id,
                    fast_port,
                    ..
                }),
            ) => {
                self.peer_id = peer_id;
                self.tell(Event::LoggedIn { peer_id });
                if let (true, Ok(port @ 1..)) = (self.settings.fast, u16::try_from(fast_port)) {
                    self.fast = Some(Fast::new(now));
                    self.out.push_back(Output::OpenFast(port));
                    self.handle_timeout(now);
                }
            }
            (op::LOGIN_RESPONSE, _) => self.tell(Event::Refused),
            (op::UDP_CONNECT_SERVER_ACK, _) => self.acknowledged(now),
            (
                op::GROUP_MEMBERSHIP_UPDATE,
                Some(Message::GroupMembershipUpdate { group, players }),
            ) => {
                self.tell(Event::Membership {
                    group,
                    players,
                    sender: packet.sender,
                });
            }
            (op::GROUP_MEMBERSHIP_UPDATE | op::VERIFY_IDENTITY_RESPONSE, _) => {}
            (_, message) => self.tell(Event::Message(Packet { message, ..packet })),
        }
    }

    fn acknowledged(&mut self, now: Time) {
        let Some(fast) = &mut self.fast else { return };
        let opened = fast.acknowledged(now);
        // Each time, not once as the official client: it tells the server that datagrams still arrive here, also when the game
        // only listens.
        self.step(op::UDP_CONNECT_CLIENT_ACK);
        if opened {
            self.tell(Event::Fast { open: true });
        }
    }

    /// A step of the handshake.
    fn step(&mut self, op_code: i32) {
        self.send_fast(Packet {
            op_code,
            target_player: peer::SERVER,
            sender: self.peer_id,
            message: Some(Message::UdpConnect),
            ..Packet::default()
        });
    }

    /// Group commands go like any message of the default intent, fast.
    fn command(&mut self, op_code: i32, message: Message) {
        let packet = Packet {
            op_code,
            target_player: peer::SERVER,
            message: Some(message),
            ..Packet::default()
        };
        self.send(packet, false);
    }

    fn send(&mut self, packet: Packet, reliable: bool) {
        if packet.payload.len() > PAYLOAD_BYTES_MAX {
            self.counts.too_large += 1;
            return;
        }
        let packet = Packet {
            sender: self.peer_id,
            ..packet
        };
        let open = self.fast.as_ref().is_some_and(|fast| fast.open);
        if !reliable && open && packet.payload.len() <= FAST_PAYLOAD_BYTES_MAX {
            self.send_fast(packet);
            return;
        }
        if !reliable {
            self.counts.fast_fallback += 1;
        }
        self.send_reliable(packet);
    }

    fn send_reliable(&mut self, packet: Packet) {
        let packet = Packet {
            reliable: true,
            ..packet
        };
        self.counts.reliable_sent += 1;
        self.counts.bytes_sent += encoded_len(&packet) as u64;
        self.out.push_back(Output::Send(packet));
    }

    fn send_fast(&mut self, packet: Packet) {
        match self.fast.as_mut().and_then(Fast::number) {
            Some(sequence_number) => {
                let packet = Packet {
                    sequence_number,
                    reliable: false,
                    ..packet
                };
                self.counts.fast_sent += 1;
                self.counts.bytes_sent += encoded_len(&packet) as u64;
                self.out.push_back(Output::SendFast(packet));
            }
            // Numbers never wrap; when they are used up the WebSocket goes on.
            None if packet.op_code == op::UDP_CONNECT => self.fast = None,
            None => self.send_reliable(packet),
        }
    }

    fn tell(&mut self, event: Event) {
        self.out.push_back(Output::Event(event));
    }
}

const fn zero() -> Counts {
    Counts {
        reliable_sent: 0,
        reliable_received: 0,
        fast_sent: 0,
        fast_received: 0,
        fast_fallback: 0,
        fast_refused: 0,
        bytes_sent: 0,
        bytes_received: 0,
        too_large: 0,
        fast_open: false,
    }
}
