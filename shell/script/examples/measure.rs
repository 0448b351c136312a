//! Measures both engines: time to a loaded script, memory of an idle one, and the cost of a gated message. Prints one JSON line
//! per engine: `cargo run --release -p script --example measure [FOLDER]`.
#![expect(clippy::print_stdout, reason = "printing is what it is for")]

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use bytes::Bytes;
use script::{Choice, Engine, Options};
use session::{CallId, GameMessage, Hook, ScriptEvent, ToScript};

const LOADS: usize = 21;
const CALLS: u64 = 50_000;
const SCRIPT: &str = "let s; exports.ssExports = { init(session) { s = session; }, onHealthCheck: () => true, \
                      onSendToPlayer: (m) => m.payload.length > 0 };";

fn main() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let folder = tempfile::TempDir::new()?;
    std::fs::write(folder.path().join("index.js"), SCRIPT)?;
    let path = std::env::args_os()
        .nth(1)
        .map_or_else(|| folder.path().to_owned(), PathBuf::from);
    for engine in [Choice::Embedded, Choice::Node] {
        let options = Options {
            engine,
            node: std::env::var_os("HOIST_NODE").map(PathBuf::from),
            ..Options::default()
        };
        let line = runtime.block_on(measure(&path, &options))?;
        println!("{line}");
    }
    Ok(())
}

async fn measure(path: &std::path::Path, options: &Options) -> Result<serde_json::Value> {
    let before = resident()?;
    let start = Instant::now();
    let (mut engine, _) = script::load(path, options).await?;
    let first = start.elapsed();
    let after = resident()?;
    let mut loads = Vec::new();
    for _ in 0..LOADS {
        let start = Instant::now();
        let (engine, _) = script::load(path, options).await?;
        loads.push(start.elapsed());
        engine.end();
    }
    loads.sort();
    gate(&mut engine, 0, Hook::Init).await;
    let alone = one_by_one(&mut engine).await;
    let batched = in_batches(&mut engine).await;
    Ok(serde_json::json!({
        "engine": engine.kind().name(),
        "firstLoadMs": millis(first),
        "loadMs": millis(loads[LOADS / 2]),
        "rssKiB": after.saturating_sub(before),
        "processRssKiB": after,
        "nsPerCall": nanos(alone),
        "nsPerCallInBatchesOf64": nanos(batched),
    }))
}

fn millis(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e5).round() / 100.0
}

fn nanos(time: Duration) -> u128 {
    time.as_nanos() / u128::from(CALLS)
}

fn resident() -> Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .context("no VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}

fn message() -> Hook {
    Hook::SendToPlayer(GameMessage {
        op_code: 1,
        sender: 1,
        target_player: 2,
        target_group: 0,
        reliable: true,
        payload: Bytes::from_static(&[7; 100]),
    })
}

async fn gate(engine: &mut Engine, number: u64, hook: Hook) {
    engine.send(ToScript::Call(CallId(number), hook));
    wait_for(engine, 1).await;
}

async fn wait_for(engine: &mut Engine, mut count: usize) {
    let mut events = Vec::new();
    while count > 0 {
        engine.next(&mut events).await;
        count -= events
            .drain(..)
            .filter(|event| matches!(event, ScriptEvent::Returned(..)))
            .count();
    }
}

async fn one_by_one(engine: &mut Engine) -> Duration {
    let start = Instant::now();
    for number in 0..CALLS {
        gate(engine, number, message()).await;
    }
    start.elapsed()
}

async fn in_batches(engine: &mut Engine) -> Duration {
    let start = Instant::now();
    for batch in 0..CALLS / 64 {
        for number in 0..64 {
            engine.send(ToScript::Call(CallId(batch * 64 + number), message()));
        }
        wait_for(engine, 64).await;
    }
    start.elapsed()
}
