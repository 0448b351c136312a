//! How soon a kind of process may be launched again when it keeps crashing (api.md 4.2).

use ids::{Span, Time};

/// Crashes within this time count together.
const WINDOW: Span = Span::from_secs(60);
/// So many of them, and launches wait.
const CRASHES: usize = 3;
const FIRST_WAIT: Span = Span::from_secs(10);
const LONGEST_WAIT: Span = Span::from_secs(300);

/// Crashes of one kind of process.
#[derive(Clone, Debug, Default)]
pub(crate) struct Backoff {
    recent: Vec<Time>,
    wait: Span,
    until: Time,
}

impl Backoff {
    pub(crate) fn crashed(&mut self, now: Time) {
        // Peace for as long as the longest wait ends the story.
        let last = self.recent.last().copied().unwrap_or(Time::ZERO);
        if now.since(last) > LONGEST_WAIT {
            self.wait = Span::ZERO;
        }
        self.recent.retain(|crash| now.since(*crash) < WINDOW);
        self.recent.push(now);
        // After the first wait, each further crash is one too many.
        if self.recent.len() >= CRASHES || self.wait > Span::ZERO {
            let doubled = self.wait.times(2).min(LONGEST_WAIT);
            self.wait = if self.wait == Span::ZERO {
                FIRST_WAIT
            } else {
                doubled
            };
            self.until = now + self.wait;
        }
    }

    /// When the next launch may be.
    pub(crate) const fn until(&self) -> Time {
        self.until
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_five_minutes_and_end_with_peace() {
        let mut backoff = Backoff::default();
        let mut now = Time::from_millis(1_000_000_000);
        let mut waits = Vec::new();
        for _ in 0..9 {
            backoff.crashed(now);
            now = now.max(backoff.until());
            waits.push(backoff.wait.as_secs());
        }
        assert_eq!(waits, [0, 0, 10, 20, 40, 80, 160, 300, 300]);
        backoff.crashed(now + Span::from_secs(301));
        assert_eq!(backoff.wait, Span::ZERO);
    }
}
