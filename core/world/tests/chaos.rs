//! Thousands of steps that nobody planned, under a seed: calls, processes, agents and machines that come, go and talk out of
//! turn, time that passes, restarts from the stored rows. Whatever happens, the invariants hold after every step.

use api::{Operation, Request};
use ids::{ComputeName, FleetId, Mint, ProcessId, Span, Time};
use serde_json::{Value, json};
use serversdk::{AgentConnect, Authorization, ServerConnect, agent, machine, server};
use std::collections::BTreeMap;
use world::{Caller, Content, Effect, Facts, LinkId, Settings, World};

const STEPS: usize = 4000;

struct Chaos {
    world: World,
    rows: BTreeMap<(&'static str, String), String>,
    dice: Mint,
    mint: Mint,
    now: Time,
    next_link: u64,
    processes: Vec<(LinkId, String)>,
    agents: Vec<LinkId>,
    machine: Option<LinkId>,
    /// Instances that the machine was told to run: fleet, instance, token.
    instances: Vec<(String, String, String)>,
    fleets: Vec<String>,
    script: String,
    sessions: Vec<String>,
    /// Who was told to start which session.
    hosted: Vec<(LinkId, String)>,
    players: Vec<(String, String)>,
}

impl Chaos {
    fn new(seed: u64) -> Self {
        let mut chaos = Self {
            world: World::new(settings()),
            rows: BTreeMap::new(),
            dice: Mint::from_number(seed),
            mint: Mint::from_number(seed ^ 0xffff),
            now: Time::from_millis(1_800_000_000_000),
            next_link: 0,
            processes: Vec::new(),
            agents: Vec::new(),
            machine: None,
            instances: Vec::new(),
            fleets: Vec::new(),
            script: String::new(),
            sessions: Vec::new(),
            hosted: Vec::new(),
            players: Vec::new(),
        };
        let made = chaos.call("CreateScript", json!({"ZipFile": "UEsFBg=="}));
        chaos.script = text(&made, "/Script/ScriptId");
        chaos
    }

    fn step(&mut self) {
        match self.dice.below(100) {
            0..3 => self.create_fleet(),
            3 if self.dice.below(4) == 0 => self.restart(),
            4 if self.dice.below(8) == 0 => self.pass(Span::from_secs(200)),
            3..9 => self.offer(),
            9..17 => self.agent(),
            17..32 => self.process(),
            32..60 => self.process_talks(),
            60..68 => self.agent_talks(),
            68..72 => self.drop_something(),
            72..77 => self.pass(Span::from_secs(1 + self.dice.clone().below(15))),
            77..90 => self.session_calls(),
            _ => self.fleet_calls(),
        }
        self.settle();
    }

    /// One of the newest: what is older is mostly dead, and talking to the dead shows little.
    fn pick<T: Clone>(&mut self, from: &[T]) -> Option<T> {
        let newest = &from[from.len().saturating_sub(8)..];
        let at = usize::try_from(self.dice.below(newest.len() as u64)).unwrap_or(0);
        newest.get(at).cloned()
    }

    fn link(&mut self) -> LinkId {
        self.next_link += 1;
        LinkId(self.next_link)
    }

    fn call(&mut self, name: &str, input: Value) -> Value {
        let operation = Operation::from_name(name).expect("an operation");
        let hash = format!("{}", self.dice.below(5));
        let facts = Facts::Content(Content {
            hash,
            size: 1,
            etag: String::new(),
        });
        let caller = Caller::default();
        let answer = Request::parse(operation, input).and_then(|request| {
            self.world
                .call(&caller, request, &facts, self.now, &mut self.mint)
        });
        answer
            .map(|response| response.to_value())
            .unwrap_or_default()
    }

    fn create_fleet(&mut self) {
        if self.fleets.len() >= 3 {
            return;
        }
        let made = self.call(
            "CreateFleet",
            json!({
                "Name": "f", "ScriptId": self.script, "EC2InstanceType": "c5.large",
                "Locations": [{"Location": "us-east-1"}, {"Location": "eu-west-1"}],
                "RuntimeConfiguration": {
                    "ServerProcesses": [{"LaunchPath": "a.js", "ConcurrentExecutions": 3}],
                    "MaxConcurrentGameSessionActivations": 2,
                    "GameSessionActivationTimeoutSeconds": 30
                },
            }),
        );
        self.fleets.push(text(&made, "/FleetAttributes/FleetId"));
    }

