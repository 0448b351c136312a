//! Everything that can reach the agent's loop, as one closed enum. Tasks do the waiting and say here what came of it.

use ids::{InstanceId, ProcessId};
use supervisor::{Input, OsId};

use crate::link::LinkEvent;
use crate::process::Exit;

/// Something happened.
#[derive(Debug)]
pub(crate) enum Event {
    /// On the machine's own link.
    Machine(LinkEvent),
    /// On the agent link of an instance.
    Link(InstanceId, LinkEvent),
    /// Something the supervisor of an instance is waiting for.
    Happened(InstanceId, Input),
    /// The content lies in its folder.
    Deployed(InstanceId, String),
    /// An operating system process is gone.
    Exited(InstanceId, OsId, Exit),
    /// A script's process has written events to its standard output.
    Said(InstanceId, String),
    /// Lines of a followed log.
    Lines(InstanceId, ProcessId, String),
    /// The logs of a process are packed, or cannot be.
    Packed(InstanceId, OsId, ProcessId),
    /// An attempt to ship what waits is over.
    Shipped(InstanceId),
}
