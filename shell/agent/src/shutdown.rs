//! The wish that the agent stops. Its server processes go on and are taken over by the next agent on the same data folder.

use tokio::sync::watch;

/// The receiving side, handed to [`crate::run`].
#[derive(Clone, Debug)]
pub struct Shutdown(watch::Receiver<bool>);

/// The asking side; dropping it asks for nothing.
#[derive(Debug)]
pub struct Trigger(watch::Sender<bool>);

impl Shutdown {
    /// A pair of asking and receiving side.
    pub fn pair() -> (Trigger, Self) {
        let (sender, receiver) = watch::channel(false);
        (Trigger(sender), Self(receiver))
    }

    /// Comes back when the wish is there; never when nobody can wish any more.
    pub(crate) async fn wished(&mut self) {
        if self.0.wait_for(|wish| *wish).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

impl Trigger {
    /// Asks for the end.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}
