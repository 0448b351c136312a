//! What the disk says, read by somebody who knows nothing of the world's own code: statuses only go forward, no session has more
//! seats taken than it has, no reservation outlives its end, and what was answered is there.

use ids::{Span, Time};
use serde_json::{Value, json};
use session::Player;
use std::collections::{BTreeMap, BTreeSet};
use world::Change;

use crate::sim::{Event, Sim};

const LOOK_EVERY: Span = Span::from_secs(5);
/// From the acceptance of a player to its place in the session: longer than every callback may take.
const EMPTY_MAX: Span = Span::from_secs(30);

#[derive(Clone, Debug)]
pub(crate) struct SeatRow {
    pub(crate) session: String,
    pub(crate) status: String,
    expires: Option<u64>,
}

#[derive(Clone, Debug)]
pub(crate) struct SessionRow {
    pub(crate) status: String,
    maximum: u64,
}

/// The rows that matter, and what others were told.
#[derive(Debug, Default)]
pub(crate) struct Witness {
    pub(crate) sessions: BTreeMap<String, SessionRow>,
    pub(crate) seats: BTreeMap<String, SeatRow>,
    fleets: BTreeSet<String>,
    /// Sessions whose seats have changed in this turn.
    touched: BTreeSet<String>,
    /// Seats that are taken and in which nobody sits, and since when.
    empty: BTreeMap<String, Time>,
}

