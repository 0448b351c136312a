//! What a host goes through: fleets, sessions, crashes, updates, agents and control planes that come and go.

use std::collections::BTreeSet;
use std::io::{Cursor, Read as _};
use std::time::Duration;

use agent::{AtEnd, Provider, Settings, Shutdown, Trigger};
use hyper::Method;
use serde_json::{Value, json};

use crate::drive::{PATIENCE, Plane, base64, http, zip_of};
use crate::process::program;

/// An agent and its folder.
struct Host {
    running: agent::Running,
    trigger: Trigger,
    folder: tempfile::TempDir,
}

impl Host {
    async fn start(plane: &Plane) -> Self {
        Self::on(tempfile::tempdir().unwrap(), plane, |_| ()).await
    }

    async fn on(
        folder: tempfile::TempDir,
        plane: &Plane,
        change: impl FnOnce(&mut Settings),
    ) -> Self {
        let data = folder.path().join("host");
        let mut settings = Settings::local(
            data,
            plane.running.url.clone(),
            plane.running.machine_token.clone(),
        );
        settings.program = Some(program(folder.path()));
        // The test program needs more of the machine than a script does.
        settings.confine = false;
        settings.limits.reconnect_pause_max = Duration::from_millis(200);
        change(&mut settings);
        let (trigger, shutdown) = Shutdown::pair();
        let running = agent::run(settings, shutdown).await.unwrap();
        Self {
            running,
            trigger,
            folder,
        }
    }

    async fn stop(self) -> tempfile::TempDir {
        self.trigger.stop();
        self.running.ended().await;
        self.folder
    }
}

