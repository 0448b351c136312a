//! Why a ticket still waits: who was considered, which rule refused how many and by how much, what the next expansion
//! changes and when, and what would match now. Computed when asked, with bounded work; the pool pays nothing for it.

use crate::compiled::Compiled;
use crate::engine::{Config, Entry, Pool, RuleMetrics, State, metrics, teams, ticket_of};
use crate::evaluate::{Outcome, Range, Scene, evaluate};
use crate::rules::{AgeSelection, Kind, Level, RuleSet};
use crate::search::{Candidate, FIXED, Field, Found, Workspace, assess, search};
use ids::{PlayerId, Span, TicketId, Time};
use serde::Serialize;

/// Tickets that one explanation looks at, and work units that it may use for pairs.
const CONSIDERED_MAX: usize = 2_000;
const WORK_MAX: u64 = 200_000;
/// Work of setting up one pair.
const ARRANGEMENT_WORK: u64 = 40;

/// Everything there is to say about a waiting ticket.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explanation {
    /// The ticket.
    pub ticket: TicketId,
    /// In one sentence.
    pub summary: String,
    /// `QUEUED`, `SEARCHING` or `REQUIRES_ACCEPTANCE`.
    pub status: &'static str,
    /// How long it has waited.
    pub waited_ms: u64,
    /// When it times out.
    pub times_out: Time,
    /// Why it can never match, whoever comes.
    pub never: Vec<String>,
    /// Other tickets in the pool.
    pub pool: usize,
    /// How many of them were looked at.
    pub considered: usize,
    /// Tickets that are too large to stand beside it in any team.
    pub no_room: usize,
    /// Tickets that differ in an attribute that has to be equal for the whole match.
    pub other_group: usize,
    /// Tickets that can stand beside it, and their players.
    pub compatible: Compatible,
    /// Players that a match needs at least, with what is in force now.
    pub players_needed: u32,
    /// Which rule refuses how many.
    pub refusals: Vec<RefusedBy>,
    /// The expansions and where they stand for this ticket.
    pub expansions: Vec<ExpansionState>,
    /// What changes next by itself.
    pub next_change: Option<NextChange>,
    /// What could be made of the pool now.
    pub attempt: Option<Attempt>,
    /// Evaluations in its own searches since it came.
    pub metrics: Vec<RuleMetrics>,
}

/// A number of tickets and their players.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Compatible {
    /// Tickets.
    pub tickets: usize,
    /// Players.
    pub players: u32,
}

/// A rule that keeps tickets away.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RefusedBy {
    /// The rule.
    pub rule: String,
    /// How many tickets it refuses beside this one.
    pub tickets: usize,
    /// By how much the nearest of them misses, in the rule's own unit.
    pub nearest_miss: Option<f64>,
    /// By how much the farthest of them misses.
    pub farthest_miss: Option<f64>,
}

/// An expansion as it stands.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ExpansionState {
    /// Its target.
    pub target: String,
    /// The value in force for a match of this ticket's age.
    pub value: String,
    /// The next value.
    pub next_value: Option<String>,
    /// When the next value comes into force for this ticket.
    pub next_at: Option<Time>,
}

/// The next step of any expansion.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NextChange {
    /// When.
    pub at: Time,
    /// In how many milliseconds.
    pub in_ms: u64,
    /// What changes, as `target: old -> new`.
    pub changes: Vec<String>,
    /// Who could stand beside the ticket then.
    pub compatible: Compatible,
    /// The step comes only after the request timed out.
    pub too_late: bool,
}

/// The best that can be put together now.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Attempt {
    /// Whether it satisfies every rule; such a match is only waiting to become fuller.
    pub matches: bool,
    /// Players by team.
    pub teams: Vec<(String, Vec<PlayerId>)>,
    /// How many players.
    pub players: u32,
    /// How many are missing for the minimum of every team.
    pub missing: u32,
    /// Rules that it breaks, and by how much (nothing where a value is undefined).
    pub broken: Vec<(String, Option<f64>)>,
}

