//! Golden vectors of real clients (spec, 1.7) and every way to fail, as a table of changes to a good request.

use super::*;
use crate::signature::hex;
use crate::{Credentials, Session, Unsigned, signed};
use proptest::prelude::*;
use std::collections::BTreeMap;

const BODY: &[u8] = br#"{"ScriptId": "script-1", "Limit": 3}"#;
const MOMENT: &str = "20261123T031632Z";

fn trust() -> Trust {
    let key = |session| Key {
        secret: "secret".to_owned(),
        account: "123456789012".to_owned(),
        session,
    };
    let session = |token: &str, expires_ms| {
        Some(Session {
            token: token.to_owned(),
            expires_ms,
        })
    };
    let end = now_ms() + 1000;
    Trust::Keys(BTreeMap::from([
        ("AKIDEXAMPLE".to_owned(), key(None)),
        ("ASIAGOOD".to_owned(), key(session("token", end))),
        ("ASIAOVER".to_owned(), key(session("token", now_ms()))),
    ]))
}

fn now_ms() -> u64 {
    date::parsed(MOMENT).unwrap() * 1000
}

fn authorization(key: &str, headers: &str, signature: &str) -> String {
    format!(
        "AWS4-HMAC-SHA256 Credential={key}/20261123/us-west-2/gamelift/aws4_request, SignedHeaders={headers}, Signature={signature}"
    )
}

fn outcome(result: Result<Caller, Fault>) -> String {
    match result {
        Ok(caller) => format!("{} {} {}", caller.access_key, caller.account, caller.region),
        Err(fault) => fault.to_string(),
    }
}

const GOOD: &str = "AKIDEXAMPLE 123456789012 us-west-2";

