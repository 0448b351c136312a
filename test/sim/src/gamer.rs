//! Players: each claims a seat over a stream and datagrams of its own, plays for a while and goes, politely or not.

use bytes::Bytes;
use ids::{Span, Time};
use player::{Event as Told, Input as Does, Output as Wants, Player, Settings};
use session::{ConnId, Delivery, Input};
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use wire::Packet;

use crate::sim::{Event, Played, Sim};

/// What a player sends by WebSocket, and by the fast channel.
const RELIABLE_OP: i32 = 100;
const FAST_OP: i32 = 101;

/// One player's client.
pub(crate) struct Gamer {
    pub(crate) player: Player,
    process: String,
    address: SocketAddr,
    seat: String,
    last_up: Time,
    last_down: Time,
    logged_in: bool,
    leaves: Time,
    /// Its network is gone without a word.
    silent: bool,
    /// It has closed its end.
    closed: bool,
    sent: u64,
    /// Numbers that came from each peer, per op code.
    seen: BTreeSet<(i32, i32, u64)>,
}

impl Sim {
    /// A client starts, with a seat that it has or claims to have.
    pub(crate) fn player_comes(&mut self, seat: String, ip: &str, port: u16) {
        let Some(process) = self.listener(ip, port) else {
            return;
        };
        let number = self.client.next_player();
        let last = u8::try_from(number % 250).unwrap_or(1);
        let address = SocketAddr::new(
            IpAddr::V4(Ipv4Addr::new(10, 0, 0, last)),
            20_000 + u16::try_from(number % 40_000).unwrap_or(0),
        );
        let settings = Settings {
            player_session_id: seat.clone(),
            payload: Bytes::from_static(b"hello"),
            fast: self.dice.below(3) > 0,
        };
        self.note(|| format!("player {number} goes to {process} with {seat}"));
        let gamer = Gamer {
            player: Player::new(settings),
            process,
            address,
            seat,
            last_up: self.now,
            last_down: self.now,
            logged_in: false,
            leaves: self.now + Span::from_secs(2 + self.dice.below(120)),
            silent: false,
            closed: false,
            sent: 0,
            seen: BTreeSet::new(),
        };
        self.gamers.insert(number, gamer);
        self.stream_up(number, Played::Opens(number));
    }

    fn stream_up(&mut self, number: u64, event: Played) {
        let at = self.soon();
        let Some(gamer) = self.gamers.get_mut(&number).filter(|own| !own.silent) else {
            return;
        };
        gamer.last_up = gamer.last_up.max(at);
        let at = gamer.last_up;
        self.at(at, Event::Player(event));
    }

    fn stream_down(&mut self, number: u64, event: Played) {
        let at = self.soon();
        let Some(gamer) = self.gamers.get_mut(&number).filter(|own| !own.silent) else {
            return;
        };
        gamer.last_down = gamer.last_down.max(at);
        let at = gamer.last_down;
        self.at(at, Event::Player(event));
    }

    pub(crate) fn player_event(&mut self, event: Played) -> Result<(), String> {
        match event {
            Played::Opens(number) => self.opens(number),
            Played::Opened(number) => {
                let wait = self.dice.below(500);
                self.at(
                    self.now + Span::from_millis(wait),
                    Event::Player(Played::Acts(number)),
                );
                self.player_does(number, Does::Opened)
            }
            Played::Closes(number) => self.closes(number),
            Played::Closed(number) => {
                self.gamers.remove(&number);
                Ok(())
            }
            Played::Acts(number) => self.acts(number),
            Played::Up(number, packet) => {
                self.session_hears(number, Input::Packet(ConnId(number), *packet))
            }
            Played::Down(number, packet) => self.player_does(number, Does::Packet(*packet)),
            Played::Pong(number) => self.session_hears(number, Input::Alive(ConnId(number))),
            Played::FastUp(from, process, packet) => {
                self.session_happens(&process, Input::Datagram(from, *packet))
            }
            Played::FastDown(number, packet) => self.player_does(number, Does::Datagram(*packet)),
        }
    }

