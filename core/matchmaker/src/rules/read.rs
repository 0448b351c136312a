//! Reading a rule set body: the document, attributes, teams and algorithm.

use super::fields::{Fields, text};
use super::read_rules::{Literals, RuleReader};
use super::{
    AgeSelection, Algorithm, AttributeDecl, BackfillPriority, Batching, Instance, LARGE_MAX,
    RuleSet, SMALL_MAX, Size, Slots, Strategy, TeamDef, compound, expansion, lint,
};
use crate::expression::{Leaf, LeafType, Names};
use crate::json::{self, Node, Value};
use crate::problem::{Findings, Problems};
use crate::ticket::{Attribute, AttributeKind};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Longest rule set body, in characters.
pub const LENGTH_MAX: usize = 65_535;
const ATTRIBUTES_MAX: usize = 10;
/// Bounds of attribute values, as the API has them.
const TEXT_MAX: usize = 100;
const LIST_MAX: usize = 100;
const MAP_MAX: usize = 10;

/// How strictly a body is read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Refuse comments and unknown properties instead of noting them.
    pub strict: bool,
}

pub(super) fn read(body: &str, options: Options) -> Result<RuleSet, Problems> {
    let mut findings = Findings::new(body);
    let rule_set = document(body, options, &mut findings);
    let failed = findings.has_errors();
    let problems = findings.into_problems();
    match rule_set {
        Some(mut rule_set) if !failed => {
            rule_set.warnings = problems;
            Ok(rule_set)
        }
        _ => Err(Problems(problems)),
    }
}

fn document(body: &str, options: Options, findings: &mut Findings<'_>) -> Option<RuleSet> {
    let length = body.chars().count();
    if length == 0 || length > LENGTH_MAX {
        findings.error(
            0,
            "$",
            format!("a rule set has 1 to {LENGTH_MAX} characters, this one has {length}"),
        );
        return None;
    }
    let parsed = match json::parse(body) {
        Ok(parsed) => parsed,
        Err(error) => {
            findings.error(error.at, "$", format!("not valid JSON: {}", error.message));
            return None;
        }
    };
    if let Some(at) = parsed.comment.filter(|_| options.strict) {
        findings.error(at, "$", "comments are not allowed in JSON; remove them");
    }
    for (at, key) in &parsed.duplicates {
        let message = format!(
            "'{key}' occurs again later in the same object; the earlier one is overwritten"
        );
        findings.warning(*at, "$", message);
    }
    let mut fields = Fields::new(&parsed.root, "$".into(), findings)?;
    body_of(&mut fields, options, findings).inspect(|_| fields.finish(options.strict, findings))
}

fn body_of(
    fields: &mut Fields<'_>,
    options: Options,
    findings: &mut Findings<'_>,
) -> Option<RuleSet> {
    version(fields, findings);
    let name = fields.text("name", findings).map(str::to_owned);
    let (attributes, slots) = attributes(fields, options, findings);
    let teams = teams(fields, options, findings)?;
    let instances = instances(&teams, findings)?;
    let players: u64 = instances
        .iter()
        .map(|i| u64::from(teams[usize::from(i.team)].size.max))
        .sum();
    let large = players > u64::from(SMALL_MAX);
    let algorithm = algorithm(fields, &attributes, large, options, findings);
    let rule_nodes = fields.list("rules", findings).unwrap_or(&[]);
    let expansion_nodes = fields.list("expansions", findings).unwrap_or(&[]);

    let names = Names {
        instances: &instances,
        teams: teams.iter().map(|team| team.name.as_str()).collect(),
        attributes: &attributes,
    };
    let mut reader = RuleReader {
        names,
        literals: Literals::default(),
        large,
        strict: options.strict,
    };
    let (rules, places) = reader.rules(rule_nodes, findings)?;
    let base = expansion::Base {
        teams: &teams,
        instances: &instances,
        rules: &rules,
        large,
    };
    let (expansions, levels) = expansion::read(expansion_nodes, &base, &mut reader, findings);
    lint::check(
        &lint::Subject {
            teams: &teams,
            attributes: &attributes,
            algorithm: &algorithm,
            rules: &rules,
            levels: &levels,
            places: &places,
            large,
        },
        findings,
    );
    let literals = reader.literals.into_list();

    let (standalone, alternatives) = compound::plan(&rules, large);
    let uses_player_ids = rules
        .iter()
        .flat_map(|rule| rule.kind.expressions())
        .any(|e| e.path().leaf == Leaf::PlayerId);
    let team_classes = team_classes(&instances, &rules, &levels);
    let rules = rules.into_iter().map(Arc::new).collect();
    Some(RuleSet {
        name,
        attributes,
        algorithm,
        team_classes,
        instances,
        literals,
        rules,
        levels,
        expansions,
        standalone,
        alternatives,
        uses_player_ids,
        slots,
        warnings: Vec::new(),
    })
}

