//! Rule sets that are refused: every row of the checklist, with what is said and the path that it points at.

#![expect(clippy::too_many_lines, reason = "the tests are tables")]

#[path = "common/bodies.rs"]
mod bodies;

use bodies::{body, expansion, refused, rule};
use matchmaker::LENGTH_MAX;

#[test]
fn documents_that_are_none() {
    let long = format!("{}{}", body("TEAMS"), " ".repeat(LENGTH_MAX));
    refused(&[
        (
            String::new(),
            "$: a rule set has 1 to 65535 characters, this one has 0",
        ),
        (long, "$: a rule set has 1 to 65535 characters"),
        ("[]".into(), "$: must be an object, not an array"),
        (
            "{".into(),
            "$: not valid JSON: a property name in quotation marks is expected here",
        ),
        (r#"{"teams": [],}"#.into(), "trailing comma"),
        (
            r#"{"teams": [{"name": "a", "minPlayers": 1, "maxPlayers": 1}]}"#.into(),
            "$: 'ruleLanguageVersion' is missing",
        ),
        (
            body("TEAMS").replace("1.0", "1.1"),
            "$.ruleLanguageVersion: must be \"1.0\", not \"1.1\"",
        ),
        (body(r#""name": "x""#), "$: 'teams' is missing"),
        (
            body(r#""teams": []"#),
            "$.teams: a rule set needs at least one team",
        ),
        (
            body(r#""teams": {}"#),
            "$.teams: must be an array, not an object",
        ),
        (
            body(r#"TEAMS, "name": 7"#),
            "$.name: must be a string, not a number",
        ),
    ]);
}

#[test]
fn teams_that_cannot_be() {
    let team = |members: &str| body(&format!(r#""teams": [{{{members}}}]"#));
    refused(&[
        (
            team(r#""minPlayers": 1, "maxPlayers": 1"#),
            "$.teams[0]: 'name' is missing",
        ),
        (
            team(r#""name": " ", "minPlayers": 1, "maxPlayers": 1"#),
            "$.teams[0].name: must not be empty",
        ),
        (
            team(r#""name": "a", "maxPlayers": 1"#),
            "$.teams[0]: 'minPlayers' is missing",
        ),
        (
            team(r#""name": "a", "minPlayers": 1"#),
            "$.teams[0]: 'maxPlayers' is missing",
        ),
        (
            team(r#""name": "a", "minPlayers": -1, "maxPlayers": 1"#),
            "$.teams[0].minPlayers: must not be negative",
        ),
        (
            team(r#""name": "a", "minPlayers": 1.5, "maxPlayers": 2"#),
            "$.teams[0].minPlayers: must be a whole number",
        ),
        (
            team(r#""name": "a", "minPlayers": 0, "maxPlayers": 0"#),
            "$.teams[0].maxPlayers: must be at least 1",
        ),
        (
            team(r#""name": "a", "minPlayers": 5, "maxPlayers": 4"#),
            "$.teams[0]: minPlayers (5) is greater than maxPlayers (4)",
        ),
        (
            team(r#""name": "a", "minPlayers": 1, "maxPlayers": 4, "quantity": 0"#),
            "$.teams[0].quantity: must be at least 1",
        ),
        (
            team(r#""name": "a", "minPlayers": 1, "maxPlayers": 201"#),
            "the teams take 201 players together; a match has at most 200",
        ),
        (
            team(
                r#""name": "a", "minPlayers": 1, "maxPlayers": 4000000000, "quantity": 4000000000"#,
            ),
            "a match has at most 200",
        ),
        (
            team(r#""name": "a", "minPlayers": 1, "maxPlayers": 41"#),
            "must use the balanced strategy",
        ),
        (
            body(
                r#""teams": [{"name": "a", "minPlayers": 1, "maxPlayers": 1}, {"name": "a", "minPlayers": 1, "maxPlayers": 1}]"#,
            ),
            "$.teams[1]: the team 'a' is declared twice",
        ),
        (
            body(
                r#""teams": [{"name": "a", "minPlayers": 1, "maxPlayers": 1, "quantity": 2}, {"name": "a_1", "minPlayers": 1, "maxPlayers": 1}]"#,
            ),
            "two teams would be called 'a_1'",
        ),
    ]);
}

#[test]
fn attributes_that_cannot_be() {
    let attribute = |members: &str| body(&format!(r#"TEAMS, "playerAttributes": [{{{members}}}]"#));
    let many: Vec<String> = (0..11)
        .map(|n| format!(r#"{{"name": "a{n}", "type": "number"}}"#))
        .collect();
    let long = "x".repeat(101);
    let list = vec!["\"x\""; 101].join(",");
    let map: Vec<String> = (0..11).map(|n| format!("\"{n}\": 1")).collect();
    refused(&[
        (
            attribute(r#""type": "number""#),
            "$.playerAttributes[0]: 'name' is missing",
        ),
        (
            attribute(r#""name": "a""#),
            "$.playerAttributes[0]: 'type' is missing",
        ),
        (
            attribute(r#""name": "a", "type": "float""#),
            "'float' is not one of \"string\", \"number\", \"string_list\", \"string_number_map\"",
        ),
        (
            attribute(r#""name": "a", "type": "number", "default": "1""#),
            "$.playerAttributes[0].default: the default of a number attribute cannot be a string",
        ),
        (
            attribute(r#""name": "a", "type": "string_list", "default": [1]"#),
            "a string_list holds strings, not a number",
        ),
        (
            attribute(r#""name": "a", "type": "string_number_map", "default": {"x": "y"}"#),
            "a string_number_map holds numbers, not a string",
        ),
        (
            attribute(&format!(
                r#""name": "a", "type": "string", "default": "{long}""#
            )),
            "at most 100 characters, this one has 101",
        ),
        (
            attribute(&format!(
                r#""name": "a", "type": "string_list", "default": [{list}]"#
            )),
            "at most 100 strings, this one has 101",
        ),
        (
            attribute(&format!(
                r#""name": "a", "type": "string_number_map", "default": {{{}}}"#,
                map.join(",")
            )),
            "at most 10 entries, this one has 11",
        ),
        (
            body(&format!(
                r#"TEAMS, "playerAttributes": [{}]"#,
                many.join(",")
            )),
            "at most 10 attributes can be declared",
        ),
        (
            body(
                r#"TEAMS, "playerAttributes": [{"name": "a", "type": "number"}, {"name": "a", "type": "string"}]"#,
            ),
            "the attribute 'a' is declared twice",
        ),
    ]);
}

#[test]
fn algorithms_that_cannot_be() {
    let algorithm =
        |members: &str| body(&format!(r#"ATTRIBUTES, TEAMS, "algorithm": {{{members}}}"#));
    refused(&[
        (
            algorithm(r#""strategy": "greedy""#),
            "$.algorithm.strategy: 'greedy' is not one of",
        ),
        (
            algorithm(r#""strategy": "balanced""#),
            "the balanced strategy needs a balancedAttribute",
        ),
        (
            algorithm(r#""strategy": "balanced", "balancedAttribute": "mode""#),
            "must be a number attribute; 'mode' is a string",
        ),
        (
            algorithm(r#""strategy": "balanced", "balancedAttribute": "luck""#),
            "the attribute 'luck' is not declared",
        ),
        (
            algorithm(r#""batchingPreference": "fastestRegion""#),
            "this batchingPreference needs \"strategy\": \"balanced\"",
        ),
        (
            algorithm(r#""batchingPreference": "balanced""#),
            "$.algorithm.batchingPreference: 'balanced' is not one of",
        ),
        (
            algorithm(
                r#""strategy": "balanced", "balancedAttribute": "skill", "batchingPreference": "random""#,
            ),
            "needs \"strategy\": \"exhaustiveSearch\"",
        ),
        (
            algorithm(r#""batchingPreference": "sorted""#),
            "needs sortByAttributes",
        ),
        (
            algorithm(r#""batchingPreference": "sorted", "sortByAttributes": ["luck"]"#),
            "the attribute 'luck' is not declared",
        ),
        (
            algorithm(r#""backfillPriority": "first""#),
            "'first' is not one of",
        ),
        (
            algorithm(r#""expansionAgeSelection": "median""#),
            "'median' is not one of",
        ),
        (
            algorithm("").replace("\"algorithm\": {}", "\"algorithm\": []"),
            "$.algorithm: must be an object, not an array",
        ),
    ]);
}

#[test]
fn expressions_that_cannot_be() {
    let measured = |expression: &str| {
        rule(&format!(
            r#""type": "comparison", "operation": "=", "measurements": ["{expression}"]"#
        ))
    };
    let deep = format!(
        "{}count(teams[red].players){}",
        "max(".repeat(40),
        ")".repeat(40)
    );
    refused(&[
        (measured("teams[green].players"), "there is no team 'green'"),
        (
            measured("teams[red,green].players"),
            "there is no team 'green'",
        ),
        (
            measured("teams[red].players.attributes[luck]"),
            "the attribute 'luck' is not declared",
        ),
        (
            measured("teams[red].players.attributes[Skill]"),
            "the attribute 'Skill' is not declared",
        ),
        (
            measured("avg(teams[red].players.attributes[mode])"),
            "avg needs numbers, not a list of strings",
        ),
        (
            measured("avg(teams[red].players)"),
            "avg needs numbers, not a list of players",
        ),
        (
            measured("flatten(teams[red].players.attributes[skill])"),
            "flatten needs a list of lists, not a list of numbers",
        ),
        (
            measured("set_intersection(teams[red].players.attributes[mode])"),
            "set_intersection needs a list of string lists",
        ),
        (
            measured("count(teams[red])"),
            "count needs a list, not team",
        ),
        (
            measured("count(teams[red].players.attributes[maps])"),
            "count cannot take a list of string_number_maps",
        ),
        (
            measured("teams[red].players.attributes[maps]"),
            "a comparison measures numbers or strings",
        ),
        (
            measured("teams[red].players"),
            "a comparison measures numbers or strings",
        ),
        (
            measured("mean(teams[red].players)"),
            "an expression starts with teams[...] or with one of the functions min, max",
        ),
        (
            measured("max(count(teams[red].players)"),
            "')' is expected to close max(",
        ),
        (
            measured("max(count(teams[red].players), 1)"),
            "max takes one argument",
        ),
        (measured("teams[red.players"), "']' is missing"),
        (
            measured("teams[red].player"),
            "only .players can follow teams[...]",
        ),
        (
            measured("teams[red].players[name]"),
            "only .attributes[...] or [playerId] can follow .players",
        ),
        (
            measured("teams[red].players.attributes[skill] + 1"),
            "unexpected text after the end of the expression",
        ),
        (measured(""), "an expression starts with teams[...]"),
        (
            measured(&deep),
            "functions are nested deeper than 32 levels",
        ),
        (
            rule(r#""type": "comparison", "operation": "=", "measurements": []"#),
            "needs at least one expression",
        ),
        (
            rule(r#""type": "comparison", "operation": "=", "measurements": 7"#),
            "must be an expression or an array of expressions, not a number",
        ),
    ]);
}

#[test]
fn rules_that_cannot_be() {
    let skill = r#""measurements": ["teams[red].players.attributes[skill]"]"#;
    let mode = r#""measurements": ["teams[red].players.attributes[mode]"]"#;
    let r = |members: &str| rule(&members.replace("SKILL", skill).replace("MODE", mode));
    let compound = |statement: &str| {
        let base = r#"{"name": "one", "type": "comparison", "operation": "=", "measurements": ["flatten(teams[*].players.attributes[mode])"]},
            {"name": "batch", "type": "batchDistance", "batchAttribute": "mode"}"#;
        let later = r#"{"name": "later", "type": "latency", "maxLatency": 100}"#;
        body(&format!(
            r#"ATTRIBUTES, TEAMS, "rules": [{base}, {{"name": "c", "type": "compound", "statement": "{statement}"}}, {later}]"#
        ))
    };
    refused(&[
        (
            rule(r#""type": "magic""#),
            "'magic' is not a rule type; the types are comparison",
        ),
        (
            body(r#"TEAMS, "rules": [{"type": "latency", "maxLatency": 1}]"#),
            "$.rules[0]: 'name' is missing",
        ),
        (
            body(
                r#"TEAMS, "rules": [{"name": "a", "type": "latency", "maxLatency": 1}, {"name": "a", "type": "latency", "maxLatency": 2}]"#,
            ),
            "the rule 'a' is declared twice",
        ),
        (
            r(r#""type": "comparison", SKILL, "operation": "<""#),
            "without referenceValue only the operations = and != make sense",
        ),
        (
            r(r#""type": "comparison", SKILL, "operation": "~""#),
            "'~' is not one of <, <=, =, !=, >, >=",
        ),
        (
            r(r#""type": "comparison", MODE, "operation": "<", "referenceValue": "b""#),
            "strings can only be compared with = and !=",
        ),
        (
            r(r#""type": "comparison", SKILL, "operation": "=", "referenceValue": "many""#),
            "$.rules[0].referenceValue: 'many' is not a number",
        ),
        (
            r(r#""type": "comparison", MODE, "operation": "=", "referenceValue": 5"#),
            "must be a string or an expression, not a number",
        ),
        (
            r(
                r#""type": "comparison", SKILL, "operation": "=", "referenceValue": "teams[red].players.attributes[mode]""#,
            ),
            "must give numbers like what is measured",
        ),
        (
            r(r#""type": "comparison", SKILL, "operation": "=", "partyAggregation": "sum""#),
            "'sum' is not one of \"min\", \"max\", \"avg\"",
        ),
        (
            r(r#""type": "distance", SKILL, "maxDistance": 1"#),
            "'referenceValue' is missing",
        ),
        (
            r(r#""type": "distance", SKILL, "referenceValue": 1"#),
            "a distance rule needs minDistance or maxDistance",
        ),
        (
            r(
                r#""type": "distance", SKILL, "referenceValue": 1, "minDistance": 5, "maxDistance": 4"#,
            ),
            "minDistance (5) is greater than maxDistance (4)",
        ),
        (
            r(r#""type": "distance", SKILL, "referenceValue": 1, "maxDistance": -4"#),
            "must not be negative",
        ),
        (
            r(r#""type": "distance", SKILL, "referenceValue": 1, "maxDistance": "far""#),
            "'far' is not a number",
        ),
        (
            r(r#""type": "distance", MODE, "referenceValue": 1, "maxDistance": 4"#),
            "a distance measures numbers, not a list of strings",
        ),
        (
            r(r#""type": "batchDistance", "maxDistance": 4"#),
            "'batchAttribute' is missing",
        ),
        (
            r(r#""type": "batchDistance", "batchAttribute": "modes""#),
            "must be a number or a string attribute; 'modes' is a string_list",
        ),
        (
            r(r#""type": "batchDistance", "batchAttribute": "luck""#),
            "the attribute 'luck' is not declared",
        ),
        (
            r(r#""type": "collection", SKILL, "operation": "intersection", "minCount": 1"#),
            "a collection rule measures lists of strings, not a list of numbers",
        ),
        (
            r(r#""type": "collection", MODE, "operation": "union", "minCount": 1"#),
            "'union' is not one of",
        ),
        (
            r(r#""type": "collection", MODE, "operation": "contains", "minCount": 1"#),
            "this operation needs a referenceValue",
        ),
        (
            r(
                r#""type": "collection", MODE, "operation": "intersection", "minCount": 2, "maxCount": 1"#,
            ),
            "minCount (2) is greater than maxCount (1)",
        ),
        (
            r(r#""type": "latency""#),
            "a latency rule needs maxLatency or maxDistance",
        ),
        (
            r(r#""type": "latency", "maxLatency": 0"#),
            "must be greater than 0",
        ),
        (
            r(r#""type": "latency", "maxDistance": 5, "distanceReference": "max""#),
            "'max' is not one of \"min\", \"avg\"",
        ),
        (
            r(r#""type": "distanceSort", "sortAttribute": "skill""#),
            "'sortDirection' is missing",
        ),
        (
            r(r#""type": "distanceSort", "sortDirection": "up", "sortAttribute": "skill""#),
            "'up' is not one of",
        ),
        (
            r(r#""type": "distanceSort", "sortDirection": "ascending", "sortAttribute": "mode""#),
            "cannot sort by 'mode', which is a string",
        ),
        (
            r(r#""type": "absoluteSort", "sortDirection": "ascending", "sortAttribute": "modes""#),
            "cannot sort by 'modes', which is a string_list",
        ),
        (
            r(r#""type": "absoluteSort", "sortDirection": "ascending", "sortAttribute": "maps""#),
            "'maps' is a map; say with mapKey which of its values counts",
        ),
        (
            r(
                r#""type": "absoluteSort", "sortDirection": "ascending", "sortAttribute": "skill", "mapKey": "minValue""#,
            ),
            "'skill' is not a map; remove mapKey",
        ),
        (r(r#""type": "compound""#), "'statement' is missing"),
        (compound("and(one)"), "and takes at least two statements"),
        (
            compound("not(one, one)"),
            "not takes one statement, this one has 2",
        ),
        (
            compound("xor(one, one, one)"),
            "xor takes two statements, this one has 3",
        ),
        (compound("nand(one, one)"), "'nand' is not an operator"),
        (
            compound("and(one, later)"),
            "there is no rule 'later' before this one",
        ),
        (
            compound("and(one, nobody)"),
            "there is no rule 'nobody' before this one",
        ),
        (
            compound("and(one, batch)"),
            "the rule 'batch' is a batchDistance, which cannot be part of a compound",
        ),
        (
            compound("and(one, one"),
            "',' or ')' is expected in and(...)",
        ),
        (
            compound("and(one, one) one"),
            "unexpected text after the end of the statement",
        ),
        (compound("and(,one)"), "the name of a rule is expected here"),
        (
            compound(&format!("{}one{}", "not(".repeat(40), ")".repeat(40))),
            "nested deeper than 32 levels",
        ),
        (
            body(
                r#"ATTRIBUTES, "algorithm": {"strategy": "balanced", "balancedAttribute": "skill"}, "teams": [{"name": "a", "minPlayers": 1, "maxPlayers": 41}],
            "rules": [{"name": "l", "type": "latency", "maxLatency": 1}, {"name": "c", "type": "compound", "statement": "and(l, l)"}]"#,
            ),
            "compound rules are not available in matches of more than 40 players",
        ),
        (
            body(
                r#"ATTRIBUTES, "algorithm": {"strategy": "balanced", "balancedAttribute": "skill"}, "teams": [{"name": "a", "minPlayers": 1, "maxPlayers": 41}],
            "rules": [{"name": "l", "type": "latency", "maxDistance": 1}]"#,
            ),
            "a latency rule of a large match needs maxLatency",
        ),
    ]);
}

#[test]
fn expansions_that_cannot_be() {
    let step = |value: &str| format!(r#"[{{"waitTimeSeconds": 10, "value": {value}}}]"#);
    refused(&[
        (
            expansion("near.maxDistance", &step("5")),
            "a target has the form rules[name].property",
        ),
        (
            expansion("algorithm[x].strategy", &step("5")),
            "'algorithm' cannot be expanded",
        ),
        (
            expansion("rules[far].maxDistance", &step("5")),
            "there is no rule 'far'",
        ),
        (
            expansion("teams[green].minPlayers", &step("5")),
            "there is no team 'green'",
        ),
        (
            expansion("teams[red].quantity", &step("5")),
            "the quantity of teams cannot be expanded",
        ),
        (
            expansion("teams[red].name", &step("5")),
            "teams have no property 'name' that can be expanded",
        ),
        (
            expansion("rules[near].measurements", &step("5")),
            "the property 'measurements' of a distance rule cannot be expanded",
        ),
        (
            expansion("rules[near].maxCount", &step("5")),
            "the property 'maxCount' of a distance rule cannot be expanded",
        ),
        (
            expansion("rules[all].statement", &step("5")),
            "the rule 'all' is a compound, which cannot be expanded",
        ),
        (
            expansion("rules[sort].sortDirection", &step("5")),
            "the rule 'sort' is a distanceSort, which cannot be expanded",
        ),
        (
            expansion("rules[near].maxDistance", &step("\"wide\"")),
            "$.expansions[0].steps[0].value: 'wide' is not a number",
        ),
        (
            expansion("rules[near].maxDistance", &step("-1")),
            "must not be negative",
        ),
        (
            expansion("rules[same].operation", &step("\"<\"")),
            "this comparison allows only = and !=",
        ),
        (
            expansion("rules[near].maxDistance", "[]"),
            "an expansion needs at least one step",
        ),
        (
            expansion(
                "rules[near].maxDistance",
                r#"[{"waitTimeSeconds": 10, "value": 20}, {"waitTimeSeconds": 10, "value": 30}]"#,
            ),
            "each step must wait longer than the one before",
        ),
        (
            expansion(
                "rules[near].maxDistance",
                r#"[{"waitTimeSeconds": -1, "value": 20}]"#,
            ),
            "must not be negative",
        ),
        (
            expansion("rules[near].maxDistance", r#"[{"value": 20}]"#),
            "'waitTimeSeconds' is missing",
        ),
        (
            expansion("rules[near].maxDistance", r#"[{"waitTimeSeconds": 1}]"#),
            "'value' is missing",
        ),
        (
            expansion("teams[red].minPlayers", &step("5")),
            "from 10 s on, team 'red' has minPlayers 5 and maxPlayers 4",
        ),
        (
            expansion("teams[red].maxPlayers", &step("0")),
            "must be at least 1",
        ),
        (
            expansion("teams[red].maxPlayers", &step("37")),
            "from 10 s on, a match has 41 players; this rule set can have at most 40",
        ),
    ]);
}
