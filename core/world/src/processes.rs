//! Server processes: what each is doing, which of them can take a game session. Their links are in `process_links`, their
//! ends in `process_ends`.

use ids::{ComputeName, FleetId, GameSessionId, Location, ProcessId, Time};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::World;
use crate::effects::{Effect, LinkId};
use crate::outbox;
use crate::table::{Row, Table};
use crate::turn::Turn;
use serversdk::{agent, server};

/// Names a process everywhere: `<fleet id>|<compute name>|<process id>`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct ProcessKey(String);

impl ProcessKey {
    pub(crate) fn new(fleet: &FleetId, compute: &ComputeName, process: &ProcessId) -> Self {
        Self(format!("{fleet}|{compute}|{process}"))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ProcessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Borrow<str> for ProcessKey {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// How far a process is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum State {
    /// InitSDK was called.
    Connected,
    /// ProcessReady was called; hosts a game session or waits for one.
    Active,
    /// ProcessEnding was called; its exit is expected.
    Ending,
    /// Gone, or given up. Kept for a while, so that late messages find it.
    Ended,
}

/// A server process.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Process {
    pub(crate) fleet: FleetId,
    pub(crate) compute: ComputeName,
    pub(crate) process: ProcessId,
    pub(crate) location: Location,
    pub(crate) state: State,
    /// With what it connected first; good for its reconnects even when it has expired.
    pub(crate) token: String,
    pub(crate) sdk_language: String,
    pub(crate) connected: Time,
    pub(crate) ready: Option<Time>,
    pub(crate) port: u16,
    pub(crate) log_paths: Vec<String>,
    /// What it hosts; stays after the end, to name its logs.
    pub(crate) session: Option<GameSessionId>,
    /// Not to be chosen again: an old script version, or its instance goes away.
    pub(crate) retiring: bool,
    /// It was told to end and must be gone by then.
    pub(crate) terminate_by: Option<Time>,
    /// Control gave it up, but it may still run; if it comes back, it is told to end.
    pub(crate) given_up: bool,
    /// When it called ProcessEnding, or else when it was gone.
    pub(crate) ended: Option<Time>,
}

impl Row for Process {
    const TABLE: &'static str = "processes";
    type Key = ProcessKey;
    fn key(&self) -> ProcessKey {
        ProcessKey::new(&self.fleet, &self.compute, &self.process)
    }
}

impl Process {
    /// Active and in no game session.
    pub(crate) fn is_idle(&self) -> bool {
        self.state == State::Active && self.session.is_none()
    }

    /// Neither ended nor ending.
    pub(crate) fn is_live(&self) -> bool {
        matches!(self.state, State::Connected | State::Active)
    }
}

/// What is known of a process only from its link: after a restart it is found out anew.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pulse {
    /// Its newest link, when it has one.
    pub(crate) link: Option<LinkId>,
    /// When the link was lost.
    pub(crate) lost: Option<Time>,
    /// The last health report, or the moment since which one is awaited.
    pub(crate) beat: Time,
    /// Failed and missing health reports in a row.
    pub(crate) misses: u32,
}

/// Processes that wait, by compute, newest last.
type IdleByCompute = BTreeMap<ComputeName, BTreeSet<(Time, ProcessKey)>>;

/// All processes, with what is derived from them.
#[derive(Default)]
pub(crate) struct Processes {
    table: Table<Process>,
    pulses: BTreeMap<ProcessKey, Pulse>,
    /// Of each fleet location, the processes that could take a session.
    idle: BTreeMap<(FleetId, Location), IdleByCompute>,
    /// How many processes of a compute host a session.
    hosting: BTreeMap<(FleetId, ComputeName), usize>,
}

impl Processes {
    pub(crate) fn get(&self, key: &ProcessKey) -> Option<&Process> {
        self.table.get(key.as_str())
    }

    pub(crate) fn pulse(&self, key: &ProcessKey) -> Pulse {
        self.pulses.get(key).cloned().unwrap_or_default()
    }

    pub(crate) fn pulse_mut(&mut self, key: &ProcessKey) -> &mut Pulse {
        self.pulses.entry(key.clone()).or_default()
    }

