//! Logs of game sessions: one zip a server process, kept for a while, downloaded by a signed address that needs no header.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use hmac::{Hmac, Mac as _};
use ids::{Span, Time};
use sha2::Sha256;

use super::content::{hex, older_than};
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

    /// Where the zip of a process lies, if these are names at all.
    pub(crate) fn path(&self, fleet: &str, process: &str) -> Option<PathBuf> {
        let named = |text: &str| {
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
            !text.is_empty() && text.len() <= 200 && text.bytes().all(plain)
        };
        (named(fleet) && named(process))
            .then(|| self.folder.join(fleet).join(format!("{process}.zip")))
    }

    /// Keeps a zip, the newest of a process. Blocks on the disk.
    pub(crate) fn keep(&self, fleet: &str, process: &str, zip: &[u8]) -> io::Result<()> {
        let path = self
            .path(fleet, process)
            .ok_or(io::ErrorKind::InvalidInput)?;
        write_whole(&path, zip)
    }

    /// Deletes the zips that are older than `kept`, and folders that are empty then.
    pub(crate) fn sweep(&self, kept: Duration) -> io::Result<usize> {
        let mut deleted = 0;
        for fleet in fs::read_dir(&self.folder)? {
            let fleet = fleet?.path();
            for entry in fs::read_dir(&fleet)? {
                let path = entry?.path();
                if older_than(&path, kept) {
                    fs::remove_file(path)?;
                    deleted += 1;
                }
            }
            // Fails while something is in it, which is the wish.
            let _ = fs::remove_dir(fleet);
        }
        Ok(deleted)
    }
}

/// Signs download addresses and knows its own signatures again.
#[derive(Clone)]
pub(crate) struct Signer {
    key: Vec<u8>,
}

impl Signer {
    /// How long an address works.
    pub(crate) const LIFETIME: Span = Span::from_secs(15 * 60);

    /// A signer with this secret.
    pub(crate) fn new(secret: &str) -> Self {
        Self {
            key: secret.as_bytes().to_vec(),
        }
    }

    /// Path and query for a zip, good until [`Self::LIFETIME`] from now.
    pub(crate) fn path_and_query(&self, fleet: &str, process: &str, now: Time) -> String {
        let expires = (now + Self::LIFETIME).as_millis() / 1000;
        let signature = hex(&self.mac(fleet, process, expires).finalize().into_bytes());
        format!("/logs/{fleet}/{process}.zip?expires={expires}&signature={signature}")
    }

    /// Whether this is an address of ours that still works.
    pub(crate) fn check(
        &self,
        fleet: &str,
        process: &str,
        query: &str,
        now: Time,
    ) -> Result<(), &'static str> {
        let value = |name: &str| {
            query
                .split('&')
                .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
        };
        let expires = value("expires").and_then(|text| text.parse().ok());
        let signature = value("signature").and_then(bytes_of_hex);
        let (Some(expires), Some(signature)) = (expires, signature) else {
            return Err("the address has no signature: ask GetGameSessionLogUrl for one");
        };
        if self
            .mac(fleet, process, expires)
            .verify_slice(&signature)
            .is_err()
        {
            return Err("the signature is not ours: ask GetGameSessionLogUrl for an address");
        }
        if now.as_millis() / 1000 > expires {
            return Err("the address has expired: ask GetGameSessionLogUrl for a new one");
        }
        Ok(())
    }

    fn mac(&self, fleet: &str, process: &str, expires: u64) -> Hmac<Sha256> {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.key).expect("HMAC takes keys of any length");
        mac.update(format!("{fleet}\n{process}\n{expires}").as_bytes());
        mac
    }
}

fn bytes_of_hex(text: &str) -> Option<Vec<u8>> {
    let pair = |at: usize| u8::from_str_radix(text.get(at..at + 2)?, 16).ok();
    (text.len() == 64).then(|| (0..32).map(|at| pair(at * 2)).collect())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_work_for_their_log_for_fifteen_minutes() {
        let signer = Signer::new("secret");
        let now = Time::from_millis(1_000_000);
        let address = signer.path_and_query("fleet-1", "p-1", now);
        let query = address.split_once('?').unwrap().1;
        let later = |seconds| now + Span::from_secs(seconds);
        let check = |fleet, process, query, at| signer.check(fleet, process, query, at).is_ok();
        assert!(check("fleet-1", "p-1", query, later(15 * 60)));
        assert!(!check("fleet-1", "p-1", query, later(15 * 60 + 1)));
        assert!(!check("fleet-1", "p-2", query, now));
        assert!(!check("fleet-1", "p-1", "", now));
        assert!(!check(
            "fleet-1",
            "p-1",
            &query.replace("expires=1", "expires=2"),
            now
        ));
        assert!(
            !Signer::new("other")
                .check("fleet-1", "p-1", query, now)
                .is_ok()
        );
        assert!(address.len() < 300);
    }

    #[test]
    fn zips_are_kept_by_process_and_swept_by_age() {
        let folder = tempfile::tempdir().unwrap();
        let store = LogStore::open(folder.path().join("logs")).unwrap();
        store.keep("fleet-1", "p-1", b"zip").unwrap();
        assert!(store.keep("..", "p-1", b"zip").is_err());
        assert_eq!(store.sweep(Duration::from_secs(3600)).unwrap(), 0);
        assert!(store.path("fleet-1", "p-1").unwrap().exists());
        assert_eq!(store.sweep(Duration::ZERO).unwrap(), 1);
        assert!(!store.path("fleet-1", "p-1").unwrap().exists());
    }
}
