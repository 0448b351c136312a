//! MatchmakerData: the match as JSON that a game session receives.

use crate::engine::Match;
use crate::ticket::Attribute;
use serde_json::{Map, Value, json};

/// Longest MatchmakerData, in characters.
pub const MATCHMAKER_DATA_MAX: usize = 390_000;

/// What MatchmakerData says about backfill.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BackfillData {
    /// `AUTOMATIC` or `MANUAL`; null when nothing.
    pub mode: Option<String>,
    /// The ticket that is filling the session by itself.
    pub ticket_id: Option<String>,
}

/// The text for `GameSession.MatchmakerData`.
pub fn matchmaker_data(formed: &Match, configuration_arn: &str, backfill: &BackfillData) -> String {
    let player = |player: &crate::engine::MatchedPlayer| {
        let attributes: Map<String, Value> = player
            .attributes
            .iter()
            .map(|(name, value)| (name.clone(), attribute(value)))
            .collect();
        json!({ "playerId": player.id.as_str(), "attributes": attributes })
    };
    let team = |team: &crate::engine::Team| {
        let players: Vec<Value> = team.players.iter().map(player).collect();
        json!({ "name": team.name, "players": players })
    };
    let teams: Vec<Value> = formed.teams.iter().map(team).collect();
    json!({
        "matchId": formed.id.as_str(),
        "matchmakingConfigurationArn": configuration_arn,
        "teams": teams,
        // Both are null rather than absent: parsers of the server SDK expect them.
        "autoBackfillMode": backfill.mode,
        "autoBackfillTicketId": backfill.ticket_id,
    })
    .to_string()
}

fn attribute(value: &Attribute) -> Value {
    match value {
        Attribute::Text(text) => json!({ "attributeType": "STRING", "valueAttribute": text }),
        // A double shows as one: 10.0, not 10.
        Attribute::Number(number) => json!({ "attributeType": "DOUBLE", "valueAttribute": number }),
        Attribute::List(items) => {
            json!({ "attributeType": "STRING_LIST", "valueAttribute": items })
        }
        Attribute::Map(map) => {
            json!({ "attributeType": "STRING_DOUBLE_MAP", "valueAttribute": map })
        }
    }
}
