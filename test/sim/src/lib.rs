//! The whole system in one process under one seed: world, supervisors, sessions and players, with virtual time, a network that
//! loses and delays, and crashes of everything. A failure is a seed: `cargo run -p sim -- SEED` shows its last steps again.

mod client;
mod control;
mod engine;
mod ending;
mod gamer;
mod host;
mod links;
mod plan;
mod process;
mod sim;
mod witness;

pub use sim::{Figures, Sim};

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs one seed to its end. What went wrong comes with the seed and the last steps.
pub fn run(seed: u64, tell_all: bool) -> Result<Figures, String> {
    let mut sim = Sim::new(seed, tell_all);
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
    Err(format!(
        "{}\nseed {seed}: {problem}\nrun it again with: cargo run -p sim -- {seed}",
        sim.last_steps()
    ))
}
