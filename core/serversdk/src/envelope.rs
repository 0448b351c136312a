//! The envelope of every message: one JSON object with `Action`, and `RequestId` and `StatusCode` where they belong.
//! Reading is lenient (nulls, missing and unknown members); writing never emits a null.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use thiserror::Error;

/// How a request went, as the SDKs know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// 200.
    Ok,
    /// 400.
    BadRequest,
    /// 401.
    Unauthorized,
    /// 403.
    Forbidden,
    /// 404.
    NotFound,
    /// 409.
    Conflict,
    /// 412, agents only: ask again later.
    NotReady,
    /// 429.
    Throttled,
    /// 500 and everything else.
    Internal,
}

impl Status {
    /// The number on the wire, which is also the HTTP status of a refused connect.
    pub const fn code(self) -> u16 {
        match self {
            Self::Ok => 200,
            Self::BadRequest => 400,
            Self::Unauthorized => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::Conflict => 409,
            Self::NotReady => 412,
            Self::Throttled => 429,
            Self::Internal => 500,
        }
    }

    /// The meaning of a number; unknown ones are internal errors, as the SDKs read them.
    pub const fn from_code(code: u64) -> Self {
        match code {
            200 => Self::Ok,
            400 => Self::BadRequest,
            401 => Self::Unauthorized,
            403 => Self::Forbidden,
            404 => Self::NotFound,
            409 => Self::Conflict,
            412 => Self::NotReady,
            429 => Self::Throttled,
            _ => Self::Internal,
        }
    }
}

/// A request that is not granted.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{message} ({})", status.code())]
pub struct Refusal {
    /// Which kind; never [`Status::Ok`].
    pub status: Status,
    /// For the developer.
    pub message: String,
}

impl Refusal {
    /// A refusal.
    pub fn new(status: Status, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
        }
    }

    /// A refusal with status 400.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(Status::BadRequest, message)
    }

    /// A refusal with status 404.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(Status::NotFound, message)
    }
}

/// A request and the name under which it is to be answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed<R> {
    /// Echoed in the answer.
    pub action: String,
    /// Echoed in the answer; may be empty when the sender gave none.
    pub request_id: String,
    /// What is asked.
    pub request: R,
}

/// What a client of control receives.
#[derive(Clone, Debug, PartialEq)]
pub enum Incoming<A, P> {
    /// An answer to the request of that id.
    Answer {
        /// The id of the request.
        request_id: String,
        /// What came out.
        outcome: Result<A, Refusal>,
    },
    /// Something that control says by itself.
    Push(P),
}

/// A message that is not understood. When it names a request, [`answer`] it with its [`BadMessage::refusal`].
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("message {action:?} not understood: {reason}")]
pub struct BadMessage {
    /// The action as far as it could be read.
    pub action: String,
    /// The request id as far as it could be read.
    pub request_id: String,
    /// What is wrong.
    pub reason: String,
}

impl BadMessage {
    /// The refusal to answer with.
    pub fn refusal(&self) -> Refusal {
        Refusal::bad_request(format!("message not understood: {}", self.reason))
    }
}

/// Reads a request (control's side).
pub fn parse_request<R: DeserializeOwned>(text: &str) -> Result<Parsed<R>, BadMessage> {
    let object = object(text)?;
    let request_id = text_member(&object, "RequestId");
    let action = text_member(&object, "Action");
    match serde_json::from_value(Value::Object(object)) {
        Ok(request) => Ok(Parsed {
            action,
            request_id,
            request,
        }),
        Err(error) => Err(BadMessage {
            action,
            request_id,
            reason: error.to_string(),
        }),
    }
}

/// Reads an answer or a push (the other side).
pub fn parse_incoming<A: DeserializeOwned, P: DeserializeOwned>(
    text: &str,
) -> Result<Incoming<A, P>, BadMessage> {
    let object = object(text)?;
    let action = text_member(&object, "Action");
    let request_id = text_member(&object, "RequestId");
    let bad = |error: serde_json::Error| BadMessage {
        action: action.clone(),
        request_id: request_id.clone(),
        reason: error.to_string(),
    };
    if request_id.is_empty() {
        return serde_json::from_value(Value::Object(object))
            .map(Incoming::Push)
            .map_err(bad);
    }
    let code = object
        .get("StatusCode")
        .and_then(Value::as_u64)
        .unwrap_or(200);
    let status = Status::from_code(code);
    let outcome = if status == Status::Ok {
        Ok(serde_json::from_value(Value::Object(object)).map_err(bad)?)
    } else {
        Err(Refusal::new(status, text_member(&object, "ErrorMessage")))
    };
    Ok(Incoming::Answer {
        request_id,
        outcome,
    })
}

/// Writes a request (the other side).
pub fn request<R: Serialize>(request_id: &str, request: &R) -> String {
    let mut object = to_object(request);
    object.insert("RequestId".into(), request_id.into());
    Value::Object(object).to_string()
}

/// Writes a message that control sends by itself.
pub fn push<P: Serialize>(push: &P) -> String {
    Value::Object(to_object(push)).to_string()
}

/// Writes an answer; `action` and `request_id` are those of the request, echoed exactly.
pub fn answer<A: Serialize>(
    action: &str,
    request_id: &str,
    outcome: &Result<A, Refusal>,
) -> String {
    let mut object = match outcome {
        Ok(answer) => to_object(answer),
        Err(_) => Map::new(),
    };
    object.insert("Action".into(), action.into());
    object.insert("RequestId".into(), request_id.into());
    let status = outcome
        .as_ref()
        .map_or_else(|refusal| refusal.status, |_| Status::Ok);
    object.insert("StatusCode".into(), status.code().into());
    if let Err(refusal) = outcome {
        object.insert("ErrorMessage".into(), refusal.message.as_str().into());
    }
    Value::Object(object).to_string()
}

fn to_object<T: Serialize>(value: &T) -> Map<String, Value> {
    match serde_json::to_value(value) {
        Ok(Value::Object(object)) => without_nulls(object),
        Ok(_) | Err(_) => Map::new(),
    }
}

fn object(text: &str) -> Result<Map<String, Value>, BadMessage> {
    let bad = |reason: String| BadMessage {
        action: String::new(),
        request_id: String::new(),
        reason,
    };
    match serde_json::from_str(text) {
        Ok(Value::Object(object)) => Ok(without_nulls(object)),
        Ok(_) => Err(bad("not a JSON object".into())),
        Err(error) => Err(bad(error.to_string())),
    }
}

fn without_nulls(object: Map<String, Value>) -> Map<String, Value> {
    object
        .into_iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(key, value)| {
            if let Value::Object(inner) = value {
                (key, Value::Object(without_nulls(inner)))
            } else {
                (key, value)
            }
        })
        .collect()
}

fn text_member(object: &Map<String, Value>, name: &str) -> String {
    object
        .get(name)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}
