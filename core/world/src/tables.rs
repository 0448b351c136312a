//! The list of all tables: load, changes, and what is derived after a load. A new table is added here and nowhere else.

use ids::{Span, Time};

use crate::World;
use crate::effects::{Change, LoadError};
use crate::table::Row;
use crate::timers::Timer;
use crate::turn::Turn;
use crate::{game_sessions, logs, tokens};

/// How often old records are swept out.
const SWEEP_EVERY: Span = Span::from_secs(60);

macro_rules! tables {
    ($($row:path => $($field:ident).+),* $(,)?) => {
        pub(crate) fn load(
            world: &mut World,
            table: &str,
            key: &str,
            text: &str,
        ) -> Result<(), LoadError> {
            $(if table == <$row as Row>::TABLE {
                return world.$($field).+.table().load(key, text);
            })*
            Err(LoadError { table: table.into(), key: key.into(), reason: "no such table".into() })
        }

        pub(crate) fn drain_changes(world: &mut World, changes: &mut Vec<Change>) {
            $(world.$($field).+.table().drain_changes(changes);)*
        }
    };
}

tables! {
    crate::scripts::Script => scripts,
    crate::builds::Build => builds,
    crate::fleets::Fleet => fleets,
    crate::fleet_locations::FleetLocation => fleet_locations,
    crate::fleet_events::FleetEvent => fleet_events,
    crate::locations::CustomLocation => locations,
    crate::instances::Instance => instances,
    crate::computes::Compute => computes,
    tokens::Token => tokens,
    crate::processes::Process => processes,
    crate::aliases::Alias => aliases,
    game_sessions::GameSession => game_sessions,
    crate::player_sessions::PlayerSession => player_sessions,
    crate::tags::TagSet => tags,
    crate::outbox::Entry => outbox,
    logs::Log => logs,
}

/// Derives indexes and timers after a load.
pub(crate) fn rebuild(world: &mut World, now: Time) {
    world.processes.rebuild(now);
    crate::process_ends::rebuild(world, now);
    crate::instances::rebuild(world, now);
    crate::fleets::rebuild(world, now);
    game_sessions::rebuild(world, now);
    crate::player_sessions::rebuild(world, now);
    crate::outbox::rebuild(world);
    world.timers.set(Timer::Sweep, now);
}

/// Removes what has been kept long enough.
pub(crate) fn sweep(world: &mut World, turn: &Turn<'_>) {
    tokens::sweep(world, turn.now);
    logs::sweep(world, turn.now);
    game_sessions::sweep(world, turn.now);
    world.timers.set(Timer::Sweep, turn.now + SWEEP_EVERY);
}
