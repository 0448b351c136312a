//! A cheap look at whether an anchor can find enough players at all, before anybody is evaluated: rules that limit the
//! spread of a number leave only those within a window around the anchor.

use super::pool::{Entry, Pool};
use crate::expression::{Expr, ExprNode, Function, Leaf};
use crate::rules::{BatchKey, Kind, Level, Operand, RuleSet};

/// The players of a batch by the value that one rule limits.
#[derive(Debug)]
pub(super) struct Window {
    rule: usize,
    column: Column,
    /// Values ascending, each with the number of players up to and including it.
    values: Vec<(f64, u32)>,
}

#[derive(Clone, Copy, Debug)]
enum Column {
    /// Least and greatest of a ticket's players count.
    Each(u16),
    /// The party's value counts.
    Party(u16, crate::rules::Party),
}

/// Windows of all rules that stand alone and limit a spread.
pub(super) fn windows(pool: &Pool, rules: &RuleSet, order: &[u32]) -> Vec<Window> {
    let window = |index: &usize| {
        let column = match &rules.rules[*index].kind {
            Kind::BatchDistance(batch) => match batch.key {
                BatchKey::Number(slot) => Column::Party(slot, batch.party),
                BatchKey::Text(_) => return None,
            },
            Kind::Distance(rule) => {
                let Operand::Expr(reference) = &rule.reference else {
                    return None;
                };
                let all = |slot: &(u16, usize)| slot.1 == rules.instances.len();
                let slot = rule
                    .measurements
                    .iter()
                    .find_map(|m| spread_of(m, reference))
                    .filter(all)?;
                Column::Each(slot.0)
            }
            Kind::Comparison(_) | Kind::Collection(_) | Kind::Latency(_) => return None,
            Kind::DistanceSort(_) | Kind::AbsoluteSort(_) | Kind::Compound(_) => return None,
        };
        let entries = order.iter().filter_map(|slot| pool.entry(*slot));
        let mut values: Vec<(f64, u32)> = entries
            .map(|entry| (extremes(entry, column, rules).0, entry.compiled.rows))
            .collect();
        values.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut total = 0;
        for (_, players) in &mut values {
            total += *players;
            *players = total;
        }
        Some(Window {
            rule: *index,
            column,
            values,
        })
    };
    rules.standalone.iter().filter_map(window).collect()
}

/// The attribute whose spread is measured, and over how many teams.
fn spread_of(measurement: &Expr, reference: &Expr) -> Option<(u16, usize)> {
    let (ExprNode::Call(first, a), ExprNode::Call(second, b)) =
        (&measurement.node, &reference.node)
    else {
        return None;
    };
    let opposite = matches!(
        (first, second),
        (Function::Max, Function::Min) | (Function::Min, Function::Max)
    );
    let path = a
        .flattened_path()
        .filter(|_| opposite && a == b && a.depth == 1)?;
    match path.leaf {
        Leaf::Number(slot) => Some((slot, path.teams.len())),
        Leaf::Team
        | Leaf::Player
        | Leaf::PlayerId
        | Leaf::Text(_)
        | Leaf::List(_)
        | Leaf::Map(_) => None,
    }
}

fn extremes(entry: &Entry, column: Column, rules: &RuleSet) -> (f64, f64) {
    let stride = rules.slots.numbers;
    match column {
        Column::Party(slot, party) => {
            let value = party.combine(entry.compiled.column(slot, stride));
            (value, value)
        }
        Column::Each(slot) => {
            let values = entry.compiled.column(slot, stride);
            values.fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), value| {
                (lo.min(value), hi.max(value))
            })
        }
    }
}

/// The most players that a match around an anchor can have, as far as windows can tell.
pub(super) fn players_within(
    windows: &[Window],
    anchor: &Entry,
    level: &Level,
    rules: &RuleSet,
) -> u32 {
    let within = |window: &Window| {
        let width = match &level.rules[window.rule].kind {
            Kind::Distance(rule) => rule.max.unwrap_or(f64::INFINITY),
            // An expansion may have changed how a party counts.
            Kind::BatchDistance(batch) => match window.column {
                Column::Party(_, party) if party == batch.party => batch.max,
                Column::Party(..) | Column::Each(_) => f64::INFINITY,
            },
            Kind::Comparison(_) | Kind::Collection(_) | Kind::Latency(_) => f64::INFINITY,
            Kind::DistanceSort(_) | Kind::AbsoluteSort(_) | Kind::Compound(_) => f64::INFINITY,
        };
        let (lo, hi) = extremes(anchor, window.column, rules);
        let up_to = |index: usize| {
            if index == 0 {
                0
            } else {
                window.values[index - 1].1
            }
        };
        let first = window
            .values
            .partition_point(|(value, _)| *value < hi - width);
        let last = window
            .values
            .partition_point(|(value, _)| *value <= lo + width);
        up_to(last).saturating_sub(up_to(first))
    };
    windows.iter().map(within).min().unwrap_or(u32::MAX)
}
