//! The UDP socket of a slot: everything goes out by the advertised socket, many datagrams in one system call; incoming ones are
//! taken in bounded numbers per turn.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::{ErrorKind, IoSlice};
use std::net::{IpAddr, SocketAddr};
use std::os::fd::AsRawFd;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use nix::sys::socket::{MsgFlags, MultiHeaders, SockaddrStorage, sendmmsg};
use tokio::io::{Interest, ReadBuf};
use tokio::net::UdpSocket;

use crate::slot::Slot;

/// Datagrams in one system call.
const BATCH: usize = 64;
/// Larger than any datagram.
const DATAGRAM_BYTES_MAX: usize = 65_536;

/// Datagrams waiting for the socket.
#[derive(Debug, Default)]
pub(crate) struct Queue(RefCell<Waiting>);

#[derive(Debug, Default)]
struct Waiting {
    datagrams: VecDeque<(SocketAddr, Bytes)>,
    waker: Option<Waker>,
}

impl Queue {
    /// Whether there was room. When not, this datagram is lost, as datagrams may be.
    pub(crate) fn post(&self, to: SocketAddr, datagram: Bytes, queued_max: usize) -> bool {
        let mut waiting = self.0.borrow_mut();
        if waiting.datagrams.len() >= queued_max {
            return false;
        }
        waiting.datagrams.push_back((to, datagram));
        if let Some(waker) = waiting.waker.take() {
            waker.wake();
        }
        true
    }

    fn take(&self, batch: &mut Vec<(SocketAddr, Bytes)>) {
        let mut waiting = self.0.borrow_mut();
        let count = waiting.datagrams.len().min(BATCH - batch.len());
        batch.extend(waiting.datagrams.drain(..count));
    }

    fn listen(&self, waker: &Waker) {
        self.0.borrow_mut().waker = Some(waker.clone());
    }
}

/// Serves the socket for as long as the slot lives.
pub(crate) struct Datagrams {
    slot: Rc<Slot>,
    socket: UdpSocket,
    /// Whether the socket is of the IPv6 family and wants IPv4 addresses in their mapped form.
    v6: bool,
    batch: Vec<(SocketAddr, Bytes)>,
    headers: MultiHeaders<SockaddrStorage>,
    buffer: Box<[u8]>,
}

impl Datagrams {
    pub(crate) fn new(slot: Rc<Slot>, socket: UdpSocket) -> Self {
        let v6 = socket.local_addr().is_ok_and(|address| address.is_ipv6());
        Self {
            slot,
            socket,
            v6,
            batch: Vec::with_capacity(BATCH),
            headers: MultiHeaders::preallocate(BATCH, None),
            buffer: vec![0; DATAGRAM_BYTES_MAX].into_boxed_slice(),
        }
    }

    pub(crate) async fn run(mut self) {
        std::future::poll_fn(|cx| self.poll(cx)).await
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.receive(cx);
        self.send(cx);
        self.slot.datagrams.listen(cx.waker());
        Poll::Pending
    }

    fn receive(&mut self, cx: &mut Context<'_>) {
        let now = self.slot.clock.now();
        for _ in 0..self.slot.limits.messages_per_turn {
            let mut part = ReadBuf::new(&mut self.buffer);
            match self.socket.poll_recv_from(cx, &mut part) {
                Poll::Pending => return,
                Poll::Ready(Ok(from)) => {
                    let from = SocketAddr::new(from.ip().to_canonical(), from.port());
                    self.slot.datagram(from, part.filled(), now);
                }
                // An ICMP answer to an earlier datagram: it concerns one player at most.
                Poll::Ready(Err(_)) => {}
            }
        }
        // There may be more: another's turn first.
        cx.waker().wake_by_ref();
    }

    fn send(&mut self, cx: &mut Context<'_>) {
        loop {
            self.slot.datagrams.take(&mut self.batch);
            if self.batch.is_empty() {
                return;
            }
            match self.send_batch() {
                Ok(count) => {
                    self.batch.drain(..count.min(self.batch.len()));
                }
                Err(ErrorKind::WouldBlock) => {
                    if self.socket.poll_send_ready(cx).is_pending() {
                        return;
                    }
                }
                Err(ErrorKind::Interrupted) => {}
                // The first of the batch cannot be sent (no route, too large): it is lost, the others are not.
                Err(_) => {
                    self.batch.remove(0);
                    self.slot.count_datagram_lost();
                }
            }
        }
    }

    fn send_batch(&mut self) -> Result<usize, ErrorKind> {
        let slices: Vec<[IoSlice<'_>; 1]> = self
            .batch
            .iter()
            .map(|(_, datagram)| [IoSlice::new(datagram)])
            .collect();
        let addresses: Vec<Option<SockaddrStorage>> = self
            .batch
            .iter()
            .map(|(to, _)| Some(SockaddrStorage::from(self.to_family(*to))))
            .collect();
        let descriptor = self.socket.as_raw_fd();
        let headers = &mut self.headers;
        let sent = self.socket.try_io(Interest::WRITABLE, || {
            let sent = sendmmsg(
                descriptor,
                headers,
                &slices,
                &addresses,
                [],
                MsgFlags::empty(),
            )?;
            Ok(sent.count())
        });
        sent.map_err(|error| error.kind())
    }

    fn to_family(&self, to: SocketAddr) -> SocketAddr {
        match to.ip() {
            IpAddr::V4(ip) if self.v6 => {
                SocketAddr::new(IpAddr::V6(ip.to_ipv6_mapped()), to.port())
            }
            IpAddr::V4(_) | IpAddr::V6(_) => to,
        }
    }
}
