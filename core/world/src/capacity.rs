//! How many instances a fleet location should have, and the step from what is to what should be.

use api::{
    DescribeEC2InstanceLimitsInput, DescribeEC2InstanceLimitsOutput, DescribeFleetCapacityInput,
    DescribeFleetCapacityOutput, DescribeFleetLocationCapacityInput,
    DescribeFleetLocationCapacityOutput, EC2InstanceCounts, EC2InstanceLimit, Fault, FaultCode,
    FleetCapacity, FleetStatus, InstanceStatus, UpdateFleetCapacityInput,
    UpdateFleetCapacityOutput, ZeroCapacityStrategy,
};
use ids::{FleetId, Location};
use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::World;
use crate::fault::{fault, invalid, limit_exceeded, not_found};
use crate::fleet_locations::FleetLocation;
use crate::fleets::{self, Fleet};
use crate::timers::Timer;
use crate::turn::Turn;
use crate::{fleet_events, game_sessions, instances, locations};

/// Starts missing instances and drains superfluous ones.
pub(crate) fn reconcile(world: &mut World, turn: &mut Turn<'_>, row: &FleetLocation) {
    let wanted = match row.status {
        FleetStatus::Error
        | FleetStatus::Deleting
        | FleetStatus::Terminated
        | FleetStatus::NotFound
        | FleetStatus::Expired => 0,
        FleetStatus::New
        | FleetStatus::Downloading
        | FleetStatus::Validating
        | FleetStatus::Building
        | FleetStatus::Activating
        | FleetStatus::Active => row.desired as usize,
    };
    let standing = world.instances.of(&row.fleet, Some(&row.location));
    let standing = standing.filter(|instance| instance.status != InstanceStatus::Terminating);
    let have = standing.count();
    let may_start = world
        .fleets
        .get(&row.fleet)
        .is_some_and(|fleet| fleets::content(world, fleet).is_some());
    if have < wanted && may_start {
        for _ in have..wanted {
            if !instances::start(world, turn, &row.fleet, &row.location) {
                return; // a machine that offers itself sets the timer again
            }
        }
    } else if have > wanted {
        drain_some(world, turn, row, have - wanted);
    }
}

/// Scale-in: idle instances first, then those with the fewest sessions; never one with a protected session, unless the
/// location goes away altogether.
fn drain_some(world: &mut World, turn: &Turn<'_>, row: &FleetLocation, count: usize) {
    let all = row.status != FleetStatus::Active;
    let mut candidates: Vec<_> = world
        .instances
        .of(&row.fleet, Some(&row.location))
        .filter(|instance| instance.status != InstanceStatus::Terminating)
        .filter(|instance| all || !game_sessions::protects(world, &row.fleet, &instance.compute()))
        .map(|instance| {
            let sessions = world.processes.hosting_on(&row.fleet, &instance.compute());
            let ready = instance.status == InstanceStatus::Active;
            (
                ready,
                sessions,
                Reverse(instance.created),
                instance.id.clone(),
            )
        })
        .collect();
    candidates.sort();
    for (.., id) in candidates.into_iter().take(count) {
        instances::drain(world, turn, &id);
    }
}

