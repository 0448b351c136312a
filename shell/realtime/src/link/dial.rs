//! One connection to the control plane: TCP, TLS when the address is `wss`, then the WebSocket.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use tokio_tungstenite::tungstenite::http::Uri;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use crate::{Control, Error};

/// Name, TCP, TLS and WebSocket together.
pub(crate) const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Of one message of control.
const MESSAGE_BYTES_MAX: usize = 1024 * 1024;

/// A byte stream, encrypted or not.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Unpin {}
impl<T: AsyncRead + AsyncWrite + Unpin> Stream for T {}

pub(crate) type Socket = WebSocketStream<Box<dyn Stream>>;

pub(crate) struct Dialer {
    /// Only when the control plane speaks TLS.
    tls: Option<TlsConnector>,
}

impl Dialer {
    /// Checks the address, and the certificates when they are needed.
    pub(crate) fn new(settings: &Control) -> Result<Self, Error> {
        let wrong = || Error::ControlUrl {
            url: settings.url.clone(),
        };
        let uri: Uri = settings.url.parse().map_err(|_| wrong())?;
        if uri.host().is_none_or(str::is_empty) {
            return Err(wrong());
        }
        let tls = match uri.scheme_str() {
            Some("ws") => None,
            Some("wss") => Some(connector(settings.ca_pem.as_deref())?),
            Some(_) | None => return Err(wrong()),
        };
        Ok(Self { tls })
    }

    /// Connects to an endpoint with these query parameters. No error text holds them.
    pub(crate) async fn dial(&self, endpoint: &str, query: &str) -> Result<Socket, String> {
        match tokio::time::timeout(CONNECT_TIMEOUT, self.connect(endpoint, query)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(format!("no answer in {} s", CONNECT_TIMEOUT.as_secs())),
        }
    }

    async fn connect(&self, endpoint: &str, query: &str) -> Result<Socket, String> {
        let uri: Uri = endpoint
            .parse()
            .map_err(|_| "its address is no URL".to_owned())?;
        let stream = self.stream(&uri).await?;
        let slash = match endpoint.split_once("://") {
            Some((_, rest)) if !rest.contains('/') => "/",
            _ => "",
        };
        let config = WebSocketConfig::default()
            .read_buffer_size(8 * 1024)
            .max_message_size(Some(MESSAGE_BYTES_MAX))
            .max_frame_size(Some(MESSAGE_BYTES_MAX));
        let url = format!("{endpoint}{slash}?{query}");
        let upgraded = client_async_with_config(url, stream, Some(config)).await;
        match upgraded {
            Ok((socket, _)) => Ok(socket),
            Err(error) => Err(error.to_string().replace(query, "<private>")),
        }
    }

    async fn stream(&self, uri: &Uri) -> Result<Box<dyn Stream>, String> {
        let host = uri.host().unwrap_or_default();
        let host = host.trim_matches(['[', ']']);
        let encrypted = uri.scheme_str() == Some("wss");
        let port = uri.port_u16().unwrap_or(if encrypted { 443 } else { 80 });
        let stream = TcpStream::connect((host, port))
            .await
            .map_err(|error| error.to_string())?;
        // Fails only on a connection that is gone already.
        let _ = stream.set_nodelay(true);
        match (&self.tls, encrypted) {
            (_, false) => Ok(Box::new(stream)),
            (Some(tls), true) => {
                let name = ServerName::try_from(host.to_owned())
                    .map_err(|_| format!("{host:?} is no name for a certificate"))?;
                let stream = tls.connect(name, stream).await;
                Ok(Box::new(stream.map_err(|error| error.to_string())?))
            }
            (None, true) => Err("it went from ws to wss, which needs a restart".to_owned()),
        }
    }
}

/// Trusts the public authorities and those of the file.
fn connector(ca_pem: Option<&[u8]>) -> Result<TlsConnector, Error> {
    let mut roots = RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    for certificate in CertificateDer::pem_slice_iter(ca_pem.unwrap_or_default()) {
        let certificate = certificate.map_err(|error| Error::Certificates(error.to_string()))?;
        roots
            .add(certificate)
            .map_err(|error| Error::Certificates(error.to_string()))?;
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::Certificates(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Private;

    fn dialer(url: &str, ca_pem: Option<&[u8]>) -> Result<Dialer, Error> {
        Dialer::new(&Control {
            url: url.into(),
            auth_token: Private::default(),
            host_id: String::new(),
            fleet_id: String::new(),
            ca_pem: ca_pem.map(<[u8]>::to_vec),
        })
    }

    #[test]
    fn addresses_and_certificates_are_checked_before_the_first_connection() {
        for url in [
            "ws://127.0.0.1:1/x",
            "ws://h",
            "wss://h:1",
            "wss://[::1]:1/y",
        ] {
            assert!(dialer(url, None).is_ok(), "{url}");
        }
        for url in ["", "x", "http://h", "ws://", "ws:///x"] {
            let outcome = dialer(url, None);
            assert!(matches!(outcome, Err(Error::ControlUrl { .. })), "{url}");
        }
        let bad = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        assert!(matches!(
            dialer("wss://h", Some(bad)),
            Err(Error::Certificates(_))
        ));
    }
}
