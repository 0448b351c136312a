//! Filling teams in sequence.

use super::{BENCH_MAX, FIXED, Replay, Search, Standing, Workspace};

impl Search<'_, '_> {
    /// Walks the order once: keeps who can stand beside the anchor, and places who fits.
    pub(super) fn stream(&mut self, replay: &mut Replay) {
        let mut bench = 0;
        let mut index = 0;
        loop {
            let Some(slot) = replay.at(index, &mut *self.field.order) else {
                self.complete = true;
                return;
            };
            index += 1;
            self.space.scratch.work += 1;
            if self.space.scratch.work > self.work_end {
                return;
            }
            let Some(member) = self.gather(slot) else {
                continue;
            };
            if self.space.candidate.players >= self.capacity {
                bench += 1;
                if bench >= BENCH_MAX {
                    return;
                }
                continue;
            }
            let placed = self.try_place(member, false);
            let Some(standing) = placed else {
                continue;
            };
            self.record_if(standing);
            if self.best.as_ref().is_some_and(|best| best.full) {
                return;
            }
            if self.space.candidate.players >= self.capacity && !self.has_soft {
                // Hard rules hold by construction; more tickets cannot make it fuller.
                return;
            }
        }
    }

    /// Takes a ticket into the arena if it can stand beside the anchor in some team.
    pub(super) fn gather(&mut self, slot: u32) -> Option<u32> {
        let (ticket, backfill) = (self.field.ticket)(slot);
        let anchor = self.space.arena.members[0];
        if anchor.rows + ticket.rows > self.capacity || (backfill && anchor.backfill) {
            return None;
        }
        let member = self
            .space
            .arena
            .push(slot, ticket, &self.field.level.rules, backfill);
        let mask = if backfill {
            u64::from(self.pair_fits(member, FIXED))
        } else {
            self.pair_mask(member)
        };
        if mask == 0 {
            self.space.arena.pop();
            return None;
        }
        self.space.masks.push(mask);
        self.available += ticket.rows;
        Some(member)
    }

    /// The teams that a ticket can join as far as anchor and ticket alone can tell.
    fn pair_mask(&mut self, member: u32) -> u64 {
        let sizes = &self.field.level.sizes;
        let classes = &self.field.rules.team_classes;
        let rows = self.space.arena.members[member as usize].rows;
        let mut mask = 0_u64;
        let mut refused = 0_u64;
        for team in 0..sizes.len() {
            if self.space.pair.teams[team].len() as u32 + rows > sizes[team].max {
                continue;
            }
            if !self.has_hard {
                mask |= 1 << team;
                continue;
            }
            // Empty teams of one class are all alike.
            let alike = |other: &usize| {
                classes[*other] == classes[team]
                    && sizes[*other] == sizes[team]
                    && self.space.pair.teams[*other].is_empty()
                    && self.space.pair.teams[team].is_empty()
            };
            // When teams make no difference, one answer does for all.
            let decided = self.team_blind && (mask | refused) != 0;
            let fits = match (0..team).find(alike) {
                _ if decided => mask != 0,
                Some(other) if mask & 1 << other != 0 => true,
                Some(other) if refused & 1 << other != 0 => false,
                _ => self.pair_fits(member, team as u16),
            };
            if fits {
                mask |= 1 << team
            } else {
                refused |= 1 << team
            }
        }
        mask
    }

    fn pair_fits(&mut self, member: u32, team: u16) -> bool {
        let ticket = self.compiled(member);
        let Workspace { arena, pair, .. } = &mut *self.space;
        pair.place(arena, member, team, ticket);
        let sizes = &self.field.level.sizes;
        let fits = pair
            .teams
            .iter()
            .zip(sizes)
            .all(|(team, size)| team.len() as u32 <= size.max);
        let fits = fits && !self.standing(true).hard_failure;
        let Workspace { arena, pair, .. } = &mut *self.space;
        pair.remove(arena, 1);
        fits
    }

    /// Starts anew from the anchor with given members in their order.
    pub(super) fn refill(&mut self, members: &[u32], strict: bool) {
        if self.is_done() {
            return;
        }
        self.back_to_anchor();
        for member in members {
            if self.space.scratch.work > self.work_end
                || self.space.candidate.players >= self.capacity
            {
                break;
            }
            if let Some(standing) = self.try_place(*member, strict) {
                self.record_if(standing);
            }
        }
        if !self.is_done() {
            self.repair();
        }
    }

