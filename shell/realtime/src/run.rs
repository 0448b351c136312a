//! A server process from its settings to its exit code: one thread, one event loop, every slot on it.

use std::cell::RefCell;
use std::rc::Rc;

use ids::Mint;
use tokio::runtime::Builder;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::{JoinSet, LocalSet};

use crate::clock::Clock;
use crate::driver::{Driver, Finished};
use crate::metrics::{self, Registry};
use crate::{Error, Event, Settings, Shutdown, Wish};

/// How a server process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exit {
    /// For the operating system: the worst of the slots.
    pub code: i32,
}

/// Where events go.
#[derive(Clone)]
pub(crate) struct Events(Rc<RefCell<dyn FnMut(Event)>>);

impl Events {
    pub(crate) fn tell(&self, event: Event) {
        // An event that is told while another is being told would come from the receiver itself.
        if let Ok(mut receiver) = self.0.try_borrow_mut() {
            receiver(event);
        }
    }
}

/// What all slots of a process share: nothing that changes.
pub(crate) struct Shared {
    pub(crate) settings: Settings,
    pub(crate) events: Events,
    pub(crate) clock: Clock,
    pub(crate) registry: Registry,
}

/// Serves until every slot has ended. Blocks the calling thread, which becomes the event loop.
///
/// # Errors
/// When no slot could be started; when only some could not, the exit code says so.
pub fn run(
    settings: Settings,
    shutdown: Shutdown,
    events: impl FnMut(Event) + 'static,
) -> Result<Exit, Error> {
    check(&settings)?;
    raise_file_limit();
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Error::Runtime)?;
    let shared = runtime.block_on(async {
        Rc::new(Shared {
            settings,
            events: Events(Rc::new(RefCell::new(events))),
            clock: Clock::start(),
            registry: Registry::default(),
        })
    });
    let local = LocalSet::new();
    let exit = runtime.block_on(local.run_until(run_slots(shared, shutdown)));
    // Tasks that nobody waits for (lingering connections, the metrics port) end with the loop.
    drop(local);
    runtime.shutdown_background();
    exit
}

/// Every player is an open file: take as many as the system grants. A refusal only means that the limit stays as it is.
fn raise_file_limit() {
    use nix::sys::resource::{Resource, getrlimit, setrlimit};
    if let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_NOFILE)
        && soft < hard
    {
        let _ = setrlimit(Resource::RLIMIT_NOFILE, hard, hard);
    }
}

fn check(settings: &Settings) -> Result<(), Error> {
    match settings.slots.len() {
        0 => Err(Error::NoSlot),
        2.. if settings.advertised_udp_port.is_some() => Err(Error::AdvertisedPort),
        _ => Ok(()),
    }
}

async fn run_slots(shared: Rc<Shared>, shutdown: Shutdown) -> Result<Exit, Error> {
    if let Some(port) = shared.settings.metrics_port {
        metrics::serve(&shared, port)?;
    }
    let shutdown = heed_signals(shutdown)?;
    let mut slots = JoinSet::new();
    for index in 0..shared.settings.slots.len() {
        let driver = Driver::start(Rc::clone(&shared), index, fresh_mint(), shutdown.clone());
        slots.spawn_local(driver);
    }
    let mut code = 0;
    let mut failed = None;
    let mut ended = false;
    while let Some(outcome) = slots.join_next().await {
        match outcome {
            Ok(Ok(Finished { exit_code })) => {
                ended = true;
                code = code.max(exit_code);
            }
            Ok(Err(error)) => {
                code = code.max(1);
                failed.get_or_insert(error);
            }
            Err(panic) => std::panic::resume_unwind(panic.into_panic()),
        }
    }
    match failed {
        Some(error) if !ended => Err(error),
        _ => Ok(Exit { code }),
    }
}

/// Turns SIGTERM and SIGINT into wishes, when asked to: the first asks, the second insists.
fn heed_signals(shutdown: Shutdown) -> Result<Shutdown, Error> {
    if !shutdown.signals {
        return Ok(shutdown);
    }
    let mut terminate = signal(SignalKind::terminate()).map_err(Error::Runtime)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(Error::Runtime)?;
    let (trigger, heeded) = Shutdown::pair();
    tokio::task::spawn_local(async move {
        for wish in [Wish::Terminate, Wish::Kill] {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            match wish {
                Wish::Kill => trigger.kill(),
                Wish::Terminate | Wish::Run => trigger.terminate(),
            }
        }
    });
    Ok(heeded)
}

/// A source of ids and tokens that nobody can guess.
fn fresh_mint() -> Mint {
    use std::io::Read;
    let mut bytes = [0; 32];
    std::fs::File::open("/dev/urandom")
        .and_then(|mut file| file.read_exact(&mut bytes))
        .expect("Linux has /dev/urandom");
    let mut seed = [0; 4];
    for (number, part) in seed.iter_mut().zip(bytes.chunks_exact(8)) {
        *number = u64::from_le_bytes(part.try_into().expect("chunks of eight"));
    }
    Mint::new(seed)
}
