//! `hoist script list|get|create|update|delete`. (`hoist script check` needs no control plane and is elsewhere.)

use super::{Caller, Column, Format, done, given, list, pages, text, thing, zip_of};
use anyhow::Result;
use base64::Engine as _;
use clap::Subcommand;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

const COLUMNS: [Column; 5] = [
    ("SCRIPT", "ScriptId"),
    ("NAME", "Name"),
    ("VERSION", "Version"),
    ("BYTES", "SizeOnDisk"),
    ("CREATED", "CreationTime"),
];

/// What can be done with scripts.
#[derive(Debug, Subcommand)]
pub(crate) enum ScriptVerb {
    /// Lists scripts, the newest first.
    List,
    /// Shows one script.
    Get {
        /// Script id or ARN.
        script: String,
    },
    /// Uploads a script.
    Create {
        /// A script file, a folder or a zip.
        path: PathBuf,
        /// A label.
        #[arg(long)]
        name: Option<String>,
        /// A label of this version.
        #[arg(long)]
        version: Option<String>,
        /// `10.x` or `24.x`.
        #[arg(long)]
        node_version: Option<String>,
    },
    /// Replaces the content, the name or the version label.
    Update {
        /// Script id or ARN.
        script: String,
        /// A script file, a folder or a zip.
        path: Option<PathBuf>,
        /// A label.
        #[arg(long)]
        name: Option<String>,
        /// A label of this version.
        #[arg(long)]
        version: Option<String>,
    },
    /// Deletes a script.
    Delete {
        /// Script id or ARN.
        script: String,
    },
}

impl ScriptVerb {
    /// Does it.
    pub(crate) async fn run(&self, caller: &Caller, format: Format) -> Result<()> {
        match self {
            Self::List => {
                let scripts = pages(caller, "ListScripts", json!({}), "Scripts").await?;
                list(format, &scripts, &COLUMNS);
            }
            Self::Get { script } => {
                let answer = caller
                    .call("DescribeScript", &json!({ "ScriptId": script }))
                    .await?;
                thing(format, &answer["Script"]);
            }
            Self::Create {
                path,
                name,
                version,
                node_version,
            } => {
                let input = given([
                    ("Name", text(name.as_ref())),
                    ("Version", text(version.as_ref())),
                    ("NodeJsVersion", text(node_version.as_ref())),
                    ("ZipFile", Some(blob(path)?)),
                ]);
                thing(
                    format,
                    &caller.call("CreateScript", &input).await?["Script"],
                );
            }
            Self::Update {
                script,
                path,
                name,
                version,
            } => {
                let input = given([
                    ("ScriptId", text(Some(script))),
                    ("Name", text(name.as_ref())),
                    ("Version", text(version.as_ref())),
                    ("ZipFile", path.as_deref().map(blob).transpose()?),
                ]);
                thing(
                    format,
                    &caller.call("UpdateScript", &input).await?["Script"],
                );
            }
            Self::Delete { script } => {
                let answer = caller
                    .call("DeleteScript", &json!({ "ScriptId": script }))
                    .await?;
                done(format, &answer, &format!("{script} is deleted"));
            }
        }
        Ok(())
    }
}

fn blob(path: impl AsRef<Path>) -> Result<Value> {
    Ok(Value::String(
        base64::engine::general_purpose::STANDARD.encode(zip_of(path.as_ref())?),
    ))
}
