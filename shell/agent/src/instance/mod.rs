//! One virtual instance: its supervisor, its agent link, its processes. What happened goes to the supervisor; what it says is
//! done in `doing`.

mod doing;

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;

use ids::{ComputeName, InstanceId, Mint, ProcessId, Time};
use nix::sys::signal::Signal;
use serversdk::agent::{self, HoistConfigure, HoistLogLines, Push};
use serversdk::machine::HoistStartInstance;
use serversdk::{AgentConnect, Authorization, Incoming, Status};
use supervisor::{Exit as SupervisedExit, Input, Launch, OsId, Pace, Ports, Supervisor};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tracing::{debug, info, warn};

use crate::clock::now;
use crate::deploy::Deployments;
use crate::event::Event;
use crate::files::{keep_below, tail};
use crate::launch::file_of;
use crate::ledger::{Ledger, Record};
use crate::link::{Link, LinkEvent, LinkOptions};
use crate::net::Dialer;
use crate::process::{self, Exit, Identity};
use crate::ship::Outgoing;
use crate::{AtEnd, Limits};

/// Bytes of a process's last words in a fleet event.
const LAST_WORDS_BYTES_MAX: u64 = 3000;
/// Logs of a finished instance have so long to reach control.
const FAREWELL_MS: u64 = 30_000;

/// What all instances of a machine share.
pub(crate) struct Shared {
    pub(crate) dialer: Dialer,
    pub(crate) deployments: Deployments,
    pub(crate) events: mpsc::Sender<Event>,
    pub(crate) limits: Limits,
    pub(crate) program: PathBuf,
    pub(crate) arguments: Vec<String>,
    pub(crate) confine: bool,
    pub(crate) at_end: AtEnd,
    pub(crate) bind: Bind,
}

/// What server processes bind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bind {
    /// The address of their instance.
    Own,
    /// This address.
    This(IpAddr),
    /// Every address.
    Every,
}

/// An operating system process of the instance.
struct Os {
    identity: Option<Identity>,
    launch: Launch,
    /// Logical processes whose logs are not packed yet.
    unpacked: BTreeSet<ProcessId>,
    /// Did not end as it should.
    abnormal: bool,
    gone: bool,
    reader: Option<JoinHandle<()>>,
}

/// One virtual instance.
pub(crate) struct Instance {
    pub(crate) order: HoistStartInstance,
    shared: Arc<Shared>,
    ledger: Ledger,
    supervisor: Supervisor,
    link: Link,
    configuration: Option<HoistConfigure>,
    processes: BTreeMap<OsId, Os>,
    /// Processes that host or hosted a game session, as far as is known.
    hosting: BTreeSet<ProcessId>,
    /// Ends that were told to control, by request.
    untold: BTreeMap<String, ProcessId>,
    requests: u64,
    followed: BTreeMap<ProcessId, JoinHandle<()>>,
    outgoing: Outgoing,
    shipping: bool,
    /// Over; what is left is to ship its logs until then.
    finished: Option<Time>,
}

impl Instance {
    /// An instance that starts or is taken over.
    pub(crate) fn start(
        shared: &Arc<Shared>,
        order: HoistStartInstance,
        ledger: Ledger,
        mint: Mint,
    ) -> std::io::Result<Self> {
        let options = LinkOptions {
            dialer: shared.dialer.clone(),
            outbox_max: shared.limits.link_outbox_max,
            pause_max: shared.limits.reconnect_pause_max,
            name: order.instance_id.to_string(),
        };
        let tell = |name: &str, event| Event::Link(InstanceId::from(name), event);
        let link = Link::start(link_url(&order), options, shared.events.clone(), tell);
        Ok(Self {
            outgoing: Outgoing::open(ledger.outgoing())?,
            shared: Arc::clone(shared),
            ledger,
            supervisor: Supervisor::new(Pace::default(), mint),
            link,
            configuration: None,
            processes: BTreeMap::new(),
            hosting: BTreeSet::new(),
            untold: BTreeMap::new(),
            requests: 0,
            followed: BTreeMap::new(),
            shipping: false,
            finished: None,
            order,
        })
    }

