//! The Rust files of `core/api/src/generated`: enums, structures, schema tables, operations.

use super::casing::{pascal, screaming, snake, variant};
use super::model::{Kind, Member, Model, Operation, Shape};
use anyhow::{Context, Result};
use std::fmt::Write;

/// Lines of one file before the next one is begun; rustfmt makes some more of them, the limit of the house is 800.
const LINES_MAX: usize = 480;

const HEAD: &str = "//! Generated from core/api/model by `cargo xtask bless`; change the facts there, not here.\n\n";

/// File names and texts.
pub(super) fn files(model: &Model) -> Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    files.push(("values.rs".to_owned(), values(model)));
    let structures = structures(model)?;
    let schemas = structure_schemas(model);
    let mut modules = String::new();
    let mut exports = String::new();
    for (number, body) in parts(structures).into_iter().enumerate() {
        let name = format!("shapes_{}", number + 1);
        let text = format!("{HEAD}use super::*;\n{}\n{body}", uses(&body));
        files.push((format!("{name}.rs"), text));
        writeln!(modules, "mod {name};")?;
        writeln!(exports, "pub use {name}::*;")?;
    }
    for (number, body) in parts(schemas).into_iter().enumerate() {
        let name = format!("schema_{}", number + 1);
        let text = format!(
            "{HEAD}use super::*;\nuse crate::schema::{{Shape, optional, required}};\n\n{body}"
        );
        files.push((format!("{name}.rs"), used_helpers(text, &body)));
        writeln!(modules, "mod {name};")?;
        writeln!(exports, "pub(crate) use {name}::*;")?;
    }
    files.push(("constraints.rs".to_owned(), constraints(model)?));
    files.push(("instance_types.rs".to_owned(), instance_types(model)?));
    files.push(("operations.rs".to_owned(), operations(model)?));
    files.push((
        "mod.rs".to_owned(),
        format!(
            "{HEAD}mod constraints;\nmod instance_types;\nmod operations;\n{modules}mod values;\n\npub(crate) use constraints::*;\npub use instance_types::INSTANCE_TYPES;\npub use operations::{{Operation, Request, Response}};\n{exports}pub use values::*;\n"
        ),
    ));
    Ok(files)
}

/// What a file of structures imports besides its neighbours.
fn uses(body: &str) -> String {
    let has = |word: &str| {
        body.split(|c: char| !c.is_alphanumeric())
            .any(|part| part == word)
    };
    let own: Vec<&str> = ["Blob", "Timestamp"]
        .into_iter()
        .filter(|name| has(name))
        .collect();
    let mut text = String::new();
    if !own.is_empty() {
        text.push_str(&format!("use crate::{{{}}};\n", own.join(", ")));
    }
    text.push_str("use serde::{Deserialize, Serialize};\n");
    if has("BTreeMap") {
        text.push_str("use std::collections::BTreeMap;\n");
    }
    text
}

fn used_helpers(text: String, body: &str) -> String {
    let names: Vec<&str> = ["Shape", "optional", "required"]
        .into_iter()
        .filter(|name| *name == "Shape" || body.contains(&format!("{name}(")))
        .collect();
    text.replace(
        "{Shape, optional, required}",
        &format!("{{{}}}", names.join(", ")),
    )
}

/// Joins texts to bodies of files, none of them longer than the limit.
fn parts(texts: Vec<String>) -> Vec<String> {
    let mut bodies = vec![String::new()];
    let mut lines = 0;
    for text in texts {
        let more = text.lines().count() + 1;
        if lines + more > LINES_MAX {
            bodies.push(String::new());
            lines = 0;
        }
        lines += more;
        let body = bodies.last_mut().expect("there is always one");
        body.push_str(&text);
        body.push('\n');
    }
    bodies
}

