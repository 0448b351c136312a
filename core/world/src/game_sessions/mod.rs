//! Game sessions: the rows, what is derived from them, and how they are shown. Starting one is in `create`, reading in
//! `describe`, changing in `update`, its life after the start in `life`.

pub(crate) mod create;
mod describe;
mod idempotency;
mod life;
mod search;
#[cfg(test)]
mod tests;
mod update;

pub(crate) use create::create;
pub(crate) use describe::{describe, describe_details};
pub(crate) use idempotency::Token;
pub(crate) use life::{
    activate, hosted, on_timer, process_gone, set_policy, start_message_if_activating, terminate,
};
pub(crate) use search::search;
pub(crate) use update::update;

use ids::{ComputeName, FleetId, GameSessionId, Location, Time};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::World;
use crate::api_time::timestamp;
use crate::fault::not_found;
use crate::processes::ProcessKey;
use crate::table::{Row, Table};
use crate::timers::Timer;
use api::{
    Fault, GameProperty, GameSessionStatus, GameSessionStatusReason, PlayerSessionCreationPolicy,
    ProtectionPolicy, TerminationMode,
};

/// A stored game session. How many players it has is derived from the player sessions.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct GameSession {
    pub(crate) id: GameSessionId,
    pub(crate) fleet: FleetId,
    pub(crate) location: Location,
    pub(crate) compute: ComputeName,
    pub(crate) process: ProcessKey,
    pub(crate) created: Time,
    /// Must be ACTIVE by then.
    pub(crate) activate_by: Time,
    pub(crate) ended: Option<Time>,
    pub(crate) status: GameSessionStatus,
    pub(crate) reason: Option<GameSessionStatusReason>,
    /// TerminateGameSession was called.
    pub(crate) terminating: Option<TerminationMode>,
    pub(crate) name: Option<String>,
    pub(crate) maximum: u32,
    pub(crate) properties: Vec<GameProperty>,
    pub(crate) policy: PlayerSessionCreationPolicy,
    pub(crate) protection: ProtectionPolicy,
    pub(crate) creator: Option<String>,
    pub(crate) data: Option<String>,
    pub(crate) matchmaker_data: Option<String>,
    pub(crate) ip_address: String,
    pub(crate) dns_name: String,
    pub(crate) port: u16,
    /// With which token and parameters it was created.
    pub(crate) token: Option<Token>,
}

impl Row for GameSession {
    const TABLE: &'static str = "game_sessions";
    type Key = GameSessionId;
    fn key(&self) -> GameSessionId {
        self.id.clone()
    }
}

impl GameSession {
    /// Neither ended nor failed.
    pub(crate) fn is_live(&self) -> bool {
        match self.status {
            GameSessionStatus::Active
            | GameSessionStatus::Activating
            | GameSessionStatus::Terminating => true,
            GameSessionStatus::Terminated | GameSessionStatus::Error => false,
        }
    }

    /// Scaling in must not end it.
    fn is_protected(&self) -> bool {
        self.status == GameSessionStatus::Active
            && self.protection == ProtectionPolicy::FullProtection
    }

    fn place(&self) -> (FleetId, ComputeName) {
        (self.fleet.clone(), self.compute.clone())
    }
}

/// By fleet, newest first.
type Listing = BTreeSet<(FleetId, Reverse<Time>, GameSessionId)>;

/// All game sessions, with what is derived from them.
#[derive(Default)]
pub(crate) struct GameSessions {
    table: Table<GameSession>,
    all: Listing,
    live: Listing,
    /// When each session that ended did so.
    ended: BTreeSet<(Time, GameSessionId)>,
    /// Idempotency tokens are good in one fleet.
    tokens: BTreeMap<(FleetId, String), GameSessionId>,
    /// Who created when in which fleet.
    creations: BTreeSet<(FleetId, String, Time, GameSessionId)>,
    activating: BTreeMap<(FleetId, ComputeName), usize>,
}

impl GameSessions {
    pub(crate) fn table(&mut self) -> &mut Table<GameSession> {
        &mut self.table
    }

