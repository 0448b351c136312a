//! What holds for every pool and every rule set: formed matches satisfy every rule as the independent checker reads it
//! (the stage checks each), no ticket is in two matches (the stage counts), every ticket ends, and the order of the seed
//! decides nothing about that.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test names what it is about"
)]

mod common;

use common::{START, Stage, config, rule_set};
use ids::{Location, Mint, Span, TicketId};
use matchmaker::{Attribute, Input, Output, Player, Ticket};
use proptest::prelude::*;
use std::collections::BTreeMap;

const SETS: [&str; 11] = [
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
];

/// Rule sets in which the searching is hard: parties, averages, sizes, several compounds, strange statistics.
const HARD: [&str; 6] = [
    r#"{"ruleLanguageVersion": "1.0", "playerAttributes": [{"name": "skill", "type": "number", "default": 1}],
      "teams": [{"name": "a", "minPlayers": 2, "maxPlayers": 3}, {"name": "b", "minPlayers": 1, "maxPlayers": 4}],
      "rules": [{"name": "median", "type": "distance", "measurements": ["median(teams[*].players.attributes[skill])"], "referenceValue": "median(flatten(teams[*].players.attributes[skill]))", "maxDistance": 5},
        {"name": "spread", "type": "comparison", "operation": "<", "measurements": ["stddev(flatten(teams[*].players.attributes[skill]))"], "referenceValue": 12}]}"#,
    r#"{"ruleLanguageVersion": "1.0", "playerAttributes": [{"name": "skill", "type": "number", "default": 1}, {"name": "map", "type": "string", "default": "dust"}],
      "teams": [{"name": "t", "minPlayers": 2, "maxPlayers": 3, "quantity": 3}],
      "rules": [{"name": "sums", "type": "distance", "measurements": ["max(sum(teams[*].players.attributes[skill]))"], "referenceValue": "min(sum(teams[*].players.attributes[skill]))", "maxDistance": 10},
        {"name": "map", "type": "comparison", "operation": "=", "measurements": ["flatten(teams[*].players.attributes[map])"]},
        {"name": "few", "type": "comparison", "operation": "<=", "measurements": ["count(flatten(teams[*].players))"], "referenceValue": 7},
        {"name": "either", "type": "compound", "statement": "xor(map, few)"}]}"#,
    r#"{"ruleLanguageVersion": "1.0", "playerAttributes": [{"name": "character", "type": "string_list", "default": ["fox"]}],
      "algorithm": {"expansionAgeSelection": "oldest"},
      "teams": [{"name": "x", "minPlayers": 1, "maxPlayers": 5}, {"name": "y", "minPlayers": 1, "maxPlayers": 5}],
      "rules": [{"name": "medics", "type": "collection", "operation": "contains", "measurements": ["teams[*].players.attributes[character]"], "referenceValue": "medic", "minCount": 1, "maxCount": 2},
        {"name": "sizes", "type": "comparison", "operation": "=", "measurements": ["count(teams[x].players)"], "referenceValue": "count(teams[y].players)"}],
      "expansions": [{"target": "rules[medics].minCount", "steps": [{"waitTimeSeconds": 8, "value": 0}]}]}"#,
    r#"{"ruleLanguageVersion": "1.0", "playerAttributes": [{"name": "skill", "type": "number", "default": 1}],
      "teams": [{"name": "red", "minPlayers": 2, "maxPlayers": 4}, {"name": "blue", "minPlayers": 2, "maxPlayers": 4}],
      "rules": [{"name": "near", "type": "batchDistance", "batchAttribute": "skill", "maxDistance": 15, "partyAggregation": "max"},
        {"name": "fast", "type": "latency", "maxLatency": 80, "maxDistance": 40, "distanceReference": "min", "partyAggregation": "max"},
        {"name": "stronger", "type": "comparison", "operation": ">=", "measurements": ["avg(teams[red].players.attributes[skill])"], "referenceValue": "avg(teams[blue].players.attributes[skill])"}],
      "expansions": [{"target": "rules[near].maxDistance", "steps": [{"waitTimeSeconds": 5, "value": 30}]}, {"target": "teams[red, blue].minPlayers", "steps": [{"waitTimeSeconds": 10, "value": 1}]}]}"#,
    r#"{"ruleLanguageVersion": "1.0", "playerAttributes": [{"name": "skill", "type": "number", "default": 1}, {"name": "mode", "type": "string", "default": "a"}],
      "teams": [{"name": "one", "minPlayers": 0, "maxPlayers": 2}, {"name": "two", "minPlayers": 1, "maxPlayers": 3}],
      "rules": [{"name": "different", "type": "comparison", "operation": "!=", "measurements": ["flatten(teams[*].players.attributes[skill])"]},
        {"name": "mode", "type": "comparison", "operation": "=", "measurements": ["flatten(teams[*].players.attributes[mode])"]},
        {"name": "apart", "type": "distance", "measurements": ["max(flatten(teams[*].players.attributes[skill]))"], "referenceValue": "min(flatten(teams[*].players.attributes[skill]))", "minDistance": 3},
        {"name": "some", "type": "compound", "statement": "or(not(mode), and(apart, different))"}]}"#,
    r#"{"ruleLanguageVersion": "1.0", "playerAttributes": [{"name": "skill", "type": "number", "default": 1}],
      "algorithm": {"strategy": "balanced", "balancedAttribute": "skill", "batchingPreference": "largestPopulation", "backfillPriority": "high"},
      "teams": [{"name": "red", "minPlayers": 1, "maxPlayers": 4}, {"name": "blue", "minPlayers": 1, "maxPlayers": 4}],
      "rules": [{"name": "fast", "type": "latency", "maxLatency": 60}, {"name": "close", "type": "distance", "measurements": ["avg(teams[*].players.attributes[skill])"], "referenceValue": "avg(flatten(teams[*].players.attributes[skill]))", "maxDistance": 6}],
      "expansions": [{"target": "rules[fast].maxLatency", "steps": [{"waitTimeSeconds": 4, "value": 120}]}]}"#,
];