fn version(fields: &mut Fields<'_>, findings: &mut Findings<'_>) {
    let Some(node) = fields.required("ruleLanguageVersion", findings) else {
        return;
    };
    let path = fields.path_of("ruleLanguageVersion");
    if let Some(version) = text(node, &path, findings).filter(|version| *version != "1.0") {
        findings.error(
            node.at,
            &path,
            format!("must be \"1.0\", not \"{version}\""),
        );
    }
}

fn attributes(
    fields: &mut Fields<'_>,
    options: Options,
    findings: &mut Findings<'_>,
) -> (Vec<AttributeDecl>, Slots) {
    let nodes = fields.list("playerAttributes", findings).unwrap_or(&[]);
    if let Some(node) = nodes.get(ATTRIBUTES_MAX) {
        findings.error(
            node.at,
            "$.playerAttributes",
            format!("at most {ATTRIBUTES_MAX} attributes can be declared"),
        );
    }
    let mut slots = Slots::default();
    let mut declared: Vec<AttributeDecl> = Vec::new();
    for (index, node) in nodes.iter().take(ATTRIBUTES_MAX).enumerate() {
        let Some(mut item) = Fields::new(node, format!("$.playerAttributes[{index}]"), findings)
        else {
            continue;
        };
        let Some(attribute) = attribute(&mut item, &mut slots, findings) else {
            continue;
        };
        if declared
            .iter()
            .any(|earlier| earlier.name == attribute.name)
        {
            findings.error(
                node.at,
                &item.path,
                format!("the attribute '{}' is declared twice", attribute.name),
            );
        } else {
            declared.push(attribute);
        }
        item.finish(options.strict, findings);
    }
    (declared, slots)
}

fn attribute(
    item: &mut Fields<'_>,
    slots: &mut Slots,
    findings: &mut Findings<'_>,
) -> Option<AttributeDecl> {
    let kinds = [
        AttributeKind::Text,
        AttributeKind::Number,
        AttributeKind::List,
        AttributeKind::Map,
    ];
    let name = item.required_name(findings);
    item.required("type", findings);
    let kind = item.choice("type", &kinds.map(|kind| (kind.name(), kind)), findings);
    let default = item.optional("default");
    let (name, kind) = (name?, kind?);
    let path = item.path_of("default");
    let default =
        match default.map(|node| default_value(node, kind).map_err(|message| (node.at, message))) {
            Some(Err((at, message))) => {
                findings.error(at, &path, message);
                None
            }
            Some(Ok(value)) => Some(value),
            None => None,
        };
    let slot = match kind {
        AttributeKind::Text => &mut slots.texts,
        AttributeKind::Number => &mut slots.numbers,
        AttributeKind::List => &mut slots.lists,
        AttributeKind::Map => &mut slots.maps,
    };
    *slot += 1;
    Some(AttributeDecl {
        name: name.to_owned(),
        kind,
        default,
        slot: *slot - 1,
        at: item.at,
    })
}

