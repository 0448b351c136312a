//! The words of the engine: how it is set up, what it is told, what it answers.

use crate::rules::RuleSet;
use crate::ticket::{Attribute, Ticket};
use ids::{Location, MatchId, PlayerId, Span, TicketId, Time};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a matchmaking configuration asks of the engine.
#[derive(Clone, Debug)]
pub struct Config {
    /// AcceptanceTimeoutSeconds when AcceptanceRequired is true.
    pub acceptance: Option<Span>,
    /// AdditionalPlayerCount: slots of a match that are kept free. Zero for STANDALONE.
    pub additional_players: u32,
    /// When passes run.
    pub pacing: Pacing,
    /// A backfilled match needs every team's minPlayers (U-70). Default true.
    pub backfill_enforces_min_players: bool,
    /// When somebody rejects, those who had not answered yet are cancelled as well, as AWS says; false sends them back
    /// to the pool. Default true.
    pub reject_cancels_undecided: bool,
}

/// When passes run and how much one may do.
#[derive(Clone, Debug)]
pub struct Pacing {
    /// From the first news to the pass. Default 50 ms.
    pub debounce: Span,
    /// Between the starts of two passes, at least. Default 250 ms.
    pub pass_interval: Span,
    /// How long a match that is possible but not full waits for more players, counted from its oldest ticket.
    /// Default 2 s.
    pub underfill_hold: Span,
    /// Work units (about 10 ns each on a small machine) of one `handle_timeout`. Default 150,000.
    pub step_work: u64,
    /// The pause between two steps of one pass, so that others get their turn. Default 3 ms.
    pub step_pause: Span,
    /// Tickets that are looked at together. Default: the larger of 1,000 and twenty full matches.
    pub batch_size: Option<usize>,
}

impl Default for Pacing {
    fn default() -> Self {
        Self {
            debounce: Span::from_millis(50),
            pass_interval: Span::from_millis(250),
            underfill_hold: Span::from_secs(2),
            step_work: 150_000,
            step_pause: Span::from_millis(3),
            batch_size: None,
        }
    }
}

impl Pacing {
    /// No waiting at all, for tests and measurements.
    pub fn immediate() -> Self {
        Self {
            debounce: Span::ZERO,
            pass_interval: Span::ZERO,
            underfill_hold: Span::ZERO,
            step_pause: Span::ZERO,
            ..Self::default()
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            acceptance: None,
            additional_players: 0,
            pacing: Pacing::default(),
            backfill_enforces_min_players: true,
            reject_cancels_undecided: true,
        }
    }
}

/// What the engine is told.
#[derive(Clone, Debug)]
pub enum Input {
    /// A new ticket, or one that returns from a failed placement: the engine goes by its `start`, and answers with
    /// [`Output::Searching`] when it enters the next pass.
    Add(Ticket),
    /// A SEARCHING ticket after a restart: as `Add`, but it was announced before and is not again.
    Resume(Ticket),
    /// StopMatchmaking: the ticket leaves; a proposal that holds it is dissolved.
    Stop(TicketId),
    /// The ticket leaves without a word (a duplicate player, a session that ended): as `Stop`, but with no
    /// [`Output::Cancelled`].
    Drop(TicketId),
    /// AcceptMatch.
    Answer {
        /// The ticket.
        ticket: TicketId,
        /// Players of that ticket.
        players: Vec<PlayerId>,
        /// ACCEPT or REJECT.
        accept: bool,
    },
    /// Brings an open proposal back after a restart; the engine says nothing about it again.
    Restore {
        /// The match as it was proposed.
        proposal: Arc<Match>,
        /// The tickets in it.
        tickets: Vec<Ticket>,
        /// The answers so far.
        answers: BTreeMap<PlayerId, bool>,
        /// When it times out.
        deadline: Time,
    },
    /// UpdateMatchmakingConfiguration: tickets that wait are measured by the new rules; proposals stay.
    Reconfigure {
        /// The rule set.
        rules: Arc<RuleSet>,
        /// The settings.
        config: Config,
    },
}

/// Why an input was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The engine has no such ticket.
    UnknownTicket,
    /// A ticket of this id is already here.
    DuplicateTicket,
    /// AcceptMatch for a ticket that is in no proposal.
    NotProposed,
    /// A player who is not in the ticket.
    ForeignPlayer(PlayerId),
    /// The pool is full.
    PoolFull {
        /// The limit.
        limit: usize,
    },
    /// Values that do not fit the rule set; the text is fit for an InvalidRequestException.
    Invalid(String),
}

/// Most tickets that one engine holds; further ones are refused.
pub const TICKETS_MAX: usize = 1_000_000;

