//! The tickets of one matchmaker: by id, by what keeps them apart, by when something happens to them.

use crate::compiled::{Compiled, Reasons, compile, release};
use crate::evaluate::Range;
use crate::expression::Leaf;
use crate::intern::Interner;
use crate::rules::{BatchKey, Batching, Kind, Operation, RuleSet};
use crate::ticket::{Attribute, Ticket};
use ids::{MatchId, TicketId, Time};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a ticket is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Queued,
    Searching,
    Proposed(MatchId),
}

/// A ticket and what the engine knows about it.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) ticket: Arc<Ticket>,
    pub(crate) compiled: Compiled,
    /// Why it can never match; empty for all others.
    pub(crate) reasons: Reasons,
    pub(crate) state: State,
    /// Order of arrival, for tickets that started at the same moment.
    pub(crate) arrival: u64,
    /// The number of the last news about it: arrival, return, a step of an expansion.
    pub(crate) news: u64,
    /// The number of the last news that a pass has looked at it with.
    pub(crate) seen: u64,
    /// A match that is possible but not full is kept waiting until then.
    pub(crate) hold: Option<Time>,
    pub(crate) wake: Option<Time>,
    /// Passed and failed evaluations by rule.
    pub(crate) counts: Vec<(u32, u32)>,
    pub(crate) last_match: Option<MatchId>,
    group: GroupKey,
    place: usize,
}

/// Tickets of different groups can never match.
pub(crate) type GroupKey = Vec<u64>;

/// A value by which a pool is sorted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum SortValue {
    /// Order-preserving bits of a number.
    Number(u64),
    Text(String),
    List(Vec<String>),
}

#[derive(Debug, Default)]
pub(crate) struct Group {
    pub(crate) live: Vec<u32>,
    /// Only when the pool is cut in a sorted order.
    pub(crate) sorted: BTreeSet<(Vec<SortValue>, u64, u32)>,
}

#[derive(Debug)]
pub(crate) struct Pool {
    rules: Arc<RuleSet>,
    pub(crate) entries: Vec<Option<Entry>>,
    free: Vec<u32>,
    by_id: BTreeMap<TicketId, u32>,
    strings: Interner,
    pub(crate) places: Interner,
    pub(crate) groups: BTreeMap<GroupKey, Group>,
    pub(crate) deadlines: BTreeSet<(Time, u32)>,
    pub(crate) wakes: BTreeSet<(Time, u32)>,
    /// Tickets that wait for their first pass.
    pub(crate) queued: BTreeSet<(u64, u32)>,
    /// Groups in which something changed since their last pass.
    pub(crate) dirty: BTreeSet<GroupKey>,
    /// Groups that were cut into batches, so that not everybody has met everybody.
    pub(crate) cut: BTreeSet<GroupKey>,
    arrivals: u64,
    /// What keeps tickets apart.
    splits: Vec<Split>,
    sorts: Vec<usize>,
    numeric_sort: Option<(u16, crate::rules::Party)>,
    /// While a pass runs, freed slots are not given out again: the pass still holds their numbers.
    pub(crate) keep_slots: bool,
    freed: Vec<u32>,
}

#[derive(Clone, Copy, Debug)]
enum Split {
    Text(u16),
    Number(u16),
}

