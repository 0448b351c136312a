//! Matchmaking, compatible with FlexMatch: rule sets, the matching of tickets, and the explanation of every refusal.
//! The engine is told time, random bits and tickets; it answers with data.

#![warn(missing_docs)]

mod compiled;
mod engine;
mod evaluate;
mod events;
mod explain;
mod expression;
mod intern;
mod json;
mod large;
mod match_data;
mod problem;
mod rules;
mod search;
mod ticket;
mod verify;

pub use engine::{
    Acceptance, CancelReason, Config, Input, Match, MatchedPlayer, MatchedTicket, Matchmaker,
    Output, Pacing, Refusal, RuleMetrics, TICKETS_MAX, Team, TicketStatus,
};
pub use events::{
    CANCELLED, DETAIL_TYPE, Event, EventPlayer, EventSession, EventTicket, TIMED_OUT, UNEXPECTED,
    iso_8601,
};
pub use explain::{
    Attempt, Compatible, ExpansionState, Explanation, NextChange, RefusedBy, RuleVerdict,
};
pub use match_data::{BackfillData, MATCHMAKER_DATA_MAX, matchmaker_data};
pub use problem::{Position, Problem, Problems, Severity};
pub use rules::{LENGTH_MAX, Options, RuleSet};
pub use ticket::{Attribute, AttributeKind, Player, Ticket};
pub use verify::Evaluation;
