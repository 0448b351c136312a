//! Locations: those the operator offers for managed fleets, and custom ones for Anywhere fleets.

use api::{
    CreateLocationInput, CreateLocationOutput, DeleteLocationInput, DeleteLocationOutput, Fault,
    FaultCode, ListLocationsInput, ListLocationsOutput, LocationFilter, LocationModel, PingBeacon,
    UDPEndpoint,
};
use ids::{Location, Time};
use serde::{Deserialize, Serialize};

use crate::World;
use crate::fault::{conflict, fault, invalid, limit_exceeded, not_found};
use crate::paging::Query;
use crate::table::{Row, Table};
use crate::tags;
use crate::turn::Turn;

/// Where AWS's latency beacons listen.
const BEACON_PORT: i32 = 7770;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct CustomLocation {
    pub(crate) name: Location,
    pub(crate) created: Time,
}

impl Row for CustomLocation {
    const TABLE: &'static str = "locations";
    type Key = Location;
    fn key(&self) -> Location {
        self.name.clone()
    }
}

#[derive(Default)]
pub(crate) struct Locations {
    table: Table<CustomLocation>,
}

impl Locations {
    pub(crate) fn table(&mut self) -> &mut Table<CustomLocation> {
        &mut self.table
    }

    /// Whether a custom location of this name exists.
    pub(crate) fn has_custom(&self, name: &str) -> bool {
        self.table.contains(name)
    }
}

/// A location for a managed fleet.
pub(crate) fn managed(world: &World, name: &str) -> Result<Location, Fault> {
    let offered = world
        .settings
        .locations
        .iter()
        .find(|location| location.as_str() == name);
    offered.cloned().ok_or_else(|| {
        fault(
            FaultCode::UnsupportedRegion,
            format!("Location {name} is not offered here."),
        )
    })
}

/// A location for an Anywhere fleet.
pub(crate) fn custom(world: &World, name: &str) -> Result<Location, Fault> {
    if world.locations.has_custom(name) {
        return Ok(Location::from(name));
    }
    Err(not_found(format!(
        "Location {name} not found; create it with CreateLocation first."
    )))
}

pub(crate) fn create(
    world: &mut World,
    turn: &Turn<'_>,
    input: CreateLocationInput,
) -> Result<CreateLocationOutput, Fault> {
    let name = Location::from(input.location_name);
    if world.locations.has_custom(name.as_str()) {
        return Err(conflict(format!("Location {name} already exists.")));
    }
    if world.locations.table.len() >= world.settings.limits.custom_locations {
        return Err(limit_exceeded(
            "The limit of custom locations is reached; delete some first.",
        ));
    }
    let tags = tags::checked(world, input.tags)?;
    let arn = world.settings.origin().location(&name);
    world.locations.table.insert(CustomLocation {
        name: name.clone(),
        created: turn.now,
    });
    tags::put(world, &arn, tags);
    Ok(CreateLocationOutput {
        location: Some(custom_view(world, &name)),
    })
}

pub(crate) fn delete(
    world: &mut World,
    input: &DeleteLocationInput,
) -> Result<DeleteLocationOutput, Fault> {
    let name = world.settings.origin().location_in(&input.location_name);
    let name = name.unwrap_or_else(|| Location::from(input.location_name.as_str()));
    let name = custom(world, name.as_str())?;
    if world.fleet_locations.is_used(&name) {
        return Err(invalid(format!(
            "Location {name} is used by a fleet; delete the fleet first."
        )));
    }
    world.locations.table.remove(name.as_str());
    let arn = world.settings.origin().location(&name);
    tags::forget(world, &arn);
    Ok(DeleteLocationOutput {})
}

pub(crate) fn list(
    world: &World,
    input: &ListLocationsInput,
) -> Result<ListLocationsOutput, Fault> {
    let wants = |filter| {
        input
            .filters
            .as_ref()
            .is_none_or(|filters| filters.contains(&filter))
    };
    let filter = format!("{:?}", input.filters);
    let query = Query {
        operation: "ListLocations",
        filter: &filter,
        limit: input.limit,
        limit_default: 200,
        limit_max: 200,
        token: input.next_token.as_deref(),
    };
    let mut rows: Vec<(String, LocationModel)> = Vec::new();
    if wants(LocationFilter::Aws) {
        let managed = world.settings.locations.iter();
        rows.extend(managed.map(|name| (format!("a|{name}"), managed_view(name))));
    }
    if wants(LocationFilter::Custom) {
        let custom = world.locations.table.iter();
        rows.extend(custom.map(|row| (format!("c|{}", row.name), custom_view(world, &row.name))));
    }
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    let page = query.page(rows)?;
    Ok(ListLocationsOutput {
        locations: Some(page.items),
        next_token: page.next_token,
    })
}

fn managed_view(name: &Location) -> LocationModel {
    let endpoint = UDPEndpoint {
        domain: Some(format!("gamelift-ping.{name}.api.aws")),
        port: Some(BEACON_PORT),
    };
    LocationModel {
        location_name: Some(name.to_string()),
        location_arn: None,
        ping_beacon: Some(PingBeacon {
            udp_endpoint: Some(endpoint),
        }),
    }
}

fn custom_view(world: &World, name: &Location) -> LocationModel {
    LocationModel {
        location_name: Some(name.to_string()),
        location_arn: Some(world.settings.origin().location(name)),
        ping_beacon: None,
    }
}
