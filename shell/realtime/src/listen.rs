//! The door of a slot: accepts TCP connections and upgrades them. Whoever is slow at the door is cut off before he keeps others
//! out.

use std::collections::VecDeque;
use std::net::IpAddr;
use std::rc::Rc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};

use crate::meter::Meter;
use crate::peer::Peer;
use crate::slot::Slot;
use crate::upgrade::{UpgradeRules, upgrade};

/// Accepts until it is dropped; unfinished upgrades end with it, connections do not.
pub(crate) async fn listen(slot: Rc<Slot>, listener: TcpListener, rules: UpgradeRules) {
    let rules = Rc::new(rules);
    let mut upgrades = JoinSet::new();
    // In the order of arrival.
    let mut at_the_door: VecDeque<AbortHandle> = VecDeque::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            Some(_) = upgrades.join_next() => continue,
        };
        let (stream, address) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                refused(&slot, &error).await;
                continue;
            }
        };
        at_the_door.retain(|upgrade| !upgrade.is_finished());
        if at_the_door.len() >= slot.limits.upgrades_max
            && let Some(oldest) = at_the_door.pop_front()
        {
            oldest.abort();
            slot.count_upgrade("crowded_out");
        }
        if slot.sockets() + at_the_door.len() >= slot.limits.sockets_max {
            slot.count_upgrade("full");
            continue;
        }
        let task = welcome(Rc::clone(&slot), stream, address.ip(), Rc::clone(&rules));
        at_the_door.push_back(upgrades.spawn_local(task));
    }
}

async fn welcome(slot: Rc<Slot>, stream: TcpStream, ip: IpAddr, rules: Rc<UpgradeRules>) {
    // Fails only on a connection that is gone already.
    let _ = stream.set_nodelay(true);
    match upgrade(Meter::new(stream), &rules).await {
        Ok(socket) => {
            if let Some((id, mailbox)) = slot.open(ip.to_canonical()) {
                tokio::task::spawn_local(Peer::new(id, slot, mailbox, socket).run());
            }
        }
        Err(refused) => slot.count_upgrade(refused.label()),
    }
}

/// `accept` failed. Most reasons concern one connection that is gone; too many open files concern everybody and take time.
async fn refused(slot: &Slot, error: &std::io::Error) {
    use nix::errno::Errno;
    let exhausted = [Errno::EMFILE, Errno::ENFILE, Errno::ENOBUFS, Errno::ENOMEM];
    if exhausted
        .iter()
        .any(|errno| error.raw_os_error() == Some(*errno as i32))
    {
        slot.count_upgrade("no_files");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
