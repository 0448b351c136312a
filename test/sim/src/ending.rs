//! After the storm: the network heals, everybody comes back, and everything must come right by itself and then come to its end.

use ids::Span;
use serde_json::{Value, json};

use crate::client::text;
use crate::links::{Down, Owner};
use crate::sim::{Event, Sim};

/// From the last fault to the first look: longer than every wait of the product that may still run.
const RECOVERY: Span = Span::from_secs(20 * 60);
const MINUTE: Span = Span::from_secs(60);
/// From DeleteFleet to the last look.
const FAREWELL: Span = Span::from_secs(25 * 60);

impl Sim {
    /// Something came from control on a link; its owner takes it.
    pub(crate) fn down_arrives(&mut self, link: u64, down: Down) -> Result<(), String> {
        match self.owner_of(link) {
            Some(Owner::Machine(at)) => self.machine_hears(at, link, down),
            Some(Owner::Instance(at, id)) => self.instance_hears(at, &id, link, down),
            Some(Owner::Process(id)) => return self.process_hears(&id, link, down),
            None => {}
        }
        Ok(())
    }

    pub(crate) fn owner_sees_cut(&mut self, link: u64) {
        let owner = self.owner_closes(link);
        if let Some(owner) = &owner {
            self.note(|| format!("{owner:?}: link {link} is gone"));
        }
        match owner {
            Some(Owner::Machine(at)) => self.machine_lost(at),
            Some(Owner::Instance(at, id)) => self.instance_lost(at, &id),
            Some(Owner::Process(id)) => self.process_lost(&id),
            None => {}
        }
    }

    /// No more faults, no more calls; players leave.
    pub(crate) fn heal(&mut self) {
        self.note(|| "the storm is over".to_owned());
        self.calm = true;
        self.everybody_leaves();
        self.at(self.now + RECOVERY, Event::Step(0));
    }

    /// One step of the end.
    pub(crate) fn ending(&mut self, step: u32) -> Result<(), String> {
        self.note(|| format!("step {step} of the end"));
        match step {
            0 => {
                self.is_well()?;
                self.new_sessions()?;
                self.at(self.now + MINUTE, Event::Step(1));
            }
            1 => {
                self.new_sessions_run()?;
                self.delete_all();
                self.at(self.now + FAREWELL, Event::Step(2));
            }
            _ => {
                self.nothing_is_left()?;
                self.done = true;
            }
        }
        Ok(())
    }

    fn is_well(&mut self) -> Result<(), String> {
        if !self.control.is_up() || self.machines.iter().any(|own| !own.up) {
            return Err("the simulation itself has not brought everybody back".to_owned());
        }
        self.compare_with_disk()?;
        self.check_ports()?;
        let seats = self.witness.seats.iter();
        let taken: Vec<_> = seats
            .filter(|(_, own)| ["RESERVED", "ACTIVE"].contains(&own.status.as_str()))
            .collect();
        if let Some((id, seat)) = taken.first() {
            return Err(format!(
                "everybody has left long ago, and {id} of {} is {}",
                seat.session, seat.status
            ));
        }
        for (id, session) in &self.witness.sessions {
            let hosted = self.processes.values().any(|own| own.game_session == *id);
            match session.status.as_str() {
                "TERMINATED" | "ERROR" => {}
                "ACTIVE" if hosted => {}
                other => {
                    return Err(format!(
                        "long after the storm {id} is {other}, hosted: {hosted}"
                    ));
                }
            }
        }
        for process in self.processes.values() {
            let game = &process.game_session;
            let over = self
                .witness
                .sessions
                .get(game)
                .is_none_or(|own| own.status == "TERMINATED" || own.status == "ERROR");
            if !game.is_empty() && over {
                return Err(format!(
                    "long after the storm a process still hosts {game}, which is over"
                ));
            }
        }
        Ok(())
    }

    fn active_fleets(&mut self) -> Vec<String> {
        let found = self.ask_control("DescribeFleetAttributes", &json!({}));
        let all = found["FleetAttributes"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let active = all.iter().filter(|fleet| fleet["Status"] == "ACTIVE");
        active.map(|fleet| text(fleet, "/FleetId")).collect()
    }

    /// Every fleet that has instances takes new sessions.
    fn new_sessions(&mut self) -> Result<(), String> {
        for fleet in self.active_fleets() {
            let capacity =
                self.ask_control("DescribeFleetCapacity", &json!({ "FleetIds": [fleet] }));
            let counts = &capacity["FleetCapacity"][0]["InstanceCounts"];
            let (desired, active) = (counts["DESIRED"].as_u64(), counts["ACTIVE"].as_u64());
            if desired != active {
                return Err(format!(
                    "long after the storm {fleet} has not the instances it wants: {counts}"
                ));
            }
            if active.unwrap_or(0) == 0 {
                continue;
            }
            let input =
                json!({"FleetId": fleet, "Location": "us-east-1", "MaximumPlayerSessionCount": 2});
            let made = self.try_control("CreateGameSession", input);
            let made = made.map_err(|fault| {
                format!(
                    "long after the storm {fleet} starts no session: {}",
                    fault.message
                )
            })?;
            self.client
                .last_ones
                .push(text(&made, "/GameSession/GameSessionId"));
        }
        self.turn()
    }

    fn new_sessions_run(&mut self) -> Result<(), String> {
        for arn in self.client.last_ones.clone() {
            let found = self.ask_control("DescribeGameSessions", &json!({ "GameSessionId": arn }));
            let status = text(&found, "/GameSessions/0/Status");
            if status != "ACTIVE" && status != "TERMINATED" {
                return Err(format!("a minute after its start {arn} is {status:?}"));
            }
        }
        Ok(())
    }

    fn delete_all(&mut self) {
        let found = self.ask_control("DescribeFleetAttributes", &json!({}));
        let all: Vec<Value> = found["FleetAttributes"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        for fleet in all {
            let id = text(&fleet, "/FleetId");
            let outcome = self.try_control("DeleteFleet", json!({ "FleetId": id }));
            self.note(|| format!("DeleteFleet {id}: {}", outcome.is_ok()));
        }
    }

    fn nothing_is_left(&mut self) -> Result<(), String> {
        self.compare_with_disk()?;
        if let Some(left) = self.witness.open().first() {
            return Err(format!("all fleets are deleted, and {left}"));
        }
        let instances = self
            .machines
            .iter()
            .flat_map(|own| own.instances.keys())
            .next();
        if let Some(id) = instances {
            return Err(format!("all fleets are deleted, and {id} runs"));
        }
        if let Some(id) = self.processes.keys().next() {
            return Err(format!("all fleets are deleted, and process {id} runs"));
        }
        if let Some((table, key)) = self
            .control
            .disk
            .keys()
            .find(|(table, _)| ["instances", "fleets"].contains(table))
        {
            return Err(format!(
                "all fleets are deleted, and {key} is still in {table}"
            ));
        }
        Ok(())
    }
}
