//! `hoist player-session list|get|create`.

use super::{Caller, Column, Format, given, list, pages, text, thing};
use anyhow::Result;
use clap::Subcommand;
use serde_json::{Value, json};

const COLUMNS: [Column; 6] = [
    ("PLAYER SESSION", "PlayerSessionId"),
    ("PLAYER", "PlayerId"),
    ("STATUS", "Status"),
    ("ADDRESS", "IpAddress"),
    ("PORT", "Port"),
    ("CREATED", "CreationTime"),
];

/// What can be done with player sessions.
#[derive(Debug, Subcommand)]
pub(crate) enum PlayerSessionVerb {
    /// Lists the player sessions of a game session.
    List {
        /// Game session id (the ARN).
        session: String,
        /// RESERVED, ACTIVE, COMPLETED or TIMEDOUT.
        #[arg(long)]
        status: Option<String>,
    },
    /// Shows one player session.
    Get {
        /// Player session id.
        player_session: String,
    },
    /// Reserves a seat for each player; all or none.
    Create {
        /// Game session id (the ARN).
        session: String,
        /// Your names of the players.
        #[arg(required = true)]
        players: Vec<String>,
        /// Data for the script, with one player only.
        #[arg(long)]
        data: Option<String>,
    },
}

impl PlayerSessionVerb {
    /// Does it.
    pub(crate) async fn run(&self, caller: &Caller, format: Format) -> Result<()> {
        match self {
            Self::List { session, status } => {
                let input = given([
                    ("GameSessionId", text(Some(session))),
                    ("PlayerSessionStatusFilter", text(status.as_ref())),
                ]);
                list(
                    format,
                    &pages(caller, "DescribePlayerSessions", input, "PlayerSessions").await?,
                    &COLUMNS,
                );
            }
            Self::Get { player_session } => {
                let input = json!({ "PlayerSessionId": player_session });
                let answer = caller.call("DescribePlayerSessions", &input).await?;
                thing(format, &answer["PlayerSessions"][0]);
            }
            Self::Create {
                session,
                players,
                data,
            } => {
                if let [player] = players.as_slice() {
                    let input = given([
                        ("GameSessionId", text(Some(session))),
                        ("PlayerId", text(Some(player))),
                        ("PlayerData", text(data.as_ref())),
                    ]);
                    thing(
                        format,
                        &caller.call("CreatePlayerSession", &input).await?["PlayerSession"],
                    );
                    return Ok(());
                }
                let input = json!({ "GameSessionId": session, "PlayerIds": players });
                let answer = caller.call("CreatePlayerSessions", &input).await?;
                let created: Vec<Value> = answer["PlayerSessions"]
                    .as_array()
                    .cloned()
                    .unwrap_or_default();
                list(format, &created, &COLUMNS);
            }
        }
        Ok(())
    }
}
