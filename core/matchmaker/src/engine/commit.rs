//! From what a search found to a proposed match: verified at its own age, held back a moment or committed.

use super::form::teams;
use super::pass::ticket_of;
use super::{Match, MatchedTicket, Matchmaker, metrics};
use crate::rules::AgeSelection;
use crate::search::{Assessment, FIXED, Found, assess};
use ids::{Location, MatchId, Mint, Time};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Work of committing a match, for each player.
const COMMIT_WORK: u64 = 400;

/// What was found around an anchor, at a level.
pub(super) struct Finding {
    pub(super) found: Found,
    pub(super) level: usize,
    pub(super) assessment: Assessment,
}

impl Matchmaker {
    /// A match under the values that its own age puts in force.
    pub(super) fn verified(&mut self, found: Found, now: Time) -> Option<Finding> {
        let starts = found
            .placed
            .iter()
            .filter_map(|(slot, _)| self.pool.entry(*slot))
            .map(|entry| entry.ticket.start);
        let start = match self.rules.algorithm.age {
            AgeSelection::Newest => starts.max(),
            AgeSelection::Oldest => starts.min(),
        };
        let level = self.rules.level_at(now.since(start?));
        let pool = &self.pool;
        let assessment = assess(
            &found.placed,
            &self.rules,
            &self.rules.levels[level],
            &|slot| ticket_of(pool, slot),
            &mut self.space,
        );
        let joins = found.placed.iter().any(|(_, team)| *team == FIXED);
        let enforce = self.config.backfill_enforces_min_players || !joins;
        assessment.holds(enforce).then_some(Finding {
            found,
            level,
            assessment,
        })
    }

    /// A match that is not full waits a little for more players.
    pub(super) fn is_held(&mut self, found: &Found, now: Time) -> bool {
        let joins = found.placed.iter().any(|(_, team)| *team == FIXED);
        if found.full || joins {
            return false;
        }
        let tickets = || {
            found
                .placed
                .iter()
                .filter_map(|(slot, _)| self.pool.entry(*slot))
        };
        let Some(oldest) = tickets().map(|entry| entry.ticket.start).min() else {
            return false;
        };
        let until = oldest + self.config.pacing.underfill_hold;
        if until <= now || tickets().any(|entry| entry.ticket.deadline() <= until) {
            return false;
        }
        let first = found.placed[0].0;
        if let Some(entry) = self.pool.entry_mut(first) {
            entry.hold = Some(until);
        }
        self.pool.schedule(first, now);
        true
    }

    /// A ticket with the teams of its players; of a backfill ticket (`FIXED`) every player has a team already.
    fn matched_ticket(&self, slot: u32, team: u16) -> Option<MatchedTicket> {
        let entry = self.pool.entry(slot)?;
        let name = |row: usize| {
            let fixed = || entry.compiled.teams.get(row).copied().unwrap_or_default();
            let team = if team == FIXED { fixed() } else { team };
            let instance = self.rules.instances.get(usize::from(team));
            instance.map_or_else(String::new, |instance| instance.name.clone())
        };
        let players = entry.ticket.players.iter().enumerate();
        Some(MatchedTicket {
            id: entry.ticket.id.clone(),
            start: entry.ticket.start,
            players: players
                .map(|(row, player)| (player.id.clone(), name(row)))
                .collect(),
            backfill: entry.ticket.backfill,
        })
    }

    pub(super) fn commit(
        &mut self,
        proposal: Finding,
        counts: &[(u64, u64)],
        now: Time,
        mint: &mut Mint,
    ) {
        let mut slots: Vec<u32> = proposal
            .found
            .placed
            .iter()
            .map(|(slot, _)| *slot)
            .collect();
        slots.sort_by_key(|slot| {
            self.pool
                .entry(*slot)
                .map(|entry| (entry.ticket.start, entry.arrival))
        });
        slots.iter().for_each(|slot| self.announce(*slot));
        self.space.scratch.work += COMMIT_WORK * u64::from(proposal.found.players + 1);
        let level = &self.rules.levels[proposal.level];
        let teams = teams(&proposal.found, &self.pool, &self.rules);
        let placed: BTreeMap<u32, u16> = proposal.found.placed.iter().copied().collect();
        let tickets = slots
            .iter()
            .filter_map(|slot| {
                self.matched_ticket(*slot, placed.get(slot).copied().unwrap_or(FIXED))
            })
            .collect();
        let locations = proposal.assessment.locations.map(|locations| {
            locations
                .iter()
                .map(|location| self.pool.places.text(location))
                .filter(|name| !name.is_empty())
                .map(Location::from)
                .collect()
        });
        let formed = Match {
            id: MatchId::new(mint.uuid()),
            created: now,
            players_max: level.sizes.iter().map(|size| size.max).sum(),
            expansion_s: level.at.as_secs(),
            locations,
            metrics: metrics(&self.rules, counts.iter().copied()),
            teams,
            tickets,
        };
        self.propose(Arc::new(formed), slots, now);
    }
}