    pub(crate) fn of_fleet<'a>(
        &'a self,
        fleet: &FleetId,
    ) -> impl Iterator<Item = &'a Process> + use<'a> {
        self.table
            .between(&format!("{fleet}|"), &format!("{fleet}}}"))
    }

    pub(crate) fn of_compute<'a>(
        &'a self,
        fleet: &FleetId,
        compute: &ComputeName,
    ) -> impl Iterator<Item = &'a Process> + use<'a> {
        self.table.between(
            &format!("{fleet}|{compute}|"),
            &format!("{fleet}|{compute}}}"),
        )
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Process> {
        self.table.iter()
    }

    /// Changes a process and what is derived from it.
    pub(crate) fn edit(&mut self, key: &ProcessKey, change: impl FnOnce(&mut Process)) {
        self.unlist(key);
        if let Some(row) = self.table.edit(key.as_str()) {
            change(row);
        }
        self.list(key);
    }

    pub(crate) fn insert(&mut self, row: Process) {
        let key = row.key();
        self.unlist(&key);
        self.table.insert(row);
        self.list(&key);
    }

    pub(crate) fn remove(&mut self, key: &ProcessKey) {
        self.unlist(key);
        self.table.remove(key.as_str());
        self.pulses.remove(key);
    }

    /// To be called when the pulse has changed: a process without link or with a failed report is not chosen.
    pub(crate) fn relist(&mut self, key: &ProcessKey) {
        self.unlist(key);
        self.list(key);
    }

    /// A process for a new game session: on the fullest compute that may start one more, its newest process, which runs
    /// the newest script. `may_start` says whether a compute may activate one more session.
    pub(crate) fn pick(
        &self,
        fleet: &FleetId,
        location: &Location,
        may_start: impl Fn(&ComputeName) -> bool,
    ) -> Option<ProcessKey> {
        let computes = self.idle.get(&(fleet.clone(), location.clone()))?;
        computes
            .iter()
            .filter(|(compute, _)| may_start(compute))
            .max_by_key(|(compute, _)| self.hosting_on(fleet, compute))
            .and_then(|(_, processes)| processes.last())
            .map(|(_, key)| key.clone())
    }

    /// How many processes of a location could take a session now, by compute.
    pub(crate) fn available(
        &self,
        fleet: &FleetId,
        location: &Location,
    ) -> BTreeMap<&ComputeName, usize> {
        let computes = self.idle.get(&(fleet.clone(), location.clone()));
        computes
            .into_iter()
            .flatten()
            .map(|(compute, keys)| (compute, keys.len()))
            .collect()
    }

    /// How many processes of a compute host a session.
    pub(crate) fn hosting_on(&self, fleet: &FleetId, compute: &ComputeName) -> usize {
        self.hosting
            .get(&(fleet.clone(), compute.clone()))
            .copied()
            .unwrap_or(0)
    }

    fn unlist(&mut self, key: &ProcessKey) {
        let Some(row) = self.table.get(key.as_str()) else {
            return;
        };
        let place = (row.fleet.clone(), row.location.clone());
        if let Some(computes) = self.idle.get_mut(&place) {
            if let Some(keys) = computes.get_mut(&row.compute) {
                keys.remove(&(row.ready.unwrap_or_default(), key.clone()));
                if keys.is_empty() {
                    computes.remove(&row.compute);
                }
            }
            if computes.is_empty() {
                self.idle.remove(&place);
            }
        }
        if row.session.is_some() && row.state == State::Active {
            let place = (row.fleet.clone(), row.compute.clone());
            if let Some(count) = self.hosting.get_mut(&place) {
                *count -= 1;
                if *count == 0 {
                    self.hosting.remove(&place);
                }
            }
        }
    }

    fn list(&mut self, key: &ProcessKey) {
        let Some(row) = self.table.get(key.as_str()) else {
            return;
        };
        if row.session.is_some() && row.state == State::Active {
            *self
                .hosting
                .entry((row.fleet.clone(), row.compute.clone()))
                .or_default() += 1;
        }
        let pulse = self.pulses.get(key);
        let fit = pulse.is_some_and(|pulse| pulse.link.is_some() && pulse.misses == 0);
        if row.is_idle() && !row.retiring && row.terminate_by.is_none() && fit {
            let place = (row.fleet.clone(), row.location.clone());
            let computes = self.idle.entry(place).or_default();
            let keys = computes.entry(row.compute.clone()).or_default();
            keys.insert((row.ready.unwrap_or_default(), key.clone()));
        }
    }

    pub(crate) fn table(&mut self) -> &mut Table<Process> {
        &mut self.table
    }

    /// Derives everything anew after a load. Nobody is connected yet.
    pub(crate) fn rebuild(&mut self, now: Time) {
        let keys: Vec<_> = self.table.iter().map(Row::key).collect();
        for key in keys {
            *self.pulse_mut(&key) = Pulse {
                link: None,
                lost: Some(now),
                beat: now,
                misses: 0,
            };
            self.list(&key);
        }
    }
}

/// Gives a game session to an idle process: the row, and the message to the process.
pub(crate) fn host(
    world: &mut World,
    key: &ProcessKey,
    session: &GameSessionId,
    message: server::CreateGameSession,
) {
    world
        .processes
        .edit(key, |row| row.session = Some(session.clone()));
    send(world, key, server::Push::CreateGameSession(message));
}

/// Sends to a process, if it is connected; whoever relies on it sends again when the process reconnects.
pub(crate) fn send(world: &mut World, key: &ProcessKey, push: server::Push) {
    if let Some(link) = world.processes.pulse(key).link {
        world.effects.push(Effect::Server(link, push));
    }
}

/// The game session that a process hosted has started: its agent is told, to name the logs.
pub(crate) fn session_activated(
    world: &mut World,
    turn: &mut Turn<'_>,
    key: &ProcessKey,
    session: &GameSessionId,
) {
    let detail = json!({ "gameSessionArn": session, "status": "ACTIVE" });
    outbox::put(world, turn, "GameLift Game Session Event", detail);
    let Some(row) = world.processes.get(key) else {
        return;
    };
    let push = agent::Push::NotifyGameSessionActivated(agent::NotifyGameSessionActivated {
        process_id: row.process.clone(),
        game_session_id: session.to_string(),
    });
    let (fleet, compute) = (row.fleet.clone(), row.compute.clone());
    world.tell_agent(&fleet, &compute, push);
}
