//! What happens to a session after its start: activation or its timeout, termination, and its end with its process.

use ids::GameSessionId;
use serversdk::{PlayerSessionPolicy, Refusal, TerminationReason, server};

use super::{GameSession, find, shown};
use crate::World;
use crate::fault::{fault, invalid};
use crate::process_ends::{self, Cause, Gone};
use crate::processes::{self, ProcessKey};
use crate::timers::Timer;
use crate::turn::Turn;
use crate::{fleet_events, metrics, player_sessions};
use api::{
    Fault, FaultCode, GameSessionStatus, GameSessionStatusReason, PlayerSessionCreationPolicy,
    TerminateGameSessionInput, TerminateGameSessionOutput, TerminationMode,
};

/// What the process is told.
pub(super) fn start_message(row: &GameSession) -> server::CreateGameSession {
    let properties = row.properties.iter();
    server::CreateGameSession {
        game_session_id: row.id.to_string(),
        game_session_name: row.name.clone().unwrap_or_default(),
        game_session_data: row.data.clone().unwrap_or_default(),
        matchmaker_data: row.matchmaker_data.clone().unwrap_or_default(),
        maximum_player_session_count: row.maximum,
        ip_address: row.ip_address.clone(),
        port: row.port,
        dns_name: row.dns_name.clone(),
        game_properties: properties
            .map(|own| (own.key.clone(), own.value.clone()))
            .collect(),
        hoist_location: row.location.to_string(),
    }
}

/// What a process that has reconnected must be told again, because it may never have heard it.
pub(crate) fn start_message_if_activating(
    world: &World,
    id: &GameSessionId,
) -> Option<server::CreateGameSession> {
    let row = world.game_sessions.get(id)?;
    (row.status == GameSessionStatus::Activating).then(|| start_message(row))
}

/// The session that a process hosts and names.
pub(crate) fn hosted(
    world: &World,
    key: &ProcessKey,
    text: &str,
) -> Result<GameSessionId, Refusal> {
    let id = world.settings.origin().game_session_in(text);
    let row = id.and_then(|id| world.game_sessions.get(&id));
    let row = row.ok_or_else(|| Refusal::not_found(format!("game session {text} is not known")))?;
    if row.process != *key {
        return Err(Refusal::bad_request(
            "the game session belongs to another process",
        ));
    }
    Ok(row.id.clone())
}

/// ActivateGameSession. Saying it twice does no harm.
pub(crate) fn activate(
    world: &mut World,
    turn: &mut Turn<'_>,
    key: &ProcessKey,
    text: &str,
) -> Result<(), Refusal> {
    let id = hosted(world, key, text)?;
    match world.game_sessions.get(&id).map(|row| row.status) {
        Some(GameSessionStatus::Activating) => {}
        Some(GameSessionStatus::Active | GameSessionStatus::Terminating) => return Ok(()),
        Some(GameSessionStatus::Terminated | GameSessionStatus::Error) | None => {
            return Err(Refusal::bad_request("the game session has ended"));
        }
    }
    world.timers.clear(&Timer::GameSession(id.clone()));
    world
        .game_sessions
        .edit(&id, |row| row.status = GameSessionStatus::Active);
    player_sessions::session_activated(world, turn, &id);
    processes::session_activated(world, turn, key, &id);
    Ok(())
}

/// UpdatePlayerSessionCreationPolicy.
pub(crate) fn set_policy(
    world: &mut World,
    key: &ProcessKey,
    call: &server::UpdatePlayerSessionCreationPolicy,
) -> Result<(), Refusal> {
    let id = hosted(world, key, &call.game_session_id)?;
    if !world
        .game_sessions
        .get(&id)
        .is_some_and(GameSession::is_live)
    {
        return Err(Refusal::bad_request("the game session has ended"));
    }
    let policy = match call.player_session_policy {
        PlayerSessionPolicy::AcceptAll => PlayerSessionCreationPolicy::AcceptAll,
        PlayerSessionPolicy::DenyAll => PlayerSessionCreationPolicy::DenyAll,
    };
    world.game_sessions.edit(&id, |row| row.policy = policy);
    Ok(())
}