fn random_player(name: &str, mint: &mut Mint) -> Player {
    let word =
        |mint: &mut Mint, words: &[&str]| words[mint.below(words.len() as u64) as usize].to_owned();
    let list = |mint: &mut Mint, words: &[&str]| -> Vec<String> {
        let count = 1 + mint.below(2);
        (0..count).map(|_| word(mint, words)).collect()
    };
    let number = |mint: &mut Mint, limit| Attribute::Number(mint.below(limit) as f64);
    let mut attributes = BTreeMap::from([
        ("skill".to_owned(), number(mint, 40)),
        ("league".to_owned(), number(mint, 4)),
        ("monster-kills".to_owned(), number(mint, 9)),
        ("experience".to_owned(), number(mint, 100)),
        ("desiredSkillOfMonster".to_owned(), number(mint, 20)),
        (
            "wantsToBeMonster".to_owned(),
            Attribute::Number(if mint.below(4) == 0 { 1.0 } else { 0.0 }),
        ),
        (
            "map".to_owned(),
            Attribute::Text(word(mint, &["dust", "ice"])),
        ),
        ("mode".to_owned(), Attribute::Text(word(mint, &["a", "b"]))),
        (
            "gameMode".to_owned(),
            Attribute::List(list(mint, &["deathmatch", "coop"])),
        ),
        (
            "acceptableMaps".to_owned(),
            Attribute::List(list(mint, &["defaultMap", "ice", "dust"])),
        ),
        (
            "myCharacter".to_owned(),
            Attribute::List(list(mint, &["fox", "owl", "bear"])),
        ),
        (
            "preferredOpponents".to_owned(),
            Attribute::List(list(mint, &["fox", "owl", "bear"])),
        ),
        (
            "BlockList".to_owned(),
            Attribute::List(vec![format!("t{}-0", mint.below(60))]),
        ),
    ]);
    // Some come with less than everything.
    if mint.below(10) == 0 {
        let name = attributes.keys().nth(mint.below(13) as usize).cloned();
        name.map(|name| attributes.remove(&name));
    }
    let mut latency = BTreeMap::new();
    for place in ["eu", "us", "ap"] {
        if mint.below(4) > 0 {
            latency.insert(Location::from(place), 1 + mint.below(180) as u32);
        }
    }
    Player {
        id: name.into(),
        attributes,
        latency,
        team: None,
    }
}

