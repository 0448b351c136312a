//! One child process of a story: its lines, its input, its end, and what its log may say.

use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::mpsc;

/// The longest that a story waits for one thing. It is an upper bound for a loaded machine, never a wait.
const PATIENCE: Duration = Duration::from_secs(40);

/// Whether WARN and ERROR lines of the log fail the story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Watch {
    /// They do, unless announced with [`Process::expect_in_log`].
    Strict,
    /// They do not: the story breaks things on purpose.
    Off,
}

/// A running child.
pub struct Process {
    child: Child,
    shown: String,
    stdin: Option<ChildStdin>,
    lines: mpsc::UnboundedReceiver<String>,
    seen: Vec<String>,
    log: Arc<Mutex<Vec<String>>>,
    logged: mpsc::UnboundedReceiver<()>,
    expected: Vec<String>,
    watch: Watch,
}

impl Process {
    pub(crate) fn start(
        program: &Path,
        arguments: &[&str],
        folder: &Path,
        environment: &[(&str, &str)],
    ) -> Result<Self> {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(folder)
            .kill_on_drop(true);
        command.envs(environment.iter().copied());
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let shown = format!("{} {}", program.display(), arguments.join(" "));
        let mut child = command.spawn().with_context(|| shown.clone())?;
        let (line_in, lines) = mpsc::unbounded_channel();
        let out = child.stdout.take().context("stdout was asked for")?;
        tokio::spawn(async move {
            let mut reader = BufReader::new(out).lines();
            while let Ok(Some(line)) = reader.next_line().await {
                let _ = line_in.send(line);
            }
        });
        let log = Arc::new(Mutex::new(Vec::new()));
        let (log_in, logged) = mpsc::unbounded_channel();
        let err = child.stderr.take().context("stderr was asked for")?;
        let lines_of_log = Arc::clone(&log);
        tokio::spawn(async move {
            let mut reader = BufReader::new(err).lines();
            while let Ok(Some(line)) = reader.next_line().await {
                lines_of_log.lock().expect("no holder panics").push(line);
                let _ = log_in.send(());
            }
        });
        let stdin = child.stdin.take();
        Ok(Self {
            child,
            shown,
            stdin,
            lines,
            seen: Vec::new(),
            log,
            logged,
            expected: Vec::new(),
            watch: Watch::Strict,
        })
    }

    /// The id of the process, while it lives.
    pub fn pid(&self) -> Option<u32> {
        self.child.id()
    }

    /// Says whether log lines fail the story.
    #[must_use]
    pub fn watch(mut self, watch: Watch) -> Self {
        self.watch = watch;
        self
    }

    /// Announces that WARN or ERROR lines with this text belong to the story.
    pub fn expect_in_log(&mut self, text: &str) {
        self.expected.push(text.to_owned());
    }

    /// What the process has written to stderr so far.
    pub fn log(&self) -> String {
        self.log.lock().expect("no holder panics").join("\n")
    }

    /// Types a line.
    pub async fn say(&mut self, line: &str) -> Result<()> {
        let stdin = self.stdin.as_mut().context("stdin is closed")?;
        stdin.write_all(format!("{line}\n").as_bytes()).await?;
        Ok(stdin.flush().await?)
    }

    /// Ends the input (Ctrl-D).
    pub fn close_input(&mut self) {
        self.stdin = None;
    }

    /// The next line of stdout.
    pub async fn line(&mut self) -> Result<String> {
        match tokio::time::timeout(PATIENCE, self.lines.recv()).await {
            Ok(Some(line)) => {
                self.seen.push(line.clone());
                Ok(line)
            }
            Ok(None) => bail!("{} wrote no more lines; {}", self.shown, self.story()),
            Err(_) => bail!(
                "{} wrote no line in {PATIENCE:?}; {}",
                self.shown,
                self.story()
            ),
        }
    }

