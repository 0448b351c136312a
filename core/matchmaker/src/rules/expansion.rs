//! Expansions: which value changes when, and all values as they are from each step on.

use super::fields::{Fields, count, text};
use super::read_rules::RuleReader;
use super::set::NewValue;
use super::{
    Expansion, Instance, Kind, LARGE_MAX, Level, Operand, Operation, Rule, SMALL_MAX, Size, TeamDef,
};
use crate::json::{Node, Value};
use crate::problem::Findings;
use ids::Span;
use std::sync::Arc;

/// What expansions apply to.
pub(super) struct Base<'a> {
    pub(super) teams: &'a [TeamDef],
    pub(super) instances: &'a [Instance],
    pub(super) rules: &'a [Rule],
    pub(super) large: bool,
}

/// One step of one expansion.
struct Change<'a> {
    wait: u32,
    target: Target,
    property: String,
    value: &'a Node,
    path: String,
}

#[derive(Clone)]
enum Target {
    /// Indexes of instances.
    Teams(Vec<usize>),
    Rules(Vec<usize>),
}

/// The expansions in words, and the levels that they make.
pub(super) fn read(
    nodes: &[Node],
    base: &Base<'_>,
    reader: &mut RuleReader<'_>,
    findings: &mut Findings<'_>,
) -> (Vec<Expansion>, Vec<Level>) {
    let mut changes = Vec::new();
    let mut expansions = Vec::new();
    for (index, node) in nodes.iter().enumerate() {
        let Some(mut item) = Fields::new(node, format!("$.expansions[{index}]"), findings) else {
            continue;
        };
        if let Some(expansion) = expansion(&mut item, base, &mut changes, findings) {
            expansions.push(expansion);
        }
        item.finish(reader.strict, findings);
    }
    // Stable: of changes at the same time the one declared later wins (U-23).
    changes.sort_by_key(|change: &Change<'_>| change.wait);
    let levels = levels(&changes, base, reader, findings);
    (expansions, levels)
}

fn expansion<'a>(
    item: &mut Fields<'a>,
    base: &Base<'_>,
    changes: &mut Vec<Change<'a>>,
    findings: &mut Findings<'_>,
) -> Option<Expansion> {
    let path = item.path_of("target");
    let node = item.required("target", findings);
    let steps_at = item.required("steps", findings).map(|node| node.at);
    let steps = item.list("steps", findings);
    let target_text = text(node?, &path, findings)?;
    let (target, property) = match target(target_text, base) {
        Ok(found) => found,
        Err(message) => {
            findings.error(node?.at, &path, message);
            return None;
        }
    };
    let steps = steps?;
    if steps.is_empty() {
        findings.error(
            steps_at?,
            &item.path_of("steps"),
            "an expansion needs at least one step",
        );
    }
    let mut last = None;
    let mut words = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        let path = format!("{}.steps[{index}]", item.path);
        let Some(mut fields) = Fields::new(step, path, findings) else {
            continue;
        };
        fields.required("waitTimeSeconds", findings);
        let wait = fields.count("waitTimeSeconds", findings);
        let value = fields.required("value", findings);
        let (Some(wait), Some(value)) = (wait, value) else {
            continue;
        };
        if last.is_some_and(|last| wait <= last) {
            findings.error(
                step.at,
                &fields.path_of("waitTimeSeconds"),
                "each step must wait longer than the one before",
            );
        }
        last = Some(wait);
        words.push((Span::from_secs(u64::from(wait)), in_words(value)));
        let path = fields.path_of("value");
        changes.push(Change {
            wait,
            target: target.clone(),
            property: property.clone(),
            value,
            path,
        });
        fields.finish(false, findings);
    }
    let base = base_in_words(&target, &property, base);
    Some(Expansion {
        target: target_text.to_owned(),
        steps: words,
        base,
    })
}

