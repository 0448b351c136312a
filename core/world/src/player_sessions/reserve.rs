//! Seats are reserved by CreatePlayerSession(s) and by whoever starts a session with players in it; a reservation that
//! nobody takes ends.

use ids::{GameSessionId, PlayerId, PlayerSessionId};
use std::collections::BTreeSet;

use super::PlayerSession;
use super::describe::shown;
use crate::World;
use crate::fault::{fault, invalid};
use crate::game_sessions;
use crate::table::Row;
use crate::timers::Timer;
use crate::turn::Turn;
use api::{
    CreatePlayerSessionInput, CreatePlayerSessionOutput, CreatePlayerSessionsInput,
    CreatePlayerSessionsOutput, Fault, FaultCode, GameSessionStatus, PlayerSessionCreationPolicy,
    PlayerSessionStatus,
};

/// CreatePlayerSession.
pub(crate) fn create(
    world: &mut World,
    turn: &mut Turn<'_>,
    input: CreatePlayerSessionInput,
) -> Result<CreatePlayerSessionOutput, Fault> {
    let id = with_seats(world, &input.game_session_id, 1)?;
    let players = vec![(PlayerId::from(input.player_id), input.player_data)];
    let made = reserve(world, turn, &id, players);
    let shown = made.first().and_then(|id| shown(world, id));
    Ok(CreatePlayerSessionOutput {
        player_session: shown,
    })
}

/// CreatePlayerSessions: all of them or none.
pub(crate) fn create_several(
    world: &mut World,
    turn: &mut Turn<'_>,
    input: CreatePlayerSessionsInput,
) -> Result<CreatePlayerSessionsOutput, Fault> {
    let distinct: BTreeSet<_> = input.player_ids.iter().collect();
    if distinct.len() != input.player_ids.len() {
        return Err(invalid("PlayerIds must be distinct"));
    }
    let id = with_seats(world, &input.game_session_id, input.player_ids.len())?;
    let mut data = input.player_data_map.unwrap_or_default();
    let players = input.player_ids.into_iter().map(|player| {
        let own = data.remove(&player);
        (PlayerId::from(player), own)
    });
    let made = reserve(world, turn, &id, players.collect());
    let shown = made.iter().filter_map(|id| shown(world, id)).collect();
    Ok(CreatePlayerSessionsOutput {
        player_sessions: Some(shown),
    })
}

/// The game session, if it takes that many more players.
fn with_seats(world: &World, text: &str, wanted: usize) -> Result<GameSessionId, Fault> {
    let row = game_sessions::find(world, text)?;
    let id = &row.id;
    let refused = |message| Err(fault(FaultCode::InvalidGameSessionStatus, message));
    if row.status != GameSessionStatus::Active {
        return refused(format!(
            "Game session {id} is {}; players can join when it is ACTIVE",
            row.status
        ));
    }
    if row.policy == PlayerSessionCreationPolicy::DenyAll {
        return refused(format!("Game session {id} does not accept new players"));
    }
    let free = row
        .maximum
        .saturating_sub(world.player_sessions.current(id));
    if usize::try_from(free).is_ok_and(|free| wanted > free) {
        let message = format!(
            "Game session {id} is full: {free} of {} seats are free",
            row.maximum
        );
        return Err(fault(FaultCode::GameSessionFull, message));
    }
    Ok(id.clone())
}

/// Reserves seats; whoever calls has seen that they are free. In a session that is being activated, time starts to run with
/// its activation.
pub(crate) fn reserve(
    world: &mut World,
    turn: &mut Turn<'_>,
    game_session: &GameSessionId,
    players: Vec<(PlayerId, Option<String>)>,
) -> Vec<PlayerSessionId> {
    let Some(session) = world.game_sessions.get(game_session) else {
        return Vec::new();
    };
    let fleet = session.fleet.clone();
    let waits = session.status == GameSessionStatus::Activating;
    let expires = (!waits).then(|| turn.now + world.settings.times.reservation);
    let first = world.player_sessions.next_number(game_session);
    let mut made = Vec::new();
    for (number, (player, data)) in (first..).zip(players) {
        let id = PlayerSessionId::from(turn.id("psess"));
        world.player_sessions.insert(PlayerSession {
            id: id.clone(),
            game_session: game_session.clone(),
            fleet: fleet.clone(),
            number,
            player,
            data,
            created: turn.now,
            expires,
            ended: None,
            status: PlayerSessionStatus::Reserved,
        });
        if let Some(expires) = expires {
            world.timers.set(Timer::PlayerSession(id.clone()), expires);
        }
        made.push(id);
    }
    made
}

/// The game session is ACTIVE now: its players can come, and their time runs.
pub(crate) fn session_activated(world: &mut World, turn: &Turn<'_>, game_session: &GameSessionId) {
    let expires = turn.now + world.settings.times.reservation;
    let waiting = world.player_sessions.of_session(game_session, None);
    let waiting = waiting.filter(|row| row.status == PlayerSessionStatus::Reserved);
    let waiting: Vec<_> = waiting.map(Row::key).collect();
    for id in waiting {
        world
            .player_sessions
            .edit(&id, |row| row.expires = Some(expires));
        world.timers.set(Timer::PlayerSession(id), expires);
    }
}

/// The game session has ended, and with it the stay of its players.
pub(crate) fn session_ended(world: &mut World, turn: &Turn<'_>, game_session: &GameSessionId) {
    let open = world
        .player_sessions
        .of_session(game_session, None)
        .filter(|row| row.is_open());
    let open: Vec<_> = open.map(|row| (row.id.clone(), row.status)).collect();
    for (id, status) in open {
        let status = match status {
            PlayerSessionStatus::Reserved => PlayerSessionStatus::Timedout,
            PlayerSessionStatus::Active
            | PlayerSessionStatus::Completed
            | PlayerSessionStatus::Timedout => PlayerSessionStatus::Completed,
        };
        end(world, turn, &id, status);
    }
}

/// Ends a player session.
pub(super) fn end(
    world: &mut World,
    turn: &Turn<'_>,
    id: &PlayerSessionId,
    status: PlayerSessionStatus,
) {
    let now = turn.now;
    world.timers.clear(&Timer::PlayerSession(id.clone()));
    world.player_sessions.edit(id, |row| {
        row.status = status;
        row.expires = None;
        row.ended = Some(now);
    });
}

/// A reservation has not been taken in time.
pub(crate) fn on_timer(world: &mut World, turn: &Turn<'_>, id: &PlayerSessionId) {
    let expires = world.player_sessions.get(id).and_then(|row| row.expires);
    match expires {
        Some(expires) if expires <= turn.now => end(world, turn, id, PlayerSessionStatus::Timedout),
        Some(expires) => world.timers.set(Timer::PlayerSession(id.clone()), expires),
        None => {}
    }
}
