//! Connections and logins: who gets in, in the order of realtime.md 3.3, and who is turned away how.

use bytes::Bytes;
use ids::Span;
use std::net::IpAddr;
use wire::{Message, Packet, op, peer};

use crate::session::Session;
use crate::state::{Channel, Conn, Phase, Stage, Timer, Waiting};
use crate::{CloseCode, ConnId, Hook, LinkCall, LogLevel, Output, Player, Refusal, ToScript};

/// Connections that have not logged in, beyond twice the players.
const UNKNOWN_CONNS_SPARE: usize = 32;

/// Of a player session id.
const SESSION_ID_BYTES_MAX: usize = 1024;

/// Why a login is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum No {
    NotActive,
    Full,
    ByService,
    ByScript,
}

impl Session {
    pub(crate) fn opened(&mut self, id: ConnId, ip: IpAddr) {
        let unknown = self
            .conns
            .values()
            .filter(|conn| conn.stage == Stage::Fresh)
            .count();
        let mut conn = Conn::new(ip, self.now);
        let full = unknown >= 2 * self.players_max() + UNKNOWN_CONNS_SPARE;
        if full {
            conn.stage = Stage::Closing;
            self.counts.refused.full += 1;
            self.out(Output::Close(
                id,
                CloseCode::Full,
                "too many connections without login",
            ));
        } else {
            self.wake(self.settings.login_timeout, Timer::Login(id));
            self.wake(self.ping_interval(), Timer::Ping(id));
        }
        self.conns.insert(id, conn);
    }

    pub(crate) fn heard(&mut self, id: ConnId) {
        if let Some(conn) = self.conns.get_mut(&id) {
            conn.heard = self.now;
        }
    }

    /// A packet by WebSocket.
    pub(crate) fn packet(&mut self, id: ConnId, packet: Packet) {
        self.heard(id);
        self.counts.reliable_in.add(1, packet.payload.len());
        let Some(conn) = self.conns.get(&id) else {
            return;
        };
        match conn.stage {
            Stage::Fresh => self.login(id, packet),
            // The official client sends before it has seen the answer when its game does.
            Stage::Asking | Stage::Connecting => self.too_early(id, packet),
            Stage::In => self.received(id, Channel::Reliable, packet),
            Stage::Closing => {}
        }
    }

    pub(crate) fn bad(&mut self, id: ConnId, refusal: Refusal) {
        self.counts.dropped.malformed += 1;
        let (code, text) = match refusal {
            Refusal::Malformed => (CloseCode::Malformed, "malformed frame"),
            Refusal::Text => (CloseCode::Unsupported, "text frames are not supported"),
            Refusal::TooBig => (CloseCode::TooBig, "message too big"),
        };
        if self
            .conns
            .get(&id)
            .is_some_and(|conn| conn.stage != Stage::Closing)
        {
            self.log(
                LogLevel::Warn,
                line!(),
                format!("connection {}: {text}", id.0),
            );
            self.close(id, code, text);
        }
    }

    fn login(&mut self, id: ConnId, packet: Packet) {
        let (
            op::LOGIN,
            Some(Message::Login {
                player_session_id, ..
            }),
        ) = (packet.op_code, packet.message)
        else {
            self.counts.refused.no_login += 1;
            self.log(
                LogLevel::Warn,
                line!(),
                format!("connection {} sent something else before its login", id.0),
            );
            self.close(id, CloseCode::Policy, "login first");
            return;
        };
        self.forget_timer(Timer::Login(id));
        let logged_in =
            |conn: &&Conn| matches!(conn.stage, Stage::Asking | Stage::Connecting | Stage::In);
        let players = self.conns.values().filter(logged_in).count();
        if self.phase != Phase::Active {
            self.refuse(id, No::NotActive);
        } else if players >= self.players_max() {
            self.refuse(id, No::Full);
        } else if !is_session_id(&player_session_id) {
            self.log(
                LogLevel::Warn,
                line!(),
                "a login whose player session id is empty, too long or no plain text",
            );
            self.refuse(id, No::ByService);
        } else if let Some(conn) = self.conns.get_mut(&id) {
            conn.stage = Stage::Asking;
            conn.login_payload = packet.payload;
            self.log_service(
                LogLevel::Info,
                line!(),
                format!("Calling GameLiftServerAPI.AcceptPlayerSession with player session id: {player_session_id}"),
            );
            self.out(Output::Link(LinkCall::AcceptPlayerSession {
                conn: id,
                player_session_id: player_session_id.clone(),
            }));
            self.asked.insert(id, player_session_id.clone());
            if let Some(conn) = self.conns.get_mut(&id) {
                conn.player = Some(Player {
                    peer_id: 0,
                    player_session_id,
                    player_id: String::new(),
                    player_data: String::new(),
                });
            }
        }
    }

