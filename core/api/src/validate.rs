//! Types first, then constraints: what is wrong with a request, in AWS's words (spec, 1.2).

use crate::schema::{Kind, Shape};
use crate::{Fault, Operation};
use serde_json::{Map, Number, Value};
use std::fmt::Write;

/// More violations than this are not looked for; a body of some megabytes could hold a million of them.
const VIOLATIONS_MAX: usize = 100;

/// Longer values are shown cut off.
const SHOWN_MAX: usize = 4096;

/// Longer texts of shapes with a greatest length are not matched; the greatest length of those with a pattern is 1,024.
const PATTERN_LENGTH_MAX: usize = 8192;

const REDACTED: &str = "*** Sensitive Data Redacted ***";

/// The tree without `null` and unknown members, when types and constraints are met.
pub(crate) fn checked(operation: Operation, input: Value) -> Result<Value, Fault> {
    let shape = operation.input().ok_or_else(|| not_kept(operation))?;
    let input = if input.is_null() {
        Value::Object(Map::new())
    } else {
        typed(shape, input)?
    };
    let mut violations = Violations::default();
    violations.look(shape, &input, &mut String::new());
    violations.verdict().map(|()| input)
}

/// The answer to a request whose shapes this crate does not hold.
pub(crate) fn not_kept(operation: Operation) -> Fault {
    Fault::invalid(format!(
        "{operation} is not supported by this implementation"
    ))
}

/// The tree with values of the right types only.
fn typed(shape: &Shape, value: Value) -> Result<Value, Fault> {
    match (&shape.kind, value) {
        (Kind::Structure(_), Value::Object(members)) => structure(shape, members),
        (Kind::List(element), Value::Array(values)) => values
            .into_iter()
            .filter(|value| !value.is_null())
            .map(|value| typed(element, value))
            .collect(),
        (Kind::Map(_, element), Value::Object(entries)) => {
            let mut kept = Map::new();
            for (key, value) in entries {
                if !value.is_null() {
                    kept.insert(key, typed(element, value)?);
                }
            }
            Ok(Value::Object(kept))
        }
        (
            Kind::String | Kind::Values(_) | Kind::OpenValues(_) | Kind::Blob,
            text @ Value::String(_),
        ) => Ok(text),
        (Kind::Boolean, truth @ Value::Bool(_)) => Ok(truth),
        (Kind::Integer, Value::Number(number)) => whole(&number)
            .filter(|number| i32::try_from(*number).is_ok())
            .map(Value::from)
            .ok_or_else(|| mismatch(shape, &Value::Number(number))),
        (Kind::Long, Value::Number(number)) => whole(&number)
            .map(Value::from)
            .ok_or_else(|| mismatch(shape, &Value::Number(number))),
        (Kind::Double | Kind::Timestamp, number @ Value::Number(_)) => Ok(number),
        (_, other) => Err(mismatch(shape, &other)),
    }
}

fn structure(shape: &Shape, members: Map<String, Value>) -> Result<Value, Fault> {
    let mut kept = Map::new();
    for (name, value) in members {
        if let Some(member) = shape.member(&name).filter(|_| !value.is_null()) {
            kept.insert(name, typed(member.shape, value)?);
        }
    }
    Ok(Value::Object(kept))
}

/// A whole number, also when it is written with a fraction of zero.
fn whole(number: &Number) -> Option<i64> {
    number.as_i64().or_else(|| {
        let float = number.as_f64()?;
        (float.fract() == 0.0 && float.abs() < 9e15).then_some(float as i64)
    })
}

fn mismatch(shape: &Shape, value: &Value) -> Fault {
    let found = match value {
        Value::Null => "NULL_VALUE",
        Value::Bool(true) => "TRUE_VALUE",
        Value::Bool(false) => "FALSE_VALUE",
        Value::Number(number) if number.is_f64() => "DECIMAL_VALUE",
        Value::Number(_) => "NUMBER_VALUE",
        Value::String(_) => "STRING_VALUE",
        Value::Array(_) => return Fault::serialization("Start of list found where not expected"),
        Value::Object(_) => {
            return Fault::serialization("Start of structure or map found where not expected.");
        }
    };
    let wanted = match &shape.kind {
        Kind::Structure(_) | Kind::Map(..) => "a structure or map",
        Kind::List(_) => "a list",
        Kind::Values(_) | Kind::OpenValues(_) | Kind::String => "a String",
        Kind::Integer => "an Integer",
        Kind::Long => "a Long",
        Kind::Double => "a Double",
        Kind::Boolean => "a Boolean",
        Kind::Timestamp => "milliseconds since epoch",
        Kind::Blob => "a Blob",
    };
    Fault::serialization(format!("{found} can not be converted to {wanted}"))
}

#[derive(Default)]
struct Violations {
    found: Vec<String>,
}

impl Violations {
    fn verdict(self) -> Result<(), Fault> {
        let number = self.found.len();
        if number == 0 {
            return Ok(());
        }
        let errors = if number == 1 { "error" } else { "errors" };
        Err(Fault::invalid(format!(
            "{number} validation {errors} detected: {}",
            self.found.join("; ")
        )))
    }

    /// Looks at a value and all it holds; `path` is where it lies.
    fn look(&mut self, shape: &Shape, value: &Value, path: &mut String) {
        if self.found.len() >= VIOLATIONS_MAX {
            return;
        }
        self.bounds(shape, value, path);
        match (&shape.kind, value) {
            (Kind::Structure(_), Value::Object(members)) => self.members(shape, members, path),
            (Kind::List(element), Value::Array(values)) => {
                for (index, value) in values.iter().enumerate() {
                    self.step(path, &format!("{}.member", index + 1), |own, path| {
                        own.look(element, value, path);
                    });
                }
            }
            (Kind::Map(key_shape, element), Value::Object(entries)) => {
                for (key, value) in entries {
                    self.step(path, &format!("{key}.key"), |own, path| {
                        own.bounds(key_shape, &Value::String(key.clone()), path);
                    });
                    self.step(path, &format!("{key}.member"), |own, path| {
                        own.look(element, value, path);
                    });
                }
            }
            _ => {}
        }
    }

