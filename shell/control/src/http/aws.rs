//! Calls of the AWS API: recognised, verified and decoded by `awsrpc`, checked by `api`, carried out by the writer. Whatever goes
//! wrong is answered in AWS's shape and in the protocol of the request.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use api::schema::Kind;
use api::{Fault, FaultCode, Operation, Request as Call, Response as Outcome};
use awsrpc::{Head, Protocol, Reply};
use hyper::body::{Bytes, Incoming};
use hyper::header::{HeaderName, HeaderValue};
use hyper::http::request::Parts;
use hyper::{Request, Response, StatusCode};
use ids::Mint;
use serde_json::Value;
use tracing::{debug, info};
use world::{Caller, Facts};

use super::{Answer, Body, BodyError, NoAnswer, read};
use crate::clock;
use crate::content::{Purpose, facts_of_object, facts_of_zip};
use crate::state::State;
use crate::writer::Unanswered;

/// Answers a call.
pub(crate) async fn answer(state: &Arc<State>, request: Request<Incoming>) -> Answer {
    let (parts, body) = request.into_parts();
    let request_id = state.request_ids.next();
    let protocol = with_head(&parts, Protocol::of);
    let body = match read(body, state.limits.body_bytes_max, state.limits.body_timeout).await {
        Ok(body) => body,
        Err(error) => return unread(protocol, &request_id, error),
    };
    let (operation, outcome) = match entered(state, &parts, &body) {
        Ok((operation, caller, input)) => (
            Some(operation),
            carried_out(state, operation, caller, input).await,
        ),
        Err(fault) => (None, Err(Refused::Envelope(fault))),
    };
    let reply = match outcome {
        Ok(output) => {
            debug!(request_id, ?operation, "call answered");
            replied(protocol, &request_id, operation, &output)
        }
        Err(Refused::Ending) => return Err(NoAnswer),
        Err(refused) => {
            let fault = refused.fault();
            info!(request_id, ?operation, code = %fault.code, message = fault.message, "call refused");
            awsrpc::refused(protocol, &request_id, &fault)
        }
    };
    Ok(http_response(reply))
}

/// Why a call was not carried out.
enum Refused {
    /// Found by the envelope.
    Envelope(awsrpc::Fault),
    /// Found by the service.
    Service(Fault),
    /// Nobody may say anything any more.
    Ending,
}

impl Refused {
    fn fault(self) -> awsrpc::Fault {
        match self {
            Self::Envelope(fault) => fault,
            Self::Service(fault) => {
                awsrpc::Fault::new(fault.code.name(), fault.code.status(), fault.message)
            }
            Self::Ending => {
                awsrpc::Fault::new("InternalServiceException", 500, "control is ending")
            }
        }
    }
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        Self::Service(fault)
    }
}

/// Who calls what, and with which tree of values.
fn entered(
    state: &State,
    parts: &Parts,
    body: &Bytes,
) -> Result<(Operation, Caller, Value), awsrpc::Fault> {
    with_head(parts, |head| {
        let target = awsrpc::recognised(head)?;
        let keys = &state.keys;
        let caller = awsrpc::verified(
            head,
            body,
            &keys.trust,
            keys.checks,
            clock::now().as_millis(),
        )?;
        let operation = Operation::from_name(&target.operation).ok_or_else(|| {
            let status = if target.protocol == Protocol::Cbor {
                404
            } else {
                400
            };
            let words = format!("{} is no operation of this service", target.operation);
            awsrpc::Fault::new(FaultCode::UnknownOperation.name(), status, words)
        })?;
        let input = match operation.input() {
            Some(shape) => awsrpc::decoded(target.protocol, body, Handle(Some(shape)))?,
            None => Value::Null,
        };
        let caller = Caller {
            account: caller.account,
            access_key_id: caller.access_key,
        };
        Ok((operation, caller, input))
    })
}

async fn carried_out(
    state: &Arc<State>,
    operation: Operation,
    caller: Caller,
    input: Value,
) -> Result<Value, Refused> {
    if let Some(answer) = operation.unsupported() {
        return Ok(answer?);
    }
    let mut call = Call::parse(operation, input)?;
    let facts = facts(state, &mut call).await;
    let asked = state
        .writer
        .ask(move |world, now, mint| world.call(&caller, call, &facts, now, mint));
    match asked.await {
        Ok(outcome) => Ok(outcome
            .as_ref()
            .map(Outcome::to_value)
            .map_err(Clone::clone)?),
        Err(Unanswered::Busy) => Err(Fault::new(FaultCode::Throttling, "Rate exceeded").into()),
        Err(Unanswered::Gone) => Err(Refused::Ending),
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "seventy operations bring no content"
)]
/// Finds out what only the shell can: whether the content that comes with a call is usable, and under which hash it lies.
async fn facts(state: &State, call: &mut Call) -> Facts {
    let (zip, object, purpose) = match call {
        Call::CreateScript(input) => (
            input.zip_file.as_mut(),
            &input.storage_location,
            Purpose::Script,
        ),
        Call::UpdateScript(input) => (
            input.zip_file.as_mut(),
            &input.storage_location,
            Purpose::Script,
        ),
        Call::CreateBuild(input) => (None, &input.storage_location, Purpose::Build),
        _ => return Facts::None,
    };
    match (zip, object) {
        // The bytes are not needed behind this point, only that there were some.
        (Some(zip), None) => {
            facts_of_zip(
                state,
                Bytes::from(std::mem::take(zip).into_bytes()),
                purpose,
            )
            .await
        }
        (None, Some(object)) => facts_of_object(state, object, purpose).await,
        (None, None) | (Some(_), Some(_)) => Facts::None,
    }
}

