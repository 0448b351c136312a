//! Matches of 41 to 200 players: tickets are not evaluated one by one; the pool is narrowed to those who are alike,
//! teams are filled by a fixed rule and then evened out. Only latency and batchDistance rules count.

use crate::compiled::Compiled;
use crate::rules::{BatchKey, Batching, Latency, Level, Party, RuleSet, Size};
use crate::search::{FIXED, Found};

/// Swaps looked at while evening out.
const SWAPS_MAX: u32 = 60_000;

/// Where the search looks.
pub(crate) struct Crowd<'a> {
    pub(crate) rules: &'a RuleSet,
    pub(crate) level: &'a Level,
    /// A ticket by its slot, and whether it is a backfill ticket.
    pub(crate) ticket: &'a dyn Fn(u32) -> (&'a Compiled, bool),
    /// Everybody who may be in the match, in order of age, without the anchor.
    pub(crate) order: &'a [u32],
    pub(crate) kept_free: u32,
    pub(crate) backfill_enforces_min: bool,
    pub(crate) work: u64,
}

/// A ticket that stands in a team.
struct Placed<'a> {
    slot: u32,
    team: u16,
    ticket: &'a Compiled,
    /// Sum of the balanced attribute.
    weight: f64,
}

/// Searches a match around `anchor`.
pub(crate) fn search(anchor: u32, crowd: &mut Crowd<'_>) -> Option<Found> {
    let (anchor_ticket, anchor_backfill) = (crowd.ticket)(anchor);
    let sizes = &crowd.level.sizes;
    let capacity = sizes
        .iter()
        .map(|size| size.max)
        .sum::<u32>()
        .saturating_sub(crowd.kept_free);
    let ignores_min = anchor_backfill && !crowd.backfill_enforces_min;
    let least: u32 = if ignores_min {
        1
    } else {
        sizes.iter().map(|size| size.min).sum()
    };
    crowd.work += crowd.order.len() as u64;
    let mut near: Vec<u32> = crowd
        .order
        .iter()
        .copied()
        .filter(|slot| !((crowd.ticket)(*slot).1 && anchor_backfill))
        .collect();
    near.retain(|slot| same_texts(crowd, anchor_ticket, (crowd.ticket)(*slot).0));
    if players(crowd, &near) + anchor_ticket.rows < least {
        return None;
    }
    let wanted = capacity.saturating_sub(anchor_ticket.rows);
    for group in location_groups(
        crowd,
        anchor_ticket,
        &near,
        least.saturating_sub(anchor_ticket.rows),
    ) {
        let group = windows(crowd, anchor_ticket, group);
        if players(crowd, &group) + anchor_ticket.rows < least {
            continue;
        }
        let group = by_closeness(crowd, anchor_ticket, group, wanted);
        let found = fill(crowd, anchor, &group, capacity, ignores_min);
        if found.is_some() {
            return found;
        }
    }
    None
}

fn players(crowd: &Crowd<'_>, slots: &[u32]) -> u32 {
    slots.iter().map(|slot| (crowd.ticket)(*slot).0.rows).sum()
}

fn same_texts(crowd: &Crowd<'_>, anchor: &Compiled, other: &Compiled) -> bool {
    let stride = crowd.rules.slots.texts;
    let mut batches = crowd
        .level
        .rules
        .iter()
        .filter_map(|rule| rule.kind.as_batch_distance());
    batches.all(|batch| match batch.key {
        BatchKey::Text(slot) => {
            let own = anchor.common_text(slot, stride);
            own.is_some() && own == other.common_text(slot, stride)
        }
        BatchKey::Number(_) => true,
    })
}

