//! The links of agents: who may connect, what each compute should be, and what it tells of its processes.

use api::GameSessionStatus;
use ids::{ComputeName, FleetId, InstanceId, Location, ProcessId, Time};
use serversdk::agent::{self, ComputeStatus, HoistConfigure, Push, Request, Response};
use serversdk::{AgentConnect, Authorization, CertificateType, PortRange, Refusal, Status};

use crate::World;
use crate::effects::{Effect, LinkId};
use crate::fleets::Fleet;
use crate::links::AgentLink;
use crate::process_ends::{self, Cause, terminate};
use crate::processes::{ProcessKey, State};
use crate::table::Row;
use crate::turn::Turn;
use crate::{fleet_events, fleet_locations, fleet_settings, fleets, instances, logs};

pub(crate) fn connect(
    world: &mut World,
    turn: &Turn<'_>,
    link: LinkId,
    connect: &AgentConnect,
) -> Result<(), Refusal> {
    let (fleet, compute) = (&connect.fleet_id, &connect.compute_name);
    if world.host(fleet, compute).is_none() {
        return Err(Refusal::new(
            Status::Forbidden,
            "fleet or compute is not known",
        ));
    }
    if let Authorization::Token(token) = &connect.authorization
        && !admits(world, token, fleet, compute, turn.now)
    {
        return Err(Refusal::new(
            Status::Forbidden,
            "the token is not valid for this compute",
        ));
    }
    let new = AgentLink {
        link,
        hoist: connect.hoist,
        since: turn.now,
    };
    world.links.insert_agent(fleet, compute, new);
    if world.instances.host(fleet, compute).is_some() {
        instances::agent_here(world, turn, &InstanceId::from(compute.as_str()));
    } else {
        configure_compute(world, fleet, compute);
    }
    say_again(world, fleet, compute);
    Ok(())
}

/// What an agent may have missed: which processes are ready, and which of them host a session.
fn say_again(world: &mut World, fleet: &FleetId, compute: &ComputeName) {
    let active = world
        .processes
        .of_compute(fleet, compute)
        .filter(|row| row.state == State::Active);
    let mut pushes = Vec::new();
    for row in active {
        pushes.push(Push::NotifyProcessRegistered(
            agent::NotifyProcessRegistered {
                process_id: row.process.clone(),
                log_paths: row.log_paths.clone(),
            },
        ));
        let session = row
            .session
            .as_ref()
            .and_then(|id| world.game_sessions.get(id));
        if let Some(session) = session.filter(|row| row.status != GameSessionStatus::Activating) {
            pushes.push(Push::NotifyGameSessionActivated(
                agent::NotifyGameSessionActivated {
                    process_id: row.process.clone(),
                    game_session_id: session.id.to_string(),
                },
            ));
        }
    }
    for push in pushes {
        world.tell_agent(fleet, compute, push);
    }
}

/// Whether the token is good for this compute; an instance's own token is good as long as it lives.
pub(crate) fn admits(
    world: &World,
    token: &str,
    fleet: &FleetId,
    compute: &ComputeName,
    now: Time,
) -> bool {
    let own = world
        .instances
        .get(compute.as_str())
        .filter(|row| row.fleet == *fleet);
    own.is_some_and(|row| row.token == token) || world.tokens.admits(token, fleet, compute, now)
}

/// Content is for computes of this deployment and for nobody else.
pub(crate) fn may_fetch(world: &World, token: &str, hash: &str, now: Time) -> bool {
    let known = world.scripts.hashes().contains(hash) || world.builds.hashes().contains(hash);
    known && (world.tokens.is_known(token, now) || world.instances.has_token(token))
}

/// Where a compute is.
pub(crate) struct Place {
    pub(crate) compute: ComputeName,
    pub(crate) location: Location,
    pub(crate) ip_address: String,
    pub(crate) dns_name: String,
    pub(crate) tcp_ports: PortRange,
    pub(crate) udp_ports: PortRange,
}

