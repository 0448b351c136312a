//! Half requests, slow ones, large ones; a second control plane on the same data; restarts.

use std::time::Duration;

use control::{Error, Settings, Shutdown};
use hyper::{Method, StatusCode};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::drive::{PATIENCE, Plane, copy_folder};

/// Sends bytes and reads what comes until the other side closes.
async fn raw(plane: &Plane, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(plane.running.api).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let mut text = Vec::new();
    tokio::time::timeout(PATIENCE, stream.read_to_end(&mut text))
        .await
        .expect("the end in time")
        .unwrap();
    String::from_utf8_lossy(&text).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn half_and_slow_requests_hold_up_nobody() {
    let plane = Plane::with(|settings| {
        settings.limits.head_timeout = Duration::from_millis(300);
        settings.limits.body_timeout = Duration::from_millis(300);
    })
    .await;
    let mut silent = TcpStream::connect(plane.running.api).await.unwrap();
    silent.write_all(b"POST / HT").await.unwrap();
    plane.call("ListScripts", json!({})).await.unwrap();
    // Half a head ends with the connection; half a body with 408 in the shape of AWS.
    let text = raw(&plane, b"POST / HTTP/1.1\r\nhost: x\r\nx-amz-ta").await;
    assert!(text.is_empty() || text.starts_with("HTTP/1.1 4"), "{text}");
    let text = raw(&plane, b"POST / HTTP/1.1\r\nhost: x\r\nx-amz-target: GameLift.ListScripts\r\ncontent-length: 10\r\n\r\n{").await;
    assert!(
        text.starts_with("HTTP/1.1 408") && text.contains("RequestTimeoutException"),
        "{text}"
    );
    let text = raw(&plane, b"\x00\x01\x02 nonsense\r\n\r\n").await;
    assert!(text.starts_with("HTTP/1.1 400"), "{text}");
    plane.call("ListScripts", json!({})).await.unwrap();
    plane.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_expects_to_continue_is_told_so_and_connections_are_kept() {
    let plane = Plane::start().await;
    let mut stream = TcpStream::connect(plane.running.api).await.unwrap();
    for _ in 0..2 {
        let head = b"POST / HTTP/1.1\r\nhost: x\r\nx-amz-target: GameLift.ListScripts\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n";
        stream.write_all(head).await.unwrap();
        let mut word = [0; 25];
        stream.read_exact(&mut word).await.unwrap();
        assert_eq!(&word, b"HTTP/1.1 100 Continue\r\n\r\n");
        stream.write_all(b"{}").await.unwrap();
        let mut answer = Vec::new();
        while !answer.ends_with(br#"{"Scripts":[]}"#) {
            let mut byte = [0];
            stream.read_exact(&mut byte).await.unwrap();
            answer.push(byte[0]);
        }
    }
    drop(stream);
    plane.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_too_large_is_refused_before_it_is_read() {
    let plane = Plane::with(|settings| settings.limits.body_bytes_max = 1000).await;
    let got = plane
        .http(
            Method::POST,
            "/",
            &[("x-amz-target", "GameLift.ListScripts")],
            vec![b' '; 1001],
        )
        .await;
    assert_eq!(got.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(got.json()["__type"], "RequestEntityTooLargeException");
    plane.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_control_plane_on_the_same_data_is_refused() {
    let plane = Plane::start().await;
    let (_trigger, shutdown) = Shutdown::pair();
    let error = control::run(Settings::new(plane.data()), shutdown)
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Held { .. }), "{error}");
    assert!(
        error.to_string().contains("another control plane runs on"),
        "{error}"
    );
    plane.call("ListScripts", json!({})).await.unwrap();
    let folder = plane.stop().await;
    Plane::on(folder, |_| ()).await.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_was_answered_is_there_after_a_restart_and_after_a_kill() {
    let plane = Plane::start().await;
    let mut scripts = Vec::new();
    for number in 0..20 {
        scripts.push(
            plane
                .script(&format!("exports.ssExports = {number};"))
                .await,
        );
    }
    let deleted = scripts.pop().unwrap();
    plane
        .call("DeleteScript", json!({ "ScriptId": deleted }))
        .await
        .unwrap();
    // What a kill would leave: the files as they are now, while the first one still runs.
    let killed = tempfile::tempdir().unwrap();
    copy_folder(&plane.data(), &killed.path().join("data"));
    let stopped = plane.stop().await;
    for folder in [stopped, killed] {
        let plane = Plane::on(folder, |_| ()).await;
        for script in &scripts {
            plane
                .call("DescribeScript", json!({ "ScriptId": script }))
                .await
                .unwrap();
        }
        let error = plane
            .call("DescribeScript", json!({ "ScriptId": deleted }))
            .await
            .unwrap_err();
        assert!(error.starts_with("NotFoundException"), "{error}");
        plane.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_that_make_no_sense_are_said_before_anything_is_served() {
    let folder = tempfile::tempdir().unwrap();
    type Change = fn(&mut Settings);
    let cases: [(Change, &str); 3] = [
        (|settings| settings.region = "moon".into(), "--region"),
        (|settings| settings.account = "1".into(), "--account"),
        (
            |settings| settings.public_url = Some("host:1".into()),
            "--public-url",
        ),
    ];
    for (change, word) in cases {
        let mut settings = Settings::new(folder.path().join("data"));
        change(&mut settings);
        let (_trigger, shutdown) = Shutdown::pair();
        let error = control::run(settings, shutdown).await.unwrap_err();
        assert!(error.to_string().starts_with(word), "{error}");
    }
}
