//! The search for a match around one ticket, the anchor (small matches, up to 40 players).
//!
//! First greedily in sequence, without turning anybody away for a rule that rearranging can still satisfy; then repair by
//! moving and exchanging tickets; then greedily along whatever the anchor can offer (a location, a shared value, a window
//! of skill); at last, with bounded work, depth first. Only a failure for ever ends a branch.

mod assess;
mod balance;
mod candidate;
mod deep;
mod fill;
mod focus;
mod repair;
mod sort;

use crate::compiled::Compiled;
use crate::evaluate::{Arena, Outcome, Range, Scene, Scratch, evaluate, negated};
use crate::rules::{Kind, Level, RuleSet};
pub(crate) use assess::{Assessment, assess};
pub(crate) use balance::balance;
pub(crate) use candidate::{Candidate, FIXED};
pub(crate) use sort::sort_candidates;

/// Tickets beyond a full match that are kept at hand for repairs.
const BENCH_MAX: usize = 48;

/// Where a search looks.
pub(crate) struct Field<'a> {
    pub(crate) rules: &'a RuleSet,
    pub(crate) level: &'a Level,
    /// A ticket by its slot, and whether it is a backfill ticket.
    pub(crate) ticket: &'a dyn Fn(u32) -> (&'a Compiled, bool),
    /// Only the compiled form, for scenes.
    pub(crate) compiled: &'a dyn Fn(u32) -> &'a Compiled,
    /// Slots in the order in which they are to be tried, without the anchor.
    pub(crate) order: Box<dyn Iterator<Item = u32> + 'a>,
    /// Bounds of the number attributes of everybody in the batch.
    pub(crate) bounds: &'a [Range],
    /// Slots that the match must leave free.
    pub(crate) kept_free: u32,
    pub(crate) backfill_enforces_min: bool,
    /// Work units for the depth-first phase.
    pub(crate) deep_work: u64,
    /// Work units for the other phases, for each start that is tried.
    pub(crate) attempt_work: u64,
}

/// A match that satisfies every rule of the level.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Found {
    /// Slots and teams, in the order in which they joined.
    pub(crate) placed: Vec<(u32, u16)>,
    pub(crate) players: u32,
    pub(crate) full: bool,
}

/// A rule that must hold, or must not.
#[derive(Clone, Copy, Debug)]
struct Check {
    rule: usize,
    holds: bool,
    soft: bool,
}

/// Buffers and counters that outlive a search.
#[derive(Debug, Default)]
pub(crate) struct Workspace {
    pub(crate) arena: Arena,
    pub(crate) scratch: Scratch,
    /// Passed and failed evaluations by rule, of this search.
    pub(crate) counts: Vec<(u64, u64)>,
    candidate: Candidate,
    pair: Candidate,
    /// Teams that each member may join, as far as anchor and member alone can tell.
    masks: Vec<u64>,
    order: Vec<(bool, std::cmp::Reverse<u32>, u16)>,
}

/// How a state stands.
#[derive(Clone, Copy, Debug)]
struct Standing {
    /// The conjunction of all checks.
    outcome: Outcome,
    /// A check that rearranging cannot satisfy fails for ever.
    hard_failure: bool,
    /// How far from passing; 0 when every check passes.
    cost: f64,
}

struct Search<'f, 'a> {
    field: &'f mut Field<'a>,
    space: &'f mut Workspace,
    checks: Vec<Check>,
    has_hard: bool,
    has_soft: bool,
    /// No hard check cares who is in which team.
    team_blind: bool,
    capacity: u32,
    /// Sum of rows of all members that were gathered, the anchor included.
    available: u32,
    /// Everybody in the order was looked at.
    complete: bool,
    best: Option<Found>,
    work_end: u64,
    deep_work: u64,
}

