//! The streams between control and everybody else: in order, delayed, cut at any moment, and not seen as cut by both ends at the
//! same time.

use ids::{Span, Time};
use serversdk::{AgentConnect, Refusal, ServerConnect, agent, machine, server};
use std::collections::BTreeMap;

use crate::sim::{Event, Sim};

/// Whose end of a link it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    Machine(usize),
    Instance(usize, String),
    Process(String),
}

/// How a link begins.
#[derive(Clone, Debug)]
pub(crate) enum Hello {
    Machine,
    Agent(AgentConnect),
    Server(ServerConnect),
}

/// A message to control.
#[derive(Clone, Debug)]
pub(crate) enum Up {
    Machine(machine::Request),
    Agent(String, agent::Request),
    Server(String, server::Request),
}

/// A message from control.
#[derive(Clone, Debug)]
pub(crate) enum Down {
    Welcome,
    Refused,
    MachinePush(machine::Push),
    AgentAnswer(String, Result<agent::Response, Refusal>),
    AgentPush(agent::Push),
    ServerAnswer(String, Result<server::Response, Refusal>),
    ServerPush(server::Push),
    Close(u16),
}

/// One stream.
#[derive(Debug)]
struct Wire {
    owner: Owner,
    /// Each end believes that it stands.
    owner_open: bool,
    control_open: bool,
    /// What is sent from now on goes nowhere.
    dead: bool,
    last_up: Time,
    last_down: Time,
}

/// All of them.
#[derive(Debug, Default)]
pub(crate) struct Links {
    wires: BTreeMap<u64, Wire>,
    next: u64,
}

/// An owner's view of its link.
#[derive(Clone, Debug, Default)]
pub(crate) struct LinkState {
    pub(crate) current: Option<u64>,
    pub(crate) up: bool,
    tries: u32,
}

impl LinkState {
    /// The pause before the next try.
    pub(crate) fn pause(&mut self) -> Span {
        self.tries += 1;
        Span::from_millis(250 << self.tries.min(6))
    }

    pub(crate) fn tries(&self) -> u32 {
        self.tries
    }

    pub(crate) fn stands(&mut self) {
        self.up = true;
        self.tries = 0;
    }

    pub(crate) fn gone(&mut self) {
        self.up = false;
        self.current = None;
    }
}

impl Sim {
    /// Opens a stream to control; a Welcome, a refusal or a cut comes back.
    pub(crate) fn dial(&mut self, owner: Owner, hello: Hello) -> u64 {
        self.links.next += 1;
        let link = self.links.next;
        let at = self.soon();
        self.links.wires.insert(
            link,
            Wire {
                owner,
                owner_open: true,
                control_open: true,
                dead: false,
                last_up: at,
                last_down: at,
            },
        );
        self.at(at, Event::Connect(link, Box::new(hello)));
        link
    }

    pub(crate) fn say_up(&mut self, link: u64, message: Up) {
        let at = self.soon();
        let Some(wire) = self.links.wires.get_mut(&link).filter(|wire| !wire.dead) else {
            return;
        };
        wire.last_up = wire.last_up.max(at);
        let at = wire.last_up;
        self.at(at, Event::Up(link, Box::new(message)));
    }

    pub(crate) fn say_down(&mut self, link: u64, message: Down) {
        let at = self.soon();
        let Some(wire) = self.links.wires.get_mut(&link).filter(|wire| !wire.dead) else {
            return;
        };
        wire.last_down = wire.last_down.max(at);
        let at = wire.last_down;
        self.at(at, Event::Down(link, Box::new(message)));
    }

    /// Whether control still reads the link.
    pub(crate) fn control_reads(&self, link: u64) -> bool {
        self.links
            .wires
            .get(&link)
            .is_some_and(|wire| wire.control_open)
    }

    /// The owner of a link that it still reads.
    pub(crate) fn owner_of(&self, link: u64) -> Option<Owner> {
        let wire = self.links.wires.get(&link).filter(|wire| wire.owner_open)?;
        Some(wire.owner.clone())
    }

    /// The owner drops its end; control notices a little later.
    pub(crate) fn hang_up(&mut self, link: u64) {
        let at = self.soon();
        if let Some(wire) = self.links.wires.get_mut(&link) {
            wire.owner_open = false;
            wire.dead = true;
            let at = at.max(wire.last_up);
            self.at(at, Event::ControlSeesCut(link));
        }
    }

    /// The stream breaks, and each end notices in its own time, which may be long.
    pub(crate) fn cut(&mut self, link: u64) {
        let Some(wire) = self.links.wires.get_mut(&link) else {
            return;
        };
        if wire.dead {
            return;
        }
        wire.dead = true;
        let mut notices = |slow: u64| {
            if self.dice.below(slow) == 0 {
                Span::from_secs(1 + self.dice.below(75))
            } else {
                Span::from_millis(self.dice.below(500))
            }
        };
        let (owner, control) = (notices(5), notices(5));
        self.at(self.now + owner, Event::OwnerSeesCut(link));
        self.at(self.now + control, Event::ControlSeesCut(link));
    }

    /// Control is dead: nobody reads, and the others notice.
    pub(crate) fn cut_all(&mut self) {
        let all: Vec<u64> = self.links.wires.keys().copied().collect();
        for link in all {
            let at = self.soon();
            if let Some(wire) = self.links.wires.get_mut(&link) {
                wire.dead = true;
                wire.control_open = false;
                self.at(at, Event::OwnerSeesCut(link));
            }
        }
    }

    /// One of the streams that stand.
    pub(crate) fn any_link(&mut self) -> Option<u64> {
        let live: Vec<u64> = self
            .links
            .wires
            .iter()
            .filter(|(_, wire)| !wire.dead)
            .map(|(link, _)| *link)
            .collect();
        self.one_of(&live)
    }

    /// Control has noticed: true when it did not know before.
    pub(crate) fn control_closes(&mut self, link: u64) -> bool {
        let Some(wire) = self.links.wires.get_mut(&link) else {
            return false;
        };
        let was = wire.control_open;
        wire.control_open = false;
        self.forget_wire(link);
        was
    }

    /// The owner has noticed: its name when it did not know before.
    pub(crate) fn owner_closes(&mut self, link: u64) -> Option<Owner> {
        let wire = self.links.wires.get_mut(&link)?;
        let owner = wire.owner_open.then(|| wire.owner.clone());
        wire.owner_open = false;
        self.forget_wire(link);
        owner
    }

    fn forget_wire(&mut self, link: u64) {
        if self
            .links
            .wires
            .get(&link)
            .is_some_and(|wire| !wire.owner_open && !wire.control_open)
        {
            self.links.wires.remove(&link);
        }
    }
}
