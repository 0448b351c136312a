//! Stories under virtual time: the lines of `cases/*.txt`. A story begins with `== name`, then `rules NAME` (or the JSON
//! itself up to an empty line), perhaps `config ...`, then what happens; lines with `>` are what the matchmaker says.
//! `HOIST_BLESS=1` writes down what it says now, for a person to look at.

mod common;

use common::{Stage, config, rule_set};

struct Story {
    name: String,
    lines: Vec<String>,
}

fn stories(text: &str) -> Vec<Story> {
    let mut stories: Vec<Story> = Vec::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("== ") {
            stories.push(Story {
                name: name.to_owned(),
                lines: Vec::new(),
            });
        } else if let Some(story) = stories.last_mut() {
            story.lines.push(line.to_owned());
        }
    }
    stories
}

/// The story with the lines that the matchmaker says now.
fn played(story: &Story) -> Vec<String> {
    let mut out = Vec::new();
    let mut rules = String::new();
    let mut settings = String::new();
    let mut stage: Option<Stage> = None;
    let mut in_json = false;
    for line in story.lines.iter().filter(|line| !line.starts_with('>')) {
        out.push(line.clone());
        if in_json || line.starts_with('{') {
            in_json = !line.trim().is_empty();
            rules.push_str(line);
            rules.push('\n');
            continue;
        }
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        match verb {
            "" | "#" => continue,
            "rules" => rules = rule_set(rest),
            "config" => settings = rest.to_owned(),
            _ => {
                let stage = stage.get_or_insert_with(|| Stage::new(&rules, config(&settings)));
                stage.play(line);
                out.extend(
                    stage
                        .take_lines()
                        .into_iter()
                        .map(|line| format!("> {line}")),
                );
            }
        }
    }
    out
}

fn play_file(name: &str) {
    let path = format!("{}/cases/{name}.txt", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).expect("the stories are there");
    let head: Vec<&str> = text
        .lines()
        .take_while(|line| !line.starts_with("== "))
        .collect();
    let mut out = head.join("\n");
    for story in stories(&text) {
        out.push_str(&format!(
            "\n== {}\n{}",
            story.name,
            played(&story).join("\n")
        ));
    }
    let out = out.trim_start().to_owned() + "\n";
    if std::env::var_os("HOIST_BLESS").is_some() {
        std::fs::write(&path, &out).expect("the stories can be written");
        return;
    }
    for (number, (expected, said)) in text
        .trim_end()
        .lines()
        .zip(out.trim_end().lines())
        .enumerate()
    {
        assert_eq!(
            said,
            expected,
            "{name}.txt, line {}: it says something else now",
            number + 1
        );
    }
    assert_eq!(
        out.trim_end().lines().count(),
        text.trim_end().lines().count(),
        "{name}.txt: it says more or less now"
    );
}

#[test]
fn small_matches() {
    play_file("small");
}

#[test]
fn large_matches() {
    play_file("large");
}

#[test]
fn lifecycle() {
    play_file("lifecycle");
}

#[test]
fn backfill() {
    play_file("backfill");
}

#[test]
fn explanations() {
    play_file("explain");
}
