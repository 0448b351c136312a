//! One interface for both engines.

use std::path::Path;

use session::{Exports, ScriptEvent, ToScript};

use crate::{Kind, LoadError, Options, Why};

/// Loads a script from a file, a folder or a zip, up to the end of its top level. `init` is not called: that is the session's
/// first call. Never blocks the event loop for longer than a slice.
pub async fn load(path: &Path, options: &Options) -> Result<(Engine, Exports), LoadError> {
    let _ = options;
    Err(LoadError {
        why: Why::Unreadable {
            path: path.to_owned(),
            reason: "being written".to_owned(),
        },
        log: Vec::new(),
    })
}

/// A loaded script. Not `Send`: it lives on the event loop of its slot. Dropping it ends it (a Node.js child is killed).
pub struct Engine {
    kind: Kind,
}

impl Engine {
    /// Which engine it is.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// Queues a message; it is taken by the next [`Engine::run`] or [`Engine::next`]. Never blocks.
    pub fn send(&mut self, message: ToScript) {
        let _ = message;
    }

    /// Runs for one slice at most (about 1 ms), without waiting, and appends what happened. True when there is more to do at once.
    /// Good right after [`Engine::send`]: short gates answer here. [`Engine::next`] does the same and waits.
    pub fn run(&mut self, events: &mut Vec<ScriptEvent>) -> bool {
        let _ = events;
        false
    }

    /// Waits until the script has something to say and appends it (at least one event), running the script slice by slice and
    /// yielding to the event loop between slices. Cancel-safe: meant for `select!`; nothing is lost when it is dropped. After
    /// `Asked(Exit)` or `Crashed` nothing more comes and it waits for ever.
    pub async fn next(&mut self, events: &mut Vec<ScriptEvent>) {
        let _ = events;
        std::future::pending().await
    }

    /// Ends the script at once, whatever it is doing. The same as dropping it.
    pub fn end(self) {}
}
