//! The links of server processes: who may connect, what they ask, and what is said again after a reconnect.

use ids::{Location, ProcessId, Time};
use serversdk::{Authorization, Refusal, ServerConnect, Status, server};

use crate::World;
use crate::effects::LinkId;
use crate::links::Peer;
use crate::processes::{Process, ProcessKey, State, send};
use crate::timers::Timer;
use crate::turn::Turn;
use crate::{agents, fleet_locations, game_sessions, metrics, player_sessions, process_ends};
use serversdk::agent;

/// Connected processes of one compute; one more is refused with 429.
const PROCESSES_PER_COMPUTE: usize = 1000;

/// A process opens a connection. A known process resumes; an unknown one is new.
pub(crate) fn connect(
    world: &mut World,
    turn: &Turn<'_>,
    link: LinkId,
    connect: &ServerConnect,
) -> Result<(), Refusal> {
    let (fleet, compute) = (&connect.fleet_id, &connect.compute_name);
    let Some(host) = world.host(fleet, compute) else {
        let message = "fleet or compute is not known; register the compute first";
        return Err(Refusal::new(Status::Forbidden, message));
    };
    let key = ProcessKey::new(fleet, compute, &connect.process_id);
    let known = world.processes.get(&key);
    let known = known.filter(|row| row.state != State::Ended || row.given_up);
    let resumes = known.is_some();
    let token = admitted(world, turn, connect, known)?;
    if !resumes {
        let live = world
            .processes
            .of_compute(fleet, compute)
            .filter(|row| row.is_live());
        if live.count() >= PROCESSES_PER_COMPUTE {
            let message = "too many processes on this compute";
            return Err(Refusal::new(Status::Throttled, message));
        }
        world
            .processes
            .insert(newcomer(connect, host.location, token, turn.now));
    }
    let beat = turn.now;
    let pulse = world.processes.pulse_mut(&key);
    pulse.link = Some(link);
    if pulse.lost.take().is_some() || !resumes {
        pulse.beat = beat;
    }
    world.links.insert(link, Peer::Process(key.clone()));
    world.processes.relist(&key);
    world.timers.set(Timer::Process(key.clone()), turn.now);
    say_again(world, turn, &key);
    if world.instances.is_draining(&connect.compute_name) {
        process_ends::terminate(world, turn, &key);
    }
    Ok(())
}

/// The token with which a process may connect: one of its compute, or the one it has always had.
fn admitted(
    world: &World,
    turn: &Turn<'_>,
    connect: &ServerConnect,
    known: Option<&Process>,
) -> Result<String, Refusal> {
    let Authorization::Token(token) = &connect.authorization else {
        return Ok(String::new());
    };
    let own = known.is_some_and(|row| row.token == *token);
    if own
        || agents::admits(
            world,
            token,
            &connect.fleet_id,
            &connect.compute_name,
            turn.now,
        )
    {
        return Ok(token.clone());
    }
    let message = "the token is not valid for this fleet and compute, or has expired";
    Err(Refusal::new(Status::Forbidden, message))
}

fn newcomer(connect: &ServerConnect, location: Location, token: String, now: Time) -> Process {
    Process {
        fleet: connect.fleet_id.clone(),
        compute: connect.compute_name.clone(),
        process: connect.process_id.clone(),
        location,
        state: State::Connected,
        token,
        sdk_language: connect.sdk_language.clone(),
        connected: now,
        ready: None,
        port: 0,
        log_paths: Vec::new(),
        session: None,
        retiring: false,
        terminate_by: None,
        given_up: false,
        ended: None,
    }
}

/// What may have been lost with the old link or with a restart.
fn say_again(world: &mut World, turn: &Turn<'_>, key: &ProcessKey) {
    let Some(row) = world.processes.get(key).cloned() else {
        return;
    };
    if row.given_up {
        let now = turn.now.as_millis();
        send(
            world,
            key,
            server::Push::TerminateProcess(server::TerminateProcess {
                termination_time: now,
            }),
        );
        return;
    }
    if let (State::Active, Some(session)) = (row.state, &row.session)
        && let Some(message) = game_sessions::start_message_if_activating(world, session)
    {
        send(world, key, server::Push::CreateGameSession(message));
    }
    if let Some(by) = row.terminate_by {
        let push = server::TerminateProcess {
            termination_time: by.as_millis(),
        };
        send(world, key, server::Push::TerminateProcess(push));
    }
}

/// A process has lost a connection. When it was the newest one, it has a while to come back.
pub(crate) fn disconnected(world: &mut World, turn: &Turn<'_>, link: LinkId, key: &ProcessKey) {
    let pulse = world.processes.pulse_mut(key);
    if pulse.link != Some(link) {
        return;
    }
    pulse.link = None;
    pulse.lost = Some(turn.now);
    world.processes.relist(key);
    world.timers.at_most(Timer::Process(key.clone()), turn.now);
}

