//! What should run against what runs: which processes to launch, and which to let go.

use ids::{ProcessId, Time};
use serversdk::agent::{HoistRetire, Request};
use std::collections::BTreeMap;

use crate::backoff::Backoff;
use crate::io::{Launch, Output, Slot};
use crate::ports::{Ports, Protocol};
use crate::slots;
use crate::supervisor::Supervisor;
use crate::table::Kind;

impl Supervisor {
    /// Compares what should run with what runs.
    pub(crate) fn plan(&mut self, now: Time, ports: &mut Ports) {
        if self.terminate_by.is_some() {
            if self.table.running.is_empty() && !self.finished {
                self.finished = true;
                self.outputs.push_back(Output::Finished);
            }
            return;
        }
        let Some(current) = self.current.clone() else {
            return;
        };
        self.retire(&current);
        let mut short = BTreeMap::new();
        for (kind, missing) in self.missing(&current) {
            let since = self.short_since.get(&kind).copied().unwrap_or(now);
            short.insert(kind.clone(), since);
            self.short_since.insert(kind.clone(), since);
            self.launch_some(&kind, missing, &current, now, ports);
        }
        self.short_since = short;
    }

    /// Of each wanted kind, how many logical processes are missing. Idle ones of an old version do not count: their successors
    /// come first. Those that host a session do.
    fn missing(&self, current: &str) -> Vec<(Kind, u32)> {
        let mut missing = Vec::new();
        for (kind, count) in self.wanted_kinds() {
            let have = self.table.live().filter(|(_, os, own)| {
                os.kind == kind && own.counts() && (os.version == current || own.hosting)
            });
            let have = u32::try_from(have.count()).unwrap_or(u32::MAX);
            if have < count {
                missing.push((kind, count - have));
            }
        }
        missing
    }

    fn wanted_kinds(&self) -> BTreeMap<Kind, u32> {
        let mut kinds: BTreeMap<Kind, u32> = BTreeMap::new();
        let processes = self
            .wanted
            .iter()
            .flat_map(|w| &w.runtime_configuration.server_processes);
        for process in processes {
            let kind = Kind {
                launch_path: process.launch_path.clone(),
                parameters: process.parameters.clone().unwrap_or_default(),
            };
            *kinds.entry(kind).or_default() += process.concurrent_executions;
        }
        kinds
    }

    /// Asks control to let superfluous idle processes go: those of kinds that are wanted less, and those of an old version
    /// whose successors are ready.
    fn retire(&mut self, current: &str) {
        let wanted = self.wanted_kinds();
        let mut kinds: BTreeMap<Kind, Vec<(bool, bool, ProcessId)>> = BTreeMap::new();
        for (_, os, own) in self.table.live().filter(|(.., own)| own.counts()) {
            let old = os.version != current;
            if own.registered {
                kinds.entry(os.kind.clone()).or_default().push((
                    !own.hosting,
                    old,
                    own.process_id.clone(),
                ));
            }
        }
        let mut process_ids = Vec::new();
        for (kind, mut ready) in kinds {
            let count = wanted.get(&kind).copied().unwrap_or(0) as usize;
            // Hosting ones first, then new, then old: what is behind the wanted number and idle goes.
            ready.sort_by_key(|(idle, old, _)| (*idle, *old));
            process_ids.extend(
                ready
                    .into_iter()
                    .skip(count)
                    .filter(|(idle, ..)| *idle)
                    .map(|(.., id)| id),
            );
        }
        self.ask_to_retire(process_ids);
    }

    fn ask_to_retire(&mut self, process_ids: Vec<ProcessId>) {
        if process_ids.is_empty() {
            return;
        }
        for process in &process_ids {
            if let Some(own) = self.table.find_mut(process) {
                own.retired = true;
            }
        }
        self.outputs
            .push_back(Output::Ask(Request::HoistRetire(HoistRetire {
                process_ids,
            })));
    }

