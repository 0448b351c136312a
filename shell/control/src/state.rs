//! What every request may need, in one place: the way to the writer, the files, the keys, the limits.

use std::sync::Arc;

use crate::buckets::Buckets;
use crate::files::{ContentStore, LogStore};
use crate::follow::Followers;
use crate::http::RequestIds;
use crate::settings::Limits;
use crate::sign::Keys;
use crate::writer::Writer;

/// Shared by all requests of one control plane.
pub(crate) struct State {
    pub(crate) writer: Writer,
    pub(crate) keys: Arc<Keys>,
    pub(crate) content: ContentStore,
    pub(crate) logs: LogStore,
    pub(crate) buckets: Buckets,
    pub(crate) followers: Followers,
    pub(crate) limits: Limits,
    pub(crate) world_settings: world::Settings,
    pub(crate) account: String,
    pub(crate) region: String,
    pub(crate) request_ids: RequestIds,
}
