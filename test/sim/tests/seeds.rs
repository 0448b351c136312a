//! Fixed seeds, and the one of the commit (`HOIST_SIM_SEED`).

/// Each of them showed something once, or is there for its mixture of faults.
const SEEDS: &[u64] = &[1, 2, 3, 4, 5, 6, 27, 32, 50, 69, 98, 304];

#[test]
fn fixed_seeds_run_to_their_end() {
    let mut played = 0;
    for seed in SEEDS {
        match sim::run(*seed, None) {
            Ok(figures) => played += figures.joined,
            Err(failure) => panic!("{}\n{failure}", failure.last_steps),
        }
    }
    assert!(
        played > 50,
        "only {played} players came in: the seeds are of no use"
    );
}

#[test]
fn the_seed_of_the_commit_runs_to_its_end() {
    let text = std::env::var("HOIST_SIM_SEED").unwrap_or_default();
    let seed = text.parse().unwrap_or(20_261_201);
    if let Err(failure) = sim::run(seed, None) {
        panic!("{}\n{failure}", failure.last_steps);
    }
}
