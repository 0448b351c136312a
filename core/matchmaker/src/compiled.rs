//! A ticket in the form that rules are evaluated on: values in slots, strings as numbers, locations as bits.

use crate::intern::Interner;
use crate::rules::{Party, RuleSet};
use crate::ticket::{Attribute, Player, Ticket};
use std::collections::BTreeSet;

/// Locations that one pool can tell apart at a time; further ones are as if they had not been reported.
pub(crate) const LOCATIONS_MAX: usize = 256;

/// A set of locations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Locations([u64; LOCATIONS_MAX / 64]);

impl Locations {
    pub(crate) const ALL: Self = Self([u64::MAX; LOCATIONS_MAX / 64]);
    pub(crate) const NONE: Self = Self([0; LOCATIONS_MAX / 64]);

    pub(crate) fn insert(&mut self, location: u32) {
        self.0[location as usize / 64] |= 1 << (location % 64);
    }

    pub(crate) fn contains(&self, location: u32) -> bool {
        self.0[location as usize / 64] & 1 << (location % 64) != 0
    }

    pub(crate) fn and(self, other: Self) -> Self {
        let mut both = self;
        both.0
            .iter_mut()
            .zip(other.0)
            .for_each(|(word, other)| *word &= other);
        both
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == [0; LOCATIONS_MAX / 64]
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = u32> {
        (0..LOCATIONS_MAX as u32).filter(move |location| self.contains(*location))
    }
}

/// Latencies of a ticket's players to one location that all of them reported.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Reach {
    pub(crate) location: u32,
    min: f64,
    max: f64,
    avg: f64,
}

impl Reach {
    pub(crate) fn value(&self, party: Party) -> f64 {
        match party {
            Party::Min => self.min,
            Party::Max => self.max,
            Party::Avg => self.avg,
        }
    }
}

/// A ticket whose players all have every declared attribute.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Compiled {
    pub(crate) rows: u32,
    /// Row by row, a slot each.
    pub(crate) numbers: Box<[f64]>,
    pub(crate) texts: Box<[u32]>,
    /// Start and length in `items`.
    pub(crate) lists: Box<[(u32, u32)]>,
    pub(crate) items: Box<[u32]>,
    pub(crate) maps: Box<[Vec<(String, f64)>]>,
    /// Empty when no rule looks at player ids.
    pub(crate) ids: Box<[u32]>,
    /// The team of each row; only of backfill tickets.
    pub(crate) teams: Box<[u16]>,
    /// By location number.
    pub(crate) reach: Box<[Reach]>,
}

/// Why a ticket cannot match, whatever else is in the pool.
pub(crate) type Reasons = Vec<String>;

/// Compiles, or says why the ticket can never match.
pub(crate) fn compile(
    ticket: &Ticket,
    rules: &RuleSet,
    strings: &mut Interner,
    places: &mut Interner,
) -> Result<Compiled, Reasons> {
    let mut reasons = hopeless(ticket, rules);
    let mut builder = Builder::default();
    for player in &ticket.players {
        builder.player(player, rules, strings, &mut reasons);
        if ticket.backfill {
            let team = player
                .team
                .as_deref()
                .and_then(|team| rules.instances.iter().position(|i| i.name == team));
            builder.teams.push(
                team.and_then(|team| u16::try_from(team).ok())
                    .unwrap_or(u16::MAX),
            );
        }
    }
    let reach = reach(&ticket.players, places);
    let compiled = builder.finish(ticket.players.len(), reach);
    if reasons.is_empty() {
        return Ok(compiled);
    }
    release(&compiled, strings, places);
    Err(reasons)
}

/// Gives the strings of a ticket back.
pub(crate) fn release(compiled: &Compiled, strings: &mut Interner, places: &mut Interner) {
    for number in compiled
        .texts
        .iter()
        .chain(&compiled.items)
        .chain(&compiled.ids)
    {
        strings.release(*number);
    }
    for reach in &compiled.reach {
        places.release(reach.location);
    }
}

fn hopeless(ticket: &Ticket, rules: &RuleSet) -> Reasons {
    let mut reasons = Vec::new();
    if ticket.players.is_empty() {
        reasons.push("the ticket has no players".to_owned());
    }
    let largest = rules
        .levels
        .iter()
        .flat_map(|level| &level.sizes)
        .map(|size| size.max)
        .max()
        .unwrap_or(0);
    let players = u32::try_from(ticket.players.len()).unwrap_or(u32::MAX);
    if !ticket.backfill && players > largest {
        reasons.push(format!(
            "the ticket has {players} players; the largest team takes {largest}"
        ));
    }
    if rules.needs_latency() {
        for player in ticket
            .players
            .iter()
            .filter(|player| player.latency.is_empty())
        {
            reasons.push(format!(
                "player '{}' reported no latency, which a latency rule needs",
                player.id
            ));
        }
    }
    reasons
}

