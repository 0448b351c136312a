//! The facts, read: `gamelift.json` (operations and shapes) and `coverage.txt` (what of them is supported).

use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

pub(super) struct Model {
    pub operations: Vec<Operation>,
    pub shapes: BTreeMap<String, Shape>,
}

pub(super) struct Operation {
    pub name: String,
    pub tier: String,
    /// What a request gets while the operation is not supported: `refused`, `missing` or `empty <list member>`.
    pub answer: String,
    pub faults: Vec<String>,
    pub supported: bool,
    pub differences: String,
}

pub(super) struct Shape {
    pub kind: Kind,
    pub min: Option<i64>,
    pub max: Option<i64>,
    pub pattern: Option<String>,
    pub sensitive: bool,
}

pub(super) enum Kind {
    Structure(Vec<Member>),
    List(String),
    Map(String, String),
    Enum(Vec<String>),
    /// `string`, `integer`, `long`, `double`, `float`, `boolean`, `timestamp` or `blob`.
    Plain(String),
}

pub(super) struct Member {
    pub name: String,
    pub shape: String,
    pub required: bool,
}

impl Model {
    pub(super) fn read(folder: &Path) -> Result<Self> {
        let facts: Value =
            serde_json::from_str(&fs::read_to_string(folder.join("gamelift.json"))?)?;
        let coverage = coverage(&fs::read_to_string(folder.join("coverage.txt"))?)?;
        let mut shapes = BTreeMap::new();
        for (name, facts) in object(&facts["shapes"])? {
            shapes.insert(name.clone(), shape(facts).with_context(|| name.clone())?);
        }
        let mut operations = Vec::new();
        for (name, facts) in object(&facts["operations"])? {
            let (supported, differences) = coverage
                .get(name)
                .with_context(|| format!("coverage.txt does not name {name}"))?
                .clone();
            operations.push(Operation {
                name: name.clone(),
                tier: text(&facts["tier"]),
                answer: text(&facts["answer"]),
                faults: texts(&facts["errors"]),
                supported,
                differences,
            });
        }
        if coverage.len() != operations.len() {
            bail!("coverage.txt names an operation that gamelift.json does not have");
        }
        Ok(Self { operations, shapes })
    }
}

/// Lines `Operation | yes or no | differences`.
fn coverage(lines: &str) -> Result<BTreeMap<String, (bool, String)>> {
    let mut table = BTreeMap::new();
    for line in lines
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        let parts: Vec<&str> = line.splitn(3, '|').map(str::trim).collect();
        let [name, supported, differences] = parts[..] else {
            bail!("coverage.txt: not `Operation | yes or no | differences`: {line}");
        };
        let supported = match supported {
            "yes" => true,
            "no" => false,
            other => bail!("coverage.txt: `{other}` is neither yes nor no"),
        };
        table.insert(name.to_owned(), (supported, differences.to_owned()));
    }
    Ok(table)
}

fn shape(facts: &Value) -> Result<Shape> {
    let kind = match facts["type"].as_str().context("a shape has a type")? {
        "structure" => {
            let required = texts(&facts["required"]);
            let members = object(&facts["members"])?
                .iter()
                .map(|(name, shape)| Member {
                    name: name.clone(),
                    shape: text(shape),
                    required: required.contains(name),
                })
                .collect();
            Kind::Structure(members)
        }
        "list" => Kind::List(text(&facts["member"])),
        "map" => Kind::Map(text(&facts["key"]), text(&facts["value"])),
        "string" if facts["enum"].is_array() => Kind::Enum(texts(&facts["enum"])),
        plain => Kind::Plain(plain.to_owned()),
    };
    Ok(Shape {
        kind,
        min: facts["min"].as_i64(),
        max: facts["max"].as_i64(),
        pattern: facts["pattern"].as_str().map(str::to_owned),
        sensitive: facts["sensitive"] == true,
    })
}

fn object(value: &Value) -> Result<&serde_json::Map<String, Value>> {
    value.as_object().context("an object")
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().map(text).collect()
}
