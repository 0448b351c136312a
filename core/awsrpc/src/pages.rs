//! Page tokens: where a list goes on, sealed so that only the query that got one can use it (spec, 1.4).

use crate::Fault;
use crate::signature::{mac, same};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// Bytes of the seal before the key.
const SEAL_LENGTH: usize = 12;

/// Members that may differ between two pages of one query.
const PER_PAGE: [&str; 2] = ["NextToken", "Limit"];

/// Seals and opens page tokens with a secret of the deployment.
#[derive(Clone)]
pub struct Pages {
    secret: Vec<u8>,
}

impl Pages {
    /// Tokens are good wherever the same secret is.
    pub fn new(secret: impl Into<Vec<u8>>) -> Self {
        Self {
            secret: secret.into(),
        }
    }

    /// The token that goes on after `key` in this query: `input` is the request as a tree.
    pub fn seal(&self, operation: &str, input: &Value, key: &str) -> String {
        let mut bytes = self.seal_of(operation, input, key).to_vec();
        bytes.extend_from_slice(key.as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The key that was sealed for this query.
    pub fn open(&self, operation: &str, input: &Value, token: &str) -> Result<String, Fault> {
        let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| invalid())?;
        let (seal, key) = bytes.split_at_checked(SEAL_LENGTH).ok_or_else(invalid)?;
        let key = std::str::from_utf8(key).map_err(|_| invalid())?;
        if same(seal, &self.seal_of(operation, input, key)) {
            return Ok(key.to_owned());
        }
        Err(invalid())
    }

    /// Puts the key in the place of the token of a request, when it has one that is a text.
    pub fn open_in(&self, operation: &str, input: &mut Value) -> Result<(), Fault> {
        let Some(token) = text(input) else {
            return Ok(());
        };
        let key = self.open(operation, input, &token)?;
        put(input, key);
        Ok(())
    }

    /// Puts a token in the place of the key in an answer to the request `input`.
    pub fn seal_in(&self, operation: &str, input: &Value, output: &mut Value) {
        if let Some(key) = text(output) {
            let token = self.seal(operation, input, &key);
            put(output, token);
        }
    }

    fn seal_of(&self, operation: &str, input: &Value, key: &str) -> [u8; SEAL_LENGTH] {
        let mut hash = Sha256::new();
        feed(&mut hash, operation.as_bytes());
        if let Value::Object(members) = input {
            feed_members(&mut hash, members, &PER_PAGE);
        }
        feed(&mut hash, key.as_bytes());
        let mac = mac(&self.secret, &hash.finalize());
        let mut seal = [0; SEAL_LENGTH];
        seal.copy_from_slice(&mac[..SEAL_LENGTH]);
        seal
    }
}

impl std::fmt::Debug for Pages {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pages").finish_non_exhaustive()
    }
}

fn text(tree: &Value) -> Option<String> {
    tree.get("NextToken")
        .and_then(Value::as_str)
        .map(str::to_owned)
}

fn put(tree: &mut Value, text: String) {
    if let Value::Object(members) = tree {
        members.insert("NextToken".to_owned(), Value::String(text));
    }
}

fn invalid() -> Fault {
    Fault::client("InvalidRequestException", "Invalid pagination token.")
}

/// With its length before it, so that two parts are never taken for two others.
fn feed(hash: &mut Sha256, bytes: &[u8]) {
    hash.update((bytes.len() as u64).to_be_bytes());
    hash.update(bytes);
}

/// In the order of the names, because clients need not keep theirs; `null` is the same as absent.
fn feed_members(hash: &mut Sha256, members: &Map<String, Value>, without: &[&str]) {
    let mut sorted: Vec<(&String, &Value)> = members
        .iter()
        .filter(|(name, value)| !without.contains(&name.as_str()) && !value.is_null())
        .collect();
    sorted.sort_by_key(|(name, _)| *name);
    hash.update((sorted.len() as u64).to_be_bytes());
    for (name, value) in sorted {
        feed(hash, name.as_bytes());
        feed_value(hash, value);
    }
}

fn feed_value(hash: &mut Sha256, value: &Value) {
    match value {
        Value::Object(members) => feed_members(hash, members, &[]),
        Value::Array(values) => {
            hash.update((values.len() as u64).to_be_bytes());
            for value in values {
                feed_value(hash, value);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            feed(hash, value.to_string().as_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_token_is_good_for_its_own_query_only() {
        let pages = Pages::new("secret");
        let query = json!({"FleetId": "fleet-1", "Limit": 3, "Status": "ACTIVE"});
        let token = pages.seal("DescribeGameSessions", &query, "key\u{e4}7");
        let open = |pages: &Pages, operation, query: &Value| {
            pages
                .open(operation, query, &token)
                .map_err(|fault| fault.message)
        };
        let next = json!({"Status": "ACTIVE", "NextToken": token, "Limit": 9, "FleetId": "fleet-1", "Location": null});
        let operation = "DescribeGameSessions";
        assert_eq!(open(&pages, operation, &next), Ok("key\u{e4}7".to_owned()));
        let refused = Err("Invalid pagination token.".to_owned());
        assert_eq!(open(&pages, "ListFleets", &next), refused);
        assert_eq!(
            open(&pages, operation, &json!({"FleetId": "fleet-1"})),
            refused
        );
        assert_eq!(open(&Pages::new("other"), operation, &next), refused);
    }

    #[test]
    fn garbage_and_changed_tokens_are_refused() {
        let pages = Pages::new("secret");
        let token = pages.seal("ListFleets", &json!({}), "fleet-7");
        for place in 0..token.len() {
            let mut other = token.clone().into_bytes();
            other[place] = if other[place] == b'A' { b'B' } else { b'A' };
            let other = String::from_utf8(other).unwrap();
            assert!(
                pages.open("ListFleets", &json!({}), &other).is_err(),
                "{place}"
            );
        }
        for garbage in [
            "",
            "x",
            "\u{e4}",
            "e30=",
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "null",
        ] {
            let fault = pages.open("ListFleets", &json!({}), garbage).unwrap_err();
            assert_eq!(fault.code, "InvalidRequestException");
        }
    }

    #[test]
    fn keys_and_tokens_change_places_in_trees() {
        let pages = Pages::new("secret");
        let input = json!({"Limit": 2});
        let mut output = json!({"FleetIds": [], "NextToken": "fleet-2"});
        pages.seal_in("ListFleets", &input, &mut output);
        let mut next = json!({"Limit": 5, "NextToken": output["NextToken"]});
        pages.open_in("ListFleets", &mut next).unwrap();
        assert_eq!(next, json!({"Limit": 5, "NextToken": "fleet-2"}));
        let mut number = json!({"NextToken": 7});
        pages.open_in("ListFleets", &mut number).unwrap();
        assert_eq!(
            number,
            json!({"NextToken": 7}),
            "the types are checked by others"
        );
    }
}