/// Groups of tickets that share an acceptable location with the anchor, in the order in which they are to be tried.
fn location_groups(
    crowd: &mut Crowd<'_>,
    anchor: &Compiled,
    near: &[u32],
    least: u32,
) -> Vec<Vec<u32>> {
    let limits: Vec<&Latency> = crowd
        .level
        .rules
        .iter()
        .filter_map(|rule| rule.kind.as_latency())
        .collect();
    let within = |ticket: &Compiled| {
        let reported = ticket.within(None, Party::Avg);
        limits.iter().fold(reported, |locations, rule| {
            locations.and(ticket.within(rule.max, rule.party))
        })
    };
    let acceptable = within(anchor);
    if anchor.reach.is_empty() && limits.is_empty() {
        return vec![near.to_vec()];
    }
    crowd.work += near.len() as u64 * 4;
    let reaches: Vec<_> = near
        .iter()
        .map(|slot| (*slot, within((crowd.ticket)(*slot).0)))
        .collect();
    // Without a latency rule tickets that report nothing belong to every group (U-49).
    let anywhere = |slot: u32| limits.is_empty() && (crowd.ticket)(slot).0.reach.is_empty();
    let at = |location: u32| -> Vec<u32> {
        let here = reaches
            .iter()
            .filter(|(slot, locations)| locations.contains(location) || anywhere(*slot));
        here.map(|(slot, _)| *slot).collect()
    };
    let mut groups: Vec<(u32, Vec<u32>)> = acceptable
        .iter()
        .map(|location| (location, at(location)))
        .collect();
    if crowd.rules.algorithm.batching == Batching::FastestRegion {
        groups.sort_by(|(a, _), (b, _)| {
            let latency = |location| {
                anchor
                    .latency_to(location, Party::Avg)
                    .unwrap_or(f64::INFINITY)
            };
            latency(*a).total_cmp(&latency(*b))
        });
        groups
            .iter_mut()
            .for_each(|(location, group)| fastest_only(crowd, *location, group, least));
    } else {
        groups.sort_by_key(|(_, group)| std::cmp::Reverse(players(crowd, group)));
    }
    groups.truncate(8);
    groups.into_iter().map(|(_, group)| group).collect()
}

/// Keeps those for whom the location is fastest, then second fastest and so on until there are enough.
fn fastest_only(crowd: &Crowd<'_>, location: u32, group: &mut Vec<u32>, least: u32) {
    let rank = |slot: u32| {
        let reach = &(crowd.ticket)(slot).0.reach;
        let here = reach
            .iter()
            .find(|r| r.location == location)
            .map(|r| r.value(Party::Avg));
        here.map_or(0, |here| {
            reach.iter().filter(|r| r.value(Party::Avg) < here).count()
        })
    };
    let mut ranked: Vec<(usize, u32)> = group.iter().map(|slot| (rank(*slot), *slot)).collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    let mut kept = 0;
    let mut last_rank = 0;
    let mut count = 0;
    for (rank, slot) in &ranked {
        if kept >= least && *rank > last_rank {
            break;
        }
        kept += (crowd.ticket)(*slot).0.rows;
        last_rank = *rank;
        count += 1;
    }
    ranked.truncate(count);
    // The order of age within the group is part of the contract.
    let chosen: std::collections::BTreeSet<u32> =
        ranked.into_iter().map(|(_, slot)| slot).collect();
    group.retain(|slot| chosen.contains(slot));
}

/// For every numeric batchDistance rule the fullest window that holds the anchor.
fn windows(crowd: &mut Crowd<'_>, anchor: &Compiled, mut group: Vec<u32>) -> Vec<u32> {
    let stride = crowd.rules.slots.numbers;
    for rule in &crowd.level.rules {
        let Some(batch) = rule.kind.as_batch_distance() else {
            continue;
        };
        let BatchKey::Number(slot) = batch.key else {
            continue;
        };
        let value = |ticket: &Compiled| batch.party.combine(ticket.column(slot, stride));
        let own = value(anchor);
        let mut values: Vec<(f64, u32, u32)> = group
            .iter()
            .map(|slot| ((crowd.ticket)(*slot).0, *slot))
            .map(|(ticket, slot)| (value(ticket), ticket.rows, slot))
            .filter(|(value, ..)| (value - own).abs() <= batch.max)
            .collect();
        crowd.work += values.len() as u64 * 8;
        values.sort_by(|a, b| a.0.total_cmp(&b.0));
        let low = fullest_window(&values, own, batch.max);
        let inside: std::collections::BTreeSet<u32> = values
            .iter()
            .filter(|(value, ..)| *value >= low && value - low <= batch.max)
            .map(|(_, _, slot)| *slot)
            .collect();
        group.retain(|slot| inside.contains(slot));
    }
    group
}

/// The lower end of the window that holds most players and the anchor; of equals the one centred best.
fn fullest_window(values: &[(f64, u32, u32)], own: f64, width: f64) -> f64 {
    let mut best = (0, f64::INFINITY, own);
    let (mut end, mut held) = (0, 0_u32);
    for start in 0..values.len() {
        let low = values[start].0.min(own);
        while end < values.len()
            && values[end].0 - low <= width
            && values[end].0.max(own) - low <= width
        {
            held += values[end].1;
            end += 1;
        }
        let off_centre = (low + width / 2.0 - own).abs();
        if own - low <= width && (held > best.0 || (held == best.0 && off_centre < best.1)) {
            best = (held, off_centre, low);
        }
        held -= if end > start { values[start].1 } else { 0 };
        end = end.max(start + 1);
    }
    best.2
}

