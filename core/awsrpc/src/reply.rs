//! Bodies in, answers and faults out, in the protocol of the request.

use crate::{Fault, Protocol, Shape, cbor};
use serde_json::{Map, Value, json};

/// The namespace that CBOR puts before the names of faults.
const NAMESPACE: &str = "com.amazonaws.gamelift";

/// An HTTP answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// Names in lower case, and values.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// The body of a request as a tree; an empty body is an empty structure.
pub fn decoded<S: Shape>(protocol: Protocol, body: &[u8], shape: S) -> Result<Value, Fault> {
    let empty = match protocol {
        Protocol::Json => body.iter().all(u8::is_ascii_whitespace),
        Protocol::Cbor => body.is_empty(),
    };
    if empty {
        return Ok(Value::Object(Map::new()));
    }
    let tree = match protocol {
        Protocol::Json => serde_json::from_slice(body)
            .map_err(|error| Fault::serialization(format!("the body is not JSON: {error}")))?,
        Protocol::Cbor => cbor::read(body, Some(shape))
            .map_err(|problem| Fault::serialization(format!("the body is not CBOR: {problem}")))?,
    };
    if tree.is_object() {
        return Ok(tree);
    }
    Err(Fault::serialization("the body is not a structure"))
}

/// A successful answer.
pub fn replied<S: Shape>(protocol: Protocol, request_id: &str, output: &Value, shape: S) -> Reply {
    let body = match protocol {
        Protocol::Json => output.to_string().into_bytes(),
        Protocol::Cbor => cbor::written(output, Some(shape)),
    };
    reply(protocol, request_id, 200, body)
}

/// The answer that says why not.
pub fn refused(protocol: Protocol, request_id: &str, fault: &Fault) -> Reply {
    let body = match protocol {
        // The parsers of the SDKs read either spelling; the model's member has the capital.
        Protocol::Json => json!({
            "__type": fault.code,
            "Message": fault.message,
            "message": fault.message,
        })
        .to_string()
        .into_bytes(),
        Protocol::Cbor => {
            let body = json!({
                "__type": format!("{NAMESPACE}#{}", fault.code),
                "Message": fault.message,
            });
            cbor::written(&body, None::<NoShape>)
        }
    };
    let mut reply = reply(protocol, request_id, fault.status, body);
    reply
        .headers
        .push(("x-amzn-errortype", fault.code.to_string()));
    reply
}

fn reply(protocol: Protocol, request_id: &str, status: u16, body: Vec<u8>) -> Reply {
    let mut headers = vec![
        ("content-type", protocol.content_type().to_owned()),
        ("x-amzn-requestid", request_id.to_owned()),
    ];
    if protocol == Protocol::Cbor {
        headers.push(("smithy-protocol", "rpc-v2-cbor".to_owned()));
    }
    Reply {
        status,
        headers,
        body,
    }
}

/// A shape for trees that need none: nothing in a fault is a moment, a float or bytes.
#[derive(Clone, Copy)]
struct NoShape;

impl Shape for NoShape {
    fn kind(self) -> crate::Kind {
        crate::Kind::Structure
    }

    fn member(self, _: &str) -> Option<Self> {
        None
    }

    fn element(self) -> Option<Self> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The answer that the Rust SDK reads (spec, 1.7), and the one of the minimal JSON exchange.
    #[test]
    fn faults_are_written_for_both_protocols() {
        let fault = Fault::new("NotFoundException", 400, "no such script");
        let cbor = refused(Protocol::Cbor, "id-1", &fault);
        let expected = b"\xa2\x66__type\x78\x28com.amazonaws.gamelift#NotFoundException\x67Message\x6eno such script";
        assert_eq!(cbor.body, expected);
        assert_eq!(cbor.status, 400);
        let json = refused(Protocol::Json, "id-1", &fault);
        assert_eq!(
            String::from_utf8(json.body).unwrap(),
            r#"{"__type":"NotFoundException","Message":"no such script","message":"no such script"}"#
        );
        assert_eq!(
            json.headers,
            [
                ("content-type", "application/x-amz-json-1.1".to_owned()),
                ("x-amzn-requestid", "id-1".to_owned()),
                ("x-amzn-errortype", "NotFoundException".to_owned()),
            ]
        );
    }

    #[test]
    fn answers_name_their_protocol() {
        let json = replied(Protocol::Json, "id-1", &json!({}), NoShape);
        assert_eq!((json.status, json.body.as_slice()), (200, b"{}".as_slice()));
        let cbor = replied(Protocol::Cbor, "id-1", &json!({}), NoShape);
        assert_eq!(cbor.body, [0xa0]);
        assert_eq!(
            cbor.headers,
            [
                ("content-type", "application/cbor".to_owned()),
                ("x-amzn-requestid", "id-1".to_owned()),
                ("smithy-protocol", "rpc-v2-cbor".to_owned()),
            ]
        );
    }

    #[test]
    fn bodies_are_structures_or_refused() {
        let cases: [(Protocol, &[u8], Option<Value>); 10] = [
            (Protocol::Json, b"", Some(json!({}))),
            (Protocol::Json, b" \r\n", Some(json!({}))),
            (Protocol::Json, br#"{"a":null}"#, Some(json!({"a": null}))),
            (Protocol::Json, b"[]", None),
            (Protocol::Json, b"{", None),
            (Protocol::Json, b"\xff", None),
            (Protocol::Cbor, b"", Some(json!({}))),
            (Protocol::Cbor, b"\xbf\xff", Some(json!({}))),
            (Protocol::Cbor, b"\x80", None),
            (Protocol::Cbor, b"{}", None),
        ];
        for (protocol, body, expected) in cases {
            let found = decoded(protocol, body, NoShape);
            if let Err(fault) = &found {
                assert_eq!(
                    (fault.code.as_ref(), fault.status),
                    ("SerializationException", 400)
                );
            }
            assert_eq!(found.ok(), expected, "{protocol:?} {body:?}");
        }
    }
}