    fn members(&mut self, shape: &Shape, members: &Map<String, Value>, path: &mut String) {
        let Kind::Structure(known) = &shape.kind else {
            return;
        };
        for member in *known {
            let name = lower_camel(member.name);
            self.step(path, &name, |own, path| match members.get(member.name) {
                Some(value) => own.look(member.shape, value, path),
                None if member.required => own.add("null", path, "Member must not be null"),
                None => {}
            });
        }
    }

    fn step(&mut self, path: &mut String, name: &str, inside: impl FnOnce(&mut Self, &mut String)) {
        let length = path.len();
        if length > 0 {
            path.push('.');
        }
        path.push_str(name);
        inside(self, path);
        path.truncate(length);
    }

    /// The constraints of the value itself.
    fn bounds(&mut self, shape: &Shape, value: &Value, path: &str) {
        let (measure, what) = match (&shape.kind, value) {
            (Kind::Blob, Value::String(text)) => (Some(decoded_length(text)), "length"),
            (_, Value::String(text)) => (Some(text.chars().count() as i64), "length"),
            (_, Value::Array(values)) => (Some(values.len() as i64), "length"),
            (Kind::Map(..), Value::Object(entries)) => (Some(entries.len() as i64), "length"),
            (Kind::Integer | Kind::Long, Value::Number(number)) => (number.as_i64(), "value"),
            _ => (None, ""),
        };
        if let Some((measure, min)) = measure.zip(shape.min)
            && measure < min
        {
            let rule = format!("Member must have {what} greater than or equal to {min}");
            self.fail(shape, value, path, &rule);
        }
        if let Some((measure, max)) = measure.zip(shape.max)
            && measure > max
        {
            let rule = format!("Member must have {what} less than or equal to {max}");
            self.fail(shape, value, path, &rule);
        }
        let Value::String(text) = value else {
            return;
        };
        // A text of megabytes is refused for its length; to match it would hold everybody up.
        let is_huge = text.len() > PATTERN_LENGTH_MAX && shape.max.is_some();
        if let Some(pattern) = shape.pattern
            && !is_huge
            && !pattern.matches(text)
        {
            let rule = format!(
                "Member must satisfy regular expression pattern: {}",
                pattern.text()
            );
            self.fail(shape, value, path, &rule);
        }
        if let Kind::Values(set) | Kind::OpenValues(set) = &shape.kind
            && !set.contains(&text.as_str())
            && !(matches!(shape.kind, Kind::OpenValues(_)) && is_family_and_size(text))
        {
            let rule = format!("Member must satisfy enum value set: [{}]", set.join(", "));
            self.fail(shape, value, path, &rule);
        }
    }

    fn fail(&mut self, shape: &Shape, value: &Value, path: &str, rule: &str) {
        let mut text = String::new();
        show(shape, value, &mut text);
        if text.len() > SHOWN_MAX {
            let end = text.floor_char_boundary(SHOWN_MAX);
            text.truncate(end);
            text.push('…');
        }
        self.add(&format!("'{text}'"), path, rule);
    }

    fn add(&mut self, value: &str, path: &str, rule: &str) {
        if self.found.len() < VIOLATIONS_MAX {
            self.found.push(format!(
                "Value {value} at '{path}' failed to satisfy constraint: {rule}"
            ));
        }
    }
}

/// `StorageLocation` → `storageLocation`.
fn lower_camel(name: &str) -> String {
    let mut letters = name.chars();
    letters
        .next()
        .map(|first| first.to_lowercase().chain(letters).collect())
        .unwrap_or_default()
}

/// How many bytes a base64 text holds.
fn decoded_length(text: &str) -> i64 {
    let digits = text.trim_end_matches('=').len() as i64;
    digits * 3 / 4
}

/// The form of instance types, of which AWS adds new ones every year.
fn is_family_and_size(text: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    text.len() <= 64
        && text
            .split_once('.')
            .is_some_and(|(family, size)| part(family) && part(size))
}

/// Writes a value as messages show it, with what is secret left out.
fn show(shape: &Shape, value: &Value, text: &mut String) {
    if shape.sensitive {
        text.push_str(REDACTED);
        return;
    }
    if text.len() > SHOWN_MAX {
        return;
    }
    match (&shape.kind, value) {
        (Kind::List(element), Value::Array(values)) => {
            text.push('[');
            for (index, value) in values.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { ", " });
                show(element, value, text);
            }
            text.push(']');
        }
        (Kind::Structure(_), Value::Object(members)) => {
            text.push_str(shape.name);
            text.push('(');
            for (index, (name, value)) in members.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { ", " });
                text.push_str(name);
                text.push('=');
                if let Some(member) = shape.member(name) {
                    show(member.shape, value, text);
                }
            }
            text.push(')');
        }
        (Kind::Map(_, element), Value::Object(entries)) => {
            text.push('{');
            for (index, (key, value)) in entries.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { ", " });
                text.push_str(key);
                text.push('=');
                show(element, value, text);
            }
            text.push('}');
        }
        (Kind::Blob, _) => text.push_str("[bytes]"),
        (_, Value::String(own)) => text.push_str(own),
        (_, other) => {
            let _ = write!(text, "{other}");
        }
    }
}
