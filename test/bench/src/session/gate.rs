//! What a script's gate costs a message: the same traffic with `onSendToPlayer` and without. Peer: the plain relay.

use super::Bench;
use crate::player::{Audience, Pace, Played, play};
use crate::process::Process;
use crate::report::Figure;
use anyhow::Result;
use std::time::Duration;

const PLAYERS: usize = 20;
const PACE: Pace = Pace {
    rate: 200,
    length: Duration::from_secs(4),
    audience: Audience::Neighbour,
};
const OPEN: &str = "exports.ssExports = { configuration: { maxPlayers: 100 }, init() {} };";
const GATED: &str = "exports.ssExports = { configuration: { maxPlayers: 100 }, init() {}, onSendToPlayer: () => true };";

struct Cost {
    played: Played,
    micros: f64,
}

pub(super) async fn run(bench: &Bench<'_>) -> Result<()> {
    let (plain, port) = bench.plain_relay().await?;
    let peer = cost(&plain, port).await?;
    plain.end().await?;
    let (open, gated) = (bench.write("open", OPEN)?, bench.write("gated", GATED)?);
    for engine in bench.engines() {
        let mut costs = Vec::new();
        for script in [&open, &gated] {
            let mut process = bench.serve(script, engine, &[])?;
            let ports = process.ports(1).await?;
            costs.push(cost(&process, ports[0]).await?);
            process.end().await?;
        }
        for (cost, kind) in costs.iter().zip(["no gate", "gated"]) {
            let name = |what: &str| format!("message, {}, {kind}, {what}", engine.name());
            let lateness = &cost.played.lateness;
            let size = format!(
                "{PLAYERS} players x {} msg/s, {} of {} arrived",
                PACE.rate,
                lateness.count(),
                cost.played.sent
            );
            bench.report.figure(
                &Figure::new(name("processor"), cost.micros, "us")
                    .size(&size)
                    .peer(peer.micros),
            );
            let peer = &peer.played.lateness;
            bench.report.figure(
                &Figure::new(name("p50"), lateness.ms_at(0.5), "ms")
                    .size(&size)
                    .peer(peer.ms_at(0.5)),
            );
            bench.report.figure(
                &Figure::new(name("p99"), lateness.ms_at(0.99), "ms")
                    .size(&size)
                    .peer(peer.ms_at(0.99)),
            );
        }
        let more = costs[1].micros - costs[0].micros;
        bench.report.figure(
            &Figure::new(format!("cost of a gate, {}", engine.name()), more, "us")
                .size("processor time of the server and its children, the difference"),
        );
    }
    Ok(())
}

async fn cost(process: &Process, port: u16) -> Result<Cost> {
    let before = process.processor_time();
    let played = play(&[port], PLAYERS, PACE).await?;
    let spent = process.processor_time() - before;
    let micros = spent.as_secs_f64() * 1e6 / played.sent.max(1) as f64;
    Ok(Cost { played, micros })
}
