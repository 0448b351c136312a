//! What happened to a fleet, in AWS's codes. Equal consecutive events are one event with a count.

use api::{DescribeFleetEventsInput, DescribeFleetEventsOutput, Fault};
use ids::{FleetId, Time};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::World;
use crate::paging::{Query, newest_first};
use crate::table::{Row, Table};
use crate::turn::Turn;
use crate::{fleets, outbox};

/// The largest count that the API can express.
const COUNT_MAX: i64 = 101;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct FleetEvent {
    pub(crate) fleet: FleetId,
    /// Orders the events of a fleet, also those of the same millisecond.
    pub(crate) number: u64,
    pub(crate) id: String,
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) time: Time,
    pub(crate) count: i64,
}

impl Row for FleetEvent {
    const TABLE: &'static str = "fleet_events";
    type Key = String;
    fn key(&self) -> String {
        key(&self.fleet, self.number)
    }
}

fn key(fleet: &FleetId, number: u64) -> String {
    format!("{fleet}|{number:012}")
}

#[derive(Default)]
pub(crate) struct FleetEvents {
    table: Table<FleetEvent>,
}

impl FleetEvents {
    pub(crate) fn table(&mut self) -> &mut Table<FleetEvent> {
        &mut self.table
    }

    fn of<'a>(&'a self, fleet: &'a FleetId) -> impl DoubleEndedIterator<Item = &'a FleetEvent> {
        self.table
            .between(&format!("{fleet}|"), &format!("{fleet}}}"))
    }

    pub(crate) fn forget(&mut self, fleet: &FleetId) {
        let gone: Vec<_> = self.of(fleet).map(Row::key).collect();
        for key in gone {
            self.table.remove(&key);
        }
    }
}

/// Records an event of a fleet.
pub(crate) fn record(
    world: &mut World,
    turn: &mut Turn<'_>,
    fleet: &FleetId,
    code: &str,
    message: &str,
) {
    if world.fleets.get(fleet).is_none() {
        return; // something late about a fleet that is forgotten
    }
    let detail = json!({ "fleetId": fleet, "eventCode": code, "message": message });
    outbox::put(world, turn, "GameLift Fleet Event", detail);
    let events = &mut world.fleet_events;
    let last = events.of(fleet).next_back();
    let number = last.map_or(0, |last| last.number + 1);
    if let Some(last) = last
        && (last.code.as_str(), last.message.as_str()) == (code, message)
        && last.count < COUNT_MAX
    {
        let key = last.key();
        if let Some(row) = events.table.edit(&key) {
            row.count += 1;
            row.time = turn.now;
        }
        return;
    }
    events.table.insert(FleetEvent {
        fleet: fleet.clone(),
        number,
        id: turn.mint.uuid(),
        code: code.into(),
        message: message.into(),
        time: turn.now,
        count: 1,
    });
    let keep = world.settings.limits.fleet_events;
    let first = world
        .fleet_events
        .of(fleet)
        .next()
        .map(|row| (row.number, row.key()));
    if let Some((first, key)) = first
        && number - first >= keep as u64
    {
        world.fleet_events.table.remove(&key);
    }
}

pub(crate) fn describe(
    world: &World,
    input: &DescribeFleetEventsInput,
) -> Result<DescribeFleetEventsOutput, Fault> {
    let fleet = fleets::known(world, &input.fleet_id)?.id();
    let from = input.start_time.map_or(Time::ZERO, crate::api_time::time);
    let to = input.end_time.map_or(Time::MAX, crate::api_time::time);
    let filter = format!("{fleet}|{}|{}", from.as_millis(), to.as_millis());
    let query = Query {
        operation: "DescribeFleetEvents",
        filter: &filter,
        limit: input.limit,
        limit_default: 100,
        limit_max: 100,
        token: input.next_token.as_deref(),
    };
    let rows = world.fleet_events.of(&fleet).rev();
    let rows = rows.filter(|row| row.time >= from && row.time <= to);
    let page = query.page(rows.map(|row| {
        let order = newest_first(Time::from_millis(row.number), "");
        (order, view(row))
    }))?;
    Ok(DescribeFleetEventsOutput {
        events: Some(page.items),
        next_token: page.next_token,
    })
}

fn view(row: &FleetEvent) -> api::Event {
    api::Event {
        event_id: Some(row.id.clone()),
        resource_id: Some(row.fleet.to_string()),
        event_code: api::EventCode::from_name(&row.code),
        message: Some(row.message.clone()),
        event_time: Some(crate::api_time::timestamp(row.time)),
        pre_signed_log_url: None,
        count: Some(row.count),
    }
}
