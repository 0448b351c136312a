//! Parts of a pass that need no state: location groups of the balanced strategy, and a match in words.

use super::pool::Pool;
use super::{MatchedPlayer, Team};
use crate::compiled::Compiled;
use crate::rules::{Batching, Party, RuleSet, SMALL_MAX, Strategy};
use crate::search::{FIXED, Found};
use crate::ticket::Attribute;

/// Locations that are tried one by one with the balanced strategy.
const LOCATIONS_TRIED: usize = 4;

/// With the balanced strategy small matches, too, are looked for location by location first (4.7); nothing stands for
/// everywhere.
pub(super) fn location_order<'p, 'c>(
    rules: &RuleSet,
    anchor: &Compiled,
    least: u32,
    candidates: &dyn Fn() -> Box<dyn Iterator<Item = u32> + 'c>,
    compiled: &dyn Fn(u32) -> &'p Compiled,
) -> Vec<Option<u32>> {
    if rules.algorithm.strategy == Strategy::Exhaustive
        || anchor.reach.is_empty()
        || rules.players_max() > SMALL_MAX
    {
        return vec![None];
    }
    // A location where too few players could come together need not be tried by itself.
    let players = |location: u32| -> u32 {
        let here = candidates()
            .map(compiled)
            .filter(|ticket| belongs(rules, ticket, location));
        here.map(|ticket| ticket.rows).sum::<u32>() + anchor.rows
    };
    let populated = anchor
        .reach
        .iter()
        .map(|reach| (reach, players(reach.location)));
    let mut ranked: Vec<(f64, u32)> = populated
        .filter(|(_, players)| *players >= least)
        .map(|(reach, players)| match rules.algorithm.batching {
            Batching::FastestRegion => (reach.value(Party::Avg), reach.location),
            Batching::LargestPopulation | Batching::Random | Batching::Sorted => {
                (-f64::from(players), reach.location)
            }
        })
        .collect();
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
