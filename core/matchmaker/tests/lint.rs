//! Rule sets that are accepted, doubtful or hostile, and where complaints point.

#![expect(clippy::too_many_lines, reason = "the tests are tables")]

#[path = "common/bodies.rs"]
mod bodies;

use bodies::{body, errors, expansion, refused, rule, warnings};
use matchmaker::{Attribute, LENGTH_MAX, Options, Player, RuleSet};
use std::collections::BTreeMap;
use std::fmt::Write;

#[test]
fn problems_point_at_their_place() {
    let text = "{\n  \"ruleLanguageVersion\": \"1.0\",\n  \"teams\": [{\"name\": \"red\", \"minPlayers\": 1, \"maxPlayers\": 2}],\n  \"rules\": [{\n    \"name\": \"r\", \"type\": \"comparison\", \"operation\": \"=\",\n    \"measurements\": [\"count(teams[blue].players)\"]\n  }]\n}";
    let problems = RuleSet::parse(text, Options::default()).unwrap_err();
    assert_eq!(
        problems.to_string(),
        "line 6, column 35: $.rules[0].measurements: in the expression \"count(teams[blue].players)\": there is no team 'blue'"
    );
    let text =
        "{\"ruleLanguageVersion\": \"1.0\",\n\"teams\": [{\"name\": \"a\" \"minPlayers\": 1}]}";
    let problems = RuleSet::parse(text, Options::default()).unwrap_err();
    assert_eq!(
        problems.to_string(),
        "line 2, column 24: $: not valid JSON: ',' or '}' is expected in this object"
    );
}

#[test]
fn all_problems_are_named_at_once() {
    let text = body(
        r#""teams": [{"name": "a", "minPlayers": 3, "maxPlayers": 2}], "playerAttributes": [{"name": "x", "type": "int"}], "rules": [{"name": "r", "type": "latency"}]"#,
    );
    assert_eq!(errors(&text).len(), 3, "{:#?}", errors(&text));
}

