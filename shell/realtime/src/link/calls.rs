//! Calls on their way to the control plane: queued while it is away, sent again under the same request id after a lost
//! connection, given up when nobody can wait longer. Bounded.

use std::collections::{BTreeMap, VecDeque};

use ids::{Span, Time};
use session::{Input, LinkAnswer, LinkCall};

/// How long a player may wait for the control plane's word.
const ACCEPT_PATIENCE: Span = Span::from_secs(20);
/// How long a script may wait for the control plane to take note of its end.
const ENDING_PATIENCE: Span = Span::from_secs(5);
/// After this long without an answer a call is sent again, under the same request id.
const ANSWER_PATIENCE: Span = Span::from_secs(20);
/// Between two attempts of a call that failed for a passing reason.
const RETRY_AFTER: Span = Span::from_secs(1);
const RETRY_AFTER_MAX: Span = Span::from_secs(30);

/// One call and how it has fared.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Call {
    pub(crate) request_id: String,
    pub(crate) call: LinkCall,
    since: Time,
    not_before: Time,
    sent: Time,
    attempts: u32,
    /// How often it was sent: control may have granted it before this time.
    pub(crate) sends: u32,
}

/// What became of a new call.
#[derive(Debug, PartialEq)]
pub(crate) enum Queued {
    Yes,
    /// The queue is full: this is what the session is told instead, or nothing.
    No(Option<Box<Input>>),
}

pub(crate) struct Calls {
    waiting: VecDeque<Call>,
    in_flight: BTreeMap<String, Call>,
    calls_max: usize,
    /// Calls that were dropped at the limit.
    pub(crate) dropped: u64,
}

