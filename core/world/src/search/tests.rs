//! Tables of expressions with what they select, and what is said about wrong ones; and that no text whatever panics.

use super::*;
use proptest::prelude::*;

struct Session {
    id: &'static str,
    name: Option<&'static str>,
    properties: &'static [(&'static str, &'static str)],
    maximum: u64,
    created: u64,
    players: u64,
}

impl Facts for &Session {
    fn game_session_id(&self) -> &str {
        self.id
    }
    fn name(&self) -> Option<&str> {
        self.name
    }
    fn property(&self, key: &str) -> Option<&str> {
        let found = self.properties.iter().find(|(own, _)| *own == key);
        found.map(|(_, value)| *value)
    }
    fn maximum_sessions(&self) -> u64 {
        self.maximum
    }
    fn creation_time_millis(&self) -> u64 {
        self.created
    }
    fn player_session_count(&self) -> u64 {
        self.players
    }
    fn has_available_player_sessions(&self) -> bool {
        self.players < self.maximum
    }
}

const SESSIONS: [Session; 4] = [
    Session {
        id: "a",
        name: Some("Matt's Awesome Game 1"),
        properties: &[("gameMode", "brawl"), ("level", "5")],
        maximum: 10,
        created: 1_469_498_468_057,
        players: 10,
    },
    Session {
        id: "b",
        name: None,
        properties: &[("gameMode", "race")],
        maximum: 4,
        created: 1_469_498_468_058,
        players: 0,
    },
    Session {
        id: "c",
        name: Some("say \"hi\""),
        properties: &[("level", "10"), ("gameMode", "")],
        maximum: 200,
        created: 1_469_498_468_059,
        players: 7,
    },
    Session {
        id: "d",
        name: Some("d"),
        properties: &[],
        maximum: 4,
        created: 1_469_498_468_060,
        players: 3,
    },
];

fn selected(text: &str) -> String {
    match Filter::parse(text) {
        Ok(filter) => {
            let hits = SESSIONS.iter().filter(|session| filter.matches(session));
            hits.map(|session| session.id).collect()
        }
        Err(mistake) => mistake.to_string(),
    }
}

fn sorted(text: &str) -> String {
    match Sort::parse(text) {
        Ok(sort) => {
            let mut sessions: Vec<&Session> = SESSIONS.iter().collect();
            sort.apply(&mut sessions);
            sessions.iter().map(|session| session.id).collect()
        }
        Err(mistake) => mistake.to_string(),
    }
}

#[test]
fn filters_select() {
    let table = [
        ("gameSessionName = 'Matt\\'s Awesome Game 1'", "a"),
        ("gameSessionName = \"Matt's Awesome Game 1\"", "a"),
        ("gameSessionName = 'say \"hi\"'", "c"),
        ("gameSessionName = \"say \\\"hi\\\"\"", "c"),
        ("gameSessionName <> 'd'", "abc"),
        ("gameSessionName = 'D'", ""),
        ("gameSessionId='b'", "b"),
        ("gameSessionProperties.gameMode = 'brawl'", "a"),
        ("gameSessionProperties.gameMode = \"brawl\"", "a"),
        ("gameSessionProperties.gameMode = ''", "c"),
        ("gameSessionProperties.gameMode <> 'brawl'", "bcd"),
        ("gameSessionProperties.level = 5", "a"),
        ("gameSessionProperties.none = 'x'", ""),
        ("maximumSessions>=10", "ac"),
        ("maximumSessions < 10", "bd"),
        ("maximumSessions <> 4", "ac"),
        ("maximumSessions=4.0", "bd"),
        ("playerSessionCount > -1", "abcd"),
        ("playerSessionCount<=3", "bd"),
        ("creationTimeMillis > 1469498468058", "cd"),
        ("hasAvailablePlayerSessions = true", "bcd"),
        ("hasAvailablePlayerSessions=FALSE", "a"),
        ("hasAvailablePlayerSessions <> false", "bcd"),
        (
            "maximumSessions>=10 AND hasAvailablePlayerSessions=true",
            "c",
        ),
        (
            "maximumSessions>=10 and hasAvailablePlayerSessions=true",
            "c",
        ),
        // AND binds tighter than OR, NOT tighter than AND.
        (
            "gameSessionId='a' OR gameSessionId='b' AND maximumSessions=200",
            "a",
        ),
        (
            "(gameSessionId='a' OR gameSessionId='b') AND maximumSessions<200",
            "ab",
        ),
        ("NOT gameSessionId='a' AND maximumSessions=4", "bd"),
        ("NOT (gameSessionId='a' OR maximumSessions=4)", "c"),
        ("NOT NOT gameSessionId='a'", "a"),
        ("((gameSessionId='a'))OR(NOT(maximumSessions<>200))", "ac"),
        ("\tplayerSessionCount\n=\n0 ", "b"),
    ];
    for (text, expected) in table {
        assert_eq!(selected(text), expected, "{text}");
    }
}

