//! The one place of this crate that reads the clock: wall time as it was at the start, moved on by a clock that never jumps.

use std::time::SystemTime;

use ids::Time;
use tokio::time::Instant;

/// Turns moments of the event loop into `ids::Time` and back.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    start: Instant,
    epoch_ms: u64,
}

impl Clock {
    pub(crate) fn start() -> Self {
        let since_epoch = SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or_default();
        Self {
            start: Instant::now(),
            epoch_ms: u64::try_from(since_epoch.as_millis()).unwrap_or(u64::MAX),
        }
    }

    pub(crate) fn now(&self) -> Time {
        let elapsed = u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX);
        Time::from_millis(self.epoch_ms.saturating_add(elapsed))
    }

    /// The moment of the event loop at which `time` has come. Far futures are cut to a year, which wakes once for nothing.
    pub(crate) fn instant(&self, time: Time) -> Instant {
        const YEAR_MS: u64 = 365 * 24 * 3600 * 1000;
        let ahead = time.as_millis().saturating_sub(self.epoch_ms).min(YEAR_MS);
        // A timer of the event loop may fire up to a millisecond early; one more makes sure that `now` has reached `time`.
        self.start + std::time::Duration::from_millis(ahead + 1)
    }
}