    /// The next line of stdout that has this text.
    pub async fn line_with(&mut self, text: &str) -> Result<String> {
        loop {
            let line = self
                .line()
                .await
                .with_context(|| format!("waiting for `{text}`"))?;
            if line.contains(text) {
                return Ok(line);
            }
        }
    }

    /// The next JSON line of stdout whose member `event` is this.
    pub async fn event(&mut self, event: &str) -> Result<Value> {
        loop {
            let line = self
                .line()
                .await
                .with_context(|| format!("waiting for event `{event}`"))?;
            let Ok(value) = serde_json::from_str::<Value>(&line) else {
                continue;
            };
            if value["event"] == event {
                return Ok(value);
            }
        }
    }

    /// Waits until the log has this text.
    pub async fn logged(&mut self, text: &str) -> Result<()> {
        let seen = async {
            while !self
                .log
                .lock()
                .expect("no holder panics")
                .iter()
                .any(|line| line.contains(text))
            {
                if self.logged.recv().await.is_none() {
                    return self
                        .log
                        .lock()
                        .expect("no holder panics")
                        .iter()
                        .any(|l| l.contains(text));
                }
            }
            true
        };
        match tokio::time::timeout(PATIENCE, seen).await {
            Ok(true) => Ok(()),
            Ok(false) | Err(_) => bail!("{} never logged `{text}`; {}", self.shown, self.story()),
        }
    }

    /// Asks the process to end, as a service manager would.
    pub fn terminate(&self) -> Result<()> {
        self.signal(nix::sys::signal::Signal::SIGTERM)
    }

    /// As Ctrl-C.
    pub fn interrupt(&self) -> Result<()> {
        self.signal(nix::sys::signal::Signal::SIGINT)
    }

    /// As `kill -9`, at once and without a word.
    pub fn kill(&self) -> Result<()> {
        self.signal(nix::sys::signal::Signal::SIGKILL)
    }

    fn signal(&self, signal: nix::sys::signal::Signal) -> Result<()> {
        let pid = self.pid().context("the process has ended")?;
        let pid = nix::unistd::Pid::from_raw(i32::try_from(pid)?);
        Ok(nix::sys::signal::kill(pid, signal)?)
    }

    /// Waits until a killed process is really gone, with its locks and ports.
    pub async fn gone(&mut self) -> Result<ExitStatus> {
        match tokio::time::timeout(PATIENCE, self.child.wait()).await {
            Ok(status) => Ok(status?),
            Err(_) => bail!(
                "{} is not gone in {PATIENCE:?}; {}",
                self.shown,
                self.story()
            ),
        }
    }

    /// Waits for the end and checks the log.
    pub async fn ended(mut self) -> Result<(ExitStatus, Vec<String>)> {
        self.stdin = None;
        let status = match tokio::time::timeout(PATIENCE, self.child.wait()).await {
            Ok(status) => status?,
            Err(_) => bail!(
                "{} did not end in {PATIENCE:?}; {}",
                self.shown,
                self.story()
            ),
        };
        while let Some(line) = self.lines.recv().await {
            self.seen.push(line);
        }
        while self.logged.recv().await.is_some() {}
        self.check_log()?;
        Ok((status, std::mem::take(&mut self.seen)))
    }

    /// Fails when the log has a WARN or ERROR line that the story did not announce.
    pub fn check_log(&self) -> Result<()> {
        if self.watch == Watch::Off {
            return Ok(());
        }
        let log = self.log.lock().expect("no holder panics");
        let is_trouble = |line: &&String| {
            (line.contains("WARN") || line.contains("ERROR"))
                && !self
                    .expected
                    .iter()
                    .any(|text| line.contains(text.as_str()))
        };
        match log.iter().find(is_trouble) {
            Some(line) => bail!("{} logged, unannounced: {line}", self.shown),
            None => Ok(()),
        }
    }

    fn story(&self) -> String {
        format!(
            "its lines:\n{}\nits log:\n{}",
            self.seen.join("\n"),
            self.log()
        )
    }
}
