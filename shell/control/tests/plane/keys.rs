//! With access keys set, only signed calls are carried out.

use awsrpc::{Credentials, Head, Unsigned};
use control::AccessKey;
use hyper::{Method, StatusCode};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::drive::{Got, Plane};

const DAY_MS: u64 = 86_400_000;

async fn signed_call(plane: &Plane, secret: &str, now_ms: u64) -> Got {
    let authority = plane.running.url.trim_start_matches("http://").to_owned();
    let headers = [
        ("host", authority.as_str()),
        ("x-amz-target", "GameLift.ListScripts"),
    ];
    let head = Head {
        method: "POST",
        path: "/",
        query: "",
        headers: &headers,
    };
    let unsigned = Unsigned {
        head,
        body: b"{}",
        region: "us-east-1",
        now_ms,
    };
    let credentials = Credentials {
        access_key: "AKID".into(),
        secret: secret.into(),
        session_token: None,
    };
    let added = awsrpc::signed(&unsigned, &credentials);
    let mut all: Vec<(&str, &str)> = vec![headers[1]];
    all.extend(added.iter().map(|(name, value)| (*name, value.as_str())));
    plane.http(Method::POST, "/", &all, "{}").await
}

#[tokio::test(flavor = "multi_thread")]
async fn signatures_are_verified_when_keys_are_set() {
    let key = AccessKey {
        id: "AKID".into(),
        secret: "secret".into(),
    };
    let plane = Plane::with(|settings| settings.access_keys = vec![key]).await;
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_millis() as u64;
    let good = signed_call(&plane, "secret", now).await;
    assert_eq!(good.status, StatusCode::OK, "{good:?}");
    for (secret, now, code) in [
        ("wrong", now, "InvalidSignatureException"),
        ("secret", now - DAY_MS, "InvalidSignatureException"),
        ("secret", now + DAY_MS, "InvalidSignatureException"),
    ] {
        let got = signed_call(&plane, secret, now).await;
        assert_eq!(
            (got.status, got.json()["__type"].as_str()),
            (StatusCode::BAD_REQUEST, Some(code))
        );
    }
    let unsigned = plane
        .http(
            Method::POST,
            "/",
            &[("x-amz-target", "GameLift.ListScripts")],
            "{}",
        )
        .await;
    assert_eq!(
        unsigned.json()["__type"],
        "MissingAuthenticationTokenException"
    );
    assert_eq!(
        plane.get("/admin/status").await.status,
        StatusCode::FORBIDDEN
    );
    plane.stop().await;
}
