//! What must be true after every turn, whatever happened. Simulations and tests ask [`crate::World::check`].

use api::{GameSessionStatus, PlayerSessionStatus};
use std::collections::BTreeMap;

use crate::World;
use crate::processes::State;
use crate::table::Row;

/// The first rule that is broken, in words.
pub(crate) fn check(world: &World) -> Result<(), String> {
    processes_and_sessions(world)?;
    one_seat_a_player(world)?;
    hosts(world)
}

/// A session that runs has a process that knows it, and a process hosts one session at a time.
fn processes_and_sessions(world: &World) -> Result<(), String> {
    let mut hosted = BTreeMap::new();
    for row in world
        .processes
        .iter()
        .filter(|row| row.state == State::Active)
    {
        if let Some(session) = &row.session
            && let Some(other) = hosted.insert(session, Row::key(row))
        {
            return Err(format!(
                "{session} runs in {other} and in {}",
                Row::key(row)
            ));
        }
    }
    for session in world.game_sessions.iter() {
        if session.is_live() && !hosted.contains_key(&session.id) {
            return Err(format!(
                "{} is {} and no process hosts it",
                session.id, session.status
            ));
        }
    }
    Ok(())
}

/// No session has more players than seats; true only as long as nobody makes the seats fewer.
pub(crate) fn check_seats(world: &World) -> Result<(), String> {
    for session in world.game_sessions.iter() {
        let taken = world.player_sessions.current(&session.id);
        if taken > session.maximum {
            return Err(format!(
                "{} has {taken} players on {} seats",
                session.id, session.maximum
            ));
        }
    }
    Ok(())
}

/// A player session that stands belongs to a session that runs, and every reservation has an end.
fn one_seat_a_player(world: &World) -> Result<(), String> {
    for row in world.player_sessions.iter().filter(|row| row.is_open()) {
        let session = world.game_sessions.get(&row.game_session);
        if !session.is_some_and(|session| session.is_live()) {
            return Err(format!(
                "{} is {} in a session that does not run",
                row.id, row.status
            ));
        }
        let activating =
            session.is_some_and(|session| session.status == GameSessionStatus::Activating);
        if row.status == PlayerSessionStatus::Reserved && row.expires.is_none() && !activating {
            return Err(format!("the reservation {} has no end", row.id));
        }
    }
    Ok(())
}

/// A live process has a host.
fn hosts(world: &World) -> Result<(), String> {
    for row in world.processes.iter().filter(|row| row.is_live()) {
        if world.host(&row.fleet, &row.compute).is_none() {
            return Err(format!(
                "{} lives on a compute that is not known",
                Row::key(row)
            ));
        }
    }
    Ok(())
}
