//! Notices that the files of a script have changed. It looks at sizes and times every now and then: that works on every
//! file system, also on those that tell nobody (network folders, containers).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// How often it looks.
const PERIOD: Duration = Duration::from_millis(250);

/// A folder with more files than this is watched no further; `node_modules` is not looked into at all.
const FILES_MAX: usize = 10_000;

type Snapshot = BTreeMap<PathBuf, (u64, Option<SystemTime>)>;

/// Watches one script.
pub(crate) struct Watch {
    path: PathBuf,
    known: Snapshot,
}

impl Watch {
    /// Watches a file or a folder, as it is now.
    pub(crate) fn new(path: &Path) -> Self {
        Self {
            path: path.to_path_buf(),
            known: snapshot(path),
        }
    }

    /// Waits for a change. Changes that come together (an editor that writes several files, a checkout) are one.
    pub(crate) async fn changed(&mut self) {
        let mut period = tokio::time::interval(PERIOD);
        period.tick().await;
        let mut seen = self.known.clone();
        loop {
            period.tick().await;
            let now = snapshot(&self.path);
            let at_rest = now == seen;
            seen = now;
            if at_rest && seen != self.known {
                self.known = seen;
                return;
            }
        }
    }
}

fn snapshot(path: &Path) -> Snapshot {
    let mut files = Snapshot::new();
    let mut open = vec![path.to_path_buf()];
    while let Some(path) = open.pop() {
        if files.len() >= FILES_MAX {
            break;
        }
        let Ok(about) = std::fs::metadata(&path) else {
            continue;
        };
        if about.is_dir() {
            let Ok(entries) = std::fs::read_dir(&path) else {
                continue;
            };
            open.extend(
                entries
                    .flatten()
                    .map(|entry| entry.path())
                    .filter(|path| matters(path)),
            );
        } else {
            files.insert(path, (about.len(), about.modified().ok()));
        }
    }
    files
}

fn matters(path: &Path) -> bool {
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let scratch = name.starts_with('.')
        || name.ends_with('~')
        || name.ends_with(".swp")
        || name.ends_with(".tmp");
    !scratch && name != "node_modules"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_the_script_matter() {
        for (name, expected) in [
            ("a.js", true),
            ("lib", true),
            (".git", false),
            ("a.js~", false),
            (".a.js.swp", false),
            ("node_modules", false),
        ] {
            assert_eq!(matters(Path::new(name)), expected, "{name}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn changes_that_come_together_are_one() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.js"), "1").unwrap();
        let mut watch = Watch::new(folder.path());
        std::fs::write(folder.path().join("a.js"), "12").unwrap();
        std::fs::write(folder.path().join("b.js"), "1").unwrap();
        watch.changed().await;
        let still = tokio::time::timeout(PERIOD * 20, watch.changed()).await;
        assert!(
            still.is_err(),
            "the second file was told as a change of its own"
        );
    }
}
