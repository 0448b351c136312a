//! Who sent a request: SigV4 in the header or in the query, and every way in which it fails (spec, 1.3).

use crate::signature::{ALGORITHM, Scope, TERMINATOR, UNSIGNED, hash, same, signature};
use crate::{Caller, Fault, Head, Key, Trust, date};

/// The name of the service in scopes.
const SERVICE: &str = "gamelift";

/// The longest life of a signature in a query: a week.
const EXPIRES_SECS_MAX: u64 = 604_800;

const MISMATCH: &str = "The request signature we calculated does not match the signature you provided. \
    Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";

const UNKNOWN: &str = "The security token included in the request is invalid.";

/// What can be set about the check.
#[derive(Clone, Copy, Debug)]
pub struct Checks {
    /// How far the clock of a client may be off, in seconds.
    pub skew_secs: u64,
}

impl Default for Checks {
    fn default() -> Self {
        Self { skew_secs: 900 }
    }
}

/// Who asks, when that is beyond doubt or nobody has to prove it; `now_ms` is milliseconds since the epoch.
pub fn verified(
    head: &Head<'_>,
    body: &[u8],
    trust: &Trust,
    checks: Checks,
    now_ms: u64,
) -> Result<Caller, Fault> {
    let claim = Claim::read(head);
    match trust {
        Trust::Anyone { account, region } => Ok(claim.map_or_else(
            |_| Caller {
                access_key: String::new(),
                account: account.clone(),
                region: region.clone(),
            },
            |claim| Caller {
                access_key: claim.access_key,
                account: account.clone(),
                region: claim.scope.region,
            },
        )),
        Trust::Keys(keys) => {
            let claim = claim?;
            let key = keys
                .get(&claim.access_key)
                .ok_or_else(|| Fault::client("UnrecognizedClientException", UNKNOWN))?;
            claim.check_time(checks, now_ms / 1000)?;
            claim.check_session(key, now_ms)?;
            claim.check_signature(head, body, key)?;
            Ok(Caller {
                access_key: claim.access_key,
                account: key.account.clone(),
                region: claim.scope.region,
            })
        }
    }
}

/// What a request says about its signature.
struct Claim {
    access_key: String,
    scope: Scope,
    signed_headers: Vec<String>,
    signature: String,
    moment: String,
    /// Seconds since the epoch.
    signed_at: u64,
    /// For signatures in the query: seconds.
    expires: Option<u64>,
    token: Option<String>,
    payload_hash: Option<String>,
}

impl Claim {
    fn read(head: &Head<'_>) -> Result<Self, Fault> {
        match head.header("authorization") {
            Some(text) => Self::from_header(head, text.trim()),
            None => Self::from_query(head),
        }
    }

    fn from_header(head: &Head<'_>, text: &str) -> Result<Self, Fault> {
        let parameters = text
            .strip_prefix(ALGORITHM)
            .filter(|rest| rest.starts_with(' '));
        let parameters = parameters.ok_or_else(|| {
            Fault::incomplete(format!("Authorization header must begin with {ALGORITHM}."))
        })?;
        let part = |name: &str| {
            let found = parameters
                .split([',', ' '])
                .find_map(|part| part.strip_prefix(name)?.strip_prefix('='))
                .filter(|value| !value.is_empty());
            found.ok_or_else(|| {
                Fault::incomplete(format!("Authorization header requires '{name}' parameter."))
            })
        };
        let moment = head.header("x-amz-date").ok_or_else(|| {
            Fault::incomplete("Authorization header requires existence of a 'X-Amz-Date' header.")
        })?;
        let mut claim = Self::new(
            part("Credential")?,
            part("SignedHeaders")?,
            part("Signature")?,
            moment.trim(),
        )?;
        claim.token = head.header("x-amz-security-token").map(str::to_owned);
        claim.payload_hash = head.header("x-amz-content-sha256").map(str::to_owned);
        Ok(claim)
    }

    fn from_query(head: &Head<'_>) -> Result<Self, Fault> {
        let parameters = head.parameters();
        let optional = |name: &str| {
            let found = parameters.iter().find(|(own, _)| own == name);
            found.map(|(_, value)| value.as_str())
        };
        let algorithm = optional("X-Amz-Algorithm").ok_or_else(|| {
            Fault::client(
                "MissingAuthenticationTokenException",
                "Missing Authentication Token",
            )
        })?;
        if algorithm != ALGORITHM {
            return Err(Fault::incomplete(format!(
                "X-Amz-Algorithm must be {ALGORITHM}."
            )));
        }
        let part = |name: &str| {
            optional(name).ok_or_else(|| {
                Fault::incomplete(format!("The query requires a '{name}' parameter."))
            })
        };
        let mut claim = Self::new(
            part("X-Amz-Credential")?,
            part("X-Amz-SignedHeaders")?,
            part("X-Amz-Signature")?,
            part("X-Amz-Date")?,
        )?;
        let expires = part("X-Amz-Expires")?.parse().ok();
        let expires = expires.filter(|seconds| (1..=EXPIRES_SECS_MAX).contains(seconds));
        claim.expires = Some(expires.ok_or_else(|| {
            Fault::incomplete(format!(
                "X-Amz-Expires must be a number from 1 to {EXPIRES_SECS_MAX}."
            ))
        })?);
        claim.token = optional("X-Amz-Security-Token").map(str::to_owned);
        claim.payload_hash = head
            .header("x-amz-content-sha256")
            .or_else(|| optional("X-Amz-Content-Sha256"))
            .map(str::to_owned);
        Ok(claim)
    }

