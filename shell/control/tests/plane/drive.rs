//! The driver: starts a control plane and speaks HTTP and WebSocket to it.

use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use base64::Engine as _;
use control::{Running, Settings, Shutdown, Trigger};
use futures_util::{SinkExt as _, StreamExt as _};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::{Error as WsError, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// Far above everything that a loaded machine needs: whoever waits longer waits for something that never comes.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// A control plane and its folder.
pub(crate) struct Plane {
    pub(crate) running: Running,
    trigger: Trigger,
    pub(crate) folder: tempfile::TempDir,
}

/// An answer: status, content type and body.
#[derive(Debug)]
pub(crate) struct Got {
    pub(crate) status: StatusCode,
    pub(crate) content_type: String,
    pub(crate) body: Bytes,
}

impl Got {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

impl Plane {
    pub(crate) async fn start() -> Self {
        Self::with(|_| ()).await
    }

    /// Starts with other settings than the defaults.
    pub(crate) async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        Self::on(tempfile::tempdir().unwrap(), change).await
    }

    pub(crate) async fn on(folder: tempfile::TempDir, change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = Settings::new(folder.path().join("data"));
        settings.metrics = Some("127.0.0.1:0".parse().unwrap());
        change(&mut settings);
        let (trigger, shutdown) = Shutdown::pair();
        let running = control::run(settings, shutdown).await.unwrap();
        Self {
            running,
            trigger,
            folder,
        }
    }

    /// Ends the control plane and gives its folder back.
    pub(crate) async fn stop(self) -> tempfile::TempDir {
        self.trigger.stop();
        self.running.ended().await.unwrap();
        self.folder
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A call of the API in JSON: the output, or `CODE: message`.
    pub(crate) async fn call(&self, operation: &str, input: Value) -> Result<Value, String> {
        let target = format!("GameLift.{operation}");
        let headers = [
            ("x-amz-target", target.as_str()),
            ("content-type", "application/x-amz-json-1.1"),
        ];
        let got = self
            .http(Method::POST, "/", &headers, input.to_string())
            .await;
        let body = got.json();
        if got.status == StatusCode::OK {
            return Ok(body);
        }
        let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        Err(format!("{}: {}", text("__type"), text("Message")))
    }

    pub(crate) async fn get(&self, path: &str) -> Got {
        self.http(Method::GET, path, &[], "").await
    }

    pub(crate) async fn http(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Got {
        http(
            &format!("{}{path}", self.running.url),
            method,
            headers,
            body.into(),
        )
        .await
        .unwrap()
    }

    /// A WebSocket to a path with its query, or the status of the refusal.
    pub(crate) async fn link(&self, path_and_query: &str) -> Result<Wire, StatusCode> {
        let url = format!(
            "{}{path_and_query}",
            self.running.url.replace("http://", "ws://")
        );
        match wire(&url).await {
            Ok(wire) => Ok(wire),
            Err(WsError::Http(answer)) => Err(answer.status()),
            Err(error) => panic!("{error}"),
        }
    }

    /// A script in the API; its id.
    pub(crate) async fn script(&self, text: &str) -> String {
        let zip = base64(&zip_of(&[("main.js", text.as_bytes())]));
        let output = self
            .call("CreateScript", json!({ "Name": "one", "ZipFile": zip }))
            .await
            .unwrap();
        output["Script"]["ScriptId"].as_str().unwrap().to_owned()
    }
}

/// One request on a connection of its own.
pub(crate) async fn http(
    url: &str,
    method: Method,
    headers: &[(&str, &str)],
    body: Bytes,
) -> Result<Got, hyper::Error> {
    let uri: hyper::Uri = url.parse().unwrap();
    let authority = uri.authority().unwrap().as_str().to_owned();
    let stream = TcpStream::connect(&authority).await.unwrap();
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let path = uri.path_and_query().unwrap().as_str();
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", authority);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = sender
        .send_request(request.body(Full::new(body)).unwrap())
        .await?;
    let status = answer.status();
    let content_type = answer
        .headers()
        .get("content-type")
        .map(|value| value.to_str().unwrap().to_owned());
    let body = answer.into_body().collect().await?.to_bytes();
    Ok(Got {
        status,
        content_type: content_type.unwrap_or_default(),
        body,
    })
}

pub(crate) fn base64(bytes: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// A zip with these files.
pub(crate) fn zip_of(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer
            .start_file(*name, zip::write::SimpleFileOptions::default())
            .unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Copies a folder as it is on disk at this moment: what would be left after a kill.
pub(crate) fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_folder(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}

/// A WebSocket that speaks the JSON protocols.
pub(crate) struct Wire {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    requests: u32,
}

pub(crate) async fn wire(url: &str) -> Result<Wire, WsError> {
    let (socket, _) = connect_async(url).await?;
    Ok(Wire {
        socket,
        requests: 0,
    })
}

impl Wire {
    /// Asks, and gives the answer; pushes before it are dropped.
    pub(crate) async fn ask(&mut self, action: &str, mut members: Value) -> Value {
        self.requests += 1;
        let id = format!("r{}", self.requests);
        members["Action"] = action.into();
        members["RequestId"] = id.as_str().into();
        self.send(&members.to_string()).await;
        loop {
            let message = self.next().await.expect("an answer");
            if message["RequestId"] == id.as_str() {
                return message;
            }
        }
    }

    /// What cannot be sent shows in what comes next.
    pub(crate) async fn send(&mut self, text: &str) {
        let _ = self.socket.send(Message::text(text)).await;
    }

    /// The next push of that action; others before it are dropped.
    pub(crate) async fn push(&mut self, action: &str) -> Value {
        loop {
            let message = self
                .next()
                .await
                .unwrap_or_else(|code| panic!("closed with {code} before {action}"));
            if message["Action"] == action && message.get("RequestId").is_none() {
                return message;
            }
        }
    }

    /// The next message, or the close code (0: none was given).
    pub(crate) async fn next(&mut self) -> Result<Value, u16> {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.socket.next())
                .await
                .expect("a message in time");
            match message {
                Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Close(frame))) => {
                    return Err(frame.map_or(0, |frame| u16::from(frame.code)));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(0),
            }
        }
    }
}
