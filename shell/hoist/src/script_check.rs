//! `hoist script check`: loads a script and tells what was found, without a game.

use crate::cli::Format;
use crate::print::out;
use crate::realtime::Engine;
use anyhow::Result;
use clap::Args;
use script::{Options, Report, Severity};
use std::path::PathBuf;
use std::process::ExitCode;

/// Flags of `hoist script check`.
#[derive(Debug, Args)]
pub(crate) struct Flags {
    /// A script file, a folder or a zip.
    path: PathBuf,
    /// Which engine is to run it.
    #[arg(long, value_enum, default_value_t)]
    engine: Engine,
    /// The Node.js program, when not `node` in PATH.
    #[arg(long, value_name = "PATH")]
    node: Option<PathBuf>,
}

/// Checks; the exit code is 0 when the script can be used.
pub(crate) async fn run(flags: Flags, format: Format) -> Result<ExitCode> {
    let options = Options {
        engine: flags.engine.choice(),
        node: flags.node,
        ..Options::default()
    };
    let report = script::check(&flags.path, &options).await;
    match format {
        Format::Json => out(&serde_json::to_string_pretty(&report)?),
        Format::Human | Format::Ids => in_words(&report).iter().for_each(|line| out(line)),
    }
    Ok(if report.ok {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn in_words(report: &Report) -> Vec<String> {
    let mut lines = vec![match &report.script {
        Some(script) => format!("{} ({script})", report.path),
        None => report.path.clone(),
    }];
    if let Some(engine) = report.engine {
        lines.push(format!("engine:     {}", engine.name()));
    }
    if !report.callbacks.is_empty() {
        lines.push(format!("callbacks:  {}", report.callbacks.join(", ")));
    }
    if let Some(players) = report.max_players {
        lines.push(format!("maxPlayers: {players}"));
    }
    if let Some(interval) = report.ping_interval_ms {
        lines.push(format!("ping every: {interval} ms"));
    }
    lines.extend(report.log.iter().map(|line| format!("log:        {line}")));
    for finding in &report.findings {
        let kind = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let place = match (&finding.file, finding.line) {
            (Some(file), Some(line)) => format!("{file}:{line}: "),
            (Some(file), None) => format!("{file}: "),
            (None, _) => String::new(),
        };
        lines.push(format!("{kind}: {place}{}", finding.text));
    }
    lines.push(if report.ok {
        "the script can run".to_owned()
    } else {
        "the script cannot run".to_owned()
    });
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_have_their_place() {
        let finding = script::Finding {
            severity: Severity::Error,
            text: "no init".to_owned(),
            file: Some("main.js".to_owned()),
            line: Some(3),
        };
        let report = Report {
            path: "game".to_owned(),
            findings: vec![finding],
            ..Report::default()
        };
        assert_eq!(
            in_words(&report),
            ["game", "error: main.js:3: no init", "the script cannot run"]
        );
    }
}
