//! The one writer: takes what waits, runs it on the world, commits what changed, **then** answers, **then** runs the effects.
//! Memory is never ahead of disk in anything that a caller has seen; a failed commit ends the process with nothing answered.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ids::{Mint, Time};
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};
use tracing::{error, info};
use world::{Effect, World};

use crate::StoreError;
use crate::clock;
use crate::files::random_bits;
use crate::store::{RowChange, Store};

/// Without anything to do the loop looks at the clock this often, so a clock that was set forward is noticed.
const IDLE_MAX: Duration = Duration::from_secs(5);
/// Answers between two feedings of the id source with fresh random bits.
const FEED_EVERY: u32 = 1024;

type Answer = Box<dyn FnOnce() + Send>;
type Run = Box<dyn FnOnce(&mut World, Time, &mut Mint) -> Answer + Send>;

/// The way to the writer.
#[derive(Clone)]
pub(crate) struct Writer {
    inbox: mpsc::Sender<Run>,
}

/// Why a question was not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unanswered {
    /// Too many wait already.
    Busy,
    /// The writer has ended; whether the question was heard nobody knows.
    Gone,
}

impl Writer {
    /// A way to a writer that does not run yet, and the writer's own end of it.
    pub(crate) fn channel(calls_waiting_max: usize) -> (Self, Inbox) {
        let (inbox, waiting) = mpsc::channel(calls_waiting_max);
        (Self { inbox }, Inbox(waiting))
    }

    /// How many wait.
    pub(crate) fn waiting(&self) -> usize {
        self.inbox.max_capacity() - self.inbox.capacity()
    }

    /// Asks, unless too many wait; the answer comes when what it says is on disk.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        run: impl FnOnce(&mut World, Time, &mut Mint) -> T + Send + 'static,
    ) -> Result<T, Unanswered> {
        let (run, answered) = with_reply(run);
        self.inbox.try_send(run).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => Unanswered::Busy,
            mpsc::error::TrySendError::Closed(_) => Unanswered::Gone,
        })?;
        answered.await.map_err(|_| Unanswered::Gone)
    }

    /// Asks and waits for as long as it takes, for those who cannot be told to try again.
    pub(crate) async fn ask_patiently<T: Send + 'static>(
        &self,
        run: impl FnOnce(&mut World, Time, &mut Mint) -> T + Send + 'static,
    ) -> Result<T, Unanswered> {
        let (run, answered) = with_reply(run);
        self.inbox.send(run).await.map_err(|_| Unanswered::Gone)?;
        answered.await.map_err(|_| Unanswered::Gone)
    }

    /// Has something run; `answer` gets what comes out when that is on disk. Keeps the order of one caller's tells.
    pub(crate) async fn tell<T: Send + 'static>(
        &self,
        run: impl FnOnce(&mut World, Time, &mut Mint) -> T + Send + 'static,
        answer: impl FnOnce(T) + Send + 'static,
    ) -> Result<(), Unanswered> {
        let run: Run = Box::new(move |world, now, mint| {
            let outcome = run(world, now, mint);
            Box::new(move || answer(outcome))
        });
        self.inbox.send(run).await.map_err(|_| Unanswered::Gone)
    }
}

fn with_reply<T: Send + 'static>(
    run: impl FnOnce(&mut World, Time, &mut Mint) -> T + Send + 'static,
) -> (Run, oneshot::Receiver<T>) {
    let (reply, answered) = oneshot::channel();
    let run: Run = Box::new(move |world, now, mint| {
        let outcome = run(world, now, mint);
        // Whoever asked may have hung up; what was done stays done.
        Box::new(move || drop(reply.send(outcome)))
    });
    (run, answered)
}

/// The writer's end of the way to it.
pub(crate) struct Inbox(mpsc::Receiver<Run>);

/// What the writer owns.
pub(crate) struct Parts {
    pub(crate) world: World,
    pub(crate) store: Box<dyn Store>,
    pub(crate) effects: Box<dyn FnMut(Effect) + Send>,
    pub(crate) calls_per_commit_max: usize,
    /// Set by who wants the end; the next call that comes wakes the writer.
    pub(crate) stop: Arc<AtomicBool>,
}

