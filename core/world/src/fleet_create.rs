//! CreateFleet: every rule about what goes with what, then the rows.

use api::{
    AnywhereConfiguration, CertificateConfiguration, CertificateType, ComputeType,
    CreateFleetInput, CreateFleetOutput, Fault, FaultCode, FleetAttributes, FleetStatus, FleetType,
    IpPermission, IpProtocol, OperatingSystem, PlayerGatewayMode, ProtectionPolicy,
    RuntimeConfiguration, ServerProcess,
};
use ids::{FleetId, Location};

use crate::World;
use crate::api_time::timestamp;
use crate::fault::{fault, invalid, limit_exceeded};
use crate::fleets::Fleet;
use crate::turn::Turn;
use crate::{builds, fleet_events, fleet_locations, fleet_settings, locations, scripts, tags};

pub(crate) fn create(
    world: &mut World,
    turn: &mut Turn<'_>,
    input: CreateFleetInput,
) -> Result<CreateFleetOutput, Fault> {
    if world.fleets.len() >= world.settings.limits.fleets {
        return Err(limit_exceeded(
            "The limit of fleets is reached; delete some first.",
        ));
    }
    let tags = tags::checked(world, input.tags.clone())?;
    let managed = input.compute_type != Some(ComputeType::Anywhere);
    check_common(&input)?;
    let id = FleetId::new(turn.id("fleet"));
    let mut attributes = common_attributes(world, turn, &input, &id);
    let runtime;
    if managed {
        add_content(world, &input, &mut attributes)?;
        attributes.instance_type = Some(instance_type(&input)?);
        attributes.fleet_type = Some(input.fleet_type.unwrap_or(FleetType::OnDemand));
        runtime = Some(managed_runtime(&input)?);
    } else {
        check_anywhere(&input)?;
        let free = || AnywhereConfiguration { cost: "0".into() };
        let configuration = input.anywhere_configuration.clone().unwrap_or_else(free);
        attributes.anywhere_configuration = Some(configuration);
        runtime = input.runtime_configuration.clone();
        if let Some(runtime) = &runtime {
            fleet_settings::check_runtime(runtime)?;
        }
    }
    if let Some(first) = runtime
        .as_ref()
        .and_then(|r| r.server_processes.as_ref()?.first())
    {
        attributes.server_launch_path = Some(first.launch_path.clone());
        attributes.server_launch_parameters = first.parameters.clone();
    }
    let places = places(world, &input, managed)?;
    let home = places
        .first()
        .cloned()
        .ok_or_else(|| invalid("Locations must not be empty."))?;
    let permissions = if attributes.script_id.is_some() {
        realtime_permissions()
    } else {
        fleet_settings::checked_permissions(input.ec2_inbound_permissions.as_deref())?
    };
    let fleet = Fleet {
        id: id.clone(),
        attributes,
        home,
        permissions,
        runtime,
        generation: 1,
    };
    let shown = fleet.attributes.clone();
    world.fleets.insert(fleet);
    let arn = world.settings.fleet_arn(&id);
    tags::put(world, &arn, tags);
    fleet_events::record(
        world,
        turn,
        &id,
        "FLEET_CREATED",
        &format!("Fleet {id} created"),
    );
    let states = fleet_locations::add(world, turn, &id, &places);
    Ok(CreateFleetOutput {
        fleet_attributes: Some(shown),
        location_states: Some(states),
    })
}

fn check_common(input: &CreateFleetInput) -> Result<(), Fault> {
    match input.player_gateway_mode {
        None | Some(PlayerGatewayMode::Disabled) => {}
        Some(PlayerGatewayMode::Enabled | PlayerGatewayMode::Required) => {
            return Err(invalid(
                "PlayerGatewayMode must be DISABLED: there is no player gateway here.",
            ));
        }
    }
    if input.instance_role_credentials_provider.is_some() && input.instance_role_arn.is_none() {
        return Err(invalid(
            "InstanceRoleCredentialsProvider needs an InstanceRoleArn.",
        ));
    }
    Ok(())
}

fn common_attributes(
    world: &World,
    turn: &Turn<'_>,
    input: &CreateFleetInput,
    id: &FleetId,
) -> FleetAttributes {
    let disabled = CertificateConfiguration {
        certificate_type: CertificateType::Disabled,
    };
    FleetAttributes {
        fleet_id: Some(id.to_string()),
        fleet_arn: Some(world.settings.fleet_arn(id)),
        name: Some(input.name.clone()),
        description: input.description.clone(),
        creation_time: Some(timestamp(turn.now)),
        status: Some(FleetStatus::New),
        log_paths: input.log_paths.clone(),
        new_game_session_protection_policy: Some(
            input
                .new_game_session_protection_policy
                .unwrap_or(ProtectionPolicy::NoProtection),
        ),
        resource_creation_limit_policy: input.resource_creation_limit_policy.clone(),
        metric_groups: Some(
            input
                .metric_groups
                .clone()
                .unwrap_or_else(|| vec!["default".into()]),
        ),
        instance_role_arn: input.instance_role_arn.clone(),
        instance_role_credentials_provider: input.instance_role_credentials_provider,
        certificate_configuration: Some(
            input.certificate_configuration.clone().unwrap_or(disabled),
        ),
        compute_type: Some(input.compute_type.unwrap_or(ComputeType::Ec2)),
        player_gateway_mode: input.player_gateway_mode,
        ..FleetAttributes::default()
    }
}

