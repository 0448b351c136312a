//! `hoist script check`: what a script will do, and what is wrong with it, without running a game.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use session::LogLine;

use crate::embedded::{has_core, is_node_only};
use crate::engine::load_all;
use crate::{Kind, Options};

/// All callbacks there are.
const CALLBACKS: [&str; 13] = [
    "init",
    "onHealthCheck",
    "onMessage",
    "onPlayerAccepted",
    "onPlayerConnect",
    "onPlayerDisconnect",
    "onPlayerJoinGroup",
    "onPlayerLeaveGroup",
    "onProcessStarted",
    "onProcessTerminate",
    "onSendToGroup",
    "onSendToPlayer",
    "onStartGameSession",
];
/// Files that are looked through for what they require, and bytes of each.
const FILES_MAX: usize = 500;
const FILE_BYTES_MAX: u64 = 1 << 20;

/// What is known about a script.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// What was checked.
    pub path: String,
    /// The file that runs, within the path.
    pub script: Option<String>,
    /// Whether it can be used: no finding is an error.
    pub ok: bool,
    /// The engine that it will use.
    pub engine: Option<Kind>,
    /// Callbacks that will be called.
    pub callbacks: Vec<String>,
    /// `configuration.maxPlayers`.
    pub max_players: Option<u32>,
    /// `configuration.pingIntervalTime`.
    pub ping_interval_ms: Option<u64>,
    /// What is wrong or odd.
    pub findings: Vec<Finding>,
    /// What the script logged while it was loaded.
    pub log: Vec<String>,
}

/// One thing that is wrong or odd.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// What it is, and what to do.
    pub text: String,
    /// Where, when it has a place.
    pub file: Option<String>,
    /// Where in the file.
    pub line: Option<usize>,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The script cannot be used.
    Error,
    /// It can be used, and will probably not do what is meant.
    Warning,
}

/// Loads a script and looks through its files. The script's top level runs, its callbacks do not.
pub async fn check(path: &Path, options: &Options) -> Report {
    let mut report = Report {
        path: path.display().to_string(),
        ..Report::default()
    };
    match load_all(path, options).await {
        Ok(mut loaded) => {
            let mut events = Vec::new();
            loaded.engine.run(&mut events);
            report.log = crate::embedded::logged(&events).iter().map(shown).collect();
            let exports = loaded.exports();
            report.engine = Some(loaded.engine.kind());
            report.callbacks = exports.callbacks.into_iter().collect();
            report.max_players = exports.max_players;
            report.ping_interval_ms = exports.ping_interval_ms;
            report
                .findings
                .extend(exports.warnings.into_iter().map(warning));
            report.findings.extend(
                loaded
                    .about
                    .others
                    .iter()
                    .filter_map(|name| misspelled(name)),
            );
            let root = loaded.engine.root();
            report.script = loaded
                .engine
                .entry()
                .strip_prefix(root)
                .ok()
                .map(|entry| entry.display().to_string());
            for file in sources(root) {
                look_through(&file, root, loaded.engine.kind(), &mut report.findings);
            }
        }
        Err(failed) => {
            report.log = failed.error.log.iter().map(shown).collect();
            let text = failed.error.to_string();
            let (file, line) =
                place_in(&text).map_or((None, None), |(file, line)| (Some(file), Some(line)));
            report.findings.push(Finding {
                severity: Severity::Error,
                text,
                file,
                line,
            });
        }
    }
    report.ok = report
        .findings
        .iter()
        .all(|finding| finding.severity != Severity::Error);
    report
}

fn shown(line: &LogLine) -> String {
    format!("({}) {}: {}", line.file, line.line, line.text)
}

fn warning(text: String) -> Finding {
    Finding {
        severity: Severity::Warning,
        text,
        file: None,
        line: None,
    }
}

/// A function of `ssExports` that looks like a callback and is none.
fn misspelled(name: &str) -> Option<Finding> {
    let near = CALLBACKS
        .iter()
        .map(|known| (distance(&known.to_lowercase(), &name.to_lowercase()), known))
        .min()
        .filter(|(distance, _)| *distance <= 3 && name.len() > 3);
    match near {
        Some((_, known)) => Some(warning(format!(
            "ssExports.{name} is never called: did you mean {known}?"
        ))),
        None if name.starts_with("on") => Some(warning(format!(
            "ssExports.{name} is never called: there is no such callback (there are {})",
            CALLBACKS.join(", ")
        ))),
        None => None,
    }
}

/// How many letters have to be changed, added or taken away.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (at, letter) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = at + 1;
        for column in 0..b.len() {
            let change = diagonal + usize::from(letter != b[column]);
            diagonal = row[column + 1];
            row[column + 1] = change.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[b.len()]
}

/// The first `file.js:12` of a stack.
fn place_in(text: &str) -> Option<(String, usize)> {
    text.split(|letter: char| letter.is_whitespace() || matches!(letter, '(' | ')'))
        .find_map(|word| {
            let mut parts = word.split(':');
            let file = parts
                .next()
                .filter(|file| file.ends_with("js") || file.ends_with("json"))?;
            let line = parts.next()?.parse().ok()?;
            Some((file.rsplit('/').next().unwrap_or(file).to_owned(), line))
        })
}

