//! The wish of a person or a service manager that the program ends.

use tokio::signal::unix::{SignalKind, signal};

/// Waits for SIGINT (Ctrl-C) or SIGTERM.
pub(crate) async fn end() {
    let mut terminate =
        signal(SignalKind::terminate()).expect("SIGTERM can be listened to in a tokio runtime");
    let mut interrupt =
        signal(SignalKind::interrupt()).expect("SIGINT can be listened to in a tokio runtime");
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}
