//! The last resort: depth first over who joins which team, with bounded work. Few deviations from the greedy choice are
//! tried before many, so that an early mistake is found as fast as a late one; a small pool is searched completely.

use super::{Search, Workspace};
use crate::evaluate::Outcome;

/// Tickets that the depth-first phase considers.
const TICKETS_MAX: usize = 64;

struct Plan {
    members: Vec<u32>,
    /// Players in this and all later members.
    left: Vec<u32>,
    /// Whether a member is the same as the one before for every rule.
    same: Vec<bool>,
    /// A branch was not taken because it deviates too often.
    cut: bool,
    work_end: u64,
}

impl Search<'_, '_> {
    pub(super) fn deep(&mut self) {
        let members: Vec<u32> = self.all_members().into_iter().take(TICKETS_MAX).collect();
        let mut left = vec![0; members.len() + 1];
        for index in (0..members.len()).rev() {
            left[index] = left[index + 1] + self.space.arena.members[members[index] as usize].rows;
        }
        let same = (0..members.len())
            .map(|index| index > 0 && self.interchangeable(members[index - 1], members[index]))
            .collect();
        // Looking for something is worth more than looking for something larger.
        let share = if self.best.is_some() {
            self.deep_work / 8
        } else {
            self.deep_work
        };
        let work_end = self.space.scratch.work + share;
        self.work_end = self.work_end.max(work_end);
        let mut plan = Plan {
            members,
            left,
            same,
            cut: false,
            work_end,
        };
        for deviations in [0, 1, 2, 4, 8, 1024] {
            plan.cut = false;
            self.back_to_anchor();
            if self.descend(&mut plan, 0, deviations) || !plan.cut {
                return;
            }
        }
    }

    /// Whether to stop altogether.
    fn descend(&mut self, plan: &mut Plan, mut at: usize, mut deviations: u32) -> bool {
        while at < plan.members.len() {
            if self.space.scratch.work > plan.work_end || self.is_done() {
                return true;
            }
            self.space.scratch.work += 8;
            let players = self.space.candidate.players;
            let reachable = (players + plan.left[at]).min(self.capacity);
            let found = self.best.as_ref().map_or(0, |best| best.players);
            if reachable <= found || plan.left[at] < self.deficit() {
                return false;
            }
            let member = plan.members[at];
            let mut placeable = false;
            for (index, team) in self.teams_for(member).into_iter().enumerate() {
                if index > 0 && deviations == 0 {
                    plan.cut = true;
                    break;
                }
                self.place(member, team);
                let standing = self.standing(false);
                let open = standing.outcome != Outcome::FailForever;
                if open {
                    placeable = true;
                    self.record_if(standing);
                    if self.descend(plan, at + 1, deviations - u32::from(index > 0)) {
                        return true;
                    }
                }
                self.remove_last();
            }
            if placeable {
                if deviations == 0 {
                    plan.cut = true;
                    return false;
                }
                deviations -= 1;
            }
            // Whoever is just like one that was left out is left out as well.
            at += 1;
            while at < plan.members.len() && plan.same[at] {
                at += 1;
            }
        }
        false
    }

    fn interchangeable(&self, a: u32, b: u32) -> bool {
        if self.field.rules.uses_player_ids
            || self.space.masks[a as usize] != self.space.masks[b as usize]
        {
            return false;
        }
        let Workspace { arena, .. } = &*self.space;
        let (first, second) = (arena.members[a as usize], arena.members[b as usize]);
        let (a, b) = (self.compiled(a), self.compiled(b));
        let lists = |ticket: &'_ crate::compiled::Compiled| -> Vec<Vec<u32>> {
            let list = |(start, length): &(u32, u32)| {
                ticket.items[*start as usize..(start + length) as usize].to_vec()
            };
            ticket.lists.iter().map(list).collect()
        };
        first.rows == second.rows
            && !first.backfill
            && !second.backfill
            && a.numbers == b.numbers
            && a.texts == b.texts
            && a.reach == b.reach
            && lists(a) == lists(b)
    }
}
