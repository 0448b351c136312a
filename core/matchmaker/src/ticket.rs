//! What is matched: tickets, their players, and the players' attributes, as the API delivers them.

use ids::{Location, PlayerId, Span, TicketId, Time};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One StartMatchmaking or StartMatchBackfill request. All its players go to one team (a backfill ticket's players
/// stay where they are), and it is matched as a whole or not at all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ticket {
    /// Unique among live tickets.
    pub id: TicketId,
    /// When the request was received. It never changes, also not when the ticket returns to the pool.
    pub start: Time,
    /// The configuration's RequestTimeoutSeconds when the ticket was made.
    pub timeout: Span,
    /// 1 to 10 players; for backfill all who are in the game, up to 199.
    pub players: Vec<Player>,
    /// Whether the players are already in a game that looks for more.
    pub backfill: bool,
}

/// A player of a ticket.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Player {
    /// The developer's name of the player.
    pub id: PlayerId,
    /// By name, as given; undeclared ones are ignored.
    #[serde(default)]
    pub attributes: BTreeMap<String, Attribute>,
    /// Milliseconds by location.
    #[serde(default)]
    pub latency: BTreeMap<Location, u32>,
    /// The team instance of a backfill player; ignored on other tickets.
    #[serde(default)]
    pub team: Option<String>,
}

/// The value of a player attribute: exactly one member of the API's union.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Attribute {
    /// A string.
    #[serde(rename = "S")]
    Text(String),
    /// A number.
    #[serde(rename = "N")]
    Number(f64),
    /// A list of strings; repetitions do not count.
    #[serde(rename = "SL")]
    List(Vec<String>),
    /// Numbers by name.
    #[serde(rename = "SDM")]
    Map(BTreeMap<String, f64>),
}

impl Attribute {
    /// The type it fits.
    pub fn kind(&self) -> AttributeKind {
        match self {
            Self::Text(_) => AttributeKind::Text,
            Self::Number(_) => AttributeKind::Number,
            Self::List(_) => AttributeKind::List,
            Self::Map(_) => AttributeKind::Map,
        }
    }
}

/// The declared type of an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttributeKind {
    /// `string`
    #[serde(rename = "string")]
    Text,
    /// `number`
    Number,
    /// `string_list`
    #[serde(rename = "string_list")]
    List,
    /// `string_number_map`
    #[serde(rename = "string_number_map")]
    Map,
}

impl AttributeKind {
    /// As it is written in a rule set.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "string",
            Self::Number => "number",
            Self::List => "string_list",
            Self::Map => "string_number_map",
        }
    }
}

impl Ticket {
    /// The moment at which it gives up.
    pub fn deadline(&self) -> Time {
        self.start + self.timeout
    }
}
