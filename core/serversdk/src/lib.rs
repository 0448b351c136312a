//! Messages between server processes, agents, machines and the control plane, both directions: the public Server SDK 5
//! protocol ([`server`]), the public agent protocol ([`agent`]) and our own machine link ([`machine`]). Knows no socket.
//!
//! What the public protocols have no word for is ours: such actions and members start with `Hoist`, and whoever does not
//! know them can ignore them.
//!
//! ```
//! use serversdk::{Incoming, answer, parse_request, parse_incoming, server};
//!
//! let text = r#"{"Action":"HeartbeatServerProcess","RequestId":"r1","HealthStatus":true}"#;
//! let request = parse_request::<server::Request>(text).unwrap();
//! assert_eq!(request.request_id, "r1");
//!
//! let reply = answer(&request.action, &request.request_id, &Ok(server::Response::HeartbeatServerProcess));
//! let Incoming::Answer { request_id, outcome } =
//!     parse_incoming::<server::Response, server::Push>(&reply).unwrap() else { panic!() };
//! assert_eq!((request_id.as_str(), outcome), ("r1", Ok(server::Response::HeartbeatServerProcess)));
//! ```

#![warn(missing_docs)]

pub mod agent;
mod connect;
mod envelope;
pub mod machine;
pub mod server;
mod shapes;

pub use connect::{AgentConnect, Authorization, ConnectError, ServerConnect, SigV4};
pub use envelope::{
    BadMessage, Incoming, Parsed, Refusal, Status, answer, parse_incoming, parse_request, push,
    request,
};
pub use shapes::{
    AttributeValue, BackfillPlayer, CertificateType, EventCode, FleetRoleCredentials, GameSession,
    PlayerSession, PlayerSessionPolicy, PortRange, RuntimeConfiguration, ServerProcess,
    TerminationReason, UpdateReason,
};