/// Searches a match around `anchor`.
pub(crate) fn search(anchor: u32, field: &mut Field<'_>, space: &mut Workspace) -> Option<Found> {
    let rules = field.rules;
    space.counts.resize(rules.rules.len(), (0, 0));
    let seats: u32 = field.level.sizes.iter().map(|size| size.max).sum();
    let capacity = seats.saturating_sub(field.kept_free);
    let mut replay = Replay {
        seen: Vec::new(),
        exhausted: false,
    };
    let mut best: Option<Found> = None;
    // Backfill has one start: where its players are.
    let starts = if (field.ticket)(anchor).1 {
        vec![FIXED]
    } else {
        start_teams(anchor, field)
    };
    let attempts = (rules.alternatives.len() * starts.len()).max(1) as u64;
    let deep_work = field.deep_work / attempts;
    let end = space.scratch.work + field.attempt_work * attempts.min(4) + field.deep_work;
    for way in &rules.alternatives {
        let checks = checks_of(rules, way);
        for start in &starts {
            let work_end = end.min(space.scratch.work + field.attempt_work);
            let mut search = Search {
                has_hard: checks.iter().any(|check| !check.soft),
                has_soft: checks.iter().any(|check| check.soft),
                team_blind: is_team_blind(&checks, rules),
                checks: checks.clone(),
                capacity,
                available: 0,
                complete: false,
                best: best.take(),
                work_end,
                deep_work,
                field,
                space,
            };
            search.attempt(anchor, *start, &mut replay);
            best = search.best;
            if best.as_ref().is_some_and(|best| best.full) || space.scratch.work > end {
                return best;
            }
        }
    }
    best
}

/// Whether any of `others` can stand beside `anchor`, as far as two tickets alone can tell.
pub(crate) fn stands_beside(
    anchor: u32,
    others: &[u32],
    field: &mut Field<'_>,
    space: &mut Workspace,
) -> bool {
    let rules = field.rules;
    space.counts.resize(rules.rules.len(), (0, 0));
    let capacity = field
        .level
        .sizes
        .iter()
        .map(|size| size.max)
        .sum::<u32>()
        .saturating_sub(field.kept_free);
    let (ticket, backfill) = (field.ticket)(anchor);
    let starts = if backfill {
        vec![FIXED]
    } else {
        start_teams(anchor, field)
    };
    rules.alternatives.iter().any(|way| {
        let checks = checks_of(rules, way);
        starts.iter().any(|start| {
            let has_hard = checks.iter().any(|check| !check.soft);
            let checks = checks.clone();
            let mut search = Search {
                team_blind: is_team_blind(&checks, rules),
                checks,
                has_hard,
                has_soft: false,
                capacity,
                available: 0,
                complete: false,
                best: None,
                work_end: u64::MAX,
                deep_work: 0,
                field,
                space,
            };
            let level = search.field.level;
            search.space.arena.reset(rules.slots, &level.rules);
            search
                .space
                .arena
                .push(anchor, ticket, &level.rules, backfill);
            search.space.masks.clear();
            search.space.masks.push(0);
            search.space.pair.clear(level.sizes.len());
            search.space.candidate.clear(level.sizes.len());
            if *start == FIXED && search.backfill_too_large(ticket) {
                return false;
            }
            let arena = &search.space.arena;
            search.space.pair.place(arena, 0, *start, ticket);
            others
                .iter()
                .any(|other| *other != anchor && search.gather(*other).is_some())
        })
    })
}

/// The order is an iterator that can be walked once; several attempts walk it together.
struct Replay {
    seen: Vec<u32>,
    exhausted: bool,
}

impl Replay {
    fn at(&mut self, index: usize, order: &mut dyn Iterator<Item = u32>) -> Option<u32> {
        while index >= self.seen.len() && !self.exhausted {
            match order.next() {
                Some(slot) => self.seen.push(slot),
                None => self.exhausted = true,
            }
        }
        self.seen.get(index).copied()
    }
}

fn is_team_blind(checks: &[Check], rules: &RuleSet) -> bool {
    checks
        .iter()
        .all(|check| check.soft || rules.rules[check.rule].team_blind)
}