pub(crate) fn explain(
    pool: &Pool,
    rules: &RuleSet,
    config: &Config,
    id: &TicketId,
    now: Time,
) -> Option<Explanation> {
    let slot = pool.slot(id)?;
    let entry = pool.entry(slot)?;
    let waited = now.since(entry.ticket.start);
    let own_level = rules.level_at(waited);
    let mut view = View {
        pool,
        rules,
        config,
        slot,
        now,
        space: Workspace::default(),
    };
    let searching = entry.reasons.is_empty() && !matches!(entry.state, State::Proposed(_));
    let others: Vec<u32> = if searching { view.others() } else { Vec::new() };
    let pairs = view.pairs(&others, own_level, now);
    let next_change = if searching {
        view.next_change(&others, own_level)
    } else {
        None
    };
    let attempt = if searching {
        view.attempt(&pairs, own_level)
    } else {
        None
    };
    let level = &rules.levels[own_level];
    let mut explanation = Explanation {
        ticket: id.clone(),
        summary: String::new(),
        status: match entry.state {
            State::Queued => "QUEUED",
            State::Searching => "SEARCHING",
            State::Proposed(_) => "REQUIRES_ACCEPTANCE",
        },
        waited_ms: waited.as_millis(),
        times_out: entry.ticket.deadline(),
        never: entry.reasons.clone(),
        pool: pool.len() - 1,
        considered: pairs.considered,
        no_room: pairs.no_room,
        other_group: view.other_group(),
        compatible: pairs.compatible,
        players_needed: level.sizes.iter().map(|size| size.min).sum::<u32>().max(1),
        refusals: pairs.refusals,
        expansions: expansion_states(rules, entry, waited),
        next_change,
        attempt,
        metrics: metrics(
            rules,
            entry
                .counts
                .iter()
                .map(|(passed, failed)| (u64::from(*passed), u64::from(*failed))),
        ),
    };
    explanation.summary = summary(&explanation);
    Some(explanation)
}

/// One sentence that names the most likely reason.
fn summary(explanation: &Explanation) -> String {
    if let Some(reason) = explanation.never.first() {
        return format!("it can never match: {reason}");
    }
    if explanation.status == "REQUIRES_ACCEPTANCE" {
        return "a match was proposed and waits to be accepted".to_owned();
    }
    if explanation
        .attempt
        .as_ref()
        .is_some_and(|attempt| attempt.matches)
    {
        return "a match is possible now and waits a moment for more players, or for the next pass"
            .to_owned();
    }
    let own = explanation.compatible.players;
    let strictest = explanation
        .refusals
        .iter()
        .max_by_key(|refused| refused.tickets);
    let next = explanation
        .next_change
        .as_ref()
        .filter(|next| !next.too_late);
    let hope = next.map_or_else(String::new, |next| {
        format!(
            "; in {} s {}",
            next.in_ms.div_ceil(1000),
            next.changes.join(", ")
        )
    });
    match (strictest, &explanation.attempt) {
        (Some(refused), _) if refused.tickets > explanation.compatible.tickets => {
            let miss = refused
                .nearest_miss
                .map_or_else(String::new, |miss| format!(", the nearest by {miss}"));
            format!(
                "the rule '{}' refuses {} of {} tickets{miss}{hope}",
                refused.rule, refused.tickets, explanation.considered
            )
        }
        (_, Some(attempt)) if attempt.missing > 0 => {
            format!(
                "{} more players are needed; {own} in the pool could join{hope}",
                attempt.missing
            )
        }
        (_, Some(attempt)) if !attempt.broken.is_empty() => {
            let (rule, miss) = &attempt.broken[0];
            let miss = miss.map_or_else(String::new, |miss| format!(" by {miss}"));
            format!("the best match that can be put together breaks the rule '{rule}'{miss}{hope}")
        }
        _ => format!("there are not enough players; {own} in the pool could join{hope}"),
    }
}

fn expansion_states(rules: &RuleSet, entry: &Entry, waited: Span) -> Vec<ExpansionState> {
    let state = |expansion: &crate::rules::Expansion| {
        let passed = expansion
            .steps
            .iter()
            .rev()
            .find(|(wait, _)| *wait <= waited);
        let next = expansion.steps.iter().find(|(wait, _)| *wait > waited);
        ExpansionState {
            target: expansion.target.clone(),
            value: passed.map_or_else(|| expansion.base.clone(), |(_, value)| value.clone()),
            next_value: next.map(|(_, value)| value.clone()),
            next_at: next.map(|(wait, _)| entry.ticket.start + *wait),
        }
    };
    rules.expansions.iter().map(state).collect()
}

/// What pairs of the ticket with others say.
#[derive(Default)]
struct Pairs {
    considered: usize,
    no_room: usize,
    compatible: Compatible,
    /// Slots that can stand beside it, each with the teams that it can join.
    standing: Vec<(u32, Vec<u16>)>,
    refusals: Vec<RefusedBy>,
}

struct View<'a> {
    pool: &'a Pool,
    rules: &'a RuleSet,
    config: &'a Config,
    slot: u32,
    now: Time,
    space: Workspace,
}