pub(crate) fn update(
    world: &mut World,
    turn: &mut Turn<'_>,
    input: &UpdateFleetCapacityInput,
) -> Result<UpdateFleetCapacityOutput, Fault> {
    let fleet = fleets::managed(world, &input.fleet_id)?;
    let id = fleet.id();
    let location = input
        .location
        .as_deref()
        .map_or_else(|| fleet.home.clone(), Location::from);
    let row = place(world, fleet, &location)?;
    if row.status != FleetStatus::Active {
        let message = format!(
            "Location {location} of fleet {id} is in status {}, not ACTIVE.",
            row.status
        );
        return Err(fault(FaultCode::InvalidFleetStatus, message));
    }
    check_managed_capacity(input)?;
    let new = merged(input, row)?;
    let limit = world.settings.limits.instances_per_type;
    if new.desired > limit || new.maximum > limit {
        return Err(limit_exceeded(format!(
            "At most {limit} instances of a type are allowed in a location."
        )));
    }
    let old = row.clone();
    if let Some(row) = world.fleet_locations.edit(&id, &location) {
        (row.minimum, row.desired, row.maximum) = (new.minimum, new.desired, new.maximum);
    }
    if old.desired != new.desired || old.minimum != new.minimum || old.maximum != new.maximum {
        let message = format!(
            "Capacity of {location} changed from (min {}, desired {}, max {}) to (min {}, desired {}, max {})",
            old.minimum, old.desired, old.maximum, new.minimum, new.desired, new.maximum
        );
        fleet_events::record(world, turn, &id, "FLEET_SCALING_EVENT", &message);
    }
    world
        .timers
        .set(Timer::Location(id.clone(), location), turn.now);
    Ok(UpdateFleetCapacityOutput {
        fleet_id: Some(id.to_string()),
        fleet_arn: Some(world.settings.fleet_arn(&id)),
        location: input.location.clone(),
        managed_capacity_configuration: input.managed_capacity_configuration.clone(),
    })
}

fn check_managed_capacity(input: &UpdateFleetCapacityInput) -> Result<(), Fault> {
    let strategy = input
        .managed_capacity_configuration
        .as_ref()
        .and_then(|configuration| configuration.zero_capacity_strategy);
    let numbers = [input.desired_instances, input.min_size, input.max_size];
    if numbers.iter().all(Option::is_none) && input.managed_capacity_configuration.is_none() {
        return Err(invalid(
            "At least one of DesiredInstances, MinSize, MaxSize and ManagedCapacityConfiguration is required.",
        ));
    }
    match strategy {
        None | Some(ZeroCapacityStrategy::Manual) => Ok(()),
        Some(ZeroCapacityStrategy::ScaleToAndFromZero) if input.min_size.is_some() => Err(invalid(
            "MinSize cannot be given together with SCALE_TO_AND_FROM_ZERO.",
        )),
        Some(ZeroCapacityStrategy::ScaleToAndFromZero) => Err(invalid(
            "SCALE_TO_AND_FROM_ZERO is not supported by this implementation",
        )),
    }
}

struct Sizes {
    minimum: u32,
    desired: u32,
    maximum: u32,
}

/// The sizes after the change. Without a desired number, the present one moves to the nearest bound.
fn merged(input: &UpdateFleetCapacityInput, row: &FleetLocation) -> Result<Sizes, Fault> {
    let given = |value: Option<i32>| value.and_then(|value| u32::try_from(value).ok());
    let minimum = given(input.min_size).unwrap_or(row.minimum);
    let maximum = given(input.max_size).unwrap_or(row.maximum);
    let wrong = || {
        invalid(format!(
            "MinSize {minimum}, DesiredInstances {} and MaxSize {maximum} must not decrease in this order.",
            given(input.desired_instances).unwrap_or(row.desired)
        ))
    };
    if minimum > maximum {
        return Err(wrong());
    }
    let desired = match given(input.desired_instances) {
        Some(desired) if desired < minimum || desired > maximum => return Err(wrong()),
        Some(desired) => desired,
        None => row.desired.clamp(minimum, maximum),
    };
    Ok(Sizes {
        minimum,
        desired,
        maximum,
    })
}

fn place<'a>(
    world: &'a World,
    fleet: &Fleet,
    location: &Location,
) -> Result<&'a FleetLocation, Fault> {
    world
        .fleet_locations
        .get(&fleet.id, location)
        .ok_or_else(|| not_found(format!("Fleet {} has no location {location}.", fleet.id)))
}

