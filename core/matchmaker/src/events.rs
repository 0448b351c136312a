//! The `detail` of matchmaking events. The envelope (id, time, account, region) and delivery are the owner's.

use crate::engine::{Acceptance, Match, MatchedTicket, RuleMetrics};
use crate::ticket::Ticket;
use ids::{MatchId, PlayerId, PlayerSessionId, Time};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// `detail-type` of every event.
pub const DETAIL_TYPE: &str = "GameLift Matchmaking Event";
/// Seconds that an event names when no acceptance timeout is configured.
const ACCEPTANCE_TIMEOUT_S: u64 = 600;

/// A ticket as events show it.
#[derive(Clone, Debug, PartialEq)]
pub struct EventTicket {
    /// The ticket.
    pub id: String,
    /// When it was received.
    pub start: Time,
    /// Its players.
    pub players: Vec<EventPlayer>,
}

/// A player as events show it.
#[derive(Clone, Debug, PartialEq)]
pub struct EventPlayer {
    /// The player.
    pub id: PlayerId,
    /// The player session, once there is one.
    pub session: Option<PlayerSessionId>,
    /// The team, once there is one.
    pub team: Option<String>,
    /// The answer, once there is one.
    pub accepted: Option<bool>,
}

/// Where a match is played.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventSession {
    /// The game session's ARN.
    pub arn: String,
    /// Its address.
    pub ip_address: String,
    /// Its port.
    pub port: u16,
    /// Its name, on TLS fleets.
    pub dns_name: Option<String>,
    /// `ENABLED` or `DISABLED`, when known.
    pub player_gateway_status: Option<String>,
}

/// An event.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A ticket entered the pool.
    Searching {
        /// How long it will take, when there is an estimate.
        estimated_wait_ms: Option<u64>,
    },
    /// A match was proposed.
    PotentialMatchCreated {
        /// The match.
        match_id: MatchId,
        /// Whether players are asked.
        acceptance_required: bool,
        /// Seconds, when configured.
        acceptance_timeout_s: Option<u64>,
        /// Evaluations.
        metrics: Vec<RuleMetrics>,
    },
    /// A player answered.
    AcceptMatch {
        /// The match.
        match_id: MatchId,
    },
    /// Acceptance is decided.
    AcceptMatchCompleted {
        /// The match.
        match_id: MatchId,
        /// How.
        acceptance: Acceptance,
    },
    /// The match can be played; without a session it is a STANDALONE match.
    Succeeded {
        /// The match.
        match_id: MatchId,
        /// Where it is played.
        session: Option<EventSession>,
    },
    /// A ticket timed out.
    TimedOut {
        /// The last match that it was proposed for.
        match_id: Option<MatchId>,
        /// Evaluations.
        metrics: Vec<RuleMetrics>,
    },
    /// A ticket was stopped.
    Cancelled {
        /// The last match that it was proposed for.
        match_id: Option<MatchId>,
        /// Evaluations.
        metrics: Vec<RuleMetrics>,
    },
    /// Placement failed.
    Failed {
        /// The match.
        match_id: MatchId,
        /// Such as `UNEXPECTED_ERROR`.
        reason: String,
        /// In words.
        message: String,
        /// Evaluations.
        metrics: Vec<RuleMetrics>,
    },
}

/// Reason and message of a timeout, in events and on the ticket.
pub const TIMED_OUT: (&str, &str) = ("TimedOut", "Removed from matchmaking due to timing out.");
/// Reason and message of a cancellation by request.
pub const CANCELLED: (&str, &str) = ("Cancelled", "Cancelled by request.");
/// Reason and message of a failed placement.
pub const UNEXPECTED: (&str, &str) = (
    "UNEXPECTED_ERROR",
    "An unexpected error was encountered during match placing.",
);

impl EventTicket {
    /// A ticket that is in no match; backfill players show their teams.
    pub fn alone(ticket: &Ticket) -> Self {
        let player = |player: &crate::ticket::Player| EventPlayer {
            id: player.id.clone(),
            session: None,
            team: player.team.clone().filter(|_| ticket.backfill),
            accepted: None,
        };
        Self {
            id: ticket.id.to_string(),
            start: ticket.start,
            players: ticket.players.iter().map(player).collect(),
        }
    }

    /// The tickets of a match, with teams.
    pub fn of_match(formed: &Match) -> Vec<Self> {
        let ticket = |ticket: &MatchedTicket| Self {
            id: ticket.id.to_string(),
            start: ticket.start,
            players: ticket
                .players
                .iter()
                .map(|(id, team)| EventPlayer {
                    id: id.clone(),
                    session: None,
                    team: Some(team.clone()),
                    accepted: None,
                })
                .collect(),
        };
        formed.tickets.iter().map(ticket).collect()
    }

    /// With the answers given so far.
    #[must_use]
    pub fn with_answers(mut self, answers: &BTreeMap<PlayerId, bool>) -> Self {
        for player in &mut self.players {
            player.accepted = answers.get(&player.id).copied();
        }
        self
    }

    /// With player sessions.
    #[must_use]
    pub fn with_sessions(mut self, sessions: &BTreeMap<PlayerId, PlayerSessionId>) -> Self {
        for player in &mut self.players {
            player.session = sessions.get(&player.id).cloned();
        }
        self
    }
}

