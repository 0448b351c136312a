//! Connections to the control plane: plain or TLS, and one HTTP exchange over them.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::combinators::BoxBody;
use hyper::body::{Bytes, Incoming};
use hyper::{Request, Response, Uri};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::Error;

/// For the way to the control plane: name, TCP and TLS together.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// A byte stream, encrypted or not.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// Makes connections.
#[derive(Clone)]
pub(crate) struct Dialer {
    tls: TlsConnector,
}

impl Dialer {
    /// Trusts the public authorities and those of the file.
    pub(crate) fn new(ca: Option<&Path>) -> Result<Self, Error> {
        let mut roots = RootCertStore {
            roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
        };
        if let Some(path) = ca {
            let wrong = |reason: String| Error::Setting {
                setting: "--ca",
                reason: format!(
                    "{} is no certificate file in PEM form: {reason}",
                    path.display()
                ),
            };
            let certificates =
                CertificateDer::pem_file_iter(path).map_err(|error| wrong(error.to_string()))?;
            for certificate in certificates {
                let certificate = certificate.map_err(|error| wrong(error.to_string()))?;
                roots
                    .add(certificate)
                    .map_err(|error| wrong(error.to_string()))?;
            }
        }
        let config = ClientConfig::builder()
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self {
            tls: TlsConnector::from(Arc::new(config)),
        })
    }

    /// Connects to the host of an address; `https` and `wss` are encrypted.
    pub(crate) async fn connect(&self, uri: &Uri) -> io::Result<Box<dyn Stream>> {
        let late = |_| io::Error::new(io::ErrorKind::TimedOut, "no connection in time");
        timeout(CONNECT_TIMEOUT, self.dial(uri))
            .await
            .map_err(late)?
    }

    async fn dial(&self, uri: &Uri) -> io::Result<Box<dyn Stream>> {
        let invalid = |what: &str| io::Error::new(io::ErrorKind::InvalidInput, what.to_owned());
        let host = uri
            .host()
            .ok_or_else(|| invalid("the address names no host"))?;
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let encrypted = matches!(uri.scheme_str(), Some("https" | "wss"));
        let port = uri.port_u16().unwrap_or(if encrypted { 443 } else { 80 });
        let stream = TcpStream::connect((host, port)).await?;
        stream.set_nodelay(true)?;
        if !encrypted {
            return Ok(Box::new(stream));
        }
        let name = ServerName::try_from(host.to_owned()).map_err(|_| invalid("bad host name"))?;
        Ok(Box::new(self.tls.connect(name, stream).await?))
    }

    /// One request, one answer, on a connection of its own.
    pub(crate) async fn exchange(
        &self,
        request: Request<BoxBody<Bytes, io::Error>>,
    ) -> io::Result<Response<Incoming>> {
        let stream = self.connect(request.uri()).await?;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
            .await
            .map_err(io::Error::other)?;
        // The connection's own failure shows as the failure of the request or of its body.
        tokio::spawn(connection);
        sender
            .send_request(in_origin_form(request)?)
            .await
            .map_err(io::Error::other)
    }
}

/// HTTP/1.1 wants the path in the request line and the host in a header.
fn in_origin_form(
    mut request: Request<BoxBody<Bytes, io::Error>>,
) -> io::Result<Request<BoxBody<Bytes, io::Error>>> {
    let authority = request
        .uri()
        .authority()
        .map(|authority| authority.as_str().to_owned());
    if let Some(authority) = authority {
        let value = authority.parse().map_err(io::Error::other)?;
        request.headers_mut().insert(hyper::header::HOST, value);
    }
    let path = request
        .uri()
        .path_and_query()
        .map_or("/", |path| path.as_str());
    *request.uri_mut() = path.parse().map_err(io::Error::other)?;
    Ok(request)
}
