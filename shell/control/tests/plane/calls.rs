//! The API port as clients see it: both protocols, both error shapes, and what lies beside them.

use hyper::{Method, StatusCode};
use serde_json::json;

use crate::drive::{Plane, base64, zip_of};

#[tokio::test(flavor = "multi_thread")]
async fn json_is_answered_on_any_path_with_the_right_headers() {
    let plane = Plane::start().await;
    let cases: [(&str, &str, &str, u16, &str); 6] = [
        ("/", "GameLift.ListScripts", "{}", 200, ""),
        ("/behind/a/proxy?x=1", "GameLift.ListScripts", "", 200, ""),
        (
            "/",
            "GameLift.listScripts",
            "{}",
            400,
            "UnknownOperationException",
        ),
        (
            "/",
            "GameLift.ListScripts",
            "{",
            400,
            "SerializationException",
        ),
        (
            "/",
            "GameLift.DescribeScript",
            r#"{"ScriptId":"script-0"}"#,
            400,
            "NotFoundException",
        ),
        (
            "/",
            "GameLift.DescribeScript",
            "{}",
            400,
            "InvalidRequestException",
        ),
    ];
    for (path, target, body, status, code) in cases {
        let got = plane
            .http(Method::POST, path, &[("x-amz-target", target)], body)
            .await;
        assert_eq!(got.status.as_u16(), status, "{target} {body}: {got:?}");
        assert_eq!(got.content_type, "application/x-amz-json-1.1");
        assert_eq!(
            got.json()["__type"].as_str().unwrap_or_default(),
            code,
            "{target} {body}"
        );
    }
    plane.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cbor_is_answered_in_cbor() {
    let plane = Plane::start().await;
    let headers = [
        ("smithy-protocol", "rpc-v2-cbor"),
        ("content-type", "application/cbor"),
    ];
    let path = |operation| format!("/service/GameLift/operation/{operation}");
    let got = plane
        .http(Method::POST, &path("ListScripts"), &headers, "")
        .await;
    assert_eq!(
        (got.status, got.content_type.as_str()),
        (StatusCode::OK, "application/cbor")
    );
    // {"ScriptId":"script-0"} as an indefinite map, as the Rust SDK sends it.
    let body = b"\xbf\x68ScriptId\x68script-0\xff".to_vec();
    let got = plane
        .http(Method::POST, &path("DescribeScript"), &headers, body)
        .await;
    assert_eq!(got.status, StatusCode::BAD_REQUEST);
    let text = String::from_utf8_lossy(&got.body).into_owned();
    assert!(
        text.contains("com.amazonaws.gamelift#NotFoundException"),
        "{text}"
    );
    let got = plane
        .http(Method::POST, &path("NoSuchThing"), &headers, "")
        .await;
    assert_eq!(got.status, StatusCode::NOT_FOUND);
    plane.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_zips_are_refused_and_nothing_is_made() {
    let plane = Plane::start().await;
    let good = zip_of(&[("main.js", b"exports.ssExports = {};")]);
    let cases: [(Vec<u8>, &str); 4] = [
        (b"not a zip".to_vec(), "not a readable zip"),
        (good[..good.len() - 10].to_vec(), "not a readable zip"),
        (zip_of(&[("readme.txt", b"x")]), "no script in it"),
        (zip_of(&[("../main.js", b"x")]), "'..'"),
    ];
    for (zip, words) in cases {
        let error = plane
            .call("CreateScript", json!({ "ZipFile": base64(&zip) }))
            .await
            .unwrap_err();
        assert!(
            error.starts_with("InvalidRequestException: ") && error.contains(words),
            "{error}"
        );
    }
    for input in [json!({}), json!({ "ZipFile": "" })] {
        let error = plane.call("CreateScript", input).await.unwrap_err();
        assert!(error.starts_with("InvalidRequestException: "), "{error}");
    }
    let listed = plane.call("ListScripts", json!({})).await.unwrap();
    assert_eq!(listed["Scripts"], json!([]));
    plane.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn probes_metrics_and_admin_answer() {
    let plane = Plane::start().await;
    for (path, body) in [("/live", "live\n"), ("/ready", "ready\n")] {
        let got = plane.get(path).await;
        assert_eq!(
            (got.status, got.body.as_ref()),
            (StatusCode::OK, body.as_bytes())
        );
    }
    let metrics = format!("http://{}/metrics", plane.running.metrics.unwrap());
    let got = crate::drive::http(&metrics, Method::GET, &[], "".into())
        .await
        .unwrap();
    let text = String::from_utf8(got.body.to_vec()).unwrap();
    assert!(
        got.content_type.starts_with("text/plain; version=0.0.4"),
        "{got:?}",
        got = got.content_type
    );
    assert!(
        text.contains("# TYPE hoist_links gauge\nhoist_links 0\n"),
        "{text}"
    );
    assert_eq!(
        plane.get("/admin/status").await.json()["Region"],
        "us-east-1"
    );
    let got = plane
        .get("/admin/logs?GameSessionId=arn%3Aaws%3Agamelift%3Aus-east-1%3A%3Agamesession%2Ff%2Fg")
        .await;
    assert_eq!(
        (got.status, got.json()["Error"].as_str()),
        (StatusCode::BAD_REQUEST, Some("NotFoundException"))
    );
    plane.stop().await;
}
