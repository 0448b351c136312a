//! Which protocol a request speaks and which operation it asks for (spec, 1).

use crate::{Fault, Head};

/// The name of the service in targets and paths.
pub const SERVICE: &str = "GameLift";

/// How bodies are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// AWS JSON 1.1: the operation is in a header.
    Json,
    /// Smithy RPC v2 CBOR: the operation is in the path.
    Cbor,
}

impl Protocol {
    /// The content type of its bodies.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/x-amz-json-1.1",
            Self::Cbor => "application/cbor",
        }
    }

    /// The protocol in which a request must be answered even when its operation is unknown.
    pub fn of(head: &Head<'_>) -> Self {
        let cbor = head
            .header("smithy-protocol")
            .is_some_and(|name| name.trim() == "rpc-v2-cbor");
        if cbor && head.header("x-amz-target").is_none() {
            Self::Cbor
        } else {
            Self::Json
        }
    }
}

/// What a request asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// How it is written, and how the answer must be.
    pub protocol: Protocol,
    /// The name of the operation, not looked up yet.
    pub operation: String,
}

/// The target of a request; a fault when it is no call of this service. A path before the one of the protocol is
/// tolerated, as a proxy may put one there.
pub fn recognised(head: &Head<'_>) -> Result<Target, Fault> {
    let protocol = Protocol::of(head);
    let operation = match protocol {
        Protocol::Json => from_header(head)?,
        Protocol::Cbor => from_path(head.path).ok_or_else(|| unknown(404))?,
    };
    if head.method != "POST" {
        return Err(unknown(404));
    }
    Ok(Target {
        protocol,
        operation: operation.to_owned(),
    })
}

fn from_header<'a>(head: &Head<'a>) -> Result<&'a str, Fault> {
    let target = head.header("x-amz-target").ok_or_else(|| unknown(404))?;
    let (service, operation) = target.trim().split_once('.').ok_or_else(|| unknown(400))?;
    if service == SERVICE && is_name(operation) {
        return Ok(operation);
    }
    Err(unknown(400))
}

fn from_path(path: &str) -> Option<&str> {
    let mut parts = path.rsplit('/');
    let operation = parts.next().filter(|name| is_name(name))?;
    let is_call = parts.next() == Some("operation")
        && parts.next() == Some(SERVICE)
        && parts.next() == Some("service");
    is_call.then_some(operation)
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.len() <= 128 && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn unknown(status: u16) -> Fault {
    Fault::new(
        "UnknownOperationException",
        status,
        "no operation: send X-Amz-Target: GameLift.<Operation>, or POST /service/GameLift/operation/<Operation> with smithy-protocol: rpc-v2-cbor",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_found_or_refused() {
        let json = |target| vec![("X-Amz-Target", target)];
        let cbor = vec![("smithy-protocol", "rpc-v2-cbor")];
        let path = "/service/GameLift/operation/ListFleets";
        let cases = [
            ("POST", "/", json("GameLift.ListFleets"), "Json ListFleets"),
            (
                "POST",
                "/behind/proxy",
                json("GameLift.ListFleets"),
                "Json ListFleets",
            ),
            ("POST", path, cbor.clone(), "Cbor ListFleets"),
            (
                "POST",
                "/p/service/GameLift/operation/ListFleets",
                cbor.clone(),
                "Cbor ListFleets",
            ),
            (
                "POST",
                "/service/Other/operation/ListFleets",
                cbor.clone(),
                "404",
            ),
            ("POST", "/service/GameLift/operation/", cbor.clone(), "404"),
            ("GET", path, cbor, "404"),
            ("POST", path, vec![], "404"),
            ("POST", "/", vec![], "404"),
            ("GET", "/", json("GameLift.ListFleets"), "404"),
            ("POST", "/", json("DynamoDB_20120810.ListTables"), "400"),
            ("POST", "/", json("GameLift"), "400"),
            ("POST", "/", json("GameLift."), "400"),
            ("POST", "/", json("GameLift.List\u{e4}"), "400"),
        ];
        for (method, path, headers, expected) in cases {
            let head = Head {
                method,
                path,
                query: "",
                headers: &headers,
            };
            let found = match recognised(&head) {
                Ok(target) => format!("{:?} {}", target.protocol, target.operation),
                Err(fault) => {
                    assert_eq!(fault.code, "UnknownOperationException");
                    fault.status.to_string()
                }
            };
            assert_eq!(found, expected, "{method} {path} {headers:?}");
        }
    }
}