    fn restart(&mut self) {
        let rows = self
            .rows
            .iter()
            .map(|((table, key), row)| (*table, key.as_str(), row.as_str()));
        self.world = World::load(settings(), rows, self.now).expect("own rows can be read");
        self.processes.clear();
        self.agents.clear();
        self.machine = None;
    }

    fn offer(&mut self) {
        let link = self.machine.unwrap_or_else(|| self.link());
        self.machine = Some(link);
        let named: Vec<_> = self
            .instances
            .iter()
            .map(|(_, id, _)| ids::InstanceId::from(id.as_str()))
            .collect();
        let instances = if self.dice.below(3) == 0 {
            Vec::new()
        } else {
            named
        };
        let offer = machine::HoistOffer {
            machine_name: "m".into(),
            capacity: 5,
            addresses: vec!["198.51.100.1".into()],
            instances,
            ..Default::default()
        };
        let request = machine::Request::HoistOffer(offer);
        let _ = self
            .world
            .machine_request(link, request, self.now, &mut self.mint);
    }

    fn agent(&mut self) {
        let Some((fleet, id, token)) = self.pick(&self.instances.clone()) else {
            return;
        };
        let connect = AgentConnect {
            fleet_id: FleetId::from(fleet),
            compute_name: ComputeName::from(id),
            hoist: true,
            authorization: Authorization::Token(token),
        };
        let link = self.link();
        if self
            .world
            .agent_connect(link, &connect, self.now, &mut self.mint)
            .is_ok()
        {
            self.agents.push(link);
            let beat = agent::Request::SendHeartbeat(agent::SendHeartbeat {
                status: agent::ComputeStatus::Active,
                process_list: Vec::new(),
                heartbeat_time_millis: 0,
                hoist_complete: self.dice.below(2) == 0,
            });
            let _ = self
                .world
                .agent_request(link, beat, self.now, &mut self.mint);
        }
    }

    fn process(&mut self) {
        let Some((fleet, id, token)) = self.pick(&self.instances.clone()) else {
            return;
        };
        let process = format!("p{}", self.dice.below(6));
        let connect = ServerConnect {
            process_id: ProcessId::from(process.as_str()),
            compute_name: ComputeName::from(id),
            fleet_id: FleetId::from(fleet),
            sdk_version: String::new(),
            sdk_language: String::new(),
            idempotency_token: String::new(),
            authorization: Authorization::Token(token),
        };
        let link = self.link();
        if self
            .world
            .server_connect(link, &connect, self.now, &mut self.mint)
            .is_ok()
        {
            self.processes.push((link, process));
        }
    }

    fn process_talks(&mut self) {
        let anybody = self
            .pick(&self.processes.clone())
            .map(|(link, _)| (link, String::new()));
        let host = self.pick(&self.hosted.clone());
        let Some((link, session)) = (if self.dice.below(2) == 0 {
            host
        } else {
            anybody
        }) else {
            return;
        };
        let own: Vec<_> = self
            .players
            .iter()
            .filter(|(of, _)| *of == session)
            .cloned()
            .collect();
        let (of, player) = self.pick(&own).unwrap_or_default();
        let call = server::PlayerSessionCall {
            game_session_id: of,
            player_session_id: player,
            hoist_with_player: true,
            hoist_again: self.dice.below(4) == 0,
        };
        let request = match self.dice.below(12) {
            0..3 => server::Request::ActivateServerProcess(server::ActivateServerProcess {
                port: 1900 + u16::try_from(self.dice.below(3)).unwrap_or(0),
                ..Default::default()
            }),
            3..6 => server::Request::HeartbeatServerProcess(server::HeartbeatServerProcess {
                health_status: self.dice.below(6) > 0,
            }),
            6..9 => server::Request::ActivateGameSession(server::ActivateGameSession {
                game_session_id: session,
            }),
            9 => server::Request::AcceptPlayerSession(call),
            10 => server::Request::RemovePlayerSession(call),
            _ if self.dice.below(4) == 0 => server::Request::TerminateServerProcess,
            _ => server::Request::GetComputeCertificate,
        };
        let _ = self
            .world
            .server_request(link, request, self.now, &mut self.mint);
    }

