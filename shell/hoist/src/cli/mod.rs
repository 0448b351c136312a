//! The nouns of the command line that speak to a running control plane, over the public API only.

mod alias;
mod archive;
mod caller;
mod fleet;
mod logs;
mod output;
mod player_session;
mod script;
mod session;

pub(crate) use archive::zip_of;
pub(crate) use caller::{Caller, Endpoint};
pub(crate) use logs::log_path;
pub(crate) use output::{Column, Format, done, list, thing};

pub(crate) use alias::AliasVerb;
pub(crate) use fleet::FleetVerb;
pub(crate) use player_session::PlayerSessionVerb;
pub(crate) use script::ScriptVerb;
pub(crate) use session::SessionVerb;

use anyhow::Result;
use serde_json::{Map, Value};

/// The members of an input that were given.
pub(crate) fn given<const N: usize>(members: [(&str, Option<Value>); N]) -> Value {
    let present = members
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(present.collect::<Map<_, _>>())
}

/// A text member, when given.
pub(crate) fn text(value: Option<&String>) -> Option<Value> {
    value.map(|text| Value::String(text.clone()))
}

/// Every page of a list.
pub(crate) async fn pages(
    caller: &Caller,
    operation: &str,
    input: Value,
    member: &str,
) -> Result<Vec<Value>> {
    let mut items = Vec::new();
    let mut input = input;
    loop {
        let mut answer = caller.call(operation, &input).await?;
        if let Value::Array(more) = answer[member].take() {
            items.extend(more);
        }
        match answer["NextToken"].take() {
            Value::String(token) => input["NextToken"] = Value::String(token),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::Array(_)
            | Value::Object(_) => return Ok(items),
        }
    }
}
