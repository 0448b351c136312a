//! How figures are shown: a table for people, or one JSON line each.

use serde_json::json;
use std::io::Write as _;

/// What was hoped for.
#[derive(Clone, Copy)]
pub(crate) enum Goal {
    /// Not more than this.
    AtMost(f64),
    /// Not less than this.
    AtLeast(f64),
}

impl Goal {
    fn is_met_by(self, value: f64) -> bool {
        match self {
            Self::AtMost(limit) => value <= limit,
            Self::AtLeast(limit) => value >= limit,
        }
    }

    fn text(self) -> String {
        match self {
            Self::AtMost(limit) => format!("<= {}", number(limit)),
            Self::AtLeast(limit) => format!(">= {}", number(limit)),
        }
    }
}

/// One measured value.
pub(crate) struct Figure {
    name: String,
    size: String,
    value: f64,
    unit: &'static str,
    goal: Option<Goal>,
    peer: Option<f64>,
}

impl Figure {
    pub(crate) fn new(name: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self {
            name: name.into(),
            size: String::new(),
            value,
            unit,
            goal: None,
            peer: None,
        }
    }

    /// How much was done to get it.
    pub(crate) fn size(mut self, size: impl Into<String>) -> Self {
        self.size = size.into();
        self
    }

    pub(crate) fn goal(mut self, goal: Goal) -> Self {
        self.goal = Some(goal);
        self
    }

    /// The same of the peer, in the same unit.
    pub(crate) fn peer(mut self, value: f64) -> Self {
        self.peer = Some(value);
        self
    }
}

/// Where figures go.
pub(crate) struct Report {
    json: bool,
}

impl Report {
    /// Opens with the facts of the machine, without which no figure means anything.
    pub(crate) fn new(json: bool) -> Self {
        let report = Self { json };
        let machine = Machine::look();
        if json {
            report.line(&json!({ "machine": machine.processor, "processors": machine.processors, "kernel": machine.kernel, "loadAverage": machine.load }).to_string());
        } else {
            report.line(&format!(
                "{}, {} processors, Linux {}, load average {} at the start",
                machine.processor, machine.processors, machine.kernel, machine.load
            ));
            report.line(&format!(
                "{:<58} {:>10} {:<8} {:<10} {:<9} {}",
                "figure", "value", "unit", "goal", "peer", "size"
            ));
        }
        report
    }

    pub(crate) fn figure(&self, figure: &Figure) {
        let met = figure.goal.map(|goal| goal.is_met_by(figure.value));
        let ratio = figure
            .peer
            .filter(|peer| *peer > 0.0)
            .map(|peer| figure.value / peer);
        if self.json {
            let line = json!({
                "name": figure.name, "value": figure.value, "unit": figure.unit, "size": figure.size,
                "goal": figure.goal.map(Goal::text), "met": met, "peer": figure.peer, "ratio": ratio,
            });
            return self.line(&line.to_string());
        }
        let goal = match (figure.goal, met) {
            (Some(goal), Some(true)) => format!("{} ok", goal.text()),
            (Some(goal), _) => format!("{} NO", goal.text()),
            (None, _) => "-".to_owned(),
        };
        let ratio = ratio.map_or_else(|| "-".to_owned(), |ratio| format!("x {ratio:.2}"));
        self.line(&format!(
            "{:<58} {:>10} {:<8} {:<10} {:<9} {}",
            figure.name,
            number(figure.value),
            figure.unit,
            goal,
            ratio,
            figure.size
        ));
    }

    /// A figure that could not be had, and why.
    pub(crate) fn missing(&self, name: &str, reason: &str) {
        if self.json {
            self.line(&json!({ "name": name, "notMeasured": reason }).to_string());
        } else {
            self.line(&format!("{name:<58} not measured: {reason}"));
        }
    }

    /// A line as it is.
    pub(crate) fn line(&self, line: &str) {
        // Nobody may be reading any more; then there is nobody to tell.
        let _ = writeln!(std::io::stdout(), "{line}");
    }
}

fn number(value: f64) -> String {
    if value >= 100.0 || value.fract() == 0.0 {
        format!("{value:.0}")
    } else {
        format!("{value:.2}")
    }
}

/// Where it was measured.
struct Machine {
    processor: String,
    processors: usize,
    kernel: String,
    load: String,
}

impl Machine {
    fn look() -> Self {
        let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
        let processor = read("/proc/cpuinfo")
            .lines()
            .find_map(|line| {
                line.strip_prefix("model name")?
                    .split_once(": ")
                    .map(|(_, name)| name.to_owned())
            })
            .unwrap_or_else(|| "unknown processor".to_owned());
        let load = read("/proc/loadavg");
        Self {
            processor,
            processors: std::thread::available_parallelism().map_or(1, usize::from),
            kernel: read("/proc/sys/kernel/osrelease").trim().to_owned(),
            load: load.split(' ').next().unwrap_or("?").to_owned(),
        }
    }
}