/// Runs until it is told to stop or every [`Writer`] is gone. Blocks its thread; `handle` only lends it a timer.
pub(crate) fn run(mut parts: Parts, mut inbox: Inbox, handle: &Handle) -> Result<(), StoreError> {
    let mut mint = Mint::new(fresh_bits());
    let mut now = clock::now();
    let mut answers_since_feed = 0;
    let mut waiting: Vec<Run> = Vec::new();
    loop {
        let wait = parts.world.poll_timeout().map_or(IDLE_MAX, |due| {
            clock::until(due, clock::now()).min(IDLE_MAX)
        });
        let received = handle.block_on(async {
            let most = parts.calls_per_commit_max;
            tokio::time::timeout(wait, inbox.0.recv_many(&mut waiting, most)).await
        });
        now = now.max(clock::now());
        answers_since_feed += 1;
        if answers_since_feed >= FEED_EVERY {
            answers_since_feed = 0;
            mint.feed(fresh_bits());
        }
        turn(&mut parts, &mut waiting, now, &mut mint)?;
        if received == Ok(0) || parts.stop.load(Ordering::Acquire) {
            info!("control has stopped");
            return Ok(());
        }
    }
}

fn turn(
    parts: &mut Parts,
    waiting: &mut Vec<Run>,
    now: Time,
    mint: &mut Mint,
) -> Result<(), StoreError> {
    let answers: Vec<Answer> = waiting
        .drain(..)
        .map(|run| run(&mut parts.world, now, mint))
        .collect();
    if parts.world.poll_timeout().is_some_and(|due| due <= now) {
        parts.world.handle_timeout(now, mint);
    }
    let batch = parts.world.take();
    let changes: Vec<RowChange> = batch
        .changes
        .into_iter()
        .map(|change| RowChange {
            table: change.table,
            key: change.key,
            json: change.row,
        })
        .collect();
    if let Err(failure) = parts.store.commit(&changes) {
        error!(%failure, changes = changes.len(), "rows could not be written, control ends");
        return Err(failure);
    }
    for answer in answers {
        answer();
    }
    for effect in batch.effects {
        (parts.effects)(effect);
    }
    Ok(())
}

fn fresh_bits() -> [u64; 4] {
    random_bits().expect("/dev/urandom is there on every system that this program runs on")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Row;
    use std::sync::Mutex;

    /// A store that fails from a commit on, as on a full disk.
    struct Failing {
        commits_left: u32,
        log: Arc<Mutex<Vec<&'static str>>>,
    }

    impl Store for Failing {
        fn rows(&mut self) -> Result<Vec<Row>, StoreError> {
            Ok(Vec::new())
        }

        fn commit(&mut self, _: &[RowChange]) -> Result<(), StoreError> {
            self.log.lock().unwrap().push("commit");
            self.commits_left = self.commits_left.checked_sub(1).ok_or(StoreError::Full)?;
            Ok(())
        }
    }

    fn parts(commits_left: u32, log: &Arc<Mutex<Vec<&'static str>>>) -> Parts {
        Parts {
            world: World::new(world::Settings::new(
                "us-east-1",
                "000000000000",
                "127.0.0.1:1",
            )),
            store: Box::new(Failing {
                commits_left,
                log: Arc::clone(log),
            }),
            effects: Box::new(|_| ()),
            calls_per_commit_max: 10,
            stop: Arc::new(AtomicBool::new(false)),
        }
    }

    #[tokio::test]
    async fn nothing_is_answered_that_is_not_on_disk() {
        let log = Arc::new(Mutex::new(Vec::new()));
        let (writer, inbox) = Writer::channel(10);
        let (parts, handle) = (parts(1, &log), Handle::current());
        let thread = std::thread::spawn(move || run(parts, inbox, &handle));
        let (heard, hearing) = oneshot::channel();
        let answered = Arc::clone(&log);
        let answer = move |()| {
            answered.lock().unwrap().push("answer");
            let _ = heard.send(());
        };
        writer.tell(|_, _, _| (), answer).await.unwrap();
        hearing.await.unwrap();
        // The second commit fails: whoever asked hears that nobody knows, and the writer says why it ended.
        assert_eq!(
            writer.ask_patiently(|_, _, _| 1).await,
            Err(Unanswered::Gone)
        );
        assert!(matches!(thread.join().unwrap(), Err(StoreError::Full)));
        assert_eq!(*log.lock().unwrap(), ["commit", "answer", "commit"]);
        assert_eq!(writer.ask(|_, _, _| 1).await, Err(Unanswered::Gone));
    }

    #[tokio::test]
    async fn more_calls_than_may_wait_are_refused_at_once() {
        let (writer, _inbox) = Writer::channel(1);
        writer.tell(|_, _, _| (), drop).await.unwrap();
        assert_eq!(writer.waiting(), 1);
        assert_eq!(writer.ask(|_, _, _| 1).await, Err(Unanswered::Busy));
    }
}
