//! One pass over the pool, in steps of bounded work: cut into batches, take anchors in order, commit what is found.
//!
//! A match that was not possible before needs somebody with news: who just came, came back, or reached the next step of
//! an expansion. So anchors that cannot stand beside anybody with news are passed over, and a pool in which nothing
//! happens costs nothing.

use super::commit::Finding;
use super::form::{belongs, location_order};
use super::pool::{GroupKey, Pool, State};
use super::prospects::{Window, players_within, windows};
use super::{ANNOUNCED_MAX, Config, Matchmaker, Output};
use crate::compiled::Compiled;
use crate::evaluate::Range;
use crate::large::{self, Crowd};
use crate::rules::{AgeSelection, BackfillPriority, RuleSet, Strategy};
use crate::search::{
    self, FIXED, Field, Found, Workspace, assess, balance, sort_candidates, stands_beside,
};
use ids::{Mint, Span, Time};
use std::collections::BTreeMap;

/// When a pool of several batches is mixed anew for the first time after the last success, and at the latest.
pub(super) const REMIX_FIRST: Span = Span::from_secs(1);
const REMIX_LAST: Span = Span::from_secs(60);
/// Levels of expansions that are tried for one anchor.
const LEVELS_MAX: usize = 12;
/// Work of the depth-first search, for one anchor and for a batch.
const DEEP_WORK: u64 = 200_000;
const DEEP_WORK_BATCH: u64 = 4_000_000;
/// Work of the other phases for one anchor: at most, and what everybody gets even when a batch has used up its share.
const ATTEMPT_WORK: u64 = 150_000;
const CHEAP_WORK: u64 = 10_000;
const CHEAP_WORK_EACH: u64 = 40;
/// Work units in a millisecond, roughly, on a small machine.
const WORK_PER_MS: u64 = 50_000;
const BATCH_MIN: usize = 1_000;

/// A pass that is under way.
#[derive(Debug)]
pub(super) struct Pass {
    groups: Vec<GroupKey>,
    batches: Vec<Vec<u32>>,
    batch: Option<Batch>,
    /// Everybody is tried, not only those with news.
    remix: bool,
    /// A group was cut, so not everybody met everybody.
    cut: bool,
    formed: u32,
    /// The work counter at its start.
    work: u64,
}

#[derive(Debug)]
struct Batch {
    order: Vec<u32>,
    at: usize,
    /// Those with news.
    fresh: Vec<u32>,
    /// So many have news that all are tried.
    everything: bool,
    bounds: Vec<Range>,
    windows: Vec<Window>,
    /// Players who are old enough for a level, by level.
    players: BTreeMap<usize, u32>,
    /// How many of the order were matched since it was last tidied.
    gone: usize,
    news: u64,
    deep_left: u64,
}

impl Matchmaker {
    /// When the next pass is to start.
    pub(super) fn pass_time(&self) -> Option<Time> {
        let wanted = match (self.due, self.remix) {
            (Some(due), Some(remix)) => due.min(remix),
            (due, remix) => due.or(remix)?,
        };
        let earliest = self
            .last_pass
            .map_or(Time::ZERO, |last| last + self.config.pacing.pass_interval);
        Some(wanted.max(earliest).max(self.rest_until))
    }

    pub(super) fn run_pass(&mut self, now: Time, mint: &mut Mint) {
        if self.pass.is_none() {
            if self.pass_time().is_none_or(|time| time > now) {
                return;
            }
            self.start_pass(now);
        } else if self.resume > now {
            return;
        }
        self.announce_queued();
        let end = self.space.scratch.work + self.config.pacing.step_work;
        while self.space.scratch.work < end {
            if !self.anchor_step(now, mint) {
                self.finish_pass(now);
                return;
            }
        }
        self.resume = now + self.config.pacing.step_pause;
    }

    fn start_pass(&mut self, now: Time) {
        let remix = self.remix.is_some_and(|remix| remix <= now);
        let mut groups = std::mem::take(&mut self.pool.dirty);
        if remix {
            groups.append(&mut self.pool.cut);
            self.remix = None;
        }
        self.due = None;
        self.last_pass = Some(now);
        self.shifted = !self.shifted;
        self.pool.keep_slots = true;
        let groups = groups.into_iter().rev().collect();
        self.pass = Some(Pass {
            groups,
            batches: Vec::new(),
            batch: None,
            remix,
            cut: false,
            formed: 0,
            work: self.space.scratch.work,
        });
    }

