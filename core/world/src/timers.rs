//! Everything that can become due, in one place. Timers are derived from rows and set anew after a start; one that fires
//! early or twice does no harm, because each room looks at its rows again.

use ids::{FleetId, GameSessionId, InstanceId, Location, PlayerSessionId, Time};
use std::collections::{BTreeMap, BTreeSet};

use crate::processes::ProcessKey;

/// What can become due.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Timer {
    /// Look at a fleet location: its next step, its missing or superfluous instances.
    Location(FleetId, Location),
    /// Remove a terminated fleet.
    Fleet(FleetId),
    /// A machine that has not been heard of.
    Machine(String),
    /// An instance: lost, or not gone in time.
    Instance(InstanceId),
    /// A process: not ready, silent, not gone in time, forgotten.
    Process(ProcessKey),
    /// A game session: not activated in time.
    GameSession(GameSessionId),
    /// A reservation that ends.
    PlayerSession(PlayerSessionId),
    /// Old sessions, logs, tokens and idempotency records.
    Sweep,
}

/// One moment a timer.
#[derive(Default)]
pub(crate) struct Timers {
    due: BTreeSet<(Time, Timer)>,
    set: BTreeMap<Timer, Time>,
}

impl Timers {
    /// Sets or moves a timer.
    pub(crate) fn set(&mut self, timer: Timer, at: Time) {
        if let Some(before) = self.set.insert(timer.clone(), at) {
            self.due.remove(&(before, timer.clone()));
        }
        self.due.insert((at, timer));
    }

    /// Sets a timer unless it is already due earlier.
    pub(crate) fn at_most(&mut self, timer: Timer, at: Time) {
        if self.set.get(&timer).is_none_or(|&before| before > at) {
            self.set(timer, at);
        }
    }

    pub(crate) fn clear(&mut self, timer: &Timer) {
        if let Some(at) = self.set.remove(timer) {
            self.due.remove(&(at, timer.clone()));
        }
    }

    pub(crate) fn next(&self) -> Option<Time> {
        self.due.first().map(|(at, _)| *at)
    }

    /// Takes one timer that is due.
    pub(crate) fn pop(&mut self, now: Time) -> Option<Timer> {
        if self.next()? > now {
            return None;
        }
        let (_, timer) = self.due.pop_first()?;
        self.set.remove(&timer);
        Some(timer)
    }
}
