//! The fast channel of a player: handshake with back-off, the question whether it still works, the sequence numbers.

use ids::{Span, Time};

/// The first pause between two -5; it doubles.
const PAUSE_MIN: Span = Span::from_millis(100);
/// The longest pause between two -5.
const PAUSE_MAX: Span = Span::from_secs(5);
/// How long an open channel is trusted before it is asked again.
const TRUST: Span = Span::from_secs(5);
/// Between two questions without answer.
const QUESTION_PAUSE: Span = Span::from_secs(1);
/// Questions without answer after which the channel is closed.
const QUESTIONS_MAX: u32 = 5;

/// What the channel wants done when its time has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Due {
    /// Send -5.
    Ask,
    /// Send -5 and tell the game that the channel is closed.
    Close,
}

/// One fast channel.
#[derive(Debug)]
pub(crate) struct Fast {
    pub(crate) open: bool,
    tries: u32,
    unanswered: u32,
    pub(crate) next: Time,
    last_in: i32,
    next_out: i64,
}

impl Fast {
    /// A channel whose first -5 is due now.
    pub(crate) const fn new(now: Time) -> Self {
        Self {
            open: false,
            tries: 0,
            unanswered: 0,
            next: now,
            last_in: -1,
            next_out: 0,
        }
    }

    /// The next sequence number, while there are any.
    pub(crate) fn number(&mut self) -> Option<i32> {
        let number = i32::try_from(self.next_out).ok()?;
        self.next_out += 1;
        Some(number)
    }

    /// Whether a datagram with this number is neither late nor doubled.
    pub(crate) const fn takes(&mut self, number: i32) -> bool {
        let fresh = number > self.last_in;
        if fresh {
            self.last_in = number;
        }
        fresh
    }

    /// -6 came. Answers whether it opened the channel.
    pub(crate) fn acknowledged(&mut self, now: Time) -> bool {
        let opened = !self.open;
        self.open = true;
        self.tries = 0;
        self.unanswered = 0;
        self.next = now + TRUST;
        opened
    }

    /// The channel is known to be broken: try again from the start. Answers whether it was open.
    pub(crate) fn broken(&mut self, now: Time) -> bool {
        let was_open = self.open;
        if was_open {
            self.open = false;
            self.tries = 0;
            self.unanswered = 0;
            self.next = now + PAUSE_MIN;
        }
        was_open
    }

    /// What is due at `now`.
    pub(crate) fn due(&mut self, now: Time) -> Option<Due> {
        if now < self.next {
            return None;
        }
        if !self.open {
            self.next =
                now + Span::from_millis(PAUSE_MIN.as_millis() << self.tries.min(10)).min(PAUSE_MAX);
            self.tries += 1;
            return Some(Due::Ask);
        }
        if self.unanswered >= QUESTIONS_MAX {
            self.broken(now);
            return Some(Due::Close);
        }
        self.unanswered += 1;
        self.next = now + QUESTION_PAUSE;
        Some(Due::Ask)
    }
}