/// What a compute of this fleet should be.
pub(crate) fn configuration(world: &World, fleet: &Fleet, place: Place) -> HoistConfigure {
    let generated = fleet
        .attributes
        .certificate_configuration
        .as_ref()
        .is_some_and(|own| own.certificate_type == api::CertificateType::Generated);
    let script = fleet.script().and_then(|id| world.scripts.get(&id));
    let content = fleets::content(world, fleet).map(|content| agent::Content {
        script_id: script.map(|script| script.id.clone()),
        hash: content.hash.clone(),
        url: format!("{}/{}", world.settings.content_url, content.hash),
        size: content.size,
        node_js_version: script
            .map(|row| row.node_js_version.clone())
            .unwrap_or_default(),
    });
    HoistConfigure {
        generation: fleet.generation,
        fleet_id: fleet.id(),
        fleet_arn: world.settings.fleet_arn(&fleet.id),
        fleet_name: fleet.attributes.name.clone().unwrap_or_default(),
        compute_name: place.compute,
        location: place.location.to_string(),
        region: world.settings.region.clone(),
        ip_address: place.ip_address,
        dns_name: place.dns_name,
        certificate_type: if generated {
            CertificateType::Generated
        } else {
            CertificateType::Disabled
        },
        content,
        runtime_configuration: fleet_settings::for_agent(fleet),
        tcp_ports: place.tcp_ports,
        udp_ports: place.udp_ports,
        service_sdk_endpoint: world.settings.service_sdk_endpoint.clone(),
        log_upload_url: world.settings.log_upload_url.clone(),
    }
}

/// Sends something that only our own agent understands.
pub(crate) fn tell_ours(world: &mut World, fleet: &FleetId, compute: &ComputeName, push: Push) {
    if let Some(agent) = world
        .links
        .agent(fleet, compute)
        .filter(|agent| agent.hoist)
    {
        world.effects.push(Effect::Agent(agent.link, push));
    }
}

fn configure_compute(world: &mut World, fleet: &FleetId, compute: &ComputeName) {
    let Some(host) = world.computes.host(fleet, compute) else {
        return;
    };
    let Some(row) = world.fleets.get(fleet) else {
        return;
    };
    let place = Place {
        compute: compute.clone(),
        location: host.location,
        ip_address: host.ip_address,
        dns_name: host.dns_name,
        tcp_ports: world.settings.tcp_ports,
        udp_ports: world.settings.udp_ports,
    };
    let push = Push::HoistConfigure(Box::new(configuration(world, row, place)));
    tell_ours(world, fleet, compute, push);
}

/// Tells every registered compute of a fleet what it should be.
pub(crate) fn configure_computes(world: &mut World, fleet: &FleetId) {
    for compute in world.computes.names(fleet) {
        configure_compute(world, fleet, &compute);
    }
}

pub(crate) fn request(
    world: &mut World,
    turn: &mut Turn<'_>,
    agent: &(FleetId, ComputeName),
    request: Request,
) -> Result<Response, Refusal> {
    match request {
        Request::SendHeartbeat(beat) => Ok(Response::SendHeartbeat(heartbeat(
            world, turn, agent, &beat,
        ))),
        Request::DescribeRuntimeConfiguration => {
            let row = world.fleets.get(&agent.0);
            let row = row.ok_or_else(|| Refusal::not_found("the fleet is not known any more"))?;
            Ok(Response::DescribeRuntimeConfiguration(
                fleet_settings::for_agent(row),
            ))
        }
        Request::GetFleetRoleCredentials(_) => Err(Refusal::bad_request(
            "fleet roles are not offered by this deployment",
        )),
        Request::NotifyServerProcessTermination(gone) => {
            process_gone(world, turn, agent, &gone);
            Ok(Response::NotifyServerProcessTermination)
        }
        Request::HoistReport(report) => {
            self::report(world, turn, agent, &report);
            Ok(Response::HoistReport)
        }
        Request::HoistRetire(retire) => {
            for process in &retire.process_ids {
                self::retire(world, turn, agent, process);
            }
            Ok(Response::HoistRetire)
        }
        Request::HoistLogLines(lines) => {
            logs::lines(world, agent, lines);
            Ok(Response::HoistLogLines)
        }
    }
}