impl Calls {
    pub(crate) const fn new(calls_max: usize) -> Self {
        Self {
            waiting: VecDeque::new(),
            in_flight: BTreeMap::new(),
            calls_max,
            dropped: 0,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.waiting.len() + self.in_flight.len()
    }

    pub(crate) fn push(&mut self, call: LinkCall, request_id: String, now: Time) -> Queued {
        if matches!(call, LinkCall::Heartbeat(_)) {
            // Only the newest verdict is worth anything.
            self.waiting
                .retain(|waiting| !matches!(waiting.call, LinkCall::Heartbeat(_)));
        }
        if self.len() >= self.calls_max && !self.make_room() {
            self.dropped += 1;
            let answer = give_up(&call, "too many calls wait for the control plane");
            return Queued::No(answer.map(Box::new));
        }
        self.waiting.push_back(Call {
            request_id,
            call,
            since: now,
            not_before: now,
            sent: now,
            attempts: 0,
            sends: 0,
        });
        Queued::Yes
    }

    /// Drops the oldest removal: the service ends the player session anyway when the game session ends.
    fn make_room(&mut self) -> bool {
        let oldest = self
            .waiting
            .iter()
            .position(|waiting| matches!(waiting.call, LinkCall::RemovePlayerSession(_)));
        if let Some(at) = oldest {
            self.waiting.remove(at);
            self.dropped += 1;
        }
        oldest.is_some()
    }

    /// The next call that is due; it counts as in flight from now on.
    pub(crate) fn next(&mut self, now: Time) -> Option<Call> {
        let at = self
            .waiting
            .iter()
            .position(|waiting| waiting.not_before <= now)?;
        let mut call = self.waiting.remove(at)?;
        call.sent = now;
        call.sends += 1;
        self.in_flight.insert(call.request_id.clone(), call.clone());
        Some(call)
    }

    /// The connection is lost: what was in flight is to be sent again, first.
    pub(crate) fn lost(&mut self) {
        for (_, call) in std::mem::take(&mut self.in_flight).into_iter().rev() {
            self.waiting.push_front(call);
        }
        // Map order is by id; calls go out in the order in which they were made.
        self.waiting
            .make_contiguous()
            .sort_by_key(|call| call.since);
    }

    /// Control wants to hear nothing any more: nothing waits, and new calls are refused.
    pub(crate) fn close(&mut self) {
        self.waiting.clear();
        self.in_flight.clear();
        self.calls_max = 0;
    }

    /// The call that an answer belongs to.
    pub(crate) fn answered(&mut self, request_id: &str) -> Option<Call> {
        self.in_flight.remove(request_id)
    }

    /// The call failed for a passing reason.
    pub(crate) fn retry(&mut self, mut call: Call, now: Time) {
        let wait = RETRY_AFTER
            .times(1 << call.attempts.min(5))
            .min(RETRY_AFTER_MAX);
        call.attempts += 1;
        call.not_before = now + wait;
        self.waiting.push_back(call);
    }

    pub(crate) fn is_waiting(&self, wanted: &LinkCall) -> bool {
        self.waiting.iter().any(|waiting| waiting.call == *wanted)
    }

    /// Gives up what has waited too long, and queues again what was sent and never answered; these are the answers for the
    /// session.
    pub(crate) fn expire(&mut self, now: Time) -> Vec<Input> {
        let mut answers = Vec::new();
        let mut keep = |call: &Call| {
            let patience = match call.call {
                LinkCall::AcceptPlayerSession { .. } => ACCEPT_PATIENCE,
                LinkCall::ProcessEnding => ENDING_PATIENCE,
                LinkCall::ProcessReady
                | LinkCall::Heartbeat(_)
                | LinkCall::ActivateGameSession
                | LinkCall::RemovePlayerSession(_) => return true,
            };
            if now.since(call.since) < patience {
                return true;
            }
            let sent_before = match &call.call {
                LinkCall::AcceptPlayerSession { conn, .. } if call.sends > 0 => Some(*conn),
                LinkCall::AcceptPlayerSession { .. }
                | LinkCall::ProcessReady
                | LinkCall::Heartbeat(_)
                | LinkCall::ActivateGameSession
                | LinkCall::RemovePlayerSession(_)
                | LinkCall::ProcessEnding => None,
            };
            answers.extend(match sent_before {
                Some(conn) => Some(unanswered(conn)),
                None => give_up(&call.call, "the control plane does not answer"),
            });
            false
        };
        self.waiting.retain(&mut keep);
        self.in_flight.retain(|_, call| keep(call));
        let unanswered = self
            .in_flight
            .extract_if(.., |_, call| now.since(call.sent) >= ANSWER_PATIENCE)
            .map(|(_, call)| call);
        self.waiting.extend(unanswered);
        answers
    }
}

/// Control has heard the question and may have let the player in.
fn unanswered(conn: session::ConnId) -> Input {
    Input::Answered(LinkAnswer::Unanswered {
        conn,
        error: "[GameLiftError: ErrorType=0, ErrorMessage=the control plane does not answer]"
            .into(),
    })
}

fn give_up(call: &LinkCall, why: &str) -> Option<Input> {
    let answer = match call {
        LinkCall::AcceptPlayerSession { conn, .. } => LinkAnswer::Refused {
            conn: *conn,
            error: format!("[GameLiftError: ErrorType=0, ErrorMessage={why}]"),
        },
        LinkCall::ProcessEnding => LinkAnswer::ProcessEnding { success: false },
        LinkCall::ProcessReady
        | LinkCall::Heartbeat(_)
        | LinkCall::ActivateGameSession
        | LinkCall::RemovePlayerSession(_) => return None,
    };
    Some(Input::Answered(answer))
}

#[cfg(test)]
mod tests {
    use super::*;
    use session::ConnId;

    fn at(s: u64) -> Time {
        Time::from_millis(s * 1000)
    }

    fn accept(conn: u64) -> LinkCall {
        LinkCall::AcceptPlayerSession {
            conn: ConnId(conn),
            player_session_id: "p".into(),
        }
    }

    fn remove(id: &str) -> LinkCall {
        LinkCall::RemovePlayerSession(id.into())
    }

