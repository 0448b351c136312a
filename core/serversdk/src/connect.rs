//! The query parameters with which processes and agents connect (server-sdk.md 1 and 7), read and written.

use ids::{ComputeName, FleetId, ProcessId};
use thiserror::Error;

/// How the other side shows who it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Authorization {
    /// A token of GetComputeAuthToken.
    Token(String),
    /// A signature with access keys.
    SigV4(SigV4),
}

/// The parts of a signature in a connect query. It is not the usual canonical request: see [`SigV4::string_to_sign`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the protocol's own")]
pub struct SigV4 {
    pub algorithm: String,
    /// `<access key id>/<yyyymmdd>/<region>/gamelift/aws4_request`.
    pub credential: String,
    /// `yyyyMMddTHHmmssZ`.
    pub date: String,
    pub security_token: Option<String>,
    pub signature: String,
}

impl SigV4 {
    /// The access key id of the credential.
    pub fn access_key_id(&self) -> &str {
        self.credential.split('/').next().unwrap_or_default()
    }

    /// The scope of the credential: everything behind the access key id.
    pub fn scope(&self) -> &str {
        self.credential
            .split_once('/')
            .map_or("", |(_, scope)| scope)
    }

    /// What is signed with the usual derived key; `hash` is the hex SHA-256 of [`ServerConnect::canonical_query`].
    pub fn string_to_sign(&self, hash: &str) -> String {
        format!("AWS4-HMAC-SHA256\n{}\n{}\n{hash}", self.date, self.scope())
    }
}

/// A connect that names too little.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("query parameter {0} is missing")]
pub struct ConnectError(pub &'static str);

/// A server process connects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerConnect {
    /// `pID`: who it is.
    pub process_id: ProcessId,
    /// `ComputeId`.
    pub compute_name: ComputeName,
    /// `FleetId`.
    pub fleet_id: FleetId,
    /// `sdkVersion`.
    pub sdk_version: String,
    /// `sdkLanguage`.
    pub sdk_language: String,
    /// `IdempotencyToken`: the same on retries of the same connect; may be empty.
    pub idempotency_token: String,
    /// How it shows that.
    pub authorization: Authorization,
}

impl ServerConnect {
    /// Reads a query string, without its `?`.
    pub fn parse(query: &str) -> Result<Self, ConnectError> {
        let pairs = Pairs::parse(query);
        Ok(Self {
            process_id: ProcessId::new(pairs.needed("pID")?),
            compute_name: ComputeName::new(pairs.needed("ComputeId")?),
            fleet_id: FleetId::new(pairs.needed("FleetId")?),
            sdk_version: pairs.or_empty("sdkVersion"),
            sdk_language: pairs.or_empty("sdkLanguage"),
            idempotency_token: pairs.or_empty("IdempotencyToken"),
            authorization: pairs.authorization()?,
        })
    }

    /// Writes the query string, without its `?`.
    pub fn to_query(&self) -> String {
        let mut pairs = vec![
            ("pID", self.process_id.as_str()),
            ("sdkVersion", &self.sdk_version),
            ("sdkLanguage", &self.sdk_language),
            ("ComputeId", self.compute_name.as_str()),
            ("FleetId", self.fleet_id.as_str()),
            ("IdempotencyToken", &self.idempotency_token),
        ];
        push_authorization(&mut pairs, &self.authorization);
        join(&pairs)
    }

    /// What the signature of the SigV4 form is about: three parameters, sorted by name.
    pub fn canonical_query(&self) -> String {
        join(&[
            ("ComputeId", self.compute_name.as_str()),
            ("FleetId", self.fleet_id.as_str()),
            ("pID", self.process_id.as_str()),
        ])
    }
}

/// An agent connects for one compute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentConnect {
    /// `FleetId`.
    pub fleet_id: FleetId,
    /// `ComputeName`.
    pub compute_name: ComputeName,
    /// Ours: `HoistAgent=1`; the agent understands the messages that start with `Hoist`.
    pub hoist: bool,
    /// How it shows that.
    pub authorization: Authorization,
}

impl AgentConnect {
    /// Reads a query string, without its `?`.
    pub fn parse(query: &str) -> Result<Self, ConnectError> {
        let pairs = Pairs::parse(query);
        Ok(Self {
            fleet_id: FleetId::new(pairs.needed("FleetId")?),
            compute_name: ComputeName::new(pairs.needed("ComputeName")?),
            hoist: pairs.find("HoistAgent").is_some(),
            authorization: pairs.authorization()?,
        })
    }

    /// Writes the query string, without its `?`.
    pub fn to_query(&self) -> String {
        let mut pairs = vec![
            ("FleetId", self.fleet_id.as_str()),
            ("ComputeName", self.compute_name.as_str()),
        ];
        if self.hoist {
            pairs.push(("HoistAgent", "1"));
        }
        push_authorization(&mut pairs, &self.authorization);
        join(&pairs)
    }
}

fn push_authorization<'a>(
    pairs: &mut Vec<(&'static str, &'a str)>,
    authorization: &'a Authorization,
) {
    match authorization {
        Authorization::Token(token) => pairs.push(("Authorization", token)),
        Authorization::SigV4(signature) => {
            pairs.extend([
                ("Authorization", "SigV4"),
                ("X-Amz-Algorithm", signature.algorithm.as_str()),
                ("X-Amz-Credential", &signature.credential),
                ("X-Amz-Date", &signature.date),
                ("X-Amz-Signature", &signature.signature),
            ]);
            if let Some(token) = &signature.security_token {
                pairs.push(("X-Amz-Security-Token", token));
            }
        }
    }
}

struct Pairs(Vec<(String, String)>);

impl Pairs {
    fn parse(query: &str) -> Self {
        let pairs = query
            .split('&')
            .filter(|part| !part.is_empty())
            .map(|part| {
                let (name, value) = part.split_once('=').unwrap_or((part, ""));
                (decode(name), decode(value))
            });
        Self(pairs.collect())
    }

    fn find(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(own, _)| own == name)?;
        Some(found.1.as_str()).filter(|value| !value.is_empty())
    }

    fn needed(&self, name: &'static str) -> Result<&str, ConnectError> {
        self.find(name).ok_or(ConnectError(name))
    }

    fn or_empty(&self, name: &str) -> String {
        self.find(name).unwrap_or_default().to_owned()
    }

    fn authorization(&self) -> Result<Authorization, ConnectError> {
        match self.needed("Authorization")? {
            "SigV4" => Ok(Authorization::SigV4(SigV4 {
                algorithm: self.needed("X-Amz-Algorithm")?.to_owned(),
                credential: self.needed("X-Amz-Credential")?.to_owned(),
                date: self.needed("X-Amz-Date")?.to_owned(),
                security_token: self.find("X-Amz-Security-Token").map(str::to_owned),
                signature: self.needed("X-Amz-Signature")?.to_owned(),
            })),
            token => Ok(Authorization::Token(token.to_owned())),
        }
    }
}

fn join(pairs: &[(&str, &str)]) -> String {
    let parts: Vec<_> = pairs
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect();
    parts.join("&")
}

fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// Percent decoding; `+` is a space, as Go writes it. What is not an escape stays as it is.
fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'+' => out.push(b' '),
            b'%' => match text
                .get(at..at + 2)
                .and_then(|hex| u8::from_str_radix(hex, 16).ok())
            {
                Some(value) => {
                    out.push(value);
                    at += 2;
                }
                None => out.push(byte),
            },
            other => out.push(other),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}
