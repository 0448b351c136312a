//! Player sessions: seats in game sessions. Getting one is in `reserve`, reading in `describe`, what server processes say
//! of players in `process`.

mod describe;
mod process;
mod reserve;

pub(crate) use describe::{connection_details, describe, describe_to_server};
pub(crate) use process::{accept, leave};
pub(crate) use reserve::{
    create, create_several, on_timer, reserve, session_activated, session_ended,
};

use ids::{FleetId, GameSessionId, PlayerId, PlayerSessionId, Time};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::World;
use crate::table::{Row, Table};
use crate::timers::Timer;
use api::PlayerSessionStatus;

/// A stored player session. Address and port are those of its game session.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct PlayerSession {
    pub(crate) id: PlayerSessionId,
    pub(crate) game_session: GameSessionId,
    pub(crate) fleet: FleetId,
    /// Orders the player sessions of a game session, also those of the same millisecond.
    pub(crate) number: u64,
    pub(crate) player: PlayerId,
    pub(crate) data: Option<String>,
    pub(crate) created: Time,
    /// A reservation ends then; none while its game session is being activated.
    pub(crate) expires: Option<Time>,
    pub(crate) ended: Option<Time>,
    pub(crate) status: PlayerSessionStatus,
}

impl Row for PlayerSession {
    const TABLE: &'static str = "player_sessions";
    type Key = PlayerSessionId;
    fn key(&self) -> PlayerSessionId {
        self.id.clone()
    }
}

impl PlayerSession {
    /// Takes a seat.
    pub(crate) fn is_open(&self) -> bool {
        match self.status {
            PlayerSessionStatus::Reserved | PlayerSessionStatus::Active => true,
            PlayerSessionStatus::Completed | PlayerSessionStatus::Timedout => false,
        }
    }
}

/// All player sessions, with what is derived from them.
#[derive(Default)]
pub(crate) struct PlayerSessions {
    table: Table<PlayerSession>,
    by_session: BTreeMap<(GameSessionId, u64), PlayerSessionId>,
    /// Of each player, newest first.
    by_player: BTreeSet<(PlayerId, Reverse<Time>, PlayerSessionId)>,
    /// How many seats of each game session are taken.
    open: BTreeMap<GameSessionId, u32>,
    /// When each player session that ended did so.
    ended: BTreeSet<(Time, PlayerSessionId)>,
}

impl PlayerSessions {
    pub(crate) fn table(&mut self) -> &mut Table<PlayerSession> {
        &mut self.table
    }

    pub(crate) fn get(&self, id: &PlayerSessionId) -> Option<&PlayerSession> {
        self.table.get(id.as_str())
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &PlayerSession> {
        self.table.iter()
    }

    /// How many seats of a game session are reserved or taken.
    pub(crate) fn current(&self, game_session: &GameSessionId) -> u32 {
        self.open.get(game_session).copied().unwrap_or(0)
    }

    /// The player sessions of a game session behind a number, in the order of their creation.
    fn of_session<'a>(
        &'a self,
        game_session: &GameSessionId,
        behind: Option<u64>,
    ) -> impl Iterator<Item = &'a PlayerSession> + use<'a> {
        let id = game_session.clone();
        let from = behind.map_or(0, |number| number.saturating_add(1));
        self.by_session
            .range((id.clone(), from)..)
            .take_while(move |((own, _), _)| *own == id)
            .filter_map(|(_, id)| self.get(id))
    }

    /// The player sessions of a player, newest first.
    fn of_player<'a>(
        &'a self,
        player: &PlayerId,
    ) -> impl Iterator<Item = &'a PlayerSession> + use<'a> {
        let player = player.clone();
        self.by_player
            .range(
                (
                    player.clone(),
                    Reverse(Time::MAX),
                    PlayerSessionId::default(),
                )..,
            )
            .take_while(move |(own, _, _)| *own == player)
            .filter_map(|(_, _, id)| self.get(id))
    }

    fn next_number(&self, game_session: &GameSessionId) -> u64 {
        let range = (game_session.clone(), 0)..=(game_session.clone(), u64::MAX);
        self.by_session
            .range(range)
            .next_back()
            .map_or(0, |((_, number), _)| number + 1)
    }

    fn insert(&mut self, row: PlayerSession) {
        let id = row.id.clone();
        self.table.insert(row);
        self.list(&id);
    }

    /// Changes a player session and what is derived from it.
    fn edit(&mut self, id: &PlayerSessionId, change: impl FnOnce(&mut PlayerSession)) {
        self.unlist(id);
        if let Some(row) = self.table.edit(id.as_str()) {
            change(row);
        }
        self.list(id);
    }

    fn remove(&mut self, id: &PlayerSessionId) {
        self.unlist(id);
        self.table.remove(id.as_str());
    }

    /// Forgets the players of a game session that is forgotten.
    pub(crate) fn forget_game_session(&mut self, game_session: &GameSessionId) {
        let gone: Vec<_> = self.of_session(game_session, None).map(Row::key).collect();
        for id in gone {
            self.remove(&id);
        }
    }

    /// Forgets player sessions that ended long ago; their game session may still run.
    pub(crate) fn forget_ended(&mut self, until: Time) {
        while let Some((ended, id)) = self.ended.first().cloned()
            && ended <= until
        {
            self.remove(&id);
        }
    }

    fn list(&mut self, id: &PlayerSessionId) {
        let Some(row) = self.table.get(id.as_str()) else {
            return;
        };
        self.by_session
            .insert((row.game_session.clone(), row.number), id.clone());
        self.by_player
            .insert((row.player.clone(), Reverse(row.created), id.clone()));
        if let Some(ended) = row.ended {
            self.ended.insert((ended, id.clone()));
        }
        if row.is_open() {
            *self.open.entry(row.game_session.clone()).or_default() += 1;
        }
    }

    fn unlist(&mut self, id: &PlayerSessionId) {
        let Some(row) = self.table.get(id.as_str()) else {
            return;
        };
        self.by_session
            .remove(&(row.game_session.clone(), row.number));
        self.by_player
            .remove(&(row.player.clone(), Reverse(row.created), id.clone()));
        if let Some(ended) = row.ended {
            self.ended.remove(&(ended, id.clone()));
        }
        if row.is_open() {
            let left = self.current(&row.game_session).saturating_sub(1);
            if left == 0 {
                self.open.remove(&row.game_session);
            } else {
                self.open.insert(row.game_session.clone(), left);
            }
        }
    }
}

/// Derives everything anew after a load.
pub(crate) fn rebuild(world: &mut World, _: Time) {
    let ids: Vec<_> = world.player_sessions.table.iter().map(Row::key).collect();
    for id in ids {
        world.player_sessions.list(&id);
        let row = world.player_sessions.get(&id);
        if let Some(expires) = row.and_then(|row| row.expires) {
            world.timers.set(Timer::PlayerSession(id), expires);
        }
    }
}
