//! Runs one seed (or a range of them) and prints every step: `cargo run -p sim -- SEED`, `cargo run -p sim -- FROM TO` (quiet).

use std::process::ExitCode;

fn main() -> ExitCode {
    let numbers: Option<Vec<u64>> = std::env::args()
        .skip(1)
        .map(|word| word.parse().ok())
        .collect();
    let (seeds, tell_all) = match numbers.as_deref() {
        Some([seed]) => (*seed..=*seed, true),
        Some([from, to]) => (*from..=*to, false),
        Some(_) | None => {
            eprintln!("one seed (every step is printed) or two (from, to) are needed");
            return ExitCode::from(2);
        }
    };
    let mut failed = 0;
    for seed in seeds {
        match sim::run(seed, tell_all) {
            Ok(figures) => println!("seed {seed}: {figures:?}"),
            Err(story) if tell_all => {
                failed += 1;
                println!("{}", story.lines().skip_while(|line| !line.starts_with("seed ")).collect::<Vec<_>>().join("\n"));
            }
            Err(story) => {
                failed += 1;
                println!("{story}");
            }
        }
    }
    ExitCode::from(u8::from(failed > 0))
}
