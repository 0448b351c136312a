//! The supervisor itself: inputs in, the difference between what should run and what runs out.

use ids::{Mint, ProcessId, Span, Time};
use serversdk::agent::{
    self, ComputeStatus, DeployStep, HoistConfigure, HoistReport, NotifyServerProcessTermination,
    Push, Request, SendHeartbeat,
};
use serversdk::{EventCode, TerminationReason};
use std::collections::{BTreeMap, VecDeque};

use crate::backoff::Backoff;
use crate::io::{Exit, Input, Launch, OsId, Output};
use crate::ports::{Ports, Protocol};
use crate::table::{Kind, Logical, Table};

/// Ends that control has not noted yet; beyond this the oldest are forgotten, and control finds out by comparing.
const UNNOTED_MAX: usize = 1000;

/// How fast things go.
#[derive(Clone, Debug)]
pub struct Pace {
    /// Between two launches.
    pub launch_gap: Span,
    /// Operating system processes that are launched and not ready; further launches wait.
    pub starting_max: usize,
    /// From launch to ProcessReady; then it is killed. Control has its own, shorter limit for those that called InitSDK.
    pub ready: Span,
    /// Between two heartbeats.
    pub heartbeat: Span,
    /// From being told to end to killing what is left.
    pub termination: Span,
    /// From a download that failed to the next try.
    pub redeploy: Span,
    /// With several slots a process: so long ended slots are gathered before a smaller process is launched for them.
    pub gather: Span,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            launch_gap: Span::from_millis(100),
            starting_max: 8,
            ready: Span::from_secs(305),
            heartbeat: Span::from_secs(60),
            termination: Span::from_secs(360),
            redeploy: Span::from_secs(60),
            gather: Span::from_secs(2),
        }
    }
}

/// One host.
pub struct Supervisor {
    pub(crate) pace: Pace,
    pub(crate) mint: Mint,
    pub(crate) table: Table,
    pub(crate) outputs: VecDeque<Output>,
    /// What control wants; none before it has spoken.
    pub(crate) wanted: Option<HoistConfigure>,
    /// Under which players reach it; empty before control, or who adopted processes, has said it.
    address: String,
    /// The version that launches use.
    pub(crate) current: Option<String>,
    certificate_path: String,
    /// The version that is being brought here.
    deploying: Option<String>,
    /// When a version whose download failed is tried again: without that a host would wait for it for ever.
    redeploy_at: Option<Time>,
    pub(crate) backoffs: BTreeMap<Kind, Backoff>,
    /// Since when a kind of process with several slots misses a few.
    pub(crate) short_since: BTreeMap<Kind, Time>,
    pub(crate) last_launch: Option<Time>,
    next_heartbeat: Option<Time>,
    unnoted: VecDeque<NotifyServerProcessTermination>,
    /// No port was free; the next end of a process changes that.
    pub(crate) starved: bool,
    pub(crate) terminate_by: Option<Time>,
    pub(crate) finished: bool,
}

impl Supervisor {
    /// A host on which nothing runs. The mint makes process ids and must be seeded with random bits.
    pub fn new(pace: Pace, mint: Mint) -> Self {
        Self {
            pace,
            mint,
            table: Table::default(),
            outputs: VecDeque::new(),
            wanted: None,
            address: String::new(),
            current: None,
            certificate_path: String::new(),
            deploying: None,
            redeploy_at: None,
            backoffs: BTreeMap::new(),
            short_since: BTreeMap::new(),
            last_launch: None,
            next_heartbeat: None,
            unnoted: VecDeque::new(),
            starved: false,
            terminate_by: None,
            finished: false,
        }
    }

    /// Takes in what happened.
    pub fn handle(&mut self, input: Input, now: Time, ports: &mut Ports) {
        match input {
            Input::Adopted(address, launches) => {
                self.address = address;
                self.adopt(&launches, now, ports);
            }
            Input::LinkUp => self.link_up(now),
            Input::LinkDown => self.next_heartbeat = None,
            Input::Told(push) => self.told(push, now, ports),
            Input::Answered(response) => self.answered(response),
            Input::Noted(process) => self.unnoted.retain(|own| own.process_id != process),
            Input::Deploying(hash, step) => {
                if self.deploying.as_ref() == Some(&hash) {
                    self.report(step, String::new());
                }
            }
            Input::Deployed {
                hash,
                missing,
                certificate_path,
            } => {
                self.certificate_path = certificate_path;
                self.deployed(hash, &missing);
            }
            Input::DeployFailed(hash, step, message) => {
                if step == DeployStep::DownloadFailed {
                    self.redeploy_at = Some(now + self.pace.redeploy);
                }
                self.deploy_failed(&hash, step, message);
            }
            Input::LaunchFailed(os, message) => {
                let code = EventCode::InvalidPath;
                self.gone(
                    os,
                    (Some(code), TerminationReason::InvalidPath, &message),
                    now,
                    ports,
                );
            }
            Input::SlotEnded(process) => self.slot_ended(&process, ports),
            Input::Exited(os, exit) => self.exited(os, &exit, now, ports),
        }
        self.plan(now, ports);
    }