/// `rules[name, ...].property` or `teams[name, ...].property`.
fn target(text: &str, base: &Base<'_>) -> Result<(Target, String), String> {
    let form = "a target has the form rules[name].property or teams[name].property";
    let text = text.trim();
    let (component, rest) = text.split_once('[').ok_or(form)?;
    let (inside, property) = rest.rsplit_once(']').ok_or(form)?;
    let property = property.trim().strip_prefix('.').ok_or(form)?.trim();
    match component.trim() {
        "teams" => {
            if property == "quantity" {
                return Err("the quantity of teams cannot be expanded".into());
            }
            if !matches!(property, "minPlayers" | "maxPlayers") {
                return Err(format!(
                    "teams have no property '{property}' that can be expanded; minPlayers and maxPlayers can"
                ));
            }
            let mut found = Vec::new();
            for name in inside.split(',').map(str::trim) {
                let before = found.len();
                let called = |(_, instance): &(usize, &Instance)| {
                    instance.name == name || base.teams[usize::from(instance.team)].name == name
                };
                found.extend(
                    base.instances
                        .iter()
                        .enumerate()
                        .filter(called)
                        .map(|(index, _)| index),
                );
                if found.len() == before {
                    return Err(format!("there is no team '{name}'"));
                }
            }
            Ok((Target::Teams(found), property.to_owned()))
        }
        "rules" => {
            // A name may itself hold a comma; the whole inside is tried first.
            let whole = base.rules.iter().any(|rule| rule.name == inside.trim());
            let names: Vec<&str> = if whole {
                vec![inside.trim()]
            } else {
                inside.split(',').map(str::trim).collect()
            };
            let mut found = Vec::new();
            for name in names {
                let index = base.rules.iter().position(|rule| rule.name == name);
                let index = index.ok_or_else(|| format!("there is no rule '{name}'"))?;
                let kind = &base.rules[index].kind;
                if kind.is_sort() || matches!(kind, Kind::Compound(_)) {
                    return Err(format!(
                        "the rule '{name}' is a {}, which cannot be expanded",
                        kind.name()
                    ));
                }
                found.push(index);
            }
            Ok((Target::Rules(found), property.to_owned()))
        }
        other => Err(format!("'{}' cannot be expanded; {form}", other.trim())),
    }
}

