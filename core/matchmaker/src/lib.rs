//! Matchmaking, compatible with FlexMatch: rule sets, the matching of tickets, and the explanation of every refusal.
//! The engine is told time, random bits and tickets; it answers with data.

#![warn(missing_docs)]

mod compiled;
mod engine;
mod evaluate;
mod explain;
mod expression;
mod intern;
mod json;
mod large;
mod problem;
mod rules;
mod search;
mod ticket;

pub use engine::{
    Acceptance, CancelReason, Config, Input, Match, MatchedPlayer, MatchedTicket, Matchmaker,
    Output, Pacing, Refusal, RuleMetrics, TICKETS_MAX, Team, TicketStatus,
};
pub use explain::Explanation;
pub use problem::{Position, Problem, Problems, Severity};
pub use rules::{LENGTH_MAX, Options, RuleSet};
pub use ticket::{Attribute, AttributeKind, Player, Ticket};
