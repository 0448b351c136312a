//! Twenty sessions in one process, of which one loops for ever: what the others notice.

use super::{Bench, Engine};
use crate::player::{Audience, Pace, Player, play};
use crate::report::{Figure, Goal};
use crate::stats::Times;
use anyhow::Result;
use std::time::{Duration, Instant};
use wire::peer;

const SLOTS: usize = 20;
const PLAYERS: usize = 4;
const RATE: u32 = 30;
const LENGTH: Duration = Duration::from_millis(1_500);
/// Whatever else the machine does spoils some rounds; the middle one counts.
const ROUNDS: usize = 5;
const AUDIENCES: [(Audience, &str); 2] = [
    (Audience::Everybody, "to all"),
    (Audience::Neighbour, "gated"),
];
const LOOP: i32 = 99;
const SCRIPT: &str = "exports.ssExports = { configuration: { maxPlayers: 100 }, init() {}, onSendToPlayer: () => true,
    onMessage(message) { if (message.opCode === 99) { for (;;) {} } } };";

/// One round of one audience.
struct Pair {
    quiet: Times,
    looping: Times,
}

pub(super) async fn run(bench: &Bench<'_>) -> Result<()> {
    let mut rounds: [Vec<Pair>; AUDIENCES.len()] = Default::default();
    let mut busy = f64::MAX;
    for _ in 0..ROUNDS {
        let (pairs, share) = round(bench).await?;
        busy = busy.min(share);
        for (audience, pair) in rounds.iter_mut().zip(pairs) {
            audience.push(pair);
        }
    }
    for ((_, name), pairs) in AUDIENCES.into_iter().zip(&rounds) {
        compared(bench, name, pairs);
    }
    let figure = Figure::new("processor of the process while one loops, least", busy, "%");
    bench
        .report
        .figure(&figure.size("near 100 shows that it did loop"));
    Ok(())
}

/// Everybody plays without the loop, then with it; also how busy the process was with it.
async fn round(bench: &Bench<'_>) -> Result<(Vec<Pair>, f64)> {
    let script = bench.write("loops", SCRIPT)?;
    let slots = SLOTS.to_string();
    let more = ["--slots", &slots, "--callback-budget", "10m"];
    let mut process = bench.serve(&script, Engine::Embedded, &more)?;
    let ports = process.ports(SLOTS).await?;
    let (looping, others) = ports.split_first().expect("there are twenty");
    let mut quiet = Vec::new();
    for (audience, _) in AUDIENCES {
        quiet.push(play(others, PLAYERS, pace(audience)).await?.lateness);
    }
    let mut player = Player::enter("127.0.0.1", *looping, "psess-loop".into()).await?;
    player.send(LOOP, peer::SERVER, peer::NONE).await?;
    let (start, before) = (Instant::now(), process.processor_time());
    let mut pairs = Vec::new();
    for ((audience, _), quiet) in AUDIENCES.into_iter().zip(quiet) {
        let looping = play(others, PLAYERS, pace(audience)).await?.lateness;
        pairs.push(Pair { quiet, looping });
    }
    let spent = process.processor_time() - before;
    let share = 100.0 * spent.as_secs_f64() / start.elapsed().as_secs_f64();
    process.end().await?;
    Ok((pairs, share))
}

fn compared(bench: &Bench<'_>, audience: &str, pairs: &[Pair]) {
    let each = pairs.first().map_or(0, |pair| pair.looping.count());
    let size = format!(
        "{} slots x {PLAYERS} players x {RATE} msg/s, {each} deliveries, median of {ROUNDS} rounds",
        SLOTS - 1
    );
    let mut p99 = Vec::new();
    for (times, kind) in [(0, "none loops"), (1, "one loops")] {
        for (share, percentile) in [(0.5, "p50"), (0.99, "p99")] {
            let all = pairs.iter().map(|pair| {
                if times == 0 {
                    &pair.quiet
                } else {
                    &pair.looping
                }
            });
            let value = median(all.map(|times| times.ms_at(share)).collect());
            let name = format!("20 slots, {kind}, {audience}, {percentile}");
            bench
                .report
                .figure(&Figure::new(name, value, "ms").size(&size));
            if percentile == "p99" {
                p99.push(value);
            }
        }
    }
    let name = format!("p99 with a looping neighbour / without, {audience}");
    bench.report.figure(
        &Figure::new(name, p99[1] / p99[0], "x")
            .size(&size)
            .goal(Goal::AtMost(2.0)),
    );
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

const fn pace(audience: Audience) -> Pace {
    Pace {
        rate: RATE,
        length: LENGTH,
        audience,
    }
}
