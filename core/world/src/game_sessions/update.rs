//! UpdateGameSession.

use super::create::seats;
use super::{find, shown};
use crate::World;
use crate::fault::{fault, invalid};
use crate::turn::Turn;
use api::{
    Fault, FaultCode, GameProperty, GameSessionStatus, UpdateGameSessionInput,
    UpdateGameSessionOutput,
};

/// How many properties a session can have.
const PROPERTIES_MAX: usize = 16;

/// UpdateGameSession. What is not given stays; properties are added or replaced by key.
pub(crate) fn update(
    world: &mut World,
    _: &mut Turn<'_>,
    input: UpdateGameSessionInput,
) -> Result<UpdateGameSessionOutput, Fault> {
    let row = find(world, &input.game_session_id)?;
    let id = row.id.clone();
    match row.status {
        GameSessionStatus::Active => {}
        GameSessionStatus::Activating => {
            let message = format!("Game session {id} is being activated; wait until it is ACTIVE");
            return Err(fault(FaultCode::NotReady, message));
        }
        status @ (GameSessionStatus::Terminating
        | GameSessionStatus::Terminated
        | GameSessionStatus::Error) => {
            let message = format!("Game session {id} is {status}; only ACTIVE ones can be changed");
            return Err(fault(FaultCode::InvalidGameSessionStatus, message));
        }
    }
    let maximum = input
        .maximum_player_session_count
        .map(|asked| seats(world, asked))
        .transpose()?;
    let properties = merged(&row.properties, input.game_properties.unwrap_or_default())?;
    world.game_sessions.edit(&id, |row| {
        row.maximum = maximum.unwrap_or(row.maximum);
        row.name = input.name.or_else(|| row.name.take());
        row.policy = input.player_session_creation_policy.unwrap_or(row.policy);
        row.protection = input.protection_policy.unwrap_or(row.protection);
        row.properties = properties;
    });
    let row = world.game_sessions.get(&id).expect("it was there just now");
    Ok(UpdateGameSessionOutput {
        game_session: Some(shown(world, row)),
    })
}

fn merged(old: &[GameProperty], new: Vec<GameProperty>) -> Result<Vec<GameProperty>, Fault> {
    let mut all = old.to_vec();
    for property in new {
        match all.iter_mut().find(|own| own.key == property.key) {
            Some(own) => own.value = property.value,
            None => all.push(property),
        }
    }
    if all.len() > PROPERTIES_MAX {
        let message = format!(
            "A game session can have at most {PROPERTIES_MAX} game properties; with these it would have {}",
            all.len()
        );
        return Err(invalid(message));
    }
    Ok(all)
}
