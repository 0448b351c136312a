//! The one place of this crate that reads the wall clock.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ids::Time;

/// Now, as the system says.
pub(crate) fn now() -> Time {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Time::from_millis(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

/// How long to wait until then.
pub(crate) fn until(then: Time) -> Duration {
    Duration::from_millis(then.since(now()).as_millis())
}
