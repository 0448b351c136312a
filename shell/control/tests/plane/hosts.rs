//! The whole life of a session with a host that is played by this test: machine, agent and server process.

use hyper::{Method, StatusCode};
use serde_json::{Value, json};

use crate::drive::{PATIENCE, Plane, Wire, zip_of};

/// A machine that has offered itself and everything that the control plane then told.
struct Host {
    machine: Wire,
    agent: Wire,
    token: String,
    instance: String,
    fleet: String,
    configuration: Value,
}

async fn offer(plane: &Plane) -> Wire {
    let mut machine = plane
        .link(&format!(
            "/machine?Authorization={}",
            plane.running.machine_token
        ))
        .await
        .unwrap();
    let offer = json!({
        "MachineName": "m-1", "Locations": [], "InstanceTypes": [], "Capacity": 2, "Addresses": ["127.0.0.1"],
    });
    assert_eq!(machine.ask("HoistOffer", offer).await["StatusCode"], 200);
    machine
}

async fn fleet(plane: &Plane, script: &str) -> String {
    let input = json!({
        "Name": "f", "ScriptId": script, "EC2InstanceType": "c5.large",
        "RuntimeConfiguration": { "ServerProcesses": [{ "LaunchPath": "/local/game/main.js", "ConcurrentExecutions": 1 }] },
    });
    let output = plane.call("CreateFleet", input).await.unwrap();
    output["FleetAttributes"]["FleetId"]
        .as_str()
        .unwrap()
        .to_owned()
}

impl Host {
    async fn start(plane: &Plane) -> Self {
        let mut machine = offer(plane).await;
        let script = plane.script("exports.ssExports = {};").await;
        let fleet = fleet(plane, &script).await;
        let start = machine.push("HoistStartInstance").await;
        let text = |name: &str| start[name].as_str().unwrap().to_owned();
        let (instance, token) = (text("InstanceId"), text("AuthToken"));
        let query = format!(
            "/agent?FleetId={fleet}&ComputeName={instance}&Authorization={token}&HoistAgent=1"
        );
        let mut agent = plane.link(&query).await.unwrap();
        let configuration = agent.push("HoistConfigure").await;
        Self {
            machine,
            agent,
            token,
            instance,
            fleet,
            configuration,
        }
    }

    async fn report(&mut self, step: &str) {
        let members = json!({ "Generation": self.configuration["Generation"], "Step": step });
        assert_eq!(
            self.agent.ask("HoistReport", members).await["StatusCode"],
            200,
            "{step}"
        );
    }

    fn process_query(&self, process: &str, token: &str) -> String {
        let Self {
            fleet, instance, ..
        } = self;
        format!(
            "/sdk/?pID={process}&ComputeId={instance}&FleetId={fleet}&sdkVersion=5.1.0&sdkLanguage=Go&Authorization={token}"
        )
    }

