//! Every target over its corpus, whole, cut and damaged by a fixed seed. An input that once failed belongs into the corpus.

use ids::Mint;
use std::path::Path;

/// Damaged copies of the whole corpus that each target gets.
const MUTATIONS: usize = 20_000;

fn corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus")
        .join(target);
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("a readable folder").path())
        .collect();
    files.sort();
    assert!(!files.is_empty(), "{target} has no corpus");
    files
        .iter()
        .map(|file| std::fs::read(file).expect("a readable file"))
        .collect()
}

fn damaged(corpus: &[Vec<u8>], dice: &mut Mint) -> Vec<u8> {
    let pick =
        |dice: &mut Mint, below: usize| usize::try_from(dice.below(below as u64)).expect("small");
    let mut data = corpus[pick(dice, corpus.len())].clone();
    for _ in 0..=dice.below(6) {
        let at = pick(dice, data.len() + 1);
        match dice.below(6) {
            0 => data.truncate(at),
            1 => data.insert(at, dice.number() as u8),
            2 if at < data.len() => data[at] ^= 1 << dice.below(8),
            3 if at < data.len() => data[at] = dice.number() as u8,
            4 => {
                let other = &corpus[pick(dice, corpus.len())];
                let start = pick(dice, other.len() + 1);
                data.splice(at..at, other[start..].iter().copied().take(64));
            }
            _ => {
                let piece: Vec<u8> = data[at..].iter().copied().take(16).collect();
                data.extend(piece.repeat(3));
            }
        }
    }
    data
}

fn run(name: &str) {
    let (_, target) = fuzz::TARGETS
        .into_iter()
        .find(|(target, _)| *target == name)
        .expect("a target of this name");
    let corpus = corpus(name);
    corpus.iter().for_each(|data| target(data));
    let mut dice = Mint::from_number(7);
    for _ in 0..MUTATIONS {
        target(&damaged(&corpus, &mut dice));
    }
}

#[test]
fn every_target_has_its_test() {
    let names: Vec<&str> = fuzz::TARGETS.iter().map(|(name, _)| *name).collect();
    assert_eq!(
        names,
        [
            "frame",
            "session_inputs",
            "rule_set",
            "aws_call",
            "aws_body",
            "sdk_message"
        ]
    );
}

#[test]
fn frame() {
    run("frame");
}

#[test]
fn session_inputs() {
    run("session_inputs");
}

#[test]
fn rule_set() {
    run("rule_set");
}

#[test]
fn aws_call() {
    run("aws_call");
}

#[test]
fn aws_body() {
    run("aws_body");
}

#[test]
fn sdk_message() {
    run("sdk_message");
}
