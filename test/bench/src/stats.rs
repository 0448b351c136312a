//! Many durations, and where they lie.

use std::time::Duration;

/// Sorted durations.
pub(crate) struct Times(Vec<Duration>);

impl Times {
    pub(crate) fn new(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self(times)
    }

    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    /// The time that this share of all stays within, in milliseconds; 0 without any.
    pub(crate) fn ms_at(&self, share: f64) -> f64 {
        let last = self.0.len().saturating_sub(1);
        let index = ((self.0.len() as f64 * share) as usize).min(last);
        self.0
            .get(index)
            .map_or(0.0, |time| time.as_secs_f64() * 1e3)
    }
}
