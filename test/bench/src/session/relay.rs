//! Many players who all send to everybody (R14). Peer: the plain relay.

use super::{Bench, Engine};
use crate::player::{Audience, Pace, play};
use crate::report::{Figure, Goal};
use anyhow::Result;
use std::time::Duration;

const PLAYERS: usize = 32;
const PACE: Pace = Pace {
    rate: 30,
    length: Duration::from_secs(5),
    audience: Audience::Everybody,
};

pub(super) async fn run(bench: &Bench<'_>) -> Result<()> {
    let (plain, port) = bench.plain_relay().await?;
    let before = plain.processor_time();
    let peer = play(&[port], PLAYERS, PACE).await?;
    let peer_share = share(plain.processor_time() - before, peer.wall);
    plain.end().await?;

    let mut process = bench.serve(&bench.relay, Engine::Embedded, &[])?;
    let ports = process.ports(1).await?;
    let before = process.processor_time();
    let played = play(&ports, PLAYERS, PACE).await?;
    let server_share = share(process.processor_time() - before, played.wall);
    process.end().await?;

    let size = format!(
        "{PLAYERS} players x {} msg/s to all, {} deliveries",
        PACE.rate,
        played.lateness.count()
    );
    bench.report.figure(
        &Figure::new("relay to all, p50", played.lateness.ms_at(0.5), "ms")
            .size(&size)
            .peer(peer.lateness.ms_at(0.5)),
    );
    bench.report.figure(
        &Figure::new("relay to all, p99 (R14)", played.lateness.ms_at(0.99), "ms")
            .size(&size)
            .goal(Goal::AtMost(5.0))
            .peer(peer.lateness.ms_at(0.99)),
    );
    bench.report.figure(
        &Figure::new("relay to all, processor of the server", server_share, "%")
            .size(&size)
            .peer(peer_share),
    );
    Ok(())
}

fn share(spent: Duration, wall: Duration) -> f64 {
    100.0 * spent.as_secs_f64() / wall.as_secs_f64()
}