fn default_value(node: &Node, kind: AttributeKind) -> Result<Attribute, String> {
    let short = |text: &str| match text.chars().count() {
        0..=TEXT_MAX => Ok(text.to_owned()),
        length => Err(format!(
            "a string has at most {TEXT_MAX} characters, this one has {length}"
        )),
    };
    match (kind, &node.value) {
        (AttributeKind::Text, Value::Text(text)) => Ok(Attribute::Text(short(text)?)),
        (AttributeKind::Number, Value::Number(number)) => Ok(Attribute::Number(*number)),
        (AttributeKind::List, Value::List(items)) if items.len() > LIST_MAX => Err(format!(
            "a list has at most {LIST_MAX} strings, this one has {}",
            items.len()
        )),
        (AttributeKind::List, Value::List(items)) => {
            let item = |item: &Node| match &item.value {
                Value::Text(text) => short(text),
                other @ (Value::Null
                | Value::Bool
                | Value::Number(_)
                | Value::List(_)
                | Value::Object(_)) => {
                    Err(format!("a string_list holds strings, not {}", other.kind()))
                }
            };
            Ok(Attribute::List(
                items.iter().map(item).collect::<Result<_, _>>()?,
            ))
        }
        (AttributeKind::Map, Value::Object(members)) if members.len() > MAP_MAX => Err(format!(
            "a map has at most {MAP_MAX} entries, this one has {}",
            members.len()
        )),
        (AttributeKind::Map, Value::Object(members)) => {
            let mut map = BTreeMap::new();
            for member in members {
                let Value::Number(number) = member.value.value else {
                    return Err(format!(
                        "a string_number_map holds numbers, not {}",
                        member.value.value.kind()
                    ));
                };
                map.insert(short(&member.key)?, number);
            }
            Ok(Attribute::Map(map))
        }
        (kind, value) => Err(format!(
            "the default of a {} attribute cannot be {}",
            kind.name(),
            value.kind()
        )),
    }
}

fn teams(
    fields: &mut Fields<'_>,
    options: Options,
    findings: &mut Findings<'_>,
) -> Option<Vec<TeamDef>> {
    let at = fields.required("teams", findings)?.at;
    let nodes = fields.list("teams", findings)?;
    if nodes.is_empty() {
        findings.error(at, "$.teams", "a rule set needs at least one team");
        return None;
    }
    let mut teams: Vec<TeamDef> = Vec::new();
    for (index, node) in nodes.iter().enumerate() {
        let Some(mut item) = Fields::new(node, format!("$.teams[{index}]"), findings) else {
            continue;
        };
        if let Some(team) = team(&mut item, findings) {
            if teams.iter().any(|earlier| earlier.name == team.name) {
                findings.error(
                    node.at,
                    &item.path,
                    format!("the team '{}' is declared twice", team.name),
                );
            } else {
                teams.push(team);
            }
        }
        item.finish(options.strict, findings);
    }
    (teams.len() == nodes.len()).then_some(teams)
}

fn team(item: &mut Fields<'_>, findings: &mut Findings<'_>) -> Option<TeamDef> {
    let name = item.required_name(findings);
    item.required("minPlayers", findings);
    let min = item.count("minPlayers", findings);
    item.required("maxPlayers", findings);
    let max = item.count("maxPlayers", findings);
    let quantity = if item.has("quantity") {
        item.count("quantity", findings)?
    } else {
        1
    };
    let (name, min, max) = (name?, min?, max?);
    if max == 0 {
        findings.error(item.at, &item.path_of("maxPlayers"), "must be at least 1");
    }
    if quantity == 0 {
        findings.error(item.at, &item.path_of("quantity"), "must be at least 1");
    }
    if min > max {
        findings.error(
            item.at,
            &item.path,
            format!("minPlayers ({min}) is greater than maxPlayers ({max})"),
        );
    }
    if name.contains([',', ']']) || name.trim() != name {
        let message =
            "a team name with ',' or ']' or spaces around it cannot be named in expressions";
        findings.warning(item.at, &item.path_of("name"), message);
    }
    Some(TeamDef {
        name: name.to_owned(),
        size: Size { min, max },
        quantity,
        at: item.at,
    })
}

