//! Vectors of the specification and of RFC 8949, round trips, and bytes of all kinds.

use super::*;
use proptest::prelude::*;
use serde_json::json;

/// A structure with a member of each kind, and a list and a map of structures.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Toy {
    Root,
    Item(Kind),
    List(Kind),
    Map(Kind),
}

impl Shape for Toy {
    fn kind(self) -> Kind {
        match self {
            Self::Root => Kind::Structure,
            Self::Item(kind) => kind,
            Self::List(_) => Kind::List,
            Self::Map(_) => Kind::Map,
        }
    }

    fn member(self, name: &str) -> Option<Self> {
        (self == Self::Root).then_some(())?;
        Some(match name {
            "Root" => Self::Root,
            "FleetId" | "ScriptId" | "Text" => Self::Item(Kind::Text),
            "Limit" | "Whole" => Self::Item(Kind::Whole),
            "Float" => Self::Item(Kind::Float),
            "Truth" => Self::Item(Kind::Boolean),
            "StartTime" => Self::Item(Kind::Timestamp),
            "Blob" => Self::Item(Kind::Blob),
            "Times" => Self::List(Kind::Timestamp),
            "Floats" => Self::Map(Kind::Float),
            _ => return None,
        })
    }

    fn element(self) -> Option<Self> {
        match self {
            Self::List(kind) | Self::Map(kind) => Some(Self::Item(kind)),
            Self::Root | Self::Item(_) => None,
        }
    }
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.bytes().filter(|digit| *digit != b' ').collect();
    digits
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn requests_that_clients_sent_are_read() {
    let cases = [
        (
            "bf 68 5363726970744964 68 7363726970742d31 65 4c696d6974 03 ff",
            json!({"ScriptId": "script-1", "Limit": 3}),
        ),
        (
            "bf 67 466c6565744964 67 666c6565742d31 69 537461727454696d65 c1 fb 41d964df4947df3b ff",
            json!({"FleetId": "fleet-1", "StartTime": 1704164645.123}),
        ),
        (
            "a1 69 537461727454696d65 c1 1a 65935f25",
            json!({"StartTime": 1704156965}),
        ),
        (
            "a1 69 537461727454696d65 1a 65935f25",
            json!({"StartTime": 1704156965}),
        ),
        ("a0", json!({})),
        ("bfff", json!({})),
        ("a1 64 426c6f62 43 010203", json!({"Blob": "AQID"})),
        (
            "a1 64 426c6f62 5f 42 0102 41 03 ff",
            json!({"Blob": "AQID"}),
        ),
        (
            "a1 7f 62 5465 62 7874 ff 7f 61 61 61 62 ff",
            json!({"Text": "ab"}),
        ),
        ("a1 65 466c6f6174 f9 3e00", json!({"Float": 1.5})),
        ("a1 65 466c6f6174 fa 3fc00000", json!({"Float": 1.5})),
        (
            "a1 65 466c6f6174 f9 0001",
            json!({"Float": 5.960464477539063e-8}),
        ),
        ("a1 65 466c6f6174 02", json!({"Float": 2})),
        ("a1 65 57686f6c65 38 63", json!({"Whole": -100})),
        (
            "a1 65 57686f6c65 3b 7fffffffffffffff",
            json!({"Whole": i64::MIN}),
        ),
        (
            "a1 65 54696d6573 9f c1 01 c1 02 ff",
            json!({"Times": [1, 2]}),
        ),
        (
            "a1 66 466c6f617473 a1 61 61 fb 4000000000000000",
            json!({"Floats": {"a": 2.0}}),
        ),
        ("a1 65 5472757468 f5", json!({"Truth": true})),
        ("a1 65 5472757468 f6", json!({"Truth": null})),
        // A member that the shape does not have may be anything, a tag and bytes included.
        ("a1 61 78 c2 49 010000000000000000", json!({"x": null})),
        ("a1 61 78 d9 d9f7 82 01 f7", json!({"x": [1, null]})),
    ];
    for (text, expected) in cases {
        assert_eq!(read(&bytes(text), Some(Toy::Root)), Ok(expected), "{text}");
    }
}

#[test]
fn what_is_no_request_is_refused() {
    let nested = "81".repeat(40) + "01";
    let cases = [
        ("", "cut off"),
        ("a1", "cut off"),
        ("bf", "cut off"),
        ("a0 00", "something follows the body"),
        ("a1 64 426c6f62 61 61", "a text where the shape has bytes"),
        ("a1 64 54657874 41 61", "bytes where the shape has none"),
        ("a1 64 54657874 61 ff", "a text that is not UTF-8"),
        ("a1 65 466c6f6174 f9 7e00", "a number that is not finite"),
        ("a1 65 466c6f6174 f9 fc00", "a number that is not finite"),
        (
            "a1 65 57686f6c65 3b ffffffffffffffff",
            "a number out of range",
        ),
        ("a1 65 57686f6c65 c2 41 01", "an unknown tag"),
        ("a1 01 01", "a key that is not a text"),
        ("ff", "a break outside of a list or map"),
        ("1c", "a reserved length"),
        ("1f", "a number without a value"),
        ("f8 20", "an unknown simple value"),
        ("a1 64 54657874 7f 41 61 ff", "a piece of another kind"),
        (
            "a1 64 54657874 7f 7f 61 61 ff ff",
            "a piece without a length",
        ),
        ("bb ffffffffffffffff", "cut off"),
        ("5b ffffffffffffffff", "cut off"),
        (&nested, "nested too deeply"),
    ];
    for (text, expected) in cases {
        assert_eq!(read(&bytes(text), Some(Toy::Root)), Err(expected), "{text}");
    }
}

#[test]
fn answers_are_written_as_the_strictest_client_reads_them() {
    let cases = [
        (json!({}), "a0"),
        (
            json!({"StartTime": 1704164645.123}),
            "a169537461727454696d65c1fb41d964df4947df3b",
        ),
        (
            json!({"StartTime": 1}),
            "a169537461727454696d65c1fb3ff0000000000000",
        ),
        (json!({"Float": 2}), "a165466c6f6174fb4000000000000000"),
        (
            json!({"Floats": {"a": 2}}),
            "a166466c6f617473a16161fb4000000000000000",
        ),
        (json!({"Whole": 23}), "a16557686f6c6517"),
        (json!({"Whole": 255}), "a16557686f6c6518ff"),
        (json!({"Whole": 256}), "a16557686f6c65190100"),
        (json!({"Whole": 65536}), "a16557686f6c651a00010000"),
        (
            json!({"Whole": 4294967296u64}),
            "a16557686f6c651b0000000100000000",
        ),
        (json!({"Whole": -1}), "a16557686f6c6520"),
        (json!({"Blob": "AQID"}), "a164426c6f6243010203"),
        (
            json!({"Truth": false, "Text": "a"}),
            "a2655472757468f464546578746161",
        ),
        (
            json!({"Times": [1]}),
            "a16554696d657381c1fb3ff0000000000000",
        ),
    ];
    for (value, expected) in cases {
        assert_eq!(hex(&written(&value, Some(Toy::Root))), expected, "{value}");
    }
}

fn tree() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        ".{0,300}".prop_map(|text| json!({"Text": text})),
        any::<i64>().prop_map(|whole| json!({"Whole": whole})),
        (-1e12f64..1e12).prop_map(|float| json!({"Float": float})),
        any::<bool>().prop_map(|truth| json!({"Truth": truth})),
        (0u64..1 << 45).prop_map(|ms| json!({"StartTime": ms as f64 / 1000.0})),
        prop::collection::vec(any::<u8>(), 0..70)
            .prop_map(|blob| json!({"Blob": STANDARD.encode(blob)})),
        prop::collection::vec(0.0..1e9, 0..30).prop_map(|times| json!({"Times": times})),
        prop::collection::btree_map(".{0,9}", -1e9..1e9, 0..30)
            .prop_map(|map| json!({"Floats": map})),
    ];
    leaf.prop_recursive(6, 12, 1, |inner| {
        inner.prop_map(|inner| json!({"Root": inner, "Text": "x"}))
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(tree in tree()) {
        prop_assert_eq!(read(&written(&tree, Some(Toy::Root)), Some(Toy::Root)), Ok(tree));
    }

    #[test]
    fn bytes_of_all_kinds_are_survived(noise in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(&noise, Some(Toy::Root));
        let _ = read(&noise, None::<Toy>);
    }

    #[test]
    fn a_damaged_request_is_survived(tree in tree(), place in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = written(&tree, Some(Toy::Root));
        let place = place.index(bytes.len());
        bytes[place] = byte;
        let _ = read(&bytes, Some(Toy::Root));
        bytes.truncate(place);
        prop_assert!(read(&bytes, Some(Toy::Root)).is_err());
    }
}