impl Witness {
    /// A row is committed.
    pub(crate) fn changed(&mut self, change: &Change) -> Result<(), String> {
        let row: Value = match &change.row {
            Some(row) => serde_json::from_str(row)
                .map_err(|error| format!("a row that is no JSON: {error}"))?,
            None => Value::Null,
        };
        match change.table {
            "game_sessions" => self.session_changed(&change.key, &row),
            "player_sessions" => self.seat_changed(&change.key, &row),
            "fleets" => {
                if row.is_null() {
                    self.fleets.remove(&change.key);
                } else {
                    self.fleets.insert(change.key.clone());
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn session_changed(&mut self, key: &str, row: &Value) -> Result<(), String> {
        let id = row["id"].as_str().unwrap_or(key).to_owned();
        if row.is_null() {
            return Err(format!(
                "game session {key} is gone from the disk, long before its time"
            ));
        }
        let new = SessionRow {
            status: word(&row["status"]),
            maximum: row["maximum"].as_u64().unwrap_or(0),
        };
        let rank = |status: &str| {
            ["ACTIVATING", "ACTIVE", "TERMINATING", "TERMINATED", "ERROR"]
                .iter()
                .position(|own| *own == status)
        };
        if rank(&new.status).is_none() {
            return Err(format!("game session {id} has the status {:?}", new.status));
        }
        if let Some(old) = self.sessions.get(&id)
            && rank(&old.status) > rank(&new.status)
        {
            return Err(format!(
                "game session {id} went from {} back to {}",
                old.status, new.status
            ));
        }
        self.touched.insert(id.clone());
        self.sessions.insert(id, new);
        Ok(())
    }

    fn seat_changed(&mut self, key: &str, row: &Value) -> Result<(), String> {
        if row.is_null() {
            return Err(format!(
                "player session {key} is gone from the disk, long before its time"
            ));
        }
        let id = row["id"].as_str().unwrap_or(key).to_owned();
        let new = SeatRow {
            session: word(&row["game_session"]),
            status: word(&row["status"]),
            expires: row["expires"].as_u64(),
        };
        let old = self.seats.get(&id);
        let before = old.map_or("", |old| old.status.as_str());
        let allowed = matches!(
            (before, new.status.as_str()),
            ("", "RESERVED")
                | ("", "ACTIVE" | "COMPLETED" | "TIMEDOUT")
                | ("RESERVED", "RESERVED" | "ACTIVE" | "COMPLETED" | "TIMEDOUT")
                | ("ACTIVE", "ACTIVE" | "COMPLETED")
                | ("COMPLETED", "COMPLETED")
                | ("TIMEDOUT", "TIMEDOUT")
        );
        if !allowed {
            return Err(format!(
                "player session {id} went from {before:?} to {:?}",
                new.status
            ));
        }
        if old.is_some_and(|old| old.session != new.session) {
            return Err(format!("player session {id} has moved to {}", new.session));
        }
        self.touched.insert(new.session.clone());
        self.seats.insert(id, new);
        Ok(())
    }

    /// All of a turn is committed.
    pub(crate) fn after_turn(&mut self, now: Time) -> Result<(), String> {
        for id in std::mem::take(&mut self.touched) {
            let Some(session) = self.sessions.get(&id) else {
                return Err(format!(
                    "seats of the game session {id}, which is not on the disk"
                ));
            };
            let open = |seat: &&SeatRow| {
                seat.session == id && ["RESERVED", "ACTIVE"].contains(&seat.status.as_str())
            };
            let taken = self.seats.values().filter(open).count() as u64;
            if taken > session.maximum {
                return Err(format!(
                    "{id} has {taken} seats taken of {}",
                    session.maximum
                ));
            }
            if taken > 0 && ["TERMINATED", "ERROR"].contains(&session.status.as_str()) {
                return Err(format!("{id} has ended and {taken} of its seats are taken"));
            }
        }
        for (id, seat) in self
            .seats
            .iter()
            .filter(|(_, seat)| seat.status == "RESERVED")
        {
            if seat
                .expires
                .is_some_and(|expires| expires <= now.as_millis())
            {
                return Err(format!("the reservation {id} has outlived its end"));
            }
        }
        Ok(())
    }

    /// What a world is asked to see what it knows.
    pub(crate) fn questions(&self) -> Vec<(&'static str, Value)> {
        let mut all = vec![
            ("DescribeFleetAttributes", json!({})),
            ("ListScripts", json!({})),
            ("ListAliases", json!({})),
            ("DescribeFleetCapacity", json!({})),
        ];
        for fleet in &self.fleets {
            all.push(("DescribeInstances", json!({ "FleetId": fleet })));
            all.push((
                "DescribeFleetLocationAttributes",
                json!({ "FleetId": fleet }),
            ));
            all.push((
                "DescribeGameSessionDetails",
                json!({ "FleetId": fleet, "Limit": 100 }),
            ));
            all.push(("DescribeRuntimeConfiguration", json!({ "FleetId": fleet })));
        }
        let newest = self.sessions.keys().rev().take(20);
        all.extend(newest.map(|id| {
            (
                "DescribePlayerSessions",
                json!({ "GameSessionId": id, "Limit": 100 }),
            )
        }));
        all
    }

    /// Whoever was told of it finds it on the disk.
    pub(crate) fn has_seat(&self, id: &str) -> bool {
        self.seats.contains_key(id)
    }

    /// The same for a game session, by its ARN.
    pub(crate) fn has_session(&self, arn: &str) -> bool {
        self.sessions.contains_key(&short(arn)) || self.sessions.contains_key(arn)
    }

    pub(crate) fn has_fleet(&self, id: &str) -> bool {
        self.fleets.contains(id)
    }

    /// What is left that is not over.
    pub(crate) fn open(&self) -> Vec<String> {
        let seats = self
            .seats
            .iter()
            .filter(|(_, own)| ["RESERVED", "ACTIVE"].contains(&own.status.as_str()));
        let sessions = self
            .sessions
            .iter()
            .filter(|(_, own)| !["TERMINATED", "ERROR"].contains(&own.status.as_str()));
        let seats = seats.map(|(id, own)| format!("{id} is {}", own.status));
        seats
            .chain(sessions.map(|(id, own)| format!("{id} is {}", own.status)))
            .collect()
    }
}

/// The row's own name of a session is what follows the account in its ARN, or the ARN itself.
fn short(arn: &str) -> String {
    arn.to_owned()
}

fn word(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

impl Sim {
    /// Looks from time to time for what no single step shows.
    pub(crate) fn look(&mut self) -> Result<(), String> {
        self.at(self.now + LOOK_EVERY, Event::Look);
        self.check_ports()?;
        let mut empty = BTreeMap::new();
        for (id, seat) in self
            .witness
            .seats
            .iter()
            .filter(|(_, own)| own.status == "ACTIVE")
        {
            let host = self
                .processes
                .values()
                .find(|own| own.game_session == seat.session);
            let nobody = host
                .is_some_and(|own| own.is_settled() && !own.roster.values().any(|seat| seat == id));
            if nobody && self.control.is_up() {
                let since = self.witness.empty.get(id).copied().unwrap_or(self.now);
                if self.now.since(since) > EMPTY_MAX {
                    return Err(format!(
                        "the seat {id} of {} is ACTIVE and nobody sits in it, nor will",
                        seat.session
                    ));
                }
                empty.insert(id.clone(), since);
            }
        }
        self.witness.empty = empty;
        Ok(())
    }

    /// A player is let in: it has the seat that it claims, nobody else sits there, and the disk knew before.
    pub(crate) fn check_joined(&self, id: &str, player: &Player) -> Result<(), String> {
        let seat_id = &player.player_session_id;
        let Some(process) = self.processes.get(id) else {
            return Ok(());
        };
        let Some(seat) = self.witness.seats.get(seat_id) else {
            return Err(format!("{seat_id} plays in {id} and is not on the disk"));
        };
        if seat.session != process.game_session {
            return Err(format!(
                "{seat_id} of {} plays in {}",
                seat.session, process.game_session
            ));
        }
        if seat.status == "RESERVED" || seat.status == "TIMEDOUT" {
            return Err(format!(
                "{seat_id} plays and is {} on the disk",
                seat.status
            ));
        }
        let everybody = self.processes.values().flat_map(|own| own.roster.values());
        let times = everybody.filter(|own| *own == seat_id).count();
        if times > 1 {
            return Err(format!("{seat_id} plays {times} times"));
        }
        if process.roster.len() > process.seats as usize {
            return Err(format!(
                "{} players on {} seats in {id}",
                process.roster.len(),
                process.seats
            ));
        }
        Ok(())
    }
}
