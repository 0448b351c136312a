//! What a script told about itself when it was loaded: the same JSON from both engines.

use serde::Deserialize;
use session::Exports;

use crate::source::Source;
use crate::{Kind, Why};

/// What is lacking when a file that does not compile looks like an ES module.
pub(crate) const ES_MODULES: &str = "ES modules (import, export)";
const ES_REMEDY: &str = "it looks like an ES module: write require(..) and exports.ssExports = .. instead of import and \
                         export, or run it with --engine node on Node.js 22 or newer";

/// The answer of `adopt` in session.js, or a failure of the script's top level.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct About {
    /// `exports` or `init`: what the script lacks.
    pub(crate) problem: Option<String>,
    pub(crate) callbacks: Vec<String>,
    /// Functions of `ssExports` that are no callbacks.
    pub(crate) others: Vec<String>,
    pub(crate) max_players: Option<u32>,
    pub(crate) ping_interval_time: Option<u64>,
    pub(crate) warnings: Vec<String>,
    pub(crate) failure: Option<Failure>,
}

/// An exception of the script's top level.
#[derive(Debug, Deserialize)]
pub(crate) struct Failure {
    /// Of the error.
    pub(crate) name: String,
    /// `MODULE_NOT_FOUND` and the like; "undefined" when it has none.
    pub(crate) code: String,
    /// With stack.
    pub(crate) text: String,
}

/// Something that was required and is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lacking {
    /// As the script spells it.
    pub(crate) module: String,
    /// The file that wants it, as messages show it.
    pub(crate) from: String,
    /// Whether a Node.js engine would have it.
    pub(crate) node_has_it: bool,
}

impl About {
    /// What the session needs to know.
    pub(crate) fn exports(&self) -> Exports {
        Exports {
            callbacks: self.callbacks.iter().cloned().collect(),
            max_players: self.max_players,
            ping_interval_ms: self.ping_interval_time,
            warnings: self.warnings.clone(),
        }
    }

    /// Why this script cannot be used, when it cannot.
    pub(crate) fn why_not(&self, source: &Source, lacking: &[Lacking], kind: Kind) -> Option<Why> {
        let file = source
            .entry
            .file_name()
            .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        if let Some(failure) = &self.failure {
            return Some(failure.why(lacking, kind));
        }
        match self.problem.as_deref() {
            None => None,
            Some("init") => Some(Why::NoInit { file }),
            Some(_) => Some(Why::NoExports { file }),
        }
    }
}

impl Failure {
    fn why(&self, lacking: &[Lacking], kind: Kind) -> Why {
        if let (Some(missed), true) = (lacking.last(), self.code.contains("NOT_FOUND")) {
            return missing_module(missed, &self.text, kind);
        }
        if self.name == "SyntaxError" {
            let text = &self.text;
            return Why::Syntax(match lacking.last() {
                Some(missed) if missed.module == ES_MODULES => format!("{text}\n{ES_REMEDY}"),
                Some(_) | None => text.clone(),
            });
        }
        match (lacking.last(), self.code.as_str()) {
            (Some(missed), "ENOSYS") => missing_module(missed, &self.text, kind),
            _ => Why::Threw(self.text.clone()),
        }
    }
}

fn missing_module(missed: &Lacking, stack: &str, kind: Kind) -> Why {
    let remedy = match (missed.node_has_it, kind) {
        (true, Kind::Embedded) => {
            "the embedded engine lacks it and Node.js has it: install Node.js 18 or newer and run the \
             script with --engine node (or auto), and --node PATH if it is not in PATH"
        }
        (true, Kind::Node) => "this version of Node.js lacks it: use a newer one with --node PATH",
        (false, _) => {
            "check the spelling, and ship the file, or the package in node_modules, with the script"
        }
    };
    Why::MissingModule {
        module: missed.module.clone(),
        from: (!missed.from.is_empty()).then(|| missed.from.clone()),
        remedy: remedy.to_owned(),
        stack: stack.to_owned(),
    }
}
