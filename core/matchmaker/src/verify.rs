//! A finished match under a rule set: what every rule says about it. For tools; the engine has its own way.

use crate::engine::{Pool, State, ticket_of};
use crate::explain::{RuleVerdict, verdicts};
use crate::rules::RuleSet;
use crate::search::{FIXED, Workspace, assess};
use crate::ticket::Ticket;
use ids::Span;
use serde::Serialize;
use std::sync::Arc;

/// What a rule set says about a match.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Evaluation {
    /// Whether it is a match.
    pub matches: bool,
    /// Players who are missing for the minimum of every team.
    pub missing: u32,
    /// Whether every team has room for its players.
    pub sizes_fit: bool,
    /// By rule, in declaration order.
    pub rules: Vec<RuleVerdict>,
}

impl RuleSet {
    /// Evaluates a complete match: tickets and the name of the team in which each stands (ignored for backfill tickets,
    /// whose players name their own), with the values in force at an age.
    ///
    /// # Errors
    /// When a ticket does not fit the rule set; the text says why.
    pub fn evaluate(&self, tickets: &[(Ticket, String)], age: Span) -> Result<Evaluation, String> {
        let mut pool = Pool::new(Arc::new(self.clone()));
        let mut placed = Vec::new();
        for (ticket, team) in tickets {
            self.check_players(&ticket.players, ticket.backfill)?;
            let index = self
                .instances
                .iter()
                .position(|instance| instance.name == *team);
            let team = match (
                ticket.backfill,
                index.and_then(|index| u16::try_from(index).ok()),
            ) {
                (true, _) => FIXED,
                (false, Some(team)) => team,
                (false, None) => return Err(format!("there is no team '{team}'")),
            };
            let slot = pool.insert(ticket.clone(), State::Searching);
            if let Some(reason) = pool.entry(slot).and_then(|entry| entry.reasons.first()) {
                return Err(format!("ticket '{}': {reason}", ticket.id));
            }
            placed.push((slot, team));
        }
        let level = &self.levels[self.level_at(age)];
        let assessment = assess(
            &placed,
            self,
            level,
            &|slot| ticket_of(&pool, slot),
            &mut Workspace::default(),
        );
        Ok(Evaluation {
            matches: assessment.holds(true) && !placed.is_empty(),
            missing: assessment.deficit,
            sizes_fit: assessment.sizes_fit,
            rules: verdicts(self, &assessment),
        })
    }
}
