//! One operating system process: started in a group of its own, watched until it ends, killed with everything it started. A
//! process of a former agent is watched through `/proc`, because it is nobody's child any more.

use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::io;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::Pid;
use serde::{Deserialize, Serialize};
use tokio::process::{Child, Command};

/// How often a process that is no child is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// What to start.
#[derive(Debug)]
pub(crate) struct Launch {
    pub(crate) program: PathBuf,
    pub(crate) arguments: Vec<OsString>,
    pub(crate) environment: Vec<(&'static str, OsString)>,
    pub(crate) folder: PathBuf,
    /// Standard output is appended here.
    pub(crate) output: PathBuf,
    /// Standard error is appended here.
    pub(crate) errors: PathBuf,
}

/// A process that was started, told apart from a later one with the same number by its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Identity {
    pub(crate) pid: i32,
    /// Clock ticks from the boot of the machine to the start, as `/proc` says.
    pub(crate) started: u64,
}

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Exit {
    /// The exit code; none after a signal, or when nobody could see it.
    pub(crate) code: Option<i32>,
    /// The signal that ended it.
    pub(crate) signal: Option<i32>,
}

impl Exit {
    /// In words, for fleet events.
    pub(crate) fn words(self) -> String {
        match (self.code, self.signal) {
            (Some(code), _) => format!("exit code {code}"),
            (None, Some(signal)) => {
                let name = Signal::try_from(signal).map_or("unknown signal", Signal::as_str);
                format!("ended by signal {signal} ({name})")
            }
            (None, None) => "ended while no agent was watching".to_owned(),
        }
    }
}

/// Starts a process.
pub(crate) fn start(launch: &Launch) -> io::Result<(Identity, Child)> {
    let append = |path: &Path| OpenOptions::new().create(true).append(true).open(path);
    let (output, errors) = (append(&launch.output)?, append(&launch.errors)?);
    let mut command = Command::new(&launch.program);
    command
        .args(&launch.arguments)
        .env_clear()
        .envs(launch.environment.iter().map(|(name, value)| (name, value)))
        .current_dir(&launch.folder)
        .stdin(Stdio::null())
        .stdout(output)
        .stderr(errors)
        .process_group(0);
    let child = command.spawn()?;
    let pid = child
        .id()
        .and_then(|pid| i32::try_from(pid).ok())
        .unwrap_or_default();
    let started = look(pid).map_or(0, |look| look.started);
    Ok((Identity { pid, started }, child))
}

/// Waits for the end of a child, then ends what it may have left behind.
pub(crate) async fn ended(identity: Identity, mut child: Child) -> Exit {
    let status = child.wait().await;
    kill_group(identity, Signal::SIGKILL);
    match status {
        Ok(status) => Exit {
            code: status.code(),
            signal: status.signal(),
        },
        Err(_) => Exit {
            code: None,
            signal: None,
        },
    }
}

/// Waits for the end of a process that is no child.
pub(crate) async fn vanished(identity: Identity) -> Exit {
    let mut ticks = tokio::time::interval(LOOK_EVERY);
    while lives(identity) {
        ticks.tick().await;
    }
    Exit {
        code: None,
        signal: None,
    }
}

/// Whether this very process still runs.
pub(crate) fn lives(identity: Identity) -> bool {
    look(identity.pid).is_some_and(|look| look.started == identity.started && !look.zombie)
}

/// Sends a signal to the process and all that it started. A process that is gone is none of our business.
pub(crate) fn signal(identity: Identity, signal: Signal) {
    if lives(identity) {
        kill_group(identity, signal);
        // A process that left its group still hears its own name.
        let _ = kill(Pid::from_raw(identity.pid), signal);
    }
}

fn kill_group(identity: Identity, signal: Signal) {
    if identity.pid > 1 {
        // Fails when the group is gone, which is the wish.
        let _ = killpg(Pid::from_raw(identity.pid), signal);
    }
}

struct Look {
    zombie: bool,
    started: u64,
}

fn look(pid: i32) -> Option<Look> {
    let text = fs::read_to_string(Path::new("/proc").join(pid.to_string()).join("stat")).ok()?;
    // The second field is the name in brackets and may hold anything; what follows is separated by single spaces.
    let (_, fields) = text.rsplit_once(')')?;
    let mut fields = fields.split_whitespace();
    let state = fields.next()?;
    let started = fields.nth(18)?.parse().ok()?;
    Some(Look {
        zombie: matches!(state, "Z" | "X"),
        started,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(folder: &Path, script: &str) -> Launch {
        Launch {
            program: "/bin/sh".into(),
            arguments: vec!["-c".into(), script.into()],
            environment: vec![("WORD", "hello".into())],
            folder: folder.into(),
            output: folder.join("output"),
            errors: folder.join("output"),
        }
    }

    #[tokio::test]
    async fn output_and_exit_code_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let launch = shell(folder.path(), "echo $WORD; echo oops >&2; exit 3");
        let (identity, child) = start(&launch).unwrap();
        let exit = ended(identity, child).await;
        assert_eq!((exit.code, exit.words().as_str()), (Some(3), "exit code 3"));
        assert_eq!(fs::read_to_string(&launch.output).unwrap(), "hello\noops\n");
        assert!(!lives(identity));
    }

    #[tokio::test]
    async fn a_killed_process_takes_its_children_along() {
        let folder = tempfile::tempdir().unwrap();
        let launch = shell(
            folder.path(),
            "sleep 1000 & echo $! > child; echo ready; wait",
        );
        let (identity, child) = start(&launch).unwrap();
        let child_file = folder.path().join("child");
        while fs::read_to_string(&launch.output).unwrap_or_default() != "ready\n" {
            tokio::task::yield_now().await;
        }
        let grandchild: i32 = fs::read_to_string(child_file)
            .unwrap()
            .trim()
            .parse()
            .unwrap();
        assert!(lives(identity));
        signal(identity, Signal::SIGKILL);
        let exit = ended(identity, child).await;
        assert_eq!(exit.words(), "ended by signal 9 (SIGKILL)");
        while look(grandchild).is_some_and(|look| !look.zombie) {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn another_process_with_the_same_number_is_not_ours() {
        let own = i32::try_from(std::process::id()).unwrap();
        let started = look(own).unwrap().started;
        assert!(lives(Identity { pid: own, started }));
        let other = Identity {
            pid: own,
            started: started + 1,
        };
        assert!(!lives(other));
        signal(other, Signal::SIGKILL); // would end this test
        assert_eq!(
            vanished(other).await,
            Exit {
                code: None,
                signal: None
            }
        );
    }
}