/// Wrong filters and what is said about them.
const MISTAKES: &[(&str, &str)] = &[
    (
        "",
        "Expected a name such as gameSessionName or playerSessionCount but found the end of the expression at position 1",
    ),
    (
        "gameSessionName",
        "Expected one of =, <>, <, >, <=, >= but found the end of the expression at position 16",
    ),
    (
        "gameSessionName =",
        "Expected a text in quotes but found the end of the expression at position 18",
    ),
    (
        "gameSessionName = foo",
        "Expected a text in quotes but found 'foo' at position 19",
    ),
    (
        "gameSessionName = 5",
        "Expected a text in quotes but found '5' at position 19",
    ),
    (
        "gameSessionName > 'a'",
        "'>' compares numbers; texts, properties and booleans take = and <> at position 17",
    ),
    (
        "gameSessionProperties.a <= 'a'",
        "'<=' compares numbers; texts, properties and booleans take = and <> at position 25",
    ),
    (
        "hasAvailablePlayerSessions < true",
        "'<' compares numbers; texts, properties and booleans take = and <> at position 28",
    ),
    (
        "hasAvailablePlayerSessions = 1",
        "Expected true or false but found '1' at position 30",
    ),
    (
        "maximumSessions = 'ten'",
        "Expected a number but found a quoted text at position 19",
    ),
    (
        "maximumSessions = inf",
        "Expected a number but found 'inf' at position 19",
    ),
    (
        "maximumSessions = 1.2.3",
        "Expected a number but found '1.2.3' at position 19",
    ),
    (
        "maximumSessions == 1",
        "Expected a number but found '=' at position 18",
    ),
    (
        "gameSessionName = 'open",
        "The text that starts with ' has no closing ' at position 19",
    ),
    (
        "gameSessionName = 'open\\'",
        "The text that starts with ' has no closing ' at position 19",
    ),
    (
        "(maximumSessions = 1",
        "Expected AND, OR or ')' but found the end of the expression at position 21",
    ),
    (
        "maximumSessions = 1)",
        "Expected AND, OR or the end of the expression but found ')' at position 20",
    ),
    (
        "maximumSessions = 1 maximumSessions = 2",
        "Expected AND, OR or the end of the expression but found 'maximumSessions' at position 21",
    ),
    (
        "maximumSessions = 1 AND",
        "Expected a name such as gameSessionName or playerSessionCount but found the end of the expression at position 24",
    ),
    (
        "1 = maximumSessions",
        "'1' cannot be searched; use gameSessionId, gameSessionName, gameSessionProperties.KEY, maximumSessions, creationTimeMillis, playerSessionCount or hasAvailablePlayerSessions at position 1",
    ),
    (
        "gameSessionProperties. = 'a'",
        "gameSessionProperties. must be followed by the key of a property at position 1",
    ),
    (
        "gameSessionProperties.a.b = 'a'",
        "'a.b' holds a dot; properties with a dot in the key cannot be searched at position 1",
    ),
    (
        "äö = 1 ü",
        "'äö' cannot be searched; use gameSessionId, gameSessionName, gameSessionProperties.KEY, maximumSessions, creationTimeMillis, playerSessionCount or hasAvailablePlayerSessions at position 1",
    ),
];

#[test]
fn mistakes_are_named_with_their_place() {
    for (text, expected) in MISTAKES {
        assert_eq!(selected(text), *expected, "{text}");
    }
}

#[test]
fn sorts_order_and_missing_comes_last() {
    let table = [
        ("creationTimeMillis DESC", "dcba"),
        ("creationTimeMillis", "abcd"),
        ("maximumSessions asc", "bdac"),
        ("maximumSessions DESC", "cabd"),
        ("gameSessionName ASC", "adcb"),
        ("gameSessionName DESC", "cdab"),
        // As texts: "10" comes before "5".
        ("gameSessionProperties.level ASC", "cabd"),
        ("gameSessionProperties.level DESC", "acbd"),
        ("hasAvailablePlayerSessions ASC", "abcd"),
        ("hasAvailablePlayerSessions DESC", "bcda"),
        (
            "maximumSessions UP",
            "Expected ASC or DESC but found 'UP' at position 17",
        ),
        (
            "maximumSessions ASC DESC",
            "Expected the end of the expression but found 'DESC' at position 21",
        ),
        (
            "",
            "Expected a name such as gameSessionName or playerSessionCount but found the end of the expression at position 1",
        ),
    ];
    for (text, expected) in table {
        assert_eq!(sorted(text), expected, "{text}");
    }
}

#[test]
fn length_and_nesting_are_limited() {
    let padded = |length: usize| format!("{:length$}", "gameSessionId='a'");
    assert_eq!(selected(&padded(MAX_LENGTH)), "a");
    let expected = "The expression is longer than 1024 characters at position 1025";
    assert_eq!(selected(&padded(MAX_LENGTH + 1)), expected);

    let nested = |depth| {
        format!(
            "{}gameSessionId='a'{}",
            "(".repeat(depth),
            ")".repeat(depth)
        )
    };
    assert_eq!(selected(&nested(MAX_NESTING)), "a");
    let expected = "The expression is nested deeper than 64 levels at position 66";
    assert_eq!(selected(&nested(MAX_NESTING + 1)), expected);
    let nots = format!("{}gameSessionId='a'", "NOT ".repeat(200));
    assert!(selected(&nots).contains("nested deeper"));
}

proptest! {
    #[test]
    fn no_text_panics(text in "\\PC{0,80}") {
        selected(&text);
        sorted(&text);
    }

    #[test]
    fn no_likely_text_panics(words in prop::collection::vec(prop::sample::select(vec![
        "gameSessionId", "gameSessionProperties.a", "maximumSessions", "hasAvailablePlayerSessions", "=", "<>", "<",
        ">=", "(", ")", "AND", "OR", "NOT", "'x'", "\"y", "5", "-1", "true", "\\", "'", " ", "ASC", "DESC",
    ]), 0..40)) {
        selected(&words.concat());
        selected(&words.join(" "));
        sorted(&words.join(" "));
    }

    #[test]
    fn what_is_quoted_is_found_again(name in "\\PC{0,40}") {
        let escaped = name.replace('\\', "\\\\").replace('\'', "\\'");
        let filter = Filter::parse(&format!("gameSessionProperties.k = '{escaped}'"));
        let expected = parser::Condition::Compare(
            Operand::Property("k".to_owned()),
            lexer::Comparator::Equal,
            parser::Value::Text(name),
        );
        prop_assert_eq!(filter, Ok(Filter(expected)));
    }
}
