//! The other end of a call, in JSON: for the command line and for tests.

use crate::{Fault, Protocol, SERVICE};
use serde_json::{Map, Value};

/// The headers of a request for this operation, without `host` and signature.
pub fn headers(operation: &str) -> Vec<(&'static str, String)> {
    vec![
        ("content-type", Protocol::Json.content_type().to_owned()),
        ("x-amz-target", format!("{SERVICE}.{operation}")),
    ]
}

/// What a server answered: the output as a tree, or the fault.
pub fn answer(status: u16, body: &[u8]) -> Result<Value, Fault> {
    let tree: Value = match body {
        [] => Value::Object(Map::new()),
        bytes => serde_json::from_slice(bytes).map_err(|_| strange(status, body))?,
    };
    if (200..300).contains(&status) {
        return Ok(tree);
    }
    let code = tree["__type"]
        .as_str()
        .ok_or_else(|| strange(status, body))?;
    let code = code.rsplit('#').next().unwrap_or(code).to_owned();
    let message = ["Message", "message"]
        .iter()
        .find_map(|name| tree[*name].as_str());
    Err(Fault::new(code, status, message.unwrap_or_default()))
}

/// Something that is no GameLift endpoint has answered.
fn strange(status: u16, body: &[u8]) -> Fault {
    let text: String = String::from_utf8_lossy(body).chars().take(200).collect();
    Fault::new(
        "UnknownAnswer",
        status,
        format!("status {status} and no answer of this API: {text}; check the endpoint"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn answers_are_outputs_or_faults() {
        assert_eq!(answer(200, b""), Ok(json!({})));
        assert_eq!(
            answer(200, br#"{"FleetIds":[]}"#),
            Ok(json!({"FleetIds": []}))
        );
        let cases: [(u16, &str, &str); 4] = [
            (
                400,
                r#"{"__type":"NotFoundException","Message":"no such script"}"#,
                "NotFoundException: no such script",
            ),
            (
                400,
                r#"{"__type":"a#ConflictException","message":"taken"}"#,
                "ConflictException: taken",
            ),
            (
                500,
                r#"{"__type":"InternalServiceException"}"#,
                "InternalServiceException: ",
            ),
            (
                502,
                "<html>bad gateway</html>",
                "UnknownAnswer: status 502 and no answer of this API: <html>bad gateway</html>; check the endpoint",
            ),
        ];
        for (status, body, expected) in cases {
            assert_eq!(
                answer(status, body.as_bytes()).unwrap_err().to_string(),
                expected
            );
        }
    }
}
