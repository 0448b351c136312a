//! The matchmaker of one configuration: takes tickets, looks for matches in bounded steps, runs acceptance.
//!
//! **The boundary.** The engine decides what belongs to a pool: QUEUED → SEARCHING, proposals, acceptance, request
//! timeouts while searching. Its owner decides what spans pools or needs other rooms: ids and fields of requests,
//! duplicate players (it sends [`Input::Drop`]), placement and its outcome (a ticket that comes back is
//! [`Input::Add`]ed again with its old start), game sessions, stored rows and events.

mod acceptance;
mod commit;
mod form;
mod pass;
mod pool;
mod prospects;
mod types;

use crate::evaluate::Range;
use crate::rules::RuleSet;
use crate::search::Workspace;
use crate::ticket::Ticket;
use ids::{MatchId, Mint, Span, TicketId, Time};
use pass::Pass;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use acceptance::Proposal;
pub(crate) use form::teams;
pub(crate) use pass::ticket_of;
pub(crate) use pool::{Entry, Pool, State};
pub use types::*;

/// Searching tickets that are announced in one step.
const ANNOUNCED_MAX: usize = 2_000;
/// Timeouts and wake-ups that are handled in one step.
const DUE_MAX: usize = 2_000;
/// Waits that the estimate remembers, and for how long.
const WAITS_MAX: usize = 1_000;
const WAITS_AGE: Span = Span::from_secs(15 * 60);
const WAITS_MIN: usize = 5;

/// A matchmaker. Feed it with [`Matchmaker::handle`] and [`Matchmaker::handle_timeout`], drain
/// [`Matchmaker::poll_output`] after each, and come back at [`Matchmaker::poll_timeout`].
#[derive(Debug)]
pub struct Matchmaker {
    rules: Arc<RuleSet>,
    config: Config,
    pool: Pool,
    outputs: VecDeque<Output>,
    proposals: BTreeMap<MatchId, Proposal>,
    acceptance_deadlines: BTreeSet<(Time, MatchId)>,
    pass: Option<Pass>,
    /// When the next pass is wanted, if it is.
    due: Option<Time>,
    last_pass: Option<Time>,
    /// After a long pass there is a pause.
    rest_until: Time,
    /// When the running pass goes on.
    resume: Time,
    /// Counts news, so that a pass can tell what came while it ran.
    news: u64,
    /// A pool of several batches is mixed anew from time to time, ever more rarely while nothing comes of it.
    remix: Option<Time>,
    remix_wait: Span,
    space: Workspace,
    waits: VecDeque<(Time, u64)>,
    /// Every other pass cuts a sorted pool half a batch further on, so that no cut stays.
    shifted: bool,
}

impl Matchmaker {
    /// An empty matchmaker.
    pub fn new(rules: Arc<RuleSet>, config: Config) -> Self {
        Self {
            pool: Pool::new(Arc::clone(&rules)),
            rules,
            config,
            outputs: VecDeque::new(),
            proposals: BTreeMap::new(),
            acceptance_deadlines: BTreeSet::new(),
            pass: None,
            due: None,
            last_pass: None,
            rest_until: Time::ZERO,
            resume: Time::ZERO,
            news: 0,
            remix: None,
            remix_wait: pass::REMIX_FIRST,
            space: Workspace::default(),
            waits: VecDeque::new(),
            shifted: false,
        }
    }

    /// Takes an input; what follows from it comes out of [`Matchmaker::poll_output`].
    ///
    /// # Errors
    /// When the input does not fit the state; nothing has changed then.
    pub fn handle(&mut self, input: Input, now: Time) -> Result<(), Refusal> {
        match input {
            Input::Add(ticket) => self.add(ticket, now).map(|_slot| ()),
            Input::Resume(ticket) => self.add(ticket, now).map(|slot| {
                self.pool.announce(slot);
            }),
            Input::Stop(id) => self.take_away(&id, true, now),
            Input::Drop(id) => self.take_away(&id, false, now),
            Input::Answer {
                ticket,
                players,
                accept,
            } => self.answer(&ticket, &players, accept, now),
            Input::Restore {
                proposal,
                tickets,
                answers,
                deadline,
            } => self.restore(proposal, tickets, answers, deadline),
            Input::Reconfigure { rules, config } => {
                self.reconfigure(rules, config, now);
                Ok(())
            }
        }
    }

    /// Does what is due, within the work of one step.
    pub fn handle_timeout(&mut self, now: Time, mint: &mut Mint) {
        self.time_out(now);
        self.time_out_proposals(now);
        self.wake(now);
        self.run_pass(now, mint);
    }