fn checks_of(rules: &RuleSet, way: &[crate::rules::Literal]) -> Vec<Check> {
    let check = |rule: usize, holds: bool| Check {
        rule,
        holds,
        soft: rules.rules[rule].soft,
    };
    let spelled_out = !way.is_empty();
    let alone = rules.standalone.iter().copied();
    let alone = alone
        .filter(|index| !spelled_out || !matches!(rules.rules[*index].kind, Kind::Compound(_)));
    let mut checks: Vec<_> = alone.map(|rule| check(rule, true)).collect();
    checks.extend(way.iter().map(|literal| check(literal.rule, literal.holds)));
    checks
}

/// One team of every class that has room for the anchor.
fn start_teams(anchor: u32, field: &Field<'_>) -> Vec<u16> {
    let rows = (field.ticket)(anchor).0.rows;
    let classes = &field.rules.team_classes;
    let mut starts: Vec<u16> = Vec::new();
    for (team, size) in field.level.sizes.iter().enumerate() {
        let known = starts.iter().any(|start| {
            let start = usize::from(*start);
            classes[start] == classes[team] && field.level.sizes[start] == *size
        });
        if size.max >= rows && !known {
            starts.push(team as u16);
        }
    }
    starts
}

impl<'a> Search<'_, 'a> {
    fn attempt(&mut self, anchor: u32, start: u16, replay: &mut Replay) {
        let level = self.field.level;
        let teams = level.sizes.len();
        let (ticket, backfill) = (self.field.ticket)(anchor);
        self.space.arena.reset(self.field.rules.slots, &level.rules);
        self.space
            .arena
            .push(anchor, ticket, &level.rules, backfill);
        self.space.masks.clear();
        self.space
            .masks
            .push(if start == FIXED { 0 } else { u64::MAX });
        self.space.pair.clear(teams);
        self.space.candidate.clear(teams);
        if ticket.rows > self.capacity || (start == FIXED && self.backfill_too_large(ticket)) {
            return;
        }
        let arena = &self.space.arena;
        self.space.pair.place(arena, 0, start, ticket);
        self.space.candidate.place(arena, 0, start, ticket);
        self.available = ticket.rows;
        if self.standing(true).hard_failure {
            return;
        }
        self.record();
        self.stream(replay);
        if self.is_done() {
            return;
        }
        self.repair();
        if self.is_done() {
            return;
        }
        if self.has_soft {
            let members = self.all_members();
            self.refill(&members, true);
        }
        self.along_foci();
        if !self.is_done() {
            self.deep();
        }
    }

    fn backfill_too_large(&self, ticket: &Compiled) -> bool {
        let mut counts = vec![0; self.field.level.sizes.len()];
        for team in &ticket.teams {
            match counts.get_mut(usize::from(*team)) {
                Some(count) => *count += 1,
                None => return true,
            }
        }
        counts
            .iter()
            .zip(&self.field.level.sizes)
            .any(|(count, size)| *count > size.max)
    }

    /// Nothing larger can be found, or nothing at all, or the work is used up.
    fn is_done(&self) -> bool {
        let largest = if self.complete {
            self.available.min(self.capacity)
        } else {
            self.capacity
        };
        let found = self.best.as_ref().map_or(0, |best| best.players);
        let hopeless = self.complete && self.available < self.players_min();
        found >= largest || hopeless || self.space.scratch.work > self.work_end
    }

    fn players_min(&self) -> u32 {
        if self.ignores_min() {
            1
        } else {
            self.field.level.sizes.iter().map(|size| size.min).sum()
        }
    }

    /// A backfilled match may be allowed to stay below the minimum.
    fn ignores_min(&self) -> bool {
        !self.field.backfill_enforces_min && self.space.candidate.has_backfill
    }

    fn all_members(&self) -> Vec<u32> {
        (1..self.space.arena.members.len() as u32).collect()
    }

    /// Evaluates every check on the candidate (or, for `pair`, on anchor and member alone, the hard checks only).
    fn standing(&mut self, pair: bool) -> Standing {
        let mut standing = Standing {
            outcome: Outcome::PassForever,
            hard_failure: false,
            cost: 0.0,
        };
        let field = &*self.field;
        let Workspace {
            arena,
            scratch,
            counts,
            candidate,
            pair: alone,
            ..
        } = &mut *self.space;
        let state = if pair { alone } else { candidate };
        let scene = Scene {
            arena,
            level: field.level,
            teams: &state.teams,
            members: &state.members,
            players: state.players,
            capacity: self.capacity,
            bounds: field.bounds,
            tickets: field.compiled,
        };
        for check in &self.checks {
            if pair && check.soft {
                continue;
            }
            let mut verdict = evaluate(check.rule, &scene, scratch);
            let count = &mut counts[check.rule];
            if verdict.passes() {
                count.0 += 1
            } else {
                count.1 += 1
            }
            if !check.holds {
                verdict = negated(verdict);
            }
            standing.outcome = standing.outcome.min(verdict.outcome);
            if !verdict.passes() {
                standing.cost +=
                    0.01 + (verdict.margin / scale(&field.level.rules[check.rule].kind)).min(1e6);
            }
            if verdict.outcome == Outcome::FailForever && !check.soft {
                standing.hard_failure = true;
                break;
            }
        }
        standing
    }

    /// Players who are missing for the minimum of every team.
    fn deficit(&self) -> u32 {
        if self.ignores_min() {
            return 0;
        }
        let teams = self
            .space
            .candidate
            .teams
            .iter()
            .zip(&self.field.level.sizes);
        teams
            .map(|(team, size)| size.min.saturating_sub(team.len() as u32))
            .sum()
    }

    /// Remembers the candidate if it is a match and larger than the best so far.
    fn record(&mut self) -> Standing {
        let standing = self.standing(false);
        self.record_if(standing);
        standing
    }

    fn record_if(&mut self, standing: Standing) {
        let candidate = &self.space.candidate;
        let better = self
            .best
            .as_ref()
            .is_none_or(|best| candidate.players > best.players);
        let joined = !candidate.has_backfill || candidate.members.len() > 1;
        if better
            && joined
            && candidate.players > 0
            && standing.outcome.passes()
            && self.deficit() == 0
        {
            let slot = |member: &u32| self.space.arena.members[*member as usize].slot;
            let placed = candidate
                .members
                .iter()
                .map(slot)
                .zip(candidate.team_of.iter().copied())
                .collect();
            let players = candidate.players;
            self.best = Some(Found {
                placed,
                players,
                full: players >= self.capacity || self.every_team_full(),
            });
        }
    }

    fn every_team_full(&self) -> bool {
        let teams = self
            .space
            .candidate
            .teams
            .iter()
            .zip(&self.field.level.sizes);
        teams
            .into_iter()
            .all(|(team, size)| team.len() as u32 >= size.max)
    }

    fn compiled(&self, member: u32) -> &'a Compiled {
        (self.field.compiled)(self.space.arena.members[member as usize].slot)
    }

    fn place(&mut self, member: u32, team: u16) {
        let ticket = self.compiled(member);
        let Workspace {
            arena, candidate, ..
        } = &mut *self.space;
        candidate.place(arena, member, team, ticket);
    }

    fn remove_last(&mut self) {
        let Workspace {
            arena, candidate, ..
        } = &mut *self.space;
        candidate.remove(arena, candidate.members.len() - 1);
    }
}

/// What counts as a large miss, so that rules of different units can be added up.
fn scale(kind: &Kind) -> f64 {
    match kind {
        Kind::Distance(rule) => 1.0 + rule.max.or(rule.min).unwrap_or(0.0).min(1e9),
        Kind::BatchDistance(rule) => 1.0 + rule.max.min(1e9),
        Kind::Latency(_)
        | Kind::Comparison(_)
        | Kind::Collection(_)
        | Kind::DistanceSort(_)
        | Kind::AbsoluteSort(_)
        | Kind::Compound(_) => 1.0,
    }
}