    /// Launches as many processes of a kind as the pace allows now.
    fn launch_some(
        &mut self,
        kind: &Kind,
        mut missing: u32,
        current: &str,
        now: Time,
        ports: &mut Ports,
    ) {
        let size = slots::of_parameters(&kind.parameters);
        while missing > 0 && self.may_launch(kind, missing.min(size) < size, now) {
            let Some(slots) = self.slots(missing.min(size), ports) else {
                self.starved = true;
                self.make_room(kind, current);
                return;
            };
            missing -= u32::try_from(slots.len()).unwrap_or(missing);
            let launch = Launch {
                os: self.table.new_id(),
                version: current.to_owned(),
                launch_path: kind.launch_path.clone(),
                parameters: kind.parameters.clone(),
                slots,
            };
            self.table.insert(&launch, now);
            self.last_launch = Some(now);
            self.outputs.push_back(Output::Launch(launch));
        }
    }

    fn may_launch(&self, kind: &Kind, partial: bool, now: Time) -> bool {
        self.launch_due(kind, partial).is_some_and(|due| due <= now)
    }

    /// When a process of this kind may be launched next; none while too many are starting.
    fn launch_due(&self, kind: &Kind, partial: bool) -> Option<Time> {
        let starting =
            self.table.running.values().filter(|os| {
                !os.killed && os.logical.iter().any(|own| !own.registered && !own.ended)
            });
        if starting.count() >= self.pace.starting_max {
            return None;
        }
        let gap = self
            .last_launch
            .map_or(Time::ZERO, |last| last + self.pace.launch_gap);
        let backoff = self.backoffs.get(kind).map_or(Time::ZERO, Backoff::until);
        let some_run = self.table.live().any(|(_, os, _)| os.kind == *kind);
        let gathered = match self.short_since.get(kind) {
            Some(since) if partial && some_run => *since + self.pace.gather,
            Some(_) | None => Time::ZERO,
        };
        Some(gap.max(backoff).max(gathered))
    }

    /// The earliest moment at which something that is missing may be launched.
    pub(crate) fn next_launch(&self) -> Option<Time> {
        if self.terminate_by.is_some() || self.starved {
            return None;
        }
        let current = self.current.as_deref()?;
        let missing = self.missing(current).into_iter();
        missing
            .filter_map(|(kind, missing)| {
                let partial = missing < slots::of_parameters(&kind.parameters);
                self.launch_due(&kind, partial)
            })
            .min()
    }

    /// Ports for that many slots, or none at all.
    fn slots(&mut self, count: u32, ports: &mut Ports) -> Option<Vec<Slot>> {
        let wanted = self.wanted.as_ref()?;
        let (address, tcp, udp) = (&wanted.ip_address, wanted.tcp_ports, wanted.udp_ports);
        let mut slots = Vec::new();
        for _ in 0..count {
            let tcp_port = ports.take(address, Protocol::Tcp, tcp);
            let udp_port = ports.take(address, Protocol::Udp, udp);
            let (Some(tcp_port), Some(udp_port)) = (tcp_port, udp_port) else {
                if let Some(port) = tcp_port {
                    ports.give_back(address, Protocol::Tcp, port);
                }
                if let Some(port) = udp_port {
                    ports.give_back(address, Protocol::Udp, port);
                }
                break;
            };
            slots.push(Slot {
                process_id: ProcessId::new(self.mint.uuid()),
                tcp_port,
                udp_port,
            });
        }
        (!slots.is_empty()).then_some(slots)
    }

    /// No port is left for a successor: an idle process of an old version goes first.
    fn make_room(&mut self, kind: &Kind, current: &str) {
        let successor_comes = self
            .table
            .live()
            .any(|(_, os, own)| os.version == current && !own.registered);
        if successor_comes {
            return;
        }
        let old = self.table.live().find(|(_, os, own)| {
            os.kind == *kind && os.version != current && own.counts() && !own.hosting
        });
        let old = old.map(|(.., own)| own.process_id.clone());
        self.ask_to_retire(old.into_iter().collect());
    }
}
