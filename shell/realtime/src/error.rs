//! Why a server process could not start, in words that say what to do next.

use std::net::SocketAddr;
use std::path::PathBuf;

/// A failed start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Nothing to serve.
    #[error("no slot given: name at least one with --slot PROCESSID:TCPPORT:UDPPORT")]
    NoSlot,
    /// One advertised port cannot stand for several slots.
    #[error(
        "--advertised-udp-port works with one slot only: start one process per slot, or leave it out"
    )]
    AdvertisedPort,
    /// The event loop could not be made.
    #[error("the event loop could not be started: raise the limit of open files (ulimit -n)")]
    Runtime(#[source] std::io::Error),
    /// A port could not be bound.
    #[error(
        "{protocol} {address} could not be bound: choose another port (0 is any free one) or end the program that holds it"
    )]
    Bind {
        /// TCP or UDP.
        protocol: &'static str,
        /// What was asked for.
        address: SocketAddr,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The log file could not be opened.
    #[error("log file {path} could not be opened: check --log-dir and its permissions")]
    Log {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The script did not load. The text has the stack and the remedy.
    #[error("{0}")]
    Script(String),
    /// The control plane's address makes no sense.
    #[error(
        "{url:?} is no WebSocket URL of a control plane: set GAMELIFT_SDK_WEBSOCKET_URL to ws://HOST:PORT/PATH or wss://HOST:PORT/PATH"
    )]
    ControlUrl {
        /// What was given.
        url: String,
    },
    /// The certificates to trust cannot be used.
    #[error("the certificates of the control plane cannot be used: {0}. Give a file in PEM form")]
    Certificates(String),
    /// The control plane did not answer.
    #[error(
        "the control plane at {url} cannot be reached: {reason}. Check that it runs and that the token is still valid"
    )]
    ControlUnreachable {
        /// Where it was looked for.
        url: String,
        /// What the last attempt said.
        reason: String,
    },
}
