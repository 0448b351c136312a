//! Machines and their agents: a supervisor an instance, operating system processes that outlive their agent, and the records
//! from which the next agent takes them over.

use ids::{ComputeName, InstanceId, Mint, Span, Time};
use serversdk::agent::{self, DeployStep, HoistConfigure, Push};
use serversdk::machine::{self, HoistOffer, HoistStartInstance, InstanceName};
use serversdk::{AgentConnect, Authorization, Status};
use std::collections::{BTreeMap, BTreeSet};
use supervisor::{Exit, Input, Launch, OsId, Output, Pace, Ports, Supervisor};

use crate::links::{Down, Hello, LinkState, Owner, Up};
use crate::sim::{Event, Sim};

/// One machine: what its disk keeps, what runs, and its agent, when that is up.
pub(crate) struct Machine {
    name: String,
    pub(crate) address: String,
    pub(crate) up: bool,
    link: LinkState,
    ports: Ports,
    pub(crate) instances: BTreeMap<String, Instance>,
}

/// One virtual instance.
pub(crate) struct Instance {
    order: HoistStartInstance,
    /// None while the agent is down.
    supervisor: Option<Supervisor>,
    link: LinkState,
    configuration: Option<HoistConfigure>,
    untold: BTreeMap<String, ids::ProcessId>,
    requests: u64,
    /// On the machine's disk.
    records: BTreeMap<u64, Launch>,
    /// Logical processes that run, by operating system process.
    pub(crate) alive: BTreeMap<u64, BTreeSet<String>>,
    over: bool,
}

impl Machine {
    pub(crate) fn new(number: u64) -> Self {
        Self {
            name: format!("machine-{number}"),
            address: format!("198.51.100.{}", number + 1),
            up: true,
            link: LinkState::default(),
            ports: Ports::default(),
            instances: BTreeMap::new(),
        }
    }

    pub(crate) fn next_timeout(&self) -> Option<Time> {
        let supervisors = self
            .instances
            .values()
            .filter_map(|own| own.supervisor.as_ref());
        supervisors.filter_map(Supervisor::poll_timeout).min()
    }
}

impl Sim {
    pub(crate) fn dial_machine(&mut self, at: usize) {
        let machine = &self.machines[at];
        if machine.up && machine.link.current.is_none() {
            let link = self.dial(Owner::Machine(at), Hello::Machine);
            self.machines[at].link.current = Some(link);
        }
    }

    pub(crate) fn machine_beat(&mut self, at: usize) {
        self.machine_says(at, machine::Request::HoistMachineHeartbeat);
        self.at(self.now + Span::from_secs(30), Event::MachineBeat(at));
    }

    fn machine_says(&mut self, at: usize, request: machine::Request) {
        let link = &self.machines[at].link;
        if let (true, Some(link)) = (link.up, link.current) {
            self.say_up(link, Up::Machine(request));
        }
    }

    /// Something came on the machine's own link.
    pub(crate) fn machine_hears(&mut self, at: usize, link: u64, down: Down) {
        match down {
            Down::Welcome => {
                let machine = &mut self.machines[at];
                machine.link.stands();
                let offer = HoistOffer {
                    machine_name: machine.name.clone(),
                    capacity: 20,
                    addresses: vec![machine.address.clone()],
                    instances: machine
                        .instances
                        .keys()
                        .map(|id| InstanceId::from(id.as_str()))
                        .collect(),
                    ..HoistOffer::default()
                };
                self.machine_says(at, machine::Request::HoistOffer(offer));
            }
            Down::MachinePush(machine::Push::HoistStartInstance(order)) => {
                self.add_instance(at, order)
            }
            Down::MachinePush(machine::Push::HoistStopInstance(InstanceName { instance_id })) => {
                self.stop_instance(at, instance_id.as_str());
            }
            Down::Refused | Down::Close(_) => {
                self.owner_sees_cut(link);
            }
            Down::AgentAnswer(..)
            | Down::AgentPush(_)
            | Down::ServerAnswer(..)
            | Down::ServerPush(_) => {}
        }
    }

    pub(crate) fn machine_lost(&mut self, at: usize) {
        let pause = self.machines[at].link.pause();
        self.machines[at].link.gone();
        self.at(self.now + pause, Event::DialMachine(at));
    }

    fn add_instance(&mut self, at: usize, order: HoistStartInstance) {
        let id = order.instance_id.to_string();
        if self.machines[at].instances.contains_key(&id) {
            return;
        }
        self.note(|| format!("machine {at}: instance {id} of {} starts", order.fleet_id));
        let supervisor = self.supervisor();
        let instance = Instance {
            order,
            supervisor: Some(supervisor),
            link: LinkState::default(),
            configuration: None,
            untold: BTreeMap::new(),
            requests: 0,
            records: BTreeMap::new(),
            alive: BTreeMap::new(),
            over: false,
        };
        self.machines[at].instances.insert(id.clone(), instance);
        self.at(self.now, Event::DialInstance(at, id));
    }

