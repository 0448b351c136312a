//! Prints the matchmaker's figures: how long one pass takes, and how many players it matches. Run with `--release`;
//! `cargo xtask bench match` does, with `--json` for one line of JSON a measurement. Words on the command line choose the
//! measurements whose names contain one of them.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a measuring program reads the clock and prints"
)]

use ids::{Location, Mint, PlayerId, Span, TicketId, Time};
use matchmaker::{
    Attribute, Config, Input, Matchmaker, Options, Output, Pacing, Player, RuleSet, Ticket,
};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

const EXAMPLE_1: &str = include_str!("../tests/rule_sets/01_even_teams.json");
const FREE_FOR_ALL: &str = include_str!("../tests/rule_sets/07_free_for_all.json");
const PLAIN: &str = r#"{"ruleLanguageVersion": "1.0", "playerAttributes": [{"name": "skill", "type": "number", "default": 0}],
    "teams": [{"name": "red", "minPlayers": 5, "maxPlayers": 5}, {"name": "blue", "minPlayers": 5, "maxPlayers": 5}]}"#;
const BATCHED: &str = r#"{"ruleLanguageVersion": "1.0", "playerAttributes": [{"name": "skill", "type": "number", "default": 0}],
    "teams": [{"name": "red", "minPlayers": 5, "maxPlayers": 5}, {"name": "blue", "minPlayers": 5, "maxPlayers": 5}],
    "rules": [{"name": "near", "type": "batchDistance", "batchAttribute": "skill", "maxDistance": 50}]}"#;
const AVERAGES: &str = r#"{"ruleLanguageVersion": "1.0", "playerAttributes": [{"name": "skill", "type": "number", "default": 0}],
    "teams": [{"name": "red", "minPlayers": 5, "maxPlayers": 5}, {"name": "blue", "minPlayers": 5, "maxPlayers": 5}],
    "rules": [{"name": "fair", "type": "distance", "measurements": ["avg(teams[*].players.attributes[skill])"],
        "referenceValue": "avg(flatten(teams[*].players.attributes[skill]))", "maxDistance": 10}]}"#;
/// Nobody can stand beside anybody: every player has a skill of their own, far from all others.
const HOPELESS: &str = r#"{"ruleLanguageVersion": "1.0", "playerAttributes": [{"name": "skill", "type": "number", "default": 0}],
    "teams": [{"name": "red", "minPlayers": 5, "maxPlayers": 5}, {"name": "blue", "minPlayers": 5, "maxPlayers": 5}],
    "rules": [{"name": "same", "type": "distance", "measurements": ["max(flatten(teams[*].players.attributes[skill]))"],
        "referenceValue": "min(flatten(teams[*].players.attributes[skill]))", "maxDistance": 0.5}]}"#;

struct Case {
    name: &'static str,
    rules: &'static str,
    tickets: usize,
    /// Skills are spread evenly from the first to below the second.
    skills: (f64, f64),
    latency: bool,
}

const fn case(name: &'static str, rules: &'static str, tickets: usize, skills: (f64, f64)) -> Case {
    Case {
        name,
        rules,
        tickets,
        skills,
        latency: false,
    }
}

const CASES: [Case; 16] = [
    case("5v5, no rules", PLAIN, 100, (10.0, 50.0)),
    case("5v5, no rules", PLAIN, 1_000, (10.0, 50.0)),
    case("5v5, no rules", PLAIN, 10_000, (10.0, 50.0)),
    case("5v5, no rules", PLAIN, 100_000, (10.0, 50.0)),
    case("5v5, batchDistance 50", BATCHED, 10_000, (10.0, 50.0)),
    case(
        "5v5, batchDistance 50, wide",
        BATCHED,
        10_000,
        (0.0, 1000.0),
    ),
    case(
        "5v5, team averages within 10, wide",
        AVERAGES,
        10_000,
        (0.0, 1000.0),
    ),
    case("example 1", EXAMPLE_1, 100, (10.0, 50.0)),
    case("example 1", EXAMPLE_1, 1_000, (10.0, 50.0)),
    case("example 1", EXAMPLE_1, 10_000, (10.0, 50.0)),
    case("example 1", EXAMPLE_1, 100_000, (10.0, 50.0)),
    case("example 1, wide", EXAMPLE_1, 100, (0.0, 1000.0)),
    case("example 1, wide", EXAMPLE_1, 1_000, (0.0, 1000.0)),
    case("example 1, wide", EXAMPLE_1, 10_000, (0.0, 1000.0)),
    case("example 1, wide", EXAMPLE_1, 100_000, (0.0, 1000.0)),
    Case {
        name: "large match, 200 of",
        rules: FREE_FOR_ALL,
        tickets: 10_000,
        skills: (0.0, 1000.0),
        latency: true,
    },
];

