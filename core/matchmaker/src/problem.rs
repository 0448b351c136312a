//! What is wrong with a rule set, and where: every problem carries its line, its column and its JSON path.

use serde::Serialize;
use std::fmt;

/// How many problems of one text are kept; a text with more is wrong enough.
const PROBLEMS_MAX: usize = 100;

/// A place in a text; both numbers start at 1, the column counts characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Position {
    /// The line.
    pub line: u32,
    /// The column.
    pub column: u32,
}

/// Whether a problem makes the rule set unusable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The rule set is refused.
    Error,
    /// The rule set works, but probably not as its writer thinks.
    Warning,
}

/// One thing that is wrong or doubtful in a rule set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Error or warning.
    pub severity: Severity,
    /// Where in the text.
    #[serde(flatten)]
    pub at: Position,
    /// Where in the document, such as `$.rules[0].maxDistance`.
    pub path: String,
    /// What is wrong and what to do about it.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            at, path, message, ..
        } = self;
        write!(
            f,
            "line {}, column {}: {path}: {message}",
            at.line, at.column
        )
    }
}

/// The error of a rule set that cannot be used: at least one problem is an error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Problems(pub Vec<Problem>);

impl fmt::Display for Problems {
    /// The first ten errors in one line, as the AWS API answers them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let errors = self
            .0
            .iter()
            .filter(|problem| problem.severity == Severity::Error);
        for (index, problem) in errors.take(10).enumerate() {
            if index > 0 {
                f.write_str("; ")?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

/// Collects problems of one text and knows its lines.
pub(crate) struct Findings<'a> {
    source: &'a str,
    line_starts: Vec<usize>,
    found: Vec<Problem>,
    errors: usize,
}

impl<'a> Findings<'a> {
    pub(crate) fn new(source: &'a str) -> Self {
        let mut line_starts = vec![0];
        line_starts.extend(
            source
                .bytes()
                .enumerate()
                .filter(|(_, byte)| *byte == b'\n')
                .map(|(at, _)| at + 1),
        );
        Self {
            source,
            line_starts,
            found: Vec::new(),
            errors: 0,
        }
    }

    pub(crate) fn error(&mut self, offset: usize, path: &str, message: impl Into<String>) {
        self.errors += 1;
        self.push(Severity::Error, offset, path, message.into());
    }

    pub(crate) fn warning(&mut self, offset: usize, path: &str, message: impl Into<String>) {
        self.push(Severity::Warning, offset, path, message.into());
    }

    pub(crate) fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// Errors first, then by place.
    pub(crate) fn into_problems(mut self) -> Vec<Problem> {
        self.found.sort_by_key(|problem| problem.severity);
        self.found
    }

    fn push(&mut self, severity: Severity, offset: usize, path: &str, message: String) {
        let full = self.found.len() >= PROBLEMS_MAX;
        // An error is never lost to a flood of warnings: it takes the place of the last one.
        if full && severity == Severity::Error && self.errors == 1 {
            self.found.pop();
        } else if full {
            return;
        }
        self.found.push(Problem {
            severity,
            at: self.position(offset),
            path: path.to_owned(),
            message,
        });
    }

    fn position(&self, offset: usize) -> Position {
        let mut offset = offset.min(self.source.len());
        while !self.source.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.line_starts.partition_point(|start| *start <= offset) - 1;
        let start = self.line_starts[line];
        let column = self.source[start..offset].chars().count() + 1;
        Position {
            line: number(line + 1),
            column: number(column),
        }
    }
}

fn number(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_lines_and_characters() {
        let mut findings = Findings::new("a\n\u{e4}\u{e4}x\n");
        findings.error(0, "$", "first");
        findings.error(6, "$", "third column, though the fifth byte");
        findings.warning(99, "$", "past the end");
        let places: Vec<_> = findings
            .into_problems()
            .iter()
            .map(|p| (p.at.line, p.at.column))
            .collect();
        assert_eq!(places, [(1, 1), (2, 3), (3, 1)]);
    }

    #[test]
    fn a_flood_of_warnings_does_not_hide_the_error() {
        let mut findings = Findings::new("x");
        (0..500).for_each(|_| findings.warning(0, "$", "w"));
        findings.error(0, "$", "e");
        let problems = findings.into_problems();
        assert_eq!(problems.len(), PROBLEMS_MAX);
        assert_eq!(problems[0].severity, Severity::Error);
    }
}
