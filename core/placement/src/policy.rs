//! Latency policies: how much latency a player may have, relaxed over time.

use ids::{Span, Time};
use serde::{Deserialize, Serialize};

/// One policy of a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LatencyPolicy {
    /// MaximumIndividualPlayerLatencyMilliseconds.
    pub maximum_ms: u32,
    /// PolicyDurationSeconds; nothing (or zero) means until the request times out.
    pub duration: Option<Span>,
}

/// The policies as they are stored, returned and used: ascending by maximum.
pub fn sorted(mut policies: Vec<LatencyPolicy>) -> Vec<LatencyPolicy> {
    policies.sort_by_key(|policy| policy.maximum_ms);
    policies
}

/// The maximum in force when a request is `age` old. Each policy starts when the one before it ends; the last one
/// stays. Nothing without policies.
pub fn limit_at(policies: &[LatencyPolicy], age: Span) -> Option<u32> {
    let mut end = Span::ZERO;
    for policy in policies {
        let Some(duration) = lasting(policy) else {
            return Some(policy.maximum_ms);
        };
        end = end + duration;
        if age < end {
            return Some(policy.maximum_ms);
        }
    }
    policies.last().map(|policy| policy.maximum_ms)
}

/// When the next policy comes into force, after `now`, for a request that started at `start`.
pub fn next_limit_change(policies: &[LatencyPolicy], start: Time, now: Time) -> Option<Time> {
    let mut at = start;
    // The end of the last policy changes nothing.
    for policy in policies.iter().take(policies.len().saturating_sub(1)) {
        at += lasting(policy)?;
        if at > now {
            return Some(at);
        }
    }
    None
}

fn lasting(policy: &LatencyPolicy) -> Option<Span> {
    policy.duration.filter(|duration| *duration > Span::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_follow_each_other() {
        let policy = |maximum_ms, seconds: Option<u64>| LatencyPolicy {
            maximum_ms,
            duration: seconds.map(Span::from_secs),
        };
        // (policies, [(age in ms, limit)])
        type Case<'a> = (&'a [LatencyPolicy], &'a [(u64, Option<u32>)]);
        let cases: &[Case<'_>] = &[
            (&[], &[(0, None), (99_000, None)]),
            (&[policy(100, None)], &[(0, Some(100)), (99_000, Some(100))]),
            (
                &[
                    policy(50, Some(60)),
                    policy(100, Some(30)),
                    policy(150, None),
                ],
                &[
                    (0, Some(50)),
                    (59_999, Some(50)),
                    (60_000, Some(100)),
                    (89_999, Some(100)),
                    (90_000, Some(150)),
                    (900_000, Some(150)),
                ],
            ),
            (
                &[policy(50, Some(10)), policy(100, Some(10))],
                &[(9_999, Some(50)), (10_000, Some(100)), (50_000, Some(100))],
            ),
            (
                &[policy(50, Some(0)), policy(100, None)],
                &[(0, Some(50)), (99_000, Some(50))],
            ),
        ];
        for (policies, expected) in cases {
            for (age, limit) in *expected {
                assert_eq!(
                    limit_at(policies, Span::from_millis(*age)),
                    *limit,
                    "{policies:?} at {age}"
                );
            }
        }
    }

    #[test]
    fn the_next_change_is_the_start_of_the_next_policy() {
        let policy = |maximum_ms, seconds: u64| LatencyPolicy {
            maximum_ms,
            duration: Some(Span::from_secs(seconds)),
        };
        let policies = sorted(vec![policy(150, 5), policy(50, 60), policy(100, 30)]);
        let start = Time::from_millis(1_000);
        let next =
            |at| next_limit_change(&policies, start, Time::from_millis(at)).map(Time::as_millis);
        assert_eq!(
            [next(0), next(60_999), next(61_000), next(91_000)],
            [Some(61_000), Some(61_000), Some(91_000), None]
        );
        assert_eq!(next_limit_change(&[], start, start), None);
    }
}