    fn supervisor(&mut self) -> Supervisor {
        Supervisor::new(Pace::default(), Mint::from_number(self.dice.number()))
    }

    fn stop_instance(&mut self, at: usize, id: &str) {
        self.note(|| format!("machine {at}: instance {id} is to stop"));
        let Some(instance) = self.machines[at].instances.get(id) else {
            let instance_id = InstanceId::from(id);
            self.machine_says(
                at,
                machine::Request::HoistInstanceEnded(InstanceName { instance_id }),
            );
            return;
        };
        let all: Vec<u64> = instance.alive.keys().copied().collect();
        self.instance_happens(at, id, Input::Told(Push::StartComputeTermination));
        for os in all {
            self.kill(at, id, os);
        }
        self.finished(at, id);
    }

    /// Nothing runs any more, or nothing shall; a while later the instance is forgotten.
    fn finished(&mut self, at: usize, id: &str) {
        let Some(instance) = self.machines[at].instances.get_mut(id) else {
            return;
        };
        if !instance.over {
            instance.over = true;
            let wait = Span::from_millis(self.dice.below(3000));
            self.at(self.now + wait, Event::InstanceOver(at, id.to_owned()));
        }
    }

    pub(crate) fn instance_over(&mut self, at: usize, id: &str) {
        if !self.machines[at].up {
            // The next agent takes it over and finds out again.
            return;
        }
        let Some(instance) = self.machines[at].instances.remove(id) else {
            return;
        };
        self.note(|| format!("machine {at}: instance {id} is over"));
        if let Some(link) = instance.link.current {
            self.hang_up(link);
        }
        let instance_id = InstanceId::from(id);
        self.machine_says(
            at,
            machine::Request::HoistInstanceEnded(InstanceName { instance_id }),
        );
    }

    pub(crate) fn dial_instance(&mut self, at: usize, id: &str) {
        let Some(instance) = self.machines[at].instances.get(id) else {
            return;
        };
        if instance.supervisor.is_none() || instance.link.current.is_some() {
            return;
        }
        let connect = AgentConnect {
            fleet_id: instance.order.fleet_id.clone(),
            compute_name: ComputeName::from(id),
            hoist: true,
            authorization: Authorization::Token(instance.order.auth_token.clone()),
        };
        let link = self.dial(Owner::Instance(at, id.to_owned()), Hello::Agent(connect));
        if let Some(instance) = self.machines[at].instances.get_mut(id) {
            instance.link.current = Some(link);
        }
    }

    /// Something came on an agent link.
    pub(crate) fn instance_hears(&mut self, at: usize, id: &str, link: u64, down: Down) {
        let Some(instance) = self.machines[at].instances.get_mut(id) else {
            return;
        };
        match down {
            Down::Welcome => {
                instance.link.stands();
                instance.untold.clear();
                self.instance_happens(at, id, Input::LinkUp);
            }
            Down::AgentPush(push) => {
                match &push {
                    Push::HoistConfigure(wanted) => {
                        instance.configuration = Some((**wanted).clone())
                    }
                    Push::RefreshConnection(refresh) => {
                        instance
                            .order
                            .auth_token
                            .clone_from(&refresh.connection.auth_token);
                    }
                    Push::NotifyProcessRegistered(_)
                    | Push::NotifyGameSessionActivated(_)
                    | Push::ForceExitServerProcess(_)
                    | Push::StartComputeTermination
                    | Push::HoistFollowLog(_) => {}
                }
                self.instance_happens(at, id, Input::Told(push));
            }
            Down::AgentAnswer(request, outcome) => {
                let told = instance.untold.remove(&request);
                match outcome {
                    Ok(response) => self.instance_happens(at, id, Input::Answered(response)),
                    Err(refusal)
                        if matches!(
                            refusal.status,
                            Status::Internal | Status::Throttled | Status::NotReady
                        ) =>
                    {
                        return;
                    }
                    Err(_) => {}
                }
                if let Some(process) = told {
                    self.instance_happens(at, id, Input::Noted(process));
                }
            }
            Down::Refused | Down::Close(_) => self.owner_sees_cut(link),
            Down::MachinePush(_) | Down::ServerAnswer(..) | Down::ServerPush(_) => {}
        }
    }

