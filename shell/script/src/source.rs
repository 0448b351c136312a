//! Finds the script in what the user points at: a file, a folder or a zip.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::{Options, Why, archive};

/// A script on disk.
#[derive(Debug)]
pub(crate) struct Source {
    /// The file to run.
    pub(crate) entry: PathBuf,
    /// Working directory of the script, and all that `fs` shows.
    pub(crate) game_dir: PathBuf,
    /// What `require` shows: the game directory, or the package around it.
    pub(crate) module_root: PathBuf,
    /// The unpacked zip, deleted with the engine.
    _unpacked: Option<TempDir>,
}

impl Source {
    /// The path of a file as messages show it: inside the package, without the way to it.
    pub(crate) fn shown<'a>(&self, file: &'a str) -> &'a str {
        let root = self.module_root.to_str().unwrap_or_default();
        file.strip_prefix(root)
            .map_or(file, |rest| rest.trim_start_matches('/'))
    }
}

/// Finds the script.
pub(crate) fn locate(path: &Path, options: &Options) -> Result<Source, Why> {
    let unreadable = |error: std::io::Error| Why::Unreadable {
        path: path.to_owned(),
        reason: error.to_string(),
    };
    let place = fs::canonicalize(path).map_err(unreadable)?;
    let about = fs::metadata(&place).map_err(unreadable)?;
    if about.is_dir() {
        let entry = entry_of(&place, options)?;
        return Ok(found(entry, place.clone(), place, None));
    }
    if is_zip(&place) {
        let folder = TempDir::with_prefix("hoist-script-").map_err(unreadable)?;
        archive::unpack(&place, folder.path(), &archive::Limits::default())
            .map_err(|refusal| Why::Archive(refusal.to_string()))?;
        let root = fs::canonicalize(folder.path()).map_err(unreadable)?;
        let root = only_folder(&root).unwrap_or(root);
        let entry = entry_of(&root, options).map_err(|why| {
            // The user knows the archive, not the folder that it was unpacked to.
            if let Why::NoScript { remedy, .. } = why {
                return Why::NoScript {
                    path: path.to_owned(),
                    remedy,
                };
            }
            why
        })?;
        return Ok(found(entry, root.clone(), root, Some(folder)));
    }
    let parent = place
        .parent()
        .map_or_else(|| PathBuf::from("/"), Path::to_owned);
    let game_dir = match &options.game_dir {
        Some(folder) => fs::canonicalize(folder).map_err(|error| Why::Unreadable {
            path: folder.clone(),
            reason: error.to_string(),
        })?,
        None => parent,
    };
    // A script outside of the game directory may still require its own neighbours.
    let inside = place.starts_with(&game_dir);
    let root = package_around(if inside {
        &game_dir
    } else {
        place.parent().unwrap_or(&game_dir)
    });
    Ok(found(place, game_dir, root, None))
}

fn found(
    entry: PathBuf,
    game_dir: PathBuf,
    module_root: PathBuf,
    unpacked: Option<TempDir>,
) -> Source {
    Source {
        entry,
        game_dir,
        module_root,
        _unpacked: unpacked,
    }
}

/// A zip is known by its name or by its first bytes: a script file never begins with these.
fn is_zip(path: &Path) -> bool {
    use std::io::Read;
    let mut head = [0; 4];
    let by_name = path
        .extension()
        .is_some_and(|end| end.eq_ignore_ascii_case("zip"));
    by_name
        || fs::File::open(path)
            .and_then(|mut file| file.read_exact(&mut head))
            .is_ok_and(|()| head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06"))
}

/// Archives often have everything in one top folder.
fn only_folder(root: &Path) -> Option<PathBuf> {
    let mut entries = fs::read_dir(root).ok()?.filter_map(Result::ok);
    let first = entries.next()?;
    (entries.next().is_none() && first.path().is_dir()).then(|| first.path())
}

/// The nearest folder upwards that has a package.json, so that a script may require its own package's files.
fn package_around(folder: &Path) -> PathBuf {
    folder
        .ancestors()
        .find(|above| above.join("package.json").is_file())
        .unwrap_or(folder)
        .to_owned()
}

fn entry_of(folder: &Path, options: &Options) -> Result<PathBuf, Why> {
    let none = |remedy: String| Why::NoScript {
        path: folder.to_owned(),
        remedy,
    };
    if let Some(launch) = &options.launch_path {
        // Launch paths of the service begin with the place where it unpacks scripts.
        let inside = launch
            .trim_start_matches("/local/game/")
            .trim_start_matches('/');
        let entry = folder.join(inside);
        let real = fs::canonicalize(&entry)
            .ok()
            .filter(|real| real.starts_with(folder) && real.is_file());
        return real.ok_or_else(|| {
            none(format!(
                "there is no file {inside} in it; check the launch path"
            ))
        });
    }
    if let Some(main) = package_main(folder) {
        return Ok(main);
    }
    for name in ["index.js", "index.cjs", "index.mjs"] {
        if folder.join(name).is_file() {
            return Ok(folder.join(name));
        }
    }
    let mut scripts = top_scripts(folder);
    if scripts.len() > 1 {
        let exporting: Vec<_> = scripts
            .iter()
            .filter(|file| mentions_exports(file))
            .cloned()
            .collect();
        if !exporting.is_empty() {
            scripts = exporting;
        }
    }
    match scripts.as_slice() {
        [only] => Ok(only.clone()),
        [] => Err(none(
            "it has no .js file at its top; put the script (index.js) there".to_owned(),
        )),
        several => {
            let names: Vec<_> = several
                .iter()
                .filter_map(|file| Some(file.file_name()?.to_string_lossy().into_owned()))
                .collect();
            Err(none(format!(
                "several could be it ({}); name one of them",
                names.join(", ")
            )))
        }
    }
}

fn package_main(folder: &Path) -> Option<PathBuf> {
    let text = fs::read_to_string(folder.join("package.json")).ok()?;
    let about: serde_json::Value =
        serde_json::from_str(text.trim_start_matches('\u{feff}')).ok()?;
    let main = folder.join(about.get("main")?.as_str()?);
    let named = main.to_str()?;
    let candidates = [
        named.to_owned(),
        format!("{named}.js"),
        format!("{named}/index.js"),
    ];
    let real = candidates
        .iter()
        .map(Path::new)
        .find(|path| path.is_file())?;
    fs::canonicalize(real)
        .ok()
        .filter(|real| real.starts_with(folder))
}

fn top_scripts(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut scripts: Vec<_> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.is_file())
        .filter(|path| {
            path.extension()
                .is_some_and(|end| end == "js" || end == "cjs" || end == "mjs")
        })
        .collect();
    scripts.sort();
    scripts
}

fn mentions_exports(file: &Path) -> bool {
    fs::read(file).is_ok_and(|text| text.windows(9).any(|part| part == b"ssExports"))
}