/// Shapes of attributes differ between the published sets: `gameMode` is a list in one and a string in another.
fn fit(player: &mut Player, rules: &matchmaker::RuleSet) {
    for (name, kind, _) in rules.attributes() {
        let value = player
            .attributes
            .get(name)
            .filter(|value| value.kind() != kind)
            .cloned();
        match (value, kind) {
            (Some(Attribute::List(items)), matchmaker::AttributeKind::Text) => {
                player
                    .attributes
                    .insert(name.to_owned(), Attribute::Text(items[0].clone()));
            }
            (Some(_), _) => {
                player.attributes.remove(name);
            }
            (None, _) => {}
        }
    }
    if rules
        .attributes()
        .any(|(name, kind, _)| name == "character" && kind == matchmaker::AttributeKind::Number)
    {
        player.attributes.insert(
            "character".into(),
            player
                .attributes
                .get("skill")
                .cloned()
                .unwrap_or(Attribute::Number(3.0)),
        );
    } else {
        let medic = player.attributes.get("wantsToBeMonster") == Some(&Attribute::Number(1.0));
        player.attributes.insert(
            "character".into(),
            Attribute::List(vec![if medic { "medic" } else { "fox" }.into()]),
        );
    }
}

fn random_ticket(number: usize, stage: &Stage, mint: &mut Mint) -> Ticket {
    let rules = stage.matchmaker.rules().clone();
    let backfill = mint.below(12) == 0;
    let size = if mint.below(3) == 0 {
        1 + mint.below(4)
    } else {
        1
    };
    let teams: Vec<String> = rules.team_names().map(str::to_owned).collect();
    let mut players: Vec<Player> = (0..size)
        .map(|index| random_player(&format!("t{number}-{index}"), mint))
        .collect();
    for (index, player) in players.iter_mut().enumerate() {
        fit(player, &rules);
        player.team = backfill.then(|| teams[index % teams.len()].clone());
    }
    Ticket {
        id: TicketId::new(format!("t{number}")),
        start: stage.now,
        timeout: Span::from_secs(15 + mint.below(20)),
        players,
        backfill,
    }
}

/// Plays a random story and answers how many matches came of it.
fn play(rules: &str, settings: &str, tickets: usize, seed: u64) -> Result<usize, TestCaseError> {
    let mut stage = Stage::new(rules, config(settings));
    let mut mint = Mint::from_number(seed);
    let mut added = Vec::new();
    for number in 0..tickets {
        let ticket = random_ticket(number, &stage, &mut mint);
        if stage
            .matchmaker
            .rules()
            .check_players(&ticket.players, ticket.backfill)
            .is_ok()
        {
            added.push(ticket.id.clone());
            stage.add(ticket);
        }
        if mint.below(3) == 0 {
            let later = stage.now + Span::from_millis(mint.below(1_500));
            stage.advance(later);
        }
        if mint.below(15) == 0
            && let Some(id) = added.get(mint.below(added.len() as u64) as usize)
        {
            let input = if mint.below(2) == 0 {
                Input::Stop(id.clone())
            } else {
                Input::Drop(id.clone())
            };
            let silent = matches!(input, Input::Drop(_)) && stage.matchmaker.status(id).is_some();
            stage.tell(input);
            if silent {
                stage.ended.insert(id.to_string(), "dropped");
            }
        }
        if mint.below(4) == 0 {
            answer_something(&mut stage, &added, &mut mint);
        }
        let look = mint.below(5) == 0;
        prop_assert!(
            !look
                || stage
                    .matchmaker
                    .explain(&added.last().cloned().unwrap_or_default(), stage.now)
                    .is_none_or(|e| !e.summary.is_empty())
        );
    }
    stage.advance(START + Span::from_secs(1_000));
    prop_assert!(
        stage.matchmaker.is_empty(),
        "{} tickets never end",
        stage.matchmaker.len()
    );
    for id in added {
        prop_assert!(
            stage.ended.contains_key(id.as_str()),
            "ticket {id} has no end"
        );
    }
    prop_assert_eq!(
        stage.matchmaker.poll_timeout(),
        None,
        "nothing is left to wait for"
    );
    Ok(stage.matches.len())
}

