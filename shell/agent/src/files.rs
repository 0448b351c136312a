//! Small files of the agent: written whole, read from the end, cut in the middle.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

/// Writes a file so that whoever reads it sees all of it or nothing.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let temporary = path.with_extension("part");
    let mut file = File::create(&temporary)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&temporary, path)
}

/// The last bytes of a file as text, from the start of a line; empty when it cannot be read.
pub(crate) fn tail(path: &Path, bytes_max: u64) -> String {
    let read = || -> io::Result<String> {
        let mut file = File::open(path)?;
        let length = file.metadata()?.len();
        let from = length.saturating_sub(bytes_max);
        file.seek(SeekFrom::Start(from))?;
        let mut bytes = Vec::new();
        file.take(bytes_max).read_to_end(&mut bytes)?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let cut = from > 0 && text.contains('\n');
        Ok(match text.split_once('\n') {
            Some((_, rest)) if cut => rest.to_owned(),
            Some(_) | None => text,
        })
    };
    read().unwrap_or_default().trim_end().to_owned()
}

/// Keeps a file that a process appends to below a size: its beginning goes, its last part stays.
pub(crate) fn keep_below(path: &Path, bytes_max: u64) -> io::Result<()> {
    if fs::metadata(path)?.len() <= bytes_max {
        return Ok(());
    }
    let rest = tail(path, bytes_max / 4);
    let mut file = fs::OpenOptions::new().append(true).open(path)?;
    file.set_len(0)?;
    file.write_all(format!("(older lines were cut away)\n{rest}\n").as_bytes())
}

/// Writes a file to `to`; one that is too large without its middle.
pub(crate) fn copy_without_middle(
    path: &Path,
    to: &mut impl io::Write,
    bytes_max: u64,
) -> io::Result<()> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    if length <= bytes_max {
        // A process that still writes may add lines meanwhile; they are not part of it.
        return io::copy(&mut file.take(length), to).map(drop);
    }
    let half = bytes_max / 2;
    io::copy(&mut (&mut file).take(half), to)?;
    let left_out = length - 2 * half;
    to.write_all(
        format!("\n... {left_out} bytes were left out here, the log was too large ...\n")
            .as_bytes(),
    )?;
    file.seek(SeekFrom::End(-i64::try_from(half).unwrap_or(i64::MAX)))?;
    io::copy(&mut file.take(half), to).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_that_is_too_large_loses_its_middle_and_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        fs::write(&path, "0123456789").unwrap();
        let copied = |bytes_max| {
            let mut to = Vec::new();
            copy_without_middle(&path, &mut to, bytes_max).unwrap();
            String::from_utf8(to).unwrap()
        };
        assert_eq!(copied(10), "0123456789");
        assert_eq!(
            copied(6),
            "012\n... 4 bytes were left out here, the log was too large ...\n789"
        );
    }

    #[test]
    fn the_end_of_a_file_starts_with_a_whole_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        fs::write(&path, "first\nsecond\nthird\n").unwrap();
        assert_eq!(tail(&path, 1000), "first\nsecond\nthird");
        assert_eq!(tail(&path, 10), "third");
        assert_eq!(tail(&folder.path().join("none"), 10), "");
    }

    #[test]
    fn an_output_file_is_kept_below_its_size() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out");
        fs::write(&path, "a line of text\n".repeat(100)).unwrap();
        keep_below(&path, 1000).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        assert!(
            text.len() < 400 && text.starts_with("(older") && text.ends_with("a line of text\n")
        );
    }
}
