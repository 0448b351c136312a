//! What only placements and matches ask of `start_session`: seats from the start, and an id that may be taken.

use api::{Operation, PlayerSessionStatus, Request};
use ids::{ComputeName, FleetId, GameSessionId, Location, Mint, ProcessId, Span, Time};
use serde_json::{Value, json};
use serversdk::{Authorization, ServerConnect, server};

use super::create::{NewSession, Place, start_session};
use crate::turn::Turn;
use crate::{Caller, Facts, LinkId, Settings, World};

const START: Time = Time::from_millis(1_800_000_000_000);

struct Hall {
    world: World,
    mint: Mint,
    place: Place,
}

impl Hall {
    /// An Anywhere fleet with idle processes.
    fn new(processes: u16) -> Self {
        let settings = Settings::new("us-east-1", "123456789012", "127.0.0.1:9700");
        let place = Place {
            fleet: FleetId::default(),
            location: Location::from("custom-home"),
        };
        let mut hall = Self {
            world: World::new(settings),
            mint: Mint::from_number(1),
            place,
        };
        hall.call("CreateLocation", json!({"LocationName": "custom-home"}));
        let fleet = json!({"Name": "hall", "ComputeType": "ANYWHERE", "AnywhereConfiguration": {"Cost": "1"},
            "Locations": [{"Location": "custom-home"}]});
        let made = hall.call("CreateFleet", fleet);
        let fleet = made["FleetAttributes"]["FleetId"]
            .as_str()
            .unwrap()
            .to_owned();
        hall.place.fleet = FleetId::from(fleet.as_str());
        let compute = json!({"FleetId": fleet, "ComputeName": "desk-1", "IpAddress": "203.0.113.7",
            "Location": "custom-home"});
        hall.call("RegisterCompute", compute);
        let named = json!({"FleetId": fleet, "ComputeName": "desk-1"});
        let token = hall.call("GetComputeAuthToken", named)["AuthToken"]
            .as_str()
            .unwrap()
            .to_owned();
        for number in 1..=processes {
            hall.process(number, &token);
        }
        hall
    }

    fn call(&mut self, operation: &str, input: Value) -> Value {
        let request = Request::parse(Operation::from_name(operation).unwrap(), input).unwrap();
        let caller = Caller {
            account: "123456789012".into(),
            access_key_id: "test".into(),
        };
        let answer = self
            .world
            .call(&caller, request, &Facts::None, START, &mut self.mint);
        answer.unwrap().to_value()
    }

    fn process(&mut self, number: u16, token: &str) {
        let link = LinkId(number.into());
        let connect = ServerConnect {
            process_id: ProcessId::new(format!("p{number}")),
            compute_name: ComputeName::from("desk-1"),
            fleet_id: self.place.fleet.clone(),
            sdk_version: "5.6.0".into(),
            sdk_language: "Go".into(),
            idempotency_token: String::new(),
            authorization: Authorization::Token(token.into()),
        };
        self.world
            .server_connect(link, &connect, START, &mut self.mint)
            .unwrap();
        let ready = server::ActivateServerProcess {
            port: 7000 + number,
            ..Default::default()
        };
        self.ask(number, server::Request::ActivateServerProcess(ready), START);
    }

    fn ask(&mut self, number: u16, request: server::Request, now: Time) {
        self.world
            .server_request(LinkId(number.into()), request, now, &mut self.mint)
            .unwrap();
    }

    fn start(&mut self, new: NewSession) -> Option<GameSessionId> {
        let facts = Facts::None;
        let mut turn = Turn {
            facts: &facts,
            now: START,
            mint: &mut self.mint,
        };
        start_session(&mut self.world, &mut turn, &self.place, new)
    }

    fn statuses(&self) -> Vec<PlayerSessionStatus> {
        self.world
            .player_sessions
            .iter()
            .map(|row| row.status)
            .collect()
    }
}

#[test]
fn players_who_come_with_the_session_have_time_from_its_activation_on() {
    let mut hall = Hall::new(1);
    let players = vec![("ann".into(), Some("red".to_owned())), ("bob".into(), None)];
    let new = NewSession {
        maximum: 2,
        players,
        ..NewSession::default()
    };
    let id = hall.start(new).unwrap();
    assert_eq!(hall.world.player_sessions.current(&id), 2);

    let late = START + Span::from_secs(200);
    let minute = hall.world.settings.times.heartbeat;
    for beat in [
        START + minute,
        START + minute.times(2),
        START + minute.times(3),
    ] {
        hall.world.handle_timeout(beat, &mut hall.mint);
        let healthy = server::HeartbeatServerProcess {
            health_status: true,
        };
        hall.ask(1, server::Request::HeartbeatServerProcess(healthy), beat);
    }
    assert_eq!(hall.statuses(), [PlayerSessionStatus::Reserved; 2]);

    let activated = server::ActivateGameSession {
        game_session_id: id.to_string(),
    };
    hall.ask(1, server::Request::ActivateGameSession(activated), late);
    hall.world
        .handle_timeout(late + Span::from_millis(59_999), &mut hall.mint);
    assert_eq!(hall.statuses(), [PlayerSessionStatus::Reserved; 2]);
    hall.world
        .handle_timeout(late + Span::from_secs(60), &mut hall.mint);
    assert_eq!(hall.statuses(), [PlayerSessionStatus::Timedout; 2]);
}

#[test]
fn a_taken_id_makes_way_for_an_own_one() {
    let mut hall = Hall::new(2);
    let new = || NewSession {
        id: Some("placement-1".into()),
        maximum: 1,
        ..NewSession::default()
    };
    let (first, second) = (hall.start(new()).unwrap(), hall.start(new()).unwrap());
    assert!(
        first.as_str().ends_with("/custom-home/placement-1"),
        "{first}"
    );
    assert!(second.as_str().contains("/custom-home/gsess-"), "{second}");
    assert_eq!(hall.start(new()), None);
    hall.world.check().unwrap();
}
