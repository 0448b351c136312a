//! `hoist session list|get|create|search|update|terminate|logs`.

use super::{Caller, Column, Format, done, given, list, pages, text, thing};
use anyhow::{Result, bail};
use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::time::Duration;

const COLUMNS: [Column; 7] = [
    ("GAME SESSION", "GameSessionId"),
    ("NAME", "Name"),
    ("STATUS", "Status"),
    ("PLAYERS", "CurrentPlayerSessionCount"),
    ("MOST", "MaximumPlayerSessionCount"),
    ("ADDRESS", "IpAddress"),
    ("PORT", "Port"),
];

/// The longest that an activation is waited for, and the pause between two looks.
const ACTIVATION_PATIENCE: Duration = Duration::from_secs(300);
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// What can be done with game sessions.
#[derive(Debug, Subcommand)]
pub(crate) enum SessionVerb {
    /// Lists the game sessions of a fleet or an alias.
    List {
        #[command(flatten)]
        place: Place,
        /// ACTIVE, ACTIVATING, TERMINATING or TERMINATED.
        #[arg(long)]
        status: Option<String>,
    },
    /// Shows one game session.
    Get {
        /// Game session id (the ARN).
        session: String,
    },
    /// Starts a game session.
    Create(Create),
    /// Finds active game sessions, for example `--filter "hasAvailablePlayerSessions=true"`.
    Search {
        #[command(flatten)]
        place: Place,
        /// Filter expression.
        #[arg(long)]
        filter: Option<String>,
        /// Sort expression, for example `playerSessionCount DESC`.
        #[arg(long)]
        sort: Option<String>,
    },
    /// Ends a game session.
    Terminate {
        /// Game session id (the ARN).
        session: String,
        /// Ask the script, or kill the process.
        #[arg(long, value_enum, default_value_t = Mode::Ask)]
        mode: Mode,
    },
    /// Shows or saves the log of a game session.
    Logs {
        /// Game session id (the ARN).
        session: String,
        /// Follow a running game session until it ends.
        #[arg(long, short)]
        follow: bool,
        /// Save the zip of an ended game session here.
        #[arg(long, conflicts_with = "follow")]
        save_as: Option<PathBuf>,
    },
}

/// How to end a game session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Mode {
    /// Calls onProcessTerminate and waits.
    Ask,
    /// Kills the process.
    Force,
}

/// Where game sessions are.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Place {
    /// Fleet id or ARN.
    #[arg(long)]
    fleet: Option<String>,
    /// Alias id or ARN.
    #[arg(long)]
    alias: Option<String>,
}

/// A new game session.
#[derive(Debug, Args)]
pub(crate) struct Create {
    #[command(flatten)]
    place: Place,
    /// The most players.
    #[arg(long, default_value_t = 10)]
    players: u32,
    /// A label.
    #[arg(long)]
    name: Option<String>,
    /// A location of the fleet (default: home).
    #[arg(long)]
    location: Option<String>,
    /// A game property `KEY=VALUE` (repeatable).
    #[arg(long)]
    property: Vec<String>,
    /// Free data for the script.
    #[arg(long)]
    data: Option<String>,
    /// Makes a repeated call answer the same game session.
    #[arg(long)]
    idempotency_token: Option<String>,
    /// Wait until players can join.
    #[arg(long)]
    wait: bool,
}

impl Create {
    fn input(&self) -> Result<Value> {
        let mut properties = Vec::new();
        for property in &self.property {
            let Some((key, value)) = property.split_once('=') else {
                bail!("`{property}` is no game property; write KEY=VALUE");
            };
            properties.push(json!({ "Key": key, "Value": value }));
        }
        Ok(given([
            ("FleetId", text(self.place.fleet.as_ref())),
            ("AliasId", text(self.place.alias.as_ref())),
            ("MaximumPlayerSessionCount", Some(json!(self.players))),
            ("Name", text(self.name.as_ref())),
            ("Location", text(self.location.as_ref())),
            (
                "GameProperties",
                (!properties.is_empty()).then_some(Value::Array(properties)),
            ),
            ("GameSessionData", text(self.data.as_ref())),
            ("IdempotencyToken", text(self.idempotency_token.as_ref())),
        ]))
    }
}

impl SessionVerb {
    /// Does it.
    pub(crate) async fn run(&self, caller: &Caller, format: Format) -> Result<()> {
        match self {
            Self::List { place, status } => {
                let input = given([
                    ("FleetId", text(place.fleet.as_ref())),
                    ("AliasId", text(place.alias.as_ref())),
                    ("StatusFilter", text(status.as_ref())),
                ]);
                list(
                    format,
                    &pages(caller, "DescribeGameSessions", input, "GameSessions").await?,
                    &COLUMNS,
                );
            }
            Self::Get { session } => {
                let answer = caller
                    .call("DescribeGameSessions", &json!({ "GameSessionId": session }))
                    .await?;
                thing(format, &answer["GameSessions"][0]);
            }
            Self::Create(create) => {
                let answer = caller.call("CreateGameSession", &create.input()?).await?;
                let session = answer["GameSession"].clone();
                let session = if create.wait {
                    active(caller, session).await?
                } else {
                    session
                };
                thing(format, &session);
            }
            Self::Search {
                place,
                filter,
                sort,
            } => {
                let input = given([
                    ("FleetId", text(place.fleet.as_ref())),
                    ("AliasId", text(place.alias.as_ref())),
                    ("FilterExpression", text(filter.as_ref())),
                    ("SortExpression", text(sort.as_ref())),
                ]);
                list(
                    format,
                    &pages(caller, "SearchGameSessions", input, "GameSessions").await?,
                    &COLUMNS,
                );
            }
            Self::Terminate { session, mode } => {
                let mode = match mode {
                    Mode::Ask => "TRIGGER_ON_PROCESS_TERMINATE",
                    Mode::Force => "FORCE_TERMINATE",
                };
                let input = json!({ "GameSessionId": session, "TerminationMode": mode });
                let answer = caller.call("TerminateGameSession", &input).await?;
                let status = answer["GameSession"]["Status"]
                    .as_str()
                    .unwrap_or("ending")
                    .to_owned();
                done(format, &answer, &format!("the game session is {status}"));
            }
            Self::Logs {
                session,
                follow,
                save_as,
            } => {
                super::logs::run(caller, session, *follow, save_as.as_deref()).await?;
            }
        }
        Ok(())
    }
}

/// Waits until a game session that is being started is active.
async fn active(caller: &Caller, session: Value) -> Result<Value> {
    let id = session["GameSessionId"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let end = tokio::time::Instant::now() + ACTIVATION_PATIENCE;
    let mut session = session;
    while session["Status"] == "ACTIVATING" {
        if tokio::time::Instant::now() > end {
            bail!("{id} does not become active; see `hoist session get` and `hoist fleet events`");
        }
        tokio::time::sleep(LOOK_EVERY).await;
        let answer = caller
            .call("DescribeGameSessions", &json!({ "GameSessionId": id }))
            .await?;
        session = answer["GameSessions"][0].clone();
    }
    Ok(session)
}
