//! The control plane's shell: HTTP, store, WebSocket links, scripts and logs on disk, all around `world`, which decides.
//!
//! [`run`] opens the data folder, binds the ports and serves until [`Shutdown`] says stop. Everything runs in-process, so that
//! `hoist control`, `hoist dev` and the tests start it the same way, on port 0 if they like.

mod buckets;
mod clock;
mod content;
mod error;
mod events;
mod files;
mod follow;
mod http;
mod keeper;
mod links;
mod metrics;
mod run;
mod settings;
mod shutdown;
mod sign;
mod state;
mod store;
mod writer;

pub use error::Error;
pub use run::{Running, run};
pub use settings::{AccessKey, Bucket, EventSink, Limits, Settings, TlsFiles};
pub use shutdown::{Shutdown, Trigger};
pub use store::StoreError;
