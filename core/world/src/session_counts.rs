//! Figures of the game sessions of a fleet location, for utilisation and metrics.

use api::GameSessionStatus;
use ids::{FleetId, Location};

use crate::World;
use crate::fleet_settings;
use crate::fleets::Fleet;

/// How many of what.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) activating: usize,
    pub(crate) active: usize,
    pub(crate) current_players: usize,
    /// Seats of active sessions.
    pub(crate) maximum_players: usize,
    /// Free seats of active sessions.
    pub(crate) available_players: usize,
}

pub(crate) fn counts(world: &World, fleet: &FleetId, location: &Location) -> Counts {
    let mut counts = Counts::default();
    for row in world
        .game_sessions
        .live_of(fleet)
        .filter(|row| row.location == *location)
    {
        let players = world.player_sessions.current(&row.id) as usize;
        counts.current_players += players;
        match row.status {
            GameSessionStatus::Activating => counts.activating += 1,
            GameSessionStatus::Active => {
                counts.active += 1;
                counts.maximum_players += row.maximum as usize;
                counts.available_players += (row.maximum as usize).saturating_sub(players);
            }
            GameSessionStatus::Terminating
            | GameSessionStatus::Terminated
            | GameSessionStatus::Error => {}
        }
    }
    counts
}

/// How many sessions could be started at once: idle processes, as far as their computes may activate more.
pub(crate) fn activatable(world: &World, fleet: &Fleet, location: &Location) -> usize {
    let (most, _) = fleet_settings::activation(fleet);
    let idle = world.processes.available(&fleet.id, location);
    idle.into_iter()
        .map(|(compute, idle)| {
            let activating = world.game_sessions.activating_on(&fleet.id, compute);
            idle.min(most.saturating_sub(activating))
        })
        .sum()
}
