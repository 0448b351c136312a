//! Sort rules: in which order candidates are tried around an anchor.

use crate::compiled::Compiled;
use crate::rules::{Level, Party, RuleSet, Sort, SortKey};

/// Puts slots into the order that the sort rules ask for; equals stay as they were.
pub(crate) fn sort_candidates<'a>(
    anchor: &Compiled,
    slots: &mut Vec<u32>,
    rules: &RuleSet,
    level: &Level,
    compiled: &dyn Fn(u32) -> &'a Compiled,
) {
    let sorts: Vec<(&Sort, bool)> = level
        .rules
        .iter()
        .filter_map(|rule| rule.kind.as_sort())
        .collect();
    if sorts.is_empty() {
        return;
    }
    let chosen: Vec<Option<String>> = sorts
        .iter()
        .map(|(sort, _)| chosen_key(anchor, sort, rules))
        .collect();
    let value = |ticket: &Compiled, index: usize| {
        value(
            ticket,
            anchor,
            sorts[index].0,
            chosen[index].as_deref(),
            rules,
        )
    };
    let own: Vec<f64> = (0..sorts.len()).map(|index| value(anchor, index)).collect();
    let key = |slot: u32| -> Vec<f64> {
        let of = |(index, (sort, by_distance)): (usize, &(&Sort, bool))| {
            let value = value(compiled(slot), index);
            let key = if *by_distance {
                (value - own[index]).abs()
            } else {
                value
            };
            match (key.is_nan(), sort.descending) {
                // What is missing comes last in both directions.
                (true, _) => f64::INFINITY,
                (false, true) => -key,
                (false, false) => key,
            }
        };
        sorts.iter().enumerate().map(of).collect()
    };
    let mut keyed: Vec<(Vec<f64>, u32)> = slots.iter().map(|slot| (key(*slot), *slot)).collect();
    let order = |a: &[f64], b: &[f64]| {
        a.iter()
            .zip(b)
            .map(|(a, b)| a.total_cmp(b))
            .find(|order| order.is_ne())
            .unwrap_or(std::cmp::Ordering::Equal)
    };
    keyed.sort_by(|a, b| order(&a.0, &b.0));
    slots.clear();
    slots.extend(keyed.into_iter().map(|(_, slot)| slot));
}

/// For a map the key whose value in the anchor's map is least or greatest; of equals the first by name.
fn chosen_key(anchor: &Compiled, sort: &Sort, rules: &RuleSet) -> Option<String> {
    let (slot, greatest) = match sort.key {
        SortKey::MinOfMap(slot) => (slot, false),
        SortKey::MaxOfMap(slot) => (slot, true),
        SortKey::Number(_) | SortKey::Text(_) => return None,
    };
    let maps = maps(anchor, slot, rules);
    let mut keys: Vec<&str> = maps
        .iter()
        .flat_map(|map| map.iter().map(|(key, _)| key.as_str()))
        .collect();
    keys.sort_unstable();
    keys.dedup();
    let mut best: Option<(&str, f64)> = None;
    for key in keys {
        let value = combined(&maps, key, sort.party);
        let better =
            best.is_none_or(|(_, best)| if greatest { value > best } else { value < best });
        if better {
            best = Some((key, value));
        }
    }
    best.map(|(key, _)| key.to_owned())
}

fn maps<'t>(ticket: &'t Compiled, slot: u16, rules: &RuleSet) -> Vec<&'t Vec<(String, f64)>> {
    ticket
        .maps
        .iter()
        .skip(usize::from(slot))
        .step_by(usize::from(rules.slots.maps).max(1))
        .collect()
}

fn combined(maps: &[&Vec<(String, f64)>], key: &str, party: Party) -> f64 {
    let values = maps
        .iter()
        .filter_map(|map| map.iter().find(|(name, _)| name == key))
        .map(|(_, value)| *value);
    party.combine(values)
}

fn value(
    ticket: &Compiled,
    anchor: &Compiled,
    sort: &Sort,
    key: Option<&str>,
    rules: &RuleSet,
) -> f64 {
    match sort.key {
        SortKey::Number(slot) => sort.party.combine(ticket.column(slot, rules.slots.numbers)),
        SortKey::Text(slot) => {
            let (own, other) = (
                anchor.common_text(slot, rules.slots.texts),
                ticket.common_text(slot, rules.slots.texts),
            );
            f64::from(u8::from(own.is_none() || own != other))
        }
        SortKey::MinOfMap(slot) | SortKey::MaxOfMap(slot) => key.map_or(f64::NAN, |key| {
            combined(&maps(ticket, slot, rules), key, sort.party)
        }),
    }
}
