//! Ships logs: one zip for each server process that ended, tried again until control has it. What is still to be shipped lies
//! in a folder, so a restart of the agent or an absent control plane loses nothing.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::Request;
use hyper::body::Bytes;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE};
use tokio::time::timeout;
use tracing::{debug, warn};
use zip::write::SimpleFileOptions;

use crate::files::copy_without_middle;
use crate::net::Dialer;

/// For one upload.
const UPLOAD_TIMEOUT: Duration = Duration::from_secs(120);
/// Zips that wait for control; then the oldest are given up.
const WAITING_MAX: usize = 1000;

/// The zips of one instance that wait to be shipped.
#[derive(Clone)]
pub(crate) struct Outgoing {
    folder: PathBuf,
}

impl Outgoing {
    pub(crate) fn open(folder: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(&folder)?;
        Ok(Self { folder })
    }

    /// Packs these files for a process, each without its middle when it is too large. Blocks on the disk.
    pub(crate) fn pack(&self, process: &str, files: &[PathBuf], bytes_max: u64) -> io::Result<()> {
        let temporary = self.folder.join(format!("{process}.part"));
        let mut zip = zip::ZipWriter::new(File::create(&temporary)?);
        for file in files {
            let name = file
                .file_name()
                .and_then(|name| name.to_str())
                .unwrap_or("log");
            zip.start_file(name, SimpleFileOptions::default())?;
            copy_without_middle(file, &mut zip, bytes_max)?;
        }
        zip.finish()?.sync_all()?;
        fs::rename(&temporary, self.folder.join(format!("{process}.zip")))
    }

    /// What waits, the oldest first.
    fn waiting(&self) -> io::Result<Vec<PathBuf>> {
        let mut zips = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            if entry
                .path()
                .extension()
                .is_some_and(|extension| extension == "zip")
            {
                zips.push((entry.metadata()?.modified()?, entry.path()));
            }
        }
        zips.sort();
        let superfluous = zips.len().saturating_sub(WAITING_MAX);
        for (_, path) in zips.drain(..superfluous) {
            warn!(path = %path.display(), "too many logs wait for control, the oldest is given up");
            fs::remove_file(path)?;
        }
        Ok(zips.into_iter().map(|(_, path)| path).collect())
    }

    /// Whether nothing waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.waiting().is_ok_and(|zips| zips.is_empty())
    }

    /// Ships everything that waits. `Err`: try again later.
    pub(crate) async fn ship(&self, dialer: &Dialer, url: &str, token: &str) -> io::Result<()> {
        for path in self.waiting()? {
            let process = path
                .file_stem()
                .and_then(|stem| stem.to_str())
                .unwrap_or_default();
            let bytes = tokio::fs::read(&path).await?;
            match put(dialer, &format!("{url}/{process}"), token, bytes).await? {
                200..=299 => debug!(process, "log shipped"),
                // Control knows better than to take it, and will know it tomorrow.
                status @ 400..=499 if status != 408 && status != 429 => {
                    warn!(
                        process,
                        status, "control does not take a log, it is given up"
                    );
                }
                status => return Err(io::Error::other(format!("control answers {status}"))),
            }
            fs::remove_file(&path)?;
        }
        Ok(())
    }
}

async fn put(dialer: &Dialer, url: &str, token: &str, zip: Vec<u8>) -> io::Result<u16> {
    let request = Request::put(url)
        .header(AUTHORIZATION, format!("Bearer {token}"))
        .header(CONTENT_TYPE, "application/zip")
        .header(hyper::header::CONTENT_LENGTH, zip.len())
        .body(
            Full::new(Bytes::from(zip))
                .map_err(|never| match never {})
                .boxed(),
        )
        .map_err(io::Error::other)?;
    let late = |_| io::Error::new(io::ErrorKind::TimedOut, "the upload makes no progress");
    let answer = timeout(UPLOAD_TIMEOUT, dialer.exchange(request))
        .await
        .map_err(late)??;
    Ok(answer.status().as_u16())
}

/// The files in a folder of logs that belong to one process: its own by name, and those of all.
pub(crate) fn logs_of(
    folder: &Path,
    process: &str,
    common: &[PathBuf],
) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        if path.is_file() && name.starts_with(process) {
            files.push(path);
        }
    }
    files.extend(
        common
            .iter()
            .filter(|path| fs::metadata(path).is_ok_and(|file| file.len() > 0))
            .cloned(),
    );
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    #[test]
    fn a_process_is_packed_with_its_own_files_and_the_common_ones() {
        let folder = tempfile::tempdir().unwrap();
        let logs = folder.path().join("logs");
        fs::create_dir(&logs).unwrap();
        fs::write(logs.join("p-1.log"), "one").unwrap();
        fs::write(logs.join("p-2.log"), "two").unwrap();
        let output = folder.path().join("output.log");
        fs::write(&output, "said").unwrap();
        let outgoing = Outgoing::open(folder.path().join("outgoing")).unwrap();
        assert!(outgoing.is_empty());
        let files = logs_of(&logs, "p-1", &[output, folder.path().join("none")]).unwrap();
        outgoing.pack("p-1", &files, 1000).unwrap();
        let waiting = outgoing.waiting().unwrap();
        let mut zip = zip::ZipArchive::new(File::open(&waiting[0]).unwrap()).unwrap();
        let mut texts = Vec::new();
        for index in 0..zip.len() {
            let mut text = String::new();
            zip.by_index(index)
                .unwrap()
                .read_to_string(&mut text)
                .unwrap();
            texts.push(text);
        }
        assert_eq!(texts, ["one", "said"]);
    }
}