    pub(crate) fn instance_lost(&mut self, at: usize, id: &str) {
        let Some(instance) = self.machines[at].instances.get_mut(id) else {
            return;
        };
        let (pause, was_up) = (instance.link.pause(), instance.link.up);
        instance.link.gone();
        self.at(self.now + pause, Event::DialInstance(at, id.to_owned()));
        if was_up {
            self.instance_happens(at, id, Input::LinkDown);
        }
    }

    /// Hands something to a supervisor and does what it says.
    fn instance_happens(&mut self, at: usize, id: &str, input: Input) {
        let (machine, now) = (&mut self.machines[at], self.now);
        let supervisor = machine
            .instances
            .get_mut(id)
            .and_then(|own| own.supervisor.as_mut());
        if let Some(supervisor) = supervisor {
            supervisor.handle(input, now, &mut machine.ports);
            self.drain_supervisor(at, id);
        }
    }

    pub(crate) fn host_timeouts(&mut self) {
        for at in 0..self.machines.len() {
            let ids: Vec<String> = self.machines[at].instances.keys().cloned().collect();
            for id in ids {
                let (machine, now) = (&mut self.machines[at], self.now);
                let supervisor = machine
                    .instances
                    .get_mut(&id)
                    .and_then(|own| own.supervisor.as_mut());
                if let Some(supervisor) =
                    supervisor.filter(|own| own.poll_timeout().is_some_and(|due| due <= now))
                {
                    supervisor.handle_timeout(now, &mut machine.ports);
                    self.drain_supervisor(at, &id);
                }
            }
        }
    }

    fn drain_supervisor(&mut self, at: usize, id: &str) {
        loop {
            let supervisor = self.machines[at]
                .instances
                .get_mut(id)
                .and_then(|own| own.supervisor.as_mut());
            let Some(output) = supervisor.and_then(Supervisor::poll_output) else {
                return;
            };
            match output {
                Output::Ask(request) => self.agent_asks(at, id, request),
                Output::Deploy(content) => {
                    let takes = Span::from_millis(self.dice.below(5000));
                    self.at(
                        self.now + takes,
                        Event::Deployed(at, id.to_owned(), content.hash),
                    );
                }
                Output::Launch(launch) => self.launch(at, id, launch),
                Output::Stop(os) => self.stop_os(at, id, os.0),
                Output::Kill(os) => self.kill(at, id, os.0),
                Output::Finished => self.finished(at, id),
                Output::Ship(..) | Output::ForgetVersion(_) => {}
            }
        }
    }

    fn agent_asks(&mut self, at: usize, id: &str, request: agent::Request) {
        let Some(instance) = self.machines[at].instances.get_mut(id) else {
            return;
        };
        instance.requests += 1;
        let name = format!("a{}", instance.requests);
        if let agent::Request::NotifyServerProcessTermination(gone) = &request {
            instance
                .untold
                .insert(name.clone(), gone.process_id.clone());
        }
        if let (true, Some(link)) = (instance.link.up, instance.link.current) {
            self.say_up(link, Up::Agent(name, request));
        }
    }

    pub(crate) fn deployed(&mut self, at: usize, id: &str, hash: String) {
        let fails = self.plan.bad_deployments && !self.calm && self.chance(100);
        self.note(|| format!("instance {id}: {hash} deployed, fails: {fails}"));
        let input = if fails {
            Input::DeployFailed(
                hash,
                DeployStep::DownloadFailed,
                "the network is bad".to_owned(),
            )
        } else {
            Input::Deployed {
                hash,
                missing: Vec::new(),
                certificate_path: String::new(),
            }
        };
        self.instance_happens(at, id, input);
    }

    fn launch(&mut self, at: usize, id: &str, launch: Launch) {
        let Some(instance) = self.machines[at].instances.get_mut(id) else {
            return;
        };
        let (os, token) = (launch.os.0, instance.order.auth_token.clone());
        let fleet = instance.order.fleet_id.to_string();
        let running = launch
            .slots
            .iter()
            .map(|slot| slot.process_id.to_string())
            .collect();
        instance.alive.insert(os, running);
        instance.records.insert(os, launch.clone());
        for slot in &launch.slots {
            let home = crate::process::Home {
                machine: at,
                instance: id.to_owned(),
                os,
            };
            self.process_starts(home, slot, (fleet.clone(), token.clone()));
        }
    }

    fn stop_os(&mut self, at: usize, id: &str, os: u64) {
        let running = self.machines[at]
            .instances
            .get(id)
            .and_then(|own| own.alive.get(&os));
        for process in running.cloned().unwrap_or_default() {
            self.process_signalled(&process);
        }
    }

    fn kill(&mut self, at: usize, id: &str, os: u64) {
        self.note(|| format!("instance {id}: operating system process {os} is killed"));
        self.os_dies(at, id, os, None);
    }

