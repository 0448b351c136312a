//! Signing, for the command line and for tests.

use crate::signature::{ALGORITHM, Scope, hash, signature};
use crate::{Head, date};

/// What a client signs with.
#[derive(Clone)]
pub struct Credentials {
    /// The access key id.
    pub access_key: String,
    /// The secret.
    pub secret: String,
    /// For credentials that end.
    pub session_token: Option<String>,
}

// The secret is kept out of logs.
impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials")
            .field("access_key", &self.access_key)
            .finish_non_exhaustive()
    }
}

/// A request before it is signed: its head has a `host` header.
#[derive(Clone, Copy, Debug)]
pub struct Unsigned<'a> {
    /// Method, path, query and the headers to sign.
    pub head: Head<'a>,
    /// The body.
    pub body: &'a [u8],
    /// The region to sign for.
    pub region: &'a str,
    /// Milliseconds since the epoch.
    pub now_ms: u64,
}

/// The headers to add: date, session token and authorization. Every header of the request is signed.
pub fn signed(request: &Unsigned<'_>, credentials: &Credentials) -> Vec<(&'static str, String)> {
    let moment = date::written(request.now_ms / 1000);
    let mut added = vec![("x-amz-date", moment.clone())];
    if let Some(token) = &credentials.session_token {
        added.push(("x-amz-security-token", token.clone()));
    }
    let mut headers = request.head.headers.to_vec();
    headers.extend(added.iter().map(|(name, value)| (*name, value.as_str())));
    let mut names: Vec<String> = headers
        .iter()
        .map(|(name, _)| name.to_lowercase())
        .collect();
    names.sort();
    names.dedup();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let scope = Scope {
        day: moment[..8].to_owned(),
        region: request.region.to_owned(),
        service: "gamelift".to_owned(),
    };
    let head = Head {
        headers: &headers,
        ..request.head
    };
    let given = head.header("x-amz-content-sha256").map(str::to_owned);
    let payload_hash = given.unwrap_or_else(|| hash(request.body));
    let signature = signature(
        &head,
        &names,
        &payload_hash,
        (&credentials.secret, &scope, &moment),
    );
    let authorization = format!(
        "{ALGORITHM} Credential={}/{}, SignedHeaders={}, Signature={signature}",
        credentials.access_key,
        scope.text(),
        names.join(";")
    );
    added.push(("authorization", authorization));
    added
}
