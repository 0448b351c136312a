//! The whole system in one process under one seed: world, supervisors, sessions and players, with virtual time, a network that
//! loses and delays, and crashes of everything. A failure is a seed: `cargo run -p sim -- SEED` shows its last steps again.

mod client;
mod control;
mod ending;
mod engine;
mod gamer;
mod host;
mod links;
mod plan;
mod process;
mod sim;
mod witness;

pub use sim::{Figures, Sim};

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What must not be.
#[derive(Debug)]
pub struct Failure {
    /// Under which seed.
    pub seed: u64,
    /// What is wrong.
    pub problem: String,
    /// What happened before, a line each.
    pub last_steps: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seed, problem, .. } = self;
        write!(
            f,
            "seed {seed}: {problem}\nrun it again with: cargo run -p sim -- {seed}"
        )
    }
}

/// Runs one seed to its end. What goes wrong comes with the last steps; `tell` gets all of them.
pub fn run(seed: u64, tell: Option<fn(&str)>) -> Result<Figures, Failure> {
    let mut sim = Sim::new(seed, tell);
    let outcome = catch_unwind(AssertUnwindSafe(|| sim.run()));
    let problem = match outcome {
        Ok(Ok(())) => return Ok(sim.figures()),
        Ok(Err(problem)) => problem,
        Err(panic) => {
            let words = panic.downcast_ref::<String>().map(String::as_str);
            let words = words.or_else(|| panic.downcast_ref::<&str>().copied());
            format!("a panic: {}", words.unwrap_or("without words"))
        }
    };
    Err(Failure {
        seed,
        problem,
        last_steps: sim.last_steps(),
    })
}
