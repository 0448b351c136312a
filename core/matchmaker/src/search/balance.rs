//! Evening out a match that already holds: swaps between teams that bring their averages of one attribute together.

use super::{FIXED, Field, Found, Search, Workspace, checks_of};

/// Swaps looked at.
const SWAPS_MAX: u32 = 400;

/// Rearranges a found match so that the averages of the balanced attribute differ less, and every rule still holds.
pub(crate) fn balance(found: &mut Found, slot: u16, field: &mut Field<'_>, space: &mut Workspace) {
    let rules = field.rules;
    let teams = field.level.sizes.len();
    space.arena.reset(rules.slots, &field.level.rules);
    space.masks.clear();
    space.candidate.clear(teams);
    for (index, (ticket_slot, team)) in found.placed.iter().enumerate() {
        let (ticket, backfill) = (field.ticket)(*ticket_slot);
        space
            .arena
            .push(*ticket_slot, ticket, &field.level.rules, backfill);
        space.masks.push(u64::MAX);
        space
            .candidate
            .place(&space.arena, index as u32, *team, ticket);
    }
    let capacity = found.players;
    // The compounds as a whole: any way in which they hold will do.
    let checks = checks_of(rules, &[]);
    let mut search = Search {
        checks,
        has_hard: true,
        has_soft: true,
        team_blind: false,
        capacity,
        available: capacity,
        complete: true,
        best: None,
        work_end: u64::MAX,
        deep_work: 0,
        field,
        space,
    };
    search.even_out(slot);
    let candidate = &search.space.candidate;
    let slots = candidate
        .members
        .iter()
        .map(|member| search.space.arena.members[*member as usize].slot);
    found.placed = slots.zip(candidate.team_of.iter().copied()).collect();
}

impl Search<'_, '_> {
    fn even_out(&mut self, slot: u16) {
        let mut swaps = SWAPS_MAX;
        let mut spread = self.spread(slot);
        let mut improved = true;
        while improved && swaps > 0 && spread > 0.0 {
            improved = false;
            for first in 0..self.space.candidate.members.len() {
                for second in first + 1..self.space.candidate.members.len() {
                    if swaps == 0 || !self.swappable(first, second) {
                        continue;
                    }
                    self.swap(first, second);
                    let now = self.spread(slot);
                    if now < spread - 1e-9 {
                        swaps -= 1;
                        if self.standing(false).outcome.passes() {
                            spread = now;
                            improved = true;
                            continue;
                        }
                    }
                    self.swap(first, second);
                }
            }
        }
    }

    fn swappable(&self, first: usize, second: usize) -> bool {
        let candidate = &self.space.candidate;
        let rows =
            |position: usize| self.space.arena.members[candidate.members[position] as usize].rows;
        let (a, b) = (candidate.team_of[first], candidate.team_of[second]);
        a != b && a != FIXED && b != FIXED && rows(first) == rows(second)
    }

    fn swap(&mut self, first: usize, second: usize) {
        let Workspace {
            arena, candidate, ..
        } = &mut *self.space;
        let (a, b) = (candidate.team_of[first], candidate.team_of[second]);
        candidate.transfer(arena, first, b);
        candidate.transfer(arena, second, a);
    }

    /// How far apart the teams' averages are, squared and added up.
    fn spread(&self, slot: u16) -> f64 {
        let arena = &self.space.arena;
        let averages = self
            .space
            .candidate
            .teams
            .iter()
            .filter(|team| !team.is_empty())
            .map(|team| {
                team.iter().map(|row| arena.number(*row, slot)).sum::<f64>() / team.len() as f64
            });
        let count = averages.clone().count().max(1) as f64;
        let mean = averages.clone().sum::<f64>() / count;
        averages
            .map(|average| (average - mean) * (average - mean))
            .sum()
    }
}
