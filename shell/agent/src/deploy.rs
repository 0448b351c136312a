//! Brings a script version to this machine: download, check of the hash, unpacking into a folder that never changes again, and
//! the install script when there is one. The same version is there once, however many instances run it.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http_body_util::{BodyExt as _, Empty};
use hyper::Request;
use hyper::header::AUTHORIZATION;
use serversdk::agent::{Content, DeployStep};
use sha2::{Digest as _, Sha256};
use tokio::process::Command;
use tokio::sync::{Mutex, mpsc};
use tokio::time::timeout;
use tracing::warn;
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
    /// One deployment at a time: two instances of the same version share one.
    turn: Arc<Mutex<()>>,
    folder: PathBuf,
    dialer: Dialer,
    limits: Limits,
}

/// Attempts to fetch a version when the way to control is disturbed.
const ATTEMPTS: u32 = 5;
/// Between two attempts.
const ATTEMPT_PAUSE: Duration = Duration::from_secs(1);
/// Scripts for older versions of Node.js have no install script (realtime.md 4.1).
const INSTALLER_SINCE_NODE: u32 = 24;

impl Deployments {
    pub(crate) fn new(folder: PathBuf, dialer: Dialer, limits: Limits) -> io::Result<Self> {
        fs::create_dir_all(&folder)?;
        Ok(Self {
            turn: Arc::default(),
            folder,
            dialer,
            limits,
        })
    }

    /// Where a version's files are when it is deployed.
    pub(crate) fn folder_of(&self, hash: &str) -> PathBuf {
        self.folder.join(hash)
    }

    /// Downloads, unpacks and installs a version, as far as it is not there; `steps` hears how far it is.
    pub(crate) async fn deploy(
        &self,
        content: &Content,
        token: &str,
        steps: mpsc::Sender<DeployStep>,
    ) -> Result<(), DeployError> {
        let _turn = self.turn.lock().await;
        let failed = |reason: &dyn std::fmt::Display| {
            DeployError::Download(format!(
                "Version {} was not deployed: {reason}",
                content.hash
            ))
        };
        let folder = self.folder_of(&content.hash);
        let plain = content.hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        if content.hash.len() != 64 || !plain {
            return Err(failed(&"that is no hash"));
        }
        if folder.is_dir() {
            touch(&folder).map_err(|error| failed(&error))?;
        } else {
            let zip = self.folder.join(format!(".{}.zip", content.hash));
            let mut unpacked = self.download_patiently(content, token, &zip).await;
            if unpacked.is_ok() {
                say(&steps, DeployStep::Extracting).await;
                unpacked = self.unpack(zip.clone(), folder.clone()).await;
            }
            // Whatever came out, the zip has done its work.
            let _ = fs::remove_file(&zip);
            unpacked.map_err(|error| failed(&error))?;
        }
        let wanted = wants_installer(content) && folder.join("install.sh").is_file();
        if wanted && !done_mark(&folder).exists() {
            say(&steps, DeployStep::RunningInstaller).await;
            self.install(&folder).await?;
            say(&steps, DeployStep::CompletedInstaller).await;
        }
        Ok(())
    }

    async fn download_patiently(
        &self,
        content: &Content,
        token: &str,
        to: &Path,
    ) -> io::Result<()> {
        let mut attempt = 1;
        loop {
            match self.download(content, token, to).await {
                // What control or the content says is final; what the network says is not.
                Err(error) if attempt < ATTEMPTS && error.kind() != io::ErrorKind::InvalidData => {
                    warn!(%error, attempt, "content could not be fetched, trying again");
                    attempt += 1;
                    tokio::time::sleep(ATTEMPT_PAUSE).await;
                }
                outcome => return outcome,
            }
        }
    }

    async fn download(&self, content: &Content, token: &str, to: &Path) -> io::Result<()> {
        if content.size > self.limits.content_bytes_max {
            return Err(final_word(format!(
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
            let words = format!("control answers {}", answer.status());
            let refused = answer.status().is_client_error();
            return Err(if refused {
                final_word(words)
            } else {
                io::Error::other(words)
            });
        }
        let mut body = answer.into_body();
        let mut file = File::create(to)?;
        let (mut hash, mut size) = (Sha256::new(), 0u64);
        while let Some(frame) = timeout(pause, body.frame()).await.map_err(late)? {
            let frame = frame.map_err(io::Error::other)?;
            if let Some(bytes) = frame.data_ref() {
                size += bytes.len() as u64;
                if size > self.limits.content_bytes_max {
                    return Err(final_word("the content is larger than announced"));
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
    async fn install(&self, folder: &Path) -> Result<(), DeployError> {
        let failed = |reason: String| DeployError::Installer(reason);
        let output = folder.join(".hoist-install.log");
        let file = File::create(&output).map_err(|error| failed(error.to_string()))?;
        let second = file
            .try_clone()
            .map_err(|error| failed(error.to_string()))?;
        let mut child = Command::new("/bin/sh")
            .arg("install.sh")
            // Nothing of the agent's own environment is the script's business.
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", folder)
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

async fn say(steps: &mpsc::Sender<DeployStep>, step: DeployStep) {
    // Who does not listen any more has no use for the steps.
    let _ = steps.send(step).await;
}

/// An error after which nobody tries again.
fn final_word(words: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, words.into())
}

/// A version that is used again is as young as a new one.
fn touch(folder: &Path) -> io::Result<()> {
    File::open(folder)?.set_modified(SystemTime::now())
}

fn wants_installer(content: &Content) -> bool {
    let major = content
        .node_js_version
        .split('.')
        .next()
        .unwrap_or_default();
    major.is_empty()
        || major
            .parse::<u32>()
            .is_ok_and(|major| major >= INSTALLER_SINCE_NODE)
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
