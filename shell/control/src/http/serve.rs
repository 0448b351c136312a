//! The accept loop of a port: a bounded number of connections, heads in bounded time, TLS when a certificate is set, and an end
//! that lets requests finish.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, server::conn::http1};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tracing::{debug, warn};

use super::Answer;
use crate::{Error, TlsFiles};

/// The first byte of a TLS handshake; no HTTP method starts with it.
const TLS_HANDSHAKE: u8 = 22;
/// Requests under way may finish within this when control stops.
const DRAIN: Duration = Duration::from_secs(5);

/// How a port is served.
#[derive(Clone)]
pub(crate) struct Served {
    pub(crate) connections_max: usize,
    pub(crate) head_timeout: Duration,
    pub(crate) tls: Option<TlsAcceptor>,
}

/// Serves until `stop` turns true.
pub(crate) async fn serve<A, F>(
    listener: TcpListener,
    served: Served,
    answer: A,
    mut stop: watch::Receiver<bool>,
) where
    A: Fn(Request<Incoming>) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Answer> + Send + 'static,
{
    let seats = Arc::new(Semaphore::new(served.connections_max));
    loop {
        let accepted = tokio::select! {
            () = stopped(&mut stop) => break,
            accepted = accept(&listener, &seats) => accepted,
        };
        let Some((stream, seat)) = accepted else {
            continue;
        };
        let (served, answer, stop) = (served.clone(), answer.clone(), stop.clone());
        tokio::spawn(async move {
            connection(stream, &served, answer, stop).await;
            drop(seat);
        });
    }
    drop(listener);
    let all = u32::try_from(served.connections_max).unwrap_or(u32::MAX);
    // Whoever is not through by then is cut off with the process.
    let _ = timeout(DRAIN, seats.acquire_many(all)).await;
}

/// Comes back when `stop` is true, or when nobody can say so any more.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    // The value is not looked at; a guard on it must not live across a wait.
    drop(stop.wait_for(|stop| *stop).await);
}

async fn accept(
    listener: &TcpListener,
    seats: &Arc<Semaphore>,
) -> Option<(TcpStream, tokio::sync::OwnedSemaphorePermit)> {
    let seat = Arc::clone(seats).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, _)) => {
            // Answers are written in one piece; waiting for more would only delay them.
            let _ = stream.set_nodelay(true);
            Some((stream, seat))
        }
        Err(error) => {
            // Out of file descriptors, most likely: give connections a moment to end.
            warn!(%error, "a connection could not be accepted");
            tokio::time::sleep(Duration::from_millis(100)).await;
            None
        }
    }
}

async fn connection<A, F>(
    stream: TcpStream,
    served: &Served,
    answer: A,
    stop: watch::Receiver<bool>,
) where
    A: Fn(Request<Incoming>) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Answer> + Send + 'static,
{
    let Some(tls) = &served.tls else {
        return exchange(stream, served, answer, stop).await;
    };
    let mut first = [0];
    match timeout(served.head_timeout, stream.peek(&mut first)).await {
        Ok(Ok(1)) if first[0] == TLS_HANDSHAKE => {}
        Ok(Ok(1)) => return exchange(stream, served, answer, stop).await,
        Ok(Ok(_) | Err(_)) | Err(_) => return,
    }
    match timeout(served.head_timeout, tls.accept(stream)).await {
        Ok(Ok(stream)) => exchange(stream, served, answer, stop).await,
        Ok(Err(error)) => debug!(%error, "TLS handshake failed"),
        Err(_) => debug!("TLS handshake took too long"),
    }
}

async fn exchange<S, A, F>(stream: S, served: &Served, answer: A, mut stop: watch::Receiver<bool>)
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Send + Unpin + 'static,
    A: Fn(Request<Incoming>) -> F + Send + 'static,
    F: Future<Output = Answer> + Send + 'static,
{
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(served.head_timeout)
        .serve_connection(TokioIo::new(stream), service_fn(answer))
        .with_upgrades();
    tokio::pin!(connection);
    let outcome = tokio::select! {
        outcome = connection.as_mut() => outcome,
        () = stopped(&mut stop) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = outcome {
        debug!(%error, "connection ended early");
    }
}

/// TLS from these files.
pub(crate) fn tls(files: &TlsFiles) -> Result<TlsAcceptor, Error> {
    let wrong = |reason: String| Error::Setting {
        setting: "--tls",
        reason,
    };
    let pem = |path: &std::path::Path, error: &dyn std::fmt::Display| {
        wrong(format!(
            "{} is not in PEM form or cannot be read ({error})",
            path.display()
        ))
    };
    let certificates = CertificateDer::pem_file_iter(&files.certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| pem(&files.certificate, &error))?;
    let key = PrivateKeyDer::from_pem_file(&files.key).map_err(|error| pem(&files.key, &error))?;
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| wrong(error.to_string()))?
        .with_no_client_auth()
        .with_single_cert(certificates, key)
        .map_err(|error| wrong(format!("certificate and key do not fit ({error})")))?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// Binds a port.
pub(crate) async fn bind(address: SocketAddr) -> Result<TcpListener, Error> {
    TcpListener::bind(address)
        .await
        .map_err(|source: io::Error| Error::Bind { address, source })
}
