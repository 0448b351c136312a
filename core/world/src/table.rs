//! One table: typed rows by key, and which of them have changed since the last batch. Nothing else in `world` is stored.

use serde::Serialize;
use serde::de::DeserializeOwned;
use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::ops::Bound::{Excluded, Included};

use crate::effects::{Change, LoadError};

/// A stored row.
pub(crate) trait Row: Serialize + DeserializeOwned {
    /// The name of its table in the store; never changes.
    const TABLE: &'static str;
    /// Its key. The text of the key is the key in the store.
    type Key: Ord + Clone + Display + Borrow<str>;
    /// The key of this row.
    fn key(&self) -> Self::Key;
}

/// Rows by key. Whoever takes a row for writing changes it in the store too.
pub(crate) struct Table<R: Row> {
    rows: BTreeMap<R::Key, R>,
    touched: BTreeSet<R::Key>,
}

impl<R: Row> Default for Table<R> {
    fn default() -> Self {
        Self {
            rows: BTreeMap::new(),
            touched: BTreeSet::new(),
        }
    }
}

impl<R: Row> Table<R> {
    pub(crate) fn get(&self, key: &str) -> Option<&R> {
        self.rows.get(key)
    }

    pub(crate) fn contains(&self, key: &str) -> bool {
        self.rows.contains_key(key)
    }

    /// The row for writing; it will be stored again.
    pub(crate) fn edit(&mut self, key: &str) -> Option<&mut R> {
        let (own, _) = self.rows.get_key_value(key)?;
        self.touched.insert(own.clone());
        self.rows.get_mut(key)
    }

    /// Adds the row or replaces the one with its key.
    pub(crate) fn insert(&mut self, row: R) {
        let key = row.key();
        self.touched.insert(key.clone());
        self.rows.insert(key, row);
    }

    pub(crate) fn remove(&mut self, key: &str) -> Option<R> {
        let (own, row) = self.rows.remove_entry(key)?;
        self.touched.insert(own);
        Some(row)
    }

    /// All rows in the order of their keys.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &R> {
        self.rows.values()
    }

    /// The rows whose keys are `first` or behind it, and before `end`.
    pub(crate) fn between<'a>(
        &'a self,
        first: &str,
        end: &str,
    ) -> impl DoubleEndedIterator<Item = &'a R> + use<'a, R> {
        self.rows
            .range::<str, _>((Included(first), Excluded(end)))
            .map(|(_, row)| row)
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Puts a row in that comes from the store.
    pub(crate) fn load(&mut self, key: &str, text: &str) -> Result<(), LoadError> {
        let bad = |reason: String| LoadError {
            table: R::TABLE.into(),
            key: key.into(),
            reason,
        };
        let row: R = serde_json::from_str(text).map_err(|error| bad(error.to_string()))?;
        if Borrow::<str>::borrow(&row.key()) != key {
            return Err(bad("the row has another key".into()));
        }
        self.rows.insert(row.key(), row);
        Ok(())
    }

    /// What has changed since the last time, in the order of the keys.
    pub(crate) fn drain_changes(&mut self, changes: &mut Vec<Change>) {
        for key in std::mem::take(&mut self.touched) {
            let row = self.rows.get(Borrow::<str>::borrow(&key)).map(|row| {
                serde_json::to_string(row).expect("rows have text keys and finite numbers only")
            });
            changes.push(Change {
                table: R::TABLE,
                key: key.to_string(),
                row,
            });
        }
    }
}