    /// All of an operating system process is gone at once; its agent hears of it.
    pub(crate) fn os_dies(&mut self, at: usize, id: &str, os: u64, code: Option<i32>) {
        let Some(instance) = self.machines[at].instances.get_mut(id) else {
            return;
        };
        let Some(running) = instance.alive.remove(&os) else {
            return;
        };
        for process in running {
            self.process_gone(&process);
        }
        let seen = self.now + Span::from_millis(self.dice.below(50));
        self.at(seen, Event::Exited(at, id.to_owned(), os, code));
    }

    /// One logical process of several has ended; with the last one the operating system process ends.
    pub(crate) fn slot_over(
        &mut self,
        home: &crate::process::Home,
        process: &str,
        code: Option<i32>,
    ) {
        let (at, id) = (home.machine, home.instance.as_str());
        let Some(instance) = self.machines[at].instances.get_mut(id) else {
            return;
        };
        let Some(running) = instance.alive.get_mut(&home.os) else {
            return;
        };
        if running.len() == 1 || code.is_none() {
            self.os_dies(at, id, home.os, code);
        } else {
            running.remove(process);
            let seen = self.now + Span::from_millis(self.dice.below(300));
            self.at(
                seen,
                Event::SlotEnded(at, id.to_owned(), process.to_owned()),
            );
        }
    }

    pub(crate) fn slot_ended(&mut self, at: usize, id: &str, process: &str) {
        self.instance_happens(at, id, Input::SlotEnded(ids::ProcessId::from(process)));
    }

    pub(crate) fn os_exited(&mut self, at: usize, id: &str, os: u64, code: Option<i32>) {
        let Some(instance) = self.machines[at].instances.get_mut(id) else {
            return;
        };
        if instance.supervisor.is_none() {
            return; // The next agent finds it gone.
        }
        instance.records.remove(&os);
        self.note(|| {
            format!("instance {id}: operating system process {os} has exited with {code:?}")
        });
        let exit = Exit {
            code,
            message: String::new(),
        };
        self.instance_happens(at, id, Input::Exited(OsId(os), exit));
    }

    /// The agent of a machine dies, or the whole machine.
    pub(crate) fn crash_agent(&mut self, with_all: bool) {
        let at = usize::try_from(self.dice.below(self.machines.len() as u64)).unwrap_or(0);
        if !self.machines[at].up {
            return;
        }
        self.note(|| {
            format!("fault: agent of machine {at} dies, with all its processes: {with_all}")
        });
        self.figures.crashes += 1;
        let mut running = Vec::new();
        let machine = &mut self.machines[at];
        machine.up = false;
        machine.ports = Ports::default();
        let mut links: Vec<u64> = machine.link.current.into_iter().collect();
        machine.link.gone();
        for (id, instance) in &mut machine.instances {
            instance.supervisor = None;
            links.extend(instance.link.current);
            instance.link.gone();
            instance.over = false;
            running.extend(instance.alive.keys().map(|os| (id.clone(), *os)));
        }
        for link in links {
            self.hang_up(link);
        }
        if with_all {
            for (id, os) in running {
                self.os_dies(at, &id, os, None);
            }
        }
        let away = if self.dice.below(4) == 0 {
            Span::from_secs(60 + self.dice.below(300))
        } else {
            Span::from_millis(100 + self.dice.below(8000))
        };
        self.at(self.now + away, Event::AgentStarts(at));
    }

    /// The next agent takes over what its records name.
    pub(crate) fn agent_starts(&mut self, at: usize) {
        self.note(|| format!("agent of machine {at} starts again"));
        self.machines[at].up = true;
        self.at(self.now, Event::DialMachine(at));
        let ids: Vec<String> = self.machines[at].instances.keys().cloned().collect();
        for id in ids {
            let supervisor = self.supervisor();
            let Some(instance) = self.machines[at].instances.get_mut(&id) else {
                continue;
            };
            instance.supervisor = Some(supervisor);
            instance.configuration = None;
            let records: Vec<Launch> = instance.records.values().cloned().collect();
            let alive: BTreeSet<u64> = instance.alive.keys().copied().collect();
            let gone: Vec<u64> = records
                .iter()
                .map(|own| own.os.0)
                .filter(|os| !alive.contains(os))
                .collect();
            let address = instance.order.ip_address.clone();
            self.instance_happens(at, &id, Input::Adopted(address, records));
            for os in gone {
                let seen = self.now + Span::from_millis(self.dice.below(1000));
                self.at(seen, Event::Exited(at, id.clone(), os, None));
            }
            self.at(self.now, Event::DialInstance(at, id));
        }
    }
}
