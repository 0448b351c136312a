//! How soon an idle session process is ready, and what it holds in memory. Peer: a Node.js process that does nothing.

use super::{Bench, Engine};
use crate::process::Process;
use crate::report::{Figure, Goal};
use crate::stats::Times;
use anyhow::Result;
use std::time::Duration;

const STARTS: usize = 21;
const SLOTS: usize = 20;
/// For what a process still does right after it is ready.
const SETTLE: Duration = Duration::from_millis(500);
const BARE_NODE: &str = r#"console.log('{"event":"ready"}'); setInterval(() => {}, 1000000)"#;

struct Idle {
    ready: Times,
    resident_mib: f64,
    anonymous_mib: f64,
}

pub(super) async fn run(bench: &Bench<'_>) -> Result<()> {
    let bare = match bench.node {
        Some(node) => Some(idle(|| Process::start(node, &["-e", BARE_NODE])).await?),
        None => None,
    };
    for engine in bench.engines() {
        let it = idle(|| bench.serve(&bench.relay, engine, &[])).await?;
        let name = engine.name();
        let mut ready = Figure::new(
            format!("ready time, {name}, median"),
            it.ready.ms_at(0.5),
            "ms",
        )
        .size(format!("{STARTS} starts"));
        let mut memory = Figure::new(
            format!("resident memory of an idle session, {name}"),
            it.resident_mib,
            "MiB",
        )
        .size(format!(
            "{:.1} MiB of it anonymous, children included",
            it.anonymous_mib
        ));
        if engine == Engine::Embedded {
            ready = ready.goal(Goal::AtMost(15.0));
            memory = memory.goal(Goal::AtMost(8.0));
        }
        if let Some(bare) = &bare {
            ready = ready.peer(bare.ready.ms_at(0.5));
            memory = memory.peer(bare.resident_mib);
        }
        bench.report.figure(&ready);
        bench.report.figure(
            &Figure::new(
                format!("ready time, {name}, slowest"),
                it.ready.ms_at(1.0),
                "ms",
            )
            .size(format!("{STARTS} starts")),
        );
        bench.report.figure(&memory);
    }
    let slots = SLOTS.to_string();
    let mut process = bench.serve(&bench.relay, Engine::Embedded, &["--slots", &slots])?;
    process.ports(SLOTS).await?;
    tokio::time::sleep(SETTLE).await;
    let each = process.resident_mib() / SLOTS as f64;
    bench.report.figure(
        &Figure::new("resident memory of a slot, embedded", each, "MiB")
            .size(format!("{SLOTS} idle slots in a process")),
    );
    process.end().await
}

async fn idle(start: impl Fn() -> Result<Process>) -> Result<Idle> {
    let mut times = Vec::new();
    for _ in 1..STARTS {
        let mut process = start()?;
        times.push(process.ready().await?.1);
        process.end().await?;
    }
    let mut process = start()?;
    times.push(process.ready().await?.1);
    tokio::time::sleep(SETTLE).await;
    let (resident_mib, anonymous_mib) = (process.resident_mib(), process.anonymous_mib());
    process.end().await?;
    Ok(Idle {
        ready: Times::new(times),
        resident_mib,
        anonymous_mib,
    })
}