    /// The next thing that happened.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When [`Matchmaker::handle_timeout`] wants to be called; may lie in the past.
    pub fn poll_timeout(&self) -> Option<Time> {
        let pass = if self.pass.is_some() {
            Some(self.resume)
        } else {
            self.pass_time()
        };
        let times = [
            pass,
            self.pool.deadlines.first().map(|(time, _)| *time),
            self.pool.wakes.first().map(|(time, _)| *time),
            self.acceptance_deadlines.first().map(|(time, _)| *time),
        ];
        times.into_iter().flatten().min()
    }

    /// Whether a pass over the pool is under way and goes on with the next [`Matchmaker::handle_timeout`].
    pub fn is_in_pass(&self) -> bool {
        self.pass.is_some()
    }

    /// The rule set in force.
    pub fn rules(&self) -> &Arc<RuleSet> {
        &self.rules
    }

    /// Tickets that are searching or in a proposal.
    pub fn len(&self) -> usize {
        self.pool.len()
    }

    /// Whether there is no ticket.
    pub fn is_empty(&self) -> bool {
        self.pool.len() == 0
    }

    /// What a ticket is doing.
    pub fn status(&self, id: &TicketId) -> Option<TicketStatus> {
        self.pool
            .slot(id)
            .and_then(|slot| self.pool.entry(slot))
            .map(|entry| match &entry.state {
                State::Queued => TicketStatus::Queued,
                State::Searching => TicketStatus::Searching,
                State::Proposed(id) => TicketStatus::RequiresAcceptance(id.clone()),
            })
    }

    /// Every ticket, in no order that means anything.
    pub fn tickets(&self) -> impl Iterator<Item = &Ticket> {
        self.pool.live().map(|(_, entry)| &*entry.ticket)
    }

    /// An open proposal.
    pub fn proposal(&self, id: &MatchId) -> Option<&Match> {
        self.proposals.get(id).map(|proposal| &*proposal.proposed)
    }

    /// How long tickets waited lately: the mean of the last quarter of an hour, when there are at least five.
    pub fn estimated_wait(&self, now: Time) -> Option<Span> {
        let recent = self
            .waits
            .iter()
            .filter(|(at, _)| now.since(*at) <= WAITS_AGE)
            .map(|(_, wait)| *wait);
        let (count, sum) = recent.fold((0_usize, 0_u64), |(count, sum), wait| {
            (count + 1, sum.saturating_add(wait))
        });
        (count >= WAITS_MIN).then(|| Span::from_millis(sum / count as u64))
    }

    /// Explains why a ticket still waits; see [`crate::Explanation`].
    pub fn explain(&self, id: &TicketId, now: Time) -> Option<crate::explain::Explanation> {
        crate::explain::explain(&self.pool, &self.rules, &self.config, id, now)
    }

    fn add(&mut self, ticket: Ticket, now: Time) -> Result<u32, Refusal> {
        if self.pool.slot(&ticket.id).is_some() {
            return Err(Refusal::DuplicateTicket);
        }
        if self.pool.len() >= TICKETS_MAX {
            return Err(Refusal::PoolFull { limit: TICKETS_MAX });
        }
        self.rules
            .check_players(&ticket.players, ticket.backfill)
            .map_err(Refusal::Invalid)?;
        let slot = self.pool.insert(ticket, State::Queued);
        self.let_in(slot, now);
        Ok(slot)
    }

    /// Puts a known ticket among those that search.
    fn let_in(&mut self, slot: u32, now: Time) {
        self.news += 1;
        let news = self.news;
        if let Some(entry) = self.pool.entry_mut(slot) {
            entry.news = news;
        }
        self.pool.enter(slot, now);
        self.want_pass(slot, now + self.config.pacing.debounce);
    }

    fn want_pass(&mut self, slot: u32, at: Time) {
        if let Some(group) = self.pool.group_of(slot).cloned() {
            self.pool.mark_dirty(group);
        }
        self.due = Some(self.due.map_or(at, |due| due.min(at)));
    }

    fn take_away(&mut self, id: &TicketId, stopped: bool, now: Time) -> Result<(), Refusal> {
        let slot = self.pool.slot(id).ok_or(Refusal::UnknownTicket)?;
        let state = self.pool.entry(slot).map(|entry| entry.state.clone());
        if let Some(State::Proposed(match_id)) = state {
            self.dissolve(&match_id, slot, now);
        }
        let Some(entry) = self.pool.remove(slot) else {
            return Ok(());
        };
        if stopped {
            let metrics = self.metrics_of(&entry);
            self.outputs.push_back(Output::Cancelled {
                ticket: id.clone(),
                match_id: entry.last_match,
                metrics,
            });
        }
        Ok(())
    }

