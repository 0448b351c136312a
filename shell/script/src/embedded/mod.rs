//! The embedded engine, seen from outside: a fiber with a script in it, an inbox and an outbox.

mod body;
mod calls;
mod codec;
mod files;
mod natives;
mod pace;

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Instant;

use session::{Exports, LogLine, ScriptEvent, ToScript};

use crate::loaded::{About, Lacking};
use crate::raw::{Fiber, Meter, Pause};
use crate::source::Source;
use crate::{Budgets, Kind, LoadError, Options, Why};
pub(crate) use calls::{game_session_json, hook_number};
pub(crate) use natives::{has_core, is_node_only, log_level};
use pace::{Cut, Pace};

/// Stack below the script's own, for what QuickJS and we do without asking whether there is room.
const STACK_RESERVE: usize = 512 << 10;
/// How often a script that is being ended may ask for time before its stack is given up.
const LAST_SLICES: usize = 10_000;

/// What the two sides of the fiber share.
struct Shared {
    inbox: RefCell<VecDeque<ToScript>>,
    inbox_bytes: Cell<usize>,
    outbox: RefCell<Vec<ScriptEvent>>,
    pace: Pace,
    memory: Rc<Meter>,
    /// When the next timer is due, on the script's clock.
    wake_at: Cell<f64>,
    /// Whether `process.nextTick` has been called since the ticks ran.
    ticking: Cell<bool>,
    lacking: RefCell<Vec<Lacking>>,
    /// What loading came to.
    about: RefCell<Option<Result<About, String>>>,
    budgets: Budgets,
}

impl Shared {
    /// Nothing comes after the script's end.
    fn emit(&self, event: ScriptEvent) {
        if self.pace.cut().is_none() {
            self.outbox.borrow_mut().push(event);
        }
    }

    /// The last thing that a script says.
    fn end(&self, last: ScriptEvent, why: Cut) {
        if matches!(self.pace.cut(), None | Some(Cut::Time)) {
            self.outbox.borrow_mut().push(last);
            self.pace.cut_off(why);
        }
    }
}

/// A script in this process.
pub(crate) struct Embedded {
    fiber: Fiber,
    shared: Rc<Shared>,
    /// What the fiber said when it last gave the thread back; `None` when it has ended.
    state: Option<Pause>,
}

/// A loaded script, and what more is known about it than the session needs.
pub(crate) struct Loaded<E> {
    pub(crate) engine: E,
    pub(crate) about: About,
    pub(crate) lacking: Vec<Lacking>,
}

impl<E> Loaded<E> {
    pub(crate) fn exports(&self) -> Exports {
        self.about.exports()
    }
}

/// Why loading failed, and what was lacking.
pub(crate) struct Failed {
    pub(crate) error: Box<LoadError>,
    pub(crate) lacking: Vec<Lacking>,
}

impl Failed {
    pub(crate) fn new(why: Why, log: Vec<LogLine>, lacking: Vec<Lacking>) -> Self {
        Self {
            error: Box::new(LoadError { why, log }),
            lacking,
        }
    }
}

impl Embedded {
    pub(crate) async fn load(
        source: Rc<Source>,
        options: &Options,
    ) -> Result<Loaded<Self>, Failed> {
        let budgets = options.budgets;
        let shared = Rc::new(Shared {
            inbox: RefCell::default(),
            inbox_bytes: Cell::new(0),
            outbox: RefCell::default(),
            pace: Pace::new(budgets.slice, budgets.load),
            memory: Meter::new(budgets.memory),
            wake_at: Cell::new(f64::INFINITY),
            ticking: Cell::new(false),
            lacking: RefCell::default(),
            about: RefCell::new(None),
            budgets,
        });
        let plan = body::Plan {
            source: Rc::clone(&source),
            params: options.params.clone(),
            log_level: options.log_level,
        };
        let inner = Rc::clone(&shared);
        let fiber = Fiber::new(budgets.stack + STACK_RESERVE, move || {
            body::run(&inner, &plan)
        })
        .map_err(|error| {
            Failed::new(
                Why::CutOff(format!("no memory for its stack: {error}")),
                Vec::new(),
                Vec::new(),
            )
        })?;
        let mut engine = Self {
            fiber,
            shared,
            state: Some(Pause::Busy),
        };
        let about = loop {
            engine.slice();
            if let Some(about) = engine.shared.about.borrow_mut().take() {
                break about;
            }
            if engine.state.is_none() {
                break Err("the engine ended".to_owned());
            }
            tokio::task::yield_now().await;
        };
        engine.judge(&source, about)
    }

