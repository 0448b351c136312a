//! Script versions: immutable zips named by their hash, for ever the same content under the same name.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use sha2::{Digest as _, Sha256};

use super::write_whole;

/// One version that is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Version {
    /// Hex SHA-256 of the zip.
    pub(crate) hash: String,
    /// Bytes of the zip.
    pub(crate) size: u64,
}

/// The folder of the versions.
#[derive(Clone, Debug)]
pub(crate) struct ContentStore {
    folder: PathBuf,
}

impl ContentStore {
    /// The store in this folder, which is made when it is not there.
    pub(crate) fn open(folder: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(&folder)?;
        Ok(Self { folder })
    }

    /// Keeps a zip; the same one twice is kept once. Blocks on the disk.
    pub(crate) fn keep(&self, zip: &[u8]) -> io::Result<Version> {
        let hash = hex(&Sha256::digest(zip));
        let path = self.path(&hash).ok_or(io::ErrorKind::InvalidInput)?;
        let size = zip.len() as u64;
        // One that is there already is as good as new: its age protects it until the call that brings it is through.
        let there = fs::metadata(&path).is_ok_and(|known| known.len() == size);
        match there {
            true => File::options()
                .append(true)
                .open(&path)?
                .set_modified(SystemTime::now())?,
            false => write_whole(&path, zip)?,
        }
        Ok(Version { hash, size })
    }

    /// Where the zip of that hash lies, if the text is a hash at all.
    pub(crate) fn path(&self, hash: &str) -> Option<PathBuf> {
        let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_hash.then(|| self.folder.join(format!("{hash}.zip")))
    }

    /// Deletes versions that nobody names and that are older than `age` (a call that will name them may be under way).
    pub(crate) fn sweep(
        &self,
        named: impl Fn(&str) -> bool,
        age: std::time::Duration,
    ) -> io::Result<usize> {
        let mut deleted = 0;
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            let hash = path
                .file_stem()
                .and_then(|stem| stem.to_str())
                .unwrap_or_default();
            if !named(hash) && older_than(&path, age) {
                fs::remove_file(&path)?;
                deleted += 1;
            }
        }
        Ok(deleted)
    }
}

/// Whether a file was last written that long ago.
pub(crate) fn older_than(path: &Path, age: std::time::Duration) -> bool {
    let modified = fs::metadata(path).and_then(|facts| facts.modified());
    modified
        .ok()
        .and_then(|at| at.elapsed().ok())
        .is_some_and(|passed| passed > age)
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn the_same_zip_is_kept_once_under_its_hash() {
        let folder = tempfile::tempdir().unwrap();
        let store = ContentStore::open(folder.path().join("content")).unwrap();
        let version = store.keep(b"abc").unwrap();
        assert_eq!(version, store.keep(b"abc").unwrap());
        assert_eq!(
            version.hash,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(
            fs::read(store.path(&version.hash).unwrap()).unwrap(),
            b"abc"
        );
        assert_eq!(store.path("../rows.db"), None);
    }

    #[test]
    fn only_versions_without_a_name_are_swept() {
        let folder = tempfile::tempdir().unwrap();
        let store = ContentStore::open(folder.path().join("content")).unwrap();
        let (named, lost) = (store.keep(b"named").unwrap(), store.keep(b"lost").unwrap());
        assert_eq!(
            store
                .sweep(|hash| hash == named.hash, Duration::from_secs(3600))
                .unwrap(),
            0
        );
        assert_eq!(
            store
                .sweep(|hash| hash == named.hash, Duration::ZERO)
                .unwrap(),
            1
        );
        assert!(store.path(&named.hash).unwrap().exists());
        assert!(!store.path(&lost.hash).unwrap().exists());
    }
}