impl Event {
    /// The value of `detail.type`.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Searching { .. } => "MatchmakingSearching",
            Self::PotentialMatchCreated { .. } => "PotentialMatchCreated",
            Self::AcceptMatch { .. } => "AcceptMatch",
            Self::AcceptMatchCompleted { .. } => "AcceptMatchCompleted",
            Self::Succeeded { .. } => "MatchmakingSucceeded",
            Self::TimedOut { .. } => "MatchmakingTimedOut",
            Self::Cancelled { .. } => "MatchmakingCancelled",
            Self::Failed { .. } => "MatchmakingFailed",
        }
    }

    /// The `detail` object.
    pub fn detail(&self, tickets: &[EventTicket], custom_event_data: Option<&str>) -> Value {
        let mut detail = Map::new();
        detail.insert("tickets".into(), tickets.iter().map(ticket_value).collect());
        detail.insert("type".into(), self.type_name().into());
        let players: Value = tickets
            .iter()
            .flat_map(|ticket| &ticket.players)
            .map(player_value)
            .collect();
        let mut session = Map::from_iter([("players".to_owned(), players)]);
        self.add_own(&mut detail, &mut session);
        detail.insert("gameSessionInfo".into(), session.into());
        if let Some(data) = custom_event_data {
            detail.insert("customEventData".into(), data.into());
        }
        detail.into()
    }

    fn add_own(&self, detail: &mut Map<String, Value>, game_session: &mut Map<String, Value>) {
        let mut add = |name: &str, value: Value| detail.insert(name.to_owned(), value);
        let reason = |add: &mut dyn FnMut(&str, Value) -> Option<Value>,
                      (reason, message): (&str, &str)| {
            add("reason", reason.into());
            add("message", message.into());
        };
        match self {
            Self::Searching { estimated_wait_ms } => {
                add(
                    "estimatedWaitMillis",
                    estimated_wait_ms.map_or_else(|| "NOT_AVAILABLE".into(), Value::from),
                );
            }
            Self::PotentialMatchCreated {
                match_id,
                acceptance_required,
                acceptance_timeout_s,
                metrics,
            } => {
                add(
                    "acceptanceTimeout",
                    acceptance_timeout_s.unwrap_or(ACCEPTANCE_TIMEOUT_S).into(),
                );
                add("acceptanceRequired", (*acceptance_required).into());
                add("ruleEvaluationMetrics", json!(metrics));
                add("matchId", match_id.as_str().into());
            }
            Self::AcceptMatch { match_id } => {
                add("matchId", match_id.as_str().into());
            }
            Self::AcceptMatchCompleted {
                match_id,
                acceptance,
            } => {
                add("acceptance", json!(acceptance));
                add("matchId", match_id.as_str().into());
            }
            Self::Succeeded { match_id, session } => {
                add("matchId", match_id.as_str().into());
                if let Some(session) = session {
                    add_session(game_session, session);
                }
            }
            Self::TimedOut { match_id, metrics } | Self::Cancelled { match_id, metrics } => {
                let words = if matches!(self, Self::TimedOut { .. }) {
                    TIMED_OUT
                } else {
                    CANCELLED
                };
                reason(&mut add, words);
                add("ruleEvaluationMetrics", json!(metrics));
                if let Some(match_id) = match_id {
                    add("matchId", match_id.as_str().into());
                }
            }
            Self::Failed {
                match_id,
                reason: why,
                message,
                metrics,
            } => {
                reason(&mut add, (why, message));
                add("ruleEvaluationMetrics", json!(metrics));
                add("matchId", match_id.as_str().into());
            }
        }
    }
}

fn add_session(game_session: &mut Map<String, Value>, session: &EventSession) {
    let optional = |value: &Option<String>| value.as_ref().map(|value| Value::from(value.as_str()));
    let members = [
        ("gameSessionArn", Some(session.arn.as_str().into())),
        ("ipAddress", Some(session.ip_address.as_str().into())),
        ("port", Some(session.port.into())),
        ("dnsName", optional(&session.dns_name)),
        (
            "playerGatewayStatus",
            optional(&session.player_gateway_status),
        ),
    ];
    for (name, value) in members {
        if let Some(value) = value {
            game_session.insert(name.to_owned(), value);
        }
    }
}

fn ticket_value(ticket: &EventTicket) -> Value {
    let players: Vec<Value> = ticket.players.iter().map(player_value).collect();
    json!({ "ticketId": ticket.id, "startTime": iso_8601(ticket.start), "players": players })
}

fn player_value(player: &EventPlayer) -> Value {
    let mut value = Map::from_iter([("playerId".to_owned(), player.id.as_str().into())]);
    if let Some(session) = &player.session {
        value.insert("playerSessionId".into(), session.as_str().into());
    }
    if let Some(team) = &player.team {
        value.insert("team".into(), team.as_str().into());
    }
    if let Some(accepted) = player.accepted {
        value.insert("accepted".into(), accepted.into());
    }
    value.into()
}

/// `2017-08-08T21:15:36.421Z`.
pub fn iso_8601(time: Time) -> String {
    let ms = time.as_millis();
    let (days, ms_of_day) = (ms / 86_400_000, ms % 86_400_000);
    // Days to a civil date, in eras of 400 years that begin in March.
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_index = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_index + 2) / 5 + 1;
    let month = if month_index < 10 {
        month_index + 3
    } else {
        month_index - 9
    };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    let (hour, minute, second) = (
        ms_of_day / 3_600_000,
        ms_of_day / 60_000 % 60,
        ms_of_day / 1_000 % 60,
    );
    format!(
        "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z",
        ms_of_day % 1_000
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_as_the_events_write_them() {
        for (ms, expected) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (1_502_226_936_421, "2017-08-08T21:15:36.421Z"),
            (951_827_696_001, "2000-02-29T12:34:56.001Z"),
            (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
        ] {
            assert_eq!(iso_8601(Time::from_millis(ms)), expected);
        }
    }
}