    pub(crate) fn get(&self, id: &GameSessionId) -> Option<&GameSession> {
        self.table.get(id.as_str())
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &GameSession> {
        self.table.iter()
    }

    /// How many sessions of a compute are being activated.
    pub(crate) fn activating_on(&self, fleet: &FleetId, compute: &ComputeName) -> usize {
        self.activating
            .get(&(fleet.clone(), compute.clone()))
            .copied()
            .unwrap_or(0)
    }

    /// The sessions of a fleet that have not ended, newest first.
    pub(crate) fn live_of(&self, fleet: &FleetId) -> impl Iterator<Item = &GameSession> {
        of_fleet(&self.live, fleet, None).filter_map(|id| self.get(id))
    }

    /// How many sessions a creator has made in a fleet after a moment.
    fn created_by(&self, fleet: &FleetId, creator: &str, after: Time) -> usize {
        let at = |time: Time| {
            (
                fleet.clone(),
                creator.to_owned(),
                time,
                GameSessionId::default(),
            )
        };
        let first = at(Time::from_millis(after.as_millis().saturating_add(1)));
        let rest = self.creations.range(first..);
        rest.take_while(|(own, maker, _, _)| own == fleet && maker == creator)
            .count()
    }

    fn insert(&mut self, row: GameSession) {
        let id = row.id.clone();
        self.table.insert(row);
        self.list(&id);
    }

    /// Changes a session and what is derived from it.
    fn edit(&mut self, id: &GameSessionId, change: impl FnOnce(&mut GameSession)) {
        self.unlist(id);
        if let Some(row) = self.table.edit(id.as_str()) {
            change(row);
        }
        self.list(id);
    }

    fn remove(&mut self, id: &GameSessionId) {
        self.unlist(id);
        self.table.remove(id.as_str());
    }

    fn list(&mut self, id: &GameSessionId) {
        let Some(row) = self.table.get(id.as_str()) else {
            return;
        };
        let listed = (row.fleet.clone(), Reverse(row.created), id.clone());
        if row.is_live() {
            self.live.insert(listed.clone());
        }
        self.all.insert(listed);
        if let Some(ended) = row.ended {
            self.ended.insert((ended, id.clone()));
        }
        if let Some(token) = &row.token {
            self.tokens
                .insert((row.fleet.clone(), token.text.clone()), id.clone());
        }
        if let Some(creator) = &row.creator {
            let creation = (row.fleet.clone(), creator.clone(), row.created, id.clone());
            self.creations.insert(creation);
        }
        if row.status == GameSessionStatus::Activating {
            *self.activating.entry(row.place()).or_default() += 1;
        }
    }

    fn unlist(&mut self, id: &GameSessionId) {
        let Some(row) = self.table.get(id.as_str()) else {
            return;
        };
        let listed = (row.fleet.clone(), Reverse(row.created), id.clone());
        self.live.remove(&listed);
        self.all.remove(&listed);
        if let Some(ended) = row.ended {
            self.ended.remove(&(ended, id.clone()));
        }
        if let Some(token) = &row.token {
            self.tokens.remove(&(row.fleet.clone(), token.text.clone()));
        }
        if let Some(creator) = &row.creator {
            let creation = (row.fleet.clone(), creator.clone(), row.created, id.clone());
            self.creations.remove(&creation);
        }
        if row.status == GameSessionStatus::Activating {
            let place = row.place();
            let left = self
                .activating
                .get(&place)
                .map_or(0, |count| count.saturating_sub(1));
            if left == 0 {
                self.activating.remove(&place);
            } else {
                self.activating.insert(place, left);
            }
        }
    }
}

/// The ids of a fleet's sessions in a listing, from the start or behind a given one.
fn of_fleet<'a>(
    listing: &'a Listing,
    fleet: &FleetId,
    behind: Option<(Time, GameSessionId)>,
) -> impl Iterator<Item = &'a GameSessionId> + use<'a> {
    let from = behind.unwrap_or_else(|| (Time::MAX, GameSessionId::default()));
    let fleet = fleet.clone();
    listing
        .range((fleet.clone(), Reverse(from.0), from.1)..)
        .take_while(move |(own, _, _)| *own == fleet)
        .map(|(_, _, id)| id)
}

/// Whether scaling in must leave a compute alone.
pub(crate) fn protects(world: &World, fleet: &FleetId, compute: &ComputeName) -> bool {
    let hosted = world
        .processes
        .of_compute(fleet, compute)
        .filter_map(|row| row.session.as_ref());
    let mut sessions = hosted.filter_map(|id| world.game_sessions.get(id));
    sessions.any(GameSession::is_protected)
}

/// Derives everything anew after a load.
pub(crate) fn rebuild(world: &mut World, _: Time) {
    let ids: Vec<_> = world.game_sessions.table.iter().map(Row::key).collect();
    for id in ids {
        world.game_sessions.list(&id);
        if let Some(row) = world.game_sessions.get(&id)
            && row.status == GameSessionStatus::Activating
        {
            world.timers.set(Timer::GameSession(id), row.activate_by);
        }
    }
}

/// Forgets sessions, with their player sessions and tokens, that ended long ago.
pub(crate) fn sweep(world: &mut World, now: Time) {
    let until = now - world.settings.times.sessions;
    while let Some((ended, id)) = world.game_sessions.ended.first().cloned()
        && ended <= until
    {
        world.player_sessions.forget_game_session(&id);
        world.game_sessions.remove(&id);
    }
    world.player_sessions.forget_ended(until);
}

/// The session that a caller means.
pub(crate) fn find<'a>(world: &'a World, text: &str) -> Result<&'a GameSession, Fault> {
    let id = world.settings.origin().game_session_in(text);
    id.and_then(|id| world.game_sessions.get(&id))
        .ok_or_else(|| not_found(format!("Game session {text} was not found")))
}

/// A session as the API shows it.
pub(crate) fn shown(world: &World, row: &GameSession) -> api::GameSession {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    api::GameSession {
        game_session_id: Some(row.id.to_string()),
        name: row.name.clone(),
        fleet_id: Some(row.fleet.to_string()),
        fleet_arn: Some(world.settings.fleet_arn(&row.fleet)),
        creation_time: Some(timestamp(row.created)),
        termination_time: row.ended.map(timestamp),
        current_player_session_count: Some(count(world.player_sessions.current(&row.id))),
        maximum_player_session_count: Some(count(row.maximum)),
        status: Some(row.status),
        status_reason: row.reason,
        game_properties: Some(row.properties.clone()),
        ip_address: some(&row.ip_address),
        dns_name: some(&row.dns_name),
        port: Some(i32::from(row.port)),
        player_session_creation_policy: Some(row.policy),
        creator_id: row.creator.clone(),
        game_session_data: row.data.clone(),
        matchmaker_data: row.matchmaker_data.clone(),
        location: Some(row.location.to_string()),
        compute_name: Some(row.compute.to_string()),
        player_gateway_status: None,
    }
}

fn count(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