fn replied(
    protocol: Protocol,
    request_id: &str,
    operation: Option<Operation>,
    output: &Value,
) -> Reply {
    awsrpc::replied(
        protocol,
        request_id,
        output,
        Handle(operation.and_then(Operation::output)),
    )
}

fn unread(protocol: Protocol, request_id: &str, error: BodyError) -> Answer {
    let (code, status, words) = match error {
        BodyError::TooLarge => (
            "RequestEntityTooLargeException",
            413,
            "The request body is too large.",
        ),
        BodyError::TooSlow => (
            "RequestTimeoutException",
            408,
            "The request body did not come in time.",
        ),
        BodyError::Lost => return Err(NoAnswer),
    };
    let fault = awsrpc::Fault::new(code, status, words);
    let mut response = http_response(awsrpc::refused(protocol, request_id, &fault));
    // What is left of the body is not waited for.
    response
        .headers_mut()
        .insert(hyper::header::CONNECTION, HeaderValue::from_static("close"));
    Ok(response)
}

fn http_response(reply: Reply) -> Response<Body> {
    let mut response = Response::new(Body::full(reply.body));
    *response.status_mut() =
        StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in reply.headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response
                .headers_mut()
                .insert(HeaderName::from_static(name), value);
        }
    }
    response
}

/// Lends the head of a request to `awsrpc`. Header values that are no text are left out: nothing of ours is in them.
pub(super) fn with_head<T>(parts: &Parts, run: impl FnOnce(&Head<'_>) -> T) -> T {
    let headers: Vec<(&str, &str)> = parts
        .headers
        .iter()
        .filter_map(|(name, value)| {
            Some((name.as_str(), std::str::from_utf8(value.as_bytes()).ok()?))
        })
        .collect();
    run(&Head {
        method: parts.method.as_str(),
        path: parts.uri.path(),
        query: parts.uri.query().unwrap_or_default(),
        headers: &headers,
    })
}

/// The tables of `api`, in the form in which `awsrpc` walks them. Tier C answers hold empty lists only and need no table.
#[derive(Clone, Copy)]
struct Handle(Option<&'static api::schema::Shape>);

impl awsrpc::Shape for Handle {
    fn kind(self) -> awsrpc::Kind {
        match self.0.map(|shape| &shape.kind) {
            None | Some(Kind::Structure(_)) => awsrpc::Kind::Structure,
            Some(Kind::List(_)) => awsrpc::Kind::List,
            Some(Kind::Map(..)) => awsrpc::Kind::Map,
            Some(Kind::Values(_) | Kind::OpenValues(_) | Kind::String) => awsrpc::Kind::Text,
            Some(Kind::Integer | Kind::Long) => awsrpc::Kind::Whole,
            Some(Kind::Double) => awsrpc::Kind::Float,
            Some(Kind::Boolean) => awsrpc::Kind::Boolean,
            Some(Kind::Timestamp) => awsrpc::Kind::Timestamp,
            Some(Kind::Blob) => awsrpc::Kind::Blob,
        }
    }

    fn member(self, name: &str) -> Option<Self> {
        self.0?.member(name).map(|member| Self(Some(member.shape)))
    }

    fn element(self) -> Option<Self> {
        match &self.0?.kind {
            Kind::List(element) | Kind::Map(_, element) => Some(Self(Some(element))),
            Kind::Structure(_)
            | Kind::Values(_)
            | Kind::OpenValues(_)
            | Kind::String
            | Kind::Integer
            | Kind::Long
            | Kind::Double
            | Kind::Boolean
            | Kind::Timestamp
            | Kind::Blob => None,
        }
    }
}

/// Makes request ids that never come twice, without a lock.
pub(crate) struct RequestIds {
    seed: [u64; 4],
    next: AtomicU64,
}

impl RequestIds {
    pub(crate) fn new(seed: [u64; 4]) -> Self {
        Self {
            seed,
            next: AtomicU64::new(0),
        }
    }

    fn next(&self) -> String {
        let [a, b, c, d] = self.seed;
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        Mint::new([a ^ number, b, c, d]).uuid()
    }
}
