//! Generated ids as short names, so that transcripts can be read and written by people.

use std::collections::BTreeMap;

/// What generated ids start with.
const KINDS: [&str; 7] = [
    "alias-", "build-", "fleet-", "gsess-", "psess-", "script-", "i-",
];

/// Real ids and their short names.
#[derive(Default)]
pub(crate) struct Names {
    short: BTreeMap<String, String>,
    counts: BTreeMap<&'static str, u32>,
}

impl Names {
    /// Remembers a text under a name of one's own.
    pub(crate) fn keep(&mut self, name: &str, real: &str) {
        self.short.insert(real.to_owned(), format!("${name}"));
    }

    /// Whether the text has a name already.
    pub(crate) fn knows(&self, real: &str) -> bool {
        self.short.contains_key(real)
    }

    /// The text with real ids for short names.
    pub(crate) fn real(&self, text: &str) -> String {
        let mut known: Vec<_> = self.short.iter().collect();
        // `psess-12` must not be taken for `psess-1`.
        known.sort_by_key(|(_, short)| std::cmp::Reverse(short.len()));
        known.iter().fold(text.to_owned(), |text, (real, short)| {
            text.replace(*short, real)
        })
    }

    /// The text with short names for real ids; new ones get a name.
    pub(crate) fn short(&mut self, text: &str) -> String {
        for kind in KINDS {
            for (at, _) in text.match_indices(kind) {
                let digits = if kind == "i-" { 17 } else { 36 };
                let end = at + kind.len() + digits;
                if let Some(id) = text.get(at..end)
                    && looks_generated(&id[kind.len()..])
                    && !self.short.contains_key(id)
                {
                    let count = self.counts.entry(kind).or_default();
                    *count += 1;
                    self.short.insert(id.to_owned(), format!("{kind}{count}"));
                }
            }
        }
        self.short
            .iter()
            .fold(text.to_owned(), |text, (real, short)| {
                text.replace(real, short)
            })
    }
}

fn looks_generated(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
        && (text.len() == 17 || text.bytes().filter(|byte| *byte == b'-').count() == 4)
}