/// The script's own files.
fn sources(root: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(folder) else {
            continue;
        };
        for entry in entries.filter_map(Result::ok) {
            let Ok(kind) = entry.file_type() else {
                continue;
            };
            let path = entry.path();
            let hidden = entry.file_name().to_string_lossy().starts_with('.');
            if kind.is_dir() && !hidden && entry.file_name() != "node_modules" {
                folders.push(path);
            } else if kind.is_file()
                && path
                    .extension()
                    .is_some_and(|end| end == "js" || end == "cjs")
            {
                files.push(path);
            }
        }
        if files.len() >= FILES_MAX {
            break;
        }
    }
    files.sort();
    files.truncate(FILES_MAX);
    files
}

/// Finds what a file requires only when it is called: loading does not meet that.
fn look_through(file: &Path, root: &Path, kind: Kind, findings: &mut Vec<Finding>) {
    let small = fs::metadata(file).is_ok_and(|about| about.len() <= FILE_BYTES_MAX);
    let Some(text) = small.then(|| fs::read_to_string(file).ok()).flatten() else {
        return;
    };
    let shown = file
        .strip_prefix(root)
        .unwrap_or(file)
        .display()
        .to_string();
    for (at, line) in text.lines().enumerate() {
        let code = line.trim_start();
        if code.starts_with("//") || code.starts_with('*') || code.starts_with("/*") {
            continue;
        }
        for name in required(code) {
            if let Some(text) = trouble(name, file, kind) {
                findings.push(Finding {
                    severity: Severity::Warning,
                    text,
                    file: Some(shown.clone()),
                    line: Some(at + 1),
                });
            }
        }
    }
}

/// The names in `require('..')` of a line.
fn required(line: &str) -> impl Iterator<Item = &str> {
    line.split("require(").skip(1).filter_map(|rest| {
        let quote = rest
            .chars()
            .next()
            .filter(|quote| matches!(quote, '\'' | '"' | '`'))?;
        let name = &rest[1..];
        name.find(quote)
            .map(|end| &name[..end])
            .filter(|name| !name.contains("${"))
    })
}

/// What will happen when this is required, when it is nothing good.
fn trouble(name: &str, from: &Path, kind: Kind) -> Option<String> {
    let bare = name.strip_prefix("node:").unwrap_or(name);
    if has_core(bare) {
        return None;
    }
    if is_node_only(bare) {
        return (kind == Kind::Embedded).then(|| {
            format!("require('{name}') will fail: the embedded engine lacks it; run the script with --engine node")
        });
    }
    if name.starts_with("node:") {
        return Some(format!(
            "require('{name}') will fail: Node.js has no such module"
        ));
    }
    let folder = from.parent()?;
    let found = if name.starts_with('.') {
        exists(&folder.join(name)) || name.contains("src/proto/")
    } else {
        let package: Vec<_> = name
            .split('/')
            .take(if name.starts_with('@') { 2 } else { 1 })
            .collect();
        let package = package.join("/");
        folder
            .ancestors()
            .any(|above| exists(&above.join("node_modules").join(&package)))
    };
    (!found && !name.starts_with('#') && !name.starts_with('/')).then(|| {
        format!("require('{name}') will fail: there is no such file or package beside the script")
    })
}

fn exists(path: &Path) -> bool {
    let named = path.to_string_lossy();
    path.exists()
        || ["js", "json", "cjs"]
            .iter()
            .any(|end| Path::new(&format!("{named}.{end}")).exists())
}

#[cfg(test)]
mod tests {
    use super::{misspelled, place_in, required};

    #[test]
    fn names_that_are_nearly_callbacks_are_told() {
        let cases = [
            ("onPlayerConected", Some("did you mean onPlayerConnect?")),
            ("OnMessage", Some("did you mean onMessage?")),
            (
                "onPlayerJoinedGroup",
                Some("did you mean onPlayerJoinGroup?"),
            ),
            ("onWhatever", Some("there is no such callback")),
            ("broadcast", None),
            ("tick", None),
            ("get", None),
        ];
        for (name, expected) in cases {
            let found = misspelled(name).map(|finding| finding.text);
            match expected {
                None => assert_eq!(found, None, "{name}"),
                Some(words) => assert!(
                    found.clone().is_some_and(|text| text.contains(words)),
                    "{name}: {found:?}"
                ),
            }
        }
    }

    #[test]
    fn places_are_found_in_stacks_of_both_engines() {
        assert_eq!(
            place_in("Error: x\n    at f (/a/b/main.js:12:5)"),
            Some(("main.js".to_owned(), 12))
        );
        assert_eq!(
            place_in("/a/b/main.js:3\nlet x = ;\n        ^\nSyntaxError"),
            Some(("main.js".to_owned(), 3))
        );
        assert_eq!(
            place_in("SyntaxError: bad\n    at /a/main.js:7:1"),
            Some(("main.js".to_owned(), 7))
        );
        assert_eq!(place_in("no place"), None);
    }

    #[test]
    fn requires_are_found() {
        let line = "const a = require('a'), b = require(\"./b\"), c = require(name), d = require(`x${y}`);";
        assert_eq!(required(line).collect::<Vec<_>>(), ["a", "./b"]);
    }
}