    fn finish_pass(&mut self, now: Time) {
        self.pool.release_slots();
        let Some(pass) = self.pass.take() else {
            return;
        };
        // However large the pool: passes take about half of one processor at most, fruitless mixing a tenth.
        let spent = Span::from_millis((self.space.scratch.work - pass.work) / WORK_PER_MS);
        self.rest_until = now + spent;
        if pass.formed > 0 || !pass.remix {
            self.remix_wait = REMIX_FIRST;
        }
        if pass.cut {
            self.remix = Some(now + self.remix_wait.max(spent.times(10)));
            let doubled = self.remix_wait.times(2);
            self.remix_wait = doubled.min(REMIX_LAST);
        }
    }

    fn announce_queued(&mut self) {
        for _ in 0..ANNOUNCED_MAX {
            let Some((_, slot)) = self.pool.queued.first().copied() else {
                return;
            };
            self.announce(slot);
        }
    }

    pub(super) fn announce(&mut self, slot: u32) {
        if self.pool.announce(slot)
            && let Some(entry) = self.pool.entry(slot)
        {
            self.outputs
                .push_back(Output::Searching(entry.ticket.id.clone()));
        }
    }

    fn batch_size(&self) -> usize {
        let usual = BATCH_MIN.max(20 * self.rules.players_max() as usize);
        self.config.pacing.batch_size.unwrap_or(usual).max(2)
    }

    /// Tries the next anchor; false when the pass is over.
    fn anchor_step(&mut self, now: Time, mint: &mut Mint) -> bool {
        let Some(mut pass) = self.pass.take() else {
            return false;
        };
        let mut batch = match pass.batch.take() {
            Some(batch) => batch,
            None => match self.next_batch(&mut pass, mint) {
                Some(batch) => batch,
                None => {
                    self.pass = Some(pass);
                    return false;
                }
            },
        };
        self.space.scratch.work += 4;
        if let Some(anchor) = batch.order.get(batch.at).copied() {
            batch.at += 1;
            if is_candidate(&self.pool, anchor) {
                pass.formed += u32::from(self.try_anchor(anchor, &mut batch, now, mint));
            }
            pass.batch = Some(batch);
        } else {
            for slot in &batch.order {
                if let Some(entry) = self.pool.entry_mut(*slot) {
                    entry.seen = entry.seen.max(batch.news);
                }
            }
        }
        self.pass = Some(pass);
        true
    }

    fn next_batch(&mut self, pass: &mut Pass, mint: &mut Mint) -> Option<Batch> {
        loop {
            while let Some(order) = pass.batches.pop() {
                if let Some(batch) = self.open_batch(order, pass.remix) {
                    return Some(batch);
                }
            }
            let key = pass.groups.pop()?;
            pass.batches = self.cut(&key, mint);
            if pass.batches.len() > 1 {
                pass.cut = true;
                self.pool.cut.insert(key);
            }
            // Taken from the end.
            pass.batches.reverse();
        }
    }

    /// Cuts a group into batches.
    fn cut(&mut self, key: &GroupKey, mint: &mut Mint) -> Vec<Vec<u32>> {
        let size = self.batch_size();
        let Some(group) = self.pool.groups.get(key) else {
            return Vec::new();
        };
        self.space.scratch.work += group.live.len() as u64 / 8;
        if group.live.len() <= size {
            return vec![group.live.clone()];
        }
        if !group.sorted.is_empty() {
            let slots: Vec<u32> = group.sorted.iter().map(|(_, _, slot)| *slot).collect();
            let (first, rest) = slots.split_at(if self.shifted { size / 2 } else { 0 });
            return std::iter::once(first)
                .filter(|first| !first.is_empty())
                .chain(rest.chunks(size))
                .map(<[u32]>::to_vec)
                .collect();
        }
        let mut slots = group.live.clone();
        for index in (1..slots.len()).rev() {
            slots.swap(index, mint.below(index as u64 + 1) as usize);
        }
        slots.chunks(size).map(<[u32]>::to_vec).collect()
    }

