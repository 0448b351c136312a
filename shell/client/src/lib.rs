//! A player of Realtime game sessions: connect, send to the server, to players and to groups, and receive, over WebSocket and UDP.
//!
//! ```no_run
//! use hoist_client::{Event, Intent, Options, Target, connect};
//!
//! # async fn play() -> Result<(), Box<dyn std::error::Error>> {
//! // Host, port and player session id come from your game's backend (CreatePlayerSession, or a finished matchmaking ticket).
//! let (client, mut events) = connect(Options::new("127.0.0.1", 1900, "psess-1")).await?;
//! client.send(1, Target::Server, Intent::Reliable, "hello").await?;
//! while let Some(event) = events.next().await {
//!     match event {
//!         Event::Message(message) => println!("{} from {}", message.op_code, message.sender),
//!         Event::GroupMembership { group, players, .. } => println!("group {group}: {players:?}"),
//!         Event::FastChannel { open } => println!("fast channel open: {open}"),
//!         Event::Closed { reason, .. } => println!("over: {reason}"),
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Channels
//!
//! A message is sent [`Intent::Reliable`] (WebSocket: complete and in order) or [`Intent::Fast`] (UDP: may be lost, never late or
//! doubled). Until the UDP handshake is through, and for payloads above 1200 bytes, fast messages go by WebSocket on their own, so
//! the game need not care. At most 4096 bytes of payload can be sent.
//!
//! # Limits
//!
//! Commands wait in a bounded queue: the methods of [`Client`] wait when it is full. Events wait in a bounded queue: when the game
//! does not take them, reliable messages wait at the server (which cuts off a player that lets too much queue up), and fast ones
//! are dropped and counted in [`Statistics::fast_dropped`].

#![warn(missing_docs)]

pub mod cli;
mod client;
mod error;
mod event;
mod options;
mod statistics;
mod task;

pub use client::{Client, Events, connect};
pub use error::{ConnectError, SendError};
pub use event::{Event, Intent, Received, Target};
pub use options::{Fast, Options};
pub use statistics::Statistics;
