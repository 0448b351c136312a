//! Why a control plane could not start or had to end, in words that say what to do next.

use std::net::SocketAddr;
use std::path::PathBuf;

/// A failed start, or an end that nobody wished.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Another control plane holds the data folder.
    #[error(
        "another control plane runs on {data}: stop it, or give this one a data folder of its own (--data)"
    )]
    Held {
        /// The data folder.
        data: PathBuf,
    },
    /// The data folder cannot be used.
    #[error(
        "data folder {path} cannot be used: check that it exists, is writable and has free space"
    )]
    Data {
        /// The folder or file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The rows cannot be read or written.
    #[error("the store cannot be used: {0}")]
    Store(#[from] crate::StoreError),
    /// A port could not be bound.
    #[error(
        "{address} could not be bound: choose another port (0 is any free one) or end the program that holds it"
    )]
    Bind {
        /// What was asked for.
        address: SocketAddr,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A setting makes no sense.
    #[error("{setting}: {reason}")]
    Setting {
        /// Its name on the command line.
        setting: &'static str,
        /// What is wrong and what would be right.
        reason: String,
    },
    /// A row that this version cannot read.
    #[error(transparent)]
    Row(#[from] world::LoadError),
}