    fn agent_talks(&mut self) {
        let Some(link) = self.pick(&self.agents.clone()) else {
            return;
        };
        let process_id = ProcessId::from(format!("p{}", self.dice.below(6)));
        let request = match self.dice.below(6) {
            0..3 => agent::Request::HoistReport(agent::HoistReport {
                generation: 1 + self.dice.below(3),
                step: agent::DeployStep::Launching,
                message: String::new(),
                certificate_path: String::new(),
            }),
            3 => agent::Request::HoistRetire(agent::HoistRetire {
                process_ids: vec![process_id],
            }),
            4 => agent::Request::SendHeartbeat(agent::SendHeartbeat {
                status: agent::ComputeStatus::Active,
                process_list: vec![process_id],
                heartbeat_time_millis: 0,
                hoist_complete: false,
            }),
            _ => agent::Request::NotifyServerProcessTermination(
                agent::NotifyServerProcessTermination {
                    process_id,
                    event_code: (self.dice.below(10) == 0).then_some(serversdk::EventCode::Crashed),
                    ..Default::default()
                },
            ),
        };
        let _ = self
            .world
            .agent_request(link, request, self.now, &mut self.mint);
    }

    fn drop_something(&mut self) {
        let process = self.pick(&self.processes.clone()).map(|(link, _)| link);
        let agent = self.pick(&self.agents.clone());
        let link = match self.dice.below(4) {
            0 => self.machine.take(),
            1 => agent,
            _ => process,
        };
        let Some(link) = link else { return };
        self.processes.retain(|(own, _)| *own != link);
        self.agents.retain(|own| *own != link);
        self.world.disconnected(link, self.now, &mut self.mint);
    }

    fn pass(&mut self, span: Span) {
        let until = self.now + span;
        while let Some(due) = self.world.poll_timeout().filter(|due| *due <= until) {
            self.now = self.now.max(due);
            self.world.handle_timeout(self.now, &mut self.mint);
            self.settle();
        }
        self.now = until;
    }

    fn session_calls(&mut self) {
        let session = self.pick(&self.sessions.clone()).unwrap_or_default();
        let fleet = self.pick(&self.fleets.clone()).unwrap_or_default();
        match self.dice.below(8) {
            0..3 => {
                let location = ["us-east-1", "eu-west-1"][usize::from(self.dice.below(3) == 0)];
                let input =
                    json!({"FleetId": fleet, "Location": location, "MaximumPlayerSessionCount": 3});
                let made = self.call("CreateGameSession", input);
                let id = text(&made, "/GameSession/GameSessionId");
                if !id.is_empty() {
                    self.sessions.push(id);
                }
            }
            3..6 => {
                let input = json!({"GameSessionId": session, "PlayerId": "someone"});
                let made = self.call("CreatePlayerSession", input);
                let id = text(&made, "/PlayerSession/PlayerSessionId");
                if !id.is_empty() {
                    self.players.push((session, id));
                }
            }
            6 => {
                let modes = ["FORCE_TERMINATE", "TRIGGER_ON_PROCESS_TERMINATE"];
                let mode = modes[usize::from(self.dice.below(2) == 0)];
                let input = json!({"GameSessionId": session, "TerminationMode": mode});
                self.call("TerminateGameSession", input);
            }
            _ => {
                self.call(
                    "DescribeGameSessions",
                    json!({"FleetId": fleet, "Limit": 2}),
                );
            }
        }
    }

