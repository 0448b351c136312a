//! Ports of one machine, by address. A port that was given back is given out again as late as possible, so that a late datagram
//! of yesterday's players reaches nobody.

use serversdk::PortRange;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Protocol {
    Tcp,
    Udp,
}

#[derive(Debug, Default)]
struct Book {
    taken: BTreeSet<u16>,
    /// Where the search goes on.
    next: u16,
}

/// Which ports of which address are in use.
#[derive(Debug, Default)]
pub struct Ports {
    books: BTreeMap<(String, Protocol), Book>,
}

impl Ports {
    /// A free port of the range; none when all are taken.
    pub(crate) fn take(
        &mut self,
        address: &str,
        protocol: Protocol,
        range: PortRange,
    ) -> Option<u16> {
        let book = self
            .books
            .entry((address.to_owned(), protocol))
            .or_default();
        let from = if (range.from..=range.to).contains(&book.next) {
            book.next
        } else {
            range.from
        };
        let port = (from..=range.to)
            .chain(range.from..from)
            .find(|port| *port != 0 && !book.taken.contains(port))?;
        book.taken.insert(port);
        book.next = port.saturating_add(1);
        Some(port)
    }

    /// Marks a port as in use that a running process has.
    pub(crate) fn occupy(&mut self, address: &str, protocol: Protocol, port: u16) {
        self.books
            .entry((address.to_owned(), protocol))
            .or_default()
            .taken
            .insert(port);
    }

    pub(crate) fn give_back(&mut self, address: &str, protocol: Protocol, port: u16) {
        if let Some(book) = self.books.get_mut(&(address.to_owned(), protocol)) {
            book.taken.remove(&port);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_go_round_and_end_when_all_are_taken() {
        let range = PortRange { from: 10, to: 12 };
        let mut ports = Ports::default();
        let mut take = |address: &str| ports.take(address, Protocol::Tcp, range);
        assert_eq!([take("a"), take("a")], [Some(10), Some(11)]);
        assert_eq!(take("b"), Some(10));
        ports.give_back("a", Protocol::Tcp, 10);
        let mut take = |protocol| ports.take("a", protocol, range);
        assert_eq!(take(Protocol::Udp), Some(10));
        assert_eq!(
            [take(Protocol::Tcp), take(Protocol::Tcp)],
            [Some(12), Some(10)]
        );
        assert_eq!(take(Protocol::Tcp), None);
    }
}
