//! `hoist session logs`: the log of a game session, followed while it runs or taken from its zip afterwards.

use super::Caller;
use crate::print::{note, out};
use anyhow::{Context, Result};
use serde_json::json;
use std::io::{Cursor, Read as _};
use std::path::Path;

/// Text of one log that is printed; a longer one can be saved whole.
const PRINTED_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// Follows, saves or prints.
pub(super) async fn run(
    caller: &Caller,
    session: &str,
    follow: bool,
    save_as: Option<&Path>,
) -> Result<()> {
    if follow {
        return caller.stream(&log_path(session), crate::print::text).await;
    }
    let answer = caller
        .call("GetGameSessionLogUrl", &json!({ "GameSessionId": session }))
        .await?;
    let url = answer["PreSignedUrl"]
        .as_str()
        .context("the answer has no PreSignedUrl")?;
    let zip = caller.fetch(url).await?;
    if let Some(path) = save_as {
        std::fs::write(path, &zip).with_context(|| path.display().to_string())?;
        note(&format!("{} bytes are in {}", zip.len(), path.display()));
        return Ok(());
    }
    let mut archive = zip::ZipArchive::new(Cursor::new(zip)).context("the log is no zip")?;
    for index in 0..archive.len() {
        let mut file = archive.by_index(index)?;
        let mut bytes = Vec::new();
        file.by_ref()
            .take(PRINTED_BYTES_MAX)
            .read_to_end(&mut bytes)?;
        out(&format!("== {}", file.name()?));
        out(String::from_utf8_lossy(&bytes).trim_end());
    }
    Ok(())
}

/// Where a running game session's log is followed.
pub(crate) fn log_path(session: &str) -> String {
    format!("/admin/logs?GameSessionId={}", escaped(session))
}

/// An ARN within a query.
fn escaped(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    text.bytes()
        .map(|byte| {
            if plain(byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}