pub(crate) fn describe(
    world: &World,
    input: &DescribeFleetCapacityInput,
) -> Result<DescribeFleetCapacityOutput, Fault> {
    let ids = input.fleet_ids.as_deref();
    let (rows, next_token) = fleets::select(
        world,
        "DescribeFleetCapacity",
        ids,
        (input.limit, input.next_token.as_deref()),
    )?;
    if let ([row], Some([_])) = (rows.as_slice(), ids)
        && !row.is_managed()
    {
        fleets::managed(world, row.id.as_str())?;
    }
    let rows = rows.into_iter().filter(|row| row.is_managed());
    let capacity = rows.filter_map(|fleet| {
        let row = world.fleet_locations.get(&fleet.id, &fleet.home)?;
        Some(view(world, fleet, row))
    });
    Ok(DescribeFleetCapacityOutput {
        fleet_capacity: Some(capacity.collect()),
        next_token,
    })
}

pub(crate) fn describe_location(
    world: &World,
    input: &DescribeFleetLocationCapacityInput,
) -> Result<DescribeFleetLocationCapacityOutput, Fault> {
    let fleet = fleets::managed(world, &input.fleet_id)?;
    let row = place(world, fleet, &Location::from(input.location.as_str()))?;
    Ok(DescribeFleetLocationCapacityOutput {
        fleet_capacity: Some(view(world, fleet, row)),
    })
}

/// Instances of a fleet location by what they are doing.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) pending: i32,
    pub(crate) active: i32,
    pub(crate) idle: i32,
    pub(crate) terminating: i32,
}

pub(crate) fn counts(world: &World, fleet: &FleetId, location: &Location) -> Counts {
    let mut counts = Counts::default();
    for instance in world.instances.of(fleet, Some(location)) {
        match instance.status {
            InstanceStatus::Pending => counts.pending += 1,
            InstanceStatus::Active => {
                counts.active += 1;
                let idle = world.processes.hosting_on(fleet, &instance.compute()) == 0;
                counts.idle += i32::from(idle);
            }
            InstanceStatus::Terminating => counts.terminating += 1,
        }
    }
    counts
}

fn view(world: &World, fleet: &Fleet, row: &FleetLocation) -> FleetCapacity {
    let counts = counts(world, &fleet.id, &row.location);
    let number = |value: u32| Some(i32::try_from(value).unwrap_or(i32::MAX));
    FleetCapacity {
        fleet_id: Some(fleet.id.to_string()),
        fleet_arn: fleet.attributes.fleet_arn.clone(),
        instance_type: fleet.attributes.instance_type.clone(),
        instance_counts: Some(EC2InstanceCounts {
            desired: number(row.desired),
            minimum: number(row.minimum),
            maximum: number(row.maximum),
            pending: Some(counts.pending),
            active: Some(counts.active),
            idle: Some(counts.idle),
            terminating: Some(counts.terminating),
        }),
        location: Some(row.location.to_string()),
        game_server_container_group_counts: None,
        managed_capacity_configuration: None,
    }
}

/// One type, or all that are known.
pub(crate) fn limits(
    world: &World,
    input: &DescribeEC2InstanceLimitsInput,
) -> Result<DescribeEC2InstanceLimitsOutput, Fault> {
    let location = match &input.location {
        Some(name) => locations::managed(world, name)?,
        None => Location::from(world.settings.region.as_str()),
    };
    let types: BTreeSet<&str> = match &input.ec2_instance_type {
        Some(name) => [name.as_str()].into(),
        None => api::INSTANCE_TYPES
            .iter()
            .copied()
            .chain(world.instances.types())
            .collect(),
    };
    let limit = i32::try_from(world.settings.limits.instances_per_type).unwrap_or(i32::MAX);
    let limits = types.into_iter().map(|name| EC2InstanceLimit {
        ec2_instance_type: Some(name.to_owned()),
        current_instances: Some(
            i32::try_from(world.instances.count(name, &location)).unwrap_or(i32::MAX),
        ),
        instance_limit: Some(limit),
        location: Some(location.to_string()),
    });
    Ok(DescribeEC2InstanceLimitsOutput {
        ec2_instance_limits: Some(limits.collect()),
    })
}
