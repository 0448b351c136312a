//! From an accepted TCP connection to a WebSocket: any path, no subprotocol, no extension; bounded in time and size.

use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::error::{Error as WsError, ProtocolError};
use tokio_tungstenite::tungstenite::handshake::machine::TryParse;
use tokio_tungstenite::tungstenite::handshake::server::{Request, create_response, write_response};
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

/// What an upgrade may cost.
#[derive(Clone, Debug)]
pub(crate) struct UpgradeRules {
    pub(crate) timeout: Duration,
    pub(crate) bytes_max: usize,
    /// Empty: any.
    pub(crate) allowed_origins: Vec<String>,
    pub(crate) message_bytes_max: usize,
}

/// Why there is no WebSocket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    TooSlow,
    TooLarge,
    BadRequest,
    NotWebSocket,
    WrongOrigin,
    Gone,
}

impl Refused {
    /// Names for the metric label.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::TooSlow => "too_slow",
            Self::TooLarge => "too_large",
            Self::BadRequest => "bad_request",
            Self::NotWebSocket => "not_websocket",
            Self::WrongOrigin => "wrong_origin",
            Self::Gone => "gone",
        }
    }

    const fn answer(self) -> Option<&'static str> {
        match self {
            Self::TooSlow => Some("408 Request Timeout"),
            Self::TooLarge => Some("431 Request Header Fields Too Large"),
            Self::BadRequest => Some("400 Bad Request"),
            Self::NotWebSocket => Some("426 Upgrade Required"),
            Self::WrongOrigin => Some("403 Forbidden"),
            Self::Gone => None,
        }
    }
}

/// Reads the request and answers it. A refusal has been answered and the connection closed when this returns.
pub(crate) async fn upgrade<S>(
    mut stream: S,
    rules: &UpgradeRules,
) -> Result<WebSocketStream<S>, Refused>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let outcome = tokio::time::timeout(rules.timeout, exchange(&mut stream, rules)).await;
    match outcome.unwrap_or(Err(Refused::TooSlow)) {
        Ok(rest) => Ok(WebSocketStream::from_partially_read(
            stream,
            rest,
            Role::Server,
            Some(config(rules)),
        )
        .await),
        Err(refused) => {
            if let Some(status) = refused.answer() {
                let _ = tokio::time::timeout(LINGER, refuse(&mut stream, status)).await;
            }
            Err(refused)
        }
    }
}

/// How long a refused client may take to read its answer.
const LINGER: Duration = Duration::from_secs(1);

fn config(rules: &UpgradeRules) -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(4096)
        // Nothing is written before a flush, whatever a batch holds; the hard limit also holds pongs for a peer that pings and
        // does not read.
        .write_buffer_size(256 * 1024)
        .max_write_buffer_size(1024 * 1024)
        .max_message_size(Some(rules.message_bytes_max))
        .max_frame_size(Some(rules.message_bytes_max))
}

/// Answers a good request with 101; gives what the client had already sent after it.
async fn exchange<S>(stream: &mut S, rules: &UpgradeRules) -> Result<Vec<u8>, Refused>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let (request, rest) = read_request(stream, rules.bytes_max).await?;
    if !rules.allowed_origins.is_empty() {
        let origin = request
            .headers()
            .get("Origin")
            .and_then(|origin| origin.to_str().ok());
        // Only browsers send an origin, and only browsers can be misled by a page: a client without one may pass.
        if origin.is_some_and(|origin| !rules.allowed_origins.iter().any(|one| one == origin)) {
            return Err(Refused::WrongOrigin);
        }
    }
    let response = create_response(&request).map_err(|error| why(&error))?;
    let mut bytes = Vec::with_capacity(160);
    write_response(&mut bytes, &response).map_err(|_| Refused::BadRequest)?;
    stream.write_all(&bytes).await.map_err(|_| Refused::Gone)?;
    Ok(rest)
}

async fn read_request<S>(stream: &mut S, bytes_max: usize) -> Result<(Request, Vec<u8>), Refused>
where
    S: AsyncRead + Unpin,
{
    const END: &[u8] = b"\r\n\r\n";
    let mut bytes = Vec::with_capacity(1024);
    loop {
        let seen = bytes.len();
        let mut part = [0; 1024];
        let count = stream.read(&mut part).await.map_err(|_| Refused::Gone)?;
        if count == 0 {
            return Err(Refused::Gone);
        }
        bytes.extend_from_slice(&part[..count]);
        // Only the new bytes are looked at, so that a request sent byte by byte costs no more than one sent at once.
        let from = seen.saturating_sub(END.len() - 1);
        if bytes[from..].windows(END.len()).any(|window| window == END) {
            let (size, request) = Request::try_parse(&bytes)
                .map_err(|error| why(&error))?
                .ok_or(Refused::BadRequest)?;
            return Ok((request, bytes.split_off(size)));
        }
        if bytes.len() >= bytes_max {
            return Err(Refused::TooLarge);
        }
    }
}

fn why(error: &WsError) -> Refused {
    let no_websocket = matches!(
        error,
        WsError::Protocol(
            ProtocolError::MissingConnectionUpgradeHeader
                | ProtocolError::MissingUpgradeWebSocketHeader
                | ProtocolError::MissingSecWebSocketVersionHeader
                | ProtocolError::WrongHttpMethod,
        )
    );
    if no_websocket {
        Refused::NotWebSocket
    } else {
        Refused::BadRequest
    }
}

async fn refuse<S>(stream: &mut S, status: &str) -> std::io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    const BODY: &str =
        "This is a Realtime game server: connect with a Realtime client (WebSocket).\n";
    let answer = format!(
        "HTTP/1.1 {status}\r\nConnection: close\r\nSec-WebSocket-Version: 13\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n\r\n{BODY}",
        BODY.len()
    );
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await?;
    // Unread bytes at the time of closing would reset the connection and take the answer with it.
    let mut waste = [0; 1024];
    let mut left: usize = 64 * 1024;
    while left > 0 {
        let count = stream.read(&mut waste).await?;
        if count == 0 {
            break;
        }
        left = left.saturating_sub(count);
    }
    Ok(())
}
