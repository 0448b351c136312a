//! What is evaluated: players' values in rows, and which rows stand in which team.

use super::numbers::{Numbers, Range};
use super::rules::Verdict;
use super::texts::Texts;
use crate::compiled::{Compiled, Locations};
use crate::rules::{BatchKey, Level, Rule, Slots};
use std::sync::Arc;

/// The values of all tickets that one search looks at, side by side.
#[derive(Debug, Default)]
pub(crate) struct Arena {
    pub(crate) slots: Slots,
    pub(crate) numbers: Vec<f64>,
    pub(crate) texts: Vec<u32>,
    pub(crate) lists: Vec<(u32, u32)>,
    pub(crate) items: Vec<u32>,
    pub(crate) ids: Vec<u32>,
    pub(crate) members: Vec<Member>,
    /// For each member and latency rule, the acceptable locations.
    locations: Vec<Locations>,
    /// For each member and batchDistance rule, the ticket's value; NaN for a party that disagrees on a string.
    values: Vec<f64>,
    rows: u32,
    /// The place of each rule among the latency or batchDistance rules.
    places: Vec<u16>,
    latency_rules: usize,
    batch_rules: usize,
}

/// A ticket in the arena.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Member {
    /// The caller's number of the ticket.
    pub(crate) slot: u32,
    pub(crate) row: u32,
    pub(crate) rows: u32,
    pub(crate) backfill: bool,
}

impl Arena {
    /// Empties it for the rules of a level.
    pub(crate) fn reset(&mut self, slots: Slots, rules: &[Arc<Rule>]) {
        self.slots = slots;
        self.numbers.clear();
        self.texts.clear();
        self.lists.clear();
        self.items.clear();
        self.ids.clear();
        self.members.clear();
        self.locations.clear();
        self.values.clear();
        self.rows = 0;
        self.places.clear();
        (self.latency_rules, self.batch_rules) = (0, 0);
        for rule in rules {
            let counter = if rule.kind.as_latency().is_some() {
                &mut self.latency_rules
            } else if rule.kind.as_batch_distance().is_some() {
                &mut self.batch_rules
            } else {
                self.places.push(u16::MAX);
                continue;
            };
            self.places.push(*counter as u16);
            *counter += 1;
        }
    }

    /// Adds a ticket; its number among the members.
    pub(crate) fn push(
        &mut self,
        slot: u32,
        ticket: &Compiled,
        rules: &[Arc<Rule>],
        backfill: bool,
    ) -> u32 {
        let item_start = self.items.len() as u32;
        self.numbers.extend_from_slice(&ticket.numbers);
        self.texts.extend_from_slice(&ticket.texts);
        self.lists.extend(
            ticket
                .lists
                .iter()
                .map(|(start, length)| (start + item_start, *length)),
        );
        self.items.extend_from_slice(&ticket.items);
        self.ids.extend_from_slice(&ticket.ids);
        if self.latency_rules + self.batch_rules > 0 {
            for rule in rules {
                if let Some(latency) = rule.kind.as_latency() {
                    self.locations
                        .push(ticket.within(latency.max, latency.party));
                }
                if let Some(batch) = rule.kind.as_batch_distance() {
                    self.values.push(match batch.key {
                        BatchKey::Number(slot) => {
                            batch.party.combine(ticket.column(slot, self.slots.numbers))
                        }
                        BatchKey::Text(slot) => {
                            let text = ticket.common_text(slot, self.slots.texts);
                            text.map_or(f64::NAN, f64::from)
                        }
                    });
                }
            }
        }
        self.members.push(Member {
            slot,
            row: self.rows,
            rows: ticket.rows,
            backfill,
        });
        self.rows += ticket.rows;
        self.members.len() as u32 - 1
    }

    /// Takes the last ticket out again.
    pub(crate) fn pop(&mut self) {
        let Some(member) = self.members.pop() else {
            return;
        };
        self.rows = member.row;
        let rows = member.row as usize;
        let list_count = rows * usize::from(self.slots.lists);
        let items = self.lists.get(list_count).map(|(start, _)| *start as usize);
        self.items.truncate(items.unwrap_or(self.items.len()));
        self.lists.truncate(list_count);
        self.numbers
            .truncate(rows * usize::from(self.slots.numbers));
        self.texts.truncate(rows * usize::from(self.slots.texts));
        self.ids.truncate(rows.min(self.ids.len()));
        self.locations
            .truncate(self.members.len() * self.latency_rules);
        self.values.truncate(self.members.len() * self.batch_rules);
    }

    pub(crate) fn locations(&self, member: u32, rule: usize) -> Locations {
        self.locations[member as usize * self.latency_rules + usize::from(self.places[rule])]
    }

    pub(crate) fn value(&self, member: u32, rule: usize) -> f64 {
        self.values[member as usize * self.batch_rules + usize::from(self.places[rule])]
    }

    pub(crate) fn number(&self, row: u32, slot: u16) -> f64 {
        self.numbers[row as usize * usize::from(self.slots.numbers) + usize::from(slot)]
    }

    pub(crate) fn text(&self, row: u32, slot: u16) -> u32 {
        self.texts[row as usize * usize::from(self.slots.texts) + usize::from(slot)]
    }

    pub(crate) fn list(&self, row: u32, slot: u16) -> &[u32] {
        let (start, length) =
            self.lists[row as usize * usize::from(self.slots.lists) + usize::from(slot)];
        &self.items[start as usize..(start + length) as usize]
    }
}

/// How many players can still come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Growth {
    pub(crate) least: u32,
    pub(crate) most: u32,
}

impl Growth {
    pub(crate) const NONE: Self = Self { least: 0, most: 0 };

    pub(crate) fn plus(self, other: Self) -> Self {
        Self {
            least: self.least.saturating_add(other.least),
            most: self.most.saturating_add(other.most),
        }
    }
}

/// A match in the making, as rules see it.
pub(crate) struct Scene<'a, 't> {
    pub(crate) arena: &'a Arena,
    pub(crate) level: &'a Level,
    /// Rows by team instance.
    pub(crate) teams: &'a [Vec<u32>],
    /// Tickets in it.
    pub(crate) members: &'a [u32],
    pub(crate) players: u32,
    /// Most players of the whole match.
    pub(crate) capacity: u32,
    /// Bounds of the number attributes of all who may still join.
    pub(crate) bounds: &'a [Range],
    /// Latencies of a member, for rules about distances between latencies.
    pub(crate) tickets: &'a dyn Fn(u32) -> &'t Compiled,
}

impl Scene<'_, '_> {
    pub(crate) fn growth(&self, team: u16) -> Growth {
        let size = self.level.sizes[usize::from(team)];
        let present = self.teams[usize::from(team)].len() as u32;
        let most = size
            .max
            .saturating_sub(present)
            .min(self.capacity.saturating_sub(self.players));
        Growth {
            least: size.min.saturating_sub(present).min(most),
            most,
        }
    }
}

/// Buffers that evaluations share.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    pub(super) numbers: Vec<Numbers>,
    pub(super) texts: Vec<Texts>,
    /// Verdicts of this evaluation, for compounds that name a rule several times.
    pub(super) known: Vec<Option<Verdict>>,
    pub(super) sort: Vec<f64>,
    /// Whether to measure by how much latency rules fail, which costs more than to see that they do.
    pub(crate) margins: bool,
    /// Work done, in units of about one value looked at.
    pub(crate) work: u64,
}
