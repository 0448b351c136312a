//! The API port: accepts connections, plain or TLS, keeps their number and patience bounded, and hands each request to the room
//! that its path names.

mod admin;
mod aws;
mod bearer;
mod body;
mod downloads;
mod serve;

use std::sync::Arc;

use hyper::body::Incoming;
use hyper::header::{self, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};

pub(crate) use aws::RequestIds;
pub(crate) use body::{Body, BodyError, read};
pub(crate) use serve::{Served, bind, serve, tls};

use crate::links::{Links, Peer};
use crate::state::State;

/// The answer to a request; `Err` means that there is none and the connection is to be closed.
pub(crate) type Answer = Result<Response<Body>, NoAnswer>;

/// The writer has ended: whether the call was carried out nobody knows, so nothing may be said.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("control is ending")]
pub(crate) struct NoAnswer;

/// Everything that a request may need.
pub(crate) struct Rooms {
    pub(crate) state: Arc<State>,
    pub(crate) links: Arc<Links>,
}

impl Rooms {
    /// Answers one request.
    pub(crate) async fn answer(&self, request: Request<Incoming>) -> Answer {
        let path = request.uri().path().to_owned();
        match path.trim_end_matches('/') {
            "/live" => return Ok(plain(StatusCode::OK, "live")),
            "/ready" => return self.ready().await,
            "/sdk" => return self.links.upgrade(Peer::Server, request).await,
            "/agent" => return self.links.upgrade(Peer::Agent, request).await,
            "/machine" => return self.links.upgrade(Peer::Machine, request).await,
            _ => {}
        }
        if request.headers().contains_key("x-amz-target") {
            return aws::answer(&self.state, request).await;
        }
        let mut parts = path.split('/').skip(1);
        match parts.next().unwrap_or_default() {
            "content" => bearer::content(&self.state, &request).await,
            "logs" if request.method() == Method::PUT => {
                bearer::take_logs(&self.state, request).await
            }
            "logs" => downloads::log(&self.state, &request).await,
            "admin" => admin::answer(&self.state, request).await,
            _ => aws::answer(&self.state, request).await,
        }
    }

    /// Ready is who can answer calls: the writer runs and is not buried in work.
    async fn ready(&self) -> Answer {
        match self.state.writer.ask(|_, _, _| ()).await {
            Ok(()) => Ok(plain(StatusCode::OK, "ready")),
            Err(_) => Ok(plain(StatusCode::SERVICE_UNAVAILABLE, "not ready")),
        }
    }
}

/// A line of text.
pub(crate) fn plain(status: StatusCode, text: &str) -> Response<Body> {
    with_type(status, "text/plain; charset=utf-8", format!("{text}\n"))
}

/// A JSON value.
pub(crate) fn json(status: StatusCode, value: &serde_json::Value) -> Response<Body> {
    with_type(status, "application/json", format!("{value}\n"))
}

/// A body of that type.
pub(crate) fn with_type(
    status: StatusCode,
    content_type: &'static str,
    bytes: impl Into<hyper::body::Bytes>,
) -> Response<Body> {
    let mut response = Response::new(Body::full(bytes));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}
