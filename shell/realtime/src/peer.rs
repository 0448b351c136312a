//! One player's WebSocket as one task: reads a bounded number of messages into the session, writes what has queued and flushes
//! once. Reading never waits for writing. A close ends in bounded time, whatever the other side does.

use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_util::{Sink, Stream};
use ids::Time;
use session::{CloseCode, ConnId, Input, Refusal};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::error::{Error as WsError, ProtocolError};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::Message;

use crate::mailbox::{Errand, Mailbox};
use crate::meter::Meter;
use crate::slot::Slot;

/// Bytes that go into one flush.
const BATCH_BYTES: usize = 64 * 1024;

/// How far a connection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Open,
    /// Our close frame is in the buffer; nothing may be written after it.
    Closing,
    /// The other side has closed; its frame is being echoed.
    Closed,
    Gone,
}

pub(crate) struct Peer<S> {
    id: ConnId,
    slot: Rc<Slot>,
    mailbox: Rc<Mailbox>,
    socket: WebSocketStream<Meter<S>>,
    phase: Phase,
    /// The reading side broke a rule: its bytes are thrown away.
    deaf: bool,
    /// Bytes thrown away so far.
    wasted: usize,
    /// Message bytes that are in the socket's buffer and not yet with the operating system.
    unflushed: usize,
    /// Something, perhaps only a control frame, is to be flushed.
    dirty: bool,
    /// Set when closing begins.
    deadline: Option<Pin<Box<tokio::time::Sleep>>>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Peer<S> {
    pub(crate) fn new(
        id: ConnId,
        slot: Rc<Slot>,
        mailbox: Rc<Mailbox>,
        socket: WebSocketStream<Meter<S>>,
    ) -> Self {
        Self {
            id,
            slot,
            mailbox,
            socket,
            phase: Phase::Open,
            deaf: false,
            wasted: 0,
            unflushed: 0,
            dirty: false,
            deadline: None,
        }
    }

    /// Serves the connection until it is gone.
    pub(crate) async fn run(mut self) {
        std::future::poll_fn(|cx| self.poll(cx)).await;
        self.count_traffic();
        let now = self.slot.clock.now();
        self.slot.forget(self.id, now);
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let now = self.slot.clock.now();
        self.read(cx, now);
        self.write(cx, now);
        self.count_traffic();
        // Listened to only now: what this turn posted to its own mailbox is written already.
        self.mailbox.listen(cx.waker());
        if self.phase == Phase::Gone || self.mailbox.aborted() {
            return Poll::Ready(());
        }
        if self.deadline.is_none() && (self.phase != Phase::Open || self.mailbox.closing()) {
            let wait = Duration::from_millis(self.slot.limits.close_timeout_ms);
            self.deadline = Some(Box::pin(tokio::time::sleep(wait)));
        }
        match &mut self.deadline {
            Some(deadline) => deadline.as_mut().poll(cx),
            None => Poll::Pending,
        }
    }

    fn count_traffic(&mut self) -> u64 {
        let (read, written) = self.socket.get_mut().take();
        self.slot.count_tcp(read, written);
        read
    }

    fn read(&mut self, cx: &mut Context<'_>, now: Time) {
        let mut heard = false;
        for _ in 0..self.slot.limits.messages_per_turn {
            if self.phase == Phase::Gone {
                return;
            }
            if self.deaf {
                if self.waste(cx).is_pending() {
                    return;
                }
                continue;
            }
            let Poll::Ready(message) = Pin::new(&mut self.socket).poll_next(cx) else {
                // Bytes without a whole message are a sign of life, too.
                if self.count_traffic() > 0 && !heard && self.listening() {
                    self.slot.turn(Input::Alive(self.id), now);
                }
                return;
            };
            heard = true;
            match message {
                Some(Ok(message)) => self.take(message, now),
                Some(Err(error)) => self.fail(&error, now),
                None => self.phase = Phase::Gone,
            }
        }
        // There may be more to read: another connection's turn first.
        cx.waker().wake_by_ref();
    }

    /// Whether the session still wants to hear from this connection.
    fn listening(&self) -> bool {
        self.phase == Phase::Open && !self.mailbox.closing() && !self.mailbox.aborted()
    }

    fn take(&mut self, message: Message, now: Time) {
        match message {
            Message::Close(_) => {
                // The echo is in the socket's buffer; the next read flushes it and ends the stream.
                self.dirty = true;
                if self.phase == Phase::Open {
                    self.phase = Phase::Closed;
                }
            }
            _ if !self.listening() => {}
            Message::Binary(bytes) => self.slot.message(self.id, &bytes, now),
            Message::Text(text) => self.slot.text(self.id, text.as_str(), now),
            Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {
                self.dirty = true;
                self.slot.turn(Input::Alive(self.id), now);
            }
        }
    }

    fn fail(&mut self, error: &WsError, now: Time) {
        let refusal = if matches!(error, WsError::Capacity(_)) {
            Refusal::TooBig
        } else if matches!(error, WsError::Utf8(_)) {
            Refusal::Text
        } else if matches!(error, WsError::Protocol(protocol) if *protocol != ProtocolError::ResetWithoutClosingHandshake)
        {
            Refusal::Malformed
        } else {
            self.phase = Phase::Gone;
            return;
        };
        if self.phase == Phase::Closing {
            self.phase = Phase::Gone;
            return;
        }
        self.deaf = true;
        if self.listening() {
            self.slot.turn(Input::Bad(self.id, refusal), now);
        }
        // A WebSocket that broke its framing cannot go on, whatever the session thinks of it.
        let (code, reason) = match refusal {
            Refusal::TooBig => (CloseCode::TooBig, "message too big"),
            Refusal::Text => (CloseCode::Unsupported, "text message"),
            Refusal::Malformed => (CloseCode::Malformed, "malformed message"),
        };
        self.mailbox.close(code, reason);
    }

    /// Reads past the bytes of a connection that will be closed: unread bytes would reset it and take our close frame with it.
    fn waste(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        const WASTE_BYTES_MAX: usize = 4 * 1024 * 1024;
        let mut bytes = [0; 4096];
        let mut part = ReadBuf::new(&mut bytes);
        match Pin::new(self.socket.get_mut()).poll_read(cx, &mut part) {
            Poll::Pending => return Poll::Pending,
            Poll::Ready(Ok(())) if !part.filled().is_empty() => {
                self.wasted += part.filled().len();
                if self.wasted > WASTE_BYTES_MAX {
                    self.phase = Phase::Gone;
                }
            }
            Poll::Ready(Ok(()) | Err(_)) => self.phase = Phase::Gone,
        }
        Poll::Ready(())
    }

    fn write(&mut self, cx: &mut Context<'_>, now: Time) {
        while self.phase != Phase::Gone {
            if self.dirty {
                match Pin::new(&mut self.socket).poll_flush(cx) {
                    Poll::Pending => return,
                    Poll::Ready(Ok(())) => self.flushed(cx, now),
                    Poll::Ready(Err(_)) => self.phase = Phase::Gone,
                }
            } else if self.phase != Phase::Open || !self.feed() {
                return;
            }
        }
    }

    fn flushed(&mut self, cx: &mut Context<'_>, now: Time) {
        self.dirty = false;
        let bytes = std::mem::take(&mut self.unflushed);
        if bytes > 0 && self.listening() {
            self.slot.turn(Input::Flushed(self.id, bytes), now);
        }
        if self.deaf && self.phase == Phase::Closing {
            // Nobody here can read the answer to our close frame, so the other side is shown the end at once.
            let _ = Pin::new(self.socket.get_mut()).poll_shutdown(cx);
        }
    }

    /// Puts one batch into the socket's buffer; false when there was nothing.
    fn feed(&mut self) -> bool {
        while self.unflushed < BATCH_BYTES {
            let message = match self.mailbox.next() {
                Errand::Wait => break,
                Errand::Ping => Message::Ping(Bytes::new()),
                Errand::Message(bytes) => {
                    self.unflushed += bytes.len();
                    Message::Binary(bytes)
                }
                Errand::Close(code, reason) => {
                    self.phase = Phase::Closing;
                    Message::Close(Some(CloseFrame {
                        code: code.number().into(),
                        reason: reason.into(),
                    }))
                }
            };
            self.dirty = true;
            if Pin::new(&mut self.socket).start_send(message).is_err() {
                self.phase = Phase::Gone;
            }
            if self.phase != Phase::Open {
                break;
            }
        }
        self.dirty
    }
}