    /// Does what is due.
    pub fn handle_timeout(&mut self, now: Time, ports: &mut Ports) {
        if self.next_heartbeat.is_some_and(|at| at <= now) {
            self.heartbeat(now, Completeness::Partial);
        }
        let late = |launched: Time, pace: &Pace| launched + pace.ready <= now;
        let overdue: Vec<_> = self
            .table
            .live()
            .filter(|(_, os, own)| {
                !own.registered && own.killed.is_none() && late(os.launched, &self.pace)
            })
            .map(|(.., own)| own.process_id.clone())
            .collect();
        for process in overdue {
            let reason = TerminationReason::SdkInitializationTimeout;
            self.force_exit(&process, reason, Some(EventCode::SdkInitializationTimeout));
        }
        if self.terminate_by.is_some_and(|by| by <= now) {
            self.kill_all();
        }
        if self.redeploy_at.is_some_and(|at| at <= now) {
            self.redeploy_at = None;
            if self.terminate_by.is_none() && self.wanted_hash() != self.current.as_deref() {
                self.deploy_wanted();
            }
        }
        self.plan(now, ports);
    }

    /// The next thing to do.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When [`Supervisor::handle_timeout`] wants to be called next.
    pub fn poll_timeout(&self) -> Option<Time> {
        let unready = self
            .table
            .live()
            .filter(|(_, _, own)| !own.registered && own.killed.is_none())
            .map(|(_, os, _)| os.launched + self.pace.ready);
        let terminate = self
            .terminate_by
            .filter(|_| self.table.running.values().any(|os| !os.killed));
        let launch = self.next_launch();
        unready
            .chain(self.next_heartbeat)
            .chain(self.redeploy_at)
            .chain(terminate)
            .chain(launch)
            .min()
    }

    /// The version whose processes are launched now, when there is one.
    pub fn current_version(&self) -> Option<&str> {
        self.current.as_deref()
    }

    fn adopt(&mut self, launches: &[Launch], now: Time, ports: &mut Ports) {
        for launch in launches {
            self.table.insert(launch, now);
        }
        self.occupy(ports);
    }

    /// Marks the ports of adopted processes.
    fn occupy(&self, ports: &mut Ports) {
        for (_, _, own) in self.table.live() {
            ports.occupy(&self.address, Protocol::Tcp, own.tcp_port);
            ports.occupy(&self.address, Protocol::Udp, own.udp_port);
        }
    }

    fn link_up(&mut self, now: Time) {
        for gone in &self.unnoted {
            let request = Request::NotifyServerProcessTermination(gone.clone());
            self.outputs.push_back(Output::Ask(request));
        }
        self.heartbeat(now, Completeness::Complete);
    }

    fn heartbeat(&mut self, now: Time, completeness: Completeness) {
        self.next_heartbeat = Some(now + self.pace.heartbeat);
        let status = match (&self.current, self.terminate_by) {
            (_, Some(_)) => ComputeStatus::Terminating,
            (Some(_), None) => ComputeStatus::Active,
            (None, None) => ComputeStatus::Activating,
        };
        self.outputs
            .push_back(Output::Ask(Request::SendHeartbeat(SendHeartbeat {
                status,
                process_list: self
                    .table
                    .live()
                    .map(|(.., own)| own.process_id.clone())
                    .collect(),
                heartbeat_time_millis: now.as_millis(),
                hoist_complete: completeness == Completeness::Complete,
            })));
    }