fn heartbeat(
    world: &mut World,
    turn: &mut Turn<'_>,
    (fleet, compute): &(FleetId, ComputeName),
    beat: &agent::SendHeartbeat,
) -> agent::HeartbeatAnswer {
    if beat.hoist_complete {
        compare(world, turn, (fleet, compute), &beat.process_list);
    }
    let mut answer = agent::HeartbeatAnswer {
        status: ComputeStatus::Active,
        unhealthy_processes: Vec::new(),
        unregistered_processes: Vec::new(),
    };
    for process in &beat.process_list {
        match world
            .processes
            .get(&ProcessKey::new(fleet, compute, process))
        {
            None => answer.unregistered_processes.push(process.clone()),
            Some(row) if row.given_up => answer.unhealthy_processes.push(process.clone()),
            Some(_) => {}
        }
    }
    if world.instances.is_draining(compute) {
        answer.status = ComputeStatus::Terminating;
    }
    answer
}

/// An agent that has just connected names everything that runs. A process that is neither named nor connected is gone.
fn compare(
    world: &mut World,
    turn: &mut Turn<'_>,
    (fleet, compute): (&FleetId, &ComputeName),
    running: &[ProcessId],
) {
    let since = world
        .links
        .agent(fleet, compute)
        .map_or(turn.now, |agent| agent.since);
    let gone: Vec<_> = world
        .processes
        .of_compute(fleet, compute)
        .filter(|row| row.state != State::Ended && row.connected < since)
        .filter(|row| !running.contains(&row.process))
        .map(Row::key)
        .filter(|key| world.processes.pulse(key).link.is_none())
        .collect();
    for key in gone {
        process_ends::exited(
            world,
            turn,
            &key,
            None,
            "It ended while its agent was away.",
        );
    }
}

fn process_gone(
    world: &mut World,
    turn: &mut Turn<'_>,
    (fleet, compute): &(FleetId, ComputeName),
    gone: &agent::NotifyServerProcessTermination,
) {
    let key = ProcessKey::new(fleet, compute, &gone.process_id);
    if world.processes.get(&key).is_some() {
        process_ends::exited(world, turn, &key, gone.event_code, &gone.hoist_message);
        return;
    }
    // It never connected; there is no row, only the agent's word.
    let Some(code) = gone.event_code else { return };
    let text = process_ends::sentence(code, process_ends::tail(&gone.hoist_message));
    fleet_events::record(world, turn, fleet, code.as_str(), &text);
    let Some(host) = world.host(fleet, compute) else {
        return;
    };
    fleet_locations::process_failed(world, turn, fleet, &host.location, &text);
}

fn report(
    world: &mut World,
    turn: &mut Turn<'_>,
    (fleet, compute): &(FleetId, ComputeName),
    report: &agent::HoistReport,
) {
    let Some(row) = world.instances.get(compute.as_str()) else {
        return;
    };
    let current = world.fleets.get(fleet).map(|fleet| fleet.generation);
    if row.fleet != *fleet || current != Some(report.generation) {
        return; // about a configuration that has been replaced meanwhile
    }
    let (id, location) = (row.id.clone(), row.location.clone());
    if report.step == agent::DeployStep::Launching {
        instances::set_certificate_path(world, &id, &report.certificate_path);
        instances::deployed(world, turn, &id, report.generation);
    }
    let message = process_ends::tail(&report.message);
    fleet_locations::report(world, turn, (fleet, &location), report.step, message);
}

/// The process runs an old version: it ends when it is idle, and is not chosen again in any case.
fn retire(
    world: &mut World,
    turn: &mut Turn<'_>,
    (fleet, compute): &(FleetId, ComputeName),
    process: &ProcessId,
) {
    let key = ProcessKey::new(fleet, compute, process);
    let Some(row) = world.processes.get(&key) else {
        return;
    };
    if !row.is_live() {
        return;
    }
    if row.session.is_none() && row.state == State::Active {
        terminate(world, turn, &key);
    } else if row.session.is_none() {
        let reason = serversdk::TerminationReason::CustomerInitiated;
        process_ends::give_up(world, turn, &key, &Cause::Ordered(reason));
    } else {
        world.processes.edit(&key, |row| row.retiring = true);
    }
}
