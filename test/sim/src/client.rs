//! Somebody who uses the API without rest, and remembers what was answered: what was answered is there, now and after every crash.

use ids::Span;
use serde_json::{Value, json};
use std::collections::BTreeMap;

use crate::sim::{Event, Sim};

/// What came back of a call.
#[derive(Clone, Debug)]
pub(crate) enum Heard {
    Yes(Box<Value>),
    /// The fault's name.
    No(&'static str),
    /// Nobody answered, or the answer was lost: whether it was done nobody knows.
    Nothing,
}

#[derive(Clone, Debug)]
struct Ask {
    name: &'static str,
    input: Value,
}

/// What the user knows.
#[derive(Debug, Default)]
pub(crate) struct Client {
    asks: BTreeMap<u64, Ask>,
    next: u64,
    players: u64,
    tokens_made: u64,
    /// By idempotency token.
    by_token: BTreeMap<String, String>,
    script: String,
    pub(crate) fleets: Vec<String>,
    sessions: Vec<String>,
    zips: u64,
    /// Started after the storm.
    pub(crate) last_ones: Vec<String>,
}

impl Client {
    /// What a call says.
    pub(crate) fn asked(&self, ticket: u64) -> Option<(&'static str, Value)> {
        self.asks
            .get(&ticket)
            .map(|ask| (ask.name, ask.input.clone()))
    }

    pub(crate) fn next_player(&mut self) -> u64 {
        self.players += 1;
        self.players
    }
}

impl Sim {
    /// One more call, and when the next comes.
    pub(crate) fn client_acts(&mut self) {
        if self.calm {
            return;
        }
        let wait = Span::from_millis(50 + self.dice.below(3000));
        self.at(self.now + wait, Event::ClientActs);
        if self.client.script.is_empty() {
            return self.call("CreateScript", json!({"ZipFile": "0000"}));
        }
        let fleet = self.one_of(&self.client.fleets.clone());
        let Some(fleet) = fleet else {
            return self.create_fleet();
        };
        let newest = self.client.sessions.len().saturating_sub(6);
        let session = self
            .one_of(&self.client.sessions.clone()[newest..])
            .unwrap_or_default();
        match self.dice.below(40) {
            0 if self.client.fleets.len() < 2 => self.create_fleet(),
            1..12 => self.create_session(&fleet),
            12..29 if !session.is_empty() => self.create_seats(&session),
            29 if self.plan.terminates && !session.is_empty() => {
                let modes = ["FORCE_TERMINATE", "TRIGGER_ON_PROCESS_TERMINATE"];
                let mode = modes[usize::from(self.dice.below(2) == 0)];
                self.call(
                    "TerminateGameSession",
                    json!({"GameSessionId": session, "TerminationMode": mode}),
                );
            }
            30 if self.plan.updates_script => {
                self.client.zips += 1;
                let zip = format!("{:04}", self.client.zips % 10_000);
                self.call(
                    "UpdateScript",
                    json!({"ScriptId": self.client.script, "ZipFile": zip}),
                );
            }
            31 if self.plan.scales => {
                let count = self.dice.below(3);
                let input = json!({"FleetId": fleet, "DesiredInstances": count, "MaxSize": 3, "MinSize": 0});
                self.call("UpdateFleetCapacity", input);
            }
            32 if self.plan.deletes_fleets && self.dice.below(8) == 0 => {
                self.client.fleets.retain(|own| *own != fleet);
                self.call("DeleteFleet", json!({ "FleetId": fleet }));
            }
            33..35 if self.plan.searches => {
                let filter = "hasAvailablePlayerSessions=true";
                self.call(
                    "SearchGameSessions",
                    json!({"FleetId": fleet, "FilterExpression": filter}),
                );
            }
            35 if self.plan.impostors => self.impostor(),
            36 => self.call(
                "DescribeGameSessions",
                json!({"FleetId": fleet, "Limit": 2}),
            ),
            37 if !session.is_empty() => {
                let policy = ["ACCEPT_ALL", "ACCEPT_ALL", "DENY_ALL"]
                    [usize::try_from(self.dice.below(3)).unwrap_or(0)];
                let input =
                    json!({"GameSessionId": session, "PlayerSessionCreationPolicy": policy});
                self.call("UpdateGameSession", input);
            }
            _ => {}
        }
    }

    fn create_fleet(&mut self) {
        let slots = self.plan.slots;
        let input = json!({
            "Name": "f", "ScriptId": self.client.script, "EC2InstanceType": "c5.large",
            "Locations": [{"Location": "us-east-1"}, {"Location": "eu-west-1"}],
            "RuntimeConfiguration": {
                "ServerProcesses": [{
                    "LaunchPath": "a.js", "ConcurrentExecutions": 2 + self.dice.below(3), "Parameters": format!("slots:{slots}"),
                }],
                "GameSessionActivationTimeoutSeconds": 30,
            },
        });
        self.call("CreateFleet", input);
    }