    /// Orders a batch; nothing when nobody in it has news.
    fn open_batch(&mut self, mut order: Vec<u32>, remix: bool) -> Option<Batch> {
        order.retain(|slot| is_candidate(&self.pool, *slot));
        self.space.scratch.work += order.len() as u64 / 4;
        let fresh = |slot: &u32| {
            self.pool
                .entry(*slot)
                .is_some_and(|entry| entry.news > entry.seen)
        };
        let fresh: Vec<u32> = order.iter().copied().filter(fresh).collect();
        if fresh.is_empty() && !remix {
            return None;
        }
        let algorithm = &self.rules.algorithm;
        let priority = if self.rules.is_large() {
            BackfillPriority::High
        } else {
            algorithm.backfill
        };
        let rank = |backfill: bool| match priority {
            BackfillPriority::High => u8::from(!backfill),
            BackfillPriority::Normal => 0,
            BackfillPriority::Low => u8::from(backfill),
        };
        let key = |slot: &u32| {
            self.pool.entry(*slot).map(|entry| {
                (
                    rank(entry.ticket.backfill),
                    entry.ticket.start,
                    entry.arrival,
                )
            })
        };
        order.sort_by_cached_key(key);
        let deep_left = (DEEP_WORK * (fresh.len() as u64 + 1)).min(DEEP_WORK_BATCH);
        Some(Batch {
            everything: remix || fresh.len() * 2 >= order.len(),
            bounds: self.pool.bounds(&order),
            windows: windows(&self.pool, &self.rules, &order),
            players: BTreeMap::new(),
            order,
            at: 0,
            fresh,
            gone: 0,
            news: self.news,
            deep_left,
        })
    }

    /// Searches around an anchor and commits what is found; whether a match was made.
    fn try_anchor(&mut self, anchor: u32, batch: &mut Batch, now: Time, mint: &mut Mint) -> bool {
        self.space.counts.clear();
        let found = self.search_levels(anchor, batch, now);
        self.evaluate_once(anchor, batch);
        let counts = std::mem::take(&mut self.space.counts);
        if let Some(entry) = self.pool.entry_mut(anchor) {
            for (total, (passed, failed)) in entry.counts.iter_mut().zip(&counts) {
                total.0 = total
                    .0
                    .saturating_add(u32::try_from(*passed).unwrap_or(u32::MAX));
                total.1 = total
                    .1
                    .saturating_add(u32::try_from(*failed).unwrap_or(u32::MAX));
            }
        }
        let mut made = false;
        if let Some(proposal) = found {
            made = !self.is_held(&proposal.found, now);
            if made {
                batch.gone += proposal.found.placed.len();
                self.commit(proposal, &counts, now, mint);
            }
        }
        self.space.counts = counts;
        if batch.gone * 4 > batch.order.len() {
            let pool = &self.pool;
            let left = batch.order[batch.at..]
                .iter()
                .filter(|slot| is_candidate(pool, **slot))
                .count();
            batch.order.retain(|slot| is_candidate(pool, *slot));
            batch.at = batch.order.len() - left;
            batch.gone = 0;
        }
        made
    }

    /// A ticket whose prospects were too bad for a search is evaluated once all the same, beside the oldest other one, so
    /// that its counters tell which rule stands in the way.
    fn evaluate_once(&mut self, anchor: u32, batch: &Batch) {
        let Some(entry) = self.pool.entry(anchor) else {
            return;
        };
        let evaluated = |counts: &(u64, u64)| counts.0 + counts.1 > 0;
        let before = entry
            .counts
            .iter()
            .any(|(passed, failed)| passed + failed > 0);
        if before || self.space.counts.iter().any(evaluated) || self.rules.rules.is_empty() {
            return;
        }
        let (pool, rules) = (&self.pool, &self.rules);
        let other = batch
            .order
            .iter()
            .copied()
            .find(|slot| *slot != anchor && is_candidate(pool, *slot));
        let last = rules.instances.len().saturating_sub(1) as u16;
        let team = |slot: u32, team: u16| if ticket_of(pool, slot).1 { FIXED } else { team };
        let mut placed = vec![(anchor, team(anchor, 0))];
        placed.extend(other.map(|slot| (slot, team(slot, last))));
        assess(
            &placed,
            rules,
            &rules.levels[0],
            &|slot| ticket_of(pool, slot),
            &mut self.space,
        );
    }

    /// The levels that apply to an anchor, strictest first.
    fn levels_of(&self, anchor: u32, batch: &Batch, now: Time) -> Vec<usize> {
        let Some(entry) = self.pool.entry(anchor) else {
            return Vec::new();
        };
        let own = self.rules.level_at(now.since(entry.ticket.start));
        match self.rules.algorithm.age {
            AgeSelection::Newest => {
                let first_late = own.saturating_sub(LEVELS_MAX - 2).max(1);
                std::iter::once(0).chain(first_late..=own).collect()
            }
            AgeSelection::Oldest => {
                let oldest = batch
                    .order
                    .iter()
                    .filter_map(|slot| self.pool.entry(*slot))
                    .map(|entry| entry.ticket.start)
                    .min();
                let oldest = self
                    .rules
                    .level_at(oldest.map_or(Span::ZERO, |start| now.since(start)));
                if oldest > own {
                    vec![own, oldest]
                } else {
                    vec![own]
                }
            }
        }
    }