impl Pool {
    pub(crate) fn new(rules: Arc<RuleSet>) -> Self {
        let sorts = if rules.algorithm.batching == Batching::Sorted {
            rules.algorithm.sort_by.clone()
        } else {
            Vec::new()
        };
        Self {
            strings: Interner::new(&rules.literals),
            places: Interner::default(),
            splits: splits(&rules),
            numeric_sort: numeric_sort(&rules),
            sorts,
            rules,
            entries: Vec::new(),
            free: Vec::new(),
            by_id: BTreeMap::new(),
            groups: BTreeMap::new(),
            deadlines: BTreeSet::new(),
            wakes: BTreeSet::new(),
            queued: BTreeSet::new(),
            dirty: BTreeSet::new(),
            cut: BTreeSet::new(),
            arrivals: 0,
            keep_slots: false,
            freed: Vec::new(),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.by_id.len()
    }

    pub(crate) fn slot(&self, id: &TicketId) -> Option<u32> {
        self.by_id.get(id).copied()
    }

    pub(crate) fn entry(&self, slot: u32) -> Option<&Entry> {
        self.entries.get(slot as usize).and_then(Option::as_ref)
    }

    pub(crate) fn entry_mut(&mut self, slot: u32) -> Option<&mut Entry> {
        self.entries.get_mut(slot as usize).and_then(Option::as_mut)
    }

    pub(crate) fn live(&self) -> impl Iterator<Item = (u32, &Entry)> {
        self.entries
            .iter()
            .enumerate()
            .filter_map(|(slot, entry)| Some((slot as u32, entry.as_ref()?)))
    }

    /// Takes a ticket in, without letting it search yet.
    pub(crate) fn insert(&mut self, ticket: Ticket, state: State) -> u32 {
        let (compiled, mut reasons) =
            match compile(&ticket, &self.rules, &mut self.strings, &mut self.places) {
                Ok(compiled) => (compiled, Vec::new()),
                Err(reasons) => (Compiled::default(), reasons),
            };
        let mut group = GroupKey::new();
        if reasons.is_empty() {
            match self.group_key(&compiled) {
                Ok(key) => group = key,
                Err(reason) => reasons.push(reason),
            }
        }
        self.arrivals += 1;
        let entry = Entry {
            counts: vec![(0, 0); self.rules.rules.len()],
            ticket: Arc::new(ticket),
            compiled,
            reasons,
            state,
            arrival: self.arrivals,
            news: 0,
            seen: 0,
            hold: None,
            wake: None,
            last_match: None,
            group,
            place: usize::MAX,
        };
        let id = entry.ticket.id.clone();
        let slot = match self.free.pop() {
            Some(slot) => {
                self.entries[slot as usize] = Some(entry);
                slot
            }
            None => {
                self.entries.push(Some(entry));
                (self.entries.len() - 1) as u32
            }
        };
        self.by_id.insert(id, slot);
        slot
    }

    /// Lets a ticket search: its deadline counts, and unless it is hopeless it is among the candidates.
    pub(crate) fn enter(&mut self, slot: u32, now: Time) {
        let Some(entry) = self.entries.get_mut(slot as usize).and_then(Option::as_mut) else {
            return;
        };
        entry.state = State::Queued;
        self.deadlines.insert((entry.ticket.deadline(), slot));
        self.queued.insert((entry.arrival, slot));
        if !entry.reasons.is_empty() {
            return;
        }
        let group = self.groups.entry(entry.group.clone()).or_default();
        entry.place = group.live.len();
        group.live.push(slot);
        if let Some(key) = sort_key(entry, &self.rules, &self.sorts, self.numeric_sort) {
            group.sorted.insert((key, entry.arrival, slot));
        }
        self.schedule(slot, now);
    }

    /// Takes a ticket out of the search; it stays known.
    pub(crate) fn leave(&mut self, slot: u32) {
        let Some(entry) = self.entries.get_mut(slot as usize).and_then(Option::as_mut) else {
            return;
        };
        self.deadlines.remove(&(entry.ticket.deadline(), slot));
        self.queued.remove(&(entry.arrival, slot));
        if let Some(wake) = entry.wake.take() {
            self.wakes.remove(&(wake, slot));
        }
        entry.hold = None;
        let place = std::mem::replace(&mut entry.place, usize::MAX);
        if place == usize::MAX {
            return;
        }
        let key = sort_key(entry, &self.rules, &self.sorts, self.numeric_sort)
            .map(|key| (key, entry.arrival, slot));
        let group_key = entry.group.clone();
        let Some(group) = self.groups.get_mut(&group_key) else {
            return;
        };
        if let Some(key) = key {
            group.sorted.remove(&key);
        }
        group.live.swap_remove(place);
        let moved = group.live.get(place).copied();
        if group.live.is_empty() {
            self.groups.remove(&group_key);
            self.dirty.remove(&group_key);
            self.cut.remove(&group_key);
        }
        if let Some(moved) = moved.and_then(|moved| self.entry_mut(moved)) {
            moved.place = place;
        }
    }

    /// Forgets a ticket.
    pub(crate) fn remove(&mut self, slot: u32) -> Option<Entry> {
        self.leave(slot);
        let entry = self.entries.get_mut(slot as usize)?.take()?;
        self.by_id.remove(&entry.ticket.id);
        release(&entry.compiled, &mut self.strings, &mut self.places);
        if self.keep_slots {
            self.freed.push(slot)
        } else {
            self.free.push(slot)
        }
        Some(entry)
    }

    /// The pass is over: slots may be given out again.
    pub(crate) fn release_slots(&mut self) {
        self.keep_slots = false;
        self.free.append(&mut self.freed);
    }

    /// Notes when something next changes for a ticket by itself.
    pub(crate) fn schedule(&mut self, slot: u32, now: Time) {
        let Some(entry) = self.entries.get_mut(slot as usize).and_then(Option::as_mut) else {
            return;
        };
        if let Some(wake) = entry.wake.take() {
            self.wakes.remove(&(wake, slot));
        }
        let start = entry.ticket.start;
        let step = self
            .rules
            .levels
            .get(self.rules.level_at(now.since(start)) + 1)
            .map(|level| start + level.at);
        let next = match (step, entry.hold) {
            (Some(step), Some(hold)) => Some(step.min(hold)),
            (step, hold) => step.or(hold),
        };
        if let Some(next) = next {
            entry.wake = Some(next);
            self.wakes.insert((next, slot));
        }
    }

    pub(crate) fn group_of(&self, slot: u32) -> Option<&GroupKey> {
        self.entry(slot).map(|entry| &entry.group)
    }

    /// Bounds of every number attribute of some tickets.
    pub(crate) fn bounds(&self, slots: &[u32]) -> Vec<Range> {
        let stride = usize::from(self.rules.slots.numbers);
        let mut bounds = vec![Range::NONE; stride];
        for entry in slots.iter().filter_map(|slot| self.entry(*slot)) {
            for (index, value) in entry.compiled.numbers.iter().enumerate() {
                bounds[index % stride].include(*value);
            }
        }
        bounds
    }

    fn group_key(&self, compiled: &Compiled) -> Result<GroupKey, String> {
        let mut key = GroupKey::new();
        for split in &self.splits {
            match split {
                Split::Text(slot) => match compiled.common_text(*slot, self.rules.slots.texts) {
                    Some(text) => key.push(u64::from(text)),
                    None => return Err(self.disagreement(Leaf::Text(*slot))),
                },
                Split::Number(slot) => {
                    let mut values = compiled.column(*slot, self.rules.slots.numbers);
                    let first = values.next().unwrap_or(0.0);
                    if values.any(|value| value != first) {
                        return Err(self.disagreement(Leaf::Number(*slot)));
                    }
                    key.push((first + 0.0).to_bits());
                }
            }
        }
        Ok(key)
    }

    fn disagreement(&self, leaf: Leaf) -> String {
        let name = self
            .rules
            .attributes
            .iter()
            .find(|attribute| attribute.leaf() == leaf)
            .map_or("", |a| a.name.as_str());
        format!("the players of the ticket differ in '{name}', which a rule wants to be equal")
    }
}

/// Attributes in which all players of a match must be equal at every level.
fn splits(rules: &RuleSet) -> Vec<Split> {
    let mut splits = Vec::new();
    for index in &rules.standalone {
        match &rules.rules[*index].kind {
            Kind::BatchDistance(batch) => {
                if let BatchKey::Text(slot) = batch.key {
                    splits.push(Split::Text(slot));
                }
            }
            Kind::Comparison(rule)
                if rule.reference.is_none() && rule.operation == Operation::Equal =>
            {
                let constant = rules
                    .levels
                    .iter()
                    .all(|level| level.rules[*index] == rules.rules[*index]);
                let all_teams = |path: &crate::expression::Path| {
                    path.grouped && path.teams.len() == rules.instances.len()
                };
                for path in rule
                    .measurements
                    .iter()
                    .filter_map(|m| m.flattened_path())
                    .filter(|path| constant && all_teams(path))
                {
                    match path.leaf {
                        Leaf::Text(slot) => splits.push(Split::Text(slot)),
                        Leaf::Number(slot) => splits.push(Split::Number(slot)),
                        Leaf::Team
                        | Leaf::Player
                        | Leaf::PlayerId
                        | Leaf::List(_)
                        | Leaf::Map(_) => {}
                    }
                }
            }
            Kind::Comparison(_) | Kind::Distance(_) | Kind::Collection(_) | Kind::Latency(_) => {}
            Kind::DistanceSort(_) | Kind::AbsoluteSort(_) | Kind::Compound(_) => {}
        }
    }
    splits
}

/// The attribute of the first numeric batchDistance rule: cutting the pool along it keeps those together who can match.
fn numeric_sort(rules: &RuleSet) -> Option<(u16, crate::rules::Party)> {
    let mut batches = rules
        .rules
        .iter()
        .filter_map(|rule| rule.kind.as_batch_distance());
    batches.find_map(|batch| match batch.key {
        BatchKey::Number(slot) => Some((slot, batch.party)),
        BatchKey::Text(_) => None,
    })
}

fn sort_key(
    entry: &Entry,
    rules: &RuleSet,
    sorts: &[usize],
    numeric: Option<(u16, crate::rules::Party)>,
) -> Option<Vec<SortValue>> {
    if !sorts.is_empty() {
        return Some(
            sorts
                .iter()
                .filter_map(|index| attribute_key(entry, rules, *index))
                .collect(),
        );
    }
    let (slot, party) = numeric?;
    let value = party.combine(entry.compiled.column(slot, rules.slots.numbers));
    Some(vec![SortValue::Number(ordered_bits(value))])
}

/// Numbers numerically (a party's average), strings by their bytes and lists item by item (the first player's); maps
/// are passed over (U-45).
fn attribute_key(entry: &Entry, rules: &RuleSet, index: usize) -> Option<SortValue> {
    let declared = &rules.attributes[index];
    if let Leaf::Number(slot) = declared.leaf() {
        let value =
            crate::rules::Party::Avg.combine(entry.compiled.column(slot, rules.slots.numbers));
        return Some(SortValue::Number(ordered_bits(value)));
    }
    let first = entry.ticket.players.first()?;
    match first
        .attributes
        .get(&declared.name)
        .or(declared.default.as_ref())?
    {
        Attribute::Text(text) => Some(SortValue::Text(text.clone())),
        Attribute::List(items) => Some(SortValue::List(items.clone())),
        Attribute::Number(_) | Attribute::Map(_) => None,
    }
}

/// Bits that order as the numbers do.
fn ordered_bits(value: f64) -> u64 {
    let bits = value.to_bits();
    if bits >> 63 == 0 {
        bits | 1 << 63
    } else {
        !bits
    }
}

impl Pool {
    /// A group has news for the next pass.
    pub(crate) fn mark_dirty(&mut self, group: GroupKey) {
        self.dirty.insert(group);
    }

    /// Marks a ticket as searching; whether it was queued before.
    pub(crate) fn announce(&mut self, slot: u32) -> bool {
        let Some(entry) = self.entries.get_mut(slot as usize).and_then(Option::as_mut) else {
            return false;
        };
        entry.state = State::Searching;
        self.queued.remove(&(entry.arrival, slot))
    }
}
