//! Downloads of session logs: the address carries its own signature, so that a plain GET works from anywhere.

use hyper::header::{self, HeaderValue};
use hyper::{Method, Request, StatusCode};

use super::bearer::zip_response;
use super::{Answer, Body, plain};
use crate::clock;
use crate::state::State;

/// `GET /logs/<file>?…`.
pub(crate) async fn log<B>(state: &State, request: &Request<B>) -> Answer {
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return Ok(plain(
            StatusCode::METHOD_NOT_ALLOWED,
            "logs are read with GET",
        ));
    }
    let file = request.uri().path().trim_start_matches("/logs/").to_owned();
    let query = request.uri().query().unwrap_or_default().to_owned();
    let Some(path) = state.logs.path(&file) else {
        return Ok(plain(StatusCode::NOT_FOUND, "there is no such log"));
    };
    let value = |name: &str| {
        let pair = |pair: &'_ str| {
            pair.strip_prefix(name)?
                .strip_prefix('=')
                .map(str::to_owned)
        };
        query.split('&').find_map(pair).unwrap_or_default()
    };
    let (expires, signature) = (value("expires"), value("signature"));
    if !world::log_url_is_good(
        &state.world_settings,
        &file,
        &expires,
        &signature,
        clock::now(),
    ) {
        let words = "the address is not signed by us or has expired: ask GetGameSessionLogUrl for a new one";
        return Ok(plain(StatusCode::FORBIDDEN, words));
    }
    let Ok((body, size)) = Body::file(&path).await else {
        return Ok(plain(
            StatusCode::NOT_FOUND,
            "the log is not there any more",
        ));
    };
    let mut response = zip_response(body, size);
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{file}\""));
    if let Ok(disposition) = disposition {
        response
            .headers_mut()
            .insert(header::CONTENT_DISPOSITION, disposition);
    }
    Ok(response)
}
