//! Logs of game sessions: zips, kept for a while.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use super::content::older_than;
use super::write_whole;

/// The folder of the zips.
#[derive(Clone, Debug)]
pub(crate) struct LogStore {
    folder: PathBuf,
}

impl LogStore {
    /// The store in this folder, which is made when it is not there.
    pub(crate) fn open(folder: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(&folder)?;
        Ok(Self { folder })
    }

    /// Where that zip lies, if the text is the name of one at all.
    pub(crate) fn path(&self, file: &str) -> Option<PathBuf> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        let named = !file.starts_with('.') && !file.is_empty() && file.len() <= 240;
        (named && file.bytes().all(plain)).then(|| self.folder.join(file))
    }

    /// Keeps a zip, the newest under its name. Blocks on the disk.
    pub(crate) fn keep(&self, file: &str, zip: &[u8]) -> io::Result<()> {
        write_whole(&self.path(file).ok_or(io::ErrorKind::InvalidInput)?, zip)
    }

    /// Deletes a zip.
    pub(crate) fn forget(&self, file: &str) -> io::Result<()> {
        fs::remove_file(self.path(file).ok_or(io::ErrorKind::InvalidInput)?)
    }

    /// Deletes the zips that are older than `kept`.
    pub(crate) fn sweep(&self, kept: Duration) -> io::Result<usize> {
        let mut deleted = 0;
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            if older_than(&path, kept) {
                fs::remove_file(path)?;
                deleted += 1;
            }
        }
        Ok(deleted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zips_are_kept_by_name_and_swept_by_age() {
        let folder = tempfile::tempdir().unwrap();
        let store = LogStore::open(folder.path().join("logs")).unwrap();
        store.keep("one.zip", b"zip").unwrap();
        for bad in ["", "..", "a/b.zip", "../x.zip", ".x.part"] {
            assert!(store.keep(bad, b"zip").is_err(), "{bad}");
        }
        assert_eq!(store.sweep(Duration::from_secs(3600)).unwrap(), 0);
        assert!(store.path("one.zip").unwrap().exists());
        assert_eq!(store.sweep(Duration::ZERO).unwrap(), 1);
        assert!(!store.path("one.zip").unwrap().exists());
    }
}
