//! Twenty sessions in one process, of which one loops for ever: what the others notice.

use super::{Bench, Engine};
use crate::player::{Audience, Pace, Player, play};
use crate::report::{Figure, Goal};
use crate::stats::Times;
use anyhow::Result;
use std::time::Duration;
use wire::peer;

const SLOTS: usize = 20;
const PLAYERS: usize = 4;
const RATE: u32 = 30;
const LENGTH: Duration = Duration::from_secs(4);
const LOOP: i32 = 99;
const SCRIPT: &str = "exports.ssExports = { configuration: { maxPlayers: 100 }, init() {}, onSendToPlayer: () => true,
    onMessage(message) { if (message.opCode === 99) { for (;;) {} } } };";

pub(super) async fn run(bench: &Bench<'_>) -> Result<()> {
    let script = bench.write("loops", SCRIPT)?;
    let slots = SLOTS.to_string();
    let mut process = bench.serve(
        &script,
        Engine::Embedded,
        &["--slots", &slots, "--callback-budget", "10m"],
    )?;
    let ports = process.ports(SLOTS).await?;
    let (looping, others) = ports.split_first().expect("there are twenty");
    let audiences = [
        (Audience::Everybody, "to all"),
        (Audience::Neighbour, "gated"),
    ];
    let mut quiet = Vec::new();
    for (audience, _) in audiences {
        quiet.push(play(others, PLAYERS, pace(audience)).await?);
    }
    let mut player = Player::enter("127.0.0.1", *looping, "psess-loop".into()).await?;
    player.send(LOOP, peer::SERVER, peer::NONE).await?;
    let before = process.processor_time();
    for ((audience, name), quiet) in audiences.into_iter().zip(quiet) {
        let played = play(others, PLAYERS, pace(audience)).await?;
        compared(bench, name, &quiet.lateness, &played.lateness);
    }
    let spent = process.processor_time() - before;
    bench.report.figure(
        &Figure::new(
            "processor of the process while one loops",
            spent.as_secs_f64() / (2.0 * LENGTH.as_secs_f64()) * 100.0,
            "%",
        )
        .size("near 100 shows that it did loop"),
    );
    process.end().await
}

fn compared(bench: &Bench<'_>, audience: &str, quiet: &Times, looping: &Times) {
    let size = format!(
        "{} slots x {PLAYERS} players x {RATE} msg/s, {} deliveries",
        SLOTS - 1,
        looping.count()
    );
    for (times, kind) in [(quiet, "none loops"), (looping, "one loops")] {
        for (share, percentile) in [(0.5, "p50"), (0.99, "p99")] {
            let name = format!("20 slots, {kind}, {audience}, {percentile}");
            bench
                .report
                .figure(&Figure::new(name, times.ms_at(share), "ms").size(&size));
        }
    }
    let ratio = looping.ms_at(0.99) / quiet.ms_at(0.99);
    let name = format!("p99 with a looping neighbour / without, {audience}");
    bench.report.figure(
        &Figure::new(name, ratio, "x")
            .size(&size)
            .goal(Goal::AtMost(2.0)),
    );
}

const fn pace(audience: Audience) -> Pace {
    Pace {
        rate: RATE,
        length: LENGTH,
        audience,
    }
}
