//! Which crate may use which: the table in ARCHITECTURE.md is the rule, `cargo metadata` the fact.

use crate::run::{root, say};
use anyhow::{Context, Result, bail};
use cargo_metadata::{DependencyKind, MetadataCommand, Package};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// Says what breaks the table.
pub(crate) fn run() -> Result<()> {
    let problems = problems()?;
    for problem in &problems {
        say(&format!("arrows: {problem}"));
    }
    if !problems.is_empty() {
        bail!(
            "{} arrows are not those of the table in ARCHITECTURE.md",
            problems.len()
        );
    }
    Ok(())
}

fn problems() -> Result<Vec<String>> {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).context("ARCHITECTURE.md")?;
    let allowed = table(&text);
    let metadata = MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .exec()?;
    let own: BTreeMap<String, &Package> = metadata
        .workspace_packages()
        .into_iter()
        .map(|package| (package.name.to_string(), package))
        .collect();
    let mut problems = Vec::new();
    for (name, package) in &own {
        let Some(may) = allowed.get(name) else {
            problems.push(format!("{name} is missing in the table"));
            continue;
        };
        // What tests use is free: they see the house from outside.
        let uses = package
            .dependencies
            .iter()
            .filter(|used| used.kind != DependencyKind::Development);
        for used in uses.filter(|used| own.contains_key(&used.name)) {
            if !may.contains(&used.name) {
                problems.push(format!(
                    "{name} uses {}, which the table does not allow",
                    used.name
                ));
            }
        }
    }
    problems.extend(
        allowed
            .keys()
            .filter(|name| !own.contains_key(*name))
            .map(|name| format!("{name} is in the table only")),
    );
    Ok(problems)
}

/// Rows `| level | `crate` | room | may use |`.
fn table(text: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut allowed = BTreeMap::new();
    for line in text.lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [_, name, _, may] = cells[..] else {
            continue;
        };
        if let Some(name) = name
            .strip_prefix('`')
            .and_then(|rest| rest.split('`').next())
        {
            let may = may
                .split_whitespace()
                .map(|word| word.trim_matches('`').to_owned())
                .collect();
            allowed.insert(name.to_owned(), may);
        }
    }
    allowed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_are_those_of_the_table() {
        assert_eq!(problems().unwrap(), Vec::<String>::new());
    }

    #[test]
    fn rows_are_read() {
        let allowed = table(
            "| L | crate | room | may use |\n|---|---|---|---|\n| 1 | `session` | one | ids wire |\n",
        );
        let may: Vec<&String> = allowed["session"].iter().collect();
        assert_eq!(may, ["ids", "wire"]);
    }
}
