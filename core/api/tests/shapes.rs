//! The tables and the structs say the same: a full sample of every input and output goes through both and comes back, in
//! JSON and in CBOR.

use api::schema::{Kind, Shape};
use api::{FaultCode, Operation, Request, Response, Support, Tier};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Texts that between them match every pattern of the model.
const TEXTS: &[&str] = &[
    "abc",
    "custom-home",
    "fleet-1",
    "script-1",
    "build-1",
    "alias-1",
    "psess-1",
    "i-0123456789abcdef0",
    "127.0.0.1",
    "24.x",
    "5.0.0",
    "1.5",
    "arn:aws:gamelift:us-east-1::fleet/fleet-1",
    "arn:aws:gamelift:us-east-1::script/script-1",
    "arn:aws:gamelift:us-east-1::build/build-1",
    "arn:aws:gamelift:us-east-1::alias/alias-1",
    "arn:aws:gamelift:us-east-1::compute/c-1",
    "arn:aws:gamelift:us-east-1::location/custom-home",
    "arn:aws:gamelift:us-east-1::gamesessionqueue/q",
    "arn:aws:gamelift:us-east-1::matchmakingconfiguration/m",
    "arn:aws:gamelift:us-east-1::matchmakingruleset/m",
    "arn:aws:gamelift:us-east-1::containergroupdefinition/c",
];

/// A value with every member, list and map filled.
fn sample(shape: &Shape) -> Value {
    match &shape.kind {
        Kind::Structure(members) => {
            let members = members
                .iter()
                .map(|member| (member.name.to_owned(), sample(member.shape)));
            Value::Object(members.collect())
        }
        Kind::List(element) => {
            let count = shape.min.unwrap_or(1).max(1);
            (0..count).map(|_| sample(element)).collect()
        }
        Kind::Map(key, value) => {
            let key = sample(key).as_str().expect("keys are texts").to_owned();
            Value::Object(Map::from_iter([(key, sample(value))]))
        }
        Kind::Values(set) | Kind::OpenValues(set) => json!(set[set.len() - 1]),
        Kind::String => {
            let fits = |text: &&&str| {
                let length = text.len() as i64;
                shape.pattern.is_none_or(|pattern| pattern.matches(text))
                    && shape.min.is_none_or(|min| length >= min)
                    && shape.max.is_none_or(|max| length <= max)
            };
            let text = TEXTS.iter().find(fits);
            json!(text.unwrap_or_else(|| panic!("no sample for {}", shape.name)))
        }
        Kind::Integer | Kind::Long => json!(shape.min.unwrap_or(7).max(1)),
        Kind::Double => json!(1.25),
        Kind::Boolean => json!(true),
        Kind::Timestamp => json!(1_704_164_645.123),
        Kind::Blob => json!("UEsDBA=="),
    }
}

fn kept() -> impl Iterator<Item = (Operation, &'static Shape, &'static Shape)> {
    let all = Operation::ALL.iter();
    all.filter_map(|operation| Some((*operation, operation.input()?, operation.output()?)))
}

#[test]
fn full_samples_come_back() {
    for (operation, input, output) in kept() {
        let input = sample(input);
        let request = Request::parse(operation, input.clone()).unwrap();
        assert_eq!(request.operation(), operation);
        assert_eq!(request.to_value(), input, "{operation}");
        let output = sample(output);
        let response = Response::parse(operation, output.clone()).unwrap();
        assert_eq!(response.operation(), operation);
        assert_eq!(response.to_value(), output, "{operation}");
    }
}

#[test]
fn empty_outputs_have_no_null() {
    for (operation, ..) in kept() {
        let response = Response::parse(operation, json!({})).unwrap();
        let text = response.to_value().to_string();
        assert!(!text.contains("null"), "{operation}: {text}");
    }
}

