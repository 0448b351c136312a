//! `/admin`: the few things that the public API has no words for. With access keys it is signed like every call.
//!
//! - `GET /admin/status`: what runs here, as JSON.
//! - `GET /admin/logs?GameSessionId=ARN`: the log of a running game session as it is written, until the session ends.

use std::sync::Arc;
use std::time::Duration;

use api::{DescribeGameSessionsInput, GameSessionStatus, Request as Call, Response as Outcome};
use futures_util::stream;
use hyper::body::{Bytes, Incoming};
use hyper::http::request::Parts;
use hyper::{Method, Request, Response, StatusCode};
use serde_json::json;
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval};
use world::{Caller, Facts};

use super::aws::with_head;
use super::{Answer, Body, NoAnswer, json as json_response, plain};
use crate::clock;
use crate::state::State;
use crate::writer::Unanswered;

/// Between two looks whether a followed session still runs, and whether anybody still follows it.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Answers a request of the operator.
pub(crate) async fn answer(state: &Arc<State>, request: Request<Incoming>) -> Answer {
    let (parts, _) = request.into_parts();
    let keys = &state.keys;
    let verified = with_head(&parts, |head| {
        awsrpc::verified(
            head,
            b"",
            &keys.trust,
            keys.checks,
            clock::now().as_millis(),
        )
    });
    if let Err(fault) = verified {
        return Ok(refusal(StatusCode::FORBIDDEN, &fault.code, &fault.message));
    }
    if parts.method != Method::GET {
        return Ok(refusal(
            StatusCode::METHOD_NOT_ALLOWED,
            "MethodNotAllowed",
            "/admin is read with GET",
        ));
    }
    match parts.uri.path() {
        "/admin/status" => status(state).await,
        "/admin/logs" => follow(state, &parts).await,
        _ => Ok(refusal(
            StatusCode::NOT_FOUND,
            "NotFound",
            "there are /admin/status and /admin/logs",
        )),
    }
}

async fn status(state: &State) -> Answer {
    let samples = state.writer.ask(|world, _, _| world.metrics().len()).await;
    let samples = match samples {
        Ok(samples) => samples,
        Err(Unanswered::Busy) => {
            return Ok(plain(
                StatusCode::SERVICE_UNAVAILABLE,
                "control is busy, try again",
            ));
        }
        Err(Unanswered::Gone) => return Err(NoAnswer),
    };
    let value = json!({
        "Version": env!("CARGO_PKG_VERSION"),
        "Region": state.region,
        "Account": state.account,
        "MetricSamples": samples,
        "Time": clock::now().as_millis(),
    });
    Ok(json_response(StatusCode::OK, &value))
}

async fn follow(state: &Arc<State>, parts: &Parts) -> Answer {
    let query = parts.uri.query().unwrap_or_default();
    let id = query
        .split('&')
        .find_map(|pair| pair.strip_prefix("GameSessionId="));
    let Some(id) = id.map(percent_decoded).filter(|id| !id.is_empty()) else {
        let words = "name the session: /admin/logs?GameSessionId=ARN";
        return Ok(refusal(StatusCode::BAD_REQUEST, "BadRequest", words));
    };
    let pieces = state.followers.follow(&id);
    let session = id.clone();
    let asked = state
        .writer
        .ask(move |world, _, _| world.follow_log(&session, true))
        .await;
    match asked {
        Ok(Ok(())) => {}
        Ok(Err(fault)) => {
            return Ok(refusal(
                StatusCode::BAD_REQUEST,
                fault.code.name(),
                &fault.message,
            ));
        }
        Err(Unanswered::Busy) => {
            return Ok(plain(
                StatusCode::SERVICE_UNAVAILABLE,
                "control is busy, try again",
            ));
        }
        Err(Unanswered::Gone) => return Err(NoAnswer),
    }
    let (give, given) = mpsc::channel(16);
    tokio::spawn(pass_on(Arc::clone(state), id, pieces, give));
    let body = stream::unfold(given, |mut given| async move {
        Some((given.recv().await?, given))
    });
    let mut response = Response::new(Body::pieces(body));
    let text = hyper::header::HeaderValue::from_static("text/plain; charset=utf-8");
    response
        .headers_mut()
        .insert(hyper::header::CONTENT_TYPE, text);
    Ok(response)
}

/// Passes a log on until the session has ended or the reader has gone.
async fn pass_on(
    state: Arc<State>,
    session: String,
    mut pieces: mpsc::Receiver<Bytes>,
    give: mpsc::Sender<Bytes>,
) {
    let mut looks = interval(LOOK_EVERY);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut ending = false;
    loop {
        tokio::select! {
            piece = pieces.recv() => {
                let Some(piece) = piece else { break };
                ending = false;
                if give.send(piece).await.is_err() {
                    break;
                }
            }
            () = give.closed() => break,
            _ = looks.tick() => {
                // One more look after the end, because the last lines may be on their way.
                if ending {
                    break;
                }
                ending = !runs(&state, &session).await;
            }
        }
    }
    drop(pieces);
    if state.followers.nobody_left(&session) {
        let stopped = state
            .writer
            .ask_patiently(move |world, _, _| world.follow_log(&session, false).is_ok());
        // A session that has ended is followed by nobody any more, which is the wish.
        let _ = stopped.await;
    }
}

async fn runs(state: &State, session: &str) -> bool {
    let input = DescribeGameSessionsInput {
        game_session_id: Some(session.to_owned()),
        ..Default::default()
    };
    let asked = state.writer.ask_patiently(move |world, now, mint| {
        world.call(
            &Caller::default(),
            Call::DescribeGameSessions(input),
            &Facts::None,
            now,
            mint,
        )
    });
    let Ok(Ok(Outcome::DescribeGameSessions(output))) = asked.await else {
        return false;
    };
    let ended = [
        Some(GameSessionStatus::Terminated),
        Some(GameSessionStatus::Error),
    ];
    output
        .game_sessions
        .unwrap_or_default()
        .iter()
        .any(|session| !ended.contains(&session.status))
}

fn refusal(status: StatusCode, code: &str, words: &str) -> Response<Body> {
    json_response(status, &json!({ "Error": code, "Message": words }))
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, others)) = rest.split_first() {
        let escape = others.get(..2).filter(|_| *first == b'%');
        let byte = escape
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &others[2..] } else { others };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
