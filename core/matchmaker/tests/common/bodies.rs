//! Rule sets in a few words, and what is said about them.

#![allow(
    dead_code,
    clippy::allow_attributes,
    unreachable_pub,
    reason = "each test program uses its part of the shared words"
)]

use matchmaker::{Options, RuleSet, Severity};

/// A rule set around a few members; `TEAMS` stands for two teams of one to four.
pub fn body(members: &str) -> String {
    let teams = r#""teams": [{"name": "red", "minPlayers": 1, "maxPlayers": 4}, {"name": "blue", "minPlayers": 1, "maxPlayers": 4}]"#;
    let attributes = r#""playerAttributes": [{"name": "skill", "type": "number", "default": 1}, {"name": "mode", "type": "string", "default": "a"},
        {"name": "modes", "type": "string_list", "default": []}, {"name": "maps", "type": "string_number_map", "default": {}}]"#;
    let members = members
        .replace("TEAMS", teams)
        .replace("ATTRIBUTES", attributes);
    format!(r#"{{"ruleLanguageVersion": "1.0", {members}}}"#)
}

pub fn rule(members: &str) -> String {
    body(&format!(
        r#"ATTRIBUTES, TEAMS, "rules": [{{"name": "r", {members}}}]"#
    ))
}

pub fn expansion(target: &str, steps: &str) -> String {
    let rules = r#"{"name": "near", "type": "distance", "measurements": "max(flatten(teams[*].players.attributes[skill]))", "referenceValue": "min(flatten(teams[*].players.attributes[skill]))", "maxDistance": 10},
        {"name": "same", "type": "comparison", "operation": "=", "measurements": ["flatten(teams[*].players.attributes[mode])"]},
        {"name": "sort", "type": "distanceSort", "sortDirection": "ascending", "sortAttribute": "skill"},
        {"name": "all", "type": "compound", "statement": "or(near, same)"}"#;
    body(&format!(
        r#"ATTRIBUTES, TEAMS, "rules": [{rules}], "expansions": [{{"target": "{target}", "steps": {steps}}}]"#
    ))
}

pub fn errors(text: &str) -> Vec<String> {
    match RuleSet::parse(text, Options::default()) {
        Ok(_) => Vec::new(),
        Err(problems) => {
            let errors = problems
                .0
                .iter()
                .filter(|problem| problem.severity == Severity::Error);
            errors
                .map(|problem| format!("{}: {}", problem.path, problem.message))
                .collect()
        }
    }
}

pub fn warnings(text: &str) -> Vec<String> {
    let rules =
        RuleSet::parse(text, Options::default()).unwrap_or_else(|problems| panic!("{problems}"));
    rules
        .warnings()
        .iter()
        .map(|problem| format!("{}: {}", problem.path, problem.message))
        .collect()
}

/// The first error contains the text.
pub fn refused(cases: &[(String, &str)]) {
    for (text, expected) in cases {
        let errors = errors(text);
        let first = errors.first().map_or("nothing", String::as_str);
        assert!(
            first.contains(expected),
            "expected \"{expected}\", got {errors:#?} for {text}"
        );
    }
}
