//! What a fleet's processes, sessions and players come to.

use api::{
    DescribeFleetLocationUtilizationInput, DescribeFleetLocationUtilizationOutput,
    DescribeFleetUtilizationInput, DescribeFleetUtilizationOutput, Fault, FleetUtilization,
};
use ids::Location;

use crate::World;
use crate::fault::not_found;
use crate::fleets::{self, Fleet};
use crate::processes::State;
use crate::session_counts;

pub(crate) fn describe(
    world: &World,
    input: &DescribeFleetUtilizationInput,
) -> Result<DescribeFleetUtilizationOutput, Fault> {
    let (rows, next_token) = fleets::select(
        world,
        "DescribeFleetUtilization",
        input.fleet_ids.as_deref(),
        (input.limit, input.next_token.as_deref()),
    )?;
    let utilization = rows.into_iter().map(|row| view(world, row, None)).collect();
    Ok(DescribeFleetUtilizationOutput {
        fleet_utilization: Some(utilization),
        next_token,
    })
}

pub(crate) fn describe_location(
    world: &World,
    input: &DescribeFleetLocationUtilizationInput,
) -> Result<DescribeFleetLocationUtilizationOutput, Fault> {
    let row = fleets::known(world, &input.fleet_id)?;
    let location = Location::from(input.location.as_str());
    if !world.fleet_locations.has(&row.id, location.as_str()) {
        return Err(not_found(format!(
            "Fleet {} has no location {location}.",
            row.id
        )));
    }
    let utilization = view(world, row, Some(&location));
    Ok(DescribeFleetLocationUtilizationOutput {
        fleet_utilization: Some(utilization),
    })
}

/// Of one location, or of the whole fleet under the name of its home.
fn view(world: &World, row: &Fleet, location: Option<&Location>) -> FleetUtilization {
    let here = |own: &Location| location.is_none_or(|location| own == location);
    let processes = world.processes.of_fleet(&row.id);
    let active = processes
        .filter(|p| p.state == State::Active && here(&p.location))
        .count();
    let places = world.fleet_locations.names(&row.id);
    let mut sum = session_counts::Counts::default();
    for place in places.iter().filter(|place| here(place)) {
        let counts = session_counts::counts(world, &row.id, place);
        sum.active += counts.active;
        sum.current_players += counts.current_players;
        sum.maximum_players += counts.maximum_players;
    }
    let number = |count: usize| Some(i32::try_from(count).unwrap_or(i32::MAX));
    FleetUtilization {
        fleet_id: Some(row.id.to_string()),
        fleet_arn: row.attributes.fleet_arn.clone(),
        active_server_process_count: number(active),
        active_game_session_count: number(sum.active),
        current_player_session_count: number(sum.current_players),
        maximum_player_session_count: number(sum.maximum_players),
        location: Some(location.unwrap_or(&row.home).to_string()),
    }
}
