//! Calls of the public API: JSON 1.1, signed like any AWS client's.

use super::Format;
use anyhow::{Context, Result, bail};
use clap::Args;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::{Request, StatusCode};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use std::time::{Duration, SystemTime};

/// Where `hoist dev` and `hoist control` listen unless told otherwise.
pub(crate) const DEFAULT_ENDPOINT: &str = "http://127.0.0.1:7300";

/// The longest that a call may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Which control plane is spoken to, as whom, and how answers are shown.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Control plane")]
pub(crate) struct Endpoint {
    /// URL of the control plane.
    #[arg(long, global = true, env = "HOIST_ENDPOINT", default_value = DEFAULT_ENDPOINT, value_name = "URL")]
    endpoint: String,
    /// Region name of the signature.
    #[arg(
        long,
        global = true,
        env = "AWS_DEFAULT_REGION",
        default_value = "us-east-1",
        value_name = "NAME"
    )]
    region: String,
    /// Access key ID:SECRET; the AWS environment variables serve as well.
    #[arg(
        long,
        global = true,
        env = "HOIST_ACCESS_KEY",
        hide_env_values = true,
        value_name = "ID:SECRET"
    )]
    access_key: Option<String>,
    /// Answer in JSON.
    #[arg(long, global = true)]
    json: bool,
    /// Answer with ids alone, one a line.
    #[arg(long, short, global = true, conflicts_with = "json")]
    quiet: bool,
}

impl Endpoint {
    /// How answers are shown.
    pub(crate) const fn format(&self) -> Format {
        match (self.json, self.quiet) {
            (true, _) => Format::Json,
            (false, true) => Format::Ids,
            (false, false) => Format::Human,
        }
    }

    /// A control plane in this very process.
    pub(crate) fn of(endpoint: &str, region: &str, access_key: Option<&str>) -> Self {
        Self {
            endpoint: endpoint.to_owned(),
            region: region.to_owned(),
            access_key: access_key.map(str::to_owned),
            json: false,
            quiet: false,
        }
    }

    /// A caller with these settings.
    pub(crate) fn caller(&self) -> Result<Caller> {
        let (id, secret) = match &self.access_key {
            Some(key) => {
                let (id, secret) = key.split_once(':').context("--access-key is ID:SECRET")?;
                (id.to_owned(), secret.to_owned())
            }
            None => {
                let variable = |name| std::env::var(name).ok();
                let id = variable("AWS_ACCESS_KEY_ID").unwrap_or_else(|| "hoist".to_owned());
                (
                    id,
                    variable("AWS_SECRET_ACCESS_KEY").unwrap_or_else(|| "hoist".to_owned()),
                )
            }
        };
        let base = self.endpoint.trim_end_matches('/').to_owned();
        if !base.starts_with("http://") {
            bail!("`{base}` is no endpoint; write http://HOST:PORT");
        }
        Ok(Caller {
            base,
            region: self.region.clone(),
            id,
            secret,
            client: Client::builder(TokioExecutor::new()).build_http(),
        })
    }
}

/// Calls one control plane.
pub(crate) struct Caller {
    base: String,
    region: String,
    id: String,
    secret: String,
    client: Client<HttpConnector, Full<Bytes>>,
}

impl Caller {
    /// Calls an operation and answers its output.
    pub(crate) async fn call(&self, operation: &str, input: &Value) -> Result<Value> {
        let request = self.operation(operation, input)?;
        let (status, body) = self.exchange(request).await?;
        let answer: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
        if status.is_success() {
            return Ok(answer);
        }
        let code = answer["__type"].as_str().unwrap_or("an unknown error");
        let message = answer["message"].as_str().unwrap_or_default();
        bail!("{operation}: {code}: {message}{}", remedy(code));
    }

