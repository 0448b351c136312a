//! The clock, the queue of what is on its way, and the loop that lets one thing happen after the other.

use ids::{Mint, Span, Time};
use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use wire::Packet;

use crate::client::{Client, Heard};
use crate::control::Control;
use crate::gamer::Gamer;
use crate::host::Machine;
use crate::links::{Down, Hello, Links, Up};
use crate::plan::Plan;
use crate::process::Process;
use crate::witness::Witness;

/// Steps that are kept for the story of a failure.
const STEPS_KEPT: usize = 120;
/// So many things may happen in one moment.
const STANDSTILL_MAX: u64 = 20_000;
/// A run that does not come to an end is a failure, too.
const EVENTS_MAX: u64 = 2_000_000;

/// Everything that can be on its way.
#[derive(Debug)]
pub(crate) enum Event {
    // Streams to control.
    Connect(u64, Box<Hello>),
    Up(u64, Box<Up>),
    Down(u64, Box<Down>),
    ControlSeesCut(u64),
    OwnerSeesCut(u64),
    // Control.
    Turn(u64),
    ControlStarts,
    ApiCall(u64),
    ApiAnswer(u64, Heard),
    // Machines.
    DialMachine(usize),
    MachineBeat(usize),
    AgentStarts(usize),
    DialInstance(usize, String),
    Deployed(usize, String, String),
    Exited(usize, String, u64, Option<i32>),
    SlotEnded(usize, String, String),
    InstanceOver(usize, String),
    // Processes, by their process id.
    DialProcess(String),
    Tick(String),
    Listening(String),
    Script(String, Box<session::ScriptEvent>),
    GameOver(String),
    Player(Played),
    // Whoever plans all this.
    ClientActs,
    Fault(Fault),
    Heal,
    Look,
    Step(u32),
}

/// What is on its way between players and processes.
#[derive(Debug)]
pub(crate) enum Played {
    Opens(u64),
    Opened(u64),
    Closes(u64),
    Closed(u64),
    Acts(u64),
    Up(u64, Box<Packet>),
    Down(u64, Box<Packet>),
    Pong(u64),
    FastUp(SocketAddr, String, Box<Packet>),
    FastDown(u64, Box<Packet>),
}

/// What breaks.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    Cut,
    Control,
    Agent,
    Machine,
    Process,
}

/// What a run has done, to see that it did something.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Figures {
    pub events: u64,
    pub turns: u64,
    pub fleets: u64,
    pub sessions: u64,
    pub seats: u64,
    pub joined: u64,
    pub messages: u64,
    pub fast_messages: u64,
    pub crashes: u64,
    pub restarts_compared: u64,
}

/// One run.
pub struct Sim {
    pub(crate) now: Time,
    pub(crate) began: Time,
    pub(crate) dice: Mint,
    pub(crate) plan: Plan,
    pub(crate) queue: BTreeMap<(Time, u64), Event>,
    queued: u64,
    pub(crate) links: Links,
    pub(crate) control: Control,
    pub(crate) machines: Vec<Machine>,
    pub(crate) processes: BTreeMap<String, Process>,
    pub(crate) gamers: BTreeMap<u64, Gamer>,
    pub(crate) client: Client,
    pub(crate) witness: Witness,
    pub(crate) figures: Figures,
    /// The storm is over: no more faults.
    pub(crate) calm: bool,
    pub(crate) done: bool,
    steps: VecDeque<String>,
    tell: Option<fn(&str)>,
    /// Since when time has not moved, in events.
    stands: (Time, u64),
}

impl Sim {
    /// A run under a seed; `tell` gets every step.
    pub fn new(seed: u64, tell: Option<fn(&str)>) -> Self {
        let mut dice = Mint::from_number(seed);
        let plan = Plan::draw(&mut dice);
        let now = Time::from_millis(1_800_000_000_000);
        let control = Control::new(Mint::from_number(dice.number()), now);
        let machines = (0..plan.machines).map(Machine::new).collect();
        let mut sim = Self {
            now,
            began: now,
            dice,
            queue: BTreeMap::new(),
            queued: 0,
            links: Links::default(),
            control,
            machines,
            processes: BTreeMap::new(),
            gamers: BTreeMap::new(),
            client: Client::default(),
            witness: Witness::default(),
            figures: Figures::default(),
            calm: false,
            done: false,
            steps: VecDeque::new(),
            tell,
            stands: (now, 0),
            plan,
        };
        sim.note(|| format!("{:?}", Plan::draw(&mut Mint::from_number(seed))));
        sim
    }