    fn create_session(&mut self, fleet: &str) {
        let location = ["us-east-1", "eu-west-1"][usize::from(self.dice.below(3) == 0)];
        let mut input = json!({"FleetId": fleet, "Location": location, "MaximumPlayerSessionCount": self.plan.seats});
        if self.plan.idempotent_retries {
            self.client.tokens_made += 1;
            input["IdempotencyToken"] = json!(format!("token-{}", self.client.tokens_made));
        }
        self.call("CreateGameSession", input);
    }

    fn create_seats(&mut self, session: &str) {
        let name = |number: u64| format!("player-{number}");
        let first = self.dice.below(30);
        if self.dice.below(6) == 0 {
            let input =
                json!({"GameSessionId": session, "PlayerIds": [name(first), name(first + 1)]});
            self.call("CreatePlayerSessions", input);
        } else {
            let input =
                json!({"GameSessionId": session, "PlayerId": name(first), "PlayerData": "data"});
            self.call("CreatePlayerSession", input);
        }
    }

    /// Somebody comes with a seat that is taken, or over, or never was.
    fn impostor(&mut self) {
        let seats: Vec<String> = self.witness.seats.keys().cloned().collect();
        let seat = self
            .one_of(&seats)
            .unwrap_or_else(|| "psess-none".to_owned());
        let hosts: Vec<(String, u16)> = self
            .processes
            .values()
            .map(|own| (own.ip.clone(), own.tcp_port))
            .collect();
        let own = self
            .witness
            .seats
            .get(&seat)
            .map(|row| row.session.clone())
            .unwrap_or_default();
        let right = self
            .processes
            .values()
            .find(|process| process.game_session == own);
        let right = right.map(|process| (process.ip.clone(), process.tcp_port));
        let any = self.one_of(&hosts);
        if let Some((ip, port)) = right.or(any) {
            self.player_comes(seat, &ip, port);
        }
    }

    fn call(&mut self, name: &'static str, input: Value) {
        self.call_after(Span::ZERO, name, input);
    }

    fn call_after(&mut self, wait: Span, name: &'static str, input: Value) {
        self.client.next += 1;
        let ticket = self.client.next;
        self.client.asks.insert(ticket, Ask { name, input });
        let lost = self.chance(self.plan.calls_lost);
        let at = self.soon() + wait;
        let event = if lost {
            Event::ApiAnswer(ticket, Heard::Nothing)
        } else {
            Event::ApiCall(ticket)
        };
        self.at(at, event);
    }

    /// An answer, or the news that none will come.
    pub(crate) fn answer_arrives(&mut self, ticket: u64, heard: Heard) -> Result<(), String> {
        let Some(ask) = self.client.asks.remove(&ticket) else {
            return Ok(());
        };
        match heard {
            Heard::Yes(value) => self.granted(&ask, &value),
            Heard::No("InternalServiceException") => {
                Err(format!("{} failed inside: {}", ask.name, ask.input))
            }
            Heard::No(_) => Ok(()),
            Heard::Nothing => {
                let again = ask.input.get("IdempotencyToken").is_some();
                if again && !self.calm {
                    self.call_after(Span::from_secs(1), ask.name, ask.input);
                }
                Ok(())
            }
        }
    }

    fn granted(&mut self, ask: &Ask, value: &Value) -> Result<(), String> {
        match ask.name {
            "CreateScript" => self.client.script = text(value, "/Script/ScriptId"),
            "CreateFleet" => {
                let id = text(value, "/FleetAttributes/FleetId");
                if !self.witness.has_fleet(&id) {
                    return Err(format!("{id} was answered and is not on the disk"));
                }
                self.figures.fleets += 1;
                self.client.fleets.push(id);
            }
            "CreateGameSession" => {
                let arn = text(value, "/GameSession/GameSessionId");
                if !self.witness.has_session(&arn) {
                    return Err(format!("{arn} was answered and is not on the disk"));
                }
                if let Some(token) = ask.input["IdempotencyToken"].as_str() {
                    let before = self.client.by_token.insert(token.to_owned(), arn.clone());
                    if before.is_some_and(|before| before != arn) {
                        return Err(format!("{token} made two sessions"));
                    }
                }
                self.figures.sessions += 1;
                self.client.sessions.push(arn);
            }
            "CreatePlayerSession" => self.seated(&value["PlayerSession"])?,
            "CreatePlayerSessions" => {
                for seat in value["PlayerSessions"].as_array().into_iter().flatten() {
                    self.seated(seat)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn seated(&mut self, seat: &Value) -> Result<(), String> {
        let id = text(seat, "/PlayerSessionId");
        if !self.witness.has_seat(&id) {
            return Err(format!("{id} was answered and is not on the disk"));
        }
        self.figures.seats += 1;
        // Some never come.
        if self.dice.below(6) > 0 && !self.calm {
            let port = u16::try_from(seat["Port"].as_u64().unwrap_or(0)).unwrap_or(0);
            self.player_comes(id, &text(seat, "/IpAddress"), port);
        }
        Ok(())
    }
}

/// The text behind a JSON pointer.
pub(crate) fn text(value: &Value, pointer: &str) -> String {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}