    fn fleet_calls(&mut self) {
        let fleet = self.pick(&self.fleets.clone()).unwrap_or_default();
        match self.dice.below(10) {
            0 => {
                let found = self.call("DescribeFleetAttributes", json!({"FleetIds": [fleet]}));
                let failed = text(&found, "/FleetAttributes/0/Status") == "ERROR";
                if !failed && self.dice.below(20) > 0 {
                    return;
                }
                if self
                    .call("DeleteFleet", json!({"FleetId": fleet}))
                    .is_object()
                {
                    self.fleets.retain(|own| *own != fleet);
                }
            }
            1 => {
                let count = self.dice.below(3);
                let input = json!({"FleetId": fleet, "DesiredInstances": count, "MaxSize": 3, "MinSize": 0});
                self.call("UpdateFleetCapacity", input);
            }
            2 => {
                let input = json!({"ScriptId": self.script, "ZipFile": "UEsFBg=="});
                self.call("UpdateScript", input);
            }
            3 => {
                let input = json!({"FleetId": fleet, "Locations": ["eu-west-1"]});
                self.call("DeleteFleetLocations", input);
            }
            4 => {
                let input = json!({"FleetId": fleet, "Locations": [{"Location": "eu-west-1"}]});
                self.call("CreateFleetLocations", input);
            }
            5 => drop(self.world.metrics()),
            6 => drop(self.call("DescribeFleetEvents", json!({"FleetId": fleet, "Limit": 3}))),
            7 => drop(self.call("DescribeFleetCapacity", json!({}))),
            _ => drop(self.call("DescribeFleetUtilization", json!({}))),
        }
    }

    fn settle(&mut self) {
        let batch = self.world.take();
        for change in batch.changes {
            let place = (change.table, change.key);
            match change.row {
                Some(row) => self.rows.insert(place, row),
                None => self.rows.remove(&place),
            };
        }
        for effect in batch.effects {
            match effect {
                Effect::Machine(_, machine::Push::HoistStartInstance(start)) => {
                    let (fleet, id) = (start.fleet_id.to_string(), start.instance_id.to_string());
                    self.instances.retain(|(_, own, _)| *own != id);
                    self.instances.push((fleet, id, start.auth_token));
                }
                Effect::Machine(_, machine::Push::HoistStopInstance(stop)) => {
                    self.instances
                        .retain(|(_, own, _)| *own != stop.instance_id.as_str());
                }
                Effect::Server(link, server::Push::CreateGameSession(start)) => {
                    self.hosted.push((link, start.game_session_id));
                }
                Effect::Server(..)
                | Effect::Agent(..)
                | Effect::Close(..)
                | Effect::Notify { .. }
                | Effect::LogLines { .. }
                | Effect::ForgetContent(_)
                | Effect::ForgetLogs(_) => {}
            }
        }
        let outcome = self.world.check_with_seats();
        assert_eq!(outcome, Ok(()), "at {:?}", self.now);
    }
}

fn settings() -> Settings {
    let mut settings = Settings::new("us-east-1", "123456789012", "127.0.0.1:9700");
    settings.events = true;
    settings.limits.outbox = 50;
    settings.limits.fleet_events = 20;
    settings
}

fn text(value: &Value, pointer: &str) -> String {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

#[test]
fn invariants_hold_whatever_happens() {
    let (mut sessions, mut players) = (0, 0);
    for seed in 1..=8 {
        let mut chaos = Chaos::new(seed);
        for _ in 0..STEPS {
            chaos.step();
        }
        sessions += chaos.sessions.len();
        players += chaos.players.len();
        // When everything is deleted and time has passed, nothing is left but what was not deleted.
        for fleet in std::mem::take(&mut chaos.fleets) {
            for _ in 0..3 {
                chaos.call("DeleteFleet", json!({"FleetId": fleet}));
                chaos.pass(Span::from_secs(700));
            }
        }
        chaos.pass(Span::from_secs(31 * 24 * 60 * 60));
        let left: Vec<_> = chaos
            .rows
            .keys()
            .filter(|(table, _)| !["scripts", "outbox"].contains(table))
            .collect();
        assert!(left.is_empty(), "seed {seed}: {left:?}");
    }
    let told = format!("{sessions} sessions, {players} players: the dice are of no use");
    assert!(sessions > 100 && players > 30, "{told}");
}
