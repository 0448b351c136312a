//! Why an agent could not start, in words that say what to do next.

use std::path::PathBuf;

/// A failed start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Another agent holds the data folder.
    #[error(
        "another agent runs on {data}: stop it, or give this one a data folder of its own (--data)"
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
    /// A setting makes no sense.
    #[error("{setting}: {reason}")]
    Setting {
        /// Its name on the command line.
        setting: &'static str,
        /// What is wrong and what would be right.
        reason: String,
    },
}