/// A fleet with one script and one kind of process.
async fn fleet(plane: &Plane, script: &str, parameters: &str, count: u32) -> String {
    let script = plane.script(script).await;
    let input = json!({
        "Name": "f", "ScriptId": script, "EC2InstanceType": "c5.large",
        "RuntimeConfiguration": { "ServerProcesses": [{
            "LaunchPath": "/local/game/main.js", "Parameters": parameters, "ConcurrentExecutions": count,
        }] },
    });
    let output = plane.call("CreateFleet", input).await.unwrap();
    output["FleetAttributes"]["FleetId"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// Asks again and again until the answer is as wished.
async fn until(
    plane: &Plane,
    operation: &str,
    input: Value,
    wished: impl Fn(&Value) -> bool,
) -> Value {
    let last = std::sync::Mutex::new(Value::Null);
    let asking = async {
        loop {
            let answer = match plane.call(operation, input.clone()).await {
                Ok(answer) => answer,
                Err(words) => json!({ "Refused": words }),
            };
            if wished(&answer) {
                return answer;
            }
            *last.lock().unwrap() = answer;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    match tokio::time::timeout(PATIENCE, asking).await {
        Ok(answer) => answer,
        Err(_) => panic!(
            "{operation} {input} never came to what was wished; last: {:#}",
            last.lock().unwrap()
        ),
    }
}

async fn fleet_is(plane: &Plane, fleet: &str, status: &str) {
    let input = json!({ "FleetIds": [fleet] });
    until(plane, "DescribeFleetAttributes", input, |answer| {
        answer["FleetAttributes"][0]["Status"] == status
    })
    .await;
}

/// A session that is ACTIVE.
async fn session(plane: &Plane, fleet: &str) -> Value {
    let input = json!({ "FleetId": fleet, "MaximumPlayerSessionCount": 2 });
    let answer = until(plane, "CreateGameSession", input, |answer| {
        answer.get("GameSession").is_some()
    })
    .await;
    let input = json!({ "GameSessionId": answer["GameSession"]["GameSessionId"] });
    let active = until(plane, "DescribeGameSessions", input, |answer| {
        answer["GameSessions"][0]["Status"] == "ACTIVE"
    });
    active.await["GameSessions"][0].clone()
}

/// The files of a session's log.
async fn log_of(plane: &Plane, session: &Value) -> Vec<(String, String)> {
    let input = json!({ "GameSessionId": session["GameSessionId"] });
    let url = until(plane, "GetGameSessionLogUrl", input, |answer| {
        answer.get("PreSignedUrl").is_some()
    })
    .await;
    let got = http(
        url["PreSignedUrl"].as_str().unwrap(),
        Method::GET,
        &[],
        "".into(),
    )
    .await
    .unwrap();
    let mut zip = zip::ZipArchive::new(Cursor::new(got.body)).unwrap();
    let mut files = Vec::new();
    for index in 0..zip.len() {
        let mut file = zip.by_index(index).unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        files.push((file.name().unwrap().into_owned(), text));
    }
    files
}

async fn terminate(plane: &Plane, session: &Value) {
    let input = json!({ "GameSessionId": session["GameSessionId"], "TerminationMode": "TRIGGER_ON_PROCESS_TERMINATE" });
    plane.call("TerminateGameSession", input).await.unwrap();
    let input = json!({ "GameSessionId": session["GameSessionId"] });
    until(plane, "DescribeGameSessions", input, |answer| {
        answer["GameSessions"][0]["Status"] == "TERMINATED"
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fleet_comes_to_life_and_its_session_leaves_a_log() {
    let plane = Plane::start().await;
    let host = Host::on(tempfile::tempdir().unwrap(), &plane, |settings| {
        settings.at_end = AtEnd::Kill
    })
    .await;
    let fleet = fleet(&plane, "version one", "loggingLevel:info", 2).await;
    fleet_is(&plane, &fleet, "ACTIVE").await;
    let instances = plane
        .call("DescribeInstances", json!({ "FleetId": fleet }))
        .await
        .unwrap();
    let address = instances["Instances"][0]["IpAddress"].as_str().unwrap();
    let session = session(&plane, &fleet).await;
    assert!(
        address.starts_with("127.") && session["IpAddress"] == address,
        "{session:#}"
    );
    assert!((1900..=2000).contains(&session["Port"].as_u64().unwrap()));
    terminate(&plane, &session).await;
    let files = log_of(&plane, &session).await;
    assert_eq!(files.len(), 1, "{files:?}");
    assert_eq!(files[0].1, "version one\nsession starts\nprocess ends\n");
    host.stop().await;
    plane.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_process_sees_its_own_folders_only() {
    let plane = Plane::start().await;
    let host = Host::on(tempfile::tempdir().unwrap(), &plane, |settings| {
        settings.at_end = AtEnd::Kill;
        settings.confine = true;
    })
    .await;
    let fleet = fleet(&plane, "peek", "loggingLevel:info", 1).await;
    fleet_is(&plane, &fleet, "ACTIVE").await;
    let session = session(&plane, &fleet).await;
    terminate(&plane, &session).await;
    let text = log_of(&plane, &session).await[0].1.clone();
    let first = text.lines().next().unwrap();
    // Kernels without Landlock have limits only.
    assert!(
        [
            "Some(Fully) false",
            "Some(Partly) false",
            "Some(LimitsOnly) true"
        ]
        .contains(&first),
        "{text}"
    );
    host.stop().await;
    plane.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hosts_and_control_talk_over_tls() {
    let folder = tempfile::tempdir().unwrap();
    let certified = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let (certificate, key) = (
        folder.path().join("certificate.pem"),
        folder.path().join("key.pem"),
    );
    std::fs::write(&certificate, certified.cert.pem()).unwrap();
    std::fs::write(&key, certified.signing_key.serialize_pem()).unwrap();
    let tls = control::TlsFiles {
        certificate: certificate.clone(),
        key,
    };
    let plane = Plane::with(|settings| settings.tls = Some(tls)).await;
    let port = plane.running.api.port();
    let mut settings = Settings::local(
        folder.path().join("host"),
        format!("https://localhost:{port}"),
        plane.running.machine_token.clone(),
    );
    settings.ca = Some(certificate);
    settings.program = Some("/bin/true".into());
    let (trigger, shutdown) = Shutdown::pair();
    let running = agent::run(settings, shutdown).await.unwrap();
    // The same port takes plain calls: the machine is there when an instance is asked of it.
    let script = json!({ "Name": "f", "EC2InstanceType": "c5.large", "ScriptId": plain_script(&plane).await,
        "RuntimeConfiguration": { "ServerProcesses": [{ "LaunchPath": "main.js", "ConcurrentExecutions": 1 }] } });
    let url = format!("http://127.0.0.1:{port}");
    let created = plain_call(&url, "CreateFleet", script).await;
    let fleet = json!({ "FleetId": created["FleetAttributes"]["FleetId"] });
    let offered = async {
        while plain_call(&url, "DescribeInstances", fleet.clone()).await["Instances"]
            .as_array()
            .is_none_or(Vec::is_empty)
        {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, offered)
        .await
        .expect("an instance in time");
    trigger.stop();
    running.ended().await;
    plane.stop().await;
}

async fn plain_call(url: &str, operation: &str, input: Value) -> Value {
    let target = format!("GameLift.{operation}");
    let headers = [("x-amz-target", target.as_str())];
    http(url, Method::POST, &headers, input.to_string().into())
        .await
        .unwrap()
        .json()
}

async fn plain_script(plane: &Plane) -> Value {
    let url = format!("http://{}", plane.running.api);
    let zip = base64(&zip_of(&[("main.js", b"1")]));
    plain_call(&url, "CreateScript", json!({ "ZipFile": zip })).await["Script"]["ScriptId"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_that_does_not_load_is_said_in_the_fleets_events() {
    let plane = Plane::start().await;
    let host = Host::on(tempfile::tempdir().unwrap(), &plane, |settings| {
        settings.at_end = AtEnd::Kill
    })
    .await;
    let fleet = fleet(&plane, "broken", "loggingLevel:info", 1).await;
    fleet_is(&plane, &fleet, "ERROR").await;
    let events = plane
        .call("DescribeFleetEvents", json!({ "FleetId": fleet }))
        .await
        .unwrap();
    assert!(
        events.to_string().contains("Error: the script is broken"),
        "{events:#}"
    );
    host.stop().await;
    plane.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn running_sessions_keep_their_version_and_new_ones_get_the_new_one() {
    let plane = Plane::start().await;
    let host = Host::on(tempfile::tempdir().unwrap(), &plane, |settings| {
        settings.at_end = AtEnd::Kill
    })
    .await;
    let fleet = fleet(&plane, "version one", "loggingLevel:info", 2).await;
    fleet_is(&plane, &fleet, "ACTIVE").await;
    let old = session(&plane, &fleet).await;
    let attributes = plane
        .call("DescribeFleetAttributes", json!({ "FleetIds": [fleet] }))
        .await
        .unwrap();
    let zip = base64(&zip_of(&[("main.js", b"version two")]));
    let update =
        json!({ "ScriptId": attributes["FleetAttributes"][0]["ScriptId"], "ZipFile": zip });
    plane.call("UpdateScript", update).await.unwrap();
    // Sessions that start before the new version is here may still run the old one; soon none does.
    let mut sessions = BTreeSet::new();
    let new = loop {
        let new = session(&plane, &fleet).await;
        assert!(sessions.insert(new["GameSessionId"].to_string()));
        terminate(&plane, &new).await;
        let files = log_of(&plane, &new).await;
        if files[0].1.starts_with("version two\n") {
            break new;
        }
        assert!(
            files[0].1.starts_with("version one\n") && sessions.len() < 50,
            "{files:?}"
        );
    };
    assert_ne!(new["GameSessionId"], old["GameSessionId"]);
    terminate(&plane, &old).await;
    assert!(log_of(&plane, &old).await[0].1.starts_with("version one\n"));
    host.stop().await;
    plane.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_outlive_their_agent_and_the_next_one_takes_them_over() {
    let plane = Plane::start().await;
    let host = Host::start(&plane).await;
    let fleet = fleet(&plane, "version one", "loggingLevel:info", 1).await;
    fleet_is(&plane, &fleet, "ACTIVE").await;
    let session = session(&plane, &fleet).await;
    let folder = host.stop().await;
    let input = json!({ "GameSessionId": session["GameSessionId"], "PlayerId": "amy" });
    plane.call("CreatePlayerSession", input).await.unwrap();
    let host = Host::on(folder, &plane, |settings| settings.at_end = AtEnd::Kill).await;
    terminate(&plane, &session).await;
    let files = log_of(&plane, &session).await;
    assert_eq!(files[0].1, "version one\nsession starts\nprocess ends\n");
    fleet_is(&plane, &fleet, "ACTIVE").await;
    host.stop().await;
    plane.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_and_agents_outlive_their_control_plane() {
    let plane = Plane::start().await;
    let host = Host::on(tempfile::tempdir().unwrap(), &plane, |settings| {
        settings.at_end = AtEnd::Kill
    })
    .await;
    let fleet = fleet(&plane, "version one", "loggingLevel:info", 1).await;
    fleet_is(&plane, &fleet, "ACTIVE").await;
    let session = session(&plane, &fleet).await;
    let address = plane.running.api;
    let folder = plane.stop().await;
    let plane = Plane::on(folder, |settings| settings.api = address).await;
    terminate(&plane, &session).await;
    let files = log_of(&plane, &session).await;
    assert_eq!(files[0].1, "version one\nsession starts\nprocess ends\n");
    host.stop().await;
    plane.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_sessions_share_a_process_when_the_fleet_asks_for_it() {
    let plane = Plane::start().await;
    let host = Host::on(tempfile::tempdir().unwrap(), &plane, |settings| {
        settings.at_end = AtEnd::Kill
    })
    .await;
    let fleet = fleet(&plane, "version one", "slots:2", 2).await;
    fleet_is(&plane, &fleet, "ACTIVE").await;
    let (one, two) = (session(&plane, &fleet).await, session(&plane, &fleet).await);
    assert_ne!(one["Port"], two["Port"]);
    terminate(&plane, &one).await;
    assert_eq!(log_of(&plane, &one).await.len(), 1);
    // A slot that ended is replaced although its neighbour still runs.
    session(&plane, &fleet).await;
    terminate(&plane, &two).await;
    host.stop().await;
    plane.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pool_machine_serves_its_own_locations_only() {
    let plane = Plane::start().await;
    let host = Host::on(tempfile::tempdir().unwrap(), &plane, |settings| {
        settings.at_end = AtEnd::Kill;
        settings.provider = Provider::Pool {
            locations: vec!["us-east-1".into()],
            instance_types: vec!["c5.large".into()],
            addresses: vec!["127.0.0.1".parse().unwrap()],
            dns_name: "game.example.net".into(),
            capacity: 4,
            bind: Some("127.0.0.1".parse().unwrap()),
            tcp_ports: None,
            udp_ports: None,
        };
    })
    .await;
    let fleet = fleet(&plane, "version one", "loggingLevel:info", 1).await;
    fleet_is(&plane, &fleet, "ACTIVE").await;
    let session = session(&plane, &fleet).await;
    assert_eq!(
        (&session["IpAddress"], &session["DnsName"]),
        (&json!("127.0.0.1"), &json!("game.example.net"))
    );
    let input = json!({ "FleetId": fleet, "Locations": [{ "Location": "eu-west-1" }] });
    plane.call("CreateFleetLocations", input).await.unwrap();
    let instances = plane
        .call("DescribeInstances", json!({ "FleetId": fleet }))
        .await
        .unwrap();
    assert_eq!(instances["Instances"].as_array().unwrap().len(), 1);
    host.stop().await;
    plane.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn deleting_a_fleet_ends_its_processes() {
    let plane = Plane::start().await;
    let host = Host::start(&plane).await;
    let fleet = fleet(&plane, "version one", "loggingLevel:info", 1).await;
    fleet_is(&plane, &fleet, "ACTIVE").await;
    plane
        .call("DeleteFleet", json!({ "FleetId": fleet }))
        .await
        .unwrap();
    let gone = async {
        let folder = host.folder.path().join("host/instances");
        while std::fs::read_dir(&folder).unwrap().next().is_some() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, gone)
        .await
        .expect("the instance's end in time");
    host.stop().await;
    plane.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_agent_on_the_same_data_is_refused() {
    let plane = Plane::start().await;
    let host = Host::start(&plane).await;
    let settings = Settings::local(
        host.folder.path().join("host"),
        plane.running.url.clone(),
        "token",
    );
    let (_trigger, shutdown) = Shutdown::pair();
    let error = agent::run(settings, shutdown).await.unwrap_err();
    assert!(
        error.to_string().starts_with("another agent runs on"),
        "{error}"
    );
    host.stop().await;
    plane.stop().await;
}
