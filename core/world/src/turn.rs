//! One turn of the loop: who asks, when, with which facts, and where new ids come from.

use ids::{Mint, Time};

/// Who called an operation; the shell has checked the signature.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Caller {
    /// 12 digits; empty for the deployment's own doing.
    pub account: String,
    /// The access key id, for log lines.
    pub access_key_id: String,
}

/// What only the shell can find out, found out before the call (ScriptContent for CreateScript and UpdateScript, the
/// same for builds). Operations that need no facts ignore them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Facts {
    /// Nothing was to be found out.
    #[default]
    None,
    /// The content is a readable zip and lies in the content store under its hash.
    Content(Content),
    /// The content cannot be used, with the words for the developer: `Provided resource is not accessible`.
    Unusable(String),
}

/// A zip in the content store.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// Hex SHA-256 of the zip.
    pub hash: String,
    /// Bytes of the zip.
    pub size: u64,
    /// Of an object behind a `StorageLocation`: what tells a changed object (an ETag or the like).
    pub etag: String,
}

/// The arguments that every operation gets.
pub(crate) struct Turn<'a> {
    pub(crate) facts: &'a Facts,
    pub(crate) now: Time,
    pub(crate) mint: &'a mut Mint,
}

impl Turn<'_> {
    /// A new id: `fleet-<uuid>`.
    pub(crate) fn id(&mut self, kind: &str) -> String {
        format!("{kind}-{}", self.mint.uuid())
    }
}
