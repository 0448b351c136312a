//! Conditions and sort orders applied to the facts of game sessions.

use super::lexer::Comparator;
use super::parser::{Condition, Value};
use super::{Facts, Operand, Sort};
use std::cmp::Ordering;

/// What an operand is for one session. `None` inside a text: the session has no such name or property.
#[derive(PartialEq, PartialOrd)]
enum Fact<'a> {
    Number(f64),
    Text(Option<&'a str>),
    Flag(bool),
}

fn fact<'a>(operand: &Operand, session: &'a impl Facts) -> Fact<'a> {
    match operand {
        Operand::GameSessionId => Fact::Text(Some(session.game_session_id())),
        Operand::GameSessionName => Fact::Text(session.name()),
        Operand::Property(key) => Fact::Text(session.property(key)),
        // Counts and times stay far below 2^53, where f64 is exact.
        Operand::MaximumSessions => Fact::Number(session.maximum_sessions() as f64),
        Operand::CreationTimeMillis => Fact::Number(session.creation_time_millis() as f64),
        Operand::PlayerSessionCount => Fact::Number(session.player_session_count() as f64),
        Operand::HasAvailablePlayerSessions => Fact::Flag(session.has_available_player_sessions()),
    }
}

/// Whether the session fulfils the condition.
pub(super) fn matches(condition: &Condition, session: &impl Facts) -> bool {
    match condition {
        Condition::All(parts) => parts.iter().all(|part| matches(part, session)),
        Condition::Any(parts) => parts.iter().any(|part| matches(part, session)),
        Condition::Not(inner) => !matches(inner, session),
        Condition::Compare(operand, comparator, value) => {
            let wanted = match value {
                Value::Number(number) => Fact::Number(*number),
                Value::Text(text) => Fact::Text(Some(text)),
                Value::Flag(flag) => Fact::Flag(*flag),
            };
            holds(&fact(operand, session), *comparator, &wanted)
        }
    }
}

fn holds(have: &Fact<'_>, comparator: Comparator, wanted: &Fact<'_>) -> bool {
    match comparator {
        Comparator::Equal => have == wanted,
        Comparator::Unequal => have != wanted,
        Comparator::Less => have < wanted,
        Comparator::Greater => have > wanted,
        Comparator::LessOrEqual => have <= wanted,
        Comparator::GreaterOrEqual => have >= wanted,
    }
}

/// Which of two sessions comes first.
pub(super) fn order(sort: &Sort, a: &impl Facts, b: &impl Facts) -> Ordering {
    let (a, b) = (fact(&sort.operand, a), fact(&sort.operand, b));
    let missing = |fact: &Fact<'_>| *fact == Fact::Text(None);
    let present_first = missing(&a).cmp(&missing(&b));
    let by_fact = a.partial_cmp(&b).unwrap_or(Ordering::Equal);
    present_first.then(if sort.descending {
        by_fact.reverse()
    } else {
        by_fact
    })
}