/// The request that boto3 sent.
fn python() -> Vec<(String, String)> {
    let signature = "83e67bba102b3d96e9954db6458c19dd71061537b7972a5ffda7e07385139c1a";
    let names = "content-type;host;x-amz-date;x-amz-target";
    [
        ("Host", "127.0.0.1:18099"),
        ("X-Amz-Target", "GameLift.ListFleets"),
        ("Content-Type", "application/x-amz-json-1.1"),
        ("User-Agent", "Boto3/1.44.5"),
        ("X-Amz-Date", MOMENT),
        (
            "Authorization",
            &authorization("AKIDEXAMPLE", names, signature),
        ),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec()
}

fn check(headers: &[(String, String)], query: &str, body: &[u8], now_ms: u64) -> String {
    let headers: Vec<(&str, &str)> = headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let head = Head {
        method: "POST",
        path: "/",
        query,
        headers: &headers,
    };
    outcome(verified(&head, body, &trust(), Checks::default(), now_ms))
}

#[test]
fn boto3_is_recognised() {
    assert_eq!(check(&python(), "", BODY, now_ms()), GOOD);
}

#[test]
fn the_rust_sdk_is_recognised() {
    let body = b"\xbf\x68ScriptId\x68script-1\x65Limit\x03\xff";
    let signature = "6cc69a3989aab1371d569024b7821e6e663d57ebe4066f93580444115161761f";
    let names =
        "accept;content-length;content-type;host;smithy-protocol;x-amz-date;x-amz-user-agent";
    let authorization = authorization("AKIDEXAMPLE", names, signature);
    let headers = [
        ("accept", "application/cbor"),
        ("content-length", "27"),
        ("content-type", "application/cbor"),
        ("host", "127.0.0.1:18099"),
        ("smithy-protocol", "rpc-v2-cbor"),
        ("x-amz-date", "20261123T033107Z"),
        (
            "x-amz-user-agent",
            "aws-sdk-rust/1.7.0 ua/2.1 api/gamelift/1.137.0 os/linux lang/rust/1.95.0 m/E,M,N md/http#hyper-1.x",
        ),
        ("authorization", &authorization),
    ];
    let head = Head {
        method: "POST",
        path: "/service/GameLift/operation/ListFleets",
        query: "",
        headers: &headers,
    };
    assert_eq!(
        outcome(verified(&head, body, &trust(), Checks::default(), now_ms())),
        GOOD
    );
}

const WRONG: &str = "InvalidSignatureException: The request signature we calculated does not match";

/// A header, what to put there (or nothing), what comes of it.
const CHANGES: &[(&str, Option<&str>, &str)] = &[
    ("Authorization", None, "MissingAuthenticationTokenException"),
    (
        "Authorization",
        Some("Basic dTpw"),
        "IncompleteSignatureException",
    ),
    (
        "Authorization",
        Some("AWS4-HMAC-SHA256 Credential=x"),
        "IncompleteSignatureException",
    ),
    (
        "Authorization",
        Some("AWS4-HMAC-SHA256 Credential=x, SignedHeaders=host, Signature=1"),
        "IncompleteSignatureException",
    ),
    (
        "Authorization",
        Some(
            "AWS4-HMAC-SHA256 Credential=k/20261123/r/gamelift/other, SignedHeaders=host, Signature=1",
        ),
        "InvalidSignatureException: Credential should be scoped with a valid terminator",
    ),
    (
        "Authorization",
        Some(
            "AWS4-HMAC-SHA256 Credential=k/20261123/r/s3/aws4_request, SignedHeaders=host, Signature=1",
        ),
        "InvalidSignatureException: Credential should be scoped to correct service",
    ),
    (
        "Authorization",
        Some(
            "AWS4-HMAC-SHA256 Credential=k/20261122/r/gamelift/aws4_request, SignedHeaders=host, Signature=1",
        ),
        "InvalidSignatureException: Date in Credential scope",
    ),
    (
        "Authorization",
        Some(
            "AWS4-HMAC-SHA256 Credential=k/20261123/r/gamelift/aws4_request, SignedHeaders=x-amz-date, Signature=1",
        ),
        "InvalidSignatureException: 'Host' must be",
    ),
    (
        "Authorization",
        Some(
            "AWS4-HMAC-SHA256 Credential=k/20261123/r/gamelift/aws4_request, SignedHeaders=host, Signature=1",
        ),
        "UnrecognizedClientException: The security token included in the request is invalid.",
    ),
    (
        "Authorization",
        Some(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261123/us-west-2/gamelift/aws4_request, SignedHeaders=host;x-gone, Signature=1",
        ),
        "InvalidSignatureException: The signed header 'x-gone'",
    ),
    (
        "Authorization",
        Some(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261123/us-west-2/gamelift/aws4_request, SignedHeaders=host, Signature=1",
        ),
        WRONG,
    ),
    ("X-Amz-Date", None, "IncompleteSignatureException"),
    (
        "X-Amz-Date",
        Some("yesterday"),
        "IncompleteSignatureException",
    ),
    ("X-Amz-Date", Some("20261123T031633Z"), WRONG),
    ("Host", Some("other:18099"), WRONG),
    (
        "Host",
        None,
        "InvalidSignatureException: The signed header 'host'",
    ),
    ("X-Amz-Target", Some("GameLift.DeleteFleet"), WRONG),
    (
        "X-Amz-Security-Token",
        Some("token"),
        "UnrecognizedClientException",
    ),
    (
        "X-Amz-Content-Sha256",
        Some("00"),
        "InvalidSignatureException: The value of x-amz-content-sha256",
    ),
    ("X-Amz-Content-Sha256", Some(UNSIGNED), WRONG),
    ("User-Agent", Some("another"), GOOD),
    ("Content-Type", Some("  application/x-amz-json-1.1 "), GOOD),
];

#[test]
fn every_failure_has_its_code() {
    for (name, value, expected) in CHANGES {
        let mut headers = python();
        headers.retain(|(own, _)| own != name);
        headers.extend(value.map(|value| ((*name).to_owned(), value.to_owned())));
        let found = check(&headers, "", BODY, now_ms());
        assert!(found.starts_with(expected), "{name}: {value:?}: {found}");
    }
    assert!(check(&python(), "", b"{}", now_ms()).starts_with(WRONG));
    assert!(check(&python(), "a=b", BODY, now_ms()).starts_with(WRONG));
}

#[test]
fn clocks_may_differ_by_a_quarter_of_an_hour() {
    let at = |minutes: i64| {
        let ms = now_ms().saturating_add_signed(minutes * 60_000);
        check(&python(), "", BODY, ms)
    };
    assert_eq!(at(15), GOOD);
    assert_eq!(at(-15), GOOD);
    assert_eq!(
        at(16),
        "InvalidSignatureException: Signature expired: 20261123T031632Z is now earlier than 20261123T031732Z (20261123T033232Z - 15 min.)"
    );
    assert_eq!(
        at(-16),
        "InvalidSignatureException: Signature not yet current: 20261123T031632Z is still later than 20261123T031532Z (20261123T030032Z + 15 min.)"
    );
}

/// A request signed by this crate, with a session token or without.
fn own(key: &str, token: Option<&str>, payload: Option<&str>) -> Vec<(String, String)> {
    let mut headers = vec![
        ("Host", "localhost"),
        ("X-Amz-Target", "GameLift.ListFleets"),
        ("x-list", "a,  b"),
    ];
    headers.extend(payload.map(|payload| ("x-amz-content-sha256", payload)));
    let request = Unsigned {
        head: Head {
            method: "POST",
            path: "/",
            query: "",
            headers: &headers,
        },
        body: BODY,
        region: "eu-west-1",
        now_ms: now_ms(),
    };
    let credentials = Credentials {
        access_key: key.to_owned(),
        secret: "secret".to_owned(),
        session_token: token.map(str::to_owned),
    };
    let added = signed(&request, &credentials);
    let given = headers
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    given
        .chain(
            added
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value)),
        )
        .collect()
}