const RUNS: usize = 5;

fn main() {
    let (flags, words): (Vec<String>, Vec<String>) = std::env::args()
        .skip(1)
        .partition(|word| word.starts_with("--"));
    let json = flags.iter().any(|flag| flag == "--json");
    let wanted =
        |name: &str| words.is_empty() || words.iter().any(|word| name.contains(word.as_str()));
    if !json {
        println!(
            "{:<36} {:>8} {:>9} {:>10} {:>9} {:>9} {:>9}",
            "one pass", "tickets", "matched", "pass", "add", "longest", "first"
        );
    }
    for case in CASES.iter().filter(|case| wanted(case.name)) {
        one_pass(case, json);
    }
    if wanted("hopeless") {
        hopeless(json);
    }
    if wanted("add and remove") {
        add_and_remove(json);
    }
}

fn rules(text: &str) -> Arc<RuleSet> {
    Arc::new(RuleSet::parse(text, Options::default()).expect("the measured rule sets are valid"))
}

fn ticket(number: usize, skill: f64, latency: bool) -> Ticket {
    let mut player = Player {
        id: PlayerId::new(format!("player-{number}")),
        attributes: BTreeMap::from([("skill".to_owned(), Attribute::Number(skill))]),
        latency: BTreeMap::new(),
        team: None,
    };
    if latency {
        player.latency = BTreeMap::from([
            (Location::from("eu-west-1"), 40),
            (Location::from("us-east-1"), 120),
        ]);
    }
    Ticket {
        id: TicketId::new(format!("ticket-{number}")),
        start: Time::from_millis(number as u64),
        timeout: Span::from_secs(100_000),
        players: vec![player],
        backfill: false,
    }
}

fn filled(case: &Case) -> (Matchmaker, Duration) {
    let mut mint = Mint::from_number(1);
    let config = Config {
        pacing: Pacing::immediate(),
        ..Config::default()
    };
    let mut matchmaker = Matchmaker::new(rules(case.rules), config);
    let (low, high) = case.skills;
    let tickets: Vec<Ticket> = (0..case.tickets)
        .map(|number| {
            ticket(
                number,
                low + mint.below((high - low) as u64) as f64,
                case.latency,
            )
        })
        .collect();
    let now = Instant::now();
    for ticket in tickets {
        matchmaker
            .handle(Input::Add(ticket), Time::ZERO)
            .expect("the pool takes it");
    }
    (matchmaker, now.elapsed())
}

/// What one run showed.
struct Run {
    added: Duration,
    total: Duration,
    longest: Duration,
    first: Option<Duration>,
    players: usize,
}

fn run(case: &Case) -> Run {
    let (mut matchmaker, added) = filled(case);
    let mut mint = Mint::from_number(2);
    let now = Time::from_millis(case.tickets as u64);
    let mut run = Run {
        added,
        total: Duration::ZERO,
        longest: Duration::ZERO,
        first: None,
        players: 0,
    };
    loop {
        let before = Instant::now();
        matchmaker.handle_timeout(now, &mut mint);
        let step = before.elapsed();
        run.total += step;
        run.longest = run.longest.max(step);
        while let Some(output) = matchmaker.poll_output() {
            if let Output::Formed(formed) = output {
                run.players += formed.player_count();
                run.first.get_or_insert(run.total);
            }
        }
        if !matchmaker.is_in_pass() {
            return run;
        }
    }
}

