//! What can be changed about a fleet: attributes, runtime configuration, port settings.

use api::{
    DescribeFleetPortSettingsInput, DescribeFleetPortSettingsOutput,
    DescribeRuntimeConfigurationInput, DescribeRuntimeConfigurationOutput, Fault, FaultCode,
    IpPermission, RuntimeConfiguration, UpdateFleetAttributesInput, UpdateFleetAttributesOutput,
    UpdateFleetPortSettingsInput, UpdateFleetPortSettingsOutput, UpdateRuntimeConfigurationInput,
    UpdateRuntimeConfigurationOutput,
};

use crate::World;
use crate::fault::{fault, invalid, limit_exceeded, not_found};
use crate::fleet_events;
use crate::fleets::{self, Fleet};
use crate::turn::Turn;

/// Processes of one instance, all entries together.
const CONCURRENT_EXECUTIONS_MAX: i64 = 50;
const ACTIVATIONS_DEFAULT: i32 = i32::MAX;
const ACTIVATION_SECONDS_DEFAULT: i32 = 300;

pub(crate) fn update_attributes(
    world: &mut World,
    turn: &mut Turn<'_>,
    input: UpdateFleetAttributesInput,
) -> Result<UpdateFleetAttributesOutput, Fault> {
    let row = fleets::known(world, &input.fleet_id)?;
    if row.is_going() {
        let message = format!("Fleet {} is in status {}.", row.id, row.status());
        return Err(fault(FaultCode::InvalidFleetStatus, message));
    }
    if input.anywhere_configuration.is_some() && row.is_managed() {
        return Err(invalid(
            "AnywhereConfiguration is for fleets of compute type ANYWHERE only.",
        ));
    }
    let id = row.id();
    let before = row.attributes.new_game_session_protection_policy;
    if let Some(row) = world.fleets.edit(&id) {
        let own = &mut row.attributes;
        own.name = input.name.or_else(|| own.name.take());
        own.description = input.description.or_else(|| own.description.take());
        own.resource_creation_limit_policy = input
            .resource_creation_limit_policy
            .or_else(|| own.resource_creation_limit_policy.take());
        own.metric_groups = input.metric_groups.or_else(|| own.metric_groups.take());
        own.anywhere_configuration = input
            .anywhere_configuration
            .or_else(|| own.anywhere_configuration.take());
        if let Some(policy) = input.new_game_session_protection_policy {
            own.new_game_session_protection_policy = Some(policy);
        }
    }
    if let Some(policy) = input.new_game_session_protection_policy
        && before != Some(policy)
    {
        let old = before.map_or("none", api::ProtectionPolicy::as_str);
        let message = format!("New game session protection policy changed from {old} to {policy}");
        let code = "FLEET_NEW_GAME_SESSION_PROTECTION_POLICY_UPDATED";
        fleet_events::record(world, turn, &id, code, &message);
    }
    let fleet_arn = Some(world.settings.fleet_arn(&id));
    Ok(UpdateFleetAttributesOutput {
        fleet_id: Some(id.to_string()),
        fleet_arn,
    })
}

/// The rules that go beyond single members.
pub(crate) fn check_runtime(runtime: &RuntimeConfiguration) -> Result<(), Fault> {
    let processes = runtime.server_processes.iter().flatten();
    let sum: i64 = processes
        .map(|process| i64::from(process.concurrent_executions))
        .sum();
    if sum > CONCURRENT_EXECUTIONS_MAX {
        return Err(invalid(format!(
            "The sum of ConcurrentExecutions is {sum}; at most {CONCURRENT_EXECUTIONS_MAX} server processes run on an instance."
        )));
    }
    Ok(())
}

fn with_defaults(runtime: Option<RuntimeConfiguration>) -> RuntimeConfiguration {
    let runtime = runtime.unwrap_or_default();
    RuntimeConfiguration {
        server_processes: Some(runtime.server_processes.unwrap_or_default()),
        max_concurrent_game_session_activations: Some(
            runtime
                .max_concurrent_game_session_activations
                .unwrap_or(ACTIVATIONS_DEFAULT),
        ),
        game_session_activation_timeout_seconds: Some(
            runtime
                .game_session_activation_timeout_seconds
                .unwrap_or(ACTIVATION_SECONDS_DEFAULT),
        ),
    }
}

/// How many sessions may activate at the same time on one compute, and how long each may take.
pub(crate) fn activation(fleet: &Fleet) -> (usize, ids::Span) {
    let runtime = with_defaults(fleet.runtime.clone());
    let most = runtime
        .max_concurrent_game_session_activations
        .unwrap_or(ACTIVATIONS_DEFAULT);
    let seconds = runtime
        .game_session_activation_timeout_seconds
        .unwrap_or(ACTIVATION_SECONDS_DEFAULT);
    let span = ids::Span::from_secs(u64::try_from(seconds).unwrap_or(0));
    (usize::try_from(most).unwrap_or(usize::MAX), span)
}

/// As agents are told it.
pub(crate) fn for_agent(fleet: &Fleet) -> serversdk::RuntimeConfiguration {
    let runtime = with_defaults(fleet.runtime.clone());
    let number = |value: Option<i32>| value.and_then(|v| u32::try_from(v).ok()).unwrap_or(0);
    serversdk::RuntimeConfiguration {
        max_concurrent_game_session_activations: number(
            runtime.max_concurrent_game_session_activations,
        ),
        game_session_activation_timeout_seconds: number(
            runtime.game_session_activation_timeout_seconds,
        ),
        server_processes: runtime
            .server_processes
            .into_iter()
            .flatten()
            .map(|process| serversdk::ServerProcess {
                launch_path: process.launch_path,
                parameters: process.parameters,
                concurrent_executions: number(Some(process.concurrent_executions)),
            })
            .collect(),
    }
}

