//! Values of expressions, and what is known about rules while a match grows.

#![expect(clippy::too_many_lines, reason = "the tests are tables")]

use super::numbers::{self, Interval, Numbers};
use super::texts::{self, Texts};
use super::{Arena, Outcome, Range, Scene, Scratch, evaluate};
use crate::compiled::compile;
use crate::expression::{self, LeafType, Names};
use crate::intern::Interner;
use crate::rules::{Options, RuleSet, Size};
use crate::search::Candidate;
use crate::ticket::{Attribute, Player, Ticket};
use ids::{Span, Time};

const BODY: &str = r#"{"ruleLanguageVersion": "1.0",
    "playerAttributes": [{"name": "skill", "type": "number"}, {"name": "modes", "type": "string_list"}],
    "teams": [{"name": "red", "minPlayers": 0, "maxPlayers": 4}, {"name": "blue", "minPlayers": 0, "maxPlayers": 4}],
    "rules": [RULES]}"#;

/// `name team skill modes`, a line for each player.
const FULL: &str = "p1 red 10 a,b\np2 red 20 b\np3 blue 40 b,c";
const NO_BLUE: &str = "p1 red 10 a,b\np2 red 20 b";

struct Table {
    rules: RuleSet,
    strings: Interner,
    scratch: Scratch,
}

impl Table {
    fn new(rule: &str) -> Self {
        // Player ids are only kept when a rule looks at them.
        let ids = r#"{"name": "ids", "type": "comparison", "operation": "!=", "measurements": ["flatten(teams[*].players[playerId])"]}"#;
        let rules = if rule.is_empty() {
            ids.to_owned()
        } else {
            rule.to_owned()
        };
        let rules = RuleSet::parse(&BODY.replace("RULES", &rules), Options::default()).unwrap();
        let strings = Interner::new(&rules.literals);
        Self {
            rules,
            strings,
            scratch: Scratch::default(),
        }
    }

    /// Lets `look` see the players as a match to which others can (`open`) or cannot be added.
    fn with<T>(
        &mut self,
        players: &str,
        open: bool,
        look: impl FnOnce(&Scene<'_, '_>, &mut Scratch, &Interner) -> T,
    ) -> T {
        let mut compiled = Vec::new();
        let mut arena = Arena::default();
        let mut level = self.rules.levels[0].clone();
        arena.reset(self.rules.slots, &level.rules);
        let mut candidate = Candidate::default();
        candidate.clear(2);
        let mut places = Interner::default();
        for line in players.lines() {
            let words: Vec<&str> = line.split(' ').collect();
            let attributes = [
                (
                    "skill".to_owned(),
                    Attribute::Number(words[2].parse().unwrap()),
                ),
                (
                    "modes".to_owned(),
                    Attribute::List(words[3].split(',').map(str::to_owned).collect()),
                ),
            ];
            let player = Player {
                id: words[0].into(),
                attributes: attributes.into(),
                latency: [].into(),
                team: None,
            };
            let ticket = Ticket {
                id: words[0].into(),
                start: Time::ZERO,
                timeout: Span::MAX,
                players: vec![player],
                backfill: false,
            };
            compiled.push((
                words[1] == "blue",
                compile(&ticket, &self.rules, &mut self.strings, &mut places).unwrap(),
            ));
        }
        for (index, (blue, ticket)) in compiled.iter().enumerate() {
            let member = arena.push(index as u32, ticket, &level.rules, false);
            candidate.place(&arena, member, u16::from(*blue), ticket);
        }
        if !open {
            level.sizes = candidate
                .teams
                .iter()
                .map(|team| Size {
                    min: 0,
                    max: team.len() as u32,
                })
                .collect();
        }
        let tickets = |slot: u32| &compiled[slot as usize].1;
        let scene = Scene {
            arena: &arena,
            level: &level,
            teams: &candidate.teams,
            members: &candidate.members,
            players: candidate.players,
            capacity: level.sizes.iter().map(|size| size.max).sum(),
            bounds: &[Range { lo: 0.0, hi: 50.0 }],
            tickets: &tickets,
        };
        look(&scene, &mut self.scratch, &self.strings)
    }