    fn new(
        credential: &str,
        signed_headers: &str,
        signature: &str,
        moment: &str,
    ) -> Result<Self, Fault> {
        // The access key may hold slashes, so the scope is read from the end.
        let mut parts = credential.rsplitn(5, '/');
        let mut part = || parts.next().filter(|part| !part.is_empty());
        let scope = (part(), part(), part(), part(), part());
        let (Some(terminator), Some(service), Some(region), Some(day), Some(access_key)) = scope
        else {
            return Err(Fault::incomplete(
                "Credential must have five parts: key id, date, region, service and terminator.",
            ));
        };
        let signed_at = date::parsed(moment).ok_or_else(|| {
            Fault::incomplete(format!(
                "Date must be in ISO-8601 'basic format'. Got '{moment}'."
            ))
        })?;
        let complaint = if terminator != TERMINATOR {
            Some(format!(
                "Credential should be scoped with a valid terminator: '{TERMINATOR}'."
            ))
        } else if service != SERVICE {
            Some(format!(
                "Credential should be scoped to correct service: '{SERVICE}'."
            ))
        } else if day != &moment[..8] {
            Some(format!(
                "Date in Credential scope does not match the date of the request: '{day}' is not that of '{moment}'."
            ))
        } else if !signed_headers.split(';').any(|name| name == "host") {
            Some("'Host' must be a 'SignedHeader' in the AWS Authorization.".to_owned())
        } else {
            None
        };
        if let Some(complaint) = complaint {
            return Err(Fault::signature(complaint));
        }
        Ok(Self {
            access_key: access_key.to_owned(),
            scope: Scope {
                day: day.to_owned(),
                region: region.to_owned(),
                service: service.to_owned(),
            },
            signed_headers: signed_headers.split(';').map(str::to_owned).collect(),
            signature: signature.to_owned(),
            moment: moment.to_owned(),
            signed_at,
            expires: None,
            token: None,
            payload_hash: None,
        })
    }

    fn check_time(&self, checks: Checks, now: u64) -> Result<(), Fault> {
        let skew = checks.skew_secs;
        let life = self.expires.unwrap_or(skew);
        let (moment, minutes) = (&self.moment, life / 60);
        if self.signed_at.saturating_add(life) < now {
            let oldest = date::written(now.saturating_sub(life));
            return Err(Fault::signature(format!(
                "Signature expired: {moment} is now earlier than {oldest} ({} - {minutes} min.)",
                date::written(now)
            )));
        }
        if self.signed_at > now.saturating_add(skew) {
            let newest = date::written(now.saturating_add(skew));
            return Err(Fault::signature(format!(
                "Signature not yet current: {moment} is still later than {newest} ({} + {} min.)",
                date::written(now),
                skew / 60
            )));
        }
        Ok(())
    }

    fn check_session(&self, key: &Key, now_ms: u64) -> Result<(), Fault> {
        let agrees = match (&key.session, &self.token) {
            (None, None) => true,
            (Some(session), Some(token)) => same(session.token.as_bytes(), token.as_bytes()),
            (None, Some(_)) | (Some(_), None) => false,
        };
        if !agrees {
            return Err(Fault::client("UnrecognizedClientException", UNKNOWN));
        }
        if key
            .session
            .as_ref()
            .is_some_and(|session| session.expires_ms <= now_ms)
        {
            let message = "The security token included in the request is expired";
            return Err(Fault::client("ExpiredTokenException", message));
        }
        Ok(())
    }

    fn check_signature(&self, head: &Head<'_>, body: &[u8], key: &Key) -> Result<(), Fault> {
        let own = hash(body);
        let payload_hash = self.payload_hash.as_deref().unwrap_or(&own);
        if payload_hash != UNSIGNED && payload_hash != own {
            return Err(Fault::signature(
                "The value of x-amz-content-sha256 is not that of the body.",
            ));
        }
        let names: Vec<&str> = self.signed_headers.iter().map(String::as_str).collect();
        if let Some(name) = names.iter().find(|name| head.header(name).is_none()) {
            return Err(Fault::signature(format!(
                "The signed header '{name}' is not in the request."
            )));
        }
        let right = signature(
            head,
            &names,
            payload_hash,
            (&key.secret, &self.scope, &self.moment),
        );
        if same(right.as_bytes(), self.signature.as_bytes()) {
            return Ok(());
        }
        Err(Fault::signature(MISMATCH))
    }
}

#[cfg(test)]
#[path = "verify_tests.rs"]
mod tests;
