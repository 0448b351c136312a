//! The store of one machine: one SQLite file in write-ahead mode, held exclusively for as long as the process lives.

use std::path::Path;

use rusqlite::{Connection, ErrorCode, params};

use super::{Row, RowChange, Store, StoreError};

/// The layout of the file; raised with every change of it.
const SCHEMA: i64 = 1;

/// Rows in a SQLite file.
pub(crate) struct Sqlite {
    connection: Connection,
}

impl Sqlite {
    /// Opens or makes the file.
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        let connection = Connection::open(path).map_err(reason)?;
        // Whoever holds the file holds it for good: waiting would only hide the mistake.
        connection
            .busy_timeout(std::time::Duration::ZERO)
            .map_err(reason)?;
        // Exclusive: no second process reads half of a batch, and SQLite needs no shared memory file. The first write takes
        // the lock, so a row is written below before anything else trusts the file.
        connection
            .execute_batch(
                "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
                 PRAGMA wal_autocheckpoint = 4000; PRAGMA temp_store = MEMORY;",
            )
            .map_err(reason)?;
        let found: i64 = connection
            .query_row("PRAGMA user_version", [], |row| row.get(0))
            .map_err(reason)?;
        if found > SCHEMA {
            return Err(StoreError::Newer {
                found,
                known: SCHEMA,
            });
        }
        connection
            .execute_batch(&format!(
                "BEGIN IMMEDIATE;
                 CREATE TABLE IF NOT EXISTS rows (name TEXT NOT NULL, key TEXT NOT NULL, json TEXT NOT NULL,
                     PRIMARY KEY (name, key)) WITHOUT ROWID;
                 PRAGMA user_version = {SCHEMA};
                 COMMIT;"
            ))
            .map_err(reason)?;
        Ok(Self { connection })
    }
}

impl Store for Sqlite {
    fn rows(&mut self) -> Result<Vec<Row>, StoreError> {
        let mut statement = self
            .connection
            .prepare("SELECT name, key, json FROM rows ORDER BY name, key")
            .map_err(reason)?;
        let rows = statement.query_map([], |row| {
            Ok(Row {
                table: row.get(0)?,
                key: row.get(1)?,
                json: row.get(2)?,
            })
        });
        rows.map_err(reason)?
            .collect::<Result<Vec<_>, _>>()
            .map_err(reason)
    }

    fn commit(&mut self, changes: &[RowChange]) -> Result<(), StoreError> {
        if changes.is_empty() {
            return Ok(());
        }
        let transaction = self.connection.transaction().map_err(reason)?;
        {
            let mut put = transaction
                .prepare_cached("INSERT OR REPLACE INTO rows (name, key, json) VALUES (?1, ?2, ?3)")
                .map_err(reason)?;
            let mut delete = transaction
                .prepare_cached("DELETE FROM rows WHERE name = ?1 AND key = ?2")
                .map_err(reason)?;
            for change in changes {
                match &change.json {
                    Some(json) => put.execute(params![change.table, change.key, json]),
                    None => delete.execute(params![change.table, change.key]),
                }
                .map_err(reason)?;
            }
        }
        transaction.commit().map_err(reason)
    }
}

fn reason(error: rusqlite::Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StoreError::Full,
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Held,
        _ => StoreError::Sqlite(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(key: &str, json: &str) -> RowChange {
        RowChange {
            table: "fleets",
            key: key.into(),
            json: Some(json.into()),
        }
    }

    #[test]
    fn what_was_committed_is_there_after_reopening() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hoist.db");
        let mut store = Sqlite::open(&path).unwrap();
        store
            .commit(&[put("a", "1"), put("b", "2"), put("a", "3")])
            .unwrap();
        let gone = RowChange {
            table: "fleets",
            key: "b".into(),
            json: None,
        };
        store.commit(&[gone]).unwrap();
        drop(store);
        let rows = Sqlite::open(&path).unwrap().rows().unwrap();
        let row = Row {
            table: "fleets".into(),
            key: "a".into(),
            json: "3".into(),
        };
        assert_eq!(rows, [row]);
    }

    #[test]
    fn a_second_opener_is_refused_while_the_first_lives() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hoist.db");
        let first = Sqlite::open(&path).unwrap();
        assert!(matches!(Sqlite::open(&path), Err(StoreError::Held)));
        drop(first);
        assert!(Sqlite::open(&path).is_ok());
    }

    #[test]
    fn a_newer_file_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hoist.db");
        drop(Sqlite::open(&path).unwrap());
        Connection::open(&path)
            .unwrap()
            .execute_batch("PRAGMA user_version = 99")
            .unwrap();
        assert!(matches!(
            Sqlite::open(&path),
            Err(StoreError::Newer { found: 99, .. })
        ));
    }

    #[test]
    fn a_full_disk_leaves_the_rows_of_before() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hoist.db");
        let mut store = Sqlite::open(&path).unwrap();
        store.commit(&[put("a", "1")]).unwrap();
        // SQLite itself says "full" at this number of pages, as it does when the file system is.
        store
            .connection
            .execute_batch("PRAGMA max_page_count = 20")
            .unwrap();
        let large = "x".repeat(1_000_000);
        let error = store
            .commit(&[put("a", "2"), put("b", &large)])
            .unwrap_err();
        assert!(matches!(error, StoreError::Full), "{error}");
        drop(store);
        let rows = Sqlite::open(&path).unwrap().rows().unwrap();
        assert_eq!(
            rows.iter().map(|row| row.json.as_str()).collect::<Vec<_>>(),
            ["1"]
        );
    }
}
