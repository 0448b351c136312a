//! Every parser and the session core, driven with bytes. A target is a plain function that must not panic, so that a test, a
//! coverage-guided fuzzer and a person with a file can all call it. The tests run each over its corpus and over mutations of it
//! by a fixed seed.

mod session_inputs;

use awsrpc::{Head, Protocol};
use bytes::Bytes;

pub use session_inputs::session_inputs;

/// A target and its name, which is also the folder of its corpus.
pub type Target = (&'static str, fn(&[u8]));

/// All targets.
pub const TARGETS: [Target; 6] = [
    ("frame", frame),
    ("session_inputs", session_inputs),
    ("rule_set", rule_set),
    ("aws_call", aws_call),
    ("aws_body", aws_body),
    ("sdk_message", sdk_message),
];

/// Frames of a WebSocket message; what is read can be written and read again.
pub fn frame(data: &[u8]) {
    let mut bytes = Bytes::copy_from_slice(data);
    while let Ok(packet) = wire::decode(&mut bytes) {
        let mut again = wire::encode(&packet);
        assert_eq!(
            wire::decode(&mut again),
            Ok(packet),
            "what was written is read otherwise"
        );
    }
}

/// A rule set: errors have places, and a good one can be asked about.
pub fn rule_set(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    for strict in [true, false] {
        match matchmaker::RuleSet::parse(&text, matchmaker::Options { strict }) {
            Ok(rules) => {
                let _ = (
                    rules.warnings().len(),
                    rules.team_names().count(),
                    rules.players_max(),
                );
            }
            Err(problems) => assert!(!problems.to_string().is_empty(), "an error without words"),
        }
    }
}

/// A call's head: the first line is the path, the others are headers; then its body as either protocol.
pub fn aws_call(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (head, body) = text.split_once("\n\n").unwrap_or((&text, ""));
    let mut lines = head.lines();
    let target = lines.next().unwrap_or("/");
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let headers: Vec<(&str, &str)> = lines.filter_map(|line| line.split_once(": ")).collect();
    let head = Head {
        method: "POST",
        path,
        query,
        headers: &headers,
    };
    let trust = awsrpc::Trust::Anyone {
        account: "000000000000".to_owned(),
        region: "us-east-1".to_owned(),
    };
    let checks = awsrpc::Checks { skew_secs: 900 };
    let _ = awsrpc::verified(&head, body.as_bytes(), &trust, checks, 1_700_000_000_000);
    if let Ok(target) = awsrpc::recognised(&head)
        && let Some(operation) = api::Operation::from_name(&target.operation)
    {
        call_body(target.protocol, operation, body.as_bytes());
    }
}

/// A body: the first byte chooses the operation, the rest is read by both protocols.
pub fn aws_body(data: &[u8]) {
    let Some((first, body)) = data.split_first() else {
        return;
    };
    let operation = api::Operation::ALL[usize::from(*first) % api::Operation::ALL.len()];
    for protocol in [Protocol::Json, Protocol::Cbor] {
        call_body(protocol, operation, body);
    }
}

fn call_body(protocol: Protocol, operation: api::Operation, body: &[u8]) {
    let Some(shape) = operation.input() else {
        return;
    };
    if let Ok(tree) = awsrpc::decoded(protocol, body, Handle(shape)) {
        let _ = api::Request::parse(operation, tree);
    }
}

/// Messages of server processes, agents and machines.
pub fn sdk_message(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let _ = serversdk::parse_request::<serversdk::server::Request>(&text);
    let _ = serversdk::parse_request::<serversdk::agent::Request>(&text);
    let _ = serversdk::parse_request::<serversdk::machine::Request>(&text);
    let _ =
        serversdk::parse_incoming::<serversdk::server::Response, serversdk::server::Push>(&text);
}

/// The API's schema tables as `awsrpc` wants to look things up in them.
#[derive(Clone, Copy)]
struct Handle(&'static api::schema::Shape);

impl awsrpc::Shape for Handle {
    fn kind(self) -> awsrpc::Kind {
        use api::schema::Kind;
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
