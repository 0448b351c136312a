//! Whom to believe, as data.

use std::collections::BTreeMap;

/// Whose requests are carried out.
#[derive(Clone, Debug)]
pub enum Trust {
    /// Everybody's, also those that are not signed: for a developer's own machine.
    Anyone {
        /// The account that everything belongs to.
        account: String,
        /// The region of requests that name none.
        region: String,
    },
    /// Those signed with one of these keys, by access key id.
    Keys(BTreeMap<String, Key>),
}

/// What belongs to an access key id.
#[derive(Clone)]
pub struct Key {
    /// The secret that signs.
    pub secret: String,
    /// The account, twelve digits.
    pub account: String,
    /// For credentials that end.
    pub session: Option<Session>,
}

/// The rest of credentials that end.
#[derive(Clone)]
pub struct Session {
    /// The session token that each request must carry.
    pub token: String,
    /// When they end, in milliseconds since the epoch.
    pub expires_ms: u64,
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The access key id; empty for a request without one.
    pub access_key: String,
    /// The account.
    pub account: String,
    /// The region that the request was signed for.
    pub region: String,
}

// Secrets are kept out of logs.
impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Key")
            .field("account", &self.account)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("expires_ms", &self.expires_ms)
            .finish_non_exhaustive()
    }
}
