//! Which link belongs to whom. Links are never stored: after a restart everybody connects again.

use ids::{ComputeName, FleetId, Location};
use serversdk::agent;
use std::collections::BTreeMap;

use crate::World;
use crate::effects::{Effect, LinkId};
use crate::processes::ProcessKey;

/// Who is at the other end of a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Peer {
    Process(ProcessKey),
    Agent(FleetId, ComputeName),
    Machine(String),
}

/// All links, and the newest of each agent.
#[derive(Default)]
pub(crate) struct Links {
    peers: BTreeMap<LinkId, Peer>,
    agents: BTreeMap<(FleetId, ComputeName), AgentLink>,
}

/// The newest link of an agent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AgentLink {
    pub(crate) link: LinkId,
    /// It understands the messages that are ours.
    pub(crate) hoist: bool,
    /// When it connected.
    pub(crate) since: ids::Time,
}

impl Links {
    pub(crate) fn insert(&mut self, link: LinkId, peer: Peer) {
        self.peers.insert(link, peer);
    }

    pub(crate) fn insert_agent(
        &mut self,
        fleet: &FleetId,
        compute: &ComputeName,
        agent: AgentLink,
    ) {
        self.peers
            .insert(agent.link, Peer::Agent(fleet.clone(), compute.clone()));
        self.agents.insert((fleet.clone(), compute.clone()), agent);
    }

    pub(crate) fn get(&self, link: LinkId) -> Option<&Peer> {
        self.peers.get(&link)
    }

    pub(crate) fn agent(&self, fleet: &FleetId, compute: &ComputeName) -> Option<AgentLink> {
        self.agents.get(&(fleet.clone(), compute.clone())).copied()
    }

    pub(crate) fn remove(&mut self, link: LinkId) -> Option<Peer> {
        let peer = self.peers.remove(&link)?;
        if let Peer::Agent(fleet, compute) = &peer {
            let place = (fleet.clone(), compute.clone());
            if self
                .agents
                .get(&place)
                .is_some_and(|agent| agent.link == link)
            {
                self.agents.remove(&place);
            }
        }
        Some(peer)
    }
}

/// What processes and agents need to know of the compute they run on.
#[derive(Clone, Debug)]
pub(crate) struct Host {
    pub(crate) location: Location,
    pub(crate) ip_address: String,
    pub(crate) dns_name: String,
    /// An instance of a managed fleet.
    pub(crate) managed: bool,
    pub(crate) certificate_path: String,
}

impl World {
    /// The instance or registered compute of that name.
    pub(crate) fn host(&self, fleet: &FleetId, compute: &ComputeName) -> Option<Host> {
        self.instances
            .host(fleet, compute)
            .or_else(|| self.computes.host(fleet, compute))
    }

    /// Whether an agent looks after the processes of a compute: always so on instances, even while it is away.
    pub(crate) fn has_agent(&self, fleet: &FleetId, compute: &ComputeName) -> bool {
        self.instances.host(fleet, compute).is_some() || self.links.agent(fleet, compute).is_some()
    }

    /// Sends to the agent of a compute, if it is connected.
    pub(crate) fn tell_agent(&mut self, fleet: &FleetId, compute: &ComputeName, push: agent::Push) {
        if let Some(agent) = self.links.agent(fleet, compute) {
            self.effects.push(Effect::Agent(agent.link, push));
        }
    }
}