    /// The service lets the player in.
    pub(crate) fn accepted(&mut self, id: ConnId, player_id: String, player_data: String) {
        let waiting = self
            .conns
            .get_mut(&id)
            .filter(|conn| conn.stage == Stage::Asking);
        let Some((conn, mut player)) =
            waiting.and_then(|conn| conn.player.clone().map(|player| (conn, player)))
        else {
            return;
        };
        self.peers_allotted += 1;
        player.peer_id = self.peers_allotted;
        player.player_id = player_id;
        player.player_data = player_data;
        conn.peer_id = player.peer_id;
        conn.player = Some(player.clone());
        conn.stage = Stage::Connecting;
        let payload = conn.login_payload.clone();
        let session_id = player.player_session_id.clone();
        self.peers.insert(player.peer_id, id);
        self.log_service(
            LogLevel::Info,
            line!(),
            format!("GameLiftServerAPI.AcceptPlayerSession succeeded with player session id: {session_id}"),
        );
        // It may have ended while the service was asked.
        if self.phase != Phase::Active {
            self.refuse(id, No::NotActive);
            return;
        }
        let timeout = Some(self.settings.callback_timeout);
        let hook = Hook::PlayerConnect { player, payload };
        if self.call(hook, Waiting::Connect(id), timeout).is_none() {
            self.admit(id);
        }
    }

    /// Whether another connection sits in this seat.
    pub(crate) fn is_taken(&self, id: ConnId, session_id: &str) -> bool {
        self.conns.iter().any(|(other, conn)| {
            *other != id
                && matches!(conn.stage, Stage::Connecting | Stage::In)
                && conn
                    .player
                    .as_ref()
                    .is_some_and(|player| player.player_session_id == session_id)
        })
    }

    /// The service does not know the player: `error` is in its words.
    pub(crate) fn not_accepted(&mut self, id: ConnId, session_id: &str, error: &str) {
        self.log_service(
            LogLevel::Warn,
            line!(),
            format!(
                "GameLiftServerAPI.AcceptPlayerSession failed for player session id: {session_id} with error: {error}"
            ),
        );
        if self
            .conns
            .get(&id)
            .is_some_and(|conn| conn.stage == Stage::Asking)
        {
            self.refuse(id, No::ByService);
        }
    }

    /// `onPlayerConnect` has decided.
    pub(crate) fn connect_decided(&mut self, id: ConnId, admit: bool) {
        if self
            .conns
            .get(&id)
            .is_none_or(|conn| conn.stage != Stage::Connecting)
        {
            return;
        }
        if !admit {
            self.refuse(id, No::ByScript);
        } else if self.phase == Phase::Active {
            self.admit(id);
        } else {
            self.refuse(id, No::NotActive);
        }
    }

    fn admit(&mut self, id: ConnId) {
        let fast_port = i32::from(self.fast_port);
        let (reconnect_token, connect_token) = (self.mint.hex(32), self.mint.hex(32));
        let Some(conn) = self.conns.get_mut(&id) else {
            return;
        };
        let Some(player) = conn.player.clone() else {
            return;
        };
        conn.stage = Stage::In;
        conn.login_payload = Bytes::new();
        let early = std::mem::take(&mut conn.early);
        self.counts.logins += 1;
        self.forget_timer(Timer::Empty);
        self.out(Output::Script(ToScript::Joined(player.clone())));
        let result = Message::LoginResult {
            success: true,
            reconnect_token,
            peer_id: player.peer_id,
            fast_port,
            ca_cert: Bytes::new(),
            connect_token,
        };
        self.send_to_conn(id, login_response(player.peer_id, result));
        self.log(
            LogLevel::Info,
            line!(),
            format!("Player {} connected", player.peer_id),
        );
        for (packet, reliable) in early {
            self.deliver(&[player.peer_id], packet, reliable);
        }
        if self.settings.announce_all_players_group {
            self.announce(peer::ALL_PLAYERS, player.peer_id, &[]);
        }
        self.call(Hook::PlayerAccepted(player), Waiting::Nothing, None);
        self.resume(id, Channel::Reliable);
    }

    fn refuse(&mut self, id: ConnId, no: No) {
        let refused = &mut self.counts.refused;
        let (count, code, text) = match no {
            No::NotActive => (
                &mut refused.not_active,
                CloseCode::Policy,
                "no active game session",
            ),
            No::Full => (&mut refused.full, CloseCode::Full, "server full"),
            No::ByService => (
                &mut refused.by_service,
                CloseCode::Policy,
                "player session not accepted",
            ),
            No::ByScript => (
                &mut refused.by_script,
                CloseCode::Policy,
                "refused by the game",
            ),
        };
        *count += 1;
        if no == No::Full {
            self.log(
                LogLevel::Warn,
                line!(),
                "a login is refused: the server is full",
            );
        }
        let result = Message::LoginResult {
            success: false,
            reconnect_token: String::new(),
            peer_id: 0,
            fast_port: 0,
            ca_cert: Bytes::new(),
            connect_token: String::new(),
        };
        self.send_to_conn(id, login_response(peer::NONE, result));
        self.close(id, code, text);
    }

