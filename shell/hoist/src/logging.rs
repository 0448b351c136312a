//! Where log lines go: stderr, in words; `HOIST_LOG` chooses levels (for example `debug`, or `control=debug,info`).

use tracing_subscriber::EnvFilter;

/// Starts logging at this level, unless the environment says otherwise.
pub(crate) fn start(level: &str) {
    let filter = EnvFilter::try_from_env("HOIST_LOG").unwrap_or_else(|_| EnvFilter::new(level));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .init();
}
