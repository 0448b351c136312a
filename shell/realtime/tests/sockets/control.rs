//! The link to a control plane, which the test plays by hand: start, players, refusals, lost connections, the end.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use realtime::{Control, Event, Exit, LinkSettings, Private};
use serde_json::{Value, json};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::{ServerConfig, ServerConnection, StreamOwned};
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Message, WebSocket, accept_hdr};

use crate::support::*;

const TOKEN: &str = "secret-token";

struct ControlPlane {
    listener: TcpListener,
    tls: Option<Arc<ServerConfig>>,
}

/// A connection, encrypted or not.
trait Bytes: Read + Write {}
impl<T: Read + Write> Bytes for T {}

/// One connection of a server process, from control's side.
struct Link {
    socket: WebSocket<Box<dyn Bytes>>,
    query: String,
}

impl ControlPlane {
    fn new() -> Self {
        Self {
            listener: TcpListener::bind("127.0.0.1:0").unwrap(),
            tls: None,
        }
    }

    /// With a certificate for 127.0.0.1, and that certificate in PEM form.
    fn secured() -> (Self, String) {
        let certified = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
        let key = PrivatePkcs8KeyDer::from(certified.signing_key.serialize_der());
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certified.cert.der().clone()], PrivateKeyDer::from(key))
            .unwrap();
        let secured = Self {
            tls: Some(Arc::new(config)),
            ..Self::new()
        };
        (secured, certified.cert.pem())
    }

    fn draft(&self, script: &str) -> Draft {
        let scheme = if self.tls.is_some() { "wss" } else { "ws" };
        let url = format!("{scheme}://{}/sdk", self.listener.local_addr().unwrap());
        draft(script).with(|settings| {
            settings.slots[0].process_id = "process-1".into();
            settings.link = LinkSettings::Control(Control {
                url,
                auth_token: Private::new(TOKEN.into()),
                host_id: "host-1".into(),
                fleet_id: "fleet-1".into(),
                ca_pem: None,
            });
        })
    }

    fn accept(&self) -> Link {
        let (stream, _) = self.listener.accept().unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let stream: Box<dyn Bytes> = match &self.tls {
            Some(tls) => {
                let session = ServerConnection::new(Arc::clone(tls)).unwrap();
                Box::new(StreamOwned::new(session, stream))
            }
            None => Box::new(stream),
        };
        let mut query = String::new();
        #[expect(
            clippy::result_large_err,
            reason = "the callback's type is the library's"
        )]
        let socket = accept_hdr(stream, |request: &Request, response: Response| {
            query = request.uri().query().unwrap_or_default().to_owned();
            Ok(response)
        })
        .unwrap();
        Link { socket, query }
    }
}