    fn value(&mut self, text: &str, players: &str) -> String {
        let rules = self.rules.clone();
        let names = Names {
            instances: &rules.instances,
            teams: vec!["red", "blue"],
            attributes: &rules.attributes,
        };
        let expr = expression::parse(text, &names)
            .unwrap_or_else(|error| panic!("{text}: {}", error.message));
        self.with(players, false, |scene, scratch, strings| {
            if expr.leaf == LeafType::Number {
                show_numbers(&numbers::evaluate(&expr, scene, scratch))
            } else {
                show_texts(&texts::evaluate(&expr, scene, scratch), strings)
            }
        })
    }
}

fn bracket(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(", "))
}

fn show_numbers(numbers: &Numbers) -> String {
    let leaf = |leaf: &Interval| {
        if leaf.now.is_nan() {
            "Undefined".to_owned()
        } else {
            ((leaf.now * 1e4).round() / 1e4).to_string()
        }
    };
    match numbers.depth {
        0 => leaf(&numbers.leaves[0]),
        1 => bracket(numbers.leaves.iter().map(leaf)),
        _ => {
            let starts = std::iter::once(0).chain(numbers.ends.iter().copied());
            let lists = starts
                .zip(&numbers.ends)
                .map(|(start, end)| &numbers.leaves[start as usize..*end as usize]);
            bracket(lists.map(|list| bracket(list.iter().map(leaf))))
        }
    }
}

fn show_texts(texts: &Texts, strings: &Interner) -> String {
    let list = |list: &[u32]| bracket(list.iter().map(|item| strings.text(*item).to_owned()));
    match texts.depth {
        1 => list(&texts.leaves),
        2 => bracket(texts.lists().map(list)),
        _ => bracket(
            texts
                .groups()
                .into_iter()
                .map(|(range, _)| bracket(range.map(|index| list(texts.list(index))))),
        ),
    }
}

#[test]
fn expressions_have_the_values_of_the_specification() {
    let mut table = Table::new("");
    for (text, expected) in [
        ("teams[red].players[playerId]", "[p1, p2]"),
        ("teams[*].players[playerid]", "[[p1, p2], [p3]]"),
        ("flatten(teams[*].players.playerId)", "[p1, p2, p3]"),
        ("teams[red].players.attributes[skill]", "[10, 20]"),
        ("team[ red ].players.attributes[ skill ]", "[10, 20]"),
        ("teams[*].players.attributes[skill]", "[[10, 20], [40]]"),
        (
            "teams[blue,red].players.attributes[skill]",
            "[[40], [10, 20]]",
        ),
        (
            "flatten(teams[*].players.attributes[skill])",
            "[10, 20, 40]",
        ),
        ("avg(teams[red].players.attributes[skill])", "15"),
        ("avg(teams[*].players.attributes[skill])", "[15, 40]"),
        (
            "avg(flatten(teams[*].players.attributes[skill]))",
            "23.3333",
        ),
        ("max(avg(teams[*].players.attributes[skill]))", "40"),
        ("min(avg(teams[*].players.attributes[skill]))", "15"),
        ("sum(teams[*].players.attributes[skill])", "[30, 40]"),
        ("sum(sum(teams[*].players.attributes[skill]))", "70"),
        ("median(flatten(teams[*].players.attributes[skill]))", "20"),
        ("median(teams[red].players.attributes[skill])", "15"),
        (
            "stddev(flatten(teams[*].players.attributes[skill]))",
            "12.4722",
        ),
        ("count(teams[red].players)", "2"),
        ("count (teams[*].players)", "[2, 1]"),
        ("max(count(teams[*].players))", "2"),
        ("count(flatten(teams[*].players))", "3"),
        ("count(teams[*])", "2"),
        ("teams[red].players.attributes[modes]", "[[a, b], [b]]"),
        (
            "teams[*].players.attributes[modes]",
            "[[[a, b], [b]], [[b, c]]]",
        ),
        (
            "flatten(teams[*].players.attributes[modes])",
            "[[a, b], [b], [b, c]]",
        ),
        (
            "flatten(flatten(teams[*].players.attributes[modes]))",
            "[a, b, b, b, c]",
        ),
        ("flatten(teams[red].players.attributes[modes])", "[a, b, b]"),
        (
            "set_intersection(flatten(teams[*].players.attributes[modes]))",
            "[b]",
        ),
        (
            "set_intersection(teams[*].players.attributes[modes])",
            "[[b], [b, c]]",
        ),
        (
            "count(set_intersection(flatten(teams[*].players.attributes[modes])))",
            "1",
        ),
        (
            "count(flatten(teams[*].players.attributes[modes]))",
            "[2, 1, 2]",
        ),
        // The aggregate of a single number is that number.
        ("max(avg(teams[red].players.attributes[skill]))", "15"),
        ("sum(count(teams[red].players))", "2"),
    ] {
        assert_eq!(table.value(text, FULL), expected, "{text}");
    }
    for (text, expected) in [
        ("avg(teams[*].players.attributes[skill])", "[15, Undefined]"),
        ("count(teams[*].players)", "[2, 0]"),
        ("max(avg(teams[*].players.attributes[skill]))", "15"),
        ("sum(teams[*].players.attributes[skill])", "[30, 0]"),
        ("stddev(teams[blue].players.attributes[skill])", "Undefined"),
        (
            "set_intersection(teams[blue].players.attributes[modes])",
            "[]",
        ),
        ("flatten(teams[blue].players.attributes[modes])", "[]"),
    ] {
        assert_eq!(table.value(text, NO_BLUE), expected, "{text} without blue");
    }
}

