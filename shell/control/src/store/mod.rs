//! Rows on disk behind one small trait: everything that `world` owns is (table, key, JSON). A batch is written whole or not at
//! all. SQLite is the driver of one machine; others come beside it.

mod sqlite;

pub(crate) use sqlite::Sqlite;

/// One change of one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RowChange {
    /// Which table.
    pub(crate) table: &'static str,
    /// Which row of it.
    pub(crate) key: String,
    /// The row's new text; `None` deletes it.
    pub(crate) json: Option<String>,
}

/// A row as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// Which table.
    pub(crate) table: String,
    /// Which row of it.
    pub(crate) key: String,
    /// Its text.
    pub(crate) json: String,
}

/// What a store can do.
pub(crate) trait Store: Send {
    /// Every row, by table and key.
    fn rows(&mut self) -> Result<Vec<Row>, StoreError>;

    /// Writes all these changes, or none and an error. When it comes back they are on disk.
    fn commit(&mut self, changes: &[RowChange]) -> Result<(), StoreError>;
}

/// A store that does not do its work. Nobody can go on from here.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No space left.
    #[error(
        "the disk is full: free space in the data folder and start again; nothing that was answered is lost"
    )]
    Full,
    /// A newer version wrote the file.
    #[error(
        "the data folder was written by a newer version (schema {found}, this one knows {known}): use that version"
    )]
    Newer {
        /// In the file.
        found: i64,
        /// In this program.
        known: i64,
    },
    /// Another process holds the file.
    #[error("the store is held by another process: stop it, or use another data folder")]
    Held,
    /// Everything else.
    #[error("{0}")]
    Sqlite(#[source] rusqlite::Error),
}
