//! What server processes say of their players: they come (AcceptPlayerSession) and go (RemovePlayerSession).

use ids::PlayerSessionId;
use serversdk::{Refusal, server};

use super::PlayerSession;
use super::reserve::end;
use crate::World;
use crate::game_sessions;
use crate::metrics;
use crate::processes::ProcessKey;
use crate::timers::Timer;
use crate::turn::Turn;
use api::PlayerSessionStatus;

/// AcceptPlayerSession: RESERVED becomes ACTIVE. A process that asks again, because the answer was lost, is granted it again:
/// otherwise nobody would ever sit in that seat.
pub(crate) fn accept(
    world: &mut World,
    turn: &Turn<'_>,
    key: &ProcessKey,
    call: &server::PlayerSessionCall,
) -> Result<server::AcceptedPlayer, Refusal> {
    let row = own(world, key, call, Refusal::bad_request)?;
    let (id, game_session) = (row.id.clone(), row.game_session.clone());
    if row.expires.is_some_and(|expires| expires <= turn.now) {
        end(world, turn, &id, PlayerSessionStatus::Timedout);
        return Err(not_reserved(&id, PlayerSessionStatus::Timedout));
    }
    let again = call.hoist_again && row.status == PlayerSessionStatus::Active;
    if row.status != PlayerSessionStatus::Reserved && !again {
        return Err(not_reserved(&id, row.status));
    }
    let accepted = if call.hoist_with_player {
        server::AcceptedPlayer {
            hoist_player_id: Some(row.player.to_string()),
            hoist_player_data: row.data.clone(),
        }
    } else {
        server::AcceptedPlayer::default()
    };
    if again {
        return Ok(accepted);
    }
    world.timers.clear(&Timer::PlayerSession(id.clone()));
    world.player_sessions.edit(&id, |row| {
        row.status = PlayerSessionStatus::Active;
        row.expires = None;
    });
    if let Some(session) = world.game_sessions.get(&game_session) {
        let (fleet, location) = (session.fleet.clone(), session.location.clone());
        metrics::count(
            world,
            metrics::Counter::PlayerSessionActivations,
            &fleet,
            &location,
        );
    }
    Ok(accepted)
}

/// RemovePlayerSession: RESERVED or ACTIVE becomes COMPLETED.
pub(crate) fn leave(
    world: &mut World,
    turn: &Turn<'_>,
    key: &ProcessKey,
    call: &server::PlayerSessionCall,
) -> Result<(), Refusal> {
    let row = own(world, key, call, Refusal::not_found)?;
    let (id, status) = (row.id.clone(), row.status);
    if !row.is_open() {
        return Err(Refusal::bad_request(format!(
            "the player session is {status} already"
        )));
    }
    end(world, turn, &id, PlayerSessionStatus::Completed);
    Ok(())
}

/// The service's own words, which log readers look for (realtime.md 4.4).
fn not_reserved(id: &PlayerSessionId, status: PlayerSessionStatus) -> Refusal {
    let message = format!("PlayerSession ({id}) has a status of {status} instead of RESERVED");
    Refusal::bad_request(message)
}

/// The player session that the call names, when it belongs to the session that this process hosts.
fn own<'a>(
    world: &'a World,
    key: &ProcessKey,
    call: &server::PlayerSessionCall,
    unknown: fn(String) -> Refusal,
) -> Result<&'a PlayerSession, Refusal> {
    let game_session = game_sessions::hosted(world, key, &call.game_session_id)?;
    let id = PlayerSessionId::from(call.player_session_id.as_str());
    let row = world.player_sessions.get(&id);
    row.filter(|row| row.game_session == game_session)
        .ok_or_else(|| {
            unknown(format!(
                "player session {id} does not belong to this game session"
            ))
        })
}