/// Applies the changes in order of time.
fn levels(
    changes: &[Change<'_>],
    base: &Base<'_>,
    reader: &mut RuleReader<'_>,
    findings: &mut Findings<'_>,
) -> Vec<Level> {
    let sizes = base
        .instances
        .iter()
        .map(|instance| base.teams[usize::from(instance.team)].size)
        .collect();
    let rules = base.rules.iter().cloned().map(Arc::new).collect();
    let mut levels = vec![Level {
        at: Span::ZERO,
        sizes,
        rules,
    }];
    for group in changes.chunk_by(|a, b| a.wait == b.wait) {
        let mut level = levels
            .last()
            .expect("the level at zero is always there")
            .clone();
        level.at = Span::from_secs(u64::from(group[0].wait));
        for change in group {
            apply(change, &mut level, reader, findings);
        }
        check_sizes(group, &level, base, findings);
        if level.at == Span::ZERO {
            levels.clear();
        }
        levels.push(level);
    }
    levels
}

fn apply(
    change: &Change<'_>,
    level: &mut Level,
    reader: &mut RuleReader<'_>,
    findings: &mut Findings<'_>,
) {
    match &change.target {
        Target::Teams(teams) => match count(change.value) {
            Err(message) => findings.error(change.value.at, &change.path, message),
            Ok(0) if change.property == "maxPlayers" => {
                findings.error(change.value.at, &change.path, "must be at least 1")
            }
            Ok(value) => teams.iter().for_each(|team| {
                let size: &mut Size = &mut level.sizes[*team];
                if change.property == "minPlayers" {
                    size.min = value
                } else {
                    size.max = value
                }
            }),
        },
        Target::Rules(rules) => {
            for rule in rules {
                let before = Arc::clone(&level.rules[*rule]);
                let after = Arc::make_mut(&mut level.rules[*rule]);
                let value = NewValue {
                    property: &change.property,
                    node: change.value,
                    path: &change.path,
                };
                reader.set(after, &value, findings);
                if tightens(&before.kind, &after.kind) {
                    let message = format!(
                        "this step makes the rule '{}' stricter than before",
                        before.name
                    );
                    findings.warning(change.value.at, &change.path, message);
                }
                if *before == *after && !findings.has_errors() {
                    findings.warning(change.value.at, &change.path, "this step changes nothing");
                }
            }
        }
    }
}

fn check_sizes(group: &[Change<'_>], level: &Level, base: &Base<'_>, findings: &mut Findings<'_>) {
    let (at, path, wait) = (group[0].value.at, &group[0].path, group[0].wait);
    for (size, instance) in level.sizes.iter().zip(base.instances) {
        if size.min > size.max {
            let (min, max) = (size.min, size.max);
            let message = format!(
                "from {wait} s on, team '{}' has minPlayers {min} and maxPlayers {max}",
                instance.name
            );
            findings.error(at, path, message);
            return;
        }
    }
    let players: u64 = level.sizes.iter().map(|size| u64::from(size.max)).sum();
    let large = players > u64::from(SMALL_MAX);
    if players > u64::from(LARGE_MAX) || (large && !base.large) {
        let limit = if base.large { LARGE_MAX } else { SMALL_MAX };
        findings.error(at, path, format!("from {wait} s on, a match has {players} players; this rule set can have at most {limit}"));
    }
}

/// Whether a value that only limits became narrower.
fn tightens(before: &Kind, after: &Kind) -> bool {
    let lower = |before: Option<f64>, after: Option<f64>| matches!((before, after), (Some(b), Some(a)) if a < b);
    let fewer = |before: Option<u32>, after: Option<u32>| matches!((before, after), (Some(b), Some(a)) if a < b);
    match (before, after) {
        (Kind::Distance(b), Kind::Distance(a)) => lower(b.max, a.max) || lower(a.min, b.min),
        (Kind::BatchDistance(b), Kind::BatchDistance(a)) => a.max < b.max,
        (Kind::Latency(b), Kind::Latency(a)) => {
            lower(b.max, a.max) || lower(b.distance, a.distance)
        }
        (Kind::Collection(b), Kind::Collection(a)) => fewer(b.max, a.max) || fewer(a.min, b.min),
        (Kind::Comparison(b), Kind::Comparison(a)) => match (&b.reference, &a.reference) {
            (Some(Operand::Number(before)), Some(Operand::Number(after))) => match a.operation {
                Operation::Less | Operation::LessOrEqual => after < before,
                Operation::Greater | Operation::GreaterOrEqual => after > before,
                Operation::Equal | Operation::NotEqual => false,
            },
            _ => false,
        },
        _ => false,
    }
}

fn in_words(node: &Node) -> String {
    match &node.value {
        Value::Null => "null".into(),
        Value::Bool => "a boolean".into(),
        Value::Number(number) => number.to_string(),
        Value::Text(text) => text.clone(),
        Value::List(items) => format!(
            "[{}]",
            items.iter().map(in_words).collect::<Vec<_>>().join(", ")
        ),
        Value::Object(_) => "an object".into(),
    }
}

/// The value before the first step, where it is a plain one.
fn base_in_words(target: &Target, property: &str, base: &Base<'_>) -> String {
    match target {
        Target::Teams(teams) => {
            let size = base.teams[usize::from(base.instances[teams[0]].team)].size;
            if property == "minPlayers" {
                size.min.to_string()
            } else {
                size.max.to_string()
            }
        }
        Target::Rules(rules) => rule_in_words(&base.rules[rules[0]].kind, property),
    }
}

fn rule_in_words(kind: &Kind, property: &str) -> String {
    let number = match (kind, property) {
        (Kind::Distance(rule), "maxDistance") => rule.max,
        (Kind::Distance(rule), "minDistance") => rule.min,
        (Kind::BatchDistance(rule), "maxDistance") => Some(rule.max),
        (Kind::Latency(rule), "maxLatency") => rule.max,
        (Kind::Latency(rule), "maxDistance") => rule.distance,
        (Kind::Collection(rule), "minCount") => rule.min.map(f64::from),
        (Kind::Collection(rule), "maxCount") => rule.max.map(f64::from),
        (Kind::Comparison(rule), "referenceValue") => match rule.reference {
            Some(Operand::Number(number)) => Some(number),
            Some(Operand::Text(_) | Operand::Texts(_) | Operand::Expr(_)) | None => None,
        },
        _ => None,
    };
    number.map_or_else(|| "as declared".to_owned(), |number| number.to_string())
}