    /// Closes a connection for our own reasons: what is queued goes out first.
    pub(crate) fn close(&mut self, id: ConnId, code: CloseCode, reason: &'static str) {
        let Some(conn) = self.conns.get(&id) else {
            return;
        };
        if conn.stage == Stage::Closing {
            return;
        }
        self.gone(id);
        if let Some(conn) = self.conns.get_mut(&id) {
            conn.stage = Stage::Closing;
        }
        self.out(Output::Close(id, code, reason));
    }

    /// The connection is gone.
    pub(crate) fn closed(&mut self, id: ConnId) {
        if self
            .conns
            .get(&id)
            .is_some_and(|conn| conn.stage != Stage::Closing)
        {
            self.last_words(id);
            self.gone(id);
        }
        self.conns.remove(&id);
        self.forget_timer(Timer::Ping(id));
    }

    /// What a connection leaves behind, at whatever stage it was.
    fn gone(&mut self, id: ConnId) {
        let Some(conn) = self.conns.get_mut(&id) else {
            return;
        };
        let (stage, peer_id, ip) = (conn.stage, conn.peer_id, conn.ip);
        let groups = std::mem::take(&mut conn.groups);
        let player = conn.player.take();
        conn.reliable.waiting.clear();
        conn.unreliable.waiting.clear();
        conn.early.clear();
        if let Some(address) = conn.fast.address.take() {
            self.by_address.remove(&address);
        }
        self.peers.remove(&peer_id);
        self.forget_timer(Timer::Login(id));
        self.forget_timer(Timer::OneWay(id));
        match (stage, player) {
            (Stage::In, Some(player)) => self.left(player, groups, ip),
            // The seat was taken at the service, and nobody sits in it.
            (Stage::Connecting, Some(player)) => {
                self.remove_player_session(player.player_session_id)
            }
            (Stage::In | Stage::Connecting | Stage::Fresh | Stage::Asking | Stage::Closing, _) => {}
        }
    }

    pub(crate) fn remove_player_session(&mut self, player_session_id: String) {
        if self.end_told {
            return; // The service ends what is left (realtime.md 3.6).
        }
        self.log_service(
            LogLevel::Info,
            line!(),
            format!("Calling GameLiftServerAPI.RemovePlayerSession with player session id: {player_session_id}"),
        );
        self.out(Output::Link(LinkCall::RemovePlayerSession(
            player_session_id,
        )));
    }

    pub(crate) fn login_due(&mut self, id: ConnId) {
        if self
            .conns
            .get(&id)
            .is_some_and(|conn| conn.stage == Stage::Fresh)
        {
            self.counts.refused.no_login += 1;
            self.log(
                LogLevel::Warn,
                line!(),
                format!("connection {} did not log in in time", id.0),
            );
            self.close(id, CloseCode::Policy, "no login in time");
        }
    }

    /// Pings, and gives up a connection that has been silent for too long.
    pub(crate) fn ping_due(&mut self, id: ConnId) {
        let Some(conn) = self.conns.get(&id) else {
            return;
        };
        let interval = self.ping_interval();
        let silence_max = interval.times(2).max(self.settings.liveness_floor);
        let dead = conn.heard + silence_max;
        if dead <= self.now {
            if conn.stage != Stage::Closing {
                self.log(
                    LogLevel::Warn,
                    line!(),
                    format!("connection {} is silent and is given up", id.0),
                );
                self.gone(id);
            }
            self.conns.remove(&id);
            self.out(Output::Abort(id));
            return;
        }
        if conn.stage != Stage::Closing {
            self.out(Output::Ping(id));
        }
        let until_dead = dead.since(self.now).max(Span::from_millis(1));
        self.wake(interval.min(until_dead), Timer::Ping(id));
    }
}

/// Whether it may stand in a log line and in a question to the service; what it means is the service's to say.
fn is_session_id(text: &str) -> bool {
    (1..=SESSION_ID_BYTES_MAX).contains(&text.len()) && !text.chars().any(char::is_control)
}

fn login_response(peer_id: i32, result: Message) -> Packet {
    Packet {
        op_code: op::LOGIN_RESPONSE,
        target_player: peer_id,
        sender: peer::SERVER,
        reliable: true,
        message: Some(result),
        ..Packet::default()
    }
}
