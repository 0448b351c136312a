//! The wish that a server process ends: from a signal or from the program that embeds it.

use tokio::sync::watch;

/// How urgent the wish is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wish {
    /// Go on.
    #[default]
    Run,
    /// Let the script end in its own time (realtime.md 3.7).
    Terminate,
    /// End now: close the sockets and return.
    Kill,
}

/// The receiving side, handed to [`crate::run`].
#[derive(Clone, Debug)]
pub struct Shutdown {
    wish: watch::Receiver<Wish>,
    /// Whether SIGTERM and SIGINT count as wishes, the second one as [`Wish::Kill`].
    pub(crate) signals: bool,
}

/// The asking side; dropping it asks for nothing.
#[derive(Debug)]
pub struct Trigger(watch::Sender<Wish>);

impl Shutdown {
    /// A pair of asking and receiving side.
    pub fn pair() -> (Trigger, Self) {
        let (sender, wish) = watch::channel(Wish::Run);
        (
            Trigger(sender),
            Self {
                wish,
                signals: false,
            },
        )
    }

    /// The wishes come from SIGTERM and SIGINT.
    pub fn on_signals() -> Self {
        let (_, wish) = watch::channel(Wish::Run);
        Self {
            wish,
            signals: true,
        }
    }

    /// The next wish above `than`. Never returns when nobody can ask any more.
    pub(crate) async fn more_than(&mut self, than: Wish) -> Wish {
        match self.wish.wait_for(|wish| *wish > than).await {
            Ok(wish) => *wish,
            Err(_) => std::future::pending().await,
        }
    }
}

impl Trigger {
    /// Asks the process to end in the script's own time.
    pub fn terminate(&self) {
        self.raise(Wish::Terminate);
    }

    /// Asks the process to end now.
    pub fn kill(&self) {
        self.raise(Wish::Kill);
    }

    fn raise(&self, to: Wish) {
        self.0.send_if_modified(|wish| {
            let more = to > *wish;
            if more {
                *wish = to;
            }
            more
        });
    }
}