pub(crate) fn describe_runtime(
    world: &World,
    input: &DescribeRuntimeConfigurationInput,
) -> Result<DescribeRuntimeConfigurationOutput, Fault> {
    let row = fleets::known(world, &input.fleet_id)?;
    let runtime = with_defaults(row.runtime.clone());
    Ok(DescribeRuntimeConfigurationOutput {
        runtime_configuration: Some(runtime),
    })
}

pub(crate) fn update_runtime(
    world: &mut World,
    turn: &mut Turn<'_>,
    input: UpdateRuntimeConfigurationInput,
) -> Result<UpdateRuntimeConfigurationOutput, Fault> {
    let row = fleets::active(world, &input.fleet_id)?;
    let id = row.id();
    check_runtime(&input.runtime_configuration)?;
    let empty = input
        .runtime_configuration
        .server_processes
        .as_ref()
        .is_none_or(Vec::is_empty);
    if row.is_managed() && empty {
        return Err(invalid(
            "RuntimeConfiguration needs at least one ServerProcess.",
        ));
    }
    if let Some(row) = world.fleets.edit(&id) {
        let first = input
            .runtime_configuration
            .server_processes
            .as_ref()
            .and_then(|all| all.first());
        row.attributes.server_launch_path = first.map(|first| first.launch_path.clone());
        row.attributes.server_launch_parameters = first.and_then(|first| first.parameters.clone());
        row.runtime = Some(input.runtime_configuration.clone());
    }
    fleets::reconfigure(world, turn, &id);
    let runtime = with_defaults(Some(input.runtime_configuration));
    Ok(UpdateRuntimeConfigurationOutput {
        runtime_configuration: Some(runtime),
    })
}

pub(crate) fn describe_ports(
    world: &World,
    input: &DescribeFleetPortSettingsInput,
) -> Result<DescribeFleetPortSettingsOutput, Fault> {
    let row = fleets::managed(world, &input.fleet_id)?;
    if let Some(location) = &input.location
        && !world.fleet_locations.has(&row.id, location)
    {
        return Err(not_found(format!(
            "Fleet {} has no location {location}.",
            row.id
        )));
    }
    Ok(DescribeFleetPortSettingsOutput {
        fleet_id: Some(row.id.to_string()),
        fleet_arn: row.attributes.fleet_arn.clone(),
        inbound_permissions: Some(if row.is_going() {
            Vec::new()
        } else {
            row.permissions.clone()
        }),
        update_status: None,
        location: input.location.clone(),
    })
}

/// Permissions as given, checked one by one.
pub(crate) fn checked_permissions(
    given: Option<&[IpPermission]>,
) -> Result<Vec<IpPermission>, Fault> {
    let mut permissions = Vec::new();
    for permission in given.unwrap_or_default() {
        if permission.from_port > permission.to_port {
            return Err(invalid("FromPort must not be greater than ToPort."));
        }
        if !is_cidr(&permission.ip_range) {
            return Err(invalid("IpRange must be a CIDR block like 0.0.0.0/0."));
        }
        if !permissions.contains(permission) {
            permissions.push(permission.clone());
        }
    }
    Ok(permissions)
}

fn is_cidr(text: &str) -> bool {
    let Some((address, bits)) = text.split_once('/') else {
        return false;
    };
    match (address.parse::<std::net::IpAddr>(), bits.parse::<u8>()) {
        (Ok(std::net::IpAddr::V4(_)), Ok(bits)) => bits <= 32,
        (Ok(std::net::IpAddr::V6(_)), Ok(bits)) => bits <= 128,
        (Err(_), _) | (_, Err(_)) => false,
    }
}

pub(crate) fn update_ports(
    world: &mut World,
    input: UpdateFleetPortSettingsInput,
) -> Result<UpdateFleetPortSettingsOutput, Fault> {
    let row = fleets::managed(world, &input.fleet_id)?;
    let row = fleets::active(world, row.id.as_str())?;
    let id = row.id();
    let more = checked_permissions(input.inbound_permission_authorizations.as_deref())?;
    let less = input.inbound_permission_revocations.unwrap_or_default();
    let mut permissions = row.permissions.clone();
    for permission in &less {
        let Some(at) = permissions.iter().position(|own| own == permission) else {
            return Err(invalid(
                "A permission to revoke does not match any permission of the fleet.",
            ));
        };
        permissions.remove(at);
    }
    for permission in more {
        if !permissions.contains(&permission) {
            permissions.push(permission);
        }
    }
    if permissions.len() > world.settings.limits.inbound_permissions {
        return Err(limit_exceeded(
            "A fleet can have at most 50 inbound permissions.",
        ));
    }
    if let Some(row) = world.fleets.edit(&id) {
        row.permissions = permissions;
    }
    let fleet_arn = Some(world.settings.fleet_arn(&id));
    Ok(UpdateFleetPortSettingsOutput {
        fleet_id: Some(id.to_string()),
        fleet_arn,
    })
}