/// The teams with their quantities written out.
fn instances(teams: &[TeamDef], findings: &mut Findings<'_>) -> Option<Vec<Instance>> {
    let players: u64 = teams
        .iter()
        .map(|team| u64::from(team.size.max) * u64::from(team.quantity))
        .sum();
    if players > u64::from(LARGE_MAX) {
        let message =
            format!("the teams take {players} players together; a match has at most {LARGE_MAX}");
        findings.error(teams[0].at, "$.teams", message);
        return None;
    }
    let mut instances = Vec::new();
    let mut names = BTreeSet::new();
    for (index, team) in teams.iter().enumerate() {
        for number in 1..=team.quantity {
            let name = if team.quantity == 1 {
                team.name.clone()
            } else {
                format!("{}_{number}", team.name)
            };
            if !names.insert(name.clone()) {
                let message = format!("two teams would be called '{name}'; rename one of them");
                findings.error(team.at, &format!("$.teams[{index}]"), message);
            }
            instances.push(Instance {
                name,
                team: u16::try_from(index).unwrap_or(u16::MAX),
            });
        }
    }
    (!findings.has_errors() || !instances.is_empty()).then_some(instances)
}

fn algorithm(
    fields: &mut Fields<'_>,
    attributes: &[AttributeDecl],
    large: bool,
    options: Options,
    findings: &mut Findings<'_>,
) -> Algorithm {
    let mut algorithm = Algorithm {
        strategy: Strategy::Exhaustive,
        batching: Batching::Random,
        balanced: None,
        sort_by: Vec::new(),
        backfill: BackfillPriority::Normal,
        age: AgeSelection::Newest,
    };
    let node = fields.optional("algorithm");
    if let Some(mut item) = node.and_then(|node| Fields::new(node, "$.algorithm".into(), findings))
    {
        algorithm_of(&mut item, &mut algorithm, attributes, findings);
        item.finish(options.strict, findings);
    }
    if large && algorithm.strategy == Strategy::Exhaustive {
        let at = node.map_or(fields.at, |node| node.at);
        let message = "rule sets for more than 40 players must use the balanced strategy";
        findings.error(at, "$.algorithm.strategy", message);
    }
    algorithm
}

fn algorithm_of(
    item: &mut Fields<'_>,
    algorithm: &mut Algorithm,
    attributes: &[AttributeDecl],
    findings: &mut Findings<'_>,
) {
    let strategies = [
        ("exhaustiveSearch", Strategy::Exhaustive),
        ("balanced", Strategy::Balanced),
    ];
    algorithm.strategy = item
        .choice("strategy", &strategies, findings)
        .unwrap_or(algorithm.strategy);
    let balanced = algorithm.strategy == Strategy::Balanced;
    if balanced {
        algorithm.batching = Batching::LargestPopulation;
    }
    let batchings = [
        ("random", Batching::Random),
        ("sorted", Batching::Sorted),
        ("largestPopulation", Batching::LargestPopulation),
        ("fastestRegion", Batching::FastestRegion),
    ];
    if let Some(batching) = item.choice("batchingPreference", &batchings, findings) {
        let wants_balanced = matches!(
            batching,
            Batching::LargestPopulation | Batching::FastestRegion
        );
        if wants_balanced != balanced {
            let strategy = if wants_balanced {
                "balanced"
            } else {
                "exhaustiveSearch"
            };
            let message = format!("this batchingPreference needs \"strategy\": \"{strategy}\"");
            findings.error(item.at, &item.path_of("batchingPreference"), message);
        }
        algorithm.batching = batching;
    }
    let backfills = [
        ("normal", BackfillPriority::Normal),
        ("low", BackfillPriority::Low),
        ("high", BackfillPriority::High),
    ];
    algorithm.backfill = item
        .choice("backfillPriority", &backfills, findings)
        .unwrap_or(algorithm.backfill);
    let ages = [
        ("newest", AgeSelection::Newest),
        ("oldest", AgeSelection::Oldest),
    ];
    algorithm.age = item
        .choice("expansionAgeSelection", &ages, findings)
        .unwrap_or(algorithm.age);
    balanced_attribute(item, algorithm, attributes, findings);
    sort_attributes(item, algorithm, attributes, findings);
}

