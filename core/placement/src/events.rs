//! The `detail` of queue events. The envelope and delivery are the owner's.

use ids::{PlacementId, PlayerId, PlayerSessionId};
use serde_json::{Map, Value, json};

/// `detail-type` of every event.
pub const DETAIL_TYPE: &str = "GameLift Queue Placement Event";

/// Where a placement ended up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fulfilment {
    /// The game session's ARN.
    pub game_session_arn: String,
    /// Its address.
    pub ip_address: String,
    /// Its port; events write it as a string.
    pub port: u16,
    /// Its name, on TLS fleets.
    pub dns_name: Option<String>,
    /// The region or location.
    pub region: String,
    /// Player sessions that were made.
    pub player_sessions: Vec<(PlayerId, PlayerSessionId)>,
}

/// How a placement ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A session runs.
    Fulfilled(Fulfilment),
    /// Stopped by request.
    Cancelled,
    /// No place was found in time.
    TimedOut,
    /// It cannot be fulfilled, for instance because the queue is gone.
    Failed,
}

impl Event {
    /// The value of `detail.type`.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Fulfilled(_) => "PlacementFulfilled",
            Self::Cancelled => "PlacementCancelled",
            Self::TimedOut => "PlacementTimedOut",
            Self::Failed => "PlacementFailed",
        }
    }

    /// The `detail` object. Start and end are ISO 8601 with milliseconds; `custom_event_data` is the queue's.
    pub fn detail(
        &self,
        placement: &PlacementId,
        start: &str,
        end: &str,
        custom_event_data: Option<&str>,
    ) -> Value {
        let mut detail = Map::new();
        let mut add = |name: &str, value: Value| detail.insert(name.to_owned(), value);
        add("type", self.type_name().into());
        add("placementId", placement.as_str().into());
        if let Self::Fulfilled(fulfilment) = self {
            let session = |(player, session): &(PlayerId, PlayerSessionId)| json!({ "playerId": player.as_str(), "playerSessionId": session.as_str() });
            add("port", fulfilment.port.to_string().into());
            add(
                "gameSessionArn",
                fulfilment.game_session_arn.as_str().into(),
            );
            add("ipAddress", fulfilment.ip_address.as_str().into());
            if let Some(name) = &fulfilment.dns_name {
                add("dnsName", name.as_str().into());
            }
            add("gameSessionRegion", fulfilment.region.as_str().into());
            add(
                "placedPlayerSessions",
                fulfilment.player_sessions.iter().map(session).collect(),
            );
        }
        add("startTime", start.into());
        add("endTime", end.into());
        if let Some(data) = custom_event_data {
            add("customEventData", data.into());
        }
        detail.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_as_subscribers_expect_them() {
        let fulfilled = Event::Fulfilled(Fulfilment {
            game_session_arn: "arn:aws:gamelift:us-west-2::gamesession/fleet-1/p-1".into(),
            ip_address: "192.0.2.1".into(),
            port: 6262,
            dns_name: None,
            region: "us-west-2".into(),
            player_sessions: vec![("p1".into(), "psess-1".into())],
        });
        let detail = fulfilled.detail(
            &"p-1".into(),
            "2021-03-01T15:50:49.741Z",
            "2021-03-01T15:50:52.084Z",
            Some("foo"),
        );
        assert_eq!(
            detail,
            json!({
                "type": "PlacementFulfilled", "placementId": "p-1", "port": "6262",
                "gameSessionArn": "arn:aws:gamelift:us-west-2::gamesession/fleet-1/p-1", "ipAddress": "192.0.2.1",
                "gameSessionRegion": "us-west-2", "placedPlayerSessions": [{"playerId": "p1", "playerSessionId": "psess-1"}],
                "startTime": "2021-03-01T15:50:49.741Z", "endTime": "2021-03-01T15:50:52.084Z", "customEventData": "foo",
            })
        );
        for (event, name) in [
            (Event::Cancelled, "PlacementCancelled"),
            (Event::TimedOut, "PlacementTimedOut"),
            (Event::Failed, "PlacementFailed"),
        ] {
            let detail = event.detail(&"p-1".into(), "a", "b", None);
            assert_eq!(
                detail,
                json!({"type": name, "placementId": "p-1", "startTime": "a", "endTime": "b"})
            );
        }
    }
}