impl<'a> View<'a> {
    /// Tickets of the same group that search as well, oldest first.
    fn others(&self) -> Vec<u32> {
        let group = self
            .pool
            .group_of(self.slot)
            .and_then(|key| self.pool.groups.get(key));
        let live = group.map_or(&[][..], |group| &group.live);
        let mut others: Vec<u32> = live
            .iter()
            .copied()
            .filter(|slot| *slot != self.slot)
            .take(CONSIDERED_MAX)
            .collect();
        others.sort_by_key(|slot| {
            self.pool
                .entry(*slot)
                .map(|entry| (entry.ticket.start, entry.arrival))
        });
        others
    }

    fn other_group(&self) -> usize {
        let own = self.pool.group_of(self.slot);
        let others = self.pool.groups.iter().filter(|(key, _)| Some(*key) != own);
        others.map(|(_, group)| group.live.len()).sum()
    }

    fn starts(&self, slot: u32, level: &Level) -> Vec<u16> {
        let (ticket, backfill) = ticket_of(self.pool, slot);
        if backfill {
            return vec![FIXED];
        }
        let mut starts: Vec<u16> = Vec::new();
        for (team, size) in level.sizes.iter().enumerate() {
            // A few of each class are enough to stand together or apart.
            let class = self.rules.team_classes[team];
            let known = starts
                .iter()
                .filter(|start| self.rules.team_classes[usize::from(**start)] == class)
                .count();
            if size.max >= ticket.rows && known < 2 {
                starts.push(team as u16);
            }
        }
        starts
    }

    /// Puts the ticket beside every other one, at a level and at a time.
    fn pairs(&mut self, others: &[u32], level_index: usize, at: Time) -> Pairs {
        let level = &self.rules.levels[level_index];
        let mut pairs = Pairs::default();
        let mut refused: Vec<(usize, f64, f64)> =
            vec![(0, f64::INFINITY, 0.0); self.rules.rules.len()];
        let newest = self.rules.algorithm.age == AgeSelection::Newest;
        self.space.scratch.margins = true;
        let end = self.space.scratch.work + WORK_MAX;
        for other in others {
            let Some(entry) = self.pool.entry(*other) else {
                continue;
            };
            if self.space.scratch.work > end {
                break;
            }
            // Whoever is younger is judged by the stricter values that its age allows.
            let age = self.rules.level_at(at.since(entry.ticket.start));
            let level = if newest && age < level_index {
                &self.rules.levels[age]
            } else {
                level
            };
            pairs.considered += 1;
            let (teams, misses) = self.beside(*other, level);
            if !teams.is_empty() {
                pairs.compatible.tickets += 1;
                pairs.compatible.players += entry.compiled.rows;
                pairs.standing.push((*other, teams));
            } else if misses.is_empty() {
                pairs.no_room += 1;
            }
            for (rule, margin) in misses {
                let (count, least, most) = &mut refused[rule];
                *count += 1;
                *least = least.min(margin);
                *most = most.max(margin);
            }
        }
        self.space.scratch.margins = false;
        let rules = self
            .rules
            .rules
            .iter()
            .zip(refused)
            .filter(|(_, (count, ..))| *count > 0);
        pairs.refusals = rules
            .map(|(rule, (tickets, least, most))| RefusedBy {
                rule: rule.name.clone(),
                tickets,
                nearest_miss: finite(least),
                farthest_miss: finite(most),
            })
            .collect();
        pairs
    }

    /// The teams in which another ticket can stand beside this one; else the rules that refuse it, with their margins.
    fn beside(&mut self, other: u32, level: &Level) -> (Vec<u16>, Vec<(usize, f64)>) {
        let mut teams = Vec::new();
        // For each rule, whether it refuses everywhere, and the least margin.
        let mut always: Vec<Option<f64>> = vec![None; level.rules.len()];
        let mut arrangements = 0;
        for start in self.starts(self.slot, level) {
            for team in self.starts(other, level) {
                let Some(misses) = self.arrangement(start, other, team, level) else {
                    continue;
                };
                if misses.is_empty() && !teams.contains(&team) {
                    teams.push(team);
                }
                for (rule, known) in always.iter_mut().enumerate() {
                    let miss = misses
                        .iter()
                        .find(|(index, _)| *index == rule)
                        .map(|(_, margin)| *margin);
                    *known = match (miss, *known, arrangements) {
                        (Some(miss), _, 0) => Some(miss),
                        (Some(miss), Some(known), _) => Some(known.min(miss)),
                        (None, ..) | (_, None, _) => None,
                    };
                }
                arrangements += 1;
            }
        }
        if !teams.is_empty() {
            return (teams, Vec::new());
        }
        (
            teams,
            always
                .into_iter()
                .enumerate()
                .filter_map(|(rule, margin)| Some((rule, margin?)))
                .collect(),
        )
    }

