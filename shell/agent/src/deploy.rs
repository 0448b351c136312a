//! Brings a script version to this machine: download, check of the hash, unpacking into a folder that never changes again, and
//! the install script when there is one. The same version is there once, however many instances run it.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use http_body_util::{BodyExt as _, Empty};
use hyper::Request;
use hyper::header::AUTHORIZATION;
use serversdk::agent::Content;
use sha2::{Digest as _, Sha256};
use tokio::process::Command;
use tokio::time::timeout;
use zip::ZipArchive;

use crate::Limits;
use crate::net::Dialer;

/// A deployment that did not succeed, in words for the fleet's events.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DeployError {
    /// The content is not to be had, or not what it should be.
    #[error("{0}")]
    Download(String),
    /// The install script failed.
    #[error("{0}")]
    Installer(String),
}

/// The folder of the versions.
#[derive(Clone)]
pub(crate) struct Deployments {
    folder: PathBuf,
    dialer: Dialer,
    limits: Limits,
}

/// A version whose files are on disk.
pub(crate) struct Unpacked {
    /// Where they are.
    pub(crate) folder: PathBuf,
    /// An install script that has not run yet.
    pub(crate) installer: bool,
}

impl Deployments {
    pub(crate) fn new(folder: PathBuf, dialer: Dialer, limits: Limits) -> io::Result<Self> {
        fs::create_dir_all(&folder)?;
        Ok(Self {
            folder,
            dialer,
            limits,
        })
    }

    /// Where a version's files are when it is deployed.
    pub(crate) fn folder_of(&self, hash: &str) -> PathBuf {
        self.folder.join(hash)
    }

    /// Downloads and unpacks a version, unless it is there.
    pub(crate) async fn fetch(
        &self,
        content: &Content,
        token: &str,
    ) -> Result<Unpacked, DeployError> {
        let folder = self.folder_of(&content.hash);
        let hash_fits =
            content.hash.len() == 64 && content.hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !hash_fits {
            return Err(DeployError::Download(format!(
                "{:?} is no hash of a version",
                content.hash
            )));
        }
        if !folder.exists() {
            let zip = self.folder.join(format!(".{}.zip", content.hash));
            let outcome = self.download(content, token, &zip).await;
            let unpacked = match outcome {
                Ok(()) => self.unpack(zip.clone(), folder.clone()).await,
                Err(error) => Err(error),
            };
            // Whatever came out, the zip has done its work.
            let _ = fs::remove_file(&zip);
            unpacked.map_err(|error| {
                DeployError::Download(format!(
                    "Version {} was not deployed: {error}",
                    content.hash
                ))
            })?;
        }
        let installer = folder.join("install.sh").is_file() && !done_mark(&folder).exists();
        Ok(Unpacked { folder, installer })
    }

    async fn download(&self, content: &Content, token: &str, to: &Path) -> io::Result<()> {
        if content.size > self.limits.content_bytes_max {
            return Err(io::Error::other(format!(
                "{} bytes are too many for this host",
                content.size
            )));
        }
        let request = Request::get(&content.url)
            .header(AUTHORIZATION, format!("Bearer {token}"))
            .body(Empty::new().map_err(|never| match never {}).boxed())
            .map_err(io::Error::other)?;
        let late = |_| io::Error::new(io::ErrorKind::TimedOut, "the download makes no progress");
        let pause = self.limits.download_timeout;
        let answer = timeout(pause, self.dialer.exchange(request))
            .await
            .map_err(late)??;
        if !answer.status().is_success() {
            return Err(io::Error::other(format!(
                "control answers {}",
                answer.status()
            )));
        }
        let mut body = answer.into_body();
        let mut file = File::create(to)?;
        let (mut hash, mut size) = (Sha256::new(), 0u64);
        while let Some(frame) = timeout(pause, body.frame()).await.map_err(late)? {
            let frame = frame.map_err(io::Error::other)?;
            if let Some(bytes) = frame.data_ref() {
                size += bytes.len() as u64;
                if size > self.limits.content_bytes_max {
                    return Err(io::Error::other("the content is larger than announced"));
                }
                hash.update(bytes);
                file.write_all(bytes)?;
            }
        }
        let found = hash
            .finalize()
            .iter()
            .fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
        if found != content.hash {
            return Err(io::Error::other(format!(
                "the content has the hash {found}"
            )));
        }
        Ok(())
    }