fn add_content(
    world: &World,
    input: &CreateFleetInput,
    attributes: &mut FleetAttributes,
) -> Result<(), Fault> {
    match (&input.script_id, &input.build_id) {
        (Some(script), None) => {
            let row = scripts::known(world, script)?;
            let old = row.node_js_version.starts_with("10.");
            attributes.operating_system = Some(if old {
                OperatingSystem::AmazonLinux2
            } else {
                OperatingSystem::AmazonLinux2023
            });
            attributes.script_id = Some(row.id.to_string());
            attributes.script_arn = Some(world.settings.origin().script(&row.id));
        }
        (None, Some(build)) => {
            let row = builds::known(world, build)?;
            if row.status != api::BuildStatus::Ready {
                return Err(invalid(format!(
                    "Build {} is in status {}, not READY.",
                    row.id, row.status
                )));
            }
            attributes.operating_system = Some(row.operating_system);
            attributes.build_id = Some(row.id.to_string());
            attributes.build_arn = Some(world.settings.origin().build(&row.id));
        }
        (None, None) | (Some(_), Some(_)) => {
            return Err(invalid(
                "Exactly one of BuildId and ScriptId is required for a managed fleet.",
            ));
        }
    }
    Ok(())
}

fn instance_type(input: &CreateFleetInput) -> Result<String, Fault> {
    input
        .ec2_instance_type
        .clone()
        .ok_or_else(|| invalid("EC2InstanceType is required for a managed fleet."))
}

fn managed_runtime(input: &CreateFleetInput) -> Result<RuntimeConfiguration, Fault> {
    let runtime = match (&input.runtime_configuration, &input.server_launch_path) {
        (Some(runtime), _) => runtime.clone(),
        (None, Some(path)) => RuntimeConfiguration {
            server_processes: Some(vec![ServerProcess {
                launch_path: path.clone(),
                parameters: input.server_launch_parameters.clone(),
                concurrent_executions: 1,
            }]),
            ..RuntimeConfiguration::default()
        },
        (None, None) => {
            return Err(invalid(
                "RuntimeConfiguration with at least one ServerProcess is required.",
            ));
        }
    };
    if runtime.server_processes.as_ref().is_none_or(Vec::is_empty) {
        return Err(invalid(
            "RuntimeConfiguration needs at least one ServerProcess.",
        ));
    }
    fleet_settings::check_runtime(&runtime)?;
    Ok(runtime)
}

fn check_anywhere(input: &CreateFleetInput) -> Result<(), Fault> {
    let generated = |certificate: &CertificateConfiguration| {
        certificate.certificate_type == CertificateType::Generated
    };
    let refused = [
        ("BuildId", input.build_id.is_some()),
        ("ScriptId", input.script_id.is_some()),
        ("EC2InstanceType", input.ec2_instance_type.is_some()),
        (
            "EC2InboundPermissions",
            input.ec2_inbound_permissions.is_some(),
        ),
        ("FleetType", input.fleet_type.is_some()),
        ("ServerLaunchPath", input.server_launch_path.is_some()),
        (
            "CertificateConfiguration GENERATED",
            input
                .certificate_configuration
                .as_ref()
                .is_some_and(generated),
        ),
    ];
    match refused.into_iter().find(|(_, given)| *given) {
        Some((name, _)) => Err(invalid(format!(
            "{name} is not supported for compute type ANYWHERE."
        ))),
        None => Ok(()),
    }
}

fn places(world: &World, input: &CreateFleetInput, managed: bool) -> Result<Vec<Location>, Fault> {
    let home = Location::from(world.settings.region.as_str());
    let Some(given) = &input.locations else {
        if managed {
            return Ok(vec![home]);
        }
        return Err(invalid("Locations is required for compute type ANYWHERE."));
    };
    let mut places = Vec::new();
    for given in given {
        let place = if managed {
            locations::managed(world, &given.location)?
        } else {
            locations::custom(world, &given.location)?
        };
        if places.contains(&place) {
            return Err(invalid(format!("Location {place} is given twice.")));
        }
        places.push(place);
    }
    if places.len() > world.settings.limits.locations_per_fleet {
        return Err(fault(
            FaultCode::LimitExceeded,
            "Too many locations for one fleet.",
        ));
    }
    if managed {
        let Some(at) = places.iter().position(|place| *place == home) else {
            return Err(invalid(format!(
                "Locations must contain the home region {home}."
            )));
        };
        places.remove(at);
        places.insert(0, home);
    }
    Ok(places)
}

/// What Realtime fleets open by themselves (api.md 5.1).
pub(crate) fn realtime_permissions() -> Vec<IpPermission> {
    let permission = |from_port, to_port, protocol| IpPermission {
        from_port,
        to_port,
        ip_range: "0.0.0.0/0".into(),
        protocol,
    };
    vec![
        permission(33400, 33500, IpProtocol::Udp),
        permission(1900, 2000, IpProtocol::Tcp),
    ]
}
