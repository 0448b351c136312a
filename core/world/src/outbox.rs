//! Events for subscribers, kept until they are delivered, at least once. Without subscribers nothing is kept.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::World;
use crate::effects::Effect;
use crate::table::{Row, Table};
use crate::turn::Turn;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) number: u64,
    pub(crate) event: Value,
}

impl Row for Entry {
    const TABLE: &'static str = "outbox";
    type Key = String;
    fn key(&self) -> String {
        key(self.number)
    }
}

fn key(number: u64) -> String {
    format!("{number:020}")
}

#[derive(Default)]
pub(crate) struct Outbox {
    table: Table<Entry>,
    next: u64,
}

impl Outbox {
    pub(crate) fn table(&mut self) -> &mut Table<Entry> {
        &mut self.table
    }

    pub(crate) fn delivered(&mut self, number: u64) {
        self.table.remove(&key(number));
    }
}

/// Puts an event out, in the form of EventBridge events. At the limit the oldest undelivered event goes.
pub(crate) fn put(world: &mut World, turn: &mut Turn<'_>, kind: &str, detail: Value) {
    if !world.settings.events {
        return;
    }
    let event = json!({
        "version": "0",
        "id": turn.mint.uuid(),
        "detail-type": kind,
        "source": "aws.gamelift",
        "account": world.settings.account,
        "time": crate::api_time::iso(turn.now),
        "region": world.settings.region,
        "resources": [],
        "detail": detail,
    });
    if world.outbox.table.len() >= world.settings.limits.outbox {
        let oldest = world.outbox.table.iter().next().map(Row::key);
        world.outbox.table.remove(&oldest.unwrap_or_default());
    }
    let number = world.outbox.next;
    world.outbox.next += 1;
    world.outbox.table.insert(Entry {
        number,
        event: event.clone(),
    });
    world.effects.push(Effect::Notify { number, event });
}

/// After a restart everything undelivered goes out again.
pub(crate) fn rebuild(world: &mut World) {
    let last = world.outbox.table.iter().next_back().map(|row| row.number);
    world.outbox.next = last.map_or(0, |last| last + 1);
    let again = world.outbox.table.iter().map(|row| Effect::Notify {
        number: row.number,
        event: row.event.clone(),
    });
    world.effects.extend(again);
}
