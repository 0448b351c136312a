//! Every kind of constraint and type, as a table: an operation with its input, and what comes of it.

use api::{Operation, Request};
use std::fmt::Write;
use std::path::Path;

fn outcome(line: &str) -> String {
    let (name, input) = line
        .split_once(' ')
        .expect("a case has an operation and an input");
    let Some(operation) = Operation::from_name(name) else {
        return "no such operation".to_owned();
    };
    let input = serde_json::from_str(input).expect("the input of a case is JSON");
    match Request::parse(operation, input) {
        Ok(request) => request.to_value().to_string(),
        Err(fault) => fault.to_string(),
    }
}

#[test]
fn inputs_are_taken_or_refused_in_the_words_of_aws() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/validation.txt");
    let expected = std::fs::read_to_string(&path).unwrap();
    let mut found = String::new();
    for line in expected.lines().filter(|line| !line.starts_with("  ")) {
        writeln!(found, "{line}").unwrap();
        if !line.is_empty() && !line.starts_with('#') {
            writeln!(found, "  {}", outcome(line)).unwrap();
        }
    }
    if std::env::var_os("HOIST_BLESS").is_some() {
        std::fs::write(&path, &found).unwrap();
        return;
    }
    for (found, expected) in found.lines().zip(expected.lines()) {
        assert_eq!(found, expected);
    }
    assert_eq!(found, expected);
}

#[test]
fn a_million_mistakes_are_answered_with_the_first_hundred() {
    let tags: Vec<_> = (0..10_000).map(|_| serde_json::json!({})).collect();
    let input = serde_json::json!({"ResourceARN": "arn", "Tags": tags});
    let message = Request::parse(Operation::TagResource, input)
        .unwrap_err()
        .message;
    assert!(
        message.starts_with("100 validation errors detected: "),
        "{message}"
    );
    assert!(message.len() < 20_000);
}

#[test]
fn a_huge_value_is_shown_cut_off() {
    let input = serde_json::json!({"Name": "\u{e4}".repeat(1_000_000)});
    let message = Request::parse(Operation::CreateScript, input)
        .unwrap_err()
        .message;
    assert!(message.len() < 5_000);
    assert!(
        message.ends_with("Member must have length less than or equal to 1024"),
        "{message}"
    );
}

#[test]
fn a_zip_may_have_five_million_bytes() {
    let parse = |bytes: usize| {
        let input = api::CreateScriptInput {
            zip_file: Some(api::Blob::new(vec![7; bytes])),
            ..Default::default()
        };
        let input = Request::from(input).to_value();
        Request::parse(Operation::CreateScript, input).map_err(|fault| fault.message)
    };
    assert!(parse(5_000_000).is_ok());
    assert_eq!(
        parse(5_000_001),
        Err("1 validation error detected: Value '[bytes]' at 'zipFile' failed to satisfy constraint: Member must have length less than or equal to 5000000".to_owned())
    );
}
