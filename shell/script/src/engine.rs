//! One interface for both engines, and the choice between them.

use std::path::Path;
use std::rc::Rc;
use std::time::Instant;

use session::{Exports, ScriptEvent, ToScript};

use crate::embedded::{Embedded, Failed, Loaded};
use crate::loaded::{About, Lacking};
use crate::node::{self, NodeChild};
use crate::source::{self, Source};
use crate::{Choice, Kind, LoadError, Options, Why};

/// Loads a script from a file, a folder or a zip, up to the end of its top level. `init` is not called: that is the session's
/// first call. Never blocks the event loop for longer than a slice.
pub async fn load(path: &Path, options: &Options) -> Result<(Engine, Exports), LoadError> {
    match load_all(path, options).await {
        Ok(loaded) => {
            let exports = loaded.exports();
            Ok((loaded.engine, exports))
        }
        Err(failed) => Err(*failed.error),
    }
}

/// The same with all that is known.
pub(crate) async fn load_all(path: &Path, options: &Options) -> Result<Loaded<Engine>, Failed> {
    let source = find_source(path, options)
        .await
        .map_err(|why| Failed::new(why, Vec::new(), Vec::new()))?;
    let source = Rc::new(source);
    match options.engine {
        Choice::Embedded => embedded(source, options).await,
        Choice::Node => in_node(source, options).await,
        Choice::Auto => {
            let first = embedded(Rc::clone(&source), options).await;
            let lacking = match &first {
                Ok(loaded) => &loaded.lacking,
                Err(failed) => &failed.lacking,
            };
            let wants_node = lacking.iter().any(|missed| missed.node_has_it);
            if wants_node && node::find(options.node.as_deref()).is_ok() {
                drop(first);
                in_node(source, options).await
            } else {
                first
            }
        }
    }
}

/// Unpacking a zip takes long enough to hold others up, so another thread does it.
async fn find_source(path: &Path, options: &Options) -> Result<Source, Why> {
    let (path, options) = (path.to_owned(), options.clone());
    let shown = path.clone();
    tokio::task::spawn_blocking(move || source::locate(&path, &options))
        .await
        .unwrap_or_else(|error| {
            Err(Why::Unreadable {
                path: shown,
                reason: error.to_string(),
            })
        })
}

async fn embedded(source: Rc<Source>, options: &Options) -> Result<Loaded<Engine>, Failed> {
    let loaded = Embedded::load(Rc::clone(&source), options).await?;
    Ok(wrap(
        loaded.about,
        loaded.lacking,
        Inner::Embedded(loaded.engine),
        source,
    ))
}

async fn in_node(source: Rc<Source>, options: &Options) -> Result<Loaded<Engine>, Failed> {
    let loaded = NodeChild::load(&source, options).await?;
    Ok(wrap(
        loaded.about,
        loaded.lacking,
        Inner::Node(Box::new(loaded.engine)),
        source,
    ))
}

fn wrap(about: About, lacking: Vec<Lacking>, inner: Inner, source: Rc<Source>) -> Loaded<Engine> {
    Loaded {
        engine: Engine { inner, source },
        about,
        lacking,
    }
}

/// A loaded script. Not `Send`: it lives on the event loop of its slot. Dropping it ends it (a Node.js child is killed).
pub struct Engine {
    inner: Inner,
    /// Keeps the unpacked files for as long as the script may read them.
    source: Rc<Source>,
}

enum Inner {
    Embedded(Embedded),
    Node(Box<NodeChild>),
}

impl Engine {
    /// Which engine it is.
    pub const fn kind(&self) -> Kind {
        match self.inner {
            Inner::Embedded(_) => Kind::Embedded,
            Inner::Node(_) => Kind::Node,
        }
    }

    /// The file that runs.
    pub fn entry(&self) -> &Path {
        &self.source.entry
    }

    /// The folder that it runs in.
    pub(crate) fn root(&self) -> &Path {
        &self.source.game_dir
    }

    /// Queues a message; it is taken by the next [`Engine::run`] or [`Engine::next`]. Never blocks.
    pub fn send(&mut self, message: ToScript) {
        match &mut self.inner {
            Inner::Embedded(engine) => engine.send(message),
            Inner::Node(engine) => engine.send(&message),
        }
    }

    /// Runs for one slice at most (about 1 ms), without waiting, and appends what happened. True when there is more to do at once.
    /// Good right after [`Engine::send`]: short gates answer here. [`Engine::next`] does the same and waits.
    pub fn run(&mut self, events: &mut Vec<ScriptEvent>) -> bool {
        match &mut self.inner {
            Inner::Embedded(engine) => engine.run(events),
            Inner::Node(engine) => engine.run(events),
        }
    }

    /// When a timer of the script is due; [`Engine::next`] sees to it by itself. `None` when there is none, or when the engine
    /// keeps its own time.
    pub fn deadline(&self) -> Option<Instant> {
        match &self.inner {
            Inner::Embedded(engine) => engine.deadline(),
            Inner::Node(_) => None,
        }
    }

    /// Waits until the script has something to say and appends it (at least one event), running the script slice by slice and
    /// yielding to the event loop between slices. Cancel-safe: meant for `select!`; nothing is lost when it is dropped. After
    /// `Asked(Exit)` or `Crashed` nothing more comes and it waits for ever.
    pub async fn next(&mut self, events: &mut Vec<ScriptEvent>) {
        match &mut self.inner {
            Inner::Embedded(engine) => engine.next(events).await,
            Inner::Node(engine) => engine.next(events).await,
        }
    }

    /// Ends the script at once, whatever it is doing. The same as dropping it.
    pub fn end(self) {}
}
