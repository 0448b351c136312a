//! Pages of lists. A token names the operation, its filters and the last key, so that it fits no other query.

use api::Fault;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::fault::invalid;

/// What page of what.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Query<'a> {
    /// The operation.
    pub(crate) operation: &'a str,
    /// Everything that chooses the rows, as text.
    pub(crate) filter: &'a str,
    /// `Limit` as given.
    pub(crate) limit: Option<i32>,
    /// Without `Limit`.
    pub(crate) limit_default: usize,
    /// A larger `Limit` is cut to this.
    pub(crate) limit_max: usize,
    /// `NextToken` as given.
    pub(crate) token: Option<&'a str>,
}

/// One page.
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    pub(crate) next_token: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Token {
    o: String,
    f: String,
    k: String,
}

impl Query<'_> {
    /// The key after which the page starts.
    pub(crate) fn after(&self) -> Result<Option<String>, Fault> {
        let Some(text) = self.token else {
            return Ok(None);
        };
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| bad_token())?;
        let token: Token = serde_json::from_slice(&bytes).map_err(|_| bad_token())?;
        if token.o != self.operation || token.f != fingerprint(self.filter) {
            return Err(bad_token());
        }
        Ok(Some(token.k))
    }

    /// The token of the page behind a key.
    pub(crate) fn token_behind(&self, key: String) -> String {
        let token = Token {
            o: self.operation.into(),
            f: fingerprint(self.filter),
            k: key,
        };
        let text = serde_json::to_vec(&token).expect("three texts are always JSON");
        URL_SAFE_NO_PAD.encode(text)
    }

    /// How many rows the page may have.
    pub(crate) fn size(&self) -> usize {
        let asked = self.limit.and_then(|limit| usize::try_from(limit).ok());
        asked.unwrap_or(self.limit_default).clamp(1, self.limit_max)
    }

    /// The page of rows that come in the order of their keys. (Newest first: see [`newest_first`].)
    pub(crate) fn page<T>(
        &self,
        rows: impl IntoIterator<Item = (String, T)>,
    ) -> Result<Page<T>, Fault> {
        let after = self.after()?;
        let mut items = Vec::new();
        let mut last = String::new();
        for (key, row) in rows {
            if after.as_ref().is_some_and(|after| key <= *after) {
                continue;
            }
            if items.len() == self.size() {
                return Ok(Page {
                    items,
                    next_token: Some(self.token_behind(last)),
                });
            }
            items.push(row);
            last = key;
        }
        Ok(Page {
            items,
            next_token: None,
        })
    }
}

/// A key by which older things come first.
pub(crate) fn oldest_first(time: ids::Time, id: &str) -> String {
    format!("{:020}|{id}", time.as_millis())
}

/// A key by which newer things come first.
pub(crate) fn newest_first(time: ids::Time, id: &str) -> String {
    format!("{:020}|{id}", u64::MAX - time.as_millis())
}

fn bad_token() -> Fault {
    invalid("Invalid pagination token.")
}

/// FNV-1a: short, stable, and no secret is in it.
fn fingerprint(text: &str) -> String {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:x}")
}
