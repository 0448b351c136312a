//! Runs one seed (or a range of them) and prints every step: `cargo run -p sim -- SEED`, `cargo run -p sim -- FROM TO` (quiet).

use std::process::ExitCode;

#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a developer's tool that prints"
)]
fn main() -> ExitCode {
    let numbers: Option<Vec<u64>> = std::env::args()
        .skip(1)
        .map(|word| word.parse().ok())
        .collect();
    let print: fn(&str) = |line| println!("{line}");
    let (seeds, tell) = match numbers.as_deref() {
        Some([seed]) => (*seed..=*seed, Some(print)),
        Some([from, to]) => (*from..=*to, None),
        Some(_) | None => {
            eprintln!("one seed (every step is printed) or two (from, to) are needed");
            return ExitCode::from(2);
        }
    };
    let mut failed = false;
    for seed in seeds {
        match sim::run(seed, tell) {
            Ok(figures) => println!("seed {seed}: {figures:?}"),
            Err(failure) => {
                failed = true;
                if tell.is_none() {
                    println!("{}", failure.last_steps);
                }
                println!("{failure}");
            }
        }
    }
    ExitCode::from(u8::from(failed))
}
