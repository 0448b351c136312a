//! The WebSockets of server processes (`/sdk`), agents (`/agent`) and machines (`/machine`): who may connect is decided before
//! the upgrade, so a refusal is an HTTP status that every SDK understands.

mod hub;
mod socket;

pub(crate) use hub::{Hub, Outgoing};
pub(crate) use socket::Peer;

use std::sync::Arc;
use std::time::Duration;

use hyper::header::{self, HeaderValue};
use hyper::{Request, Response, StatusCode};
use serversdk::{AgentConnect, Authorization, ServerConnect, Status};
use tracing::{debug, info};
use world::{Effect, LinkId};

use crate::http::{Answer, Body, plain};
use crate::sign::Keys;
use crate::writer::{Unanswered, Writer};

/// What every link needs.
pub(crate) struct Links {
    pub(crate) writer: Writer,
    pub(crate) hub: Hub,
    pub(crate) keys: Arc<Keys>,
    pub(crate) machine_token: String,
    pub(crate) message_bytes_max: usize,
    pub(crate) ping: Duration,
}

/// A refused connect.
type Refused = (StatusCode, String);

impl Links {
    /// Answers an upgrade request for one kind of link.
    pub(crate) async fn upgrade<B>(
        self: &Arc<Self>,
        peer: Peer,
        mut request: Request<B>,
    ) -> Answer {
        let Some(accept) = accept_key(&request) else {
            let words =
                "this address is for WebSockets: connect with ws:// or wss:// and version 13";
            return Ok(plain(StatusCode::UPGRADE_REQUIRED, words));
        };
        let query = request.uri().query().unwrap_or_default().to_owned();
        let (link, to_send) = self.hub.open();
        let allowed = match peer {
            Peer::Server => self.admit_server(link, &query).await,
            Peer::Agent => self.admit_agent(link, &query).await,
            Peer::Machine => self.admit_machine(&query),
        };
        if let Err((status, words)) = allowed {
            self.hub.close(link);
            info!(?peer, status = status.as_u16(), words, "connect refused");
            return Ok(plain(status, &words));
        }
        let upgrade = hyper::upgrade::on(&mut request);
        let links = Arc::clone(self);
        tokio::spawn(async move {
            match upgrade.await {
                Ok(stream) => links.serve(peer, link, stream, to_send).await,
                Err(error) => debug!(%error, "upgrade did not happen"),
            }
            links.hub.close(link);
            // When the writer is gone, nobody is left to be told.
            let _ = links
                .writer
                .tell(
                    move |world, now, mint| world.disconnected(link, now, mint),
                    drop,
                )
                .await;
        });
        let mut response = Response::new(Body::default());
        *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        let headers = response.headers_mut();
        headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
        headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
        Ok(response)
    }

    async fn admit_server(&self, link: LinkId, query: &str) -> Result<(), Refused> {
        let connect = ServerConnect::parse(query).map_err(bad_query)?;
        if let Authorization::SigV4(signature) = &connect.authorization {
            let words = self
                .keys
                .check_connect(signature, &connect.canonical_query());
            words.map_err(|words| (StatusCode::FORBIDDEN, words))?;
        }
        let outcome = self
            .writer
            .ask(move |world, now, mint| world.server_connect(link, &connect, now, mint))
            .await;
        admitted(outcome)
    }

    async fn admit_agent(&self, link: LinkId, query: &str) -> Result<(), Refused> {
        let connect = AgentConnect::parse(query).map_err(bad_query)?;
        if matches!(connect.authorization, Authorization::SigV4(_)) {
            let words = "agents show a token of GetComputeAuthToken".to_owned();
            return Err((StatusCode::FORBIDDEN, words));
        }
        let outcome = self
            .writer
            .ask(move |world, now, mint| world.agent_connect(link, &connect, now, mint))
            .await;
        admitted(outcome)
    }

    fn admit_machine(&self, query: &str) -> Result<(), Refused> {
        let token = query
            .split('&')
            .find_map(|pair| pair.strip_prefix("Authorization="));
        match token {
            None => Err((
                StatusCode::BAD_REQUEST,
                "query parameter Authorization is missing".to_owned(),
            )),
            Some(token) if crate::sign::same(token.as_bytes(), self.machine_token.as_bytes()) => {
                Ok(())
            }
            Some(_) => {
                let words = "the machine token is not ours: it is in the file `machine-token` of control's data folder";
                Err((StatusCode::FORBIDDEN, words.to_owned()))
            }
        }
    }

    /// Runs an effect that goes to a link; gives every other one back.
    pub(crate) fn run_effect(hub: &Hub, effect: Effect) -> Option<Effect> {
        match effect {
            Effect::Server(link, push) => hub.send(link, Outgoing::Text(serversdk::push(&push))),
            Effect::Agent(link, push) => hub.send(link, Outgoing::Text(serversdk::push(&push))),
            Effect::Machine(link, push) => hub.send(link, Outgoing::Text(serversdk::push(&push))),
            Effect::Close(link, code) => hub.send(link, Outgoing::Close(code)),
            other @ (Effect::Notify { .. }
            | Effect::LogLines { .. }
            | Effect::ForgetContent(_)
            | Effect::ForgetLogs(_)) => return Some(other),
        }
        None
    }
}

fn bad_query(error: serversdk::ConnectError) -> Refused {
    (StatusCode::BAD_REQUEST, error.to_string())
}

fn admitted(outcome: Result<Result<(), serversdk::Refusal>, Unanswered>) -> Result<(), Refused> {
    match outcome {
        Ok(Ok(())) => Ok(()),
        Ok(Err(refusal)) => {
            // Every refusal of identity is 403 for the SDKs; the others keep their number.
            let status = match refusal.status {
                Status::Unauthorized | Status::Forbidden | Status::NotFound => {
                    StatusCode::FORBIDDEN
                }
                Status::Throttled => StatusCode::TOO_MANY_REQUESTS,
                Status::NotReady | Status::Internal | Status::Ok => StatusCode::SERVICE_UNAVAILABLE,
                Status::BadRequest | Status::Conflict => StatusCode::BAD_REQUEST,
            };
            Err((status, refusal.message))
        }
        Err(Unanswered::Busy | Unanswered::Gone) => Err((
            StatusCode::SERVICE_UNAVAILABLE,
            "control is busy, try again".to_owned(),
        )),
    }
}

/// The answer to the client's key, when this is an upgrade to a WebSocket at all.
fn accept_key<B>(request: &Request<B>) -> Option<HeaderValue> {
    let headers = request.headers();
    let names = |name: header::HeaderName, word: &str| {
        let value = headers.get(name)?.to_str().ok()?;
        value
            .split(',')
            .any(|part| part.trim().eq_ignore_ascii_case(word))
            .then_some(())
    };
    names(header::CONNECTION, "upgrade")?;
    names(header::UPGRADE, "websocket")?;
    names(header::SEC_WEBSOCKET_VERSION, "13")?;
    let key = headers.get(header::SEC_WEBSOCKET_KEY)?;
    let accept = tokio_tungstenite::tungstenite::handshake::derive_accept_key(key.as_bytes());
    HeaderValue::from_str(&accept).ok()
}