    fn opens(&mut self, number: u64) -> Result<(), String> {
        let Some(gamer) = self.gamers.get(&number) else {
            return Ok(());
        };
        let (id, ip) = (gamer.process.clone(), gamer.address.ip());
        let Some(process) = self.processes.get_mut(&id) else {
            self.player_cut(number);
            return Ok(());
        };
        process.conns.insert(number);
        self.stream_down(number, Played::Opened(number));
        self.session_happens(&id, Input::Opened(ConnId(number), ip))
    }

    /// The player's end of the stream has closed.
    fn closes(&mut self, number: u64) -> Result<(), String> {
        let Some(gamer) = self.gamers.remove(&number) else {
            return Ok(());
        };
        let known = self
            .processes
            .get_mut(&gamer.process)
            .is_some_and(|own| own.conns.remove(&number));
        if known {
            return self.session_happens(&gamer.process, Input::Closed(ConnId(number)));
        }
        Ok(())
    }

    fn session_hears(&mut self, number: u64, input: Input) -> Result<(), String> {
        let Some(gamer) = self.gamers.get(&number) else {
            return Ok(());
        };
        let id = gamer.process.clone();
        if self
            .processes
            .get(&id)
            .is_some_and(|own| own.conns.contains(&number))
        {
            return self.session_happens(&id, input);
        }
        Ok(())
    }

    /// The process is gone: the player sees its stream end.
    pub(crate) fn player_cut(&mut self, number: u64) {
        let at = self.soon();
        if let Some(gamer) = self.gamers.get(&number) {
            let at = at.max(gamer.last_down);
            self.at(at, Event::Player(Played::Closed(number)));
        }
    }

    /// The session closes or drops a connection: the stream is over at its end.
    pub(crate) fn session_closes(&mut self, id: &str, conn: ConnId) {
        let Some(process) = self.processes.get_mut(id) else {
            return;
        };
        if process.conns.remove(&conn.0) {
            process.session.handle(Input::Closed(conn), self.now);
            self.player_cut(conn.0);
        }
    }

    pub(crate) fn session_sends(&mut self, number: u64, packet: &Packet) {
        self.stream_down(number, Played::Down(number, Box::new(packet.clone())));
    }

    pub(crate) fn session_pings(&mut self, number: u64) {
        // There and back.
        self.stream_up(number, Played::Pong(number));
    }

    pub(crate) fn session_sends_fast(&mut self, to: &[Delivery], packet: &Packet) {
        for delivery in to {
            let found = self
                .gamers
                .iter()
                .find(|(_, own)| own.address == delivery.address && !own.silent);
            let Some(number) = found.map(|(number, _)| *number) else {
                continue;
            };
            for at in self.datagram_times() {
                let packet = Packet {
                    sequence_number: delivery.sequence_number,
                    ..packet.clone()
                };
                self.at(
                    at,
                    Event::Player(Played::FastDown(number, Box::new(packet))),
                );
            }
        }
    }

    /// When a datagram arrives: never, once or twice.
    fn datagram_times(&mut self) -> Vec<Time> {
        let bad = if self.calm {
            0
        } else {
            self.plan.datagrams_lost
        };
        if self.chance(bad) {
            return Vec::new();
        }
        let copies = if self.chance(bad) { 2 } else { 1 };
        (0..copies).map(|_| self.soon()).collect()
    }

    fn player_does(&mut self, number: u64, input: Does) -> Result<(), String> {
        let now = self.now;
        if let Some(gamer) = self.gamers.get_mut(&number).filter(|own| !own.closed) {
            gamer.player.handle(input, now);
        }
        self.drain_player(number)
    }

    pub(crate) fn gamer_timeouts(&mut self) -> Result<(), String> {
        let now = self.now;
        let due = self
            .gamers
            .iter()
            .filter(|(_, own)| own.player.poll_timeout() <= now);
        let due: Vec<u64> = due.map(|(number, _)| *number).collect();
        for number in due {
            if let Some(gamer) = self.gamers.get_mut(&number) {
                gamer.player.handle_timeout(now);
            }
            self.drain_player(number)?;
        }
        Ok(())
    }

