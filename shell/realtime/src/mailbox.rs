//! What waits for one player's connection: shared by the slot, which fills it, and the connection's task, which empties it. Both
//! live on one thread. Its size is bounded by the session, which counts every byte until it is flushed.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::task::Waker;

use bytes::Bytes;
use session::CloseCode;

/// What a connection's task has to do next.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Errand {
    /// Write a WebSocket ping.
    Ping,
    /// Write a binary message.
    Message(Bytes),
    /// Everything is written: close.
    Close(CloseCode, &'static str),
    /// Nothing to do.
    Wait,
}

#[derive(Debug, Default)]
pub(crate) struct Mailbox(RefCell<Letters>);

#[derive(Debug, Default)]
struct Letters {
    messages: VecDeque<Bytes>,
    /// One ping is enough, however many were asked for.
    ping: bool,
    close: Option<(CloseCode, &'static str)>,
    aborted: bool,
    waker: Option<Waker>,
}

impl Letters {
    fn wake(&mut self) {
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

impl Mailbox {
    /// Whether the message was taken: none is after a close.
    pub(crate) fn post(&self, message: Bytes) -> bool {
        let mut letters = self.0.borrow_mut();
        if letters.close.is_some() || letters.aborted {
            return false;
        }
        letters.messages.push_back(message);
        letters.wake();
        true
    }

    pub(crate) fn ping(&self) {
        let mut letters = self.0.borrow_mut();
        letters.ping = true;
        letters.wake();
    }

    /// Close once everything before is written. The first order counts.
    pub(crate) fn close(&self, code: CloseCode, reason: &'static str) {
        let mut letters = self.0.borrow_mut();
        if letters.close.is_none() {
            letters.close = Some((code, reason));
            letters.wake();
        }
    }

    pub(crate) fn abort(&self) {
        let mut letters = self.0.borrow_mut();
        letters.aborted = true;
        letters.messages.clear();
        letters.wake();
    }

    pub(crate) fn aborted(&self) -> bool {
        self.0.borrow().aborted
    }

    pub(crate) fn closing(&self) -> bool {
        self.0.borrow().close.is_some()
    }

    /// The next errand; a close comes up again and again.
    pub(crate) fn next(&self) -> Errand {
        let mut letters = self.0.borrow_mut();
        if std::mem::take(&mut letters.ping) {
            return Errand::Ping;
        }
        if let Some(message) = letters.messages.pop_front() {
            return Errand::Message(message);
        }
        match letters.close {
            Some((code, reason)) => Errand::Close(code, reason),
            None => Errand::Wait,
        }
    }

    pub(crate) fn listen(&self, waker: &Waker) {
        let mut letters = self.0.borrow_mut();
        match &mut letters.waker {
            Some(own) => own.clone_from(waker),
            none => *none = Some(waker.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_come_before_the_close_and_none_after() {
        let mailbox = Mailbox::default();
        assert!(mailbox.post(Bytes::from_static(b"a")));
        mailbox.ping();
        mailbox.ping();
        mailbox.close(CloseCode::Normal, "over");
        mailbox.close(CloseCode::Policy, "too late");
        assert!(!mailbox.post(Bytes::from_static(b"b")));
        let errands: Vec<_> = std::iter::repeat_with(|| mailbox.next()).take(4).collect();
        let close = || Errand::Close(CloseCode::Normal, "over");
        assert_eq!(
            errands,
            [
                Errand::Ping,
                Errand::Message(Bytes::from_static(b"a")),
                close(),
                close()
            ]
        );
    }

    #[test]
    fn an_aborted_connection_gets_nothing() {
        let mailbox = Mailbox::default();
        mailbox.post(Bytes::from_static(b"a"));
        mailbox.abort();
        assert!(!mailbox.post(Bytes::from_static(b"b")));
        assert!(mailbox.aborted());
        assert_eq!(mailbox.next(), Errand::Wait);
    }
}