    #[test]
    fn a_lost_connection_sends_again_in_order_under_the_same_id() {
        let mut calls = Calls::new(10);
        for (n, call) in [remove("a"), accept(1), remove("b")]
            .into_iter()
            .enumerate()
        {
            calls.push(call, format!("r{}", 9 - n), at(n as u64));
        }
        assert_eq!(calls.next(at(3)).unwrap().request_id, "r9");
        assert_eq!(calls.next(at(3)).unwrap().request_id, "r8");
        assert!(calls.answered("r9").is_some());
        assert!(calls.answered("r9").is_none());
        calls.lost();
        assert_eq!(calls.next(at(3)).unwrap().request_id, "r8");
        assert_eq!(calls.next(at(3)).unwrap().request_id, "r7");
        assert_eq!(calls.next(at(3)), None);
    }

    #[test]
    fn nobody_waits_for_ever() {
        let mut calls = Calls::new(10);
        calls.push(accept(1), "r1".into(), at(0));
        calls.push(LinkCall::ProcessEnding, "r2".into(), at(0));
        calls.push(remove("a"), "r3".into(), at(0));
        calls.next(at(0));
        assert_eq!(calls.expire(at(4)), []);
        assert_eq!(
            calls.expire(at(5)),
            [Input::Answered(LinkAnswer::ProcessEnding {
                success: false
            })]
        );
        assert_eq!(calls.expire(at(20)).len(), 1);
        assert_eq!(calls.expire(at(9999)), []);
        assert_eq!(calls.len(), 1, "a removal is tried until it is through");
    }

    #[test]
    fn a_login_that_was_sent_and_never_answered_may_have_been_granted() {
        let mut calls = Calls::new(10);
        calls.push(accept(1), "r1".into(), at(0));
        calls.push(accept(2), "r2".into(), at(0));
        assert_eq!(calls.next(at(0)).unwrap().sends, 1);
        calls.lost();
        assert_eq!(calls.next(at(1)).unwrap().sends, 2);
        let answers = calls.expire(at(20));
        let unanswered =
            |input: &&Input| matches!(input, Input::Answered(LinkAnswer::Unanswered { .. }));
        assert_eq!(answers.len(), 2);
        assert_eq!(answers.iter().filter(unanswered).count(), 1);
    }

    #[test]
    fn a_call_without_an_answer_is_sent_again() {
        let mut calls = Calls::new(10);
        calls.push(remove("a"), "r1".into(), at(0));
        assert!(calls.next(at(7)).is_some());
        calls.expire(at(26));
        assert_eq!(calls.next(at(26)), None);
        calls.expire(at(27));
        assert_eq!(calls.next(at(27)).unwrap().request_id, "r1");
    }

    #[test]
    fn failed_calls_wait_longer_each_time() {
        let mut calls = Calls::new(10);
        calls.push(remove("a"), "r".into(), at(0));
        let mut now = at(0);
        for wait in [1, 2, 4, 8, 16, 30, 30] {
            let call = calls.next(now).unwrap();
            calls.answered("r");
            calls.retry(call, now);
            assert_eq!(calls.next(now + Span::from_millis(wait * 1000 - 1)), None);
            now += Span::from_secs(wait);
        }
    }

    #[test]
    fn at_the_limit_the_oldest_removal_goes_then_new_calls_are_refused() {
        let mut calls = Calls::new(2);
        calls.push(LinkCall::Heartbeat(true), "r1".into(), at(0));
        calls.push(LinkCall::Heartbeat(false), "r2".into(), at(0));
        assert_eq!(calls.len(), 1);
        calls.push(remove("a"), "r3".into(), at(0));
        assert_eq!(calls.push(accept(1), "r4".into(), at(0)), Queued::Yes);
        assert!(!calls.is_waiting(&remove("a")));
        let refused = calls.push(accept(2), "r5".into(), at(0));
        let Queued::No(Some(answer)) = refused else {
            panic!("{refused:?}");
        };
        assert!(matches!(
            *answer,
            Input::Answered(LinkAnswer::Refused { .. })
        ));
        assert_eq!(calls.dropped, 2);
    }
}
