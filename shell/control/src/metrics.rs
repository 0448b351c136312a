//! The metrics port: the world's numbers by their AWS names as Prometheus text (`gamelift_active_game_sessions{fleet_id=…}`), and
//! a few of our own. `/live` and `/ready` are here too, for probes that shall not see the API port.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use hyper::body::Incoming;
use hyper::{Request, StatusCode};
use world::{Kind, Sample};

use crate::http::{Answer, NoAnswer, plain, with_type};
use crate::links::Hub;
use crate::state::State;
use crate::writer::Unanswered;

/// Answers a request of the metrics port.
pub(crate) async fn answer(state: Arc<State>, hub: Hub, request: Request<Incoming>) -> Answer {
    match request.uri().path() {
        "/live" => return Ok(plain(StatusCode::OK, "live")),
        "/metrics" | "/" | "/ready" => {}
        _ => {
            return Ok(plain(
                StatusCode::NOT_FOUND,
                "there are /metrics, /live and /ready",
            ));
        }
    }
    let samples = match state.writer.ask(|world, _, _| world.metrics()).await {
        Ok(samples) => samples,
        Err(Unanswered::Busy) => return Ok(plain(StatusCode::SERVICE_UNAVAILABLE, "not ready")),
        Err(Unanswered::Gone) => return Err(NoAnswer),
    };
    if request.uri().path() == "/ready" {
        return Ok(plain(StatusCode::OK, "ready"));
    }
    let mut text = prometheus(samples);
    let own = [
        (
            "hoist_links",
            "WebSockets of server processes, agents and machines.",
            hub.len() as u64,
        ),
        (
            "hoist_calls_waiting",
            "Calls that wait for the writer.",
            state.writer.waiting() as u64,
        ),
    ];
    for (name, help, value) in own {
        // Writing to a text cannot fail.
        let _ = write!(
            text,
            "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}\n"
        );
    }
    Ok(with_type(
        StatusCode::OK,
        "text/plain; version=0.0.4; charset=utf-8",
        text,
    ))
}

/// Families one after the other, as the format wants it.
fn prometheus(samples: Vec<Sample>) -> String {
    let mut families: BTreeMap<String, (Kind, Vec<String>)> = BTreeMap::new();
    for sample in samples {
        let (suffix, kind) = match sample.kind {
            Kind::Gauge => ("", sample.kind),
            Kind::Counter => ("_total", sample.kind),
        };
        let name = format!("gamelift_{}{suffix}", snake_case(sample.name));
        let labels: Vec<String> = sample
            .labels
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(label, value)| format!("{label}=\"{}\"", escaped(value)))
            .collect();
        let line = format!("{name}{{{}}} {}", labels.join(","), sample.value);
        families
            .entry(name)
            .or_insert_with(|| (kind, Vec::new()))
            .1
            .push(line);
    }
    let mut text = String::new();
    for (name, (kind, lines)) in families {
        let kind = match kind {
            Kind::Gauge => "gauge",
            Kind::Counter => "counter",
        };
        let _ = writeln!(text, "# TYPE {name} {kind}\n{}", lines.join("\n"));
    }
    text
}

/// `ActiveGameSessions` → `active_game_sessions`.
fn snake_case(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 8);
    for (at, letter) in name.char_indices() {
        if letter.is_ascii_uppercase() && at > 0 {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}

fn escaped(value: &str) -> String {
    value
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_become_families() {
        let sample = |name, kind, fleet: &str, value| Sample {
            name,
            kind,
            labels: vec![
                ("fleet_id", fleet.to_owned()),
                ("metric_group", String::new()),
            ],
            value,
        };
        let text = prometheus(vec![
            sample("ActiveGameSessions", Kind::Gauge, "fleet-1", 2.0),
            sample("PlayerSessionActivations", Kind::Counter, "fleet-1", 7.0),
            sample("ActiveGameSessions", Kind::Gauge, "fleet-\"2\"", 0.5),
        ]);
        let expected = "# TYPE gamelift_active_game_sessions gauge\n\
            gamelift_active_game_sessions{fleet_id=\"fleet-1\"} 2\n\
            gamelift_active_game_sessions{fleet_id=\"fleet-\\\"2\\\"\"} 0.5\n\
            # TYPE gamelift_player_session_activations_total counter\n\
            gamelift_player_session_activations_total{fleet_id=\"fleet-1\"} 7\n";
        assert_eq!(text, expected);
    }
}