    fn told(&mut self, push: Push, now: Time, ports: &mut Ports) {
        match push {
            Push::NotifyProcessRegistered(told) => {
                if let Some(own) = self.table.find_mut(&told.process_id) {
                    own.registered = true;
                    self.starved = false;
                }
            }
            Push::NotifyGameSessionActivated(told) => {
                if let Some(own) = self.table.find_mut(&told.process_id) {
                    own.hosting = true;
                }
            }
            Push::ForceExitServerProcess(told) => {
                let reason = told
                    .termination_reason
                    .unwrap_or(TerminationReason::ForceTerminated);
                self.force_exit(&told.process_id, reason, None);
            }
            Push::StartComputeTermination => self.terminate(now),
            Push::HoistConfigure(wanted) => self.configure(*wanted, ports),
            Push::RefreshConnection(_) | Push::HoistFollowLog(_) => {}
        }
    }

    fn answered(&mut self, response: agent::Response) {
        if let agent::Response::SendHeartbeat(answer) = response {
            for process in answer.unhealthy_processes {
                self.force_exit(&process, TerminationReason::TerminatedUnhealthy, None);
            }
        }
    }

    fn configure(&mut self, wanted: HoistConfigure, ports: &mut Ports) {
        self.address.clone_from(&wanted.ip_address);
        self.wanted = Some(wanted);
        self.occupy(ports);
        self.deploy_wanted();
    }

    /// Brings the wanted version here, unless it is here or on its way.
    fn deploy_wanted(&mut self) {
        let Some(wanted) = &self.wanted else { return };
        let content = wanted.content.clone();
        let hash = content
            .as_ref()
            .map_or(String::new(), |content| content.hash.clone());
        if self.current.as_ref() == Some(&hash) {
            self.report(DeployStep::Launching, String::new());
        } else if self.deploying.as_ref() != Some(&hash) {
            match content {
                Some(content) => {
                    self.deploying = Some(hash);
                    self.outputs.push_back(Output::Deploy(content));
                }
                None => {
                    self.current = Some(hash);
                    self.report(DeployStep::Launching, String::new());
                }
            }
        }
    }

    fn report(&mut self, step: DeployStep, message: String) {
        let Some(wanted) = &self.wanted else { return };
        let launching = step == DeployStep::Launching;
        let report = HoistReport {
            generation: wanted.generation,
            step,
            message,
            certificate_path: if launching {
                self.certificate_path.clone()
            } else {
                String::new()
            },
        };
        self.outputs
            .push_back(Output::Ask(Request::HoistReport(report)));
    }

    fn wanted_hash(&self) -> Option<&str> {
        let wanted = self.wanted.as_ref()?;
        Some(
            wanted
                .content
                .as_ref()
                .map_or("", |content| content.hash.as_str()),
        )
    }

    fn deployed(&mut self, hash: String, missing: &[String]) {
        if self.deploying.as_ref() == Some(&hash) {
            self.deploying = None;
        }
        if self.wanted_hash() != Some(hash.as_str()) {
            return; // replaced by a newer one meanwhile
        }
        self.report(DeployStep::Validating, String::new());
        if !missing.is_empty() {
            let paths = missing.join(", ");
            let message = format!("Failed to find a valid path: {paths} is not in the content");
            self.report(DeployStep::LaunchPathNotFound, message);
            return;
        }
        let before = self.current.replace(hash);
        self.backoffs.clear();
        self.report(DeployStep::Launching, String::new());
        if let Some(before) = before {
            self.forget_unused(before);
        }
    }

    fn deploy_failed(&mut self, hash: &str, step: DeployStep, message: String) {
        if self.deploying.as_deref() == Some(hash) {
            self.deploying = None;
        }
        if self.wanted_hash() == Some(hash) {
            self.report(step, message);
        }
    }

    fn forget_unused(&mut self, version: String) {
        let used = self.table.running.values().any(|os| os.version == version);
        if !used && self.current.as_ref() != Some(&version) && !version.is_empty() {
            self.outputs.push_back(Output::ForgetVersion(version));
        }
    }

    /// Kills a logical process: its operating system process, when no other in it hosts a session; else it is written off and
    /// the rest goes on.
    fn force_exit(
        &mut self,
        process: &ProcessId,
        reason: TerminationReason,
        event: Option<EventCode>,
    ) {
        let Some((os, _)) = self.table.find(process) else {
            return;
        };
        if let Some(own) = self.table.find_mut(process) {
            own.killed = Some(reason);
            own.event = event;
        }
        self.kill_if_done(os);
    }