#[derive(Default)]
struct Builder {
    numbers: Vec<f64>,
    texts: Vec<u32>,
    lists: Vec<(u32, u32)>,
    items: Vec<u32>,
    maps: Vec<Vec<(String, f64)>>,
    ids: Vec<u32>,
    teams: Vec<u16>,
}

impl Builder {
    fn player(
        &mut self,
        player: &Player,
        rules: &RuleSet,
        strings: &mut Interner,
        reasons: &mut Reasons,
    ) {
        for declared in &rules.attributes {
            let given = player
                .attributes
                .get(&declared.name)
                .filter(|value| value.kind() == declared.kind);
            match given.or(declared.default.as_ref()) {
                Some(Attribute::Number(number)) => self.numbers.push(*number),
                Some(Attribute::Text(text)) => self.texts.push(strings.acquire(text)),
                Some(Attribute::List(items)) => {
                    let start = self.items.len();
                    let mut seen = BTreeSet::new();
                    let once = items.iter().filter(|item| seen.insert(item.as_str()));
                    self.items.extend(once.map(|item| strings.acquire(item)));
                    self.lists
                        .push((start as u32, (self.items.len() - start) as u32));
                }
                Some(Attribute::Map(map)) => self.maps.push(
                    map.iter()
                        .map(|(key, value)| (key.clone(), *value))
                        .collect(),
                ),
                None => reasons.push(format!(
                    "attribute '{}' missing for player '{}', no default",
                    declared.name, player.id
                )),
            }
        }
        if rules.uses_player_ids {
            self.ids.push(strings.acquire(player.id.as_str()));
        }
    }

    fn finish(self, rows: usize, reach: Vec<Reach>) -> Compiled {
        Compiled {
            rows: rows as u32,
            numbers: self.numbers.into(),
            texts: self.texts.into(),
            lists: self.lists.into(),
            items: self.items.into(),
            maps: self.maps.into(),
            ids: self.ids.into(),
            teams: self.teams.into(),
            reach: reach.into(),
        }
    }
}

/// A location that one player of a party lacks is unusable for the party (U-40).
fn reach(players: &[Player], places: &mut Interner) -> Vec<Reach> {
    let Some((first, others)) = players.split_first() else {
        return Vec::new();
    };
    let mut reached = Vec::new();
    for (location, latency) in &first.latency {
        let others = others.iter().map(|player| player.latency.get(location));
        let Some(mut values) = others.collect::<Option<Vec<_>>>() else {
            continue;
        };
        values.push(latency);
        let number = places.acquire(location.as_str());
        if number as usize >= LOCATIONS_MAX {
            places.release(number);
            continue;
        }
        let values = values.into_iter().map(|value| f64::from(*value));
        let of = |party: Party| party.combine(values.clone());
        reached.push(Reach {
            location: number,
            min: of(Party::Min),
            max: of(Party::Max),
            avg: of(Party::Avg),
        });
    }
    reached.sort_unstable_by_key(|reach| reach.location);
    reached
}

impl Compiled {
    /// A number attribute of all rows.
    pub(crate) fn column(&self, slot: u16, stride: u16) -> impl Iterator<Item = f64> + Clone + '_ {
        self.numbers
            .iter()
            .skip(usize::from(slot))
            .step_by(usize::from(stride).max(1))
            .copied()
    }

    /// A string attribute that all rows agree on.
    pub(crate) fn common_text(&self, slot: u16, stride: u16) -> Option<u32> {
        let mut texts = self
            .texts
            .iter()
            .skip(usize::from(slot))
            .step_by(usize::from(stride).max(1));
        let first = texts.next()?;
        texts.all(|text| text == first).then_some(*first)
    }

    /// Locations within a latency.
    pub(crate) fn within(&self, max: Option<f64>, party: Party) -> Locations {
        let mut locations = Locations::NONE;
        for reach in &self.reach {
            if max.is_none_or(|max| reach.value(party) <= max) {
                locations.insert(reach.location);
            }
        }
        locations
    }

    /// The location with the least average latency.
    pub(crate) fn fastest(&self) -> Option<u32> {
        self.reach
            .iter()
            .min_by(|a, b| a.avg.total_cmp(&b.avg))
            .map(|reach| reach.location)
    }

    pub(crate) fn latency_to(&self, location: u32, party: Party) -> Option<f64> {
        self.reach
            .iter()
            .find(|reach| reach.location == location)
            .map(|reach| reach.value(party))
    }
}
