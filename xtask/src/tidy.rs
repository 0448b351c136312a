//! The source checks itself: format, arrows, sizes, heads of files, licences, unfinished marks, paths of one machine, and
//! whether generated files are fresh.

use crate::arrows;
use crate::run::{cargo, finish, root, say};
use anyhow::{Result, bail};
use cargo_metadata::MetadataCommand;
use std::fs;
use std::path::Path;
use std::process::Command;

/// A file longer than this holds two rooms.
const LINES_MAX: usize = 1000;

/// Licences that may be linked into an Apache-2.0 binary.
const LICENCES: [&str; 15] = [
    "BlueOak-1.0.0",
    "Apache-2.0",
    "MIT",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Zlib",
    "Unicode-3.0",
    "0BSD",
    "CC0-1.0",
    "Unlicense",
    "BSL-1.0",
    "MIT-0",
    "CDLA-Permissive-2.0",
    "OpenSSL",
];

/// Everything that can be seen without compiling.
pub(crate) fn run() -> Result<()> {
    finish(&mut cargo(&["fmt", "--all", "--check"]))?;
    arrows::run()?;
    generate(true)?;
    let mut problems = sources()?;
    problems.extend(licences()?);
    for problem in &problems {
        say(&format!("tidy: {problem}"));
    }
    if !problems.is_empty() {
        bail!("{} things are untidy", problems.len());
    }
    Ok(())
}

/// Writes generated files anew, or with `check` says which are stale.
pub(crate) fn generate(check: bool) -> Result<()> {
    crate::codegen::run(check)
}

fn sources() -> Result<Vec<String>> {
    let listed = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()?;
    let mut problems = Vec::new();
    for name in String::from_utf8(listed.stdout)?.lines() {
        // A file that is listed and gone was deleted and not committed yet.
        if let Ok(text) = fs::read_to_string(root().join(name)) {
            problems.extend(file_problems(name, &text));
        }
    }
    Ok(problems)
}

fn file_problems(name: &str, text: &str) -> Vec<String> {
    let mut problems = Vec::new();
    let extension = Path::new(name)
        .extension()
        .and_then(|part| part.to_str())
        .unwrap_or_default();
    let generated = name.contains("/generated/");
    if extension == "rs" {
        if !text.starts_with("//!") && !generated {
            problems.push(format!("{name}: opens without `//!`, what the room is for"));
        }
        let lines = text.lines().count();
        if lines > LINES_MAX {
            problems.push(format!("{name}: {lines} lines, at most {LINES_MAX}"));
        }
    }
    if ["rs", "toml", "md", "py", "mjs", "js", "sh"].contains(&extension) {
        for (index, line) in text.lines().enumerate() {
            problems.extend(line_problem(line).map(|what| format!("{name}:{}: {what}", index + 1)));
        }
    }
    problems
}

fn line_problem(line: &str) -> Option<&'static str> {
    // The words are put together here so that this file does not find itself.
    let unfinished = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("unimpl", "emented!"),
    ];
    if unfinished.iter().any(|word| line.contains(word)) && !line.contains("issue #") {
        return Some("unfinished without an issue (write `issue #N`)");
    }
    let machine = [concat!("/wo", "rk/"), concat!("/ro", "ot/")];
    machine
        .iter()
        .any(|path| line.contains(path))
        .then_some("a path of one machine")
}

fn licences() -> Result<Vec<String>> {
    let metadata = MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .exec()?;
    let mut problems = Vec::new();
    for package in &metadata.packages {
        let licence = package.license.clone().unwrap_or_default();
        // "A OR B" is met by either; "A AND B" needs both.
        let met = licence.replace('/', " OR ").split(" OR ").any(|choice| {
            choice.split(" AND ").all(|part| {
                let part = part.trim_matches(|c: char| " ()".contains(c));
                let name = part.split(" WITH ").next().unwrap_or(part);
                LICENCES.contains(&name)
            })
        });
        if !met {
            problems.push(format!(
                "{} {}: licence `{licence}` is not on the list",
                package.name, package.version
            ));
        }
    }
    Ok(problems)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sources_are_tidy() {
        assert_eq!(sources().unwrap(), Vec::<String>::new());
    }

    #[test]
    fn what_is_untidy_is_found() {
        let long = "//! x\n".repeat(LINES_MAX + 1);
        assert_eq!(file_problems("a.rs", &long).len(), 1);
        assert_eq!(file_problems("a.rs", "fn main() {}\n").len(), 1);
        assert_eq!(
            file_problems("a.rs", concat!("//! x\n// TO", "DO\n")).len(),
            1
        );
        assert_eq!(file_problems("a.md", concat!("see /wo", "rk/x\n")).len(), 1);
        assert_eq!(file_problems("a.md", "all is well\n").len(), 0);
    }
}
