//! What a server process tells the one who started it: two JSON lines, and log lines for those who want them live.

use serde::Serialize;

/// Something that the starter of a server process may want to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(
    tag = "event",
    rename_all = "lowercase",
    rename_all_fields = "camelCase"
)]
pub enum Event {
    /// A slot accepts players (standalone) or game sessions (under a control plane).
    Ready {
        /// TCP port of the game.
        tcp_port: u16,
        /// UDP port of the game.
        udp_port: u16,
        /// Empty until the control plane has started a game session.
        game_session_id: String,
        /// The engine that runs the script: `embedded` or `node`.
        engine: String,
        /// Of this process.
        pid: u32,
        /// The slot's process id towards the control plane; left out in standalone mode.
        #[serde(skip_serializing_if = "Option::is_none")]
        process_id: Option<String>,
    },
    /// A slot has ended.
    Ended {
        /// In words.
        reason: String,
        /// The slot's process id towards the control plane; left out in standalone mode.
        #[serde(skip_serializing_if = "Option::is_none")]
        process_id: Option<String>,
    },
    /// Somebody came or left. Only with [`crate::Settings::tell_players`].
    Players {
        /// How many are in now.
        players: u32,
    },
    /// The metrics can be read.
    Metrics {
        /// Of the loopback address.
        port: u16,
    },
    /// A line of the session's log, in the format of the log file. Only with [`crate::Console::Events`].
    Log {
        /// The line without its end.
        line: String,
    },
}

impl Event {
    /// The event as one line of JSON.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("strings and numbers have a JSON form")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_as_the_product_says() {
        let ready = Event::Ready {
            tcp_port: 1900,
            udp_port: 33400,
            game_session_id: "gs".into(),
            engine: "embedded".into(),
            pid: 7,
            process_id: None,
        };
        assert_eq!(
            ready.to_json(),
            r#"{"event":"ready","tcpPort":1900,"udpPort":33400,"gameSessionId":"gs","engine":"embedded","pid":7}"#
        );
        let ended = Event::Ended {
            reason: "done".into(),
            process_id: None,
        };
        assert_eq!(ended.to_json(), r#"{"event":"ended","reason":"done"}"#);
    }
}