    fn drain_player(&mut self, number: u64) -> Result<(), String> {
        loop {
            let Some(gamer) = self.gamers.get_mut(&number) else {
                return Ok(());
            };
            let Some(output) = gamer.player.poll_output() else {
                return Ok(());
            };
            match output {
                Wants::Send(packet) => self.stream_up(number, Played::Up(number, Box::new(packet))),
                Wants::OpenFast(_) => {}
                Wants::SendFast(packet) => {
                    if gamer.silent || gamer.closed {
                        continue;
                    }
                    let (from, process) = (gamer.address, gamer.process.clone());
                    for at in self.datagram_times() {
                        self.at(
                            at,
                            Event::Player(Played::FastUp(
                                from,
                                process.clone(),
                                Box::new(packet.clone()),
                            )),
                        );
                    }
                }
                Wants::Event(told) => self.player_hears(number, told)?,
            }
        }
    }

    fn player_hears(&mut self, number: u64, told: Told) -> Result<(), String> {
        let Some(gamer) = self.gamers.get_mut(&number) else {
            return Ok(());
        };
        match told {
            Told::LoggedIn { .. } => gamer.logged_in = true,
            Told::Refused => {
                let seat = gamer.seat.clone();
                self.note(|| format!("player {number} is refused with {seat}"));
            }
            Told::Message(packet) => {
                if !(RELIABLE_OP..=FAST_OP).contains(&packet.op_code) {
                    return Ok(());
                }
                let mut counted = [0; 8];
                counted.copy_from_slice(
                    packet
                        .payload
                        .get(..8)
                        .ok_or("a message came without its number")?,
                );
                let count = u64::from_be_bytes(counted);
                let from = (packet.sender, packet.op_code);
                let newest = gamer
                    .seen
                    .range((from.0, from.1, 0)..=(from.0, from.1, u64::MAX))
                    .next_back();
                let late = newest.is_some_and(|(.., newest)| *newest >= count);
                let fresh = gamer.seen.insert((from.0, from.1, count));
                if !fresh {
                    return Err(format!(
                        "player {number} got message {count} of peer {from:?} twice"
                    ));
                }
                if late && packet.op_code == RELIABLE_OP {
                    return Err(format!(
                        "player {number} got the reliable message {count} of peer {} late",
                        from.0
                    ));
                }
                self.figures.messages += 1;
                self.figures.fast_messages += u64::from(!packet.reliable);
            }
            Told::Membership { .. } | Told::Fast { .. } => {}
        }
        Ok(())
    }

    /// Whatever a player does every few seconds.
    fn acts(&mut self, number: u64) -> Result<(), String> {
        let now = self.now;
        let Some(gamer) = self.gamers.get_mut(&number).filter(|own| !own.closed) else {
            return Ok(());
        };
        if gamer.silent || gamer.leaves <= now {
            gamer.closed = true;
            let silent = gamer.silent;
            self.note(|| format!("player {number} leaves, silent: {silent}"));
            if silent {
                // Nobody hears of it; the session finds out. Datagrams and packets have stopped already.
                return Ok(());
            }
            self.stream_up(number, Played::Closes(number));
            return Ok(());
        }
        let wait = Span::from_millis(200 + self.dice.below(6000));
        self.at(now + wait, Event::Player(Played::Acts(number)));
        if self.plan.silent_players && !self.calm && self.chance(20) {
            self.note(|| format!("player {number} falls silent"));
            if let Some(gamer) = self.gamers.get_mut(&number) {
                gamer.silent = true;
            }
            return Ok(());
        }
        let Some(gamer) = self.gamers.get_mut(&number).filter(|own| own.logged_in) else {
            return Ok(());
        };
        gamer.sent += 1;
        let payload = Bytes::copy_from_slice(&gamer.sent.to_be_bytes());
        let does = match self.dice.below(10) {
            0 => Does::Join(7),
            1 => Does::Leave(7),
            2 => Does::Members(-1),
            kind => {
                let reliable = kind % 2 == 0;
                let op_code = if reliable { RELIABLE_OP } else { FAST_OP };
                let to_all = kind < 8;
                let target_group = if to_all { -1 } else { 0 };
                let target_player = if to_all {
                    0
                } else {
                    1 + i32::try_from(self.dice.below(4)).unwrap_or(0)
                };
                Does::Send {
                    op_code,
                    target_player,
                    target_group,
                    reliable,
                    payload,
                }
            }
        };
        self.player_does(number, does)
    }

    /// A silent player's stream is forgotten when the session has given it up.
    pub(crate) fn everybody_leaves(&mut self) {
        for gamer in self.gamers.values_mut() {
            gamer.leaves = self.now;
        }
    }
}