    fn judge(self, source: &Source, about: Result<About, String>) -> Result<Loaded<Self>, Failed> {
        let lacking = self.shared.lacking.borrow().clone();
        let crashed = self
            .shared
            .outbox
            .borrow()
            .iter()
            .find_map(|event| match event {
                ScriptEvent::Crashed(text) => Some(Why::CutOff(text.clone())),
                ScriptEvent::Asked(session::Ask::Exit(code)) => Some(Why::Exited(*code)),
                ScriptEvent::Asked(_) | ScriptEvent::Returned(..) | ScriptEvent::Log(_) => None,
            });
        let why = match (crashed, &about) {
            (Some(why), _) => Some(why),
            (None, Err(text)) => Some(Why::CutOff(text.clone())),
            (None, Ok(about)) => about.why_not(source, &lacking, Kind::Embedded),
        };
        match (why, about) {
            (None, Ok(about)) => Ok(Loaded {
                engine: self,
                about,
                lacking,
            }),
            (Some(why), _) => {
                let log = logged(&self.shared.outbox.borrow());
                Err(Failed::new(why, log, lacking))
            }
            (None, Err(text)) => Err(Failed::new(Why::CutOff(text), Vec::new(), lacking)),
        }
    }

    pub(crate) fn send(&self, message: ToScript) {
        let shared = &self.shared;
        shared
            .inbox_bytes
            .set(shared.inbox_bytes.get() + crate::node::weight(&message));
        shared.inbox.borrow_mut().push_back(message);
        if shared.inbox_bytes.get() > shared.budgets.backlog {
            let text = format!(
                "the script does not keep up: more than {} bytes of messages wait for it",
                shared.budgets.backlog
            );
            shared.end(ScriptEvent::Crashed(text), Cut::Crash);
        }
    }

    /// One slice; true when there is more to do at once.
    pub(crate) fn run(&mut self, events: &mut Vec<ScriptEvent>) -> bool {
        if self.has_work() {
            self.slice();
        }
        events.append(&mut self.shared.outbox.borrow_mut());
        self.has_work()
    }

    /// Runs slice by slice until there is something to say.
    pub(crate) async fn next(&mut self, events: &mut Vec<ScriptEvent>) {
        loop {
            let busy = self.run(events);
            if !events.is_empty() {
                return;
            }
            if busy {
                // The first time sockets are looked at, the second time all that came of it is through: a message of another
                // slot passes several tasks, and must not wait for a slice between two of them.
                tokio::task::yield_now().await;
                tokio::task::yield_now().await;
            } else {
                match self.deadline() {
                    Some(due) if self.state.is_some() => tokio::time::sleep_until(due.into()).await,
                    Some(_) | None => std::future::pending().await,
                }
            }
        }
    }

    /// When the script wants to run next without being told anything.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.shared.pace.moment(self.shared.wake_at.get())
    }

    fn has_work(&self) -> bool {
        match self.state {
            None => false,
            Some(Pause::Busy) => true,
            Some(Pause::Idle) => {
                self.shared.pace.cut().is_some()
                    || !self.shared.inbox.borrow().is_empty()
                    || self.shared.wake_at.get() <= self.shared.pace.now_ms()
            }
        }
    }

    fn slice(&mut self) {
        self.state = self.fiber.resume();
    }
}

impl Drop for Embedded {
    fn drop(&mut self) {
        self.shared.pace.cut_off(Cut::Killed);
        // Every resume makes the script leave one native call; its frames are freed as it goes.
        for _ in 0..LAST_SLICES {
            if self.fiber.is_done() || self.fiber.resume().is_none() {
                break;
            }
        }
    }
}

/// The log lines among events.
pub(crate) fn logged(events: &[ScriptEvent]) -> Vec<LogLine> {
    events
        .iter()
        .filter_map(|event| match event {
            ScriptEvent::Log(line) => Some(line.clone()),
            ScriptEvent::Asked(_) | ScriptEvent::Returned(..) | ScriptEvent::Crashed(_) => None,
        })
        .collect()
}