/// Pool: skills from 0 to 50; both teams take four.
#[test]
fn rules_fail_for_ever_only_when_nobody_can_repair_them() {
    use Outcome::{FailForever, FailNow, PassForever, PassNow};
    let comparison = |measurement: &str, operation: &str, reference: &str| {
        let reference = if reference.is_empty() {
            String::new()
        } else {
            format!(r#", "referenceValue": {reference}"#)
        };
        format!(
            r#"{{"name": "r", "type": "comparison", "operation": "{operation}", "measurements": ["{measurement}"]{reference}}}"#
        )
    };
    let collection = |measurement: &str, operation: &str, rest: &str| {
        format!(
            r#"{{"name": "r", "type": "collection", "operation": "{operation}", "measurements": ["{measurement}"], {rest}}}"#
        )
    };
    let skills = "flatten(teams[*].players.attributes[skill])";
    let modes = "flatten(teams[*].players.attributes[modes])";
    let distance = |measurement: &str, reference: &str, bounds: &str| {
        format!(
            r#"{{"name": "r", "type": "distance", "measurements": ["{measurement}"], "referenceValue": "{reference}", {bounds}}}"#
        )
    };
    for (rule, players, open, expected) in [
        (
            comparison("teams[red].players.attributes[skill]", "<", "15"),
            FULL,
            true,
            FailForever,
        ),
        (
            comparison("teams[red].players.attributes[skill]", "<", "25"),
            FULL,
            true,
            PassNow,
        ),
        (
            comparison("teams[red].players.attributes[skill]", "<", "51"),
            FULL,
            true,
            PassForever,
        ),
        (
            comparison("teams[blue].players.attributes[skill]", "=", "1"),
            NO_BLUE,
            true,
            PassNow,
        ),
        (
            comparison("count(teams[red].players)", ">=", "3"),
            FULL,
            true,
            FailNow,
        ),
        (
            comparison("count(teams[red].players)", ">=", "5"),
            FULL,
            true,
            FailForever,
        ),
        (
            comparison("count(teams[red].players)", ">=", "2"),
            FULL,
            true,
            PassForever,
        ),
        (
            comparison("count(teams[red].players)", "<", "2"),
            FULL,
            true,
            FailForever,
        ),
        (
            comparison(&format!("max({skills})"), "<=", "30"),
            FULL,
            true,
            FailForever,
        ),
        (
            comparison(&format!("max({skills})"), "<=", "45"),
            FULL,
            true,
            PassNow,
        ),
        (
            comparison(&format!("max({skills})"), "<=", "50"),
            FULL,
            true,
            PassForever,
        ),
        (
            comparison(&format!("min({skills})"), ">=", "15"),
            FULL,
            true,
            FailForever,
        ),
        (
            comparison(&format!("avg({skills})"), ">=", "30"),
            FULL,
            true,
            FailNow,
        ),
        (
            comparison(&format!("avg({skills})"), ">=", "30"),
            FULL,
            false,
            FailForever,
        ),
        (
            comparison(&format!("avg({skills})"), "<=", "30"),
            FULL,
            false,
            PassForever,
        ),
        (
            comparison(&format!("avg({skills})"), ">=", "49"),
            FULL,
            true,
            FailForever,
        ),
        (
            comparison("avg(teams[blue].players.attributes[skill])", ">", "0"),
            NO_BLUE,
            true,
            FailNow,
        ),
        (
            comparison("avg(teams[blue].players.attributes[skill])", ">", "0"),
            NO_BLUE,
            false,
            FailForever,
        ),
        (
            comparison(&format!("sum({skills})"), "<=", "69"),
            FULL,
            true,
            FailForever,
        ),
        (
            comparison(&format!("sum({skills})"), ">=", "1000"),
            FULL,
            true,
            FailForever,
        ),
        (comparison(skills, "=", ""), FULL, true, FailForever),
        (comparison(skills, "!=", ""), FULL, true, PassNow),
        (
            comparison("avg(teams[*].players.attributes[skill])", "=", ""),
            FULL,
            true,
            FailNow,
        ),
        (
            comparison("avg(teams[*].players.attributes[skill])", "=", ""),
            FULL,
            false,
            FailForever,
        ),
        (
            distance(
                &format!("max({skills})"),
                &format!("min({skills})"),
                r#""maxDistance": 30"#,
            ),
            FULL,
            true,
            PassNow,
        ),
        (
            distance(
                &format!("max({skills})"),
                &format!("min({skills})"),
                r#""maxDistance": 29"#,
            ),
            FULL,
            true,
            FailForever,
        ),
        (
            distance(
                &format!("max({skills})"),
                &format!("min({skills})"),
                r#""minDistance": 40"#,
            ),
            FULL,
            true,
            FailNow,
        ),
        (
            distance(
                "avg(teams[*].players.attributes[skill])",
                &format!("avg({skills})"),
                r#""maxDistance": 10"#,
            ),
            FULL,
            true,
            FailNow,
        ),
        (
            distance(
                "avg(teams[*].players.attributes[skill])",
                &format!("avg({skills})"),
                r#""maxDistance": 10"#,
            ),
            FULL,
            false,
            FailForever,
        ),
        (
            collection(modes, "intersection", r#""minCount": 1"#),
            FULL,
            true,
            PassNow,
        ),
        (
            collection(modes, "intersection", r#""minCount": 2"#),
            FULL,
            true,
            FailForever,
        ),
        (
            collection(modes, "intersection", r#""maxCount": 0"#),
            FULL,
            true,
            FailNow,
        ),
        (
            collection(modes, "intersection", r#""maxCount": 1"#),
            FULL,
            true,
            PassForever,
        ),
        (
            collection(modes, "contains", r#""referenceValue": "b", "maxCount": 2"#),
            FULL,
            true,
            FailForever,
        ),
        (
            collection(modes, "contains", r#""referenceValue": "b", "maxCount": 3"#),
            FULL,
            true,
            PassNow,
        ),
        (
            collection(modes, "contains", r#""referenceValue": "c", "minCount": 6"#),
            FULL,
            true,
            FailNow,
        ),
        (
            collection(modes, "contains", r#""referenceValue": "c", "minCount": 7"#),
            FULL,
            true,
            FailForever,
        ),
        (
            collection(
                modes,
                "contains",
                r#""referenceValue": ["a", "c"], "minCount": 2"#,
            ),
            FULL,
            true,
            PassForever,
        ),
        (
            collection(
                "flatten(teams[*].players[playerId])",
                "contains",
                r#""referenceValue": "p9", "minCount": 1"#,
            ),
            FULL,
            true,
            FailNow,
        ),
        (
            collection(
                modes,
                "reference_intersection_count",
                r#""referenceValue": "b", "minCount": 1"#,
            ),
            FULL,
            true,
            PassNow,
        ),
        (
            collection(
                modes,
                "reference_intersection_count",
                r#""referenceValue": "a", "minCount": 1"#,
            ),
            FULL,
            true,
            FailForever,
        ),
        (
            collection(
                modes,
                "reference_intersection_count",
                r#""referenceValue": "flatten(teams[*].players[playerId])", "maxCount": 0"#,
            ),
            FULL,
            true,
            PassNow,
        ),
        (
            collection(
                modes,
                "reference_intersection_count",
                &format!(r#""referenceValue": "set_intersection({modes})", "minCount": 1"#),
            ),
            FULL,
            true,
            PassNow,
        ),
        (
            collection(
                modes,
                "reference_intersection_count",
                &format!(r#""referenceValue": "set_intersection({modes})", "minCount": 2"#),
            ),
            FULL,
            true,
            FailForever,
        ),
        (
            collection(
                "teams[*].players.attributes[modes]",
                "intersection",
                r#""minCount": 2"#,
            ),
            FULL,
            true,
            FailForever,
        ),
        (
            collection(
                "teams[*].players.attributes[modes]",
                "intersection",
                r#""minCount": 1"#,
            ),
            FULL,
            false,
            PassForever,
        ),
    ] {
        let verdict = Table::new(&rule).with(players, open, |scene, scratch, _| {
            evaluate(0, scene, scratch)
        });
        assert_eq!(verdict.outcome, expected, "{rule} open={open}");
    }
}

#[test]
fn compounds_follow_their_parts() {
    use Outcome::{FailForever, FailNow, PassForever, PassNow};
    // For ever and for now, by the first and the last of a growing match.
    let parts = r#"{"name": "ever", "type": "comparison", "operation": ">=", "measurements": ["count(teams[red].players)"], "referenceValue": 2},
        {"name": "now", "type": "comparison", "operation": "<=", "measurements": ["max(flatten(teams[*].players.attributes[skill]))"], "referenceValue": 45},
        {"name": "not yet", "type": "comparison", "operation": ">=", "measurements": ["count(teams[red].players)"], "referenceValue": 3},
        {"name": "never", "type": "comparison", "operation": ">", "measurements": ["count(teams[red].players)"], "referenceValue": 9},
        {"name": "undefined", "type": "comparison", "operation": ">", "measurements": ["avg(teams[blue].players.attributes[skill])"], "referenceValue": 0}"#;
    for (statement, expected) in [
        ("and(ever, ever)", PassForever),
        ("and(ever, now)", PassNow),
        ("and(now, not yet)", FailNow),
        ("and(not yet, never)", FailForever),
        ("or(never, never)", FailForever),
        ("or(never, not yet)", FailNow),
        ("or(not yet, now)", PassNow),
        ("or(now, ever)", PassForever),
        ("not(ever)", FailForever),
        ("not(now)", FailNow),
        ("not(not yet)", PassNow),
        ("not(never)", PassForever),
        ("xor(ever, never)", PassForever),
        ("xor(ever, ever)", FailForever),
        ("xor(ever, now)", FailNow),
        ("xor(ever, not yet)", PassNow),
        ("and(ever, now, or(never, not( not yet )))", PassNow),
        ("undefined", FailNow),
        ("not(undefined)", FailNow),
        ("xor(ever, undefined)", FailNow),
    ] {
        let rules =
            format!(r#"{parts}, {{"name": "c", "type": "compound", "statement": "{statement}"}}"#);
        let verdict = Table::new(&rules).with(NO_BLUE, true, |scene, scratch, _| {
            evaluate(5, scene, scratch)
        });
        assert_eq!(verdict.outcome, expected, "{statement}");
    }
}
