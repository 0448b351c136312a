//! The expressions of SearchGameSessions: a filter and a sort order over the facts of one game session. Text comes
//! from callers, so every mistake is answered with its position, and length and nesting are limited.

mod evaluate;
mod lexer;
mod parser;
#[cfg(test)]
mod tests;

use std::fmt;

/// The longest expression that is read, in characters.
pub(crate) const MAX_LENGTH: usize = 1024;

/// How deep parentheses and NOT may be nested. Nobody writes that; it keeps parsing and evaluating off the stack's end.
pub(crate) const MAX_NESTING: usize = 64;

/// What can be asked about a game session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Operand {
    /// `gameSessionId`
    GameSessionId,
    /// `gameSessionName`
    GameSessionName,
    /// `gameSessionProperties.KEY`
    Property(String),
    /// `maximumSessions`
    MaximumSessions,
    /// `creationTimeMillis`
    CreationTimeMillis,
    /// `playerSessionCount`
    PlayerSessionCount,
    /// `hasAvailablePlayerSessions`
    HasAvailablePlayerSessions,
}

/// What one game session answers.
pub(crate) trait Facts {
    /// Its ARN.
    fn game_session_id(&self) -> &str;
    /// Its name, if it was given one.
    fn name(&self) -> Option<&str>;
    /// The value of a game property.
    fn property(&self, key: &str) -> Option<&str>;
    /// How many players it takes.
    fn maximum_sessions(&self) -> u64;
    /// When it was created.
    fn creation_time_millis(&self) -> u64;
    /// How many slots are reserved or taken.
    fn player_session_count(&self) -> u64;
    /// Whether a player could get in now.
    fn has_available_player_sessions(&self) -> bool;
}

/// A checked filter expression.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Filter(parser::Condition);

/// A checked sort expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sort {
    operand: Operand,
    descending: bool,
}

impl Filter {
    /// Reads a filter expression.
    pub(crate) fn parse(text: &str) -> Result<Self, Mistake> {
        parser::filter(text).map(Self)
    }

    /// Whether the session passes.
    pub(crate) fn matches(&self, session: &impl Facts) -> bool {
        evaluate::matches(&self.0, session)
    }
}

impl Sort {
    /// Reads a sort expression.
    pub(crate) fn parse(text: &str) -> Result<Self, Mistake> {
        parser::sort(text)
    }

    /// Sorts in place; what is equal keeps its order, and sessions without the operand come last either way.
    pub(crate) fn apply<F: Facts>(&self, sessions: &mut [F]) {
        sessions.sort_by(|a, b| evaluate::order(self, a, b));
    }
}

/// What is wrong with an expression, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mistake {
    /// The place: characters from the start, the first is 1.
    pub(crate) position: usize,
    /// What is wrong and what was expected.
    pub(crate) problem: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at position {}", self.problem, self.position)
    }
}
