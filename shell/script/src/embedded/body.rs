//! The embedded engine, seen from inside its fiber: makes the runtime, loads the script, then takes messages, timers and
//! Promise jobs one after another for as long as the script lives.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use rquickjs::context::EvalOptions;
use rquickjs::runtime::RejectionTracker;
use rquickjs::{Context, Ctx, Exception, Function, Object, Persistent, Runtime};
use session::{Ask, LogLevel, ScriptEvent};

use super::calls::Hooks;
use super::pace::Cut;
use super::{Shared, natives};
use crate::loaded::About;
use crate::raw::{self, Job, Metered};
use crate::source::Source;

const SESSION_JS: &str = include_str!("../js/session.js");
const CONSOLE_JS: &str = include_str!("../js/console.js");
const EMBEDDED_JS: &str = include_str!("../js/embedded.js");
/// Memory that a script out of memory gets on top, to say so.
const LAST_MEMORY: usize = 1 << 20;

/// What to run.
pub(super) struct Plan {
    pub(super) source: Rc<Source>,
    pub(super) params: Vec<String>,
    pub(super) log_level: LogLevel,
}

/// The whole life of a script.
pub(super) fn run(shared: &Rc<Shared>, plan: &Plan) {
    if let Err(text) = live(shared, plan) {
        *shared.about.borrow_mut() = Some(Err(text));
    }
}

fn live(shared: &Rc<Shared>, plan: &Plan) -> Result<(), String> {
    // The runtime measures its stack from where it is made: here, on the fiber's own.
    let memory = Metered(Rc::clone(&shared.memory));
    let runtime = Runtime::new_with_alloc(memory).map_err(|error| error.to_string())?;
    runtime.set_max_stack_size(shared.budgets.stack);
    runtime.set_gc_threshold(1 << 20);
    let pace = Rc::clone(shared);
    runtime.set_interrupt_handler(Some(Box::new(move || pace.pace.interrupt())));
    let context = Context::full(&runtime).map_err(|error| error.to_string())?;
    let rejections = Rc::new(Rejections::default());
    runtime.set_host_promise_rejection_tracker(Some(rejections.tracker()));
    context.with(|ctx| {
        let script = match Script::start(&ctx, shared, plan, &rejections) {
            Ok(script) => script,
            Err(error) => return Err(text_of(&ctx, &error)),
        };
        script.load(plan);
        script.serve();
        Ok(())
    })?;
    // What is kept of the script must be gone before its runtime.
    rejections.track.take();
    Ok(())
}

/// Promises that are rejected and that nobody looks after by the end of the job are reported.
#[derive(Default)]
struct Rejections {
    /// The function of embedded.js that remembers them.
    track: RefCell<Option<Persistent<Function<'static>>>>,
    waiting: Cell<bool>,
}

impl Rejections {
    fn tracker(self: &Rc<Self>) -> RejectionTracker {
        let this = Rc::clone(self);
        Box::new(move |ctx, promise, reason, handled| {
            let Some(track) = this.track.borrow().clone() else {
                return;
            };
            let waiting = track
                .restore(&ctx)
                .and_then(|track| track.call::<_, u32>((promise, reason, handled)));
            this.waiting.set(waiting.unwrap_or(0) > 0);
        })
    }
}

/// A running script: the functions of embedded.js that the engine calls.
struct Script<'a, 'js> {
    ctx: &'a Ctx<'js>,
    shared: &'a Rc<Shared>,
    load: Function<'js>,
    due: Function<'js>,
    run_ticks: Function<'js>,
    run_rejections: Function<'js>,
    hooks: Hooks<'js>,
    rejections: Rc<Rejections>,
}

impl<'a, 'js> Script<'a, 'js> {
    fn start(
        ctx: &'a Ctx<'js>,
        shared: &'a Rc<Shared>,
        plan: &Plan,
        rejections: &Rc<Rejections>,
    ) -> rquickjs::Result<Self> {
        let native = natives::make(ctx, shared, plan)?;
        let session: Function<'_> = evaluate(ctx, SESSION_JS, "hoist:session.js")?;
        let console: Function<'_> = evaluate(ctx, CONSOLE_JS, "hoist:console.js")?;
        let surroundings: Function<'_> = evaluate(ctx, EMBEDDED_JS, "hoist:embedded.js")?;
        let made: Object<'_> = surroundings.call((native, session, console))?;
        let track: Function<'_> = made.get("rejection")?;
        *rejections.track.borrow_mut() = Some(Persistent::save(ctx, track));
        Ok(Self {
            ctx,
            shared,
            load: made.get("load")?,
            due: made.get("due")?,
            run_ticks: made.get("runTicks")?,
            run_rejections: made.get("runRejections")?,
            hooks: Hooks::new(&made)?,
            rejections: Rc::clone(rejections),
        })
    }

