//! A match in the making: which ticket stands in which team.

use crate::compiled::Compiled;
use crate::evaluate::Arena;

/// The team of a backfill ticket: its players stay where they are.
pub(crate) const FIXED: u16 = u16::MAX;

#[derive(Clone, Debug, Default)]
pub(crate) struct Candidate {
    /// Rows of the arena, by team.
    pub(crate) teams: Vec<Vec<u32>>,
    /// Members of the arena, in the order in which they joined.
    pub(crate) members: Vec<u32>,
    /// The team of each.
    pub(crate) team_of: Vec<u16>,
    pub(crate) players: u32,
    pub(crate) has_backfill: bool,
}

impl Candidate {
    pub(crate) fn clear(&mut self, teams: usize) {
        self.teams.iter_mut().for_each(Vec::clear);
        self.teams.resize_with(teams, Vec::new);
        self.members.clear();
        self.team_of.clear();
        self.players = 0;
        self.has_backfill = false;
    }

    pub(crate) fn place(&mut self, arena: &Arena, member: u32, team: u16, ticket: &Compiled) {
        let entry = arena.members[member as usize];
        let rows = entry.row..entry.row + entry.rows;
        if team == FIXED {
            for (row, team) in rows.zip(&ticket.teams) {
                self.teams[usize::from(*team)].push(row);
            }
        } else {
            self.teams[usize::from(team)].extend(rows);
        }
        self.has_backfill |= entry.backfill;
        self.players += entry.rows;
        self.members.push(member);
        self.team_of.push(team);
    }

    /// Takes out the member at a position; the answer is its team.
    pub(crate) fn remove(&mut self, arena: &Arena, position: usize) -> u16 {
        let member = self.members.remove(position);
        let team = self.team_of.remove(position);
        let entry = arena.members[member as usize];
        let rows = entry.row..entry.row + entry.rows;
        if team == FIXED {
            self.teams
                .iter_mut()
                .for_each(|team| team.retain(|row| !rows.contains(row)));
        } else {
            take_rows(&mut self.teams[usize::from(team)], &rows);
        }
        self.has_backfill &= !entry.backfill;
        self.players -= entry.rows;
        team
    }

    /// Moves the member at a position to another team.
    pub(crate) fn transfer(&mut self, arena: &Arena, position: usize, team: u16) {
        let entry = arena.members[self.members[position] as usize];
        let rows = entry.row..entry.row + entry.rows;
        take_rows(&mut self.teams[usize::from(self.team_of[position])], &rows);
        self.teams[usize::from(team)].extend(rows);
        self.team_of[position] = team;
    }

    /// Puts another member of equal size into the place of one.
    pub(crate) fn exchange(&mut self, arena: &Arena, position: usize, member: u32) {
        let old = arena.members[self.members[position] as usize];
        let new = arena.members[member as usize];
        let team = &mut self.teams[usize::from(self.team_of[position])];
        take_rows(team, &(old.row..old.row + old.rows));
        team.extend(new.row..new.row + new.rows);
        self.members[position] = member;
    }
}

/// Rows of one ticket stand together.
fn take_rows(team: &mut Vec<u32>, rows: &std::ops::Range<u32>) {
    if let Some(start) = team.iter().rposition(|row| *row == rows.start) {
        team.drain(start..start + rows.len());
    }
}
