//! Parts of a pass that need no state: location groups of the balanced strategy, and a match in words.

use super::pool::Pool;
use super::{MatchedPlayer, Team};
use crate::compiled::Compiled;
use crate::rules::{Batching, RuleSet, SMALL_MAX, Strategy};
use crate::search::{FIXED, Found};
use crate::ticket::Attribute;

/// Locations that are tried one by one with the balanced strategy.
const LOCATIONS_TRIED: usize = 4;

/// With the balanced strategy small matches, too, are looked for location by location first (4.7); nothing stands for
/// everywhere.
pub(super) fn location_order<'p, 'c>(
    rules: &RuleSet,
    anchor: &Compiled,
    candidates: &dyn Fn() -> Box<dyn Iterator<Item = u32> + 'c>,
    compiled: &dyn Fn(u32) -> &'p Compiled,
) -> Vec<Option<u32>> {
    if rules.algorithm.strategy == Strategy::Exhaustive
        || anchor.reach.is_empty()
        || rules.players_max() > SMALL_MAX
    {
        return vec![None];
    }
    let mut ranked: Vec<(f64, u32)> = match rules.algorithm.batching {
        Batching::FastestRegion => anchor
            .reach
            .iter()
            .map(|reach| (reach.value(crate::rules::Party::Avg), reach.location))
            .collect(),
        Batching::LargestPopulation | Batching::Random | Batching::Sorted => {
            let population = |location: u32| {
                candidates()
                    .filter(|slot| belongs(rules, compiled(*slot), location))
                    .count()
            };
            anchor
                .reach
                .iter()
                .map(|reach| (-(population(reach.location) as f64), reach.location))
                .collect()
        }
    };
    ranked.sort_by(|a, b| a.0.total_cmp(&b.0));
    ranked.truncate(LOCATIONS_TRIED);
    ranked
        .into_iter()
        .map(|(_, location)| Some(location))
        .chain([None])
        .collect()
}

/// Whether a ticket belongs to the group of a location. Without data and without a latency rule it belongs to every one.
pub(super) fn belongs(rules: &RuleSet, ticket: &Compiled, location: u32) -> bool {
    if ticket.reach.is_empty() {
        return rules.latency_rules().next().is_none();
    }
    match rules.algorithm.batching {
        Batching::FastestRegion => ticket.fastest() == Some(location),
        Batching::LargestPopulation | Batching::Random | Batching::Sorted => {
            ticket.reach.iter().any(|reach| reach.location == location)
        }
    }
}

/// The teams of a match with the values that were used.
pub(crate) fn teams(found: &Found, pool: &Pool, rules: &RuleSet) -> Vec<Team> {
    let mut teams: Vec<Team> = rules
        .instances
        .iter()
        .map(|instance| Team {
            name: instance.name.clone(),
            players: Vec::new(),
        })
        .collect();
    for (slot, team) in &found.placed {
        let Some(entry) = pool.entry(*slot) else {
            continue;
        };
        for (row, player) in entry.ticket.players.iter().enumerate() {
            let team = if *team == FIXED {
                entry.compiled.teams.get(row).copied().unwrap_or(0)
            } else {
                *team
            };
            let attributes = rules.attributes.iter().filter_map(|declared| {
                let given = player
                    .attributes
                    .get(&declared.name)
                    .or(declared.default.as_ref());
                given.map(|value| (declared.name.clone(), without_repetition(value)))
            });
            let player = MatchedPlayer {
                id: player.id.clone(),
                attributes: attributes.collect(),
            };
            if let Some(team) = teams.get_mut(usize::from(team)) {
                team.players.push(player);
            }
        }
    }
    teams
}

/// Of equal strings in a list only the first counts.
fn without_repetition(value: &Attribute) -> Attribute {
    match value {
        Attribute::List(items) => {
            let mut once: Vec<String> = Vec::new();
            for item in items {
                if !once.contains(item) {
                    once.push(item.clone());
                }
            }
            Attribute::List(once)
        }
        Attribute::Text(_) | Attribute::Number(_) | Attribute::Map(_) => value.clone(),
    }
}
