//! How long an embedded script may run: slices, after which it gives the thread back, and budgets, after which it is cut off.

use std::cell::Cell;
use std::time::{Duration, Instant};

use nix::time::{ClockId, clock_gettime};

use crate::raw::{self, Pause};

/// For how long a script that is being cut off may still make its stack trace.
const LAST_WORDS: Duration = Duration::from_millis(20);

/// Why the script may not go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cut {
    /// It used up the budget of a callback or timer.
    Time,
    /// It called `process.exit`.
    Exit,
    /// A crash has been reported.
    Crash,
    /// Its owner has ended it.
    Killed,
}

/// The clock of one script.
pub(super) struct Pace {
    born: Instant,
    slice: Duration,
    /// When the running slice began.
    since: Cell<Instant>,
    /// The thread's running time when it was last looked at, within the running slice. On a loaded machine a script must not
    /// pay for the time that others have.
    ran_until: Cell<Option<Duration>>,
    /// Running time of the job, as far as it was looked at.
    spent: Cell<Duration>,
    budget: Cell<Duration>,
    cut: Cell<Option<Cut>>,
    cut_at: Cell<Instant>,
}

impl Pace {
    pub(super) fn new(slice: Duration, budget: Duration) -> Self {
        let now = Instant::now();
        Self {
            born: now,
            slice,
            since: Cell::new(now),
            ran_until: Cell::new(None),
            spent: Cell::new(Duration::ZERO),
            budget: Cell::new(budget),
            cut: Cell::new(None),
            cut_at: Cell::new(now),
        }
    }

    /// Milliseconds since the script's start.
    pub(super) fn now_ms(&self) -> f64 {
        self.born.elapsed().as_secs_f64() * 1e3
    }

    /// The moment of a time of the script's clock; `None` for never.
    pub(super) fn moment(&self, ms: f64) -> Option<Instant> {
        Duration::try_from_secs_f64(ms / 1e3)
            .ok()
            .and_then(|after| self.born.checked_add(after))
    }

    /// A new job begins, with a budget of its own.
    pub(super) fn job(&self, budget: Duration) {
        self.budget.set(budget);
        self.spent.set(Duration::ZERO);
        self.ran_until.set(None);
        self.since.set(Instant::now());
    }

    pub(super) fn budget(&self) -> Duration {
        self.budget.get()
    }

    pub(super) fn cut(&self) -> Option<Cut> {
        self.cut.get()
    }

    /// The script may not go on. The first reason stays.
    pub(super) fn cut_off(&self, why: Cut) {
        if self.cut.get().is_none() {
            self.cut.set(Some(why));
            self.cut_at.set(Instant::now());
        }
    }

    /// Asked by the engine every few thousand steps: whether to break the script off. Pauses when the slice is over.
    pub(super) fn interrupt(&self) -> bool {
        match self.cut.get() {
            None => {}
            Some(Cut::Time) => return self.cut_at.get().elapsed() > LAST_WORDS,
            Some(Cut::Exit | Cut::Crash | Cut::Killed) => return true,
        }
        let running = running_time();
        if let Some(before) = self.ran_until.replace(Some(running)) {
            self.spent
                .set(self.spent.get() + running.saturating_sub(before));
        }
        if self.spent.get() > self.budget.get() {
            self.cut_off(Cut::Time);
            return true;
        }
        // A script that keeps the thread busy gets shorter slices, so that its neighbours wait less for it.
        let slice = if self.spent.get() > self.slice * 4 {
            self.slice / 4
        } else {
            self.slice
        };
        if self.since.get().elapsed() >= slice {
            self.pause(Pause::Busy);
            self.ran_until.set(Some(running_time()));
            return self.cut.get().is_some();
        }
        false
    }

    /// The same between jobs: only whether the slice is over.
    pub(super) fn rest(&self) {
        if self.since.get().elapsed() >= self.slice {
            self.pause(Pause::Busy);
        }
    }

    /// Nothing to do until a message or a timer comes.
    pub(super) fn idle(&self) {
        self.pause(Pause::Idle);
    }

    fn pause(&self, why: Pause) {
        raw::pause(why);
        self.since.set(Instant::now());
    }
}

/// How long this thread has been running, without the time in which others ran.
fn running_time() -> Duration {
    clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).map_or(Duration::ZERO, Duration::from)
}