fn values(model: &Model) -> String {
    let mut text = format!("{HEAD}use crate::value::values;\n\n");
    for (name, shape) in &model.shapes {
        let Kind::Enum(all) = &shape.kind else {
            continue;
        };
        if name == "EC2InstanceType" {
            continue;
        }
        text.push_str(&format!("values! {{ {name} {{\n"));
        for value in all {
            text.push_str(&format!("    {} = \"{value}\",\n", variant(value)));
        }
        text.push_str("}}\n\n");
    }
    text
}

fn structures(model: &Model) -> Result<Vec<String>> {
    let mut texts = Vec::new();
    for (name, shape) in &model.shapes {
        let Kind::Structure(members) = &shape.kind else {
            continue;
        };
        let mut text = String::new();
        text.push_str("#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]\n");
        text.push_str("#[serde(default, rename_all = \"PascalCase\")]\n");
        writeln!(text, "pub struct {name} {{")?;
        for member in members {
            text.push_str(&field(model, member)?);
        }
        text.push_str("}\n");
        texts.push(text);
    }
    Ok(texts)
}

fn field(model: &Model, member: &Member) -> Result<String> {
    let name = snake(&member.name);
    let mut kind = rust_type(model, &member.shape)?;
    let mut attributes = Vec::new();
    if pascal(&name) != member.name {
        attributes.push(format!("rename = \"{}\"", member.name));
    }
    if !member.required {
        kind = format!("Option<{kind}>");
        attributes.push("skip_serializing_if = \"Option::is_none\"".to_owned());
    }
    let mut text = String::new();
    if !attributes.is_empty() {
        writeln!(text, "    #[serde({})]", attributes.join(", "))?;
    }
    let name = if name == "type" { "r#type" } else { &name };
    writeln!(text, "    pub {name}: {kind},")?;
    Ok(text)
}

fn rust_type(model: &Model, name: &str) -> Result<String> {
    let shape = model
        .shapes
        .get(name)
        .with_context(|| format!("no shape {name}"))?;
    Ok(match &shape.kind {
        Kind::Structure(_) => name.to_owned(),
        Kind::List(member) => format!("Vec<{}>", rust_type(model, member)?),
        Kind::Map(key, value) => {
            format!(
                "BTreeMap<{}, {}>",
                rust_type(model, key)?,
                rust_type(model, value)?
            )
        }
        Kind::Enum(_) if name == "EC2InstanceType" => "String".to_owned(),
        Kind::Enum(_) => name.to_owned(),
        Kind::Plain(plain) => match plain.as_str() {
            "string" => "String",
            "integer" => "i32",
            "long" => "i64",
            "double" | "float" => "f64",
            "boolean" => "bool",
            "timestamp" => "Timestamp",
            "blob" => "Blob",
            other => anyhow::bail!("unknown type {other} of {name}"),
        }
        .to_owned(),
    })
}

fn structure_schemas(model: &Model) -> Vec<String> {
    let mut texts = Vec::new();
    for (name, shape) in &model.shapes {
        let Kind::Structure(members) = &shape.kind else {
            continue;
        };
        let mut text = format!(
            "pub(crate) static {}: Shape = Shape::structure(\"{name}\", &[\n",
            screaming(name)
        );
        for member in members {
            let kind = if member.required {
                "required"
            } else {
                "optional"
            };
            text.push_str(&format!(
                "    {kind}(\"{}\", &{}),\n",
                member.name,
                screaming(&member.shape)
            ));
        }
        text.push_str("])");
        if shape.sensitive {
            text.push_str(".sensitive()");
        }
        text.push_str(";\n");
        texts.push(text);
    }
    texts
}

