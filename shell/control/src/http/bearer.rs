//! What hosts fetch and bring with the token of their compute: script versions and logs of sessions that have ended.

use hyper::body::Incoming;
use hyper::header::{self, HeaderValue};
use hyper::{Request, StatusCode};
use ids::{ComputeName, FleetId, ProcessId};
use tracing::{info, warn};

use super::{Answer, Body, BodyError, NoAnswer, plain, read};
use crate::state::State;
use crate::writer::Unanswered;

/// `GET /content/<hash>`.
pub(crate) async fn content<B>(state: &State, request: &Request<B>) -> Answer {
    let hash = request
        .uri()
        .path()
        .trim_start_matches("/content/")
        .to_owned();
    let (Some(token), Some(path)) = (token(request), state.content.path(&hash)) else {
        return Ok(plain(
            StatusCode::FORBIDDEN,
            "content needs the token of a compute that runs it",
        ));
    };
    let may = state
        .writer
        .ask_patiently(move |world, now, _| world.may_fetch(&token, &hash, now))
        .await;
    if !may.map_err(|_| NoAnswer)? {
        return Ok(plain(
            StatusCode::FORBIDDEN,
            "this token may not fetch this content",
        ));
    }
    match Body::file(&path).await {
        Ok((body, size)) => Ok(zip_response(body, size)),
        Err(error) => {
            warn!(%error, path = %path.display(), "content is not to be read");
            Ok(plain(StatusCode::NOT_FOUND, "the content is not there"))
        }
    }
}

/// `PUT /logs/<fleet id>/<compute name>/<process id>`.
pub(crate) async fn take_logs(state: &State, request: Request<Incoming>) -> Answer {
    let path = request.uri().path().to_owned();
    let mut parts = path.trim_start_matches("/logs/").split('/');
    let names = (parts.next(), parts.next(), parts.next(), parts.next());
    let (Some(fleet), Some(compute), Some(process), None) = names else {
        return Ok(plain(
            StatusCode::NOT_FOUND,
            "logs go to /logs/FLEET/COMPUTE/PROCESS",
        ));
    };
    let Some(token) = token(&request) else {
        return Ok(plain(
            StatusCode::FORBIDDEN,
            "logs need the token of their compute",
        ));
    };
    let compute = (FleetId::new(fleet), ComputeName::new(compute));
    let process = ProcessId::new(process);
    let asked = state
        .writer
        .ask_patiently(move |world, now, _| world.log_ticket(&token, &compute, &process, now));
    let Some(ticket) = asked.await.map_err(|_| NoAnswer)? else {
        return Ok(plain(
            StatusCode::FORBIDDEN,
            "no game session of this compute has such logs",
        ));
    };
    let bytes_max = usize::try_from(state.limits.log_bytes_max).unwrap_or(usize::MAX);
    let zip = match read(request.into_body(), bytes_max, state.limits.body_timeout).await {
        Ok(zip) => zip,
        Err(error) => return refused_body(error),
    };
    let (store, file, size) = (state.logs.clone(), ticket.file.clone(), zip.len() as u64);
    let kept = tokio::task::spawn_blocking(move || store.keep(&file, &zip)).await;
    if let Err(error) = kept.map_err(std::io::Error::other).and_then(|kept| kept) {
        warn!(%error, "logs could not be stored");
        return Ok(plain(
            StatusCode::INSUFFICIENT_STORAGE,
            "the logs could not be stored",
        ));
    }
    info!(
        game_session = ticket.game_session,
        file = ticket.file,
        size,
        "logs stored"
    );
    if let Some(game_session) = ticket.game_session {
        let stored = state.writer.ask_patiently(move |world, now, mint| {
            world.logs_stored(&game_session, size, now, mint);
        });
        stored.await.map_err(|_: Unanswered| NoAnswer)?;
    }
    Ok(plain(StatusCode::OK, "stored"))
}

/// The answer to a body that was not read.
pub(crate) fn refused_body(error: BodyError) -> Answer {
    match error {
        BodyError::TooLarge => Ok(plain(
            StatusCode::PAYLOAD_TOO_LARGE,
            "the body is too large",
        )),
        BodyError::TooSlow => Ok(plain(
            StatusCode::REQUEST_TIMEOUT,
            "the body did not come in time",
        )),
        BodyError::Lost => Err(NoAnswer),
    }
}

/// A zip as the body of an answer.
pub(super) fn zip_response(body: Body, size: u64) -> hyper::Response<Body> {
    let mut response = hyper::Response::new(body);
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/zip"),
    );
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(size));
    response
}

fn token<B>(request: &Request<B>) -> Option<String> {
    let value = request
        .headers()
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?;
    value.strip_prefix("Bearer ").map(str::to_owned)
}
