//! Delivers events of the outbox to a file or a web address, at least once and in order. What cannot be delivered stays a row
//! and is tried again; delivered ones are reported to the world.

use std::io::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use http_body_util::Full;
use hyper::Request;
use hyper::body::Bytes;
use hyper::header::CONTENT_TYPE;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};
use tracing::warn;

use crate::writer::Writer;
use crate::{Error, EventSink};

/// Events of one delivery.
const TOGETHER_MAX: usize = 100;
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const PAUSE_MAX: Duration = Duration::from_secs(60);
const PATIENCE: Duration = Duration::from_secs(15);

/// An event and its number in the outbox.
pub(crate) type Numbered = (u64, Value);

/// Where events go.
pub(crate) enum Sink {
    File(PathBuf),
    Url(Box<Web>),
}

/// A web address and the client for it.
pub(crate) struct Web {
    url: hyper::Uri,
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
}

impl Sink {
    /// Checks the setting before anything relies on it.
    pub(crate) fn open(setting: &EventSink) -> Result<Self, Error> {
        match setting {
            EventSink::File(path) => {
                let opened = std::fs::OpenOptions::new()
                    .create(true)
                    .append(true)
                    .open(path);
                opened.map_err(|source| Error::Data {
                    path: path.clone(),
                    source,
                })?;
                Ok(Self::File(path.clone()))
            }
            EventSink::Url(url) => {
                let wrong = |reason: String| Error::Setting {
                    setting: "--events",
                    reason,
                };
                let url: hyper::Uri = url
                    .parse()
                    .map_err(|error| wrong(format!("{url:?} is no address: {error}")))?;
                if !matches!(url.scheme_str(), Some("http" | "https")) {
                    return Err(wrong(format!("{url} must start with http:// or https://")));
                }
                let connector = hyper_rustls::HttpsConnectorBuilder::new()
                    .with_provider_and_webpki_roots(
                        tokio_rustls::rustls::crypto::ring::default_provider(),
                    )
                    .map_err(|error| wrong(error.to_string()))?
                    .https_or_http()
                    .enable_http1()
                    .build();
                let client = Client::builder(TokioExecutor::new()).build(connector);
                Ok(Self::Url(Box::new(Web { url, client })))
            }
        }
    }

    async fn deliver(&self, events: &[Numbered]) -> Result<(), String> {
        match self {
            Self::File(path) => {
                let lines: String = events
                    .iter()
                    .map(|(_, event)| format!("{event}\n"))
                    .collect();
                let written = std::fs::OpenOptions::new()
                    .create(true)
                    .append(true)
                    .open(path)
                    .and_then(|mut file| file.write_all(lines.as_bytes()));
                written.map_err(|error| format!("{}: {error}", path.display()))
            }
            Self::Url(web) => web.post(events).await,
        }
    }
}

impl Web {
    async fn post(&self, events: &[Numbered]) -> Result<(), String> {
        let body =
            Value::Array(events.iter().map(|(_, event)| event.clone()).collect()).to_string();
        let request = Request::post(self.url.clone())
            .header(CONTENT_TYPE, "application/json")
            .body(Full::new(Bytes::from(body)))
            .map_err(|error| error.to_string())?;
        let answer = timeout(PATIENCE, self.client.request(request)).await;
        let answer = answer
            .map_err(|_| "no answer in time".to_owned())?
            .map_err(|error| error.to_string())?;
        if answer.status().is_success() {
            Ok(())
        } else {
            Err(format!("answers {}", answer.status()))
        }
    }
}

/// Delivers what comes until nothing can come any more.
pub(crate) async fn run(sink: Sink, mut events: mpsc::Receiver<Numbered>, writer: Writer) {
    let mut together = Vec::new();
    while events.recv_many(&mut together, TOGETHER_MAX).await > 0 {
        let mut pause = FIRST_PAUSE;
        while let Err(reason) = sink.deliver(&together).await {
            warn!(
                reason,
                events = together.len(),
                "events could not be delivered, trying again"
            );
            sleep(pause).await;
            pause = (pause * 2).min(PAUSE_MAX);
        }
        let numbers: Vec<u64> = together.drain(..).map(|(number, _)| number).collect();
        let told = writer.tell(
            move |world, _, _| {
                for number in numbers {
                    world.delivered(number);
                }
            },
            drop,
        );
        if told.await.is_err() {
            return;
        }
    }
}