    async fn unpack(&self, zip: PathBuf, folder: PathBuf) -> io::Result<()> {
        let limits = self.limits.clone();
        let temporary = folder.with_extension(format!("part{}", std::process::id()));
        tokio::task::spawn_blocking(move || {
            let _ = fs::remove_dir_all(&temporary);
            let outcome = unpack_into(&zip, &temporary, &limits).and_then(|()| {
                fs::rename(&temporary, &folder).or_else(|error| there_already(&folder, error))
            });
            let _ = fs::remove_dir_all(&temporary);
            outcome
        })
        .await
        .map_err(io::Error::other)?
    }

    /// Runs the install script, once for the version on this machine.
    pub(crate) async fn install(&self, folder: &Path) -> Result<(), DeployError> {
        let failed = |reason: String| DeployError::Installer(reason);
        let output = folder.join(".hoist-install.log");
        let file = File::create(&output).map_err(|error| failed(error.to_string()))?;
        let second = file
            .try_clone()
            .map_err(|error| failed(error.to_string()))?;
        let mut child = Command::new("/bin/sh")
            .arg("install.sh")
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(file)
            .stderr(second)
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| failed(format!("install.sh cannot be started: {error}")))?;
        let status = timeout(self.limits.install_timeout, child.wait()).await;
        let status = status
            .map_err(|_| failed("install.sh did not end in time".to_owned()))?
            .map_err(|error| failed(error.to_string()))?;
        if !status.success() {
            let said = crate::files::tail(&output, 2000);
            return Err(failed(format!("install.sh ended with {status}: {said}")));
        }
        fs::write(done_mark(folder), "").map_err(|error| failed(error.to_string()))
    }

    /// Deletes versions that are not in use and were not for a while.
    pub(crate) fn sweep(&self, used: impl Fn(&str) -> bool) -> io::Result<()> {
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            let name = entry.file_name();
            let name = name.to_str().unwrap_or_default();
            let age = entry.metadata()?.modified()?.elapsed().unwrap_or_default();
            if used(name) || age < self.limits.unused_content_kept {
                continue;
            }
            if entry.path().is_dir() {
                fs::remove_dir_all(entry.path())?;
            } else {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }
}

fn done_mark(folder: &Path) -> PathBuf {
    folder.with_extension("installed")
}

/// Two instances may unpack the same version at the same time: the second finds it there, which is as good.
fn there_already(folder: &Path, error: io::Error) -> io::Result<()> {
    if folder.is_dir() { Ok(()) } else { Err(error) }
}

fn unpack_into(zip: &Path, folder: &Path, limits: &Limits) -> io::Result<()> {
    let mut archive = ZipArchive::new(File::open(zip)?)?;
    if archive.len() > limits.entries_max {
        return Err(io::Error::other("the zip has too many entries"));
    }
    fs::create_dir_all(folder)?;
    let mut left = limits.unpacked_bytes_max;
    for index in 0..archive.len() {
        let entry = archive.by_index(index)?;
        let name = entry.enclosed_name().filter(|_| !entry.is_symlink());
        let name =
            name.ok_or_else(|| io::Error::other("an entry of the zip leads out of its folder"))?;
        let path = folder.join(name);
        if entry.is_dir() {
            fs::create_dir_all(&path)?;
            continue;
        }
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        let runnable = entry.unix_mode().is_some_and(|mode| mode & 0o111 != 0);
        let mut file = File::create(&path)?;
        let written = io::copy(&mut entry.take(left + 1), &mut file)?;
        left = left
            .checked_sub(written)
            .ok_or_else(|| io::Error::other("the zip unpacks to too much"))?;
        // Nobody writes to a version again, so a session reads the same files for as long as it lives.
        fs::set_permissions(
            &path,
            fs::Permissions::from_mode(if runnable { 0o555 } else { 0o444 }),
        )?;
    }
    Ok(())
}