    fn load(&self, plan: &Plan) {
        let entry = plan.source.entry.to_string_lossy().into_owned();
        let answer = self.load.call::<_, String>((entry,));
        let about = match answer {
            Ok(json) => serde_json::from_str::<About>(&json).map_err(|error| error.to_string()),
            Err(error) => Err(self.lost(&error)),
        };
        if about.is_ok() && !self.is_over() {
            self.settle();
        }
        *self.shared.about.borrow_mut() = Some(about);
    }

    fn is_over(&self) -> bool {
        self.shared.pace.cut().is_some()
    }

    /// Until the script's end.
    fn serve(&self) {
        while !self.is_over() {
            let message = self.shared.inbox.borrow_mut().pop_front();
            let had_message = message.is_some();
            if let Some(message) = message {
                let weight = crate::node::weight(&message);
                self.shared
                    .inbox_bytes
                    .set(self.shared.inbox_bytes.get().saturating_sub(weight));
                self.job(|script| script.hooks.tell(script.ctx, message));
            }
            let now = self.shared.pace.now_ms();
            let is_due = self.shared.wake_at.get() <= now;
            if is_due && !self.is_over() {
                self.job(|script| script.due.call::<_, ()>((now,)));
            }
            if had_message || is_due {
                self.shared.pace.rest();
            } else if !self.is_over() {
                self.shared.pace.idle();
            }
        }
    }

    /// Runs one call into the script, then everything that it set off.
    fn job(&self, call: impl FnOnce(&Self) -> rquickjs::Result<()>) {
        self.shared.pace.job(self.shared.budgets.callback);
        self.shared.memory.denied.set(false);
        match call(self) {
            Ok(()) => self.settle(),
            Err(error) => {
                self.lost(&error);
            }
        }
    }

    /// Next ticks before Promise jobs, until there are none of either; then rejections.
    fn settle(&self) {
        loop {
            if self.shared.ticking.replace(false) {
                if let Err(error) = self.run_ticks.call::<_, ()>(()) {
                    self.lost(&error);
                    return;
                }
                continue;
            }
            match raw::run_job(self.ctx) {
                Job::Ran => {}
                Job::Threw => {
                    self.lost(&rquickjs::Error::Exception);
                }
                Job::None if self.rejections.waiting.replace(false) => {
                    if let Err(error) = self.run_rejections.call::<_, ()>(()) {
                        self.lost(&error);
                    }
                }
                Job::None if self.shared.ticking.get() => {}
                Job::None => return,
            }
            if self.is_over() {
                return;
            }
        }
    }

    /// A call that did not come back in an orderly way: cut off, out of memory, or a mistake of ours.
    fn lost(&self, error: &rquickjs::Error) -> String {
        self.shared
            .memory
            .limit
            .set(self.shared.budgets.memory.saturating_add(LAST_MEMORY));
        let stack = text_of(self.ctx, error);
        let text = match self.shared.pace.cut() {
            Some(Cut::Exit | Cut::Crash | Cut::Killed) => return stack,
            Some(Cut::Time) => {
                let budget = self.shared.pace.budget().as_millis();
                format!(
                    "the script ran for more than {budget} ms without a pause and was cut off\n{stack}"
                )
            }
            None if self.shared.memory.denied.get() => {
                format!("the script is out of memory\n{stack}")
            }
            None => format!("the script cannot go on: {stack}"),
        };
        self.shared
            .end(ScriptEvent::Crashed(text.clone()), Cut::Crash);
        text
    }
}

/// Evaluates one of our own files.
pub(super) fn evaluate<'js>(
    ctx: &Ctx<'js>,
    code: &str,
    name: &str,
) -> rquickjs::Result<Function<'js>> {
    let mut options = EvalOptions::default();
    options.strict = false;
    options.filename = Some(name.to_owned());
    ctx.eval_with_options(code, options)
}

/// An error of a call as text, with the script's stack when it has one.
fn text_of(ctx: &Ctx<'_>, error: &rquickjs::Error) -> String {
    if !error.is_exception() {
        return error.to_string();
    }
    let thrown = ctx.catch();
    let Some(exception) = thrown
        .as_object()
        .and_then(|object| Exception::from_object(object.clone()))
    else {
        return format!("{:?}", thrown.type_of());
    };
    let message = exception.message().unwrap_or_default();
    let stack = exception.stack().unwrap_or_default();
    let own = |line: &&str| !line.contains("hoist:");
    let stack: Vec<_> = stack.lines().filter(own).collect();
    if stack.first().is_some_and(|first| first.contains(&message)) {
        stack.join("\n")
    } else {
        format!("{message}\n{}", stack.join("\n"))
    }
}

/// The script asked to end the process.
pub(super) fn exit(shared: &Shared, code: i32) {
    shared.end(ScriptEvent::Asked(Ask::Exit(code)), Cut::Exit);
}
