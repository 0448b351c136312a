//! Unpacks a script's zip without trusting it: nothing outside the folder, no links, nothing larger than the limits.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Component, Path, PathBuf};

use zip::ZipArchive;

/// How large an archive may be.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Files and folders.
    pub entries: usize,
    /// Bytes of all files together, unpacked.
    pub total_bytes: u64,
    /// Bytes of the archive itself.
    pub archive_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            entries: 20_000,
            total_bytes: 256 << 20,
            archive_bytes: 64 << 20,
        }
    }
}

/// Why an archive is refused.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Not a zip, or a broken one.
    #[error("it is not a zip file, or a damaged one ({0}); pack the script's folder with zip")]
    NotAZip(String),
    /// More files than allowed.
    #[error(
        "it has {found} entries, more than the {allowed} allowed; leave out what the script does not need"
    )]
    TooManyEntries {
        /// In the archive.
        found: usize,
        /// The limit.
        allowed: usize,
    },
    /// More bytes than allowed.
    #[error(
        "it has more than the {allowed} bytes allowed; leave out what the script does not need"
    )]
    TooLarge {
        /// The limit.
        allowed: u64,
    },
    /// A name that leads out of the folder.
    #[error("its entry {0:?} leads out of the folder; pack the folder with relative names")]
    Outside(String),
    /// A link or a device.
    #[error("its entry {0:?} is neither file nor folder; pack plain files (zip without -y)")]
    Special(String),
    /// A name twice.
    #[error("its entry {0:?} is there twice")]
    Twice(String),
    /// The disk.
    #[error("it cannot be unpacked: {0}")]
    Disk(#[from] io::Error),
}

/// Unpacks `archive` into `folder`, which exists and is empty. On a refusal some files may have been written.
pub fn unpack(archive: &Path, folder: &Path, limits: &Limits) -> Result<(), Refusal> {
    let file = File::open(archive)?;
    if file.metadata()?.len() > limits.archive_bytes {
        return Err(Refusal::TooLarge {
            allowed: limits.archive_bytes,
        });
    }
    let mut zip = ZipArchive::new(io::BufReader::new(file)).map_err(not_a_zip)?;
    if zip.len() > limits.entries {
        return Err(Refusal::TooManyEntries {
            found: zip.len(),
            allowed: limits.entries,
        });
    }
    let mut left = limits.total_bytes;
    for index in 0..zip.len() {
        let mut entry = zip.by_index(index).map_err(not_a_zip)?;
        let name = entry.name().map_err(not_a_zip)?.into_owned();
        let target = folder.join(inside(&name)?);
        if entry.is_dir() {
            fs::create_dir_all(&target)?;
            continue;
        }
        let kind = entry.unix_mode().unwrap_or(0) & 0o170_000;
        if entry.is_symlink() || !(kind == 0 || kind == 0o100_000) {
            return Err(Refusal::Special(name));
        }
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent)?;
        }
        let mut out = match File::create_new(&target) {
            Ok(out) => out,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                return Err(Refusal::Twice(name));
            }
            Err(error) => return Err(error.into()),
        };
        // The size in the archive's directory may lie: what counts is what comes out.
        let written = copy_at_most(&mut entry, &mut out, left)?;
        left = left.checked_sub(written).ok_or(Refusal::TooLarge {
            allowed: limits.total_bytes,
        })?;
    }
    Ok(())
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "map_err hands the error over"
)]
fn not_a_zip(error: zip::result::ZipError) -> Refusal {
    Refusal::NotAZip(error.to_string())
}

/// The relative path of an entry, when it has one. Backslashes are separators in archives made on Windows.
fn inside(name: &str) -> Result<PathBuf, Refusal> {
    let plain = name.replace('\\', "/");
    let outside = || Refusal::Outside(name.to_owned());
    let drive = plain.as_bytes().get(1) == Some(&b':');
    if plain.is_empty() || plain.contains('\0') || drive {
        return Err(outside());
    }
    let mut path = PathBuf::new();
    for part in Path::new(&plain).components() {
        match part {
            Component::Normal(part) => path.push(part),
            Component::CurDir => {}
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => {
                return Err(outside());
            }
        }
    }
    Ok(path)
}

/// Copies, and stops one byte past the limit.
fn copy_at_most(from: &mut impl Read, to: &mut impl Write, most: u64) -> Result<u64, Refusal> {
    let mut limited = from.take(most.saturating_add(1));
    io::copy(&mut limited, to).map_err(|error| {
        let damaged = matches!(
            error.kind(),
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::UnexpectedEof
        );
        if damaged {
            Refusal::NotAZip(error.to_string())
        } else {
            Refusal::Disk(error)
        }
    })
}