    pub(super) fn back_to_anchor(&mut self) {
        let start = self.space.candidate.team_of[0];
        let teams = self.field.level.sizes.len();
        let ticket = self.compiled(0);
        let Workspace {
            arena, candidate, ..
        } = &mut *self.space;
        candidate.clear(teams);
        candidate.place(arena, 0, start, ticket);
    }

    /// Places a ticket in the best team that will have it. `strict` refuses any failure for ever, otherwise only those
    /// that rearranging cannot repair.
    pub(super) fn try_place(&mut self, member: u32, strict: bool) -> Option<Standing> {
        let teams = self.teams_for(member);
        let mut chosen: Option<(u16, Standing)> = None;
        for (index, team) in teams.iter().enumerate() {
            // Teams are ranked; only among equals does the rules' verdict choose.
            if let Some((best, standing)) = chosen
                && (standing.cost == 0.0 || !self.ranks_equal(best, *team))
            {
                break;
            }
            self.place(member, *team);
            let standing = self.standing(false);
            self.remove_last();
            let refused = standing.hard_failure
                || (strict && standing.outcome == crate::evaluate::Outcome::FailForever);
            if refused {
                continue;
            }
            if chosen.is_none_or(|(_, best)| standing.cost < best.cost) {
                chosen = Some((*team, standing));
            }
            if !self.has_soft || index >= 3 {
                break;
            }
        }
        let (team, standing) = chosen?;
        self.place(member, team);
        Some(standing)
    }

    fn ranks_equal(&self, a: u16, b: u16) -> bool {
        let rank = |team: u16| {
            let size = self.field.level.sizes[usize::from(team)];
            let present = self.space.candidate.teams[usize::from(team)].len() as u32;
            (present < size.min, size.max.saturating_sub(present))
        };
        rank(a) == rank(b)
    }

    /// Teams with room for a member, those below their minimum first, then by open slots. Of empty teams that no rule
    /// can tell apart only the first.
    pub(super) fn teams_for(&mut self, member: u32) -> Vec<u16> {
        let entry = self.space.arena.members[member as usize];
        if entry.backfill {
            return self.backfill_team(member);
        }
        let mask = self.space.masks[member as usize];
        let room = self.capacity.saturating_sub(self.space.candidate.players);
        if entry.rows > room {
            return Vec::new();
        }
        let deficit = self.deficit();
        let classes = &self.field.rules.team_classes;
        let sizes = &self.field.level.sizes;
        let teams = &self.space.candidate.teams;
        self.space.order.clear();
        for (team, size) in sizes.iter().enumerate() {
            let present = teams[team].len() as u32;
            if mask & 1 << team == 0 || present + entry.rows > size.max {
                continue;
            }
            // What is left must still do for the minimum of every team.
            let own = size.min.saturating_sub(present);
            let others = deficit - own.min(deficit);
            let own_after = own.saturating_sub(entry.rows);
            if room - entry.rows < others + own_after {
                continue;
            }
            let twin = (0..team).any(|other| {
                present == 0
                    && teams[other].is_empty()
                    && classes[other] == classes[team]
                    && sizes[other] == *size
                    && mask & 1 << other != 0
            });
            if !twin {
                self.space.order.push((
                    present >= size.min,
                    std::cmp::Reverse(size.max - present),
                    team as u16,
                ));
            }
        }
        self.space.order.sort_unstable();
        self.space.order.iter().map(|(_, _, team)| *team).collect()
    }

    fn backfill_team(&self, member: u32) -> Vec<u16> {
        let candidate = &self.space.candidate;
        if candidate.has_backfill {
            return Vec::new();
        }
        let ticket = self.compiled(member);
        let mut counts: Vec<u32> = candidate
            .teams
            .iter()
            .map(|team| team.len() as u32)
            .collect();
        for team in &ticket.teams {
            match counts.get_mut(usize::from(*team)) {
                Some(count) => *count += 1,
                None => return Vec::new(),
            }
        }
        let fits = counts
            .iter()
            .zip(&self.field.level.sizes)
            .all(|(count, size)| *count <= size.max);
        if fits && candidate.players + ticket.rows <= self.capacity {
            vec![FIXED]
        } else {
            Vec::new()
        }
    }
}