/// TerminateGameSession.
pub(crate) fn terminate(
    world: &mut World,
    turn: &mut Turn<'_>,
    input: TerminateGameSessionInput,
) -> Result<TerminateGameSessionOutput, Fault> {
    let row = find(world, &input.game_session_id)?;
    let (id, key, mode) = (row.id.clone(), row.process.clone(), input.termination_mode);
    if !row.is_live() {
        let message = format!("Game session {id} has ended already: it is {}", row.status);
        return Err(fault(FaultCode::InvalidGameSessionStatus, message));
    }
    let repeated = row.terminating == Some(mode);
    match mode {
        TerminationMode::ForceTerminate => {
            if !world.has_agent(&row.fleet, &row.compute) {
                let message = "FORCE_TERMINATE needs an agent on the compute, and this one has none; \
                               use TRIGGER_ON_PROCESS_TERMINATE";
                return Err(invalid(message));
            }
            world
                .game_sessions
                .edit(&id, |row| row.terminating = Some(mode));
            let cause = Cause::Ordered(TerminationReason::CustomerInitiated);
            process_ends::give_up(world, turn, &key, &cause);
        }
        TerminationMode::TriggerOnProcessTerminate if !repeated => {
            world.timers.clear(&Timer::GameSession(id.clone()));
            world.game_sessions.edit(&id, |row| {
                row.status = GameSessionStatus::Terminating;
                row.terminating = row.terminating.or(Some(mode));
            });
            process_ends::terminate(world, turn, &key);
        }
        TerminationMode::TriggerOnProcessTerminate => {}
    }
    let row = world
        .game_sessions
        .get(&id)
        .expect("ended sessions are remembered");
    Ok(TerminateGameSessionOutput {
        game_session: Some(shown(world, row)),
    })
}

/// The process of a session is gone, and the session with it.
pub(crate) fn process_gone(world: &mut World, turn: &Turn<'_>, id: &GameSessionId, gone: Gone) {
    let Some(row) = world.game_sessions.get(id) else {
        return;
    };
    if !row.is_live() {
        return;
    }
    let reason = match (row.terminating, gone) {
        (Some(TerminationMode::ForceTerminate), _) => {
            Some(GameSessionStatusReason::ForceTerminated)
        }
        (Some(TerminationMode::TriggerOnProcessTerminate), _) => {
            Some(GameSessionStatusReason::TriggeredOnProcessTerminate)
        }
        (None, Gone::Interrupted) => Some(GameSessionStatusReason::Interrupted),
        (None, Gone::Ended | Gone::Failed) => None,
    };
    let now = turn.now;
    let (fleet, location) = (row.fleet.clone(), row.location.clone());
    if reason == Some(GameSessionStatusReason::Interrupted) {
        metrics::count(
            world,
            metrics::Counter::GameSessionInterruptions,
            &fleet,
            &location,
        );
    }
    world.timers.clear(&Timer::GameSession(id.clone()));
    world.game_sessions.edit(id, |row| {
        row.status = GameSessionStatus::Terminated;
        row.reason = reason;
        row.ended = Some(now);
    });
    player_sessions::session_ended(world, turn, id);
}

/// The session was not activated in time: its process is killed, which ends the session.
pub(crate) fn on_timer(world: &mut World, turn: &mut Turn<'_>, id: &GameSessionId) {
    let Some(row) = world.game_sessions.get(id) else {
        return;
    };
    if row.status != GameSessionStatus::Activating {
        return;
    }
    if row.activate_by > turn.now {
        world
            .timers
            .set(Timer::GameSession(id.clone()), row.activate_by);
        return;
    }
    let (key, fleet, compute) = (row.process.clone(), row.fleet.clone(), row.compute.clone());
    let seconds = row.activate_by.since(row.created).as_secs();
    let message =
        format!("Game session {id} on {compute} was not activated within {seconds} seconds");
    fleet_events::record(
        world,
        turn,
        &fleet,
        "GAME_SESSION_ACTIVATION_TIMEOUT",
        &message,
    );
    let cause = Cause::Ordered(TerminationReason::ForceTerminated);
    process_ends::give_up(world, turn, &key, &cause);
    // The process may have been given up before; the session ends in any case.
    process_gone(world, turn, id, Gone::Failed);
}
