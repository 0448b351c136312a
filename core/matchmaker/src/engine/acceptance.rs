//! Acceptance of proposed matches.

use super::{Acceptance, CancelReason, Match, Matchmaker, Output, Refusal, State};
use crate::ticket::Ticket;
use ids::{MatchId, PlayerId, TicketId, Time};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A match that waits for its players.
#[derive(Debug)]
pub(crate) struct Proposal {
    pub(crate) proposed: Arc<Match>,
    pub(crate) slots: Vec<u32>,
    pub(crate) answers: BTreeMap<PlayerId, bool>,
    pub(crate) deadline: Time,
}

/// Why a proposal is dropped.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Drop {
    Rejected,
    TimedOut,
    /// A ticket left, which is nobody else's fault (U-60).
    Stopped(u32),
}

impl Matchmaker {
    /// Opens a proposal, or settles the match at once when nobody is asked.
    pub(super) fn propose(&mut self, proposed: Arc<Match>, slots: Vec<u32>, now: Time) {
        let deadline = self.config.acceptance.map(|timeout| now + timeout);
        self.outputs.push_back(Output::Proposed {
            proposal: Arc::clone(&proposed),
            deadline,
        });
        let Some(deadline) = deadline else {
            self.settle(proposed, &slots, now);
            return;
        };
        // Players who are in the game already need not answer (U-67).
        let present = proposed
            .tickets
            .iter()
            .filter(|ticket| ticket.backfill)
            .flat_map(|ticket| &ticket.players);
        let answers = present.map(|(player, _)| (player.clone(), true)).collect();
        for slot in &slots {
            self.pool.leave(*slot);
            if let Some(entry) = self.pool.entry_mut(*slot) {
                entry.state = State::Proposed(proposed.id.clone());
                entry.last_match = Some(proposed.id.clone());
            }
        }
        self.open(Proposal {
            proposed,
            slots,
            answers,
            deadline,
        });
    }

    fn open(&mut self, proposal: Proposal) {
        let id = proposal.proposed.id.clone();
        self.acceptance_deadlines
            .insert((proposal.deadline, id.clone()));
        self.proposals.insert(id, proposal);
    }

    fn close(&mut self, match_id: &MatchId) -> Option<Proposal> {
        let proposal = self.proposals.remove(match_id)?;
        self.acceptance_deadlines
            .remove(&(proposal.deadline, match_id.clone()));
        Some(proposal)
    }

    pub(super) fn restore(
        &mut self,
        proposed: Arc<Match>,
        tickets: Vec<Ticket>,
        answers: BTreeMap<PlayerId, bool>,
        deadline: Time,
    ) -> Result<(), Refusal> {
        if tickets
            .iter()
            .any(|ticket| self.pool.slot(&ticket.id).is_some())
        {
            return Err(Refusal::DuplicateTicket);
        }
        let mut slots = Vec::new();
        for ticket in tickets {
            let slot = self
                .pool
                .insert(ticket, State::Proposed(proposed.id.clone()));
            if let Some(entry) = self.pool.entry_mut(slot) {
                entry.last_match = Some(proposed.id.clone());
            }
            slots.push(slot);
        }
        self.open(Proposal {
            proposed,
            slots,
            answers,
            deadline,
        });
        Ok(())
    }

    pub(super) fn answer(
        &mut self,
        ticket: &TicketId,
        players: &[PlayerId],
        accept: bool,
        now: Time,
    ) -> Result<(), Refusal> {
        let slot = self.pool.slot(ticket).ok_or(Refusal::UnknownTicket)?;
        let Some(entry) = self.pool.entry(slot) else {
            return Err(Refusal::UnknownTicket);
        };
        let State::Proposed(match_id) = entry.state.clone() else {
            return Err(Refusal::NotProposed);
        };
        let own = |player: &&PlayerId| !entry.ticket.players.iter().any(|own| own.id == **player);
        if let Some(foreign) = players.iter().find(own) {
            return Err(Refusal::ForeignPlayer(foreign.clone()));
        }
        let Some(proposal) = self.proposals.get_mut(&match_id) else {
            return Err(Refusal::NotProposed);
        };
        proposal
            .answers
            .extend(players.iter().map(|player| (player.clone(), accept)));
        let answers = proposal.answers.clone();
        let rejected = answers.values().any(|accepted| !accepted);
        let complete = proposal
            .proposed
            .players()
            .all(|(_, player)| answers.get(&player.id) == Some(&true));
        self.outputs.push_back(Output::Answered {
            match_id: match_id.clone(),
            answers,
        });
        if rejected {
            self.drop_proposal(&match_id, Drop::Rejected, now);
        } else if complete && let Some(proposal) = self.close(&match_id) {
            let decided = Output::Decided {
                match_id,
                acceptance: Acceptance::Accepted,
                returned: Vec::new(),
                cancelled: Vec::new(),
            };
            self.outputs.push_back(decided);
            self.settle(proposal.proposed, &proposal.slots, now);
        }
        Ok(())
    }

    pub(super) fn time_out_proposals(&mut self, now: Time) {
        while let Some((deadline, match_id)) = self.acceptance_deadlines.first().cloned() {
            if deadline > now {
                return;
            }
            self.drop_proposal(&match_id, Drop::TimedOut, now);
        }
    }

    /// A ticket leaves its proposal.
    pub(super) fn dissolve(&mut self, match_id: &MatchId, slot: u32, now: Time) {
        self.drop_proposal(match_id, Drop::Stopped(slot), now);
    }

    fn drop_proposal(&mut self, match_id: &MatchId, cause: Drop, now: Time) {
        let Some(proposal) = self.close(match_id) else {
            return;
        };
        let (mut returned, mut cancelled) = (Vec::new(), Vec::new());
        let mut back = Vec::new();
        for slot in proposal.slots {
            let Some(entry) = self.pool.entry(slot) else {
                continue;
            };
            let id = entry.ticket.id.clone();
            let answer = |accepted: Option<bool>| {
                entry
                    .ticket
                    .players
                    .iter()
                    .any(|player| proposal.answers.get(&player.id).copied() == accepted)
            };
            let spared = cause == Drop::Rejected && !self.config.reject_cancels_undecided;
            let reason = match cause {
                Drop::Stopped(stopped) if stopped == slot => continue,
                Drop::Stopped(_) => None,
                Drop::Rejected | Drop::TimedOut if answer(Some(false)) => {
                    Some(CancelReason::Rejected)
                }
                Drop::Rejected | Drop::TimedOut if answer(None) && !spared => {
                    Some(CancelReason::Unanswered)
                }
                Drop::Rejected | Drop::TimedOut => None,
            };
            match reason {
                Some(reason) => {
                    cancelled.push((id, reason));
                    self.pool.remove(slot);
                }
                None => {
                    returned.push(id);
                    back.push(slot);
                }
            }
        }
        let acceptance = if cause == Drop::TimedOut {
            Acceptance::TimedOut
        } else {
            Acceptance::Rejected
        };
        self.outputs.push_back(Output::Decided {
            match_id: match_id.clone(),
            acceptance,
            returned,
            cancelled,
        });
        for slot in back {
            self.let_in(slot, now);
            // Back in the pool is SEARCHING at once.
            self.announce(slot);
        }
    }

    /// The match stands; its tickets are no longer the engine's.
    fn settle(&mut self, formed: Arc<Match>, slots: &[u32], now: Time) {
        for slot in slots {
            self.pool.remove(*slot);
        }
        self.remember_waits(&formed, now);
        self.outputs.push_back(Output::Formed(formed));
    }
}