    /// Lets everything happen. The error is the first thing that must not be.
    pub fn run(&mut self) -> Result<(), String> {
        for machine in 0..self.machines.len() {
            self.at(self.now, Event::DialMachine(machine));
            self.at(self.now + Span::from_secs(30), Event::MachineBeat(machine));
        }
        self.at(self.now, Event::ClientActs);
        self.at(self.now, Event::Look);
        let heal = self.now + self.plan.storm;
        self.at(heal, Event::Heal);
        for fault in [
            Fault::Cut,
            Fault::Control,
            Fault::Agent,
            Fault::Machine,
            Fault::Process,
        ] {
            self.plan_fault(fault);
        }
        while !self.done {
            self.figures.events += 1;
            if self.figures.events > EVENTS_MAX {
                return Err("the run does not come to an end".to_owned());
            }
            self.next()?;
            if self.stands.0 != self.now {
                self.stands = (self.now, self.figures.events);
            }
            if self.figures.events - self.stands.1 > STANDSTILL_MAX {
                return Err(format!("time stands still; due are {}", self.due()));
            }
        }
        Ok(())
    }

    fn next(&mut self) -> Result<(), String> {
        let queued = self
            .queue
            .keys()
            .next()
            .map_or(Time::MAX, |(time, _)| *time);
        let due = self.next_timeout();
        if due < queued {
            self.now = self.now.max(due);
            return self.timeouts();
        }
        let Some(((time, _), event)) = self.queue.pop_first() else {
            return Err("nothing will ever happen again".to_owned());
        };
        self.now = self.now.max(time);
        self.happen(event)
    }

    fn next_timeout(&self) -> Time {
        let control = self.control.next_timeout();
        let hosts = self
            .machines
            .iter()
            .filter_map(Machine::next_timeout)
            .min()
            .unwrap_or(Time::MAX);
        let processes = self
            .processes
            .values()
            .map(|own| own.session.poll_timeout())
            .min();
        let players = self
            .gamers
            .values()
            .map(|own| own.player.poll_timeout())
            .min();
        control
            .min(hosts)
            .min(processes.unwrap_or(Time::MAX))
            .min(players.unwrap_or(Time::MAX))
    }

    /// Who wants to be called now.
    fn due(&self) -> String {
        let processes = self
            .processes
            .iter()
            .filter(|(_, own)| own.session.poll_timeout() <= self.now);
        let processes =
            processes.map(|(id, own)| format!("process {id} ({:?})", own.session.poll_timeout()));
        let players = self
            .gamers
            .iter()
            .filter(|(_, own)| own.player.poll_timeout() <= self.now);
        let players = players
            .map(|(number, own)| format!("player {number} ({:?})", own.player.poll_timeout()));
        let hosts = self
            .machines
            .iter()
            .filter_map(Machine::next_timeout)
            .filter(|due| *due <= self.now);
        let hosts = hosts.map(|due| format!("a supervisor ({due:?})"));
        let control = Some(self.control.next_timeout()).filter(|due| *due <= self.now);
        let control = control.map(|due| format!("control ({due:?})"));
        let all: Vec<_> = processes
            .chain(players)
            .chain(hosts)
            .chain(control)
            .collect();
        format!(
            "{} at {:?}; next: {:?}",
            all.join(", "),
            self.now,
            self.queue.iter().next()
        )
    }

    fn timeouts(&mut self) -> Result<(), String> {
        if self.control.next_timeout() <= self.now {
            self.turn()?;
        }
        self.host_timeouts();
        self.process_timeouts()?;
        self.gamer_timeouts()
    }

