//! Evaluation of rules on a match that is still growing: not only whether a rule holds now, but whether that can change.
//!
//! Every number is a value now and bounds over all ways in which the match can be completed. A search may turn a
//! candidate away only when a rule fails for ever.

mod numbers;
mod rules;
mod scene;
#[cfg(test)]
mod tests;
mod texts;

pub(crate) use numbers::Range;
pub(crate) use rules::{Verdict, acceptable, evaluate, negated};
pub(crate) use scene::{Arena, Scene, Scratch};

/// The outcome of a rule. The order makes `min` the conjunction and `max` the disjunction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Outcome {
    /// Fails, and no player who joins can repair it.
    FailForever,
    /// Fails as things stand.
    FailNow,
    /// Holds as things stand.
    PassNow,
    /// Holds, and no player who joins can break it.
    PassForever,
}

impl Outcome {
    pub(crate) fn passes(self) -> bool {
        self >= Self::PassNow
    }

    pub(crate) fn is_final(self) -> bool {
        matches!(self, Self::FailForever | Self::PassForever)
    }

    pub(crate) fn not(self) -> Self {
        match self {
            Self::FailForever => Self::PassForever,
            Self::FailNow => Self::PassNow,
            Self::PassNow => Self::FailNow,
            Self::PassForever => Self::FailForever,
        }
    }
}