/// What the engine answers, in the order in which it happened.
#[derive(Clone, Debug)]
pub enum Output {
    /// QUEUED → SEARCHING.
    Searching(TicketId),
    /// A match was found (PotentialMatchCreated). Without acceptance [`Output::Formed`] follows at once.
    Proposed {
        /// The match.
        proposal: Arc<Match>,
        /// When acceptance times out; nothing when none is asked for.
        deadline: Option<Time>,
    },
    /// An AcceptMatch call was taken (AcceptMatch). Acceptance of every player of the match who has answered.
    Answered {
        /// The match.
        match_id: MatchId,
        /// Who has answered, and what.
        answers: BTreeMap<PlayerId, bool>,
    },
    /// Acceptance is decided (AcceptMatchCompleted).
    Decided {
        /// The match.
        match_id: MatchId,
        /// How.
        acceptance: Acceptance,
        /// Tickets that go back to the pool: SEARCHING now; [`Output::Searching`] follows for each. A ticket that was
        /// stopped or dropped is in neither list.
        returned: Vec<TicketId>,
        /// Tickets that are CANCELLED now, and why.
        cancelled: Vec<(TicketId, CancelReason)>,
    },
    /// The match is settled: PLACING, or COMPLETED for STANDALONE. The engine has forgotten its tickets.
    Formed(Arc<Match>),
    /// Request timeout (MatchmakingTimedOut).
    TimedOut {
        /// The ticket.
        ticket: TicketId,
        /// The last match that it was proposed for.
        match_id: Option<MatchId>,
        /// Evaluations since it came.
        metrics: Vec<RuleMetrics>,
    },
    /// Stopped by request (MatchmakingCancelled).
    Cancelled {
        /// The ticket.
        ticket: TicketId,
        /// The last match that it was proposed for.
        match_id: Option<MatchId>,
        /// Evaluations since it came.
        metrics: Vec<RuleMetrics>,
    },
    /// After [`Input::Reconfigure`]: a backfill ticket names a team that is gone; FAILED.
    Failed {
        /// The ticket.
        ticket: TicketId,
        /// Why, in words.
        message: String,
    },
}

/// How acceptance ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Acceptance {
    /// Everybody accepted.
    Accepted,
    /// Somebody rejected, or a ticket was stopped.
    Rejected,
    /// Somebody did not answer in time.
    TimedOut,
}

/// Why a ticket of a dropped proposal is cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CancelReason {
    /// One of its players rejected.
    Rejected,
    /// One of its players did not answer.
    Unanswered,
}

/// A match: who plays with whom.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Match {
    /// Its id.
    pub id: MatchId,
    /// When it was found.
    pub created: Time,
    /// All team instances in declaration order, also empty ones.
    pub teams: Vec<Team>,
    /// The tickets in it, oldest first.
    pub tickets: Vec<MatchedTicket>,
    /// MaximumPlayerSessionCount: what the teams take together, kept slots included.
    pub players_max: u32,
    /// Locations that satisfy every latency rule; nothing when there is none.
    pub locations: Option<Vec<Location>>,
    /// Evaluations in the search that found it.
    pub metrics: Vec<RuleMetrics>,
    /// The age in whole seconds from which the values that were in force apply; 0 when no expansion helped.
    pub expansion_s: u64,
}

/// A team of a match.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Team {
    /// The name of the instance.
    pub name: String,
    /// In the order in which they joined.
    pub players: Vec<MatchedPlayer>,
}

/// A player of a match.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MatchedPlayer {
    /// The player.
    pub id: PlayerId,
    /// Declared attributes with the values that were used, defaults included, in declaration order.
    pub attributes: Vec<(String, Attribute)>,
}

/// A ticket of a match.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MatchedTicket {
    /// The ticket.
    pub id: TicketId,
    /// When it was received.
    pub start: Time,
    /// Its players and their teams.
    pub players: Vec<(PlayerId, String)>,
    /// Whether its players were in the game already.
    pub backfill: bool,
}

/// How often a rule was evaluated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RuleMetrics {
    /// The rule.
    pub rule_name: String,
    /// Evaluations that it passed.
    pub passed_count: u64,
    /// Evaluations that it failed.
    pub failed_count: u64,
}

/// What a ticket is doing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum TicketStatus {
    /// Waiting for its first pass.
    Queued,
    /// In the pool.
    Searching,
    /// In a proposal that waits for acceptance.
    RequiresAcceptance(MatchId),
}

impl Match {
    /// Every player with the name of the team.
    pub fn players(&self) -> impl Iterator<Item = (&str, &MatchedPlayer)> {
        self.teams.iter().flat_map(|team| {
            team.players
                .iter()
                .map(|player| (team.name.as_str(), player))
        })
    }

    /// How many players there are.
    pub fn player_count(&self) -> usize {
        self.teams.iter().map(|team| team.players.len()).sum()
    }

    /// The backfill ticket, if it joins a game.
    pub fn backfill(&self) -> Option<&MatchedTicket> {
        self.tickets.iter().find(|ticket| ticket.backfill)
    }
}
