//! What `hoist dev` tells: in words with commands that can be pasted, or as JSON lines.

use crate::print::{note, out};
use serde_json::{Value, json};

/// How it is told.
#[derive(Clone, Copy, Debug)]
pub(super) struct Show {
    /// As JSON lines.
    pub(super) json: bool,
}

/// What was made for the script.
#[derive(Clone, Debug)]
pub(super) struct Made {
    pub(super) endpoint: String,
    pub(super) region: String,
    pub(super) script: String,
    pub(super) fleet: String,
    pub(super) alias: String,
}

impl Show {
    /// One event.
    pub(super) fn event(self, event: &Value, text: &str) {
        if self.json {
            out(&event.to_string())
        } else {
            out(text)
        }
    }

    /// A line of a log, for the person who watches.
    pub(super) fn log(self, session: &str, line: &str) {
        note(&format!("[{session}] {line}"));
    }

    /// Everything is ready.
    pub(super) fn ready(self, made: &Made, signed: bool) {
        let Made {
            endpoint,
            region,
            script,
            fleet,
            alias,
        } = made;
        let event = json!({
            "event": "ready",
            "endpoint": endpoint,
            "region": region,
            "scriptId": script,
            "fleetId": fleet,
            "aliasId": alias,
        });
        self.event(&event, &in_words(made, signed));
    }
}

fn in_words(made: &Made, signed: bool) -> String {
    let Made {
        endpoint,
        region,
        script,
        fleet,
        alias,
    } = made;
    let keys = if signed {
        "(one of your --access-key)"
    } else {
        "any"
    };
    let hoist = std::env::args()
        .next()
        .unwrap_or_else(|| "hoist".to_owned());
    format!(
        "hoist is ready at {endpoint} ({region})
  script {script}
  fleet  {fleet}
  alias  {alias}

Start a game session, take a seat and play, from another terminal:

  export AWS_ACCESS_KEY_ID={keys} AWS_SECRET_ACCESS_KEY={keys} AWS_DEFAULT_REGION={region} AWS_ENDPOINT_URL_GAMELIFT={endpoint}
  SESSION=$(aws gamelift create-game-session --alias-id {alias} --maximum-player-session-count 4 --query GameSession.GameSessionId --output text)
  aws gamelift describe-game-sessions --game-session-id $SESSION
  set -- $(aws gamelift create-player-session --game-session-id $SESSION --player-id amy --query 'PlayerSession.[IpAddress,Port,PlayerSessionId]' --output text)
  {hoist} player --host $1 --tcp-port $2 --player-session-id $3

Then type, for example:  send 1 group -1 hello
Save a change to the script, and new game sessions run it. Ctrl-C ends everything."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_name_everything_that_was_made() {
        let made = Made {
            endpoint: "http://127.0.0.1:1".to_owned(),
            region: "us-east-1".to_owned(),
            script: "script-1".to_owned(),
            fleet: "fleet-1".to_owned(),
            alias: "alias-1".to_owned(),
        };
        let words = in_words(&made, false);
        for part in [
            "http://127.0.0.1:1",
            "script-1",
            "fleet-1",
            "--alias-id alias-1",
            "KEY_ID=any",
        ] {
            assert!(words.contains(part), "{part} is missing in {words}");
        }
    }
}