    /// A server process that is ready.
    async fn process(&self, plane: &Plane, process: &str) -> Wire {
        let mut wire = plane
            .link(&self.process_query(process, &self.token))
            .await
            .unwrap();
        let ready =
            json!({ "SdkVersion": "5.1.0", "SdkLanguage": "Go", "Port": 1900, "LogPaths": ["/x"] });
        assert_eq!(
            wire.ask("ActivateServerProcess", ready).await["StatusCode"],
            200
        );
        wire
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_are_refused_before_the_upgrade() {
    let plane = Plane::start().await;
    let host = Host::start(&plane).await;
    let (fleet, instance) = (host.fleet.as_str(), host.instance.as_str());
    let cases = [
        ("/machine".to_owned(), 400),
        ("/machine?Authorization=wrong".to_owned(), 403),
        (host.process_query("p-1", "wrong"), 403),
        ("/sdk?pID=p-1".to_owned(), 400),
        (
            host.process_query("p-1", &host.token)
                .replace(instance, "i-0"),
            403,
        ),
        (
            host.process_query("p-1", &host.token)
                .replace(fleet, "fleet-0"),
            403,
        ),
        (
            format!("/agent?FleetId={fleet}&ComputeName={instance}&Authorization=wrong"),
            403,
        ),
        (format!("/agent?FleetId={fleet}"), 400),
    ];
    for (query, status) in cases {
        let refused = plane.link(&query).await.err().map(|status| status.as_u16());
        assert_eq!(refused, Some(status), "{query}");
    }
    assert_eq!(plane.get("/sdk").await.status, StatusCode::UPGRADE_REQUIRED);
    plane.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn content_is_for_hosts_with_a_token() {
    let plane = Plane::start().await;
    let host = Host::start(&plane).await;
    let content = &host.configuration["Content"];
    let hash = content["Hash"].as_str().unwrap();
    assert_eq!(
        content["Url"],
        format!("{}/content/{hash}", plane.running.url)
    );
    let path = format!("/content/{hash}");
    let bearer = format!("Bearer {}", host.token);
    let got = plane
        .http(Method::GET, &path, &[("authorization", &bearer)], "")
        .await;
    assert_eq!(
        (got.status, got.content_type.as_str()),
        (StatusCode::OK, "application/zip")
    );
    assert_eq!(got.body, zip_of(&[("main.js", b"exports.ssExports = {};")]));
    assert_eq!(plane.get(&path).await.status, StatusCode::FORBIDDEN);
    let got = plane
        .http(Method::GET, &path, &[("authorization", "Bearer wrong")], "")
        .await;
    assert_eq!(got.status, StatusCode::FORBIDDEN);
    let got = plane
        .http(
            Method::GET,
            "/content/../hoist.db",
            &[("authorization", &bearer)],
            "",
        )
        .await;
    assert_eq!(got.status, StatusCode::FORBIDDEN);
    plane.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_lives_from_create_to_its_log() {
    let plane = Plane::start().await;
    let mut host = Host::start(&plane).await;
    for step in ["EXTRACTING", "VALIDATING", "LAUNCHING"] {
        host.report(step).await;
    }
    let mut process = host.process(&plane, "p-1").await;
    let attributes = plane
        .call(
            "DescribeFleetAttributes",
            json!({ "FleetIds": [host.fleet] }),
        )
        .await
        .unwrap();
    assert_eq!(attributes["FleetAttributes"][0]["Status"], "ACTIVE");
    let create = json!({ "FleetId": host.fleet, "MaximumPlayerSessionCount": 2 });
    let session = plane.call("CreateGameSession", create).await.unwrap()["GameSession"].clone();
    assert_eq!(
        (session["Status"].as_str(), session["Port"].as_u64()),
        (Some("ACTIVATING"), Some(1900))
    );
    let id = session["GameSessionId"].as_str().unwrap().to_owned();
    assert_eq!(
        process.push("CreateGameSession").await["GameSessionId"],
        id.as_str()
    );
    let activate = json!({ "GameSessionId": id });
    assert_eq!(
        process.ask("ActivateGameSession", activate).await["StatusCode"],
        200
    );
    assert_eq!(
        host.agent.push("NotifyGameSessionActivated").await["GameSessionId"],
        id.as_str()
    );
    let player = json!({ "GameSessionId": id, "PlayerId": "amy" });
    let player = plane.call("CreatePlayerSession", player).await.unwrap()["PlayerSession"].clone();
    let accept = json!({ "GameSessionId": id, "PlayerSessionId": player["PlayerSessionId"] });
    assert_eq!(
        process.ask("AcceptPlayerSession", accept.clone()).await["StatusCode"],
        200
    );
    assert_eq!(
        process.ask("AcceptPlayerSession", accept).await["StatusCode"],
        400
    );
    let log_url = plane
        .call("GetGameSessionLogUrl", json!({ "GameSessionId": id }))
        .await;
    assert!(log_url.unwrap_err().starts_with("NotFoundException"));
    assert_eq!(
        process.ask("TerminateServerProcess", json!({})).await["StatusCode"],
        200
    );
    drop(process);
    logs_come_back(&plane, &host, &id).await;
    drop(host.machine);
    plane.stop().await;
}

async fn logs_come_back(plane: &Plane, host: &Host, session: &str) {
    let Host {
        fleet,
        instance,
        token,
        ..
    } = host;
    let zip = zip_of(&[("p-1.log", b"hello")]);
    let path = format!("/logs/{fleet}/{instance}/p-1");
    let refused = plane
        .http(
            Method::PUT,
            &path,
            &[("authorization", "Bearer wrong")],
            zip.clone(),
        )
        .await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let bearer = format!("Bearer {token}");
    let stored = plane
        .http(
            Method::PUT,
            &path,
            &[("authorization", &bearer)],
            zip.clone(),
        )
        .await;
    assert_eq!(stored.status, StatusCode::OK, "{stored:?}");
    let url = plane
        .call("GetGameSessionLogUrl", json!({ "GameSessionId": session }))
        .await
        .unwrap();
    let url = url["PreSignedUrl"].as_str().unwrap();
    let got = crate::drive::http(url, Method::GET, &[], "".into())
        .await
        .unwrap();
    assert_eq!(
        (got.status, got.content_type.as_str()),
        (StatusCode::OK, "application/zip")
    );
    assert_eq!(got.body, zip);
    for wrong in [
        url.replace("signature=", "signature=0"),
        url.replace("expires=1", "expires=2"),
        url.split('?').next().unwrap().to_owned(),
    ] {
        let got = crate::drive::http(&wrong, Method::GET, &[], "".into())
            .await
            .unwrap();
        assert_eq!(got.status, StatusCode::FORBIDDEN, "{wrong}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_understood_is_answered_and_the_link_goes_on() {
    let plane = Plane::with(|settings| settings.limits.message_bytes_max = 1000).await;
    let host = Host::start(&plane).await;
    let mut process = host.process(&plane, "p-1").await;
    for (text, action) in [
        ("nonsense", ""),
        (r#"{"Action":"Dance","RequestId":"x"}"#, "Dance"),
        ("[]", ""),
    ] {
        process.send(text).await;
        let answer = process.next().await.unwrap();
        assert_eq!(
            (answer["StatusCode"].as_u64(), answer["Action"].as_str()),
            (Some(400), Some(action)),
            "{text}"
        );
    }
    let beat = json!({ "HealthStatus": true });
    assert_eq!(
        process.ask("HeartbeatServerProcess", beat).await["StatusCode"],
        200
    );
    let large = format!(r#"{{"Action":"{}"}}"#, "x".repeat(2000));
    process.send(&large).await;
    // The close frame may be lost with the rest of the message; the end is not.
    assert!(matches!(process.next().await, Err(1009 | 0)));
    plane.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn links_come_back_after_a_restart_and_sessions_go_on() {
    let plane = Plane::start().await;
    let mut host = Host::start(&plane).await;
    host.report("LAUNCHING").await;
    let mut process = host.process(&plane, "p-1").await;
    let create = json!({ "FleetId": host.fleet, "MaximumPlayerSessionCount": 2 });
    let session =
        plane.call("CreateGameSession", create).await.unwrap()["GameSession"]["GameSessionId"]
            .clone();
    process.push("CreateGameSession").await;
    process
        .ask("ActivateGameSession", json!({ "GameSessionId": session }))
        .await;
    let folder = plane.stop().await;
    // Neither 1000 nor 1001, at which the SDKs would stay away.
    assert_eq!(process.next().await, Err(1012));
    let plane = Plane::on(folder, |_| ()).await;
    let mut process = plane
        .link(&host.process_query("p-1", &host.token))
        .await
        .unwrap();
    let player = json!({ "GameSessionId": session, "PlayerId": "amy" });
    let player = plane.call("CreatePlayerSession", player).await.unwrap()["PlayerSession"]["PlayerSessionId"].clone();
    let accept = json!({ "GameSessionId": session, "PlayerSessionId": player });
    assert_eq!(
        process.ask("AcceptPlayerSession", accept).await["StatusCode"],
        200
    );
    plane.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_followed_log_reaches_its_reader() {
    let plane = Plane::start().await;
    let mut host = Host::start(&plane).await;
    host.report("LAUNCHING").await;
    let mut process = host.process(&plane, "p-1").await;
    let create = json!({ "FleetId": host.fleet, "MaximumPlayerSessionCount": 2 });
    let session =
        plane.call("CreateGameSession", create).await.unwrap()["GameSession"]["GameSessionId"]
            .clone();
    process.push("CreateGameSession").await;
    process
        .ask("ActivateGameSession", json!({ "GameSessionId": session }))
        .await;
    let path = format!(
        "{}/admin/logs?GameSessionId={}",
        plane.running.url,
        session.as_str().unwrap()
    );
    let reader = tokio::spawn(async move {
        crate::drive::http(&path, Method::GET, &[], "".into())
            .await
            .unwrap()
    });
    let follow = host.agent.push("HoistFollowLog").await;
    assert_eq!(
        (follow["ProcessId"].as_str(), follow["Follow"].as_bool()),
        (Some("p-1"), Some(true))
    );
    let lines = json!({ "ProcessId": "p-1", "Text": "hello\n" });
    assert_eq!(
        host.agent.ask("HoistLogLines", lines).await["StatusCode"],
        200
    );
    process.ask("TerminateServerProcess", json!({})).await;
    let got = tokio::time::timeout(PATIENCE, reader)
        .await
        .expect("the end of the log in time")
        .unwrap();
    assert_eq!(
        (got.status, got.body.as_ref()),
        (StatusCode::OK, &b"hello\n"[..])
    );
    plane.stop().await;
}
