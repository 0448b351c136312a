//! `hoist alias list|get|create|update|delete`.

use super::{Caller, Column, Format, done, given, list, pages, text, thing};
use anyhow::Result;
use clap::Subcommand;
use serde_json::{Value, json};

const COLUMNS: [Column; 5] = [
    ("ALIAS", "AliasId"),
    ("NAME", "Name"),
    ("TYPE", "RoutingStrategy.Type"),
    ("FLEET", "RoutingStrategy.FleetId"),
    ("CREATED", "CreationTime"),
];

/// What can be done with aliases.
#[derive(Debug, Subcommand)]
pub(crate) enum AliasVerb {
    /// Lists aliases.
    List,
    /// Shows one alias.
    Get {
        /// Alias id or ARN.
        alias: String,
    },
    /// Creates an alias for a fleet, or with `--message` one that refuses.
    Create {
        /// Its name.
        #[arg(long)]
        name: String,
        /// The fleet that it stands for.
        #[arg(long, conflicts_with = "message", required_unless_present = "message")]
        fleet: Option<String>,
        /// What callers are told instead.
        #[arg(long)]
        message: Option<String>,
    },
    /// Points an alias at another fleet.
    Update {
        /// Alias id or ARN.
        alias: String,
        /// The fleet that it stands for from now on.
        #[arg(long)]
        fleet: String,
    },
    /// Deletes an alias.
    Delete {
        /// Alias id or ARN.
        alias: String,
    },
}

impl AliasVerb {
    /// Does it.
    pub(crate) async fn run(&self, caller: &Caller, format: Format) -> Result<()> {
        match self {
            Self::List => list(
                format,
                &pages(caller, "ListAliases", json!({}), "Aliases").await?,
                &COLUMNS,
            ),
            Self::Get { alias } => {
                let answer = caller
                    .call("DescribeAlias", &json!({ "AliasId": alias }))
                    .await?;
                thing(format, &answer["Alias"]);
            }
            Self::Create {
                name,
                fleet,
                message,
            } => {
                let input = json!({ "Name": name, "RoutingStrategy": strategy(fleet.as_ref(), message.as_ref()) });
                thing(format, &caller.call("CreateAlias", &input).await?["Alias"]);
            }
            Self::Update { alias, fleet } => {
                let input =
                    json!({ "AliasId": alias, "RoutingStrategy": strategy(Some(fleet), None) });
                thing(format, &caller.call("UpdateAlias", &input).await?["Alias"]);
            }
            Self::Delete { alias } => {
                let answer = caller
                    .call("DeleteAlias", &json!({ "AliasId": alias }))
                    .await?;
                done(format, &answer, &format!("{alias} is deleted"));
            }
        }
        Ok(())
    }
}

fn strategy(fleet: Option<&String>, message: Option<&String>) -> Value {
    let kind = if message.is_some() {
        "TERMINAL"
    } else {
        "SIMPLE"
    };
    given([
        ("Type", Some(json!(kind))),
        ("FleetId", text(fleet)),
        ("Message", text(message)),
    ])
}