#[test]
fn own_signatures_and_sessions() {
    let hash = hash(BODY);
    let cases = [
        (
            "AKIDEXAMPLE",
            None,
            None,
            "AKIDEXAMPLE 123456789012 eu-west-1",
        ),
        (
            "AKIDEXAMPLE",
            None,
            Some(UNSIGNED),
            "AKIDEXAMPLE 123456789012 eu-west-1",
        ),
        (
            "AKIDEXAMPLE",
            None,
            Some(hash.as_str()),
            "AKIDEXAMPLE 123456789012 eu-west-1",
        ),
        (
            "ASIAGOOD",
            Some("token"),
            None,
            "ASIAGOOD 123456789012 eu-west-1",
        ),
        ("ASIAGOOD", None, None, "UnrecognizedClientException"),
        (
            "ASIAGOOD",
            Some("other"),
            None,
            "UnrecognizedClientException",
        ),
        ("ASIAOVER", Some("token"), None, "ExpiredTokenException"),
    ];
    for (key, token, payload, expected) in cases {
        let found = check(&own(key, token, payload), "", BODY, now_ms());
        assert!(
            found.starts_with(expected),
            "{key} {token:?} {payload:?}: {found}"
        );
    }
}

/// Parameters and what to put there; an empty text takes the parameter out.
type Changes = &'static [(&'static str, &'static str)];

