//! Repair of a match whose size is right but whose teams break a rule: moves, swaps and exchanges that bring it closer.

use super::{FIXED, Search, Workspace};

/// States looked at in one repair.
const STATES_MAX: u32 = 2_000;
/// How many tickets are given up one after the other.
const DROPS_MAX: u32 = 6;

/// One rearrangement; positions are those of the candidate's members.
#[derive(Clone, Copy)]
enum Move {
    Swap(usize, usize),
    Transfer(usize, u16),
    Exchange(usize, u32),
}

impl Search<'_, '_> {
    /// Rearranges the candidate until it is a match; gives up the newest tickets when that does not help.
    pub(super) fn repair(&mut self) {
        if !self.has_soft {
            return;
        }
        let mut states = STATES_MAX;
        for _ in 0..DROPS_MAX {
            let worth = self
                .best
                .as_ref()
                .is_none_or(|best| self.space.candidate.players > best.players);
            if !worth
                || self.climb(&mut states)
                || states == 0
                || self.space.scratch.work > self.work_end
            {
                return;
            }
            if !self.drop_one(&mut states) {
                return;
            }
        }
    }

    /// Improves until it is a match (true) or nothing helps.
    fn climb(&mut self, states: &mut u32) -> bool {
        let mut cost = self.cost();
        while cost > 0.0 {
            let Some(better) = self.improve(cost, states) else {
                return false;
            };
            cost = better;
        }
        let standing = self.standing(false);
        self.record_if(standing);
        true
    }

    fn cost(&mut self) -> f64 {
        let standing = self.standing(false);
        if standing.hard_failure {
            f64::INFINITY
        } else {
            standing.cost + f64::from(self.deficit()) * 100.0
        }
    }

    /// Takes the first move that lowers the cost.
    fn improve(&mut self, cost: f64, states: &mut u32) -> Option<f64> {
        for first in 0..self.space.candidate.members.len() {
            if self.space.candidate.team_of[first] == FIXED {
                continue;
            }
            for second in first + 1..self.space.candidate.members.len() {
                if self.can_swap(first, second)
                    && let Some(better) = self.attempt_move(Move::Swap(first, second), cost, states)
                {
                    return Some(better);
                }
            }
            for team in 0..self.space.candidate.teams.len() as u16 {
                if self.can_transfer(first, team)
                    && let Some(better) =
                        self.attempt_move(Move::Transfer(first, team), cost, states)
                {
                    return Some(better);
                }
            }
            if *states == 0 {
                return None;
            }
        }
        self.improve_from_bench(cost, states)
    }

    fn improve_from_bench(&mut self, cost: f64, states: &mut u32) -> Option<f64> {
        let mut used = vec![false; self.space.arena.members.len()];
        self.space
            .candidate
            .members
            .iter()
            .for_each(|member| used[*member as usize] = true);
        for bench in (1..used.len() as u32).filter(|member| !used[*member as usize]) {
            // The anchor, at position 0, stays.
            for position in 1..self.space.candidate.members.len() {
                if self.can_exchange(position, bench)
                    && let Some(better) =
                        self.attempt_move(Move::Exchange(position, bench), cost, states)
                {
                    return Some(better);
                }
            }
            if *states == 0 {
                return None;
            }
        }
        None
    }

    fn allowed(&self, member: u32, team: u16) -> bool {
        team != FIXED && self.space.masks[member as usize] & 1 << team != 0
    }

    fn can_swap(&self, first: usize, second: usize) -> bool {
        let candidate = &self.space.candidate;
        let (team_a, team_b) = (candidate.team_of[first], candidate.team_of[second]);
        let (a, b) = (candidate.members[first], candidate.members[second]);
        let rows = |member: u32| self.space.arena.members[member as usize].rows;
        team_a != team_b && rows(a) == rows(b) && self.allowed(a, team_b) && self.allowed(b, team_a)
    }

    fn can_transfer(&self, position: usize, team: u16) -> bool {
        let candidate = &self.space.candidate;
        let member = candidate.members[position];
        let rows = self.space.arena.members[member as usize].rows;
        let room = self.field.level.sizes[usize::from(team)]
            .max
            .saturating_sub(candidate.teams[usize::from(team)].len() as u32);
        candidate.team_of[position] != team && rows <= room && self.allowed(member, team)
    }

    fn can_exchange(&self, position: usize, bench: u32) -> bool {
        let candidate = &self.space.candidate;
        let members = &self.space.arena.members;
        let (out, into) = (
            members[candidate.members[position] as usize],
            members[bench as usize],
        );
        out.rows == into.rows && !into.backfill && self.allowed(bench, candidate.team_of[position])
    }

    /// Makes a move; keeps it and says the new cost if that is lower.
    fn attempt_move(&mut self, step: Move, cost: f64, states: &mut u32) -> Option<f64> {
        *states = states.saturating_sub(1);
        if *states == 0 || self.space.scratch.work > self.work_end {
            *states = 0;
            return None;
        }
        let undo = self.apply(step);
        let now = self.cost();
        if now < cost - 1e-12 {
            return Some(now);
        }
        self.apply(undo);
        None
    }

    /// Makes a move; the answer takes it back.
    fn apply(&mut self, step: Move) -> Move {
        let Workspace {
            arena, candidate, ..
        } = &mut *self.space;
        match step {
            Move::Swap(first, second) => {
                let (a, b) = (candidate.team_of[first], candidate.team_of[second]);
                candidate.transfer(arena, first, b);
                candidate.transfer(arena, second, a);
                step
            }
            Move::Transfer(position, team) => {
                let before = candidate.team_of[position];
                candidate.transfer(arena, position, team);
                Move::Transfer(position, before)
            }
            Move::Exchange(position, member) => {
                let before = candidate.members[position];
                candidate.exchange(arena, position, member);
                Move::Exchange(position, before)
            }
        }
    }

    /// Gives up the ticket without which the rest stands best, of equals the newest.
    fn drop_one(&mut self, states: &mut u32) -> bool {
        let mut best: Option<(f64, usize)> = None;
        for position in (1..self.space.candidate.members.len()).rev() {
            *states = states.saturating_sub(1);
            let before = self.space.candidate.clone();
            let Workspace {
                arena, candidate, ..
            } = &mut *self.space;
            candidate.remove(arena, position);
            let cost = self.cost();
            self.space.candidate = before;
            if best.is_none_or(|(least, _)| cost < least) {
                best = Some((cost, position));
            }
        }
        let Some((_, position)) = best.filter(|_| *states > 0) else {
            return false;
        };
        let Workspace {
            arena, candidate, ..
        } = &mut *self.space;
        candidate.remove(arena, position);
        true
    }
}
