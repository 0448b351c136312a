//! Every id its own type, so that a player session id cannot be passed as a game session id.

use serde::{Deserialize, Serialize};
use std::borrow::Borrow;
use std::fmt;

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes a text that was checked before.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }
    )*};
}

names! {
    /// `alias-<uuid>`.
    AliasId,
    /// `build-<uuid>`.
    BuildId,
    /// The name of a compute: what the developer chose, or the instance id on managed fleets.
    ComputeName,
    /// `fleet-<uuid>`.
    FleetId,
    /// The full ARN of a game session.
    GameSessionId,
    /// `i-<17 hexadecimal digits>`.
    InstanceId,
    /// An AWS region name or `custom-…`.
    Location,
    /// A uuid, for a proposed or formed match.
    MatchId,
    /// The caller's name of a placement.
    PlacementId,
    /// The developer's name of a player.
    PlayerId,
    /// `psess-<uuid>`.
    PlayerSessionId,
    /// The launcher's name of a server process (a uuid by convention).
    ProcessId,
    /// `script-<uuid>`.
    ScriptId,
    /// A matchmaking ticket.
    TicketId,
}
