//! The project's tasks, in the project's own language: `cargo xtask ci|quick|tidy|arrows|bless|setup|dev|bench`.

mod arrows;
mod bench;
mod ci;
mod codegen;
mod run;
mod setup;
mod tidy;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Tasks of the Hoist repository.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// All that CI does: set-up, tidy, lints, documentation, every test, the release binary.
    Ci,
    /// Tidy, and lints and tests of the cores: under a minute when warm.
    Quick,
    /// Looks at the sources: format, sizes, heads, licences, arrows, freshness of generated files.
    Tidy,
    /// Compares the crate graph with the table in ARCHITECTURE.md.
    Arrows,
    /// Writes the generated files anew.
    Generate,
    /// Rewrites every expected text and every generated file.
    Bless,
    /// Installs what tests need beyond Rust, pinned, into `.tools/`.
    Setup,
    /// Runs `hoist dev` with what follows, from a debug build.
    Dev {
        /// Passed on to `hoist dev`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<String>,
    },
    /// Prints figures of optimised builds, beside their goals and a peer of the same run.
    Bench {
        /// Server processes, the control plane or the matchmaker.
        what: bench::What,
        /// One JSON line a figure.
        #[arg(long)]
        json: bool,
        /// Only the measurements whose names contain one of these words (`session`: ready, relay, gate, neighbours; `api`:
        /// calls, first).
        words: Vec<String>,
    },
}

fn main() -> ExitCode {
    let done = match Arguments::parse().task {
        Task::Ci => ci::all(),
        Task::Quick => ci::quick(),
        Task::Tidy => tidy::run(),
        Task::Arrows => arrows::run(),
        Task::Generate => tidy::generate(false),
        Task::Bless => ci::bless(),
        Task::Setup => setup::run(),
        Task::Dev { rest } => ci::dev(&rest),
        Task::Bench { what, json, words } => bench::run(what, json, &words),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            run::say(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}
