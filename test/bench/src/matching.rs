//! `bench match`: the matchmaker's own figures beside their goals. The first size of a case is the peer of its larger ones, so
//! the ratio shows how the cost of a ticket grows.

use crate::report::{Figure, Goal, Report};
use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

/// One pass over 10,000 tickets may take so many milliseconds.
const PASS_GOALS: [(&str, f64); 5] = [
    ("5v5, no rules", 50.0),
    ("5v5, batchDistance 50", 100.0),
    ("example 1", 1_000.0),
    ("example 1, wide", 1_000.0),
    ("large match, 200 of", 100.0),
];
/// The size that the goals are about.
const GOAL_TICKETS: u64 = 10_000;
/// The writer is not held up longer than this.
const STEP_MS_MAX: f64 = 10.0;

pub(crate) fn run(figures: &Path, json: bool) -> Result<()> {
    let report = Report::new(json);
    let mut child = Command::new(figures)
        .arg("--json")
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("{} cannot be started", figures.display()))?;
    let out = child.stdout.take().expect("stdout is piped");
    let mut smallest = BTreeMap::new();
    for line in BufReader::new(out).lines() {
        let it: Value = serde_json::from_str(&line?).context("figures printed something else")?;
        match it["kind"].as_str() {
            Some("pass") => pass(&report, &it, &mut smallest)?,
            Some("hopeless") => hopeless(&report, &it)?,
            Some("addAndRemove") => add_and_remove(&report, &it)?,
            other => bail!("figures printed a kind that is not known: {other:?}"),
        }
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("figures failed ({status})");
    }
    Ok(())
}

fn number(it: &Value, member: &str) -> Result<f64> {
    it[member].as_f64().with_context(|| format!("no {member}"))
}

fn pass(report: &Report, it: &Value, smallest: &mut BTreeMap<String, f64>) -> Result<()> {
    let name = it["name"].as_str().context("no name")?;
    let tickets = it["tickets"].as_u64().context("no tickets")?;
    let size = format!("{tickets} tickets");
    let (ms, matched) = (number(it, "passMs")?, number(it, "matchedPercent")?);
    let goal_size = tickets == GOAL_TICKETS;
    let goal = PASS_GOALS.iter().find(|(of, _)| *of == name && goal_size);
    let mut figure = Figure::new(format!("{name}, {tickets}: one pass"), ms, "ms").size(&size);
    if let Some((_, limit)) = goal {
        figure = figure.goal(Goal::AtMost(*limit));
    }
    report.figure(&figure);
    let each = ms * 1e3 / tickets as f64;
    let first = *smallest.entry(name.to_owned()).or_insert(each);
    report.figure(
        &Figure::new(format!("{name}, {tickets}: pass per ticket"), each, "us")
            .size(&size)
            .peer(first),
    );
    let mut share =
        Figure::new(format!("{name}, {tickets}: players matched"), matched, "%").size(&size);
    if name.starts_with("example 1") && goal_size {
        share = share.goal(Goal::AtLeast(95.0));
    }
    report.figure(&share);
    let step = number(it, "longestStepMs")?;
    report.figure(
        &Figure::new(format!("{name}, {tickets}: longest step"), step, "ms")
            .size(&size)
            .goal(Goal::AtMost(STEP_MS_MAX)),
    );
    Ok(())
}

fn hopeless(report: &Report, it: &Value) -> Result<()> {
    let size = format!("{} tickets that never match", it["tickets"]);
    let name = |what: &str| format!("hopeless, {}: {what}", it["tickets"]);
    report.figure(&Figure::new(name("first pass"), number(it, "firstPassMs")?, "ms").size(&size));
    report.figure(
        &Figure::new(
            name("busy in the first minute"),
            number(it, "busyMs")?,
            "ms",
        )
        .size(&size),
    );
    let step = number(it, "longestStepMs")?;
    report.figure(
        &Figure::new(name("longest step"), step, "ms")
            .size(&size)
            .goal(Goal::AtMost(STEP_MS_MAX)),
    );
    Ok(())
}

fn add_and_remove(report: &Report, it: &Value) -> Result<()> {
    let size = format!("{} tickets", it["tickets"]);
    for (what, member) in [("add", "addUs"), ("remove", "removeUs")] {
        let figure = Figure::new(
            format!("{what} a ticket, {}", it["tickets"]),
            number(it, member)?,
            "us",
        );
        report.figure(&figure.size(&size).goal(Goal::AtMost(10.0)));
    }
    Ok(())
}