/// A query as a client signs it in advance.
fn presigned(changes: &[(&str, &str)]) -> String {
    let mut parameters: Vec<(&str, String)> = [
        ("X-Amz-Algorithm", ALGORITHM),
        (
            "X-Amz-Credential",
            "AKIDEXAMPLE/20261123/us-west-2/gamelift/aws4_request",
        ),
        ("X-Amz-Date", MOMENT),
        ("X-Amz-Expires", "60"),
        ("X-Amz-SignedHeaders", "host"),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .to_vec();
    let joined = |parameters: &[(&str, String)]| {
        let parts: Vec<String> = parameters
            .iter()
            .map(|(name, value)| format!("{name}={}", crate::head::escaped(value, false)))
            .collect();
        parts.join("&")
    };
    let query = joined(&parameters);
    let head = Head {
        method: "POST",
        path: "/",
        query: &query,
        headers: &[("host", "localhost")],
    };
    let scope = Scope {
        day: "20261123".to_owned(),
        region: "us-west-2".to_owned(),
        service: SERVICE.to_owned(),
    };
    parameters.push((
        "X-Amz-Signature",
        signature(&head, &["host"], &hash(BODY), ("secret", &scope, MOMENT)),
    ));
    for (name, value) in changes {
        parameters.retain(|(own, _)| own != name);
        if !value.is_empty() {
            parameters.push((name, (*value).to_owned()));
        }
    }
    joined(&parameters)
}

#[test]
fn signatures_in_the_query() {
    let host = [("host".to_owned(), "localhost".to_owned())];
    let incomplete = "IncompleteSignatureException";
    let cases: &[(Changes, u64, &str)] = &[
        (&[], 0, GOOD),
        (&[], 60_000, GOOD),
        (&[], 61_000, "InvalidSignatureException: Signature expired"),
        (
            &[("X-Amz-Algorithm", "")],
            0,
            "MissingAuthenticationTokenException",
        ),
        (&[("X-Amz-Algorithm", "AWS4-ECDSA")], 0, incomplete),
        (&[("X-Amz-Credential", "")], 0, incomplete),
        (&[("X-Amz-Expires", "604801")], 0, incomplete),
        (
            &[("X-Amz-Expires", "61")],
            0,
            "InvalidSignatureException: The request signature",
        ),
        (
            &[("X-Amz-Signature", "00")],
            0,
            "InvalidSignatureException: The request signature",
        ),
    ];
    for (changes, later, expected) in cases {
        let found = check(&host, &presigned(changes), BODY, now_ms() + later);
        assert!(found.starts_with(expected), "{changes:?} {later}: {found}");
    }
}

#[test]
fn on_a_developers_machine_anyone_passes() {
    let trust = Trust::Anyone {
        account: "000000000000".to_owned(),
        region: "us-east-1".to_owned(),
    };
    let wrong = authorization("test", "host", "00");
    let cases = [
        (vec![], " 000000000000 us-east-1"),
        (
            vec![("authorization", "Basic dTpw")],
            " 000000000000 us-east-1",
        ),
        (
            vec![("authorization", wrong.as_str()), ("x-amz-date", MOMENT)],
            "test 000000000000 us-west-2",
        ),
    ];
    for (headers, expected) in cases {
        let head = Head {
            method: "POST",
            path: "/",
            query: "",
            headers: &headers,
        };
        assert_eq!(
            outcome(verified(&head, b"", &trust, Checks::default(), 0)),
            expected
        );
    }
}

#[test]
fn secrets_stay_out_of_logs() {
    let shown = format!("{:?}", trust());
    assert!(
        !shown.contains("\"secret\"") && !shown.contains("\"token\""),
        "{shown}"
    );
}

proptest! {
    #[test]
    fn headers_of_all_kinds_are_survived(authorization in ".{0,80}", date in ".{0,20}", query in ".{0,60}", tail in "[ -~]{0,80}") {
        for text in [authorization, format!("AWS4-HMAC-SHA256 {tail}"), format!("AWS4-HMAC-SHA256 Credential={tail},SignedHeaders=host,Signature=0")] {
            let headers = [("authorization", text.as_str()), ("x-amz-date", &date), ("host", "h")];
            let head = Head { method: "POST", path: "/", query: &query, headers: &headers };
            prop_assert!(verified(&head, b"", &trust(), Checks::default(), now_ms()).is_err());
            let head = Head { headers: &headers[2..], ..head };
            prop_assert!(verified(&head, b"", &trust(), Checks::default(), now_ms()).is_err());
        }
    }

    #[test]
    fn one_changed_bit_breaks_a_signature(place in 0usize..BODY.len(), bit in 0u8..8) {
        let mut body = BODY.to_vec();
        body[place] ^= 1 << bit;
        prop_assert!(check(&python(), "", &body, now_ms()).starts_with("InvalidSignature"));
    }
}

#[test]
fn digits_are_lower_case() {
    assert_eq!(hex(&[0, 0xab]), "00ab");
}
