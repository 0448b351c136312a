//! Who follows which log. A follower that does not keep up misses lines and is told so.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hyper::body::Bytes;
use tokio::sync::mpsc;

/// Pieces that wait for one follower.
const WAITING_MAX: usize = 256;

type Pieces = mpsc::Sender<Bytes>;

/// The followers of all logs, by game session.
#[derive(Clone, Default)]
pub(crate) struct Followers {
    by_session: Arc<Mutex<HashMap<String, Vec<Pieces>>>>,
}

impl Followers {
    /// A new follower of a session's log.
    pub(crate) fn follow(&self, game_session: &str) -> mpsc::Receiver<Bytes> {
        let (sender, receiver) = mpsc::channel(WAITING_MAX);
        self.lock()
            .entry(game_session.to_owned())
            .or_default()
            .push(sender);
        receiver
    }

    /// Hands text to whoever follows.
    pub(crate) fn tell(&self, game_session: &str, text: String) {
        let mut by_session = self.lock();
        let Some(followers) = by_session.get_mut(game_session) else {
            return;
        };
        let piece = Bytes::from(text);
        followers.retain(|follower| {
            !matches!(
                follower.try_send(piece.clone()),
                Err(mpsc::error::TrySendError::Closed(_))
            )
        });
    }

    /// Forgets followers that have hung up; says whether nobody is left.
    pub(crate) fn nobody_left(&self, game_session: &str) -> bool {
        let mut by_session = self.lock();
        let Some(followers) = by_session.get_mut(game_session) else {
            return true;
        };
        followers.retain(|follower| !follower.is_closed());
        let nobody = followers.is_empty();
        if nobody {
            by_session.remove(game_session);
        }
        nobody
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Vec<Pieces>>> {
        // Nothing panics while it is held.
        self.by_session
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn lines_reach_those_who_follow_the_session() {
        let followers = Followers::default();
        let mut one = followers.follow("a");
        let two = followers.follow("a");
        followers.tell("a", "line\n".into());
        followers.tell("b", "other\n".into());
        assert_eq!(one.recv().await.unwrap(), "line\n");
        drop(two);
        assert!(!followers.nobody_left("a"));
        drop(one);
        assert!(followers.nobody_left("a"));
    }
}