/// Closest in the balanced attribute first; only as many as can be of use are put in order.
fn by_closeness(
    crowd: &mut Crowd<'_>,
    anchor: &Compiled,
    group: Vec<u32>,
    wanted: u32,
) -> Vec<u32> {
    let Some(slot) = crowd.rules.algorithm.balanced else {
        return group;
    };
    let own = average(crowd, anchor, slot);
    let mut ranked: Vec<(f64, usize, u32)> = group
        .iter()
        .enumerate()
        .map(|(age, ticket)| {
            (
                (average(crowd, (crowd.ticket)(*ticket).0, slot) - own).abs(),
                age,
                *ticket,
            )
        })
        .collect();
    crowd.work += ranked.len() as u64 * 4;
    let order =
        |a: &(f64, usize, u32), b: &(f64, usize, u32)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
    // Parties that do not fit are passed over, so some more are needed than fit.
    let needed = (wanted as usize * 4).max(64);
    if ranked.len() > needed {
        ranked.select_nth_unstable_by(needed, order);
        ranked.truncate(needed);
    }
    ranked.sort_unstable_by(order);
    ranked.into_iter().map(|(_, _, slot)| slot).collect()
}

fn average(crowd: &Crowd<'_>, ticket: &Compiled, slot: u16) -> f64 {
    Party::Avg.combine(ticket.column(slot, crowd.rules.slots.numbers))
}

fn fill(
    crowd: &mut Crowd<'_>,
    anchor: u32,
    group: &[u32],
    capacity: u32,
    ignores_min: bool,
) -> Option<Found> {
    let sizes = &crowd.level.sizes;
    let mut counts = vec![0_u32; sizes.len()];
    let mut placed: Vec<Placed<'_>> = Vec::new();
    let mut total = 0;
    let mut turn = 0;
    let mut has_backfill = false;
    for slot in std::iter::once(anchor).chain(group.iter().copied()) {
        let (ticket, backfill) = (crowd.ticket)(slot);
        if total + ticket.rows > capacity || (backfill && has_backfill) {
            continue;
        }
        let team = if backfill {
            if !take_places(&mut counts, ticket, sizes) {
                continue;
            }
            has_backfill = true;
            FIXED
        } else {
            let Some(team) = next_team(&counts, sizes, ticket.rows, &mut turn) else {
                continue;
            };
            counts[team] += ticket.rows;
            team as u16
        };
        let weight = crowd.rules.algorithm.balanced.map_or(0.0, |slot| {
            ticket.column(slot, crowd.rules.slots.numbers).sum()
        });
        placed.push(Placed {
            slot,
            team,
            ticket,
            weight,
        });
        total += ticket.rows;
        if total >= capacity {
            break;
        }
    }
    crowd.work += placed.len() as u64 * 8;
    let enough = ignores_min
        || counts
            .iter()
            .zip(sizes)
            .all(|(count, size)| *count >= size.min);
    let joined = !has_backfill || placed.len() > 1;
    if !enough || !joined || total == 0 {
        return None;
    }
    even_out(&mut placed, &counts, crowd);
    let full = total >= capacity
        || counts
            .iter()
            .zip(sizes)
            .all(|(count, size)| *count >= size.max);
    Some(Found {
        placed: placed
            .iter()
            .map(|placed| (placed.slot, placed.team))
            .collect(),
        players: total,
        full,
    })
}

/// Seats the players of a game where they are, if the teams have room for them.
fn take_places(counts: &mut Vec<u32>, ticket: &Compiled, sizes: &[Size]) -> bool {
    let mut joined = counts.clone();
    for team in &ticket.teams {
        match joined.get_mut(usize::from(*team)) {
            Some(count) => *count += 1,
            None => return false,
        }
    }
    let fits = joined
        .iter()
        .zip(sizes)
        .all(|(count, size)| *count <= size.max);
    if fits {
        *counts = joined;
    }
    fits
}

/// Teams below their minimum first, then the most open slots, then whose turn it is.
fn next_team(counts: &[u32], sizes: &[Size], rows: u32, turn: &mut usize) -> Option<usize> {
    let teams = counts.len();
    let in_turn = (0..teams).map(|step| (*turn + step) % teams);
    let roomy = in_turn.filter(|team| counts[*team] + rows <= sizes[*team].max);
    // `min_by_key` takes the first of equals, which is the next in turn.
    let rank = |team: &usize| {
        (
            counts[*team] >= sizes[*team].min,
            std::cmp::Reverse(sizes[*team].max - counts[*team]),
        )
    };
    let team = roomy.min_by_key(rank)?;
    *turn = (team + 1) % teams;
    Some(team)
}