    fn search_levels(&mut self, anchor: u32, batch: &mut Batch, now: Time) -> Option<Finding> {
        let mut best: Option<Finding> = None;
        for level in self.levels_of(anchor, batch, now) {
            self.space.scratch.work += 8;
            if !self.has_prospects(anchor, level, batch, now) {
                continue;
            }
            if !batch.everything
                && !batch.fresh.contains(&anchor)
                && !self.has_fresh_neighbour(anchor, level, batch, now)
            {
                continue;
            }
            let Some(found) = self.search_level(anchor, level, batch, now) else {
                continue;
            };
            let better = best
                .as_ref()
                .is_none_or(|best| found.players > best.found.players);
            if better && let Some(proposal) = self.verified(found, now) {
                let full = proposal.found.full;
                best = Some(proposal);
                if full {
                    break;
                }
            }
        }
        best
    }

    /// Whether there are enough players at all, and near enough, as far as a glance can tell.
    fn has_prospects(&self, anchor: u32, level_index: usize, batch: &mut Batch, now: Time) -> bool {
        let level = &self.rules.levels[level_index];
        let trickle = !self.config.backfill_enforces_min_players;
        let least: u32 = if trickle {
            1
        } else {
            level.sizes.iter().map(|size| size.min).sum()
        };
        let (pool, rules) = (&self.pool, &*self.rules);
        let count = || {
            let eligible = eligibility(pool, rules, level_index, now);
            let slots = batch.order.iter().filter(|slot| eligible(**slot));
            slots.map(|slot| ticket_of(pool, *slot).0.rows).sum()
        };
        // Only ever falls while the batch is worked on, so the first count is an upper bound.
        let players: u32 = *batch.players.entry(level_index).or_insert_with(count);
        let entry = self
            .pool
            .entry(anchor)
            .filter(|_| !batch.windows.is_empty());
        let near = entry.map(|entry| players_within(&batch.windows, entry, level, rules));
        players >= least && near.is_none_or(|near| near >= least)
    }

    fn has_fresh_neighbour(&mut self, anchor: u32, level: usize, batch: &Batch, now: Time) -> bool {
        if self.rules.is_large() {
            return batch
                .fresh
                .iter()
                .any(|slot| is_candidate(&self.pool, *slot));
        }
        let (pool, rules) = (&self.pool, &*self.rules);
        let eligible = eligibility(pool, rules, level, now);
        let others: Vec<u32> = batch
            .fresh
            .iter()
            .copied()
            .filter(|slot| eligible(*slot))
            .collect();
        let (ticket, compiled) = (|slot| ticket_of(pool, slot), |slot| ticket_of(pool, slot).0);
        let mut field = Field {
            rules,
            level: &rules.levels[level],
            ticket: &ticket,
            compiled: &compiled,
            order: Box::new(std::iter::empty()),
            bounds: &batch.bounds,
            kept_free: self.config.additional_players,
            backfill_enforces_min: self.config.backfill_enforces_min_players,
            deep_work: 0,
            attempt_work: 0,
        };
        stands_beside(anchor, &others, &mut field, &mut self.space)
    }

    fn search_level(
        &mut self,
        anchor: u32,
        level: usize,
        batch: &mut Batch,
        now: Time,
    ) -> Option<Found> {
        if self.rules.is_large() {
            return self.search_crowd(anchor, level, batch, now);
        }
        let (pool, rules) = (&self.pool, &*self.rules);
        let eligible = eligibility(pool, rules, level, now);
        let compiled = |slot| ticket_of(pool, slot).0;
        let others = batch
            .order
            .iter()
            .copied()
            .filter(|slot| *slot != anchor && eligible(*slot));
        let mut sorted = None;
        if rules.rules.iter().any(|rule| rule.kind.is_sort()) {
            let mut slots: Vec<u32> = others.clone().collect();
            self.space.scratch.work += slots.len() as u64 * 4;
            sort_candidates(
                compiled(anchor),
                &mut slots,
                rules,
                &rules.levels[level],
                &compiled,
            );
            sorted = Some(slots);
        }
        let candidates = || -> Box<dyn Iterator<Item = u32> + '_> {
            match &sorted {
                Some(slots) => Box::new(slots.iter().copied()),
                None => Box::new(others.clone()),
            }
        };
        let least = rules.levels[level].sizes.iter().map(|size| size.min).sum();
        let mut effort = Effort {
            deep_left: batch.deep_left,
            batch_size: batch.order.len() as u64,
            bounds: &batch.bounds,
            config: &self.config,
        };
        let mut best: Option<Found> = None;
        for location in location_order(rules, compiled(anchor), least, &candidates, &compiled) {
            let order: Box<dyn Iterator<Item = u32> + '_> = match location {
                None => candidates(),
                Some(place) => {
                    let here = move |slot: &u32| belongs(rules, ticket_of(pool, *slot).0, place);
                    Box::new(candidates().filter(here))
                }
            };
            let found = search_small(
                pool,
                rules,
                (anchor, level),
                order,
                &mut effort,
                &mut self.space,
            );
            if found.as_ref().is_some_and(|found| {
                best.as_ref()
                    .is_none_or(|best| found.players > best.players)
            }) {
                best = found;
            }
            if best.as_ref().is_some_and(|best| best.full) {
                break;
            }
        }
        batch.deep_left = effort.deep_left;
        best
    }

    fn search_crowd(
        &mut self,
        anchor: u32,
        level: usize,
        batch: &Batch,
        now: Time,
    ) -> Option<Found> {
        let (pool, rules) = (&self.pool, &*self.rules);
        let eligible = eligibility(pool, rules, level, now);
        let order: Vec<u32> = batch
            .order
            .iter()
            .copied()
            .filter(|slot| *slot != anchor && eligible(*slot))
            .collect();
        let mut crowd = Crowd {
            rules,
            level: &rules.levels[level],
            ticket: &|slot| ticket_of(pool, slot),
            order: &order,
            kept_free: self.config.additional_players,
            backfill_enforces_min: self.config.backfill_enforces_min_players,
            work: 0,
        };
        let found = large::search(anchor, &mut crowd);
        self.space.scratch.work += crowd.work + 8;
        found
    }
}