/// A process asks.
pub(crate) fn request(
    world: &mut World,
    turn: &mut Turn<'_>,
    key: &ProcessKey,
    request: server::Request,
) -> Result<server::Response, Refusal> {
    use server::{Request, Response};
    match request {
        Request::ActivateServerProcess(ready) => {
            activate(world, turn, key, ready).map(|()| Response::ActivateServerProcess)
        }
        Request::HeartbeatServerProcess(beat) => {
            heartbeat(world, turn, key, beat.health_status);
            Ok(Response::HeartbeatServerProcess)
        }
        Request::ActivateGameSession(call) => {
            game_sessions::activate(world, turn, key, &call.game_session_id)
                .map(|()| Response::ActivateGameSession)
        }
        Request::UpdatePlayerSessionCreationPolicy(call) => {
            game_sessions::set_policy(world, key, &call)
                .map(|()| Response::UpdatePlayerSessionCreationPolicy)
        }
        Request::AcceptPlayerSession(call) => {
            player_sessions::accept(world, turn, key, &call).map(Response::AcceptPlayerSession)
        }
        Request::RemovePlayerSession(call) => {
            player_sessions::leave(world, turn, key, &call).map(|()| Response::RemovePlayerSession)
        }
        Request::DescribePlayerSessions(call) => {
            player_sessions::describe_to_server(world, &call).map(Response::DescribePlayerSessions)
        }
        Request::StartMatchBackfill(_) | Request::StopMatchBackfill(_) => Err(
            Refusal::bad_request("backfill is not supported by this version"),
        ),
        Request::GetComputeCertificate => certificate(world, key),
        Request::GetFleetRoleCredentials(_) => role_credentials(world, key),
        Request::TerminateServerProcess => {
            process_ends::ending(world, turn, key);
            Ok(Response::TerminateServerProcess)
        }
    }
}

fn activate(
    world: &mut World,
    turn: &mut Turn<'_>,
    key: &ProcessKey,
    ready: server::ActivateServerProcess,
) -> Result<(), Refusal> {
    if !(1..=60_000).contains(&ready.port) {
        return Err(Refusal::bad_request("Port must be between 1 and 60000"));
    }
    let row = world.processes.get(key).ok_or_else(unknown_process)?;
    let first = match row.state {
        State::Connected => true,
        State::Active if row.port != ready.port && row.session.is_some() => {
            let message = "the port cannot change while a game session is hosted";
            return Err(Refusal::new(Status::Conflict, message));
        }
        State::Active => false,
        State::Ending | State::Ended => return Err(Refusal::bad_request("the process has ended")),
    };
    let (fleet, compute, location) = (row.fleet.clone(), row.compute.clone(), row.location.clone());
    let process_id: ProcessId = row.process.clone();
    let now = turn.now;
    world.processes.pulse_mut(key).beat = now;
    let log_paths = ready.log_paths.clone();
    world.processes.edit(key, |row| {
        row.state = State::Active;
        row.ready = row.ready.or(Some(now));
        row.port = ready.port;
        row.log_paths = ready.log_paths;
    });
    world.timers.set(Timer::Process(key.clone()), now);
    if first {
        metrics::count(
            world,
            metrics::Counter::ServerProcessActivations,
            &fleet,
            &location,
        );
        fleet_locations::process_ready(world, turn, &fleet, &location);
    }
    let registered = agent::NotifyProcessRegistered {
        process_id,
        log_paths,
    };
    world.tell_agent(
        &fleet,
        &compute,
        agent::Push::NotifyProcessRegistered(registered),
    );
    Ok(())
}

fn heartbeat(world: &mut World, turn: &Turn<'_>, key: &ProcessKey, healthy: bool) {
    let pulse = world.processes.pulse_mut(key);
    pulse.beat = turn.now;
    let before = pulse.misses;
    pulse.misses = if healthy { 0 } else { before + 1 };
    if pulse.misses != before {
        world.processes.relist(key);
    }
    world.timers.set(Timer::Process(key.clone()), turn.now);
}

fn certificate(world: &World, key: &ProcessKey) -> Result<server::Response, Refusal> {
    let row = world.processes.get(key).ok_or_else(unknown_process)?;
    let path = world
        .host(&row.fleet, &row.compute)
        .map(|host| host.certificate_path);
    match path.filter(|path| !path.is_empty()) {
        Some(certificate_path) => Ok(server::Response::GetComputeCertificate(
            server::ComputeCertificate {
                certificate_path,
                compute_name: row.compute.to_string(),
            },
        )),
        None => Err(Refusal::not_found("this compute has no certificate")),
    }
}

/// An empty answer tells the SDK that the compute is not managed; we hand out no credentials of other clouds.
fn role_credentials(world: &World, key: &ProcessKey) -> Result<server::Response, Refusal> {
    let row = world.processes.get(key).ok_or_else(unknown_process)?;
    if world
        .host(&row.fleet, &row.compute)
        .is_some_and(|host| host.managed)
    {
        return Err(Refusal::bad_request(
            "fleet roles are not offered by this deployment",
        ));
    }
    Ok(server::Response::GetFleetRoleCredentials(
        serversdk::FleetRoleCredentials::default(),
    ))
}

fn unknown_process() -> Refusal {
    Refusal::not_found("the process is not known any more")
}
