//! What whoever starts a script can choose, with the defaults.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use session::LogLevel;

/// Which engine is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Choice {
    /// Embedded, unless loading meets something that only Node.js has.
    #[default]
    Auto,
    /// QuickJS in this process.
    Embedded,
    /// A Node.js child.
    Node,
}

impl std::str::FromStr for Choice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "auto" => Ok(Self::Auto),
            "embedded" => Ok(Self::Embedded),
            "node" => Ok(Self::Node),
            other => Err(format!(
                "\"{other}\" is no engine: use auto, embedded or node"
            )),
        }
    }
}

/// Which engine runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// QuickJS in this process.
    Embedded,
    /// A Node.js child.
    Node,
}

impl Kind {
    /// As `--engine` spells it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Embedded => "embedded",
            Self::Node => "node",
        }
    }
}

/// How a script is to be run.
#[derive(Clone, Debug)]
pub struct Options {
    /// Which engine is wanted.
    pub engine: Choice,
    /// The Node.js binary; otherwise `node` in PATH.
    pub node: Option<PathBuf>,
    /// Launch parameters, split at white space: the script sees them in `process.argv`.
    pub params: Vec<String>,
    /// Lines below this level are not even made.
    pub log_level: LogLevel,
    /// What the script may use up.
    pub budgets: Budgets,
    /// Where the script lives: its working directory, and all that `fs` can see. Default: the folder of the script.
    pub game_dir: Option<PathBuf>,
    /// Which file of a folder or zip is the script. Default: `main` of package.json, `index.js`, or the only candidate.
    pub launch_path: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            engine: Choice::Auto,
            node: None,
            params: Vec::new(),
            log_level: LogLevel::Info,
            budgets: Budgets::default(),
            game_dir: None,
            launch_path: None,
        }
    }
}

/// What a script may use up. Past a budget it is cut off and reported as crashed.
#[derive(Clone, Copy, Debug)]
pub struct Budgets {
    /// Running time of one callback or timer (time in which it waits for a Promise does not count).
    pub callback: Duration,
    /// Running time of the script's top level.
    pub load: Duration,
    /// Bytes of JavaScript memory.
    pub memory: usize,
    /// Bytes of stack: deeper recursion is a `RangeError` in the script.
    pub stack: usize,
    /// For how long the embedded engine runs before it lets the event loop do other work.
    pub slice: Duration,
    /// Bytes of messages that may wait for a script that does not take them.
    pub backlog: usize,
}

impl Default for Budgets {
    fn default() -> Self {
        Self {
            callback: Duration::from_secs(5),
            load: Duration::from_secs(10),
            memory: 256 << 20,
            stack: 1 << 20,
            slice: Duration::from_millis(1),
            backlog: 64 << 20,
        }
    }
}
