//! The parts of a session's state: connections, their fast channels, calls that the script has not answered, timers.

use bytes::Bytes;
use ids::Time;
use std::collections::{BTreeSet, VecDeque};
use std::net::{IpAddr, SocketAddr};
use wire::Packet;

use crate::{CallId, ConnId, Player};

/// Where a session is between its start and its end (realtime.md 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    /// `init` runs.
    Loading,
    /// The ports are being bound.
    Binding,
    /// `onProcessStarted` runs.
    Starting,
    /// No game session yet.
    Ready,
    /// `onStartGameSession` runs.
    Activating,
    /// Players may log in.
    Active,
    /// `processEnding()` was called.
    Ending,
    /// The service has asked for the end.
    Terminating,
    /// All is said.
    Finished,
}

/// Which way a packet came or goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Channel {
    Reliable,
    Fast,
}

/// One WebSocket connection.
#[derive(Debug)]
pub(crate) struct Conn {
    pub(crate) ip: IpAddr,
    pub(crate) stage: Stage,
    /// 0 until one is allotted.
    pub(crate) peer_id: i32,
    pub(crate) player: Option<Player>,
    pub(crate) login_payload: Bytes,
    /// Bytes that the shell has not handed on yet.
    pub(crate) queued: usize,
    pub(crate) heard: Time,
    /// Warnings about it so far.
    pub(crate) warnings: u32,
    pub(crate) fast: Fast,
    pub(crate) groups: BTreeSet<i32>,
    /// What the script sent before LOGIN_RESPONSE.
    pub(crate) early: Vec<(Packet, bool)>,
    pub(crate) reliable: Lane,
    pub(crate) unreliable: Lane,
}

/// How far a connection has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// No LOGIN yet.
    Fresh,
    /// The service is asked.
    Asking,
    /// `onPlayerConnect` is asked.
    Connecting,
    /// A player.
    In,
    /// We have closed it; what still comes is ignored.
    Closing,
}

/// Packets of one channel: one gate at a time, the others wait in order.
#[derive(Debug, Default)]
pub(crate) struct Lane {
    pub(crate) gate: Option<CallId>,
    pub(crate) waiting: VecDeque<Packet>,
}

/// The fast channel of a peer (realtime.md U1-U8).
#[derive(Debug)]
pub(crate) struct Fast {
    pub(crate) state: FastState,
    pub(crate) address: Option<SocketAddr>,
    pub(crate) last_in: i32,
    /// Wider than the wire, so that the end of the numbers is seen.
    pub(crate) next_out: i64,
    pub(crate) heard: Time,
}

/// What is known of a peer's fast channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FastState {
    None,
    /// -6 was sent.
    Acknowledged,
    /// The peer receives datagrams.
    Verified,
}

impl Conn {
    pub(crate) fn new(ip: IpAddr, now: Time) -> Self {
        Self {
            ip,
            stage: Stage::Fresh,
            peer_id: 0,
            player: None,
            login_payload: Bytes::new(),
            queued: 0,
            heard: now,
            warnings: 0,
            fast: Fast {
                state: FastState::None,
                address: None,
                last_in: -1,
                next_out: 0,
                heard: now,
            },
            groups: BTreeSet::new(),
            early: Vec::new(),
            reliable: Lane::default(),
            unreliable: Lane::default(),
        }
    }

    pub(crate) const fn lane(&mut self, channel: Channel) -> &mut Lane {
        match channel {
            Channel::Reliable => &mut self.reliable,
            Channel::Fast => &mut self.unreliable,
        }
    }
}

/// What waits for the outcome of a call.
#[derive(Debug)]
pub(crate) enum Waiting {
    Init,
    ProcessStarted,
    StartGameSession,
    HealthCheck,
    ProcessTerminate,
    Connect(ConnId),
    Disconnect(Departure),
    /// A gate: what to do with the packet if it opens.
    Gate {
        conn: ConnId,
        channel: Channel,
        packet: Packet,
    },
    /// Nothing waits; only errors are told.
    Nothing,
}

/// A player that has left, while `onPlayerDisconnect` runs.
#[derive(Debug)]
pub(crate) struct Departure {
    pub(crate) peer_id: i32,
    pub(crate) player_session_id: String,
    pub(crate) groups: BTreeSet<i32>,
}

/// A call that the script has not answered.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) name: &'static str,
    pub(crate) waiting: Waiting,
    pub(crate) deadline: Option<Time>,
}

/// Everything that can wake a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Timer {
    Login(ConnId),
    Ping(ConnId),
    OneWay(ConnId),
    Call(CallId),
    Health,
    ExitGrace,
    Terminate,
    Empty,
    Duration,
}