    fn kill_if_done(&mut self, id: OsId) {
        let Some(os) = self.table.running.get_mut(&id) else {
            return;
        };
        let needed = os.logical.iter().any(|own| {
            !own.ended && own.killed.is_none() && (own.hosting || os.logical.len() == 1)
        });
        let condemned = os.logical.iter().any(|own| own.killed.is_some());
        if condemned && !needed && !os.killed {
            os.killed = true;
            self.outputs.push_back(Output::Kill(id));
        }
    }

    fn terminate(&mut self, now: Time) {
        if self.terminate_by.is_some() {
            return;
        }
        self.terminate_by = Some(now + self.pace.termination);
        // Control tells those to end that it knows; the others hear it from the operating system.
        let unready = self
            .table
            .running
            .iter()
            .filter(|(_, os)| os.logical.iter().all(|own| !own.registered));
        let unready: Vec<_> = unready.map(|(id, _)| *id).collect();
        self.outputs.extend(unready.into_iter().map(Output::Stop));
    }

    fn kill_all(&mut self) {
        for (id, os) in &mut self.table.running {
            if !os.killed {
                os.killed = true;
                self.outputs.push_back(Output::Kill(*id));
            }
        }
    }

    /// One logical process of several has ended by itself.
    fn slot_ended(&mut self, process: &ProcessId, ports: &mut Ports) {
        let Some((os, own)) = self.table.find(process) else {
            return;
        };
        let own = own.clone();
        self.ended(
            os,
            &own,
            (None, TerminationReason::NormalTermination, ""),
            ports,
        );
        if let Some(own) = self.table.find_mut(process) {
            own.ended = true;
        }
        self.kill_if_done(os);
    }

    fn exited(&mut self, os: OsId, exit: &Exit, now: Time, ports: &mut Ports) {
        let normal = (
            None,
            TerminationReason::NormalTermination,
            exit.message.as_str(),
        );
        let crashed = (
            Some(EventCode::Crashed),
            TerminationReason::Crashed,
            exit.message.as_str(),
        );
        // Control knows whether a process that was ready has said good-bye; one that never was has failed, whatever its code.
        let ready = self
            .table
            .running
            .get(&os)
            .is_some_and(|os| os.logical.iter().any(|own| own.registered || own.ended));
        let expected = self.terminate_by.is_some() || exit.code == Some(0) && ready;
        let outcome = if expected { normal } else { crashed };
        self.gone(os, outcome, now, ports);
    }

    /// An operating system process is gone, with all that is left in it.
    fn gone(
        &mut self,
        id: OsId,
        outcome: (Option<EventCode>, TerminationReason, &str),
        now: Time,
        ports: &mut Ports,
    ) {
        let Some(os) = self.table.running.remove(&id) else {
            return;
        };
        let ordered = os.killed || self.terminate_by.is_some();
        let retired = os.logical.iter().all(|own| own.retired || own.ended);
        if outcome.0.is_some() && !ordered && !retired {
            self.backoffs
                .entry(os.kind.clone())
                .or_default()
                .crashed(now);
        }
        let neighbour = "It was killed together with its operating system process.";
        let outcome = if os.killed {
            (
                Some(EventCode::ForceTerminated),
                TerminationReason::ForceTerminated,
                neighbour,
            )
        } else {
            outcome
        };
        for own in os.logical.iter().filter(|own| !own.ended) {
            self.ended(id, own, outcome, ports);
        }
        self.forget_unused(os.version);
    }

    fn ended(
        &mut self,
        os: OsId,
        own: &Logical,
        (code, reason, message): (Option<EventCode>, TerminationReason, &str),
        ports: &mut Ports,
    ) {
        self.starved = false;
        ports.give_back(&self.address, Protocol::Tcp, own.tcp_port);
        ports.give_back(&self.address, Protocol::Udp, own.udp_port);
        let (event_code, termination_reason) = match own.killed {
            Some(reason) => (own.event, reason),
            None => (code, reason),
        };
        let gone = NotifyServerProcessTermination {
            process_id: own.process_id.clone(),
            event_code,
            termination_reason: Some(termination_reason),
            hoist_message: message.to_owned(),
        };
        if self.unnoted.len() == UNNOTED_MAX {
            self.unnoted.pop_front();
        }
        self.unnoted.push_back(gone.clone());
        self.outputs
            .push_back(Output::Ask(Request::NotifyServerProcessTermination(gone)));
        self.outputs
            .push_back(Output::Ship(os, own.process_id.clone()));
    }
}

/// Whether a heartbeat names everything that runs, so that control may compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Completeness {
    Complete,
    Partial,
}
