//! Looks at a zip before anything believes it: whether it is one, what its entries are called, how large they really are. A
//! refusal is a sentence for the developer who made the zip.

use std::io::{self, Read, Seek};
use std::path::{Component, Path};

use zip::ZipArchive;
use zip::result::ZipError;

use crate::content::Purpose;

/// How much a zip may hold.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ArchiveLimits {
    /// All unpacked files together.
    pub(crate) unpacked_bytes_max: u64,
    /// Files and folders.
    pub(crate) entries_max: usize,
}

/// Why a zip is refused, in words for its maker.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct BadArchive(pub(crate) String);

/// Whether this is a zip that may be unpacked on a host. Every entry is decompressed, because headers can lie.
pub(crate) fn inspect(
    reader: impl Read + Seek,
    limits: ArchiveLimits,
    purpose: Purpose,
) -> Result<(), BadArchive> {
    let mut archive = ZipArchive::new(reader).map_err(|error| not_a_zip(&error))?;
    if archive.is_empty() {
        return Err(bad("The zip is empty: put the script's files in it."));
    }
    if archive.len() > limits.entries_max {
        let (found, most) = (archive.len(), limits.entries_max);
        return Err(bad(format!(
            "The zip has {found} entries; {most} are the most."
        )));
    }
    let mut scripts = 0;
    let mut left = limits.unpacked_bytes_max;
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(|error| not_a_zip(&error))?;
        let name = entry
            .name()
            .map_err(|error| not_a_zip(&error))?
            .into_owned();
        check_name(&name)?;
        check_kind(&name, entry.unix_mode(), entry.encrypted())?;
        if entry.is_dir() {
            continue;
        }
        let copied = io::copy(&mut entry.take(left + 1), &mut io::sink()).map_err(|error| {
            bad(format!(
                "Entry '{name}' of the zip cannot be unpacked ({error}): make the zip anew."
            ))
        })?;
        left = left.checked_sub(copied).ok_or_else(|| {
            let most = limits.unpacked_bytes_max;
            bad(format!(
                "The zip unpacks to more than {most} bytes, which is the most."
            ))
        })?;
        if is_script(&name) {
            scripts += 1;
        }
    }
    if scripts == 0 && purpose == Purpose::Script {
        return Err(bad(
            "The zip has no script in it: it needs at least one .js file.",
        ));
    }
    Ok(())
}

fn is_script(name: &str) -> bool {
    let extension = Path::new(name)
        .extension()
        .and_then(|extension| extension.to_str());
    matches!(extension, Some("js" | "cjs" | "mjs"))
}

fn check_name(name: &str) -> Result<(), BadArchive> {
    let outside = |what| {
        bad(format!(
            "Entry '{name}' of the zip {what}: entries must lie below the zip's root."
        ))
    };
    if name.is_empty() || name.contains('\0') {
        return Err(outside("has a name that no file can have"));
    }
    if name.starts_with('/') || name.starts_with('\\') || name.as_bytes().get(1) == Some(&b':') {
        return Err(outside("has an absolute path"));
    }
    let slashes = name.replace('\\', "/");
    let leaves = Path::new(&slashes).components().any(|part| match part {
        Component::ParentDir | Component::RootDir | Component::Prefix(_) => true,
        Component::CurDir | Component::Normal(_) => false,
    });
    if leaves {
        Err(outside("leads out of the folder with '..'"))
    } else {
        Ok(())
    }
}

fn check_kind(name: &str, mode: Option<u32>, encrypted: bool) -> Result<(), BadArchive> {
    const KIND: u32 = 0o170_000;
    if encrypted {
        return Err(bad(format!(
            "Entry '{name}' of the zip is encrypted: make the zip without a password."
        )));
    }
    match mode.map_or(0, |mode| mode & KIND) {
        0 | 0o100_000 | 0o040_000 => Ok(()),
        0o120_000 => Err(bad(format!(
            "Entry '{name}' of the zip is a link: put the file itself in it."
        ))),
        _ => Err(bad(format!(
            "Entry '{name}' of the zip is neither a file nor a folder."
        ))),
    }
}

fn not_a_zip(error: &ZipError) -> BadArchive {
    bad(format!(
        "The content is not a readable zip ({error}): send the zip's bytes (CLI: fileb://)."
    ))
}

fn bad(text: impl Into<String>) -> BadArchive {
    BadArchive(text.into())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::io::{Cursor, Write as _};
    use zip::write::SimpleFileOptions;

    /// A zip with these files.
    pub(crate) fn zip_of(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            writer
                .start_file(*name, SimpleFileOptions::default())
                .unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn link() -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        writer
            .start_file("a.js", SimpleFileOptions::default())
            .unwrap();
        writer
            .add_symlink("etc", "/etc", SimpleFileOptions::default())
            .unwrap();
        writer.finish().unwrap().into_inner()
    }

    /// The same zip with this entry name written over another of the same length, as an attacker would.
    fn renamed(from: &str, to: &str) -> Vec<u8> {
        let mut bytes = zip_of(&[(from, b"1")]);
        for at in 0..bytes.len() - from.len() {
            if bytes[at..].starts_with(from.as_bytes()) {
                bytes[at..at + to.len()].copy_from_slice(to.as_bytes());
            }
        }
        bytes
    }

    fn damaged() -> Vec<u8> {
        let mut bytes = zip_of(&[("a.js", &b"exports.ssExports = {};".repeat(20))]);
        bytes[40] ^= 0xff;
        bytes
    }

    #[test]
    fn what_is_refused_and_why() {
        let limits = ArchiveLimits {
            unpacked_bytes_max: 100_000,
            entries_max: 3,
        };
        let bomb = zip_of(&[("a.js", &vec![b' '; 200_000])]);
        let cases: Vec<(&str, Vec<u8>, Option<&str>)> = vec![
            (
                "good",
                zip_of(&[("src/a.js", b"1"), ("b.json", b"{}")]),
                None,
            ),
            ("empty body", Vec::new(), Some("not a readable zip")),
            (
                "text",
                b"exports.ssExports = {}".to_vec(),
                Some("not a readable zip"),
            ),
            (
                "half",
                zip_of(&[("a.js", b"1")])[..30].to_vec(),
                Some("not a readable zip"),
            ),
            ("no entry", zip_of(&[]), Some("is empty")),
            (
                "no script",
                zip_of(&[("readme.txt", b"1")]),
                Some("no script in it"),
            ),
            ("parent", renamed("xx/a.js", "../a.js"), Some("leads out")),
            ("absolute", renamed("xa.js", "/a.js"), Some("absolute")),
            ("drive", renamed("xx/a.js", "C:/a.js"), Some("absolute")),
            (
                "backslash",
                renamed("xxya.js", "..\\a.js"),
                Some("leads out"),
            ),
            ("link", link(), Some("is a link")),
            ("bomb", bomb, Some("unpacks to more than")),
            (
                "many",
                zip_of(&[("a.js", b""), ("b", b""), ("c", b""), ("d", b"")]),
                Some("4 entries"),
            ),
            ("damaged", damaged(), Some("cannot be unpacked")),
        ];
        for (name, bytes, expected) in cases {
            let outcome = inspect(Cursor::new(bytes), limits, Purpose::Script);
            match expected {
                None => assert_eq!(outcome, Ok(()), "{name}"),
                Some(part) => {
                    let error = outcome.expect_err(name).to_string();
                    assert!(error.contains(part), "{name}: {error}");
                }
            }
        }
    }
}
