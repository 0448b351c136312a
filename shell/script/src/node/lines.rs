//! What a Node.js child writes past our console: lines of its standard output and error, into the log.

use std::time::Duration;

use session::{LogLevel, ScriptEvent};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{ChildStderr, ChildStdout};

use super::console_line;

/// A longer line is cut in pieces.
const LINE_MAX: usize = 64 << 10;
/// How much of standard error is kept for the report of a crash.
const TAIL_MAX: usize = 8 << 10;
/// How long a dead child's output may take to arrive. Its own children may hold the pipes open for ever.
const LAST_LINES: Duration = Duration::from_millis(500);

/// Both streams.
pub(super) struct Lines {
    stdout: Stream<ChildStdout>,
    stderr: Stream<ChildStderr>,
    tail: String,
}

struct Stream<T> {
    pipe: Option<T>,
    held: Vec<u8>,
}

impl<T: AsyncRead + Unpin> Stream<T> {
    /// More bytes; waits for ever after the end. Can be given up at any time.
    async fn read(&mut self) {
        let Some(pipe) = &mut self.pipe else {
            return std::future::pending().await;
        };
        let mut chunk = [0; 4096];
        match pipe.read(&mut chunk).await {
            Ok(0) | Err(_) => self.pipe = None,
            Ok(read) => self.held.extend_from_slice(&chunk[..read]),
        }
    }

    fn lines(&mut self) -> Vec<String> {
        let mut lines = Vec::new();
        loop {
            let end = self.held.iter().position(|byte| *byte == b'\n');
            let (line, rest) = match end {
                Some(end) => (end, end + 1),
                None if self.held.len() >= LINE_MAX => (LINE_MAX, LINE_MAX),
                None if self.pipe.is_none() && !self.held.is_empty() => {
                    (self.held.len(), self.held.len())
                }
                None => return lines,
            };
            lines.push(
                String::from_utf8_lossy(&self.held[..line])
                    .trim_end_matches('\r')
                    .to_owned(),
            );
            self.held.drain(..rest);
        }
    }
}

impl Lines {
    pub(super) fn new(stdout: Option<ChildStdout>, stderr: Option<ChildStderr>) -> Self {
        Self {
            stdout: Stream {
                pipe: stdout,
                held: Vec::new(),
            },
            stderr: Stream {
                pipe: stderr,
                held: Vec::new(),
            },
            tail: String::new(),
        }
    }

    /// Waits for output and appends its whole lines. Can be given up at any time.
    pub(super) async fn next(&mut self, events: &mut Vec<ScriptEvent>) {
        tokio::select! {
            () = self.stdout.read() => {}
            () = self.stderr.read() => {}
        }
        for line in self.stdout.lines() {
            events.push(console_line(LogLevel::Info, line));
        }
        for line in self.stderr.lines() {
            self.keep(&line);
            events.push(console_line(LogLevel::Error, line));
        }
    }

    fn keep(&mut self, line: &str) {
        self.tail.push_str(line);
        self.tail.push('\n');
        if self.tail.len() > 2 * TAIL_MAX {
            let cut = self.tail.len() - TAIL_MAX;
            let cut = (cut..self.tail.len()).find(|at| self.tail.is_char_boundary(*at));
            self.tail.drain(..cut.unwrap_or(self.tail.len()));
        }
    }

    /// Everything that a dead child has left.
    pub(super) async fn drain(&mut self, events: &mut Vec<ScriptEvent>) {
        let all = async {
            while self.stdout.pipe.is_some() || self.stderr.pipe.is_some() {
                self.next(events).await;
            }
        };
        // When it takes longer, what has come must do.
        let _ = tokio::time::timeout(LAST_LINES, all).await;
    }

    /// The end of standard error.
    pub(super) fn last(&self) -> &str {
        self.tail.trim_end()
    }
}
