//! Where messages to links wait. A link that does not keep up is cut off, so nobody waits for it; it connects anew and is told
//! again what counts.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc;
use tracing::warn;
use world::LinkId;

/// What a link is told to do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outgoing {
    /// Send this.
    Text(String),
    /// Close with this code, after what was sent before.
    Close(u16),
}

/// Every link's outbox.
#[derive(Clone)]
pub(crate) struct Hub {
    outboxes: Arc<Mutex<HashMap<u64, mpsc::Sender<Outgoing>>>>,
    next: Arc<AtomicU64>,
    outbox_max: usize,
}

impl Hub {
    pub(crate) fn new(outbox_max: usize) -> Self {
        Self {
            outboxes: Arc::default(),
            next: Arc::new(AtomicU64::new(1)),
            outbox_max,
        }
    }

    /// A new link. When the receiver ends, the link is to be cut off.
    pub(crate) fn open(&self) -> (LinkId, mpsc::Receiver<Outgoing>) {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let (outbox, to_send) = mpsc::channel(self.outbox_max);
        self.lock().insert(id, outbox);
        (LinkId(id), to_send)
    }

    /// Sends to a link; one that is gone is sent nothing.
    pub(crate) fn send(&self, link: LinkId, outgoing: Outgoing) {
        let mut outboxes = self.lock();
        let Some(outbox) = outboxes.get(&link.0) else {
            return;
        };
        if let Err(mpsc::error::TrySendError::Full(_)) = outbox.try_send(outgoing) {
            warn!(link = link.0, "a link does not keep up and is cut off");
            outboxes.remove(&link.0);
        }
    }

    /// Forgets a link.
    pub(crate) fn close(&self, link: LinkId) {
        self.lock().remove(&link.0);
    }

    /// Sends to every link.
    pub(crate) fn close_all(&self, code: u16) {
        for outbox in self.lock().values() {
            // A full one is cut off with the process.
            let _ = outbox.try_send(Outgoing::Close(code));
        }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.lock().len()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<u64, mpsc::Sender<Outgoing>>> {
        // Nothing panics while it is held; and a map of senders is whole between any two statements.
        self.outboxes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_that_does_not_keep_up_is_cut_off() {
        let hub = Hub::new(2);
        let (link, mut to_send) = hub.open();
        let (other, _kept) = hub.open();
        for number in 0..3 {
            hub.send(link, Outgoing::Text(number.to_string()));
        }
        assert_eq!(to_send.try_recv().unwrap(), Outgoing::Text("0".into()));
        assert_eq!(to_send.try_recv().unwrap(), Outgoing::Text("1".into()));
        assert_eq!(
            to_send.try_recv(),
            Err(mpsc::error::TryRecvError::Disconnected)
        );
        assert_eq!(hub.len(), 1);
        hub.close(other);
        assert_eq!(hub.len(), 0);
    }
}