/// The fastest of a few runs: whatever else the machine does only ever adds time.
fn one_pass(case: &Case, json: bool) {
    let runs = (0..RUNS).map(|_| run(case));
    let Some(Run {
        added,
        total,
        longest,
        first,
        players,
    }) = runs.min_by_key(|run| run.total)
    else {
        return;
    };
    let share = 100.0 * players as f64 / case.tickets as f64;
    let micros = added.as_secs_f64() * 1e6 / case.tickets as f64;
    if json {
        let line = json!({
            "kind": "pass", "name": case.name, "tickets": case.tickets, "matchedPercent": share, "passMs": millis(total),
            "addUs": micros, "longestStepMs": millis(longest), "firstMatchMs": first.map(millis),
        });
        return println!("{line}");
    }
    let ms = |duration: Duration| format!("{:.1} ms", millis(duration));
    println!(
        "{:<36} {:>8} {:>7.1} % {:>10} {:>6.1} us {:>9} {:>9}",
        case.name,
        case.tickets,
        share,
        ms(total),
        micros,
        ms(longest),
        first.map_or_else(|| "-".into(), ms)
    );
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

/// A pool that can never match: what its first pass costs, and what a minute of it costs afterwards.
fn hopeless(json: bool) {
    for count in [1_000, 10_000, 100_000] {
        let case = Case {
            name: "hopeless",
            rules: HOPELESS,
            tickets: 0,
            skills: (0.0, 1.0),
            latency: false,
        };
        let (mut matchmaker, _) = filled(&case);
        for number in 0..count {
            matchmaker
                .handle(
                    Input::Add(ticket(number, number as f64 * 2.0, false)),
                    Time::ZERO,
                )
                .expect("the pool takes it");
        }
        let mut mint = Mint::from_number(2);
        let mut now = Time::from_millis(count as u64);
        let (mut busy, mut longest) = (Duration::ZERO, Duration::ZERO);
        let mut report = Vec::new();
        let start = now;
        let mut pass_over = false;
        while now.since(start) < Span::from_secs(60) {
            let before = Instant::now();
            matchmaker.handle_timeout(now, &mut mint);
            let step = before.elapsed();
            busy += step;
            longest = longest.max(step);
            while matchmaker.poll_output().is_some() {}
            if !matchmaker.is_in_pass() && !pass_over {
                pass_over = true;
                report.push(busy);
            }
            // The step took its own time, and then the engine asks for a pause.
            now += Span::from_millis(step.as_millis() as u64);
            now = matchmaker.poll_timeout().unwrap_or(Time::MAX).max(now);
        }
        let first = report.first().copied().unwrap_or(busy);
        if json {
            let line = json!({
                "kind": "hopeless", "tickets": count, "firstPassMs": millis(first), "busyMs": millis(busy), "longestStepMs": millis(longest),
            });
            println!("{line}");
            continue;
        }
        println!(
            "hopeless {count:>7} tickets: first pass {first:>10.1?}, busy {busy:>10.1?} of the first minute, longest step {longest:.1?}"
        );
    }
}

fn add_and_remove(json: bool) {
    for count in [1_000, 10_000, 100_000] {
        let case = Case {
            name: "",
            rules: EXAMPLE_1,
            tickets: count,
            skills: (0.0, 1000.0),
            latency: false,
        };
        let (mut matchmaker, added) = filled(&case);
        let ids: Vec<TicketId> = (0..count)
            .map(|number| TicketId::new(format!("ticket-{number}")))
            .collect();
        let before = Instant::now();
        for id in ids {
            matchmaker
                .handle(Input::Drop(id), Time::ZERO)
                .expect("it is there");
        }
        let removed = before.elapsed();
        let each = |total: Duration| total.as_secs_f64() * 1e6 / count as f64;
        if json {
            let line = json!({ "kind": "addAndRemove", "tickets": count, "addUs": each(added), "removeUs": each(removed) });
            println!("{line}");
            continue;
        }
        println!(
            "add and remove {count:>7}: {:.1} us to add, {:.1} us to remove",
            each(added),
            each(removed)
        );
    }
}