fn constraints(model: &Model) -> Result<String> {
    let mut text = format!("{HEAD}use super::*;\nuse crate::schema::{{Pattern, Shape}};\n\n");
    let mut patterns: Vec<&str> = Vec::new();
    for (name, shape) in &model.shapes {
        let maker = match &shape.kind {
            Kind::Structure(_) => continue,
            Kind::List(member) => format!("Shape::list(\"{name}\", &{})", screaming(member)),
            Kind::Map(key, value) => {
                format!(
                    "Shape::map(\"{name}\", &{}, &{})",
                    screaming(key),
                    screaming(value)
                )
            }
            Kind::Enum(_) if name == "EC2InstanceType" => {
                "Shape::open_values(\"EC2InstanceType\", &INSTANCE_TYPES)".to_owned()
            }
            Kind::Enum(_) => format!("Shape::values(\"{name}\", {name}::NAMES)"),
            Kind::Plain(plain) => format!("Shape::{plain}(\"{name}\")"),
        };
        write!(
            text,
            "pub(crate) static {}: Shape = {maker}",
            screaming(name)
        )?;
        text.push_str(&bounds(shape, &mut patterns)?);
        text.push_str(";\n");
    }
    text.push('\n');
    for (number, pattern) in patterns.iter().enumerate() {
        writeln!(
            text,
            "static PATTERN_{}: Pattern = Pattern::new(r#\"{pattern}\"#);",
            number + 1
        )?;
    }
    Ok(text)
}

fn bounds<'a>(shape: &'a Shape, patterns: &mut Vec<&'a str>) -> Result<String> {
    let mut text = String::new();
    if let Some(min) = shape.min {
        write!(text, ".min({min})")?;
    }
    if let Some(max) = shape.max {
        write!(text, ".max({max})")?;
    }
    if let Some(pattern) = &shape.pattern {
        let number = patterns
            .iter()
            .position(|known| known == pattern)
            .unwrap_or_else(|| {
                patterns.push(pattern);
                patterns.len() - 1
            });
        write!(text, ".pattern(&PATTERN_{})", number + 1)?;
    }
    if shape.sensitive {
        text.push_str(".sensitive()");
    }
    Ok(text)
}

fn instance_types(model: &Model) -> Result<String> {
    let shape = model
        .shapes
        .get("EC2InstanceType")
        .context("no EC2InstanceType")?;
    let Kind::Enum(all) = &shape.kind else {
        anyhow::bail!("EC2InstanceType is not an enum");
    };
    let mut text = format!(
        "{HEAD}/// The instance types that GameLift names; others of the same form are taken too.\npub static INSTANCE_TYPES: [&str; {}] = [\n",
        all.len()
    );
    for value in all {
        writeln!(text, "    \"{value}\",")?;
    }
    text.push_str("];\n");
    Ok(text)
}

fn operations(model: &Model) -> Result<String> {
    let mut text = format!(
        "{HEAD}use super::*;\nuse crate::operation::{{Call, Support, Tier, decoded, encoded, operations}};\nuse crate::schema::Shape;\nuse crate::{{Fault, FaultCode, validate}};\nuse serde_json::Value;\n\noperations! {{\n    calls {{\n"
    );
    for operation in model
        .operations
        .iter()
        .filter(|operation| operation.tier != "C")
    {
        writeln!(
            text,
            "{}: {}Input = {} => {}Output = {} {{ {}, {} }}",
            operation.name,
            operation.name,
            screaming(&format!("{}Input", operation.name)),
            operation.name,
            screaming(&format!("{}Output", operation.name)),
            operation.tier,
            support(operation),
        )?;
        writeln!(text, "    [{}]", faults(operation))?;
    }
    text.push_str("    }\n    refused {\n");
    for operation in model
        .operations
        .iter()
        .filter(|operation| operation.tier == "C")
    {
        let answer = support(operation);
        writeln!(text, "        {} {{ {answer} }}", operation.name)?;
    }
    text.push_str("    }\n}\n");
    Ok(text)
}

fn support(operation: &Operation) -> String {
    if operation.supported {
        return "Supported".to_owned();
    }
    match operation.answer.split_once(' ') {
        Some((_, list)) => format!("Empty(\"{list}\")"),
        None if operation.answer == "missing" => "Missing".to_owned(),
        None => "Refused".to_owned(),
    }
}

fn faults(operation: &Operation) -> String {
    let codes: Vec<&str> = operation
        .faults
        .iter()
        .map(|name| name.trim_end_matches("Exception"))
        .collect();
    codes.join(" ")
}