    /// Rules that fail for ever when two tickets stand in two teams; nothing when they do not fit there.
    fn arrangement(
        &mut self,
        start: u16,
        other: u32,
        team: u16,
        level: &Level,
    ) -> Option<Vec<(usize, f64)>> {
        let pool = self.pool;
        let (a, a_backfill) = ticket_of(pool, self.slot);
        let (b, b_backfill) = ticket_of(pool, other);
        if a_backfill && b_backfill {
            return None;
        }
        self.space.scratch.work += ARRANGEMENT_WORK;
        let mut candidate = Candidate::default();
        candidate.clear(level.sizes.len());
        self.space.arena.reset(self.rules.slots, &level.rules);
        self.space
            .arena
            .push(self.slot, a, &level.rules, a_backfill);
        self.space.arena.push(other, b, &level.rules, b_backfill);
        candidate.place(&self.space.arena, 0, start, a);
        candidate.place(&self.space.arena, 1, team, b);
        let capacity = capacity(level, self.config);
        let fits = candidate
            .teams
            .iter()
            .zip(&level.sizes)
            .all(|(team, size)| team.len() as u32 <= size.max);
        if !fits || candidate.players > capacity {
            return None;
        }
        let compiled = |slot: u32| ticket_of(pool, slot).0;
        let bounds = vec![
            Range {
                lo: f64::NEG_INFINITY,
                hi: f64::INFINITY
            };
            usize::from(self.rules.slots.numbers)
        ];
        let scene = Scene {
            arena: &self.space.arena,
            level,
            teams: &candidate.teams,
            members: &candidate.members,
            players: candidate.players,
            capacity,
            bounds: &bounds,
            tickets: &compiled,
        };
        let mut misses = Vec::new();
        for rule in &self.rules.standalone {
            let verdict = evaluate(*rule, &scene, &mut self.space.scratch);
            if verdict.outcome == Outcome::FailForever {
                misses.push((*rule, verdict.margin));
            }
        }
        Some(misses)
    }

    fn next_change(&mut self, others: &[u32], own_level: usize) -> Option<NextChange> {
        let next = self.rules.levels.get(own_level + 1)?;
        let entry = self.pool.entry(self.slot)?;
        let at = entry.ticket.start + next.at;
        let changed = |expansion: &crate::rules::Expansion| {
            let index = expansion
                .steps
                .iter()
                .position(|(wait, _)| *wait == next.at)?;
            let before = if index == 0 {
                &expansion.base
            } else {
                &expansion.steps[index - 1].1
            };
            Some(format!(
                "{}: {before} -> {}",
                expansion.target, expansion.steps[index].1
            ))
        };
        let changes = self.rules.expansions.iter().filter_map(changed).collect();
        let too_late = at >= entry.ticket.deadline();
        let compatible = self.pairs(others, own_level + 1, at).compatible;
        Some(NextChange {
            at,
            in_ms: at.since(self.now).as_millis(),
            changes,
            compatible,
            too_late,
        })
    }

    /// A match if there is one, else the most that can be put together, with what is wrong with it.
    fn attempt(&mut self, pairs: &Pairs, own_level: usize) -> Option<Attempt> {
        let found = (0..=own_level)
            .rev()
            .take(3)
            .find_map(|level| self.search(pairs, level));
        if let Some(found) = found {
            return Some(self.describe(&found, own_level, true));
        }
        let level = &self.rules.levels[own_level];
        let start = *self.starts(self.slot, level).first()?;
        let mut placed = vec![(self.slot, start)];
        let mut counts = vec![0_u32; level.sizes.len()];
        let (ticket, _) = ticket_of(self.pool, self.slot);
        occupy(&mut counts, ticket, start);
        let mut players = ticket.rows;
        for (slot, teams) in &pairs.standing {
            let (ticket, backfill) = ticket_of(self.pool, *slot);
            if backfill || players + ticket.rows > capacity(level, self.config) {
                continue;
            }
            let class = |team: usize| self.rules.team_classes[team];
            let allowed = |team: &usize| {
                teams
                    .iter()
                    .any(|known| *known != FIXED && class(usize::from(*known)) == class(*team))
            };
            let roomy = (0..counts.len())
                .filter(allowed)
                .filter(|team| counts[*team] + ticket.rows <= level.sizes[*team].max);
            let rank = |team: &usize| {
                (
                    counts[*team] >= level.sizes[*team].min,
                    std::cmp::Reverse(level.sizes[*team].max - counts[*team]),
                )
            };
            let Some(team) = roomy.min_by_key(rank) else {
                continue;
            };
            occupy(&mut counts, ticket, team as u16);
            players += ticket.rows;
            placed.push((*slot, team as u16));
        }
        let full = players >= capacity(level, self.config);
        Some(self.describe(
            &Found {
                placed,
                players,
                full,
            },
            own_level,
            false,
        ))
    }

