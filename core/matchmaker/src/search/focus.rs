//! Further greedy attempts, each along one thing that the anchor can offer. The first ticket in sequence may commit a
//! match to a location, a game mode or a range of skill that few others share; these attempts commit to popular ones.

use super::{Check, Search};
use crate::expression::{Expr, ExprNode, Function, Leaf};
use crate::rules::{BatchKey, Collection, CollectionOperation, Distance, Kind, Operand};
use std::collections::BTreeSet;

/// Attempts along one rule.
const PER_RULE_MAX: usize = 3;
/// Attempts in all.
const FOCI_MAX: usize = 10;

impl Search<'_, '_> {
    pub(super) fn along_foci(&mut self) {
        let mut attempts = Vec::new();
        for check in self.checks.clone() {
            if check.holds && attempts.len() < FOCI_MAX {
                attempts.extend(self.foci(check));
            }
        }
        attempts.truncate(FOCI_MAX);
        // Those who fit along every rule at once come before those who fit along one.
        if attempts.len() > 1 {
            let everywhere = |member: &u32| attempts.iter().all(|attempt| attempt.contains(member));
            let joint: Vec<u32> = attempts[0].iter().copied().filter(everywhere).collect();
            attempts.insert(0, joint);
        }
        attempts.extend(self.nearest_first());
        for attempt in attempts {
            if self.is_done() {
                return;
            }
            self.refill(&attempt, false);
        }
    }

    fn foci(&self, check: Check) -> Vec<Vec<u32>> {
        match &self.field.level.rules[check.rule].kind {
            Kind::Latency(_) => self.along_locations(check.rule),
            Kind::Collection(rule) => self.along_values(rule),
            Kind::BatchDistance(rule) if matches!(rule.key, BatchKey::Number(_)) => {
                let value = |member: u32| {
                    let value = self.space.arena.value(member, check.rule);
                    (value, value)
                };
                vec![self.window(rule.max, &value)]
            }
            Kind::Distance(rule) => self.along_window(rule),
            Kind::BatchDistance(_)
            | Kind::Comparison(_)
            | Kind::DistanceSort(_)
            | Kind::AbsoluteSort(_)
            | Kind::Compound(_) => Vec::new(),
        }
    }

    fn members(&self) -> std::ops::Range<u32> {
        1..self.space.arena.members.len() as u32
    }

    /// The most popular choices, each with the members who can make it.
    fn most_popular(&self, mut choices: Vec<Vec<u32>>) -> Vec<Vec<u32>> {
        let players = |members: &Vec<u32>| -> u32 {
            members
                .iter()
                .map(|member| self.space.arena.members[*member as usize].rows)
                .sum()
        };
        choices.sort_by_key(|members| std::cmp::Reverse(players(members)));
        choices.truncate(PER_RULE_MAX);
        choices
    }

    fn along_locations(&self, rule: usize) -> Vec<Vec<u32>> {
        let arena = &self.space.arena;
        let with = |location: u32| {
            self.members()
                .filter(|member| arena.locations(*member, rule).contains(location))
                .collect()
        };
        self.most_popular(arena.locations(0, rule).iter().map(with).collect())
    }

    fn along_values(&self, rule: &Collection) -> Vec<Vec<u32>> {
        let wanted = rule.operation == CollectionOperation::Intersection && rule.min != Some(0);
        let lists = rule
            .measurements
            .iter()
            .filter(|_| wanted)
            .filter_map(|expr| match expr.flattened_path() {
                Some(path) if expr.depth == 2 => match path.leaf {
                    Leaf::List(slot) => Some(slot),
                    Leaf::Team
                    | Leaf::Player
                    | Leaf::PlayerId
                    | Leaf::Number(_)
                    | Leaf::Text(_)
                    | Leaf::Map(_) => None,
                },
                _ => None,
            });
        let Some(slot) = lists.into_iter().next() else {
            return Vec::new();
        };
        let has = |member: u32, value: u32| {
            let entry = self.space.arena.members[member as usize];
            (entry.row..entry.row + entry.rows)
                .all(|row| self.space.arena.list(row, slot).contains(&value))
        };
        let first_row = self.space.arena.members[0].row;
        let values = self
            .space
            .arena
            .list(first_row, slot)
            .iter()
            .filter(|value| has(0, **value));
        self.most_popular(
            values
                .map(|value| {
                    self.members()
                        .filter(|member| has(*member, *value))
                        .collect()
                })
                .collect(),
        )
    }

