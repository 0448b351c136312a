//! The operations on the locations of a fleet.

use api::{
    CreateFleetLocationsInput, CreateFleetLocationsOutput, DeleteFleetLocationsInput,
    DeleteFleetLocationsOutput, DescribeFleetLocationAttributesInput,
    DescribeFleetLocationAttributesOutput, Fault, FleetAction, LocationAttributes, LocationState,
};
use ids::Location;

use crate::World;
use crate::fault::{invalid, limit_exceeded, not_found};
use crate::fleet_locations::{self, FleetLocation, state};
use crate::turn::Turn;
use crate::{computes, fleets, locations};

pub(crate) fn create(
    world: &mut World,
    turn: &mut Turn<'_>,
    input: &CreateFleetLocationsInput,
) -> Result<CreateFleetLocationsOutput, Fault> {
    let row = fleets::active(world, &input.fleet_id)?;
    let (id, managed) = (row.id(), row.is_managed());
    let mut places = Vec::new();
    for given in &input.locations {
        let place = if managed {
            locations::managed(world, &given.location)?
        } else {
            locations::custom(world, &given.location)?
        };
        if world.fleet_locations.has(&id, place.as_str()) || places.contains(&place) {
            return Err(invalid(format!("Fleet {id} already has location {place}.")));
        }
        places.push(place);
    }
    let count = world.fleet_locations.of(&id).len() + places.len();
    if count > world.settings.limits.locations_per_fleet {
        return Err(limit_exceeded("Too many locations for one fleet."));
    }
    let states = fleet_locations::add(world, turn, &id, &places);
    Ok(CreateFleetLocationsOutput {
        fleet_id: Some(id.to_string()),
        fleet_arn: Some(world.settings.fleet_arn(&id)),
        location_states: Some(states),
    })
}

pub(crate) fn delete(
    world: &mut World,
    turn: &mut Turn<'_>,
    input: &DeleteFleetLocationsInput,
) -> Result<DeleteFleetLocationsOutput, Fault> {
    let row = fleets::known(world, &input.fleet_id)?;
    let (id, managed, home) = (row.id(), row.is_managed(), row.home.clone());
    let given = || {
        input
            .locations
            .iter()
            .map(|name| Location::from(name.as_str()))
    };
    if managed && given().any(|place| place == home) {
        return Err(invalid(format!(
            "The home region {home} of a fleet cannot be deleted."
        )));
    }
    let places: Vec<_> = given()
        .filter(|place| world.fleet_locations.has(&id, place.as_str()))
        .collect();
    if places.is_empty() {
        return Err(not_found(format!(
            "Fleet {id} has none of these locations."
        )));
    }
    if !managed && places.len() >= world.fleet_locations.of(&id).len() {
        return Err(invalid(
            "A fleet needs at least one location; delete the fleet instead.",
        ));
    }
    let mut states: Vec<LocationState> = Vec::new();
    for place in &places {
        if !managed {
            computes::forget_in(world, turn, &id, place);
        }
        fleet_locations::delete(world, turn, &id, place);
        states.extend(world.fleet_locations.get(&id, place).map(state));
    }
    Ok(DeleteFleetLocationsOutput {
        fleet_id: Some(id.to_string()),
        fleet_arn: Some(world.settings.fleet_arn(&id)),
        location_states: Some(states),
    })
}

pub(crate) fn describe(
    world: &World,
    input: &DescribeFleetLocationAttributesInput,
) -> Result<DescribeFleetLocationAttributesOutput, Fault> {
    let row = fleets::known(world, &input.fleet_id)?;
    let all = world.fleet_locations.of(&row.id);
    let rows: Vec<&FleetLocation> = match &input.locations {
        None => all,
        Some(names) => {
            let find = |name: &String| all.iter().find(|row| row.location.as_str() == name);
            names.iter().filter_map(find).copied().collect()
        }
    };
    let attributes = rows.into_iter().map(|row| LocationAttributes {
        location_state: Some(state(row)),
        stopped_actions: row.stopped.then(|| vec![FleetAction::AutoScaling]),
        update_status: None,
    });
    Ok(DescribeFleetLocationAttributesOutput {
        fleet_id: Some(row.id.to_string()),
        fleet_arn: row.attributes.fleet_arn.clone(),
        location_attributes: Some(attributes.collect()),
        next_token: None,
    })
}