impl Link {
    fn request(&mut self) -> Value {
        loop {
            match self.socket.read().unwrap() {
                Message::Text(text) => return serde_json::from_str(text.as_str()).unwrap(),
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// Reads the next request that is no heartbeat (those are answered) and checks its action.
    fn expect(&mut self, action: &str) -> Value {
        loop {
            let request = self.request();
            if request["Action"] == "HeartbeatServerProcess" && action != "HeartbeatServerProcess" {
                self.answer(&request, 200, json!({}));
                continue;
            }
            assert_eq!(request["Action"], action, "{request}");
            return request;
        }
    }

    fn answer(&mut self, request: &Value, status: u16, mut members: Value) {
        members["Action"] = request["Action"].clone();
        members["RequestId"] = request["RequestId"].clone();
        members["StatusCode"] = status.into();
        self.push(members);
    }

    fn push(&mut self, message: Value) {
        self.socket
            .send(Message::text(message.to_string()))
            .unwrap();
    }

    fn serve(&mut self, action: &str) -> Value {
        let request = self.expect(action);
        self.answer(&request, 200, json!({}));
        request
    }

    fn start_session(&mut self) {
        self.push(json!({
            "Action": "CreateGameSession",
            "GameSessionId": "arn:aws:gamelift:us-east-1::gamesession/fleet-1/gs-1",
            "GameSessionName": "name", "GameSessionData": "data", "MatchmakerData": "",
            "MaximumPlayerSessionCount": 4, "IpAddress": "127.0.0.1", "Port": 7777, "DnsName": "",
            "GameProperties": {"k": "v"},
        }));
        let active = self.serve("ActivateGameSession");
        assert_eq!(
            active["GameSessionId"],
            "arn:aws:gamelift:us-east-1::gamesession/fleet-1/gs-1"
        );
    }
}

/// Launches against a control plane and plays the start up to the running game session.
fn running(control: &ControlPlane, script: &str) -> (Server, Link) {
    running_draft(control, control.draft(script))
}

fn running_draft(control: &ControlPlane, draft: Draft) -> (Server, Link) {
    let mut server = draft.launch();
    let mut link = control.accept();
    let ready = link.serve("ActivateServerProcess");
    loop {
        if let Event::Ready {
            tcp_port,
            udp_port,
            process_id,
            ..
        } = server.event()
        {
            assert_eq!(ready["Port"], tcp_port);
            assert_eq!(process_id.as_deref(), Some("process-1"));
            server.tcp = SocketAddr::from(([127, 0, 0, 1], tcp_port));
            server.udp = SocketAddr::from(([127, 0, 0, 1], udp_port));
            break;
        }
    }
    link.start_session();
    (server, link)
}

/// Logs in while the test answers for control.
fn enter(server: &Server, link: &mut Link, id: &str) -> Player {
    let mut ws = Raw::open(server.tcp);
    ws.packet(&login(id));
    let accept = link.expect("AcceptPlayerSession");
    assert_eq!(accept["PlayerSessionId"], id);
    link.answer(
        &accept,
        200,
        json!({"HoistPlayerId": "ann", "HoistPlayerData": "red hat"}),
    );
    let answer = ws.received();
    let Some(wire::Message::LoginResult {
        success: true,
        peer_id,
        ..
    }) = answer.message
    else {
        panic!("{answer:?}");
    };
    Player {
        ws,
        udp: udp_socket(server),
        peer: peer_id,
        sequence: 0,
    }
}

#[test]
fn a_game_session_from_start_to_end() {
    let control = ControlPlane::new();
    let script = "let session;
        exports.ssExports = {
            init(s) { session = s; },
            onStartGameSession(gs) { session.getLogger().info('started ' + gs.GameSessionId + ' ' + gs.GameSessionData); },
            onPlayerAccepted(p) { session.sendReliableMessage(session.newTextGameMessage(1, -1, p.playerId + ':' + p.playerData), p.peerId); },
            async onMessage() { const outcome = await session.processEnding(); process.exit(outcome.Success ? 0 : 3); },
        };";
    let (mut server, mut link) = running(&control, script);
    for part in [
        "pID=process-1",
        "ComputeId=host-1",
        "FleetId=fleet-1",
        "Authorization=secret-token",
        "sdkVersion=5",
    ] {
        assert!(link.query.contains(part), "{part} in {}", link.query);
    }
    server.log_with("started arn:aws:gamelift:us-east-1::gamesession/fleet-1/gs-1 data");
    let mut player = enter(&server, &mut link, "psess-1");
    assert_eq!(player.ws.received().payload, "ann:red hat");
    let mut leaver = enter(&server, &mut link, "psess-2");
    leaver.ws.received();
    leaver.ws.send(&Frame {
        fin: true,
        opcode: CLOSE,
        payload: vec![],
    });
    assert_eq!(
        link.serve("RemovePlayerSession")["PlayerSessionId"],
        "psess-2"
    );
    player.ws.packet(&to_peer(1, wire::peer::SERVER, b"end"));
    link.serve("TerminateServerProcess");
    assert_eq!(player.ws.close_code(), 1000);
    assert_eq!(server.ended().1.unwrap(), Exit { code: 0 });
}

#[test]
fn the_link_speaks_tls_when_control_does() {
    let (control, certificate) = ControlPlane::secured();
    let draft = control.draft(RELAY).with(|settings| {
        if let LinkSettings::Control(control) = &mut settings.link {
            control.ca_pem = Some(certificate.into_bytes());
        }
    });
    let (server, mut link) = running_draft(&control, draft);
    enter(&server, &mut link, "psess-1");
}

#[test]
fn c09_a_player_whom_control_refuses_does_not_get_in() {
    let control = ControlPlane::new();
    let (mut server, mut link) = running(&control, RELAY);
    let mut ws = Raw::open(server.tcp);
    ws.packet(&login("psess-9"));
    let accept = link.expect("AcceptPlayerSession");
    link.answer(&accept, 400, json!({"ErrorMessage": "PlayerSession (psess-9) has a status of COMPLETED instead of RESERVED"}));
    let answer = ws.received();
    assert!(
        matches!(
            answer.message,
            Some(wire::Message::LoginResult { success: false, .. })
        ),
        "{answer:?}"
    );
    assert_eq!(ws.close_code(), 1008);
    let line = server.log_with("AcceptPlayerSession failed");
    assert!(
        line.contains("psess-9") && line.contains("COMPLETED instead of RESERVED"),
        "{line}"
    );
}

#[test]
fn a_session_goes_on_without_control_and_its_calls_wait() {
    let control = ControlPlane::new();
    let (mut server, mut link) = running(&control, RELAY);
    let mut a = enter(&server, &mut link, "psess-1");
    let mut b = enter(&server, &mut link, "psess-2");
    let lost = link.query.clone();
    drop(link);
    server.log_with("lost the connection to the control plane");
    a.ws.packet(&to_peer(5, b.peer, b"still here"));
    assert_eq!(b.ws.received().payload, "still here");
    b.ws.send(&Frame {
        fin: true,
        opcode: CLOSE,
        payload: vec![],
    });
    b.ws.end();
    let mut again = control.accept();
    let pid = |query: &str| query.split('&').any(|part| part == "pID=process-1");
    assert!(
        pid(&lost) && pid(&again.query),
        "the same process comes back"
    );
    // It says who it is again, in case control has forgotten; then come the calls that waited.
    again.serve("ActivateServerProcess");
    assert_eq!(
        again.serve("RemovePlayerSession")["PlayerSessionId"],
        "psess-2"
    );
    assert!(a.barrier().is_empty());
    enter(&server, &mut again, "psess-3");
}

#[test]
fn a_passing_failure_is_tried_again() {
    let control = ControlPlane::new();
    let (server, mut link) = running(&control, RELAY);
    let mut a = enter(&server, &mut link, "psess-1");
    a.ws.send(&Frame {
        fin: true,
        opcode: CLOSE,
        payload: vec![],
    });
    let first = link.expect("RemovePlayerSession");
    link.answer(&first, 429, json!({"ErrorMessage": "slow down"}));
    let second = link.serve("RemovePlayerSession");
    assert_eq!(first["RequestId"], second["RequestId"]);
}

#[test]
fn c05_control_ends_a_process() {
    let control = ControlPlane::new();
    let script = "exports.ssExports = { init() {}, onProcessTerminate() { process.exit(0); } };";
    let (server, mut link) = running(&control, script);
    let mut a = enter(&server, &mut link, "psess-1");
    link.push(json!({"Action": "TerminateProcess", "TerminationTime": 4_000_000_000_000u64}));
    link.serve("TerminateServerProcess");
    assert_eq!(a.ws.close_code(), 1001);
    assert_eq!(server.ended().1.unwrap(), Exit { code: 0 });
}

#[test]
fn a_refresh_moves_to_another_connection() {
    let control = ControlPlane::new();
    let (server, mut link) = running(&control, RELAY);
    let elsewhere = ControlPlane::new();
    link.push(json!({
        "Action": "RefreshConnection",
        "RefreshConnectionEndpoint": format!("ws://{}", elsewhere.listener.local_addr().unwrap()),
        "AuthToken": "new-token",
    }));
    let mut other = elsewhere.accept();
    assert!(
        other.query.contains("Authorization=new-token"),
        "{}",
        other.query
    );
    other.serve("ActivateServerProcess");
    enter(&server, &mut other, "psess-1");
}

#[test]
fn a_link_closed_for_good_ends_the_process() {
    let control = ControlPlane::new();
    let script = "exports.ssExports = { init() {}, onProcessTerminate() { process.exit(0); } };";
    let (server, mut link) = running(&control, script);
    let frame = CloseFrame {
        code: 1000.into(),
        reason: "".into(),
    };
    link.socket.close(Some(frame)).unwrap();
    assert_eq!(server.ended().1.unwrap(), Exit { code: 0 });
}

#[test]
fn nonsense_from_control_is_ignored_and_tokens_stay_out_of_the_log() {
    let control = ControlPlane::new();
    let (mut server, mut link) = running(&control, RELAY);
    for nonsense in [
        "",
        "{",
        "[]",
        "{\"Action\":\"Dance\"}",
        "{\"Action\":\"CreateGameSession\",\"Port\":\"x\"}",
    ] {
        link.socket.send(Message::text(nonsense)).unwrap();
    }
    let line = server.log_with("ignored");
    assert!(line.contains("not understood"), "{line}");
    enter(&server, &mut link, "psess-1");
    for line in server.whole_log() {
        assert!(!line.contains(TOKEN), "{line}");
    }
}

#[test]
fn an_impossible_url_is_refused_at_once() {
    let control = ControlPlane::new();
    for url in ["", "http://x", "ws://", "x"] {
        let server = control
            .draft(RELAY)
            .with(|settings| {
                if let LinkSettings::Control(control) = &mut settings.link {
                    control.url = url.into();
                }
            })
            .launch();
        let (reason, exit) = server.ended();
        assert!(exit.is_err(), "{url}");
        assert!(reason.contains("GAMELIFT_SDK_WEBSOCKET_URL"), "{reason}");
    }
}
