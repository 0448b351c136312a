//! `hoist match validate`: a FlexMatch rule set's mistakes and oddities, each with its place and the line it stands in.

use crate::print::out;
use crate::units::parse_millis;
use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use ids::Span;
use matchmaker::{Options, Problem, RuleSet, Severity};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::ExitCode;

/// What can be done about matchmaking.
#[derive(Debug, Subcommand)]
pub(crate) enum MatchVerb {
    /// Checks a rule set; the exit code is 0 when it can be used.
    Validate(Flags),
}

/// Flags of `hoist match validate`.
#[derive(Debug, Args)]
pub(crate) struct Flags {
    /// The rule set, a JSON file.
    path: PathBuf,
    /// Warn of expansions that come later than a ticket lives (RequestTimeoutSeconds of the configuration).
    #[arg(long, value_parser = parse_millis, value_name = "TIME")]
    request_timeout: Option<u64>,
    /// Refuse what is only noted otherwise: comments and unknown properties.
    #[arg(long)]
    strict: bool,
    /// Answer in JSON.
    #[arg(long)]
    json: bool,
}

/// What was found, mistakes and oddities alike.
struct Findings {
    problems: Vec<Problem>,
    late: Vec<String>,
    players: Option<u32>,
}

impl Findings {
    fn of(text: &str, flags: &Flags) -> Self {
        match RuleSet::parse(
            text,
            Options {
                strict: flags.strict,
            },
        ) {
            Ok(rules) => Self {
                problems: rules.warnings().to_vec(),
                late: flags
                    .request_timeout
                    .map(|ms| rules.unreachable_steps(Span::from_millis(ms)))
                    .unwrap_or_default(),
                players: Some(rules.players_max()),
            },
            Err(problems) => Self {
                problems: problems.0,
                late: Vec::new(),
                players: None,
            },
        }
    }

    fn json(&self) -> Value {
        let problem = |problem: &Problem| {
            json!({
                "severity": severity(problem),
                "line": problem.at.line,
                "column": problem.at.column,
                "path": problem.path,
                "message": problem.message,
            })
        };
        json!({
            "valid": self.players.is_some(),
            "playersMax": self.players,
            "findings": self.problems.iter().map(problem).collect::<Vec<_>>(),
            "unreachableSteps": self.late,
        })
    }

    fn in_words(&self, name: &str, text: &str) -> Vec<String> {
        let mut lines = Vec::new();
        for problem in &self.problems {
            let (line, column) = (problem.at.line, problem.at.column);
            lines.push(format!(
                "{name}:{line}:{column}: {}: {}",
                severity(problem),
                problem.message
            ));
            if let Some(source) = text.lines().nth(line.saturating_sub(1) as usize) {
                lines.push(format!("{line:>5} | {source}"));
                lines.push(format!(
                    "      | {:>width$}",
                    "^",
                    width = column.max(1) as usize
                ));
            }
        }
        lines.extend(
            self.late
                .iter()
                .map(|late| format!("{name}: warning: {late}")),
        );
        lines.push(match self.players {
            Some(players) => format!("{name}: a valid rule set for up to {players} players"),
            None => format!("{name}: not a valid rule set"),
        });
        lines
    }
}

fn severity(problem: &Problem) -> &'static str {
    match problem.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

impl MatchVerb {
    /// Does it.
    pub(crate) fn run(&self) -> Result<ExitCode> {
        let Self::Validate(flags) = self;
        let name = flags.path.display().to_string();
        let bytes = std::fs::read(&flags.path).with_context(|| name.clone())?;
        let text =
            String::from_utf8(bytes).with_context(|| format!("{name} is no text in UTF-8"))?;
        let findings = Findings::of(&text, flags);
        if flags.json {
            out(&serde_json::to_string_pretty(&findings.json())?);
        } else {
            findings
                .in_words(&name, &text)
                .iter()
                .for_each(|line| out(line));
        }
        Ok(if findings.players.is_some() {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags() -> Flags {
        Flags {
            path: PathBuf::new(),
            request_timeout: Some(10_000),
            strict: false,
            json: false,
        }
    }

    #[test]
    fn a_mistake_is_pointed_at() {
        let text = "{\n  \"ruleLanguageVersion\": \"1.0\",\n  \"teams\": [{\"name\": \"red\", \"minPlayers\": 3, \"maxPlayers\": 2}]\n}\n";
        let findings = Findings::of(text, &flags());
        let words = findings.in_words("set.json", text);
        assert!(words[0].starts_with("set.json:3:"), "{words:?}");
        assert!(
            words[1].contains("minPlayers") && words[2].trim_end().ends_with('^'),
            "{words:?}"
        );
        assert_eq!(findings.json()["valid"], false);
    }

    #[test]
    fn a_good_one_says_for_how_many_and_which_steps_come_too_late() {
        let text = r#"{
            "ruleLanguageVersion": "1.0",
            "playerAttributes": [{"name": "skill", "type": "number"}],
            "teams": [{"name": "all", "minPlayers": 2, "maxPlayers": 4}],
            "rules": [{"name": "near", "type": "batchDistance", "batchAttribute": "skill", "maxDistance": 5}],
            "expansions": [{"target": "rules[near].maxDistance", "steps": [{"waitTimeSeconds": 60, "value": 50}]}]
        }"#;
        let findings = Findings::of(text, &flags());
        let words = findings.in_words("set.json", text);
        assert_eq!(
            words.last().unwrap(),
            "set.json: a valid rule set for up to 4 players",
            "{words:?}"
        );
        assert_eq!(findings.late.len(), 1, "{words:?}");
    }
}
