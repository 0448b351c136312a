//! How many signed calls a control plane answers: `cargo run --release -p control --example api_load`. Players and sessions on an
//! Anywhere fleet whose server processes are played here; one JSON line with rates and latencies.

#![expect(
    clippy::unwrap_used,
    reason = "a measurement that goes wrong ends there"
)]
#![expect(clippy::print_stdout, reason = "the line is the result")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use awsrpc::{Credentials, Head, Unsigned};
use control::{AccessKey, Settings, Shutdown};
use futures_util::{SinkExt as _, StreamExt as _};
use http_body_util::{BodyExt as _, Full};
use hyper::Request;
use hyper::body::Bytes;
use hyper::client::conn::http1::SendRequest;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;

const CONNECTIONS: usize = 32;
const PROCESSES: usize = 400;
const SEATS: usize = 200;
const PLAYERS: usize = 20_000;

/// A kept connection that signs its calls.
struct Client {
    sender: SendRequest<Full<Bytes>>,
    authority: String,
}

impl Client {
    async fn connect(authority: &str) -> Self {
        let stream = TcpStream::connect(authority).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let (sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
            .await
            .unwrap();
        tokio::spawn(connection);
        Self {
            sender,
            authority: authority.to_owned(),
        }
    }

    async fn call(&mut self, operation: &str, input: &Value) -> Value {
        let (target, body) = (format!("GameLift.{operation}"), input.to_string());
        let headers = [
            ("host", self.authority.as_str()),
            ("x-amz-target", target.as_str()),
        ];
        let head = Head {
            method: "POST",
            path: "/",
            query: "",
            headers: &headers,
        };
        let now_ms = u64::try_from(
            SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .unwrap()
                .as_millis(),
        )
        .unwrap();
        let unsigned = Unsigned {
            head,
            body: body.as_bytes(),
            region: "us-east-1",
            now_ms,
        };
        let credentials = Credentials {
            access_key: "AKID".into(),
            secret: "secret".into(),
            session_token: None,
        };
        let mut request = Request::post("/")
            .header("host", &self.authority)
            .header("x-amz-target", &target);
        for (name, value) in awsrpc::signed(&unsigned, &credentials) {
            request = request.header(name, value);
        }
        let request = request.body(Full::new(Bytes::from(body))).unwrap();
        self.sender.ready().await.unwrap();
        let answer = self.sender.send_request(request).await.unwrap();
        let status = answer.status();
        let value: Value =
            serde_json::from_slice(&answer.into_body().collect().await.unwrap().to_bytes())
                .unwrap();
        assert!(status.is_success(), "{operation}: {value}");
        value
    }
}

/// A server process: ready, then it starts the session that it is given.
async fn process(url: String) {
    let (mut socket, _) = tokio_tungstenite::connect_async(&url).await.unwrap();
    let ready = json!({ "Action": "ActivateServerProcess", "RequestId": "1", "Port": 7777, "LogPaths": [] });
    socket.send(Message::text(ready.to_string())).await.unwrap();
    while let Some(Ok(message)) = socket.next().await {
        let Message::Text(text) = message else {
            continue;
        };
        let message: Value = serde_json::from_str(&text).unwrap();
        if message["Action"] == "CreateGameSession" {
            let activate = json!({ "Action": "ActivateGameSession", "RequestId": "2", "GameSessionId": message["GameSessionId"] });
            socket
                .send(Message::text(activate.to_string()))
                .await
                .unwrap();
        }
    }
}

async fn fleet(client: &mut Client) -> Value {
    client
        .call("CreateLocation", &json!({ "LocationName": "custom-home" }))
        .await;
    let input = json!({
        "Name": "load", "ComputeType": "ANYWHERE", "Locations": [{ "Location": "custom-home" }],
        "AnywhereConfiguration": { "Cost": "1" },
    });
    let fleet = client.call("CreateFleet", &input).await["FleetAttributes"]["FleetId"].clone();
    let input = json!({ "FleetId": fleet, "ComputeName": "c", "IpAddress": "127.0.0.1", "Location": "custom-home" });
    let compute = client.call("RegisterCompute", &input).await;
    let endpoint = compute["Compute"]["GameLiftServiceSdkEndpoint"]
        .as_str()
        .unwrap()
        .to_owned();
    let token = client
        .call(
            "GetComputeAuthToken",
            &json!({ "FleetId": fleet, "ComputeName": "c" }),
        )
        .await;
    let token = token["AuthToken"].as_str().unwrap().to_owned();
    for number in 0..PROCESSES {
        let fleet = fleet.as_str().unwrap();
        let query = format!(
            "pID=p-{number}&ComputeId=c&FleetId={fleet}&sdkVersion=5&sdkLanguage=Load&Authorization={token}"
        );
        tokio::spawn(process(format!("{endpoint}?{query}")));
    }
    let utilization = json!({ "FleetIds": [fleet] });
    loop {
        let answer = client.call("DescribeFleetUtilization", &utilization).await;
        if answer["FleetUtilization"][0]["ActiveServerProcessCount"] == PROCESSES {
            return fleet;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Makes these calls on many connections; calls a second, p50 and p99 in milliseconds, and the outputs.
async fn measure(
    authority: &str,
    operation: &'static str,
    inputs: Vec<Value>,
) -> (Value, Vec<Value>) {
    let (inputs, next) = (Arc::new(inputs), Arc::new(AtomicUsize::new(0)));
    let started = Instant::now();
    let mut tasks = Vec::new();
    for _ in 0..CONNECTIONS {
        let (inputs, next) = (Arc::clone(&inputs), Arc::clone(&next));
        let mut client = Client::connect(authority).await;
        tasks.push(tokio::spawn(async move {
            let mut done = Vec::new();
            while let Some(input) = inputs.get(next.fetch_add(1, Ordering::Relaxed)) {
                let began = Instant::now();
                let output = client.call(operation, input).await;
                done.push((began.elapsed(), output));
            }
            done
        }));
    }
    let (mut times, mut outputs) = (Vec::new(), Vec::new());
    for task in tasks {
        for (time, output) in task.await.unwrap() {
            times.push(time);
            outputs.push(output);
        }
    }
    let rate = times.len() as f64 / started.elapsed().as_secs_f64();
    times.sort_unstable();
    let at = |percent: usize| times[times.len() * percent / 100].as_secs_f64() * 1000.0;
    (
        json!({ "calls": times.len(), "perSecond": rate.round(), "p50Ms": at(50), "p99Ms": at(99) }),
        outputs,
    )
}

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = Settings::new(folder.path().join("data"));
    settings.access_keys = vec![AccessKey {
        id: "AKID".into(),
        secret: "secret".into(),
    }];
    let (trigger, shutdown) = Shutdown::pair();
    let running = control::run(settings.clone(), shutdown).await.unwrap();
    let authority = running.api.to_string();
    let mut client = Client::connect(&authority).await;
    let fleet = fleet(&mut client).await;

    let input =
        json!({ "FleetId": fleet, "Location": "custom-home", "MaximumPlayerSessionCount": SEATS });
    let (sessions, created) =
        measure(&authority, "CreateGameSession", vec![input; PROCESSES]).await;
    let ids: Vec<Value> = created
        .iter()
        .map(|output| output["GameSession"]["GameSessionId"].clone())
        .collect();
    for id in &ids {
        let input = json!({ "GameSessionId": id });
        while client.call("DescribeGameSessions", &input).await["GameSessions"][0]["Status"]
            != "ACTIVE"
        {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
    let input = |number: usize| json!({ "GameSessionId": ids[number % ids.len()], "PlayerId": format!("p{number}") });
    let (players, _) = measure(
        &authority,
        "CreatePlayerSession",
        (0..PLAYERS).map(input).collect(),
    )
    .await;
    let input = |number: usize| json!({ "GameSessionId": ids[number % ids.len()] });
    let (described, _) = measure(
        &authority,
        "DescribeGameSessions",
        (0..PLAYERS).map(input).collect(),
    )
    .await;

    trigger.stop();
    running.ended().await.unwrap();
    let started = Instant::now();
    let (trigger, shutdown) = Shutdown::pair();
    let running = control::run(settings, shutdown).await.unwrap();
    let restart_ms = started.elapsed().as_secs_f64() * 1000.0;
    trigger.stop();
    running.ended().await.unwrap();
    let line = json!({
        "connections": CONNECTIONS, "createGameSession": sessions, "createPlayerSession": players,
        "describeGameSessions": described, "restartMs": restart_ms,
    });
    println!("{line}");
}