    /// `max(x)` against `min(x)` of the same players is a window.
    fn along_window(&self, rule: &Distance) -> Vec<Vec<u32>> {
        let (Some(max), Operand::Expr(reference)) = (rule.max, &rule.reference) else {
            return Vec::new();
        };
        let Some(slot) = rule
            .measurements
            .iter()
            .find_map(|measurement| window_slot(measurement, reference))
        else {
            return Vec::new();
        };
        vec![self.window(max, &|member| self.extremes(member, slot))]
    }

    fn extremes(&self, member: u32, slot: u16) -> (f64, f64) {
        let entry = self.space.arena.members[member as usize];
        let values =
            (entry.row..entry.row + entry.rows).map(|row| self.space.arena.number(row, slot));
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), value| {
            (lo.min(value), hi.max(value))
        })
    }

    /// The members in the fullest window of a width that holds the anchor; of equals the one centred best on it.
    fn window(&self, width: f64, value: &dyn Fn(u32) -> (f64, f64)) -> Vec<u32> {
        let (anchor_lo, anchor_hi) = value(0);
        let values: Vec<_> = self
            .members()
            .map(|member| (member, value(member)))
            .collect();
        let inside = |low: f64| {
            let fits = move |(lo, hi): (f64, f64)| lo >= low && hi <= low + width;
            values
                .iter()
                .filter(move |(_, value)| fits(*value))
                .map(|(member, _)| *member)
        };
        let mut lows: Vec<f64> = values
            .iter()
            .map(|(_, (lo, _))| *lo)
            .chain([anchor_lo])
            .collect();
        lows.retain(|low| *low <= anchor_lo && low + width >= anchor_hi);
        lows.sort_by(f64::total_cmp);
        lows.dedup();
        // A handful of windows tells enough; each costs a walk over all members.
        let stride = lows.len().div_ceil(24).max(1);
        let middle = f64::midpoint(anchor_lo, anchor_hi);
        let rank = |low: &f64| {
            let players: u32 = inside(*low)
                .map(|member| self.space.arena.members[member as usize].rows)
                .sum();
            (players, -((low + width / 2.0 - middle).abs() * 1e6) as i64)
        };
        let best = lows.into_iter().step_by(stride).max_by_key(rank);
        best.map_or_else(Vec::new, |low| inside(low).collect())
    }

    /// For rules about averages: by closeness to the anchor.
    fn nearest_first(&self) -> Vec<Vec<u32>> {
        let mut slots = BTreeSet::new();
        for check in self.checks.iter().filter(|check| check.soft) {
            for expr in self.field.level.rules[check.rule].kind.expressions() {
                if let Leaf::Number(slot) = expr.path().leaf {
                    slots.insert(slot);
                }
            }
        }
        let by_closeness = |slot: &u16| {
            let middle = |member: u32| {
                let (lo, hi) = self.extremes(member, *slot);
                f64::midpoint(lo, hi)
            };
            let anchor = middle(0);
            let mut members: Vec<_> = self.members().collect();
            members.sort_by(|a, b| {
                (middle(*a) - anchor)
                    .abs()
                    .total_cmp(&(middle(*b) - anchor).abs())
            });
            members
        };
        slots.iter().take(PER_RULE_MAX).map(by_closeness).collect()
    }
}

/// The attribute whose spread is limited, if the expressions are its maximum and minimum.
fn window_slot(measurement: &Expr, reference: &Expr) -> Option<u16> {
    let (ExprNode::Call(first, a), ExprNode::Call(second, b)) =
        (&measurement.node, &reference.node)
    else {
        return None;
    };
    let opposite = matches!(
        (first, second),
        (Function::Max, Function::Min) | (Function::Min, Function::Max)
    );
    let path = a.flattened_path().filter(|_| opposite && a == b)?;
    if let Leaf::Number(slot) = path.leaf {
        Some(slot)
    } else {
        None
    }
}
