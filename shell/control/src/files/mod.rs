//! What lies in the data folder beside the rows: script versions, session logs, buckets and secrets. Files appear whole or not
//! at all: each is written under a temporary name, synced and renamed.

pub(crate) mod archive;
mod content;
mod logs;
mod secrets;

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

pub(crate) use content::{ContentStore, hex};
pub(crate) use logs::LogStore;
pub(crate) use secrets::{random_bits, secret_file};

/// Writes a file so that whoever reads it sees all of it or nothing.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    fs::create_dir_all(folder)?;
    let [number, ..] = random_bits()?;
    let temporary = folder.join(format!(".{number:016x}.part"));
    let written = (|| {
        let mut file = File::create(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&temporary, path)
    })();
    if written.is_err() {
        // The error that matters is the first one; a left-over part is swept with the folder.
        let _ = fs::remove_file(&temporary);
    }
    written
}
