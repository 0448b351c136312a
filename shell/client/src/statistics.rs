//! Numbers of one connection.

/// What a connection has done so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Packets sent by WebSocket.
    pub reliable_sent: u64,
    /// Packets received by WebSocket.
    pub reliable_received: u64,
    /// Datagrams sent.
    pub fast_sent: u64,
    /// Datagrams taken.
    pub fast_received: u64,
    /// Fast messages that went by WebSocket, because there was no fast channel or they were too large.
    pub fast_fallback: u64,
    /// Datagrams that came late or doubled, or were malformed, and were dropped.
    pub fast_refused: u64,
    /// Fast messages dropped because the game did not take its events.
    pub fast_dropped: u64,
    /// Bytes sent by both channels, without headers.
    pub bytes_sent: u64,
    /// Bytes received by both channels, without headers.
    pub bytes_received: u64,
    /// Whether the fast channel is open: 0 or 1.
    pub fast_open: u64,
}

impl Statistics {
    /// Every number with its name, for printing.
    pub fn named(&self) -> [(&'static str, u64); 10] {
        [
            ("reliableSent", self.reliable_sent),
            ("reliableReceived", self.reliable_received),
            ("fastSent", self.fast_sent),
            ("fastReceived", self.fast_received),
            ("fastFallback", self.fast_fallback),
            ("fastRefused", self.fast_refused),
            ("fastDropped", self.fast_dropped),
            ("bytesSent", self.bytes_sent),
            ("bytesReceived", self.bytes_received),
            ("fastOpen", self.fast_open),
        ]
    }
}