    fn happen(&mut self, event: Event) -> Result<(), String> {
        match event {
            Event::Connect(link, hello) => self.connect_arrives(link, *hello),
            Event::Up(link, message) => self.up_arrives(link, *message),
            Event::Down(link, message) => return self.down_arrives(link, *message),
            Event::ControlSeesCut(link) => self.control_sees_cut(link),
            Event::OwnerSeesCut(link) => self.owner_sees_cut(link),
            Event::Turn(life) if life == self.control.life => return self.turn(),
            Event::Turn(_) => {}
            Event::ControlStarts => return self.control_starts(),
            Event::ApiCall(ticket) => self.call_arrives(ticket),
            Event::ApiAnswer(ticket, heard) => return self.answer_arrives(ticket, heard),
            Event::DialMachine(machine) => self.dial_machine(machine),
            Event::MachineBeat(machine) => self.machine_beat(machine),
            Event::AgentStarts(machine) => self.agent_starts(machine),
            Event::DialInstance(machine, id) => self.dial_instance(machine, &id),
            Event::Deployed(machine, id, hash) => self.deployed(machine, &id, hash),
            Event::Exited(machine, id, os, code) => self.os_exited(machine, &id, os, code),
            Event::SlotEnded(machine, id, process) => self.slot_ended(machine, &id, &process),
            Event::InstanceOver(machine, id) => self.instance_over(machine, &id),
            Event::DialProcess(process) => self.dial_process(&process),
            Event::Tick(process) => return self.tick(&process),
            Event::Listening(process) => return self.listening(&process),
            Event::Script(process, event) => return self.script_says(&process, *event),
            Event::GameOver(process) => return self.game_over(&process),
            Event::Player(played) => return self.player_event(played),
            Event::ClientActs => self.client_acts(),
            Event::Fault(fault) => self.fault(fault),
            Event::Heal => self.heal(),
            Event::Look => return self.look(),
            Event::Step(step) => return self.ending(step),
        }
        Ok(())
    }

    fn plan_fault(&mut self, fault: Fault) {
        let mean = match fault {
            Fault::Cut => self.plan.cuts,
            Fault::Control => self.plan.control_crashes,
            Fault::Agent => self.plan.agent_crashes,
            Fault::Machine => self.plan.machine_crashes,
            Fault::Process => self.plan.process_crashes,
        };
        if let Some(mean) = mean {
            let wait = Span::from_millis(1 + self.dice.below(mean.as_millis() * 2));
            self.at(self.now + wait, Event::Fault(fault));
        }
    }

    fn fault(&mut self, fault: Fault) {
        if self.calm {
            return;
        }
        match fault {
            Fault::Cut => {
                if let Some(link) = self.any_link() {
                    let owner = self.owner_of(link);
                    self.note(|| format!("fault: link {link} of {owner:?} is cut"));
                    self.cut(link);
                }
            }
            Fault::Control => self.crash_control("a fault"),
            Fault::Agent => self.crash_agent(false),
            Fault::Machine => self.crash_agent(true),
            Fault::Process => {
                let all: Vec<String> = self.processes.keys().cloned().collect();
                if let Some(process) = self.one_of(&all) {
                    self.note(|| format!("fault: process {process} crashes"));
                    self.process_exits(&process, None);
                }
            }
        }
        self.plan_fault(fault);
    }

    /// Puts something on its way.
    pub(crate) fn at(&mut self, time: Time, event: Event) {
        self.queued += 1;
        self.queue.insert((time, self.queued), event);
    }

    /// When a message that is sent now arrives.
    pub(crate) fn soon(&mut self) -> Time {
        let most = if self.calm { 20 } else { self.plan.delay_ms };
        self.now + Span::from_millis(self.dice.below(most + 1))
    }

    pub(crate) fn chance(&mut self, of_thousand: u64) -> bool {
        self.dice.below(1000) < of_thousand
    }

    pub(crate) fn one_of<T: Clone>(&mut self, from: &[T]) -> Option<T> {
        let at = usize::try_from(self.dice.below(from.len() as u64)).unwrap_or(0);
        from.get(at).cloned()
    }

    /// Remembers a step for the story.
    pub(crate) fn note(&mut self, words: impl FnOnce() -> String) {
        let at = self.now.since(self.began).as_millis();
        let line = format!("{:>6}.{:03} {}", at / 1000, at % 1000, words());
        if let Some(tell) = self.tell {
            tell(&line);
        }
        if self.steps.len() == STEPS_KEPT {
            self.steps.pop_front();
        }
        self.steps.push_back(line);
    }

    /// The last steps, a line each.
    pub fn last_steps(&self) -> String {
        let lines: Vec<&str> = self.steps.iter().map(String::as_str).collect();
        lines.join("\n")
    }

    /// What happened until now.
    pub fn figures(&self) -> Figures {
        self.figures.clone()
    }
}