    /// Takes the processes of a former agent over.
    pub(crate) fn adopt(&mut self, ports: &mut Ports) -> std::io::Result<()> {
        let records = self.ledger.records()?;
        let launches: Vec<Launch> = records.iter().map(|record| record.launch.clone()).collect();
        info!(instance = %self.order.instance_id, processes = records.len(), "instance taken over");
        // Who hosts a session is not known any more: all their logs are worth keeping.
        let all = launches.iter().flat_map(|launch| &launch.slots);
        self.hosting.extend(all.map(|slot| slot.process_id.clone()));
        self.handle(
            Input::Adopted(self.order.ip_address.clone(), launches),
            ports,
        );
        for Record { launch, identity } in records {
            let os = launch.os;
            self.watch(launch, Some(identity));
            let voice = self.voice();
            tokio::spawn(async move {
                let exit = process::vanished(identity).await;
                voice
                    .say(|instance| Event::Exited(instance, os, exit))
                    .await;
            });
        }
        Ok(())
    }

    /// When the supervisor, or the end of the instance, wants to be looked at.
    pub(crate) fn next_timeout(&self) -> Option<Time> {
        self.supervisor
            .poll_timeout()
            .into_iter()
            .chain(self.finished)
            .min()
    }

    /// Does what is due.
    pub(crate) fn handle_timeout(&mut self, ports: &mut Ports) {
        self.supervisor.handle_timeout(now(), ports);
        self.drain();
    }

    /// Whether the instance is over and its logs are shipped, or have had their time.
    pub(crate) fn is_over(&self) -> bool {
        let packed = !self.runs() && self.processes.values().all(|os| os.unpacked.is_empty());
        let Some(by) = self.finished else {
            return false;
        };
        by <= now() || (packed && !self.shipping && self.outgoing.is_empty())
    }

    /// Whether any of its processes runs.
    pub(crate) fn runs(&self) -> bool {
        self.processes
            .values()
            .any(|os| !os.gone && os.identity.is_some())
    }

    /// Forgets everything about it.
    pub(crate) fn forget(self) {
        if let Err(error) = self.ledger.forget_all() {
            warn!(%error, instance = %self.order.instance_id, "files of an instance could not be deleted");
        }
    }

    /// Whether the version is in use here.
    pub(crate) fn uses(&self, hash: &str) -> bool {
        let wanted = self
            .configuration
            .as_ref()
            .and_then(|wanted| wanted.content.as_ref());
        wanted.is_some_and(|content| content.hash == hash)
            || self.supervisor.current_version() == Some(hash)
            || self.processes.values().any(|os| os.launch.version == hash)
    }

    /// Kills all that runs; the ends come as events.
    pub(crate) fn kill(&mut self, ports: &mut Ports) {
        // First of all nothing may be launched in place of what is killed.
        self.handle(Input::Told(Push::StartComputeTermination), ports);
        for os in self.processes.values().filter(|os| !os.gone) {
            if let Some(identity) = os.identity {
                process::signal(identity, Signal::SIGKILL);
            }
        }
        self.say_farewell();
    }

    /// Nothing runs any more, or nothing shall: what is left is to ship the logs.
    fn say_farewell(&mut self) {
        self.finished
            .get_or_insert_with(|| now() + ids::Span::from_millis(FAREWELL_MS));
    }

    /// Something happened on the agent link.
    pub(crate) fn on_link(&mut self, event: LinkEvent, ports: &mut Ports) {
        match event {
            LinkEvent::Up => {
                self.untold.clear();
                self.handle(Input::LinkUp, ports);
            }
            LinkEvent::Down => self.handle(Input::LinkDown, ports),
            LinkEvent::Text(text) => self.on_text(&text, ports),
            // Who decides about the instance says so on the machine's link.
            LinkEvent::Refused(_) | LinkEvent::Ended => {}
        }
    }

    fn on_text(&mut self, text: &str, ports: &mut Ports) {
        match serversdk::parse_incoming::<agent::Response, Push>(text) {
            Ok(Incoming::Push(push)) => self.on_push(push, ports),
            Ok(Incoming::Answer {
                request_id,
                outcome,
            }) => {
                let told = self.untold.remove(&request_id);
                match outcome {
                    Ok(response) => self.handle(Input::Answered(response), ports),
                    Err(refusal) => {
                        debug!(%refusal, "control refuses a request of the agent");
                        // Control may be able to take it later.
                        if matches!(
                            refusal.status,
                            Status::Internal | Status::Throttled | Status::NotReady
                        ) {
                            return;
                        }
                    }
                }
                if let Some(process) = told {
                    self.handle(Input::Noted(process), ports);
                }
            }
            Err(bad) => debug!(%bad, "message of control not understood"),
        }
    }