fn answer_something(stage: &mut Stage, tickets: &[TicketId], mint: &mut Mint) {
    for id in tickets {
        if let Some(matchmaker::TicketStatus::RequiresAcceptance(_)) = stage.matchmaker.status(id) {
            let players = stage.tickets[id.as_str()]
                .players
                .iter()
                .map(|player| player.id.clone())
                .collect();
            stage.tell(Input::Answer {
                ticket: id.clone(),
                players,
                accept: mint.below(5) > 0,
            });
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn published_rule_sets(set in 0..SETS.len(), tickets in 1..60_usize, seed: u64, asked: bool) {
        play(&rule_set(SETS[set]), if asked { "acceptance=3" } else { "" }, tickets, seed)?;
    }

    #[test]
    fn hard_rule_sets(set in 0..HARD.len(), tickets in 1..40_usize, seed: u64, asked: bool) {
        play(HARD[set], if asked { "acceptance=3" } else { "hold=2" }, tickets, seed)?;
    }

    #[test]
    fn small_batches_and_small_steps(set in 0..HARD.len(), seed: u64) {
        play(HARD[set], "batch=8 work=500 additional=1", 30, seed)?;
    }

    /// Whatever a small pool has in store, the search finds it: brute force over all splits finds nothing more.
    #[test]
    fn a_small_pool_is_searched_completely(set in 0..HARD.len(), seed: u64) {
        no_match_is_missed(HARD[set], seed)?;
    }
}

/// Adds up to six single players; if nothing was formed at once, no split into teams satisfies the rules.
fn no_match_is_missed(rules: &str, seed: u64) -> Result<(), TestCaseError> {
    let mut stage = Stage::new(rules, config(""));
    let mut mint = Mint::from_number(seed);
    let count = 3 + mint.below(4) as usize;
    let mut tickets = Vec::new();
    for number in 0..count {
        let mut ticket = random_ticket(number, &stage, &mut mint);
        ticket.players.truncate(1);
        ticket.backfill = false;
        ticket.players[0].team = None;
        tickets.push(ticket.clone());
        stage.add(ticket);
    }
    stage.advance(stage.now);
    if !stage.matches.is_empty() {
        return Ok(());
    }
    let rules = stage.matchmaker.rules().clone();
    let teams: Vec<String> = rules.team_names().map(str::to_owned).collect();
    let choices = teams.len() + 1;
    for code in 1..choices.pow(count as u32) {
        let mut code = code;
        let mut placed = Vec::new();
        for ticket in &tickets {
            if let Some(team) = teams.get(code % choices) {
                placed.push((ticket.clone(), team.clone()));
            }
            code /= choices;
        }
        let holds = rules
            .evaluate(&placed, Span::ZERO)
            .is_ok_and(|evaluation| evaluation.matches);
        prop_assert!(
            !holds,
            "missed {:?}",
            placed
                .iter()
                .map(|(ticket, team)| (&ticket.id, team))
                .collect::<Vec<_>>()
        );
    }
    Ok(())
}

#[test]
fn the_random_stories_do_make_matches() {
    for (index, set) in HARD.iter().enumerate() {
        let matches: usize = (0..3).map(|seed| play(set, "", 30, seed).unwrap()).sum();
        assert!(
            matches > 0,
            "hard rule set {index} never makes a match, so its story shows nothing"
        );
    }
    for set in [
        "01_even_teams",
        "02_monster",
        "03_three_teams",
        "04_sorted_by_map",
        "06_duel",
        "10_compound",
        "11_block_list",
    ] {
        let matches: usize = (0..3)
            .map(|seed| play(&rule_set(set), "", 40, seed).unwrap())
            .sum();
        assert!(matches > 0, "{set} never makes a match");
    }
}

/// Scenario 33: an engine that prunes on averages finds nothing here.
#[test]
fn spread_out_skills_are_matched_at_once() {
    for (low, high) in [(10, 50), (0, 1_000)] {
        let mut stage = Stage::new(&rule_set("01_even_teams"), config(""));
        let mut mint = Mint::from_number(7);
        for _ in 0..1_000 {
            stage.play(&format!("add skill={}", low + mint.below(high - low)));
        }
        stage.play("at 0");
        let players: usize = stage
            .matches
            .iter()
            .map(matchmaker::Match::player_count)
            .sum();
        assert!(
            players >= 950,
            "{players} of 1000 with skills {low} to {high}"
        );
    }
}

/// Scenario 38.
#[test]
fn large_teams_are_even() {
    let rules = r#"{"ruleLanguageVersion": "1.0", "playerAttributes": [{"name": "skill", "type": "number"}],
        "algorithm": {"strategy": "balanced", "balancedAttribute": "skill"},
        "teams": [{"name": "red", "minPlayers": 100, "maxPlayers": 100}, {"name": "blue", "minPlayers": 100, "maxPlayers": 100}]}"#;
    let mut stage = Stage::new(rules, config(""));
    for skill in 1..=200 {
        stage.play(&format!("add skill={skill}"));
    }
    stage.play("at 0");
    let average = |team: &matchmaker::Team| {
        let skill = |player: &matchmaker::MatchedPlayer| match player.attributes[0].1 {
            Attribute::Number(skill) => skill,
            _ => 0.0,
        };
        team.players.iter().map(skill).sum::<f64>() / team.players.len() as f64
    };
    let teams = &stage.matches[0].teams;
    let difference = (average(&teams[0]) - average(&teams[1])).abs();
    assert!(difference < 0.5, "{difference}");
}

/// Twenty thousand tickets that can never match: nothing is formed, each step stays within its work, and everybody
/// times out in the end.
#[test]
fn a_hopeless_pool_is_bounded() {
    let rules = r#"{"ruleLanguageVersion": "1.0", "playerAttributes": [{"name": "mode", "type": "string"}],
        "teams": [{"name": "t", "minPlayers": 2, "maxPlayers": 4}],
        "rules": [{"name": "same", "type": "batchDistance", "batchAttribute": "mode"}]}"#;
    let mut stage = Stage::new(rules, config(""));
    let mut matchmaker = std::mem::replace(&mut stage, Stage::new(rules, config(""))).matchmaker;
    for number in 0..20_000 {
        let player = Player {
            id: format!("p{number}").into(),
            attributes: BTreeMap::from([(
                "mode".to_owned(),
                Attribute::Text(format!("mode {number}")),
            )]),
            latency: BTreeMap::new(),
            team: None,
        };
        let ticket = Ticket {
            id: format!("t{number}").into(),
            start: START,
            timeout: Span::from_secs(30),
            players: vec![player],
            backfill: false,
        };
        matchmaker.handle(Input::Add(ticket), START).unwrap();
    }
    let mut mint = Mint::from_number(1);
    let mut now = START;
    let (mut steps, mut timed_out) = (0, 0);
    while let Some(due) = matchmaker.poll_timeout() {
        now = now.max(due);
        matchmaker.handle_timeout(now, &mut mint);
        steps += 1;
        while let Some(output) = matchmaker.poll_output() {
            match output {
                Output::TimedOut { .. } => timed_out += 1,
                Output::Searching(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }
    assert_eq!(timed_out, 20_000);
    assert!(steps < 500, "{steps} steps");
}
