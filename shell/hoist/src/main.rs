//! The binary: reads the command line, starts what it names, and turns the outcome into an exit code. A file a verb.

mod agent;
mod cli;
mod control;
mod dev;
mod logging;
mod player;
mod print;
mod realtime;
mod rule_set;
mod script_check;
mod signals;
mod units;

use clap::{Args, Parser, Subcommand};
use std::future::Future;
use std::process::ExitCode;

/// GameLift Realtime servers that anyone can run.
#[derive(Debug, Parser)]
#[command(name = "hoist", version, propagate_version = true)]
struct Arguments {
    #[command(subcommand)]
    noun: Noun,
}

#[derive(Debug, Subcommand)]
enum Noun {
    /// Runs everything on this machine for a script: control plane, host, fleet.
    Dev(dev::Flags),
    /// Runs a control plane.
    Control(Box<control::Flags>),
    /// Offers this machine to a control plane.
    Agent(agent::Flags),
    /// Runs one server process.
    Realtime(Box<realtime::Flags>),
    /// Plays, from a terminal or a program: commands in, JSON lines out.
    Player(player::Flags),
    /// Scripts: `check` one on disk, or manage those of a control plane.
    Script(ScriptNoun),
    /// Fleets of a control plane.
    Fleet(Over<cli::FleetVerb>),
    /// Matchmaking: check a FlexMatch rule set.
    #[command(subcommand)]
    Match(rule_set::MatchVerb),
    /// Aliases of fleets.
    Alias(Over<cli::AliasVerb>),
    /// Game sessions.
    Session(Over<cli::SessionVerb>),
    /// Seats of players in game sessions.
    PlayerSession(Over<cli::PlayerSessionVerb>),
}

/// A verb that speaks to a control plane.
#[derive(Debug, Args)]
struct Over<V: Subcommand> {
    #[command(flatten)]
    endpoint: cli::Endpoint,
    #[command(subcommand)]
    verb: V,
}

#[derive(Debug, Args)]
struct ScriptNoun {
    #[command(flatten)]
    endpoint: cli::Endpoint,
    #[command(subcommand)]
    verb: ScriptOnDiskVerb,
}

#[derive(Debug, Subcommand)]
enum ScriptOnDiskVerb {
    /// Loads a script and says what is missing or unknown, which callbacks it has and which engine runs it.
    Check(script_check::Flags),
    #[command(flatten)]
    Managed(cli::ScriptVerb),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().noun {
        Noun::Realtime(flags) => realtime::run(*flags),
        Noun::Dev(flags) => {
            logging::start("warn,control::run=error");
            wait(dev::run(flags))
        }
        Noun::Control(flags) => {
            logging::start("info");
            wait(control::run(*flags))
        }
        Noun::Agent(flags) => {
            logging::start("info");
            wait(agent::run(flags))
        }
        Noun::Player(flags) => wait(player::run(flags)),
        Noun::Script(ScriptNoun { endpoint, verb }) => match verb {
            ScriptOnDiskVerb::Check(flags) => wait(script_check::run(flags, endpoint.format())),
            ScriptOnDiskVerb::Managed(verb) => {
                wait(async { done(verb.run(&endpoint.caller()?, endpoint.format()).await) })
            }
        },
        Noun::Match(verb) => verb.run(),
        Noun::Fleet(over) => wait(async {
            done(
                over.verb
                    .run(&over.endpoint.caller()?, over.endpoint.format())
                    .await,
            )
        }),
        Noun::Alias(over) => wait(async {
            done(
                over.verb
                    .run(&over.endpoint.caller()?, over.endpoint.format())
                    .await,
            )
        }),
        Noun::Session(over) => wait(async {
            done(
                over.verb
                    .run(&over.endpoint.caller()?, over.endpoint.format())
                    .await,
            )
        }),
        Noun::PlayerSession(over) => wait(async {
            done(
                over.verb
                    .run(&over.endpoint.caller()?, over.endpoint.format())
                    .await,
            )
        }),
    };
    outcome.unwrap_or_else(|error| {
        print::note(&format!("error: {error:#}"));
        ExitCode::FAILURE
    })
}

fn done(result: anyhow::Result<()>) -> anyhow::Result<ExitCode> {
    result.map(|()| ExitCode::SUCCESS)
}

/// Runs a verb on an event loop of one thread: what it starts ends with it.
fn wait(verb: impl Future<Output = anyhow::Result<ExitCode>>) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let outcome = runtime.block_on(verb);
    // A blocked read of a terminal must not keep the program from ending.
    runtime.shutdown_background();
    outcome
}
