//! The control plane's shell: HTTP, store, WebSocket links, scripts and logs on disk, all around `world`, which decides.
//!
//! [`run`] opens the data folder, binds the ports and serves until [`Shutdown`] says stop. Everything runs in-process, so that
//! `hoist control`, `hoist dev` and the tests start it the same way, on port 0 if they like.

mod error;
mod files;
mod settings;
mod shutdown;
mod store;

pub use error::Error;
pub use settings::{AccessKey, Bucket, EventSink, Limits, Settings, TlsFiles};
pub use shutdown::{Shutdown, Trigger};
pub use store::StoreError;
