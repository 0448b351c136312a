//! A kept connection that signs its calls.

use super::KEY;
use anyhow::{Context as _, Result, bail};
use awsrpc::{Credentials, Head, Unsigned};
use http_body_util::{BodyExt as _, Full};
use hyper::Request;
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use std::time::{SystemTime, UNIX_EPOCH};
use tokio::net::TcpStream;

pub(super) struct Client {
    sender: SendRequest<Full<Bytes>>,
    authority: String,
}

impl Client {
    pub(super) async fn connect(authority: &str) -> Result<Self> {
        let stream = TcpStream::connect(authority)
            .await
            .with_context(|| authority.to_owned())?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self {
            sender,
            authority: authority.to_owned(),
        })
    }

    pub(super) async fn call(&mut self, operation: &str, input: &Value) -> Result<Value> {
        let body = input.to_string();
        let request = self
            .signed(operation, &body)?
            .body(Full::new(Bytes::from(body)))?;
        let answer = self.sender.send_request(request).await?;
        let status = answer.status();
        let body = answer.into_body().collect().await?.to_bytes();
        let value: Value = serde_json::from_slice(&body)?;
        if !status.is_success() {
            bail!("{operation}: {value}");
        }
        Ok(value)
    }

    fn signed(&self, operation: &str, body: &str) -> Result<hyper::http::request::Builder> {
        let target = format!("GameLift.{operation}");
        let headers = [
            ("host", self.authority.as_str()),
            ("x-amz-target", target.as_str()),
        ];
        let unsigned = Unsigned {
            head: Head {
                method: "POST",
                path: "/",
                query: "",
                headers: &headers,
            },
            body: body.as_bytes(),
            region: "us-east-1",
            now_ms: u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis())?,
        };
        let credentials = Credentials {
            access_key: KEY.0.into(),
            secret: KEY.1.into(),
            session_token: None,
        };
        let mut request = Request::post("/")
            .header("host", &self.authority)
            .header("x-amz-target", &target)
            .header("content-type", "application/x-amz-json-1.1");
        for (name, value) in awsrpc::signed(&unsigned, &credentials) {
            request = request.header(name, value);
        }
        Ok(request)
    }
}