/// What a search may spend, and the batch that it is for.
struct Effort<'b> {
    deep_left: u64,
    batch_size: u64,
    bounds: &'b [Range],
    config: &'b Config,
}

/// Searches a small match and evens it out if that is asked for.
fn search_small<'p>(
    pool: &'p Pool,
    rules: &'p RuleSet,
    (anchor, level): (u32, usize),
    order: Box<dyn Iterator<Item = u32> + 'p>,
    effort: &mut Effort<'p>,
    space: &mut Workspace,
) -> Option<Found> {
    let (work, config) = (space.scratch.work, effort.config);
    let cheap = (CHEAP_WORK + CHEAP_WORK_EACH * effort.batch_size).min(ATTEMPT_WORK);
    let mut field = Field {
        rules,
        level: &rules.levels[level],
        ticket: &|slot| ticket_of(pool, slot),
        compiled: &|slot| ticket_of(pool, slot).0,
        order,
        bounds: effort.bounds,
        kept_free: config.additional_players,
        backfill_enforces_min: config.backfill_enforces_min_players,
        deep_work: DEEP_WORK.min(effort.deep_left / 8),
        attempt_work: (effort.deep_left / 8).clamp(cheap, ATTEMPT_WORK),
    };
    let mut found = search::search(anchor, &mut field, space);
    if let (Some(found), Strategy::Balanced, Some(slot)) = (
        &mut found,
        rules.algorithm.strategy,
        rules.algorithm.balanced,
    ) {
        balance(found, slot, &mut field, space);
    }
    // Cheap searches do not count against the batch.
    let spent = (space.scratch.work - work).saturating_sub(cheap);
    effort.deep_left = effort.deep_left.saturating_sub(spent);
    found
}

/// Whether a ticket can be matched now.
fn is_candidate(pool: &Pool, slot: u32) -> bool {
    pool.entry(slot)
        .is_some_and(|entry| !matches!(entry.state, State::Proposed(_)) && entry.reasons.is_empty())
}

/// Under `newest` only tickets that are old enough may use the values of a level.
fn eligibility<'p>(
    pool: &'p Pool,
    rules: &RuleSet,
    level: usize,
    now: Time,
) -> impl Fn(u32) -> bool + Copy + use<'p> {
    let age = match rules.algorithm.age {
        AgeSelection::Newest => rules.levels[level].at,
        AgeSelection::Oldest => Span::ZERO,
    };
    move |slot| {
        is_candidate(pool, slot)
            && (age == Span::ZERO
                || pool
                    .entry(slot)
                    .is_some_and(|entry| now.since(entry.ticket.start) >= age))
    }
}

/// The compiled form of a ticket. A slot that was freed meanwhile reads as a ticket without players.
pub(crate) fn ticket_of(pool: &Pool, slot: u32) -> (&Compiled, bool) {
    static GONE: std::sync::LazyLock<Compiled> = std::sync::LazyLock::new(Compiled::default);
    pool.entry(slot).map_or_else(
        || (&*GONE, false),
        |entry| (&entry.compiled, entry.ticket.backfill),
    )
}