    fn search(&mut self, pairs: &Pairs, level: usize) -> Option<Found> {
        if self.rules.is_large() {
            return None;
        }
        let (pool, now) = (self.pool, self.now);
        let age = if self.rules.algorithm.age == AgeSelection::Newest {
            self.rules.levels[level].at
        } else {
            Span::ZERO
        };
        let old_enough = move |slot: &u32| {
            pool.entry(*slot)
                .is_some_and(|entry| now.since(entry.ticket.start) >= age)
        };
        if !old_enough(&self.slot) {
            return None;
        }
        let slots: Vec<u32> = pairs
            .standing
            .iter()
            .map(|(slot, _)| *slot)
            .filter(old_enough)
            .collect();
        let mut all = slots.clone();
        all.push(self.slot);
        let bounds = pool.bounds(&all);
        let ticket = |slot| ticket_of(pool, slot);
        let compiled = |slot| ticket_of(pool, slot).0;
        let mut field = Field {
            rules: self.rules,
            level: &self.rules.levels[level],
            ticket: &ticket,
            compiled: &compiled,
            order: Box::new(slots.into_iter()),
            bounds: &bounds,
            kept_free: self.config.additional_players,
            backfill_enforces_min: self.config.backfill_enforces_min_players,
            deep_work: 50_000,
            attempt_work: 100_000,
        };
        search(self.slot, &mut field, &mut self.space)
    }

    fn describe(&mut self, found: &Found, level: usize, matches: bool) -> Attempt {
        let pool = self.pool;
        let level = &self.rules.levels[level];
        let assessment = assess(
            &found.placed,
            self.rules,
            level,
            &|slot| ticket_of(pool, slot),
            &mut self.space,
        );
        let failing = self
            .rules
            .standalone
            .iter()
            .map(|rule| (*rule, assessment.verdicts[*rule]))
            .filter(|(_, verdict)| !verdict.passes());
        let name = |rule: usize| self.rules.rules[rule].name.clone();
        let broken = if matches {
            Vec::new()
        } else {
            failing
                .map(|(rule, verdict)| (name(rule), finite(verdict.margin)))
                .collect()
        };
        let teams = teams(found, pool, self.rules).into_iter();
        Attempt {
            matches,
            teams: teams
                .map(|team| {
                    (
                        team.name,
                        team.players.into_iter().map(|player| player.id).collect(),
                    )
                })
                .collect(),
            players: found.players,
            missing: if matches { 0 } else { assessment.deficit },
            broken,
        }
    }
}

fn capacity(level: &Level, config: &Config) -> u32 {
    level
        .sizes
        .iter()
        .map(|size| size.max)
        .sum::<u32>()
        .saturating_sub(config.additional_players)
}

fn occupy(counts: &mut [u32], ticket: &Compiled, team: u16) {
    if team == FIXED {
        for team in &ticket.teams {
            if let Some(count) = counts.get_mut(usize::from(*team)) {
                *count += 1;
            }
        }
    } else if let Some(count) = counts.get_mut(usize::from(team)) {
        *count += ticket.rows;
    }
}

/// An undefined value misses by no number.
fn finite(margin: f64) -> Option<f64> {
    (margin.is_finite() && margin < f64::MAX).then_some(margin)
}

/// What every rule says about a complete match that somebody proposes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RuleVerdict {
    /// The rule.
    pub rule: String,
    /// Its type.
    pub kind: &'static str,
    /// Whether it passes. Rules that only sort always do.
    pub passes: bool,
    /// By how much it fails; nothing when it passes or a value is undefined.
    pub miss: Option<f64>,
    /// Whether it counts by itself; a rule that a compound names counts through the compound.
    pub standalone: bool,
}

pub(crate) fn verdicts(
    rules: &RuleSet,
    assessment: &crate::search::Assessment,
) -> Vec<RuleVerdict> {
    let verdict = |index: usize| {
        let (rule, verdict) = (&rules.rules[index], assessment.verdicts[index]);
        RuleVerdict {
            rule: rule.name.clone(),
            kind: Kind::name(&rule.kind),
            passes: verdict.passes(),
            miss: if verdict.passes() {
                None
            } else {
                finite(verdict.margin)
            },
            standalone: rules.standalone.contains(&index),
        }
    };
    (0..rules.rules.len()).map(verdict).collect()
}
