//! Why a script could not be loaded, in words that say what to do next.

use std::path::PathBuf;

use session::LogLine;

/// A script that could not be loaded, with whatever it had logged until then.
#[derive(Debug, thiserror::Error)]
#[error("{why}")]
pub struct LoadError {
    /// What is wrong.
    #[source]
    pub why: Why,
    /// Lines that the script wrote before it failed.
    pub log: Vec<LogLine>,
}

/// What is wrong with a script.
#[derive(Debug, thiserror::Error)]
pub enum Why {
    /// Nothing there, or unreadable.
    #[error("cannot read {path}: {reason}")]
    Unreadable {
        /// What was asked for.
        path: PathBuf,
        /// The system's words.
        reason: String,
    },
    /// A folder or zip in which it is not clear what to run.
    #[error("no script found in {path}: {remedy}")]
    NoScript {
        /// Where it was looked for.
        path: PathBuf,
        /// What to do.
        remedy: String,
    },
    /// A zip that is refused.
    #[error("the archive is refused: {0}")]
    Archive(String),
    /// A syntax error; the text has file and line.
    #[error("the script has a syntax error: {0}")]
    Syntax(String),
    /// `require` of something that is not there.
    #[error("cannot find module '{module}'{}: {remedy}\n{stack}", from.as_ref().map(|from| format!(" required by {from}")).unwrap_or_default())]
    MissingModule {
        /// As the script spells it.
        module: String,
        /// The file that requires it.
        from: Option<String>,
        /// What to do.
        remedy: String,
        /// Where it was required.
        stack: String,
    },
    /// The module was loaded but does not export `ssExports`.
    #[error(
        "{file} does not export ssExports: end it with `exports.ssExports = {{ init: init, ... }};`"
    )]
    NoExports {
        /// The script.
        file: String,
    },
    /// `ssExports` has no function `init`.
    #[error(
        "ssExports of {file} has no function init: it is the one callback that every script must have"
    )]
    NoInit {
        /// The script.
        file: String,
    },
    /// The top level threw; the text has the stack.
    #[error("the script failed while it was loaded: {0}")]
    Threw(String),
    /// The top level called `process.exit`.
    #[error("the script called process.exit({0}) while it was loaded")]
    Exited(i32),
    /// The top level used up a budget, or the engine was lost.
    #[error("the script was cut off while it was loaded: {0}")]
    CutOff(String),
    /// Node.js is wanted and cannot be used.
    #[error("{0}")]
    NoNode(String),
}