/// The handle by which the envelope walks the tables.
#[derive(Clone, Copy)]
struct Handle(&'static Shape);

impl awsrpc::Shape for Handle {
    fn kind(self) -> awsrpc::Kind {
        match &self.0.kind {
            Kind::Structure(_) => awsrpc::Kind::Structure,
            Kind::List(_) => awsrpc::Kind::List,
            Kind::Map(..) => awsrpc::Kind::Map,
            Kind::Values(_) | Kind::OpenValues(_) | Kind::String => awsrpc::Kind::Text,
            Kind::Integer | Kind::Long => awsrpc::Kind::Whole,
            Kind::Double => awsrpc::Kind::Float,
            Kind::Boolean => awsrpc::Kind::Boolean,
            Kind::Timestamp => awsrpc::Kind::Timestamp,
            Kind::Blob => awsrpc::Kind::Blob,
        }
    }

    fn member(self, name: &str) -> Option<Self> {
        self.0.member(name).map(|member| Self(member.shape))
    }

    fn element(self) -> Option<Self> {
        self.0.element().map(Self)
    }
}

#[test]
fn both_protocols_carry_every_shape() {
    for (operation, input, output) in kept() {
        for shape in [input, output] {
            let tree = sample(shape);
            for protocol in [awsrpc::Protocol::Json, awsrpc::Protocol::Cbor] {
                let body = awsrpc::replied(protocol, "id", &tree, Handle(shape)).body;
                let back = awsrpc::decoded(protocol, &body, Handle(shape)).unwrap();
                assert_eq!(back, tree, "{operation} {protocol:?}");
            }
        }
    }
}

#[test]
fn the_catalogue_is_whole() {
    let count = |tier| {
        Operation::ALL
            .iter()
            .filter(|operation| operation.tier() == tier)
            .count()
    };
    assert_eq!([Tier::A, Tier::B, Tier::C].map(count), [77, 9, 34]);
    for operation in Operation::ALL {
        if let (Some(output), Support::Empty(list)) = (operation.output(), operation.support()) {
            assert!(output.member(list).is_some(), "{operation} has no {list}");
        }
        assert_eq!(Operation::from_name(operation.name()), Some(*operation));
        let is_refused = operation.unsupported().is_some();
        assert_eq!(is_refused, operation.support() != Support::Supported);
    }
    for code in FaultCode::ALL {
        assert_eq!(FaultCode::from_name(code.name()), Some(*code));
        assert_eq!(
            FaultCode::from_name(&format!("com.amazonaws.gamelift#{code}")),
            Some(*code)
        );
        assert_eq!(code.status() == 500, *code == FaultCode::InternalService);
    }
}

#[test]
fn what_is_not_supported_has_an_answer() {
    let cases = [
        (
            Operation::ListGameServerGroups,
            Ok(json!({"GameServerGroups": []})),
        ),
        (
            Operation::DescribeVpcPeeringConnections,
            Ok(json!({"VpcPeeringConnections": []})),
        ),
        (Operation::DescribeGameServer, Err("NotFoundException")),
        (
            Operation::ClaimGameServer,
            Err("InvalidRequestException: ClaimGameServer is not supported by this implementation"),
        ),
    ];
    for (operation, expected) in cases {
        match (operation.unsupported().unwrap(), expected) {
            (Ok(found), Ok(expected)) => assert_eq!(found, expected),
            (Err(found), Err(expected)) => {
                assert!(found.to_string().starts_with(expected), "{found}")
            }
            (found, expected) => panic!("{operation}: {found:?}, not {expected:?}"),
        }
    }
}

fn noise() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
        prop::sample::select(TEXTS).prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map(".{0,5}", inner, 0..5).prop_map(|map| json!(map)),
        ]
    })
}

/// Puts noise into one place of a good request.
fn disturb(tree: &mut Value, path: &[usize], noise: Value) {
    let inner = match (tree, path) {
        (Value::Object(members), [first, ..]) if !members.is_empty() => {
            let index = first % members.len();
            members.values_mut().nth(index)
        }
        (Value::Array(values), [first, ..]) if !values.is_empty() => {
            let index = first % values.len();
            values.get_mut(index)
        }
        (tree, _) => {
            *tree = noise;
            return;
        }
    };
    disturb(
        inner.expect("the index is below the length"),
        &path[1..],
        noise,
    );
}

proptest! {
    // Each case tries every operation.
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn noise_is_survived(noise in noise(), path in prop::collection::vec(0usize..40, 0..5)) {
        for (operation, input, output) in kept() {
            let mut request = sample(input);
            disturb(&mut request, &path, noise.clone());
            if let Ok(request) = Request::parse(operation, request) {
                // What is taken in is good for good.
                prop_assert_eq!(Request::parse(operation, request.to_value()), Ok(request));
            }
            let mut response = sample(output);
            disturb(&mut response, &path, noise.clone());
            let _ = Response::parse(operation, response);
        }
    }
}
