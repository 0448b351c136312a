//! A measured process: started, ready, looked at through `/proc`, and ended.

use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use std::ffi::OsStr;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

/// Whoever waits longer waits for something that never comes.
const PATIENCE: Duration = Duration::from_secs(60);

/// A child that tells what it does by JSON lines.
pub(crate) struct Process {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    started: Instant,
}

impl Process {
    pub(crate) fn start<A: AsRef<OsStr>>(program: &Path, arguments: &[A]) -> Result<Self> {
        let started = Instant::now();
        let mut child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("{} cannot be started", program.display()))?;
        let out = child.stdout.take().expect("stdout is piped");
        Ok(Self {
            child,
            lines: BufReader::new(out).lines(),
            started,
        })
    }

    /// The next `ready` line, and how long after the start it came.
    pub(crate) async fn ready(&mut self) -> Result<(Value, Duration)> {
        let wait = async {
            while let Some(line) = self.lines.next_line().await? {
                let Ok(event) = serde_json::from_str::<Value>(&line) else {
                    continue;
                };
                match event["event"].as_str() {
                    Some("ready") => return Ok((event, self.started.elapsed())),
                    Some("ended") => bail!("ended instead of ready: {}", event["reason"]),
                    Some(_) | None => {}
                }
            }
            bail!("ended without a word; run the command by hand to see why")
        };
        tokio::time::timeout(PATIENCE, wait)
            .await
            .context("not ready in a minute")?
    }

    /// The ports of this many slots.
    pub(crate) async fn ports(&mut self, slots: usize) -> Result<Vec<u16>> {
        let mut ports = Vec::new();
        while ports.len() < slots {
            let (ready, _) = self.ready().await?;
            let port = ready["tcpPort"].as_u64().context("no tcpPort")?;
            ports.push(u16::try_from(port)?);
        }
        Ok(ports)
    }

    /// Resident memory of the process and its children, in MiB.
    pub(crate) fn resident_mib(&self) -> f64 {
        let kib: u64 = self
            .family()
            .iter()
            .filter_map(|pid| status_kib(*pid, "VmRSS:"))
            .sum();
        kib as f64 / 1024.0
    }

    /// What of it is not shared with the file on disk, in MiB.
    pub(crate) fn anonymous_mib(&self) -> f64 {
        let kib: u64 = self
            .family()
            .iter()
            .filter_map(|pid| status_kib(*pid, "RssAnon:"))
            .sum();
        kib as f64 / 1024.0
    }

    /// Time on a processor of all threads of the process and its children.
    pub(crate) fn processor_time(&self) -> Duration {
        self.family()
            .iter()
            .flat_map(|pid| tasks(*pid))
            .filter_map(|task| std::fs::read_to_string(task.join("schedstat")).ok())
            .filter_map(|text| text.split(' ').next()?.parse().ok())
            .map(Duration::from_nanos)
            .sum()
    }

    fn family(&self) -> Vec<u32> {
        let mut family: Vec<u32> = self.child.id().into_iter().collect();
        let mut next = 0;
        while let Some(pid) = family.get(next).copied() {
            for task in tasks(pid) {
                let children = std::fs::read_to_string(task.join("children")).unwrap_or_default();
                family.extend(
                    children
                        .split_whitespace()
                        .filter_map(|word| word.parse::<u32>().ok()),
                );
            }
            next += 1;
        }
        family
    }

    /// Asks it to end, and insists after a while.
    pub(crate) async fn end(mut self) -> Result<()> {
        if let Some(pid) = self.child.id().and_then(|pid| i32::try_from(pid).ok()) {
            // It may have ended by itself in this moment.
            let _ = nix::sys::signal::kill(
                nix::unistd::Pid::from_raw(pid),
                nix::sys::signal::Signal::SIGTERM,
            );
        }
        if tokio::time::timeout(Duration::from_secs(10), self.child.wait())
            .await
            .is_err()
        {
            self.child.kill().await?;
        }
        Ok(())
    }
}

fn tasks(pid: u32) -> Vec<std::path::PathBuf> {
    std::fs::read_dir(format!("/proc/{pid}/task"))
        .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default()
}

fn status_kib(pid: u32, field: &str) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(field))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}