fn balanced_attribute(
    item: &mut Fields<'_>,
    algorithm: &mut Algorithm,
    attributes: &[AttributeDecl],
    findings: &mut Findings<'_>,
) {
    let path = item.path_of("balancedAttribute");
    let Some(name) = item.text("balancedAttribute", findings) else {
        if algorithm.strategy == Strategy::Balanced {
            findings.error(
                item.at,
                &path,
                "the balanced strategy needs a balancedAttribute",
            );
        }
        return;
    };
    match attributes.iter().find(|attribute| attribute.name == name) {
        None => findings.error(
            item.at,
            &path,
            format!("the attribute '{name}' is not declared in playerAttributes"),
        ),
        Some(attribute) if attribute.kind != AttributeKind::Number => {
            findings.error(
                item.at,
                &path,
                format!(
                    "must be a number attribute; '{name}' is a {}",
                    attribute.kind.name()
                ),
            );
        }
        Some(attribute) => algorithm.balanced = Some(attribute.slot),
    }
}

fn sort_attributes(
    item: &mut Fields<'_>,
    algorithm: &mut Algorithm,
    attributes: &[AttributeDecl],
    findings: &mut Findings<'_>,
) {
    let path = item.path_of("sortByAttributes");
    let nodes = item.list("sortByAttributes", findings).unwrap_or(&[]);
    for node in nodes {
        let Some(name) = text(node, &path, findings) else {
            continue;
        };
        match attributes
            .iter()
            .position(|attribute| attribute.name == name)
        {
            Some(index) if !algorithm.sort_by.contains(&index) => algorithm.sort_by.push(index),
            Some(_) => findings.warning(node.at, &path, format!("'{name}' is listed twice")),
            None => findings.error(
                node.at,
                &path,
                format!("the attribute '{name}' is not declared in playerAttributes"),
            ),
        }
    }
    if algorithm.batching == Batching::Sorted && nodes.is_empty() {
        findings.error(
            item.at,
            &path,
            "\"batchingPreference\": \"sorted\" needs sortByAttributes",
        );
    }
}

/// Teams that no rule can tell apart, and whose sizes are equal at every level, get the same class, so that a search need
/// not try both.
fn team_classes(
    instances: &[Instance],
    rules: &[super::Rule],
    levels: &[super::Level],
) -> Vec<u16> {
    type Likeness = (Vec<(u32, u32)>, Vec<bool>);
    let mut classes: BTreeMap<Likeness, u16> = BTreeMap::new();
    let paths: Vec<_> = rules
        .iter()
        .flat_map(|rule| rule.kind.expressions())
        .map(super::Expr::path)
        .collect();
    let class_of = |index: usize| {
        let team = u16::try_from(index).unwrap_or(u16::MAX);
        let mentioned = paths
            .iter()
            .map(|path| path.teams.contains(&team))
            .collect();
        let sizes = levels
            .iter()
            .map(|level| (level.sizes[index].min, level.sizes[index].max))
            .collect();
        let next = u16::try_from(classes.len()).unwrap_or(u16::MAX);
        *classes.entry((sizes, mentioned)).or_insert(next)
    };
    (0..instances.len()).map(class_of).collect()
}

/// Whether a leaf type can be compared.
pub(super) fn comparable(leaf: LeafType) -> bool {
    matches!(leaf, LeafType::Number | LeafType::Text)
}