    fn metrics_of(&self, entry: &Entry) -> Vec<RuleMetrics> {
        let counts = entry
            .counts
            .iter()
            .map(|(passed, failed)| (u64::from(*passed), u64::from(*failed)));
        metrics(&self.rules, counts)
    }

    fn time_out(&mut self, now: Time) {
        for _ in 0..DUE_MAX {
            let Some((deadline, slot)) = self.pool.deadlines.first().copied() else {
                return;
            };
            if deadline > now {
                return;
            }
            let Some(entry) = self.pool.remove(slot) else {
                self.pool.deadlines.remove(&(deadline, slot));
                continue;
            };
            let metrics = self.metrics_of(&entry);
            let ticket = entry.ticket.id.clone();
            self.outputs.push_back(Output::TimedOut {
                ticket,
                match_id: entry.last_match,
                metrics,
            });
        }
    }

    /// Expansions step and holds end without anybody doing anything.
    fn wake(&mut self, now: Time) {
        for _ in 0..DUE_MAX {
            let Some((time, slot)) = self.pool.wakes.first().copied() else {
                return;
            };
            if time > now {
                return;
            }
            self.pool.wakes.remove(&(time, slot));
            self.news += 1;
            let news = self.news;
            if let Some(entry) = self.pool.entry_mut(slot) {
                entry.news = news;
                entry.wake = None;
                entry.hold = entry.hold.filter(|hold| *hold > now);
            }
            self.pool.schedule(slot, now);
            self.want_pass(slot, time);
        }
    }

    fn reconfigure(&mut self, rules: Arc<RuleSet>, config: Config, now: Time) {
        self.pass = None;
        self.pool.release_slots();
        let mut pool = Pool::new(Arc::clone(&rules));
        let mut entries: Vec<Entry> = std::mem::take(&mut self.pool.entries)
            .into_iter()
            .flatten()
            .collect();
        entries.sort_by_key(|entry| entry.arrival);
        self.rules = rules;
        self.config = config;
        let mut waiting = Vec::new();
        for entry in entries {
            let ticket = Arc::unwrap_or_clone(entry.ticket);
            let fits = self.rules.check_players(&ticket.players, ticket.backfill);
            if let (Err(message), true, false) = (
                &fits,
                ticket.backfill,
                matches!(entry.state, State::Proposed(_)),
            ) {
                let message = message.clone();
                self.outputs.push_back(Output::Failed {
                    ticket: ticket.id,
                    message,
                });
                continue;
            }
            let searching = entry.state == State::Searching;
            let slot = pool.insert(ticket, entry.state.clone());
            if let Some(new) = pool.entry_mut(slot) {
                new.last_match = entry.last_match;
            }
            if !matches!(entry.state, State::Proposed(_)) {
                waiting.push((slot, searching));
            }
        }
        self.pool = pool;
        for proposal in self.proposals.values_mut() {
            proposal.slots = proposal
                .proposed
                .tickets
                .iter()
                .filter_map(|ticket| self.pool.slot(&ticket.id))
                .collect();
        }
        for (slot, searching) in waiting {
            self.let_in(slot, now);
            if searching {
                // It was announced before and is not again.
                self.pool.announce(slot);
            }
        }
    }

    /// Notes how long the tickets of a match waited.
    fn remember_waits(&mut self, formed: &Match, now: Time) {
        for ticket in formed.tickets.iter().filter(|ticket| !ticket.backfill) {
            self.waits
                .push_back((now, now.since(ticket.start).as_millis()));
        }
        while self.waits.len() > WAITS_MAX
            || self
                .waits
                .front()
                .is_some_and(|(at, _)| now.since(*at) > WAITS_AGE)
        {
            self.waits.pop_front();
        }
    }
}

/// Counters by rule, in declaration order; sorts are left out (U-19).
pub(crate) fn metrics(
    rules: &RuleSet,
    counts: impl Iterator<Item = (u64, u64)>,
) -> Vec<RuleMetrics> {
    let named = rules
        .rules
        .iter()
        .zip(counts)
        .filter(|(rule, _)| !rule.kind.is_sort());
    named
        .map(|(rule, (passed_count, failed_count))| RuleMetrics {
            rule_name: rule.name.clone(),
            passed_count,
            failed_count,
        })
        .collect()
}

/// Bounds that hold for everybody, when a search has no others.
pub(crate) fn unbounded(count: u16) -> Vec<Range> {
    vec![
        Range {
            lo: f64::NEG_INFINITY,
            hi: f64::INFINITY
        };
        usize::from(count)
    ]
}