/// Swaps tickets of equal size between teams while that brings the averages together.
fn even_out(placed: &mut [Placed<'_>], counts: &[u32], crowd: &mut Crowd<'_>) {
    if crowd.rules.algorithm.balanced.is_none() || counts.len() < 2 {
        return;
    }
    let mut sums = vec![0.0; counts.len()];
    for one in placed.iter() {
        if one.team == FIXED {
            let values = one.ticket.column(
                crowd.rules.algorithm.balanced.unwrap_or(0),
                crowd.rules.slots.numbers,
            );
            one.ticket
                .teams
                .iter()
                .zip(values)
                .for_each(|(team, value)| sums[usize::from(*team)] += value);
        } else {
            sums[usize::from(one.team)] += one.weight;
        }
    }
    let mut looked = 0;
    let mut improved = true;
    while improved && looked < SWAPS_MAX {
        improved = false;
        for first in 0..placed.len() {
            for second in first + 1..placed.len() {
                let (a, b) = (&placed[first], &placed[second]);
                if a.team == b.team
                    || a.team == FIXED
                    || b.team == FIXED
                    || a.ticket.rows != b.ticket.rows
                {
                    continue;
                }
                looked += 1;
                if looked >= SWAPS_MAX {
                    crowd.work += u64::from(looked);
                    return;
                }
                if gain(&sums, counts, (a.team, b.team), b.weight - a.weight) > 1e-9 {
                    let (team_a, team_b, difference) = (a.team, b.team, b.weight - a.weight);
                    sums[usize::from(team_a)] += difference;
                    sums[usize::from(team_b)] -= difference;
                    placed[first].team = team_b;
                    placed[second].team = team_a;
                    improved = true;
                }
            }
        }
    }
    crowd.work += u64::from(looked);
}

/// By how much the squared difference of two teams' averages falls when the first gains `difference` from the second.
fn gain(sums: &[f64], counts: &[u32], teams: (u16, u16), difference: f64) -> f64 {
    let (a, b) = (usize::from(teams.0), usize::from(teams.1));
    let average = |team: usize, sum: f64| sum / f64::from(counts[team].max(1));
    let before = average(a, sums[a]) - average(b, sums[b]);
    let after = average(a, sums[a] + difference) - average(b, sums[b] - difference);
    before * before - after * after
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The walk-throughs of the fill rule (scenario 34): after how many players how full the teams are.
    #[test]
    fn teams_fill_in_the_documented_sequence() {
        let size = |min, max| Size { min, max };
        let hunters = [vec![size(12, 15); 10], vec![size(5, 5)]].concat();
        let full = [vec![15; 10], vec![5]].concat();
        let cases = [
            (
                vec![size(5, 10), size(5, 10), size(2, 3)],
                vec![
                    (10, vec![5, 5, 0]),
                    (12, vec![5, 5, 2]),
                    (20, vec![9, 9, 2]),
                    (23, vec![10, 10, 3]),
                ],
            ),
            (
                hunters,
                vec![
                    (100, [vec![10; 10], vec![0]].concat()),
                    (122, [vec![12; 10], vec![2]].concat()),
                    (125, [vec![12; 10], vec![5]].concat()),
                    (135, [vec![13; 10], vec![5]].concat()),
                    (155, full),
                ],
            ),
        ];
        for (sizes, expected) in cases {
            let mut counts = vec![0; sizes.len()];
            let mut turn = 0;
            let mut players = 0;
            for (total, after) in expected {
                while players < total {
                    let team = next_team(&counts, &sizes, 1, &mut turn).expect("there is room");
                    counts[team] += 1;
                    players += 1;
                }
                assert_eq!(counts, after, "after {total} players");
            }
            assert_eq!(
                next_team(&counts, &sizes, 1, &mut turn),
                None,
                "all teams are full"
            );
        }
    }

    #[test]
    fn a_party_goes_where_it_fits_whole() {
        let sizes = [Size { min: 1, max: 3 }, Size { min: 1, max: 4 }];
        let mut turn = 0;
        assert_eq!(next_team(&[2, 1], &sizes, 3, &mut turn), Some(1));
        assert_eq!(next_team(&[2, 2], &sizes, 3, &mut turn), None);
    }

    #[test]
    fn the_fullest_window_holds_the_anchor() {
        let window = |values: &[f64], own, width| {
            let values: Vec<_> = values
                .iter()
                .enumerate()
                .map(|(slot, value)| (*value, 1, slot as u32))
                .collect();
            fullest_window(&values, own, width)
        };
        assert_eq!(window(&[1.0, 2.0, 9.0, 10.0, 11.0], 6.0, 5.0), 6.0);
        assert_eq!(window(&[1.0, 2.0, 3.0, 10.0], 6.0, 5.0), 1.0);
        assert_eq!(window(&[], 6.0, 5.0), 6.0);
        assert_eq!(window(&[6.0, 6.0], 6.0, 0.0), 6.0);
    }
}
