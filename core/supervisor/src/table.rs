//! The processes of a host: operating system processes, each with its logical ones.

use ids::{ProcessId, Time};
use std::collections::BTreeMap;

use crate::io::{Launch, OsId};

/// How a logical process is.
#[derive(Clone, Debug)]
pub(crate) struct Logical {
    pub(crate) process_id: ProcessId,
    pub(crate) tcp_port: u16,
    pub(crate) udp_port: u16,
    /// Control says that it called ProcessReady.
    pub(crate) registered: bool,
    /// Control says that it hosts a game session.
    pub(crate) hosting: bool,
    /// Control was asked to let it go.
    pub(crate) retired: bool,
    /// It has ended, but its operating system process goes on.
    pub(crate) ended: bool,
    /// It is to be killed for this reason.
    pub(crate) killed: Option<serversdk::TerminationReason>,
    /// ... and that is news for control.
    pub(crate) event: Option<serversdk::EventCode>,
}

impl Logical {
    /// Counts as one of those that should run.
    pub(crate) fn counts(&self) -> bool {
        !self.ended && !self.retired && self.killed.is_none()
    }
}

/// An operating system process.
#[derive(Clone, Debug)]
pub(crate) struct Os {
    pub(crate) version: String,
    pub(crate) kind: Kind,
    pub(crate) launched: Time,
    pub(crate) logical: Vec<Logical>,
    /// SIGKILL was ordered; its exit is awaited.
    pub(crate) killed: bool,
}

/// Processes of one kind are interchangeable: same launch path, same parameters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Kind {
    pub(crate) launch_path: String,
    pub(crate) parameters: String,
}

/// All of them.
#[derive(Debug, Default)]
pub(crate) struct Table {
    pub(crate) running: BTreeMap<OsId, Os>,
    next: u64,
}

impl Table {
    pub(crate) fn new_id(&mut self) -> OsId {
        self.next += 1;
        OsId(self.next)
    }

    pub(crate) fn insert(&mut self, launch: &Launch, now: Time) {
        self.next = self.next.max(launch.os.0);
        let logical = launch.slots.iter().map(|slot| Logical {
            process_id: slot.process_id.clone(),
            tcp_port: slot.tcp_port,
            udp_port: slot.udp_port,
            registered: false,
            hosting: false,
            retired: false,
            ended: false,
            killed: None,
            event: None,
        });
        let os = Os {
            version: launch.version.clone(),
            kind: Kind {
                launch_path: launch.launch_path.clone(),
                parameters: launch.parameters.clone(),
            },
            launched: now,
            logical: logical.collect(),
            killed: false,
        };
        self.running.insert(launch.os, os);
    }

    /// All logical processes that have not ended, with their operating system process.
    pub(crate) fn live(&self) -> impl Iterator<Item = (&OsId, &Os, &Logical)> {
        self.running.iter().flat_map(|(id, os)| {
            os.logical
                .iter()
                .filter(|own| !own.ended)
                .map(move |own| (id, os, own))
        })
    }

    pub(crate) fn find(&self, process: &ProcessId) -> Option<(OsId, &Logical)> {
        let (id, _, logical) = self.live().find(|(.., own)| own.process_id == *process)?;
        Some((*id, logical))
    }

    pub(crate) fn find_mut(&mut self, process: &ProcessId) -> Option<&mut Logical> {
        self.running
            .values_mut()
            .flat_map(|os| os.logical.iter_mut())
            .find(|own| !own.ended && own.process_id == *process)
    }
}