#[test]
fn published_shapes_are_accepted() {
    for name in [
        "01_even_teams",
        "02_monster",
        "03_three_teams",
        "04_sorted_by_map",
        "05_preferred_characters",
        "06_duel",
        "07_free_for_all",
        "08_monster_hunters",
        "09_large_alike",
        "10_compound",
        "11_block_list",
    ] {
        let path = format!("{}/tests/rule_sets/{name}.json", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(&path).unwrap();
        let rules = RuleSet::parse(&text, Options::default())
            .unwrap_or_else(|problems| panic!("{name}: {problems}"));
        assert_eq!(
            rules.is_large(),
            matches!(&name[..2], "07" | "08" | "09"),
            "{name}"
        );
        let commented = matches!(&name[..2], "01" | "02" | "03");
        assert_eq!(
            RuleSet::parse(&text, Options { strict: true }).is_err(),
            commented,
            "{name}"
        );
    }
    for text in [
        body("TEAMS"),
        body(r#"TEAMS, "rules": [], "expansions": [], "playerAttributes": []"#),
        body(r#""teams": [{"name": "a b-c", "minPlayers": 0, "maxPlayers": 40}]"#),
        rule(r#""type": "batchDistance", "batchAttribute": "skill", "maxDistance": "500""#),
        rule(
            r#""type": "comparison", "operation": "=", "measurements": "team[red].players[playerid]""#,
        ),
        rule(
            r#""type": "absoluteSort", "sortDirection": "ascending", "sortAttribute": "mode", "partyAggregation": "avg""#,
        ),
        expansion(
            "teams[ red, blue ].minPlayers",
            r#"[{"waitTimeSeconds": 0, "value": 2}, {"waitTimeSeconds": "5", "value": "3"}]"#,
        ),
        expansion(
            "rules[near].referenceValue",
            r#"[{"waitTimeSeconds": 5, "value": 3}]"#,
        ),
        body(
            r#"ATTRIBUTES, "algorithm": {"strategy": "balanced", "balancedAttribute": "skill", "batchingPreference": "fastestRegion"}, "teams": [{"name": "a", "minPlayers": 1, "maxPlayers": 40}]"#,
        ),
        body(
            r#"ATTRIBUTES, TEAMS, "algorithm": {"batchingPreference": "sorted", "sortByAttributes": ["mode", "skill"], "backfillPriority": "high", "expansionAgeSelection": "oldest"}"#,
        ),
    ] {
        assert_eq!(errors(&text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn doubts() {
    let count = |team: &str| format!("count(teams[{team}].players)");
    for (text, expected) in [
        (
            body(r#"TEAMS, "colour": 1"#),
            "$.colour: unknown property; it has no effect",
        ),
        (
            body(r#"TEAMS, "name": "a", "name": "b""#),
            "'name' occurs again later in the same object",
        ),
        (
            rule(r#""type": "latency", "maxLatency": 1, "maxLatencies": 2"#),
            "$.rules[0].maxLatencies: unknown property",
        ),
        (
            rule(r#""type": "batchDistance", "batchAttribute": "skill""#),
            "without maxDistance all values must be equal",
        ),
        (
            rule(
                r#""type": "collection", "operation": "intersection", "measurements": "flatten(teams[*].players.attributes[modes])""#,
            ),
            "a minCount of 1 is assumed",
        ),
        (
            rule(
                r#""type": "collection", "operation": "contains", "referenceValue": "a", "minCount": 1, "measurements": "teams[*].players.attributes[mode]""#,
            ),
            "every team's values form one collection here",
        ),
        (
            rule(&format!(
                r#""type": "comparison", "operation": ">", "measurements": "{}", "referenceValue": 4"#,
                count("red")
            )),
            "the rule 'r' can never pass",
        ),
        (
            rule(
                r#""type": "collection", "operation": "contains", "referenceValue": "a", "minCount": 9, "measurements": "flatten(teams[*].players.attributes[modes])""#,
            ),
            "the rule 'r' can never pass",
        ),
        (
            rule(r#""type": "latency", "maxDistance": 5"#),
            "without distanceReference the average is taken",
        ),
        (
            body(
                r#""playerAttributes": [{"name": "s", "type": "number"}], TEAMS, "rules": [{"name": "r", "type": "batchDistance", "batchAttribute": "s", "maxDistance": 1}]"#,
            ),
            "'s' has no default: a ticket with a player who lacks it never matches",
        ),
        (
            body(
                r#"ATTRIBUTES, TEAMS, "algorithm": {"strategy": "balanced", "balancedAttribute": "skill"}"#,
            ),
            "no latency rule says which locations are acceptable",
        ),
        (
            body(
                r#"ATTRIBUTES, "teams": [{"name": "a", "minPlayers": 0, "maxPlayers": 2}, {"name": "b", "minPlayers": 1, "maxPlayers": 2}],
            "rules": [{"name": "r", "type": "distance", "measurements": "avg(teams[*].players.attributes[skill])", "referenceValue": 5, "maxDistance": 1}]"#,
            ),
            "fails while one of its teams is empty",
        ),
        (
            body(
                r#""teams": [{"name": "a", "minPlayers": 1, "maxPlayers": 2}, {"name": "b", "minPlayers": 1, "maxPlayers": 3}],
            "rules": [{"name": "r", "type": "comparison", "operation": "=", "measurements": "count(teams[a].players)", "referenceValue": "count(teams[b].players)"}]"#,
            ),
            "the teams' maxPlayers differ",
        ),
        (
            expansion(
                "rules[near].maxDistance",
                r#"[{"waitTimeSeconds": 5, "value": 3}]"#,
            ),
            "makes the rule 'near' stricter than before",
        ),
        (
            expansion(
                "rules[near].maxDistance",
                r#"[{"waitTimeSeconds": 5, "value": 10}]"#,
            ),
            "this step changes nothing",
        ),
    ] {
        let warnings = warnings(&text);
        assert!(
            warnings.iter().any(|warning| warning.contains(expected)),
            "expected \"{expected}\", got {warnings:#?} for {text}"
        );
    }
    assert_eq!(
        warnings(&body(r#"TEAMS, "_comment": "fine""#)),
        Vec::<String>::new()
    );
}

#[test]
fn steps_beyond_the_request_timeout_are_named() {
    let text = expansion(
        "rules[near].maxDistance",
        r#"[{"waitTimeSeconds": 20, "value": 20}, {"waitTimeSeconds": 60, "value": 30}]"#,
    );
    let rules = RuleSet::parse(&text, Options::default()).unwrap();
    let steps = rules.unreachable_steps(ids::Span::from_secs(60));
    assert_eq!(
        steps,
        ["rules[near].maxDistance: the step at 60 s never happens, requests time out after 60 s"]
    );
}

/// Text that is made to hurt: none of it may take long or much, all of it is answered.
#[test]
fn hostile_rule_sets() {
    let mut doubling = String::from(r#"{"name": "c0", "type": "latency", "maxLatency": 5}"#);
    for index in 1..32 {
        let before = index - 1;
        write!(doubling, r#",{{"name": "c{index}", "type": "compound", "statement": "xor(c{before}, c{before})"}}"#).unwrap();
    }
    let steps: Vec<String> = (0..1_500)
        .map(|n| format!(r#"{{"waitTimeSeconds": {n}, "value": {n}}}"#))
        .collect();
    let teams = vec!["red"; 2_000].join(",");
    let operands = vec!["near"; 5_000].join(",");
    let wide = format!(
        r#"{{"name": "near", "type": "latency", "maxLatency": 5}}, {{"name": "c", "type": "compound", "statement": "or({operands})"}}"#
    );
    for text in [
        body(&format!(r#"TEAMS, "rules": [{doubling}]"#)),
        body(&format!(r#"TEAMS, "rules": [{wide}]"#)),
        expansion("rules[near].maxDistance", &format!("[{}]", steps.join(","))),
        rule(&format!(
            r#""type": "comparison", "operation": "=", "measurements": "count(teams[{teams}].players)", "referenceValue": 3"#
        )),
    ] {
        assert!(text.len() < LENGTH_MAX, "{}", text.len());
        assert_eq!(errors(&text), Vec::<String>::new());
    }
    let mut chain = String::from(r#"{"name": "c0", "type": "latency", "maxLatency": 5}"#);
    for index in 1..1_000 {
        write!(
            chain,
            r#",{{"name": "c{index}", "type": "compound", "statement": "not(c{})"}}"#,
            index - 1
        )
        .unwrap();
    }
    refused(&[(
        body(&format!(r#"TEAMS, "rules": [{chain}]"#)),
        "compounds name each other deeper than 32 levels",
    )]);
    for text in [
        "[".repeat(60_000),
        "{\"a\":".repeat(10_000),
        "\"".repeat(60_000),
        "/*".repeat(30_000),
        "\\".repeat(60_000),
    ] {
        assert_eq!(errors(&text).len(), 1);
    }
}

#[test]
fn players_are_checked_against_the_declarations() {
    let rules = RuleSet::parse(&body("ATTRIBUTES, TEAMS"), Options::default()).unwrap();
    let player = |name: &str, value: Attribute| Player {
        id: "p".into(),
        attributes: BTreeMap::from([(name.to_owned(), value)]),
        latency: BTreeMap::new(),
        team: None,
    };
    assert_eq!(
        rules.check_players(&[player("skill", Attribute::Number(1.0))], false),
        Ok(())
    );
    assert_eq!(
        rules.check_players(&[player("undeclared", Attribute::List(vec![]))], false),
        Ok(())
    );
    let refusal = rules
        .check_players(&[player("skill", Attribute::Text("1".into()))], false)
        .unwrap_err();
    assert_eq!(
        refusal,
        "attribute 'skill' of player 'p' is a string, the rule set declares a number"
    );
}
