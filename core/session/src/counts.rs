//! What a session has counted, as plain numbers (realtime.md X5). The shell gives them names and exports them.

/// Numbers of one session. All but the gauges only grow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say what is counted")]
pub struct Counts {
    /// Gauge: players that are in.
    pub players: u64,
    /// Gauge: connections, logged in or not.
    pub connections: u64,
    /// Gauge: players by state of their fast channel.
    pub fast: FastCounts,
    /// Gauge: whether the last health check was good.
    pub healthy: bool,
    pub logins: u64,
    pub refused: RefusedCounts,
    pub reliable_in: Traffic,
    pub reliable_out: Traffic,
    pub fast_in: Traffic,
    pub fast_out: Traffic,
    pub dropped: DropCounts,
    pub calls: u64,
    pub callback_errors: u64,
    pub callback_timeouts: u64,
}

/// Packets and payload bytes of one channel and direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say what is counted")]
pub struct Traffic {
    pub packets: u64,
    pub bytes: u64,
}

impl Traffic {
    pub(crate) const fn add(&mut self, packets: u64, bytes: usize) {
        self.packets += packets;
        self.bytes += packets * bytes as u64;
    }
}

/// Logins that were refused, by reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say what is counted")]
pub struct RefusedCounts {
    pub not_active: u64,
    pub full: u64,
    pub by_service: u64,
    pub by_script: u64,
    pub no_login: u64,
}

/// Packets that were dropped, by reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say what is counted")]
pub struct DropCounts {
    pub malformed: u64,
    pub too_large: u64,
    pub no_target: u64,
    pub not_a_member: u64,
    pub refused_by_script: u64,
    pub forged: u64,
    pub late_or_doubled: u64,
    pub foreign_datagram: u64,
    pub queue_full: u64,
    pub script_busy: u64,
}

/// Players by state of their fast channel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say what is counted")]
pub struct FastCounts {
    pub none: u64,
    pub acknowledged: u64,
    pub verified: u64,
    pub idle: u64,
}
