//! Secrets of this control plane: made once from the system's random source, readable by its owner only.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

/// Fresh random bits from the operating system.
pub(crate) fn random_bits() -> io::Result<[u64; 4]> {
    let mut bytes = [0u8; 32];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    let mut bits = [0u64; 4];
    for (bit, chunk) in bits.iter_mut().zip(bytes.chunks_exact(8)) {
        *bit = chunk
            .iter()
            .fold(0, |number, byte| number << 8 | u64::from(*byte));
    }
    Ok(bits)
}

/// The secret in this file; made when there is none yet.
pub(crate) fn secret_file(path: &Path) -> io::Result<String> {
    match fs::read_to_string(path) {
        Ok(text) if text.trim().len() >= 32 => return Ok(text.trim().to_owned()),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let [a, b, c, _] = random_bits()?;
    let secret = format!("{a:016x}{b:016x}{c:016x}");
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(secret.as_bytes())?;
    file.sync_all()?;
    Ok(secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_made_once_and_nobody_else_may_read_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        let first = secret_file(&path).unwrap();
        assert_eq!((first.len(), secret_file(&path).unwrap()), (48, first));
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
}
