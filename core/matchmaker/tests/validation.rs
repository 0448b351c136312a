//! Rule sets that are refused, and rule sets that are doubtful: what is said, and where it points.

use matchmaker::{Attribute, LENGTH_MAX, Options, Player, RuleSet, Severity};
use std::collections::BTreeMap;
use std::fmt::Write;

/// A rule set around a few members; `TEAMS` stands for two teams of one to four.
fn body(members: &str) -> String {
    let teams = r#""teams": [{"name": "red", "minPlayers": 1, "maxPlayers": 4}, {"name": "blue", "minPlayers": 1, "maxPlayers": 4}]"#;
    let attributes = r#""playerAttributes": [{"name": "skill", "type": "number", "default": 1}, {"name": "mode", "type": "string", "default": "a"},
        {"name": "modes", "type": "string_list", "default": []}, {"name": "maps", "type": "string_number_map", "default": {}}]"#;
    let members = members.replace("TEAMS", teams).replace("ATTRIBUTES", attributes);
    format!(r#"{{"ruleLanguageVersion": "1.0", {members}}}"#)
}

fn rule(members: &str) -> String {
    body(&format!(r#"ATTRIBUTES, TEAMS, "rules": [{{"name": "r", {members}}}]"#))
}

fn expansion(target: &str, steps: &str) -> String {
    let rules = r#"{"name": "near", "type": "distance", "measurements": "max(flatten(teams[*].players.attributes[skill]))", "referenceValue": "min(flatten(teams[*].players.attributes[skill]))", "maxDistance": 10},
        {"name": "same", "type": "comparison", "operation": "=", "measurements": ["flatten(teams[*].players.attributes[mode])"]},
        {"name": "sort", "type": "distanceSort", "sortDirection": "ascending", "sortAttribute": "skill"},
        {"name": "all", "type": "compound", "statement": "or(near, same)"}"#;
    body(&format!(r#"ATTRIBUTES, TEAMS, "rules": [{rules}], "expansions": [{{"target": "{target}", "steps": {steps}}}]"#))
}

fn errors(text: &str) -> Vec<String> {
    match RuleSet::parse(text, Options::default()) {
        Ok(_) => Vec::new(),
        Err(problems) => {
            let errors = problems.0.iter().filter(|problem| problem.severity == Severity::Error);
            errors.map(|problem| format!("{}: {}", problem.path, problem.message)).collect()
        }
    }
}

fn warnings(text: &str) -> Vec<String> {
    let rules = RuleSet::parse(text, Options::default()).unwrap_or_else(|problems| panic!("{problems}"));
    rules.warnings().iter().map(|problem| format!("{}: {}", problem.path, problem.message)).collect()
}

/// The first error contains the text.
fn refused(cases: &[(String, &str)]) {
    for (text, expected) in cases {
        let errors = errors(text);
        let first = errors.first().map_or("nothing", String::as_str);
        assert!(first.contains(expected), "expected \"{expected}\", got {errors:#?} for {text}");
    }
}

#[test]
fn documents_that_are_none() {
    let long = format!("{}{}", body("TEAMS"), " ".repeat(LENGTH_MAX));
    refused(&[
        (String::new(), "$: a rule set has 1 to 65535 characters, this one has 0"),
        (long, "$: a rule set has 1 to 65535 characters"),
        ("[]".into(), "$: must be an object, not an array"),
        ("{".into(), "$: not valid JSON: a property name in quotation marks is expected here"),
        (r#"{"teams": [],}"#.into(), "trailing comma"),
        (r#"{"teams": [{"name": "a", "minPlayers": 1, "maxPlayers": 1}]}"#.into(), "$: 'ruleLanguageVersion' is missing"),
        (body("TEAMS").replace("1.0", "1.1"), "$.ruleLanguageVersion: must be \"1.0\", not \"1.1\""),
        (body(r#""name": "x""#), "$: 'teams' is missing"),
        (body(r#""teams": []"#), "$.teams: a rule set needs at least one team"),
        (body(r#""teams": {}"#), "$.teams: must be an array, not an object"),
        (body(r#"TEAMS, "name": 7"#), "$.name: must be a string, not a number"),
    ]);
}

#[test]
fn teams_that_cannot_be() {
    let team = |members: &str| body(&format!(r#""teams": [{{{members}}}]"#));
    refused(&[
        (team(r#""minPlayers": 1, "maxPlayers": 1"#), "$.teams[0]: 'name' is missing"),
        (team(r#""name": " ", "minPlayers": 1, "maxPlayers": 1"#), "$.teams[0].name: must not be empty"),
        (team(r#""name": "a", "maxPlayers": 1"#), "$.teams[0]: 'minPlayers' is missing"),
        (team(r#""name": "a", "minPlayers": 1"#), "$.teams[0]: 'maxPlayers' is missing"),
        (team(r#""name": "a", "minPlayers": -1, "maxPlayers": 1"#), "$.teams[0].minPlayers: must not be negative"),
        (team(r#""name": "a", "minPlayers": 1.5, "maxPlayers": 2"#), "$.teams[0].minPlayers: must be a whole number"),
        (team(r#""name": "a", "minPlayers": 0, "maxPlayers": 0"#), "$.teams[0].maxPlayers: must be at least 1"),
        (team(r#""name": "a", "minPlayers": 5, "maxPlayers": 4"#), "$.teams[0]: minPlayers (5) is greater than maxPlayers (4)"),
        (team(r#""name": "a", "minPlayers": 1, "maxPlayers": 4, "quantity": 0"#), "$.teams[0].quantity: must be at least 1"),
        (team(r#""name": "a", "minPlayers": 1, "maxPlayers": 201"#), "the teams take 201 players together; a match has at most 200"),
        (team(r#""name": "a", "minPlayers": 1, "maxPlayers": 4000000000, "quantity": 4000000000"#), "a match has at most 200"),
        (team(r#""name": "a", "minPlayers": 1, "maxPlayers": 41"#), "must use the balanced strategy"),
        (body(r#""teams": [{"name": "a", "minPlayers": 1, "maxPlayers": 1}, {"name": "a", "minPlayers": 1, "maxPlayers": 1}]"#), "$.teams[1]: the team 'a' is declared twice"),
        (body(r#""teams": [{"name": "a", "minPlayers": 1, "maxPlayers": 1, "quantity": 2}, {"name": "a_1", "minPlayers": 1, "maxPlayers": 1}]"#), "two teams would be called 'a_1'"),
    ]);
}

#[test]
fn attributes_that_cannot_be() {
    let attribute = |members: &str| body(&format!(r#"TEAMS, "playerAttributes": [{{{members}}}]"#));
    let many: Vec<String> = (0..11).map(|n| format!(r#"{{"name": "a{n}", "type": "number"}}"#)).collect();
    let long = "x".repeat(101);
    let list = vec!["\"x\""; 101].join(",");
    let map: Vec<String> = (0..11).map(|n| format!("\"{n}\": 1")).collect();
    refused(&[
        (attribute(r#""type": "number""#), "$.playerAttributes[0]: 'name' is missing"),
        (attribute(r#""name": "a""#), "$.playerAttributes[0]: 'type' is missing"),
        (attribute(r#""name": "a", "type": "float""#), "'float' is not one of \"string\", \"number\", \"string_list\", \"string_number_map\""),
        (attribute(r#""name": "a", "type": "number", "default": "1""#), "$.playerAttributes[0].default: the default of a number attribute cannot be a string"),
        (attribute(r#""name": "a", "type": "string_list", "default": [1]"#), "a string_list holds strings, not a number"),
        (attribute(r#""name": "a", "type": "string_number_map", "default": {"x": "y"}"#), "a string_number_map holds numbers, not a string"),
        (attribute(&format!(r#""name": "a", "type": "string", "default": "{long}""#)), "at most 100 characters, this one has 101"),
        (attribute(&format!(r#""name": "a", "type": "string_list", "default": [{list}]"#)), "at most 100 strings, this one has 101"),
        (attribute(&format!(r#""name": "a", "type": "string_number_map", "default": {{{}}}"#, map.join(","))), "at most 10 entries, this one has 11"),
        (body(&format!(r#"TEAMS, "playerAttributes": [{}]"#, many.join(","))), "at most 10 attributes can be declared"),
        (body(r#"TEAMS, "playerAttributes": [{"name": "a", "type": "number"}, {"name": "a", "type": "string"}]"#), "the attribute 'a' is declared twice"),
    ]);
}

#[test]
fn algorithms_that_cannot_be() {
    let algorithm = |members: &str| body(&format!(r#"ATTRIBUTES, TEAMS, "algorithm": {{{members}}}"#));
    refused(&[
        (algorithm(r#""strategy": "greedy""#), "$.algorithm.strategy: 'greedy' is not one of"),
        (algorithm(r#""strategy": "balanced""#), "the balanced strategy needs a balancedAttribute"),
        (algorithm(r#""strategy": "balanced", "balancedAttribute": "mode""#), "must be a number attribute; 'mode' is a string"),
        (algorithm(r#""strategy": "balanced", "balancedAttribute": "luck""#), "the attribute 'luck' is not declared"),
        (algorithm(r#""batchingPreference": "fastestRegion""#), "this batchingPreference needs \"strategy\": \"balanced\""),
        (algorithm(r#""batchingPreference": "balanced""#), "$.algorithm.batchingPreference: 'balanced' is not one of"),
        (algorithm(r#""strategy": "balanced", "balancedAttribute": "skill", "batchingPreference": "random""#), "needs \"strategy\": \"exhaustiveSearch\""),
        (algorithm(r#""batchingPreference": "sorted""#), "needs sortByAttributes"),
        (algorithm(r#""batchingPreference": "sorted", "sortByAttributes": ["luck"]"#), "the attribute 'luck' is not declared"),
        (algorithm(r#""backfillPriority": "first""#), "'first' is not one of"),
        (algorithm(r#""expansionAgeSelection": "median""#), "'median' is not one of"),
        (algorithm("").replace("\"algorithm\": {}", "\"algorithm\": []"), "$.algorithm: must be an object, not an array"),
    ]);
}

#[test]
fn expressions_that_cannot_be() {
    let measured = |expression: &str| rule(&format!(r#""type": "comparison", "operation": "=", "measurements": ["{expression}"]"#));
    let deep = format!("{}count(teams[red].players){}", "max(".repeat(40), ")".repeat(40));
    refused(&[
        (measured("teams[green].players"), "there is no team 'green'"),
        (measured("teams[red,green].players"), "there is no team 'green'"),
        (measured("teams[red].players.attributes[luck]"), "the attribute 'luck' is not declared"),
        (measured("teams[red].players.attributes[Skill]"), "the attribute 'Skill' is not declared"),
        (measured("avg(teams[red].players.attributes[mode])"), "avg needs numbers, not a list of strings"),
        (measured("avg(teams[red].players)"), "avg needs numbers, not a list of players"),
        (measured("flatten(teams[red].players.attributes[skill])"), "flatten needs a list of lists, not a list of numbers"),
        (measured("set_intersection(teams[red].players.attributes[mode])"), "set_intersection needs a list of string lists"),
        (measured("count(teams[red])"), "count needs a list, not team"),
        (measured("count(teams[red].players.attributes[maps])"), "count cannot take a list of string_number_maps"),
        (measured("teams[red].players.attributes[maps]"), "a comparison measures numbers or strings"),
        (measured("teams[red].players"), "a comparison measures numbers or strings"),
        (measured("mean(teams[red].players)"), "an expression starts with teams[...] or with one of the functions min, max"),
        (measured("max(count(teams[red].players)"), "')' is expected to close max("),
        (measured("max(count(teams[red].players), 1)"), "max takes one argument"),
        (measured("teams[red.players"), "']' is missing"),
        (measured("teams[red].player"), "only .players can follow teams[...]"),
        (measured("teams[red].players[name]"), "only .attributes[...] or [playerId] can follow .players"),
        (measured("teams[red].players.attributes[skill] + 1"), "unexpected text after the end of the expression"),
        (measured(""), "an expression starts with teams[...]"),
        (measured(&deep), "functions are nested deeper than 32 levels"),
        (rule(r#""type": "comparison", "operation": "=", "measurements": []"#), "needs at least one expression"),
        (rule(r#""type": "comparison", "operation": "=", "measurements": 7"#), "must be an expression or an array of expressions, not a number"),
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
        body(&format!(r#"ATTRIBUTES, TEAMS, "rules": [{base}, {{"name": "c", "type": "compound", "statement": "{statement}"}}, {later}]"#))
    };
    refused(&[
        (rule(r#""type": "magic""#), "'magic' is not a rule type; the types are comparison"),
        (body(r#"TEAMS, "rules": [{"type": "latency", "maxLatency": 1}]"#), "$.rules[0]: 'name' is missing"),
        (body(r#"TEAMS, "rules": [{"name": "a", "type": "latency", "maxLatency": 1}, {"name": "a", "type": "latency", "maxLatency": 2}]"#), "the rule 'a' is declared twice"),
        (r(r#""type": "comparison", SKILL, "operation": "<""#), "without referenceValue only the operations = and != make sense"),
        (r(r#""type": "comparison", SKILL, "operation": "~""#), "'~' is not one of <, <=, =, !=, >, >="),
        (r(r#""type": "comparison", MODE, "operation": "<", "referenceValue": "b""#), "strings can only be compared with = and !="),
        (r(r#""type": "comparison", SKILL, "operation": "=", "referenceValue": "many""#), "$.rules[0].referenceValue: 'many' is not a number"),
        (r(r#""type": "comparison", MODE, "operation": "=", "referenceValue": 5"#), "must be a string or an expression, not a number"),
        (r(r#""type": "comparison", SKILL, "operation": "=", "referenceValue": "teams[red].players.attributes[mode]""#), "must give numbers like what is measured"),
        (r(r#""type": "comparison", SKILL, "operation": "=", "partyAggregation": "sum""#), "'sum' is not one of \"min\", \"max\", \"avg\""),
        (r(r#""type": "distance", SKILL, "maxDistance": 1"#), "'referenceValue' is missing"),
        (r(r#""type": "distance", SKILL, "referenceValue": 1"#), "a distance rule needs minDistance or maxDistance"),
        (r(r#""type": "distance", SKILL, "referenceValue": 1, "minDistance": 5, "maxDistance": 4"#), "minDistance (5) is greater than maxDistance (4)"),
        (r(r#""type": "distance", SKILL, "referenceValue": 1, "maxDistance": -4"#), "must not be negative"),
        (r(r#""type": "distance", SKILL, "referenceValue": 1, "maxDistance": "far""#), "'far' is not a number"),
        (r(r#""type": "distance", MODE, "referenceValue": 1, "maxDistance": 4"#), "a distance measures numbers, not a list of strings"),
        (r(r#""type": "batchDistance", "maxDistance": 4"#), "'batchAttribute' is missing"),
        (r(r#""type": "batchDistance", "batchAttribute": "modes""#), "must be a number or a string attribute; 'modes' is a string_list"),
        (r(r#""type": "batchDistance", "batchAttribute": "luck""#), "the attribute 'luck' is not declared"),
        (r(r#""type": "collection", SKILL, "operation": "intersection", "minCount": 1"#), "a collection rule measures lists of strings, not a list of numbers"),
        (r(r#""type": "collection", MODE, "operation": "union", "minCount": 1"#), "'union' is not one of"),
        (r(r#""type": "collection", MODE, "operation": "contains", "minCount": 1"#), "this operation needs a referenceValue"),
        (r(r#""type": "collection", MODE, "operation": "intersection", "minCount": 2, "maxCount": 1"#), "minCount (2) is greater than maxCount (1)"),
        (r(r#""type": "latency""#), "a latency rule needs maxLatency or maxDistance"),
        (r(r#""type": "latency", "maxLatency": 0"#), "must be greater than 0"),
        (r(r#""type": "latency", "maxDistance": 5, "distanceReference": "max""#), "'max' is not one of \"min\", \"avg\""),
        (r(r#""type": "distanceSort", "sortAttribute": "skill""#), "'sortDirection' is missing"),
        (r(r#""type": "distanceSort", "sortDirection": "up", "sortAttribute": "skill""#), "'up' is not one of"),
        (r(r#""type": "distanceSort", "sortDirection": "ascending", "sortAttribute": "mode""#), "cannot sort by 'mode', which is a string"),
        (r(r#""type": "absoluteSort", "sortDirection": "ascending", "sortAttribute": "modes""#), "cannot sort by 'modes', which is a string_list"),
        (r(r#""type": "absoluteSort", "sortDirection": "ascending", "sortAttribute": "maps""#), "'maps' is a map; say with mapKey which of its values counts"),
        (r(r#""type": "absoluteSort", "sortDirection": "ascending", "sortAttribute": "skill", "mapKey": "minValue""#), "'skill' is not a map; remove mapKey"),
        (r(r#""type": "compound""#), "'statement' is missing"),
        (compound("and(one)"), "and takes at least two statements"),
        (compound("not(one, one)"), "not takes one statement, this one has 2"),
        (compound("xor(one, one, one)"), "xor takes two statements, this one has 3"),
        (compound("nand(one, one)"), "'nand' is not an operator"),
        (compound("and(one, later)"), "there is no rule 'later' before this one"),
        (compound("and(one, nobody)"), "there is no rule 'nobody' before this one"),
        (compound("and(one, batch)"), "the rule 'batch' is a batchDistance, which cannot be part of a compound"),
        (compound("and(one, one"), "',' or ')' is expected in and(...)"),
        (compound("and(one, one) one"), "unexpected text after the end of the statement"),
        (compound("and(,one)"), "the name of a rule is expected here"),
        (compound(&format!("{}one{}", "not(".repeat(40), ")".repeat(40))), "nested deeper than 32 levels"),
        (body(r#"ATTRIBUTES, "algorithm": {"strategy": "balanced", "balancedAttribute": "skill"}, "teams": [{"name": "a", "minPlayers": 1, "maxPlayers": 41}],
            "rules": [{"name": "l", "type": "latency", "maxLatency": 1}, {"name": "c", "type": "compound", "statement": "and(l, l)"}]"#), "compound rules are not available in matches of more than 40 players"),
        (body(r#"ATTRIBUTES, "algorithm": {"strategy": "balanced", "balancedAttribute": "skill"}, "teams": [{"name": "a", "minPlayers": 1, "maxPlayers": 41}],
            "rules": [{"name": "l", "type": "latency", "maxDistance": 1}]"#), "a latency rule of a large match needs maxLatency"),
    ]);
}

#[test]
fn expansions_that_cannot_be() {
    let step = |value: &str| format!(r#"[{{"waitTimeSeconds": 10, "value": {value}}}]"#);
    refused(&[
        (expansion("near.maxDistance", &step("5")), "a target has the form rules[name].property"),
        (expansion("algorithm[x].strategy", &step("5")), "'algorithm' cannot be expanded"),
        (expansion("rules[far].maxDistance", &step("5")), "there is no rule 'far'"),
        (expansion("teams[green].minPlayers", &step("5")), "there is no team 'green'"),
        (expansion("teams[red].quantity", &step("5")), "the quantity of teams cannot be expanded"),
        (expansion("teams[red].name", &step("5")), "teams have no property 'name' that can be expanded"),
        (expansion("rules[near].measurements", &step("5")), "the property 'measurements' of a distance rule cannot be expanded"),
        (expansion("rules[near].maxCount", &step("5")), "the property 'maxCount' of a distance rule cannot be expanded"),
        (expansion("rules[all].statement", &step("5")), "the rule 'all' is a compound, which cannot be expanded"),
        (expansion("rules[sort].sortDirection", &step("5")), "the rule 'sort' is a distanceSort, which cannot be expanded"),
        (expansion("rules[near].maxDistance", &step("\"wide\"")), "$.expansions[0].steps[0].value: 'wide' is not a number"),
        (expansion("rules[near].maxDistance", &step("-1")), "must not be negative"),
        (expansion("rules[same].operation", &step("\"<\"")), "this comparison allows only = and !="),
        (expansion("rules[near].maxDistance", "[]"), "an expansion needs at least one step"),
        (expansion("rules[near].maxDistance", r#"[{"waitTimeSeconds": 10, "value": 20}, {"waitTimeSeconds": 10, "value": 30}]"#), "each step must wait longer than the one before"),
        (expansion("rules[near].maxDistance", r#"[{"waitTimeSeconds": -1, "value": 20}]"#), "must not be negative"),
        (expansion("rules[near].maxDistance", r#"[{"value": 20}]"#), "'waitTimeSeconds' is missing"),
        (expansion("rules[near].maxDistance", r#"[{"waitTimeSeconds": 1}]"#), "'value' is missing"),
        (expansion("teams[red].minPlayers", &step("5")), "from 10 s on, team 'red' has minPlayers 5 and maxPlayers 4"),
        (expansion("teams[red].maxPlayers", &step("0")), "must be at least 1"),
        (expansion("teams[red].maxPlayers", &step("37")), "from 10 s on, a match has 41 players; this rule set can have at most 40"),
    ]);
}

#[test]
fn problems_point_at_their_place() {
    let text = "{\n  \"ruleLanguageVersion\": \"1.0\",\n  \"teams\": [{\"name\": \"red\", \"minPlayers\": 1, \"maxPlayers\": 2}],\n  \"rules\": [{\n    \"name\": \"r\", \"type\": \"comparison\", \"operation\": \"=\",\n    \"measurements\": [\"count(teams[blue].players)\"]\n  }]\n}";
    let problems = RuleSet::parse(text, Options::default()).unwrap_err();
    assert_eq!(
        problems.to_string(),
        "line 6, column 35: $.rules[0].measurements: in the expression \"count(teams[blue].players)\": there is no team 'blue'"
    );
    let text = "{\"ruleLanguageVersion\": \"1.0\",\n\"teams\": [{\"name\": \"a\" \"minPlayers\": 1}]}";
    let problems = RuleSet::parse(text, Options::default()).unwrap_err();
    assert_eq!(problems.to_string(), "line 2, column 24: $: not valid JSON: ',' or '}' is expected in this object");
}

#[test]
fn all_problems_are_named_at_once() {
    let text = body(r#""teams": [{"name": "a", "minPlayers": 3, "maxPlayers": 2}], "playerAttributes": [{"name": "x", "type": "int"}], "rules": [{"name": "r", "type": "latency"}]"#);
    assert_eq!(errors(&text).len(), 3, "{:#?}", errors(&text));
}

#[test]
fn published_shapes_are_accepted() {
    for name in [
        "01_even_teams", "02_monster", "03_three_teams", "04_sorted_by_map", "05_preferred_characters", "06_duel",
        "07_free_for_all", "08_monster_hunters", "09_large_alike", "10_compound", "11_block_list",
    ] {
        let path = format!("{}/tests/rule_sets/{name}.json", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(&path).unwrap();
        let rules = RuleSet::parse(&text, Options::default()).unwrap_or_else(|problems| panic!("{name}: {problems}"));
        assert_eq!(rules.is_large(), matches!(&name[..2], "07" | "08" | "09"), "{name}");
        let commented = matches!(&name[..2], "01" | "02" | "03");
        assert_eq!(RuleSet::parse(&text, Options { strict: true }).is_err(), commented, "{name}");
    }
    for text in [
        body("TEAMS"),
        body(r#"TEAMS, "rules": [], "expansions": [], "playerAttributes": []"#),
        body(r#""teams": [{"name": "a b-c", "minPlayers": 0, "maxPlayers": 40}]"#),
        rule(r#""type": "batchDistance", "batchAttribute": "skill", "maxDistance": "500""#),
        rule(r#""type": "comparison", "operation": "=", "measurements": "team[red].players[playerid]""#),
        rule(r#""type": "absoluteSort", "sortDirection": "ascending", "sortAttribute": "mode", "partyAggregation": "avg""#),
        expansion("teams[ red, blue ].minPlayers", r#"[{"waitTimeSeconds": 0, "value": 2}, {"waitTimeSeconds": "5", "value": "3"}]"#),
        expansion("rules[near].referenceValue", r#"[{"waitTimeSeconds": 5, "value": 3}]"#),
        body(r#"ATTRIBUTES, "algorithm": {"strategy": "balanced", "balancedAttribute": "skill", "batchingPreference": "fastestRegion"}, "teams": [{"name": "a", "minPlayers": 1, "maxPlayers": 40}]"#),
        body(r#"ATTRIBUTES, TEAMS, "algorithm": {"batchingPreference": "sorted", "sortByAttributes": ["mode", "skill"], "backfillPriority": "high", "expansionAgeSelection": "oldest"}"#),
    ] {
        assert_eq!(errors(&text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn doubts() {
    let count = |team: &str| format!("count(teams[{team}].players)");
    for (text, expected) in [
        (body(r#"TEAMS, "colour": 1"#), "$.colour: unknown property; it has no effect"),
        (body(r#"TEAMS, "name": "a", "name": "b""#), "'name' occurs again later in the same object"),
        (rule(r#""type": "latency", "maxLatency": 1, "maxLatencies": 2"#), "$.rules[0].maxLatencies: unknown property"),
        (rule(r#""type": "batchDistance", "batchAttribute": "skill""#), "without maxDistance all values must be equal"),
        (rule(r#""type": "collection", "operation": "intersection", "measurements": "flatten(teams[*].players.attributes[modes])""#), "a minCount of 1 is assumed"),
        (rule(r#""type": "collection", "operation": "contains", "referenceValue": "a", "minCount": 1, "measurements": "teams[*].players.attributes[mode]""#), "every team's values form one collection here"),
        (rule(&format!(r#""type": "comparison", "operation": ">", "measurements": "{}", "referenceValue": 4"#, count("red"))), "the rule 'r' can never pass"),
        (rule(r#""type": "collection", "operation": "contains", "referenceValue": "a", "minCount": 9, "measurements": "flatten(teams[*].players.attributes[modes])""#), "the rule 'r' can never pass"),
        (rule(r#""type": "latency", "maxDistance": 5"#), "without distanceReference the average is taken"),
        (body(r#""playerAttributes": [{"name": "s", "type": "number"}], TEAMS, "rules": [{"name": "r", "type": "batchDistance", "batchAttribute": "s", "maxDistance": 1}]"#), "'s' has no default: a ticket with a player who lacks it never matches"),
        (body(r#"ATTRIBUTES, TEAMS, "algorithm": {"strategy": "balanced", "balancedAttribute": "skill"}"#), "no latency rule says which locations are acceptable"),
        (body(r#"ATTRIBUTES, "teams": [{"name": "a", "minPlayers": 0, "maxPlayers": 2}, {"name": "b", "minPlayers": 1, "maxPlayers": 2}],
            "rules": [{"name": "r", "type": "distance", "measurements": "avg(teams[*].players.attributes[skill])", "referenceValue": 5, "maxDistance": 1}]"#), "fails while one of its teams is empty"),
        (body(r#""teams": [{"name": "a", "minPlayers": 1, "maxPlayers": 2}, {"name": "b", "minPlayers": 1, "maxPlayers": 3}],
            "rules": [{"name": "r", "type": "comparison", "operation": "=", "measurements": "count(teams[a].players)", "referenceValue": "count(teams[b].players)"}]"#), "the teams' maxPlayers differ"),
        (expansion("rules[near].maxDistance", r#"[{"waitTimeSeconds": 5, "value": 3}]"#), "makes the rule 'near' stricter than before"),
        (expansion("rules[near].maxDistance", r#"[{"waitTimeSeconds": 5, "value": 10}]"#), "this step changes nothing"),
    ] {
        let warnings = warnings(&text);
        assert!(warnings.iter().any(|warning| warning.contains(expected)), "expected \"{expected}\", got {warnings:#?} for {text}");
    }
    assert_eq!(warnings(&body(r#"TEAMS, "_comment": "fine""#)), Vec::<String>::new());
}

#[test]
fn steps_beyond_the_request_timeout_are_named() {
    let text = expansion("rules[near].maxDistance", r#"[{"waitTimeSeconds": 20, "value": 20}, {"waitTimeSeconds": 60, "value": 30}]"#);
    let rules = RuleSet::parse(&text, Options::default()).unwrap();
    let steps = rules.unreachable_steps(ids::Span::from_secs(60));
    assert_eq!(steps, ["rules[near].maxDistance: the step at 60 s never happens, requests time out after 60 s"]);
}

/// Text that is made to hurt: none of it may take long or much, all of it is answered.
#[test]
fn hostile_rule_sets() {
    let mut doubling = String::from(r#"{"name": "c0", "type": "latency", "maxLatency": 5}"#);
    for index in 1..32 {
        let before = index - 1;
        write!(doubling, r#",{{"name": "c{index}", "type": "compound", "statement": "xor(c{before}, c{before})"}}"#).unwrap();
    }
    let steps: Vec<String> = (0..1_500).map(|n| format!(r#"{{"waitTimeSeconds": {n}, "value": {n}}}"#)).collect();
    let teams = vec!["red"; 2_000].join(",");
    let operands = vec!["near"; 5_000].join(",");
    let wide = format!(r#"{{"name": "near", "type": "latency", "maxLatency": 5}}, {{"name": "c", "type": "compound", "statement": "or({operands})"}}"#);
    for text in [
        body(&format!(r#"TEAMS, "rules": [{doubling}]"#)),
        body(&format!(r#"TEAMS, "rules": [{wide}]"#)),
        expansion("rules[near].maxDistance", &format!("[{}]", steps.join(","))),
        rule(&format!(r#""type": "comparison", "operation": "=", "measurements": "count(teams[{teams}].players)", "referenceValue": 3"#)),
    ] {
        assert!(text.len() < LENGTH_MAX, "{}", text.len());
        assert_eq!(errors(&text), Vec::<String>::new());
    }
    let mut chain = String::from(r#"{"name": "c0", "type": "latency", "maxLatency": 5}"#);
    for index in 1..1_000 {
        write!(chain, r#",{{"name": "c{index}", "type": "compound", "statement": "not(c{})"}}"#, index - 1).unwrap();
    }
    refused(&[(body(&format!(r#"TEAMS, "rules": [{chain}]"#)), "compounds name each other deeper than 32 levels")]);
    for text in ["[".repeat(60_000), "{\"a\":".repeat(10_000), "\"".repeat(60_000), "/*".repeat(30_000), "\\".repeat(60_000)] {
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
    assert_eq!(rules.check_players(&[player("skill", Attribute::Number(1.0))], false), Ok(()));
    assert_eq!(rules.check_players(&[player("undeclared", Attribute::List(vec![]))], false), Ok(()));
    let refusal = rules.check_players(&[player("skill", Attribute::Text("1".into()))], false).unwrap_err();
    assert_eq!(refusal, "attribute 'skill' of player 'p' is a string, the rule set declares a number");
}