    fn on_push(&mut self, push: Push, ports: &mut Ports) {
        match &push {
            Push::RefreshConnection(refresh) => {
                self.order.auth_token = refresh.connection.auth_token.clone();
                if !refresh.connection.refresh_connection_endpoint.is_empty() {
                    self.order.agent_endpoint =
                        refresh.connection.refresh_connection_endpoint.clone();
                }
                self.order.expiration_time = refresh.expiration_time;
                self.link.set_url(link_url(&self.order));
                if let Err(error) = self.ledger.save_order(&self.order) {
                    warn!(%error, "new token could not be kept");
                }
            }
            Push::HoistFollowLog(follow) => self.follow(&follow.process_id, follow.follow),
            Push::HoistConfigure(wanted) => self.configuration = Some((**wanted).clone()),
            Push::NotifyGameSessionActivated(told) => {
                info!(process = %told.process_id, game_session = told.game_session_id, "process hosts a game session");
                self.hosting.insert(told.process_id.clone());
            }
            Push::NotifyProcessRegistered(_)
            | Push::ForceExitServerProcess(_)
            | Push::StartComputeTermination => {}
        }
        self.handle(Input::Told(push), ports);
    }

    /// Hands something to the supervisor and does what it says.
    pub(crate) fn handle(&mut self, input: Input, ports: &mut Ports) {
        self.supervisor.handle(input, now(), ports);
        self.drain();
    }

    /// The content lies in its folder: which launch paths are not in it?
    pub(crate) fn on_deployed(&mut self, hash: String, ports: &mut Ports) {
        let folder = self.shared.deployments.folder_of(&hash);
        let processes = self
            .configuration
            .iter()
            .flat_map(|wanted| &wanted.runtime_configuration.server_processes);
        let paths: BTreeSet<&String> = processes.map(|process| &process.launch_path).collect();
        let missing = paths
            .into_iter()
            .filter(|path| file_of(&folder, path).is_none());
        let missing = missing.cloned().collect();
        self.handle(
            Input::Deployed {
                hash,
                missing,
                certificate_path: String::new(),
            },
            ports,
        );
    }

    /// An operating system process is gone.
    pub(crate) fn on_exited(&mut self, id: OsId, exit: Exit, ports: &mut Ports) {
        let Some(os) = self.processes.get_mut(&id) else {
            return;
        };
        os.gone = true;
        os.abnormal = exit.code != Some(0);
        if let Some(reader) = os.reader.take() {
            reader.abort();
        }
        let said = tail(&self.ledger.folders(id).output, LAST_WORDS_BYTES_MAX);
        let message = format!("{}\n{said}", exit.words()).trim_end().to_owned();
        info!(os = id.0, exit = exit.words(), "server process has ended");
        self.handle(
            Input::Exited(
                id,
                SupervisedExit {
                    code: exit.code,
                    message,
                },
            ),
            ports,
        );
        self.forget_if_done(id);
    }

    /// A script's process has said something on its standard output, one event a line.
    pub(crate) fn on_said(&mut self, text: &str, ports: &mut Ports) {
        for line in text.lines() {
            let event: serde_json::Value = serde_json::from_str(line).unwrap_or_default();
            if event["event"] == "ended"
                && let Some(process) = event["processId"].as_str()
            {
                self.handle(Input::SlotEnded(ProcessId::from(process)), ports);
            }
        }
    }

    /// Lines of a followed log.
    pub(crate) fn on_lines(&mut self, process: ProcessId, text: String) {
        self.ask(&agent::Request::HoistLogLines(HoistLogLines {
            process_id: process,
            text,
        }));
    }

    /// The logs of a process are packed.
    pub(crate) fn on_packed(&mut self, id: OsId, process: &ProcessId) {
        if let Some(os) = self.processes.get_mut(&id) {
            os.unpacked.remove(process);
        }
        self.hosting.remove(process);
        self.forget_if_done(id);
        self.ship();
    }

    /// An attempt to ship is over.
    pub(crate) fn on_shipped(&mut self) {
        self.shipping = false;
    }

    /// Regular work: ships what waits, keeps output files small.
    pub(crate) fn look_after(&mut self) {
        self.ship();
        for (id, os) in &self.processes {
            let folders = self.ledger.folders(*id);
            for file in [&folders.output, &folders.events] {
                if !os.gone
                    && file.exists()
                    && keep_below(file, self.shared.limits.output_bytes_max).is_err()
                {
                    warn!(path = %file.display(), "an output file could not be cut");
                }
            }
        }
    }
}

fn link_url(order: &HoistStartInstance) -> String {
    let connect = AgentConnect {
        fleet_id: order.fleet_id.clone(),
        compute_name: ComputeName::from(order.instance_id.as_str()),
        authorization: Authorization::Token(order.auth_token.clone()),
        hoist: true,
    };
    format!("{}?{}", order.agent_endpoint, connect.to_query())
}