    /// Reads a text of the `/admin` set as it grows, to its end.
    pub(crate) async fn stream(&self, path: &str, mut tell: impl FnMut(&str)) -> Result<()> {
        let request = self.signed("GET", path, &[], String::new())?;
        let answer = self
            .client
            .request(request)
            .await
            .with_context(|| self.nobody())?;
        let status = answer.status();
        let mut body = answer.into_body();
        if !status.is_success() {
            let text = body
                .collect()
                .await
                .context("the answer broke off")?
                .to_bytes();
            let answer: Value = serde_json::from_slice(&text).unwrap_or(Value::Null);
            let message = answer["message"]
                .as_str()
                .or_else(|| answer["Message"].as_str());
            bail!(
                "{}",
                message.map_or_else(
                    || String::from_utf8_lossy(&text).into_owned(),
                    str::to_owned
                )
            );
        }
        while let Some(frame) = body.frame().await {
            if let Ok(data) = frame.context("the log broke off")?.into_data() {
                tell(&String::from_utf8_lossy(&data));
            }
        }
        Ok(())
    }

    /// The body at a URL that needs no signature.
    pub(crate) async fn fetch(&self, url: &str) -> Result<Bytes> {
        let request = Request::get(url)
            .body(Full::default())
            .with_context(|| url.to_owned())?;
        let (status, body) = self.exchange(request).await?;
        if !status.is_success() {
            bail!("{url} answers {status}");
        }
        Ok(body)
    }

    fn nobody(&self) -> String {
        format!(
            "nobody answers at {}; start `hoist dev`, or name another --endpoint",
            self.base
        )
    }

    fn operation(&self, operation: &str, input: &Value) -> Result<Request<Full<Bytes>>> {
        let headers = awsrpc::client::headers(operation);
        let headers: Vec<(&str, &str)> = headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        self.signed("POST", "/", &headers, input.to_string())
    }

    fn signed(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> Result<Request<Full<Bytes>>> {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let host = self.base.trim_start_matches("http://");
        let mut all = vec![("host", host)];
        all.extend(headers);
        let head = awsrpc::Head {
            method,
            path,
            query,
            headers: &all,
        };
        let since = SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or_default();
        let unsigned = awsrpc::Unsigned {
            head,
            body: body.as_bytes(),
            region: &self.region,
            now_ms: u64::try_from(since.as_millis()).unwrap_or(u64::MAX),
        };
        let credentials = awsrpc::Credentials {
            access_key: self.id.clone(),
            secret: self.secret.clone(),
            session_token: None,
        };
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{target}", self.base));
        for (name, value) in awsrpc::signed(&unsigned, &credentials) {
            request = request.header(name, value);
        }
        for (name, value) in all {
            request = request.header(name, value);
        }
        request
            .body(Full::from(body))
            .context("the request cannot be written")
    }

    async fn exchange(&self, request: Request<Full<Bytes>>) -> Result<(StatusCode, Bytes)> {
        let exchange = async {
            let answer = self
                .client
                .request(request)
                .await
                .with_context(|| self.nobody())?;
            let status = answer.status();
            let body = answer
                .into_body()
                .collect()
                .await
                .context("the answer broke off")?
                .to_bytes();
            Ok((status, body))
        };
        let limit = tokio::time::timeout(PATIENCE, exchange);
        limit
            .await
            .with_context(|| format!("{} gave no answer in {PATIENCE:?}", self.base))?
    }
}

/// What a person can do about a refusal, beyond what the message says.
fn remedy(code: &str) -> &'static str {
    match code {
        "UnrecognizedClientException"
        | "InvalidSignatureException"
        | "MissingAuthenticationTokenException" => {
            " (give --access-key ID:SECRET, one of those that the control plane was started with)"
        }
        "FleetCapacityExceededException" => {
            " (see `hoist fleet get FLEET` and `hoist fleet events FLEET`)"
        }
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_signature_says_what_to_give() {
        assert!(remedy("InvalidSignatureException").contains("--access-key"));
        assert_eq!(remedy("NotFoundException"), "");
    }
}
