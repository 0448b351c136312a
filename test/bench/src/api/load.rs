//! Many calls on many connections.

use super::client::Client;
use crate::stats::Times;
use anyhow::Result;
use serde_json::Value;
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Instant;
use tokio::task::LocalSet;

pub(super) const CONNECTIONS: usize = 32;

/// How it went.
pub(super) struct Load {
    pub(super) operation: &'static str,
    pub(super) rate: f64,
    pub(super) times: Times,
}

/// Makes these calls, each connection the next one when its last is answered; also gives the outputs.
pub(super) async fn run(
    authority: &str,
    operation: &'static str,
    inputs: Vec<Value>,
) -> Result<(Load, Vec<Value>)> {
    let waiting = Rc::new(RefCell::new(inputs.into_iter()));
    let mut clients = Vec::new();
    for _ in 0..CONNECTIONS {
        clients.push(Client::connect(authority).await?);
    }
    let started = Instant::now();
    let work = async {
        let mut tasks = Vec::new();
        for client in clients {
            tasks.push(tokio::task::spawn_local(connection(
                client,
                operation,
                Rc::clone(&waiting),
            )));
        }
        let (mut times, mut outputs) = (Vec::new(), Vec::new());
        for task in tasks {
            for (time, output) in task.await?? {
                times.push(time);
                outputs.push(output);
            }
        }
        anyhow::Ok((times, outputs))
    };
    let (times, outputs) = LocalSet::new().run_until(work).await?;
    let load = Load {
        operation,
        rate: times.len() as f64 / started.elapsed().as_secs_f64(),
        times: Times::new(times),
    };
    Ok((load, outputs))
}

async fn connection(
    mut client: Client,
    operation: &'static str,
    waiting: Rc<RefCell<std::vec::IntoIter<Value>>>,
) -> Result<Vec<(std::time::Duration, Value)>> {
    let mut done = Vec::new();
    loop {
        let next = waiting.borrow_mut().next();
        let Some(input) = next else { return Ok(done) };
        let began = Instant::now();
        let output = client.call(operation, &input).await?;
        done.push((began.elapsed(), output));
    }
}
