//! The agent's loop: the machine's own link, its instances, and everything that their tasks say. One owner of all of it.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use ids::{InstanceId, Mint, Span, Time};
use serversdk::Incoming;
use serversdk::machine::{HoistOffer, HoistStartInstance, InstanceName, Push, Request, Response};
use supervisor::Ports;
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval, sleep};
use tracing::{debug, error, info, warn};

use crate::clock::{now, until};
use crate::event::Event;
use crate::instance::{Instance, Shared};
use crate::ledger::Ledger;
use crate::link::{Link, LinkEvent, LinkOptions};
use crate::{AtEnd, Shutdown};

/// Between two signs of life of the machine.
const HEARTBEAT_EVERY: Duration = Duration::from_secs(30);
/// Between two looks for logs to ship and files to cut.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Between two looks for versions that nobody uses.
const SWEEP_EVERY: Duration = Duration::from_secs(3600);
/// Without anything to do the loop looks at the clock this often, so a clock that was set forward is noticed.
const IDLE_MAX: Span = Span::from_secs(5);
/// Killed processes are gone within this when the agent ends, or are left to the system.
const KILL_TIMEOUT: Duration = Duration::from_secs(10);

/// What the loop starts with.
pub(crate) struct Machine {
    pub(crate) shared: Arc<Shared>,
    pub(crate) instances_folder: PathBuf,
    /// Without the instances that run.
    pub(crate) offer: HoistOffer,
    pub(crate) url: String,
    pub(crate) mint: Mint,
}

/// The loop's state.
struct Loop {
    machine: Machine,
    instances: BTreeMap<InstanceId, Instance>,
    ports: Ports,
    link: Link,
    requests: u64,
    /// Whether this connection has begun with the offer, as control wants it; until then nothing else is said. What is not
    /// said meanwhile, the offer's list of instances tells.
    offered: bool,
}

impl Machine {
    /// Runs until `shutdown` says so.
    pub(crate) async fn run(self, mut events: mpsc::Receiver<Event>, mut shutdown: Shutdown) {
        let options = LinkOptions {
            dialer: self.shared.dialer.clone(),
            outbox_max: self.shared.limits.link_outbox_max,
            pause_max: self.shared.limits.reconnect_pause_max,
            name: self.offer.machine_name.clone(),
        };
        let tell = |_: &str, event| Event::Machine(event);
        let link = Link::start(self.url.clone(), options, self.shared.events.clone(), tell);
        let mut own = Loop {
            machine: self,
            instances: BTreeMap::new(),
            ports: Ports::default(),
            link,
            requests: 0,
            offered: false,
        };
        own.take_over();
        let (mut beats, mut looks, mut sweeps) = (
            interval(HEARTBEAT_EVERY),
            interval(LOOK_EVERY),
            interval(SWEEP_EVERY),
        );
        for ticks in [&mut beats, &mut looks, &mut sweeps] {
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        }
        loop {
            let due = own
                .instances
                .values()
                .filter_map(Instance::next_timeout)
                .min();
            let wait = until(due.unwrap_or(Time::MAX).min(now() + IDLE_MAX));
            tokio::select! {
                () = shutdown.wished() => break,
                event = events.recv() => match event {
                    Some(event) => own.on_event(event),
                    None => break,
                },
                () = sleep(wait) => {}
                _ = beats.tick() => own.ask(&Request::HoistMachineHeartbeat),
                _ = looks.tick() => own.instances.values_mut().for_each(Instance::look_after),
                _ = sweeps.tick() => own.sweep(),
            }
            own.handle_timeouts();
            own.say_goodbye();
        }
        own.end(events).await;
    }
}

impl Loop {
    /// Instances of a former agent on the same folder.
    fn take_over(&mut self) {
        let found = Ledger::all(&self.machine.instances_folder);
        let found = found.inspect_err(|error| error!(%error, "former instances cannot be read"));
        for (order, ledger) in found.unwrap_or_default() {
            let id = order.instance_id.clone();
            if let Err(error) = self.add(order, ledger) {
                error!(%error, instance = %id, "an instance could not be taken over");
                continue;
            }
            if let Some(instance) = self.instances.get_mut(&id)
                && let Err(error) = instance.adopt(&mut self.ports)
            {
                error!(%error, instance = %id, "processes could not be taken over");
            }
        }
    }

    fn add(&mut self, order: HoistStartInstance, ledger: Ledger) -> std::io::Result<()> {
        let id = order.instance_id.clone();
        let seed = [(); 4].map(|()| self.machine.mint.number());
        let instance = Instance::start(&self.machine.shared, order, ledger, Mint::new(seed))?;
        self.instances.insert(id, instance);
        Ok(())
    }

