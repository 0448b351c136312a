//! Reading the members of one JSON object: typed access, complaints with places, and what nobody asked for.

use crate::json::{Member, Node, Value};
use crate::problem::Findings;

/// An object that is being read.
pub(super) struct Fields<'a> {
    members: &'a [Member],
    used: Vec<bool>,
    pub(super) at: usize,
    pub(super) path: String,
}

impl<'a> Fields<'a> {
    /// The members of `node`, or a complaint.
    pub(super) fn new(node: &'a Node, path: String, findings: &mut Findings<'_>) -> Option<Self> {
        let Value::Object(members) = &node.value else {
            findings.error(
                node.at,
                &path,
                format!("must be an object, not {}", node.value.kind()),
            );
            return None;
        };
        Some(Self {
            members,
            used: vec![false; members.len()],
            at: node.at,
            path,
        })
    }

    pub(super) fn path_of(&self, name: &str) -> String {
        format!("{}.{name}", self.path)
    }

    /// The member; `null` counts as absent.
    pub(super) fn optional(&mut self, name: &str) -> Option<&'a Node> {
        let index = self.members.iter().position(|member| member.key == name)?;
        self.used[index] = true;
        let node = &self.members[index].value;
        (!matches!(node.value, Value::Null)).then_some(node)
    }

    /// Whether the member is there, without counting it as read.
    pub(super) fn has(&self, name: &str) -> bool {
        self.members.iter().any(|member| member.key == name)
    }

    pub(super) fn required(&mut self, name: &str, findings: &mut Findings<'_>) -> Option<&'a Node> {
        let node = self.optional(name);
        if node.is_none() {
            findings.error(self.at, &self.path, format!("'{name}' is missing"));
        }
        node
    }

    pub(super) fn text(&mut self, name: &str, findings: &mut Findings<'_>) -> Option<&'a str> {
        let node = self.optional(name)?;
        text(node, &self.path_of(name), findings)
    }

    pub(super) fn required_text(
        &mut self,
        name: &str,
        findings: &mut Findings<'_>,
    ) -> Option<&'a str> {
        let node = self.required(name, findings)?;
        text(node, &self.path_of(name), findings)
    }

    /// A name: a text that is not blank.
    pub(super) fn required_name(&mut self, findings: &mut Findings<'_>) -> Option<&'a str> {
        let name = self.required_text("name", findings)?;
        if name.trim().is_empty() {
            let at = self.optional("name").map_or(self.at, |node| node.at);
            findings.error(at, &self.path_of("name"), "must not be empty");
            return None;
        }
        Some(name)
    }

    /// One of a few words.
    pub(super) fn choice<T: Copy>(
        &mut self,
        name: &str,
        choices: &[(&str, T)],
        findings: &mut Findings<'_>,
    ) -> Option<T> {
        let node = self.optional(name)?;
        let path = self.path_of(name);
        let given = text(node, &path, findings)?;
        let found = choices.iter().find(|(word, _)| *word == given);
        if found.is_none() {
            let words: Vec<_> = choices
                .iter()
                .map(|(word, _)| format!("\"{word}\""))
                .collect();
            findings.error(
                node.at,
                &path,
                format!("'{given}' is not one of {}", words.join(", ")),
            );
        }
        found.map(|(_, value)| *value)
    }

    pub(super) fn number(&mut self, name: &str, findings: &mut Findings<'_>) -> Option<f64> {
        let node = self.optional(name)?;
        self.checked(name, node, number(node), findings)
    }

    pub(super) fn count(&mut self, name: &str, findings: &mut Findings<'_>) -> Option<u32> {
        let node = self.optional(name)?;
        self.checked(name, node, count(node), findings)
    }

    fn checked<T>(
        &self,
        name: &str,
        node: &Node,
        value: Result<T, String>,
        findings: &mut Findings<'_>,
    ) -> Option<T> {
        value
            .map_err(|message| findings.error(node.at, &self.path_of(name), message))
            .ok()
    }

    pub(super) fn list(&mut self, name: &str, findings: &mut Findings<'_>) -> Option<&'a [Node]> {
        let node = self.optional(name)?;
        let Value::List(items) = &node.value else {
            findings.error(
                node.at,
                &self.path_of(name),
                format!("must be an array, not {}", node.value.kind()),
            );
            return None;
        };
        Some(items)
    }

    /// Marks members as known without reading them.
    pub(super) fn ignore(&mut self, names: &[&str]) {
        for (member, used) in self.members.iter().zip(&mut self.used) {
            *used |= names.contains(&member.key.as_str());
        }
    }

    /// Reports members that nobody read. Names that start with an underscore are taken for comments.
    pub(super) fn finish(self, strict: bool, findings: &mut Findings<'_>) {
        for (member, _) in self
            .members
            .iter()
            .zip(&self.used)
            .filter(|(_, used)| !**used)
        {
            let path = format!("{}.{}", self.path, member.key);
            if strict {
                findings.error(member.at, &path, "unknown property; remove it");
            } else if !member.key.starts_with('_') {
                findings.warning(member.at, &path, "unknown property; it has no effect");
            }
        }
    }
}

pub(super) fn text<'a>(node: &'a Node, path: &str, findings: &mut Findings<'_>) -> Option<&'a str> {
    let Value::Text(text) = &node.value else {
        findings.error(
            node.at,
            path,
            format!("must be a string, not {}", node.value.kind()),
        );
        return None;
    };
    Some(text)
}

/// A number, also in quotation marks (published samples write both).
pub(super) fn number(node: &Node) -> Result<f64, String> {
    match &node.value {
        Value::Number(number) => Ok(*number),
        Value::Text(text) => match text.trim().parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(number),
            _ => Err(format!("'{text}' is not a number")),
        },
        Value::Null | Value::Bool | Value::List(_) | Value::Object(_) => {
            Err(format!("must be a number, not {}", node.value.kind()))
        }
    }
}

/// A whole number that is not negative.
pub(super) fn count(node: &Node) -> Result<u32, String> {
    let number = number(node)?;
    if number < 0.0 {
        return Err(format!("must not be negative, but is {number}"));
    }
    if number.fract() != 0.0 || number > f64::from(u32::MAX) {
        return Err(format!("must be a whole number, but is {number}"));
    }
    Ok(number as u32)
}
