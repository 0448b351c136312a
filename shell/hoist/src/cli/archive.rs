//! A script on disk (a file, a folder or a zip) as the bytes of a zip.

use anyhow::{Context, Result, bail};
use std::fs;
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};
use zip::write::SimpleFileOptions;

/// The most that CreateScript and UpdateScript take inline.
const ZIP_BYTES_MAX: usize = 5_000_000;

/// The zip of a script: a zip as it is, a file as a zip of one, a folder without what is hidden. The same content gives the
/// same bytes each time.
pub(crate) fn zip_of(path: &Path) -> Result<Vec<u8>> {
    if !path.exists() {
        bail!(
            "{} does not exist; give a script file, a folder or a zip",
            path.display()
        );
    }
    let bytes = if path.is_dir() {
        folder(path)?
    } else if path.extension().is_some_and(|extension| extension == "zip") {
        fs::read(path).with_context(|| path.display().to_string())?
    } else {
        let name = path.file_name().context("a script needs a name")?;
        pack(&[(name.to_string_lossy().into_owned(), path.to_path_buf())])?
    };
    if bytes.len() > ZIP_BYTES_MAX {
        let size = bytes.len();
        bail!(
            "the zip has {size} bytes, at most {ZIP_BYTES_MAX} go inline; put it into a bucket and give StorageLocation"
        );
    }
    Ok(bytes)
}

fn folder(root: &Path) -> Result<Vec<u8>> {
    let mut files = Vec::new();
    let mut open = vec![root.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let path = entry?.path();
            let hidden = path
                .file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with('.'));
            if hidden {
                continue;
            }
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path
                    .strip_prefix(root)?
                    .to_string_lossy()
                    .replace('\\', "/");
                files.push((name, path));
            }
        }
    }
    files.sort();
    pack(&files)
}

fn pack(files: &[(String, PathBuf)]) -> Result<Vec<u8>> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    // No time of its own: the default is the zip epoch, so equal content makes equal bytes.
    let options = SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
    for (name, path) in files {
        zip.start_file(name.as_str(), options)?;
        zip.write_all(&fs::read(path).with_context(|| path.display().to_string())?)?;
    }
    Ok(zip.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_makes_the_same_zip_each_time_without_what_is_hidden() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("lib")).unwrap();
        for name in ["main.js", "lib/help.js", ".secret"] {
            fs::write(folder.path().join(name), name).unwrap();
        }
        let first = zip_of(folder.path()).unwrap();
        assert_eq!(first, zip_of(folder.path()).unwrap());
        let names: Vec<String> = zip::ZipArchive::new(Cursor::new(first))
            .unwrap()
            .file_names()
            .map(|name| name.unwrap().into_owned())
            .collect();
        assert_eq!(names, ["lib/help.js", "main.js"]);
    }

    #[test]
    fn a_file_makes_a_zip_of_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("game.js");
        fs::write(&path, "1").unwrap();
        let zip = zip::ZipArchive::new(Cursor::new(zip_of(&path).unwrap())).unwrap();
        let names: Vec<_> = zip.file_names().map(Result::unwrap).collect();
        assert_eq!(names, ["game.js"]);
    }

    #[test]
    fn nothing_there_says_what_to_give() {
        let error = zip_of(Path::new("nowhere/at/all")).unwrap_err().to_string();
        assert!(
            error.contains("give a script file, a folder or a zip"),
            "{error}"
        );
    }
}