    fn on_event(&mut self, event: Event) {
        match event {
            Event::Machine(event) => self.on_link(event),
            Event::Link(id, event) => self.with(&id, |own, ports| own.on_link(event, ports)),
            Event::Happened(id, input) => self.with(&id, |own, ports| own.handle(input, ports)),
            Event::Deployed(id, hash) => self.with(&id, |own, ports| own.on_deployed(hash, ports)),
            Event::Exited(id, os, exit) => {
                self.with(&id, |own, ports| own.on_exited(os, exit, ports))
            }
            Event::Said(id, text) => self.with(&id, |own, ports| own.on_said(&text, ports)),
            Event::Lines(id, process, text) => self.with(&id, |own, _| own.on_lines(process, text)),
            Event::Packed(id, os, process) => self.with(&id, |own, _| own.on_packed(os, &process)),
            Event::Shipped(id) => self.with(&id, |own, _| own.on_shipped()),
        }
    }

    /// What an instance's task says after its instance is gone is nobody's business any more.
    fn with(&mut self, id: &InstanceId, run: impl FnOnce(&mut Instance, &mut Ports)) {
        if let Some(instance) = self.instances.get_mut(id) {
            run(instance, &mut self.ports);
        }
    }

    fn on_link(&mut self, event: LinkEvent) {
        match event {
            LinkEvent::Up => {
                let instances = self.instances.keys().cloned().collect();
                let offer = HoistOffer {
                    instances,
                    ..self.machine.offer.clone()
                };
                self.offered = true;
                self.ask(&Request::HoistOffer(offer));
            }
            LinkEvent::Text(text) => match serversdk::parse_incoming::<Response, Push>(&text) {
                Ok(Incoming::Push(Push::HoistStartInstance(order))) => self.on_order(order),
                Ok(Incoming::Push(Push::HoistStopInstance(InstanceName { instance_id }))) => {
                    info!(instance = %instance_id, "control stops an instance");
                    match self.instances.get_mut(&instance_id) {
                        Some(instance) => instance.kill(&mut self.ports),
                        None => {
                            self.ask(&Request::HoistInstanceEnded(InstanceName { instance_id }))
                        }
                    }
                }
                Ok(Incoming::Answer { outcome: Ok(_), .. }) => {}
                Ok(Incoming::Answer {
                    outcome: Err(refusal),
                    ..
                }) => warn!(%refusal, "control refuses the machine"),
                Err(bad) => debug!(%bad, "message of control not understood"),
            },
            LinkEvent::Refused(403) => {
                error!(
                    "control does not know the machine token: see the file `machine-token` of its data folder (--token)"
                );
            }
            LinkEvent::Ended => {
                error!(
                    "another agent offers a machine of the same name: give one of them another name (--machine-name)"
                );
            }
            LinkEvent::Down | LinkEvent::Refused(_) => self.offered = false,
        }
    }

    fn on_order(&mut self, order: HoistStartInstance) {
        if self.instances.contains_key(&order.instance_id) {
            return; // said again after a reconnect
        }
        info!(instance = %order.instance_id, fleet = %order.fleet_id, location = %order.location, "instance starts");
        let id = order.instance_id.clone();
        let added = Ledger::open(&self.machine.instances_folder, &order)
            .and_then(|ledger| self.add(order, ledger));
        if let Err(error) = added {
            error!(%error, instance = %id, "an instance could not be started");
            self.ask(&Request::HoistInstanceEnded(InstanceName {
                instance_id: id,
            }));
        }
    }

    fn ask(&mut self, request: &Request) {
        if !self.offered {
            return;
        }
        self.requests += 1;
        self.link
            .send(serversdk::request(&format!("m{}", self.requests), request));
    }

    fn handle_timeouts(&mut self) {
        for instance in self.instances.values_mut() {
            if instance.next_timeout().is_some_and(|due| due <= now()) {
                instance.handle_timeout(&mut self.ports);
            }
        }
    }

    /// Instances that are over are forgotten, and control hears of it.
    fn say_goodbye(&mut self) {
        let over = self
            .instances
            .iter()
            .filter(|(_, instance)| instance.is_over());
        let over: Vec<InstanceId> = over.map(|(id, _)| id.clone()).collect();
        for id in over {
            info!(instance = %id, "instance is over");
            if let Some(instance) = self.instances.remove(&id) {
                instance.forget();
            }
            self.ask(&Request::HoistInstanceEnded(InstanceName {
                instance_id: id,
            }));
        }
    }

    fn sweep(&self) {
        let used = |hash: &str| self.instances.values().any(|instance| instance.uses(hash));
        if let Err(error) = self.machine.shared.deployments.sweep(used) {
            warn!(%error, "unused versions could not be deleted");
        }
    }

    /// The agent ends: its server processes go on, or end with it.
    async fn end(mut self, mut events: mpsc::Receiver<Event>) {
        if self.machine.shared.at_end == AtEnd::Keep {
            info!("the agent ends, its server processes go on");
            return;
        }
        for instance in self.instances.values_mut() {
            instance.kill(&mut self.ports);
        }
        let gone = async {
            while self.instances.values().any(Instance::runs) {
                match events.recv().await {
                    Some(event) => self.on_event(event),
                    None => return,
                }
            }
        };
        if tokio::time::timeout(KILL_TIMEOUT, gone).await.is_err() {
            warn!("some server processes do not end");
        }
    }
}
