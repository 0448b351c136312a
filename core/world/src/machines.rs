//! Machines that offer themselves: the one of `hoist dev` for any location, registered ones for theirs. Offers are not
//! stored; after a restart every machine makes its offer again, and what it says is compared with the instances' rows.

use ids::{InstanceId, Location, Time};
use serversdk::machine::{HoistOffer, InstanceName, Push, Request, Response};
use serversdk::{PortRange, Refusal};
use std::collections::BTreeMap;

use crate::World;
use crate::effects::{Effect, LinkId};
use crate::instances;
use crate::links::Peer;
use crate::timers::Timer;
use crate::turn::Turn;

/// Machines that are known at the same time; one more is refused.
const MACHINES_MAX: usize = 10_000;
/// Heartbeats come every 30 s; so long without any, and the machine is not given more.
const SILENCE_MAX: ids::Span = ids::Span::from_secs(100);

#[derive(Clone, Debug)]
struct Machine {
    link: Option<LinkId>,
    offer: HoistOffer,
    heard: Time,
}

#[derive(Default)]
pub(crate) struct Machines {
    machines: BTreeMap<String, Machine>,
}

impl Machines {
    /// The link of a machine that is here.
    pub(crate) fn link(&self, name: &str) -> Option<LinkId> {
        self.machines.get(name)?.link
    }
}

/// A place for an instance.
pub(crate) struct Seat {
    pub(crate) machine: String,
    pub(crate) ip_address: String,
    pub(crate) dns_name: String,
}

/// The machine with the most room that offers this type here, and its least used address.
pub(crate) fn seat(world: &World, location: &Location, instance_type: &str) -> Option<Seat> {
    let fits = |offer: &HoistOffer| {
        (offer.locations.is_empty() || offer.locations.contains(location))
            && (offer.instance_types.is_empty()
                || offer.instance_types.iter().any(|own| own == instance_type))
    };
    let here = world
        .machines
        .machines
        .iter()
        .filter(|(_, machine)| machine.link.is_some());
    let (name, machine, _) = here
        .filter(|(_, machine)| fits(&machine.offer))
        .map(|(name, machine)| {
            let used = world.instances.on_machine(name).count();
            (
                name,
                machine,
                (machine.offer.capacity as usize).saturating_sub(used),
            )
        })
        .filter(|(.., room)| *room > 0)
        .max_by_key(|(.., room)| *room)?;
    let uses = |address: &str| {
        world
            .instances
            .on_machine(name)
            .filter(|row| row.ip_address == address)
            .count()
    };
    let ip_address = machine
        .offer
        .addresses
        .iter()
        .min_by_key(|address| uses(address))?
        .clone();
    // Without a name of its own a machine is named by its address: that resolves everywhere.
    let offered = &machine.offer.dns_name;
    let dns_name = if offered.is_empty() {
        ip_address.clone()
    } else {
        offered.clone()
    };
    Some(Seat {
        machine: name.clone(),
        ip_address,
        dns_name,
    })
}

/// The ports that a machine gives to players.
pub(crate) fn ports(world: &World, machine: &str) -> (PortRange, PortRange) {
    let offer = world
        .machines
        .machines
        .get(machine)
        .map(|machine| &machine.offer);
    (
        offer
            .and_then(|offer| offer.tcp_ports)
            .unwrap_or(world.settings.tcp_ports),
        offer
            .and_then(|offer| offer.udp_ports)
            .unwrap_or(world.settings.udp_ports),
    )
}

pub(crate) fn request(
    world: &mut World,
    turn: &mut Turn<'_>,
    link: LinkId,
    request: Request,
) -> Result<Response, Refusal> {
    if let Request::HoistOffer(offer) = request {
        return self::offer(world, turn, link, offer).map(|()| Response::HoistOffer);
    }
    let Some(Peer::Machine(name)) = world.links.get(link).cloned() else {
        return Err(Refusal::bad_request(
            "the first request of a machine must be HoistOffer",
        ));
    };
    if let Some(machine) = world.machines.machines.get_mut(&name) {
        machine.heard = turn.now;
    }
    match request {
        Request::HoistOffer(_) | Request::HoistMachineHeartbeat => {
            Ok(Response::HoistMachineHeartbeat)
        }
        Request::HoistInstanceEnded(InstanceName { instance_id }) => {
            let own = world.instances.get(instance_id.as_str());
            if own.is_some_and(|row| row.machine == name) {
                instances::ended(world, turn, &instance_id);
            }
            Ok(Response::HoistInstanceEnded)
        }
    }
}

fn offer(
    world: &mut World,
    turn: &mut Turn<'_>,
    link: LinkId,
    offer: HoistOffer,
) -> Result<(), Refusal> {
    let name = offer.machine_name.clone();
    if name.is_empty() || offer.addresses.is_empty() {
        return Err(Refusal::bad_request(
            "an offer needs MachineName and at least one address",
        ));
    }
    if world.machines.machines.len() >= MACHINES_MAX && !world.machines.machines.contains_key(&name)
    {
        return Err(Refusal::new(
            serversdk::Status::Throttled,
            "too many machines",
        ));
    }
    let running = offer.instances.clone();
    let machine = Machine {
        link: Some(link),
        offer,
        heard: turn.now,
    };
    let before = world.machines.machines.insert(name.clone(), machine);
    if let Some(old) = before
        .and_then(|machine| machine.link)
        .filter(|old| *old != link)
    {
        world.links.remove(old);
        world.effects.push(Effect::Close(old, 1000));
    }
    world.links.insert(link, Peer::Machine(name.clone()));
    world
        .timers
        .set(Timer::Machine(name.clone()), turn.now + SILENCE_MAX);
    compare(world, turn, link, &name, &running);
    let waiting: Vec<_> = world
        .fleet_locations
        .iter()
        .map(|row| Timer::Location(row.fleet.clone(), row.location.clone()))
        .collect();
    for timer in waiting {
        world.timers.set(timer, turn.now);
    }
    Ok(())
}

/// What should run on the machine against what does.
fn compare(
    world: &mut World,
    turn: &mut Turn<'_>,
    link: LinkId,
    name: &str,
    running: &[InstanceId],
) {
    let wanted: Vec<_> = world
        .instances
        .on_machine(name)
        .map(|row| (row.id.clone(), row.drain_by.is_some()))
        .collect();
    for (id, draining) in &wanted {
        if running.contains(id) {
            continue;
        }
        if *draining {
            instances::ended(world, turn, id);
        } else {
            instances::order(world, id);
        }
    }
    for id in running {
        if !wanted.iter().any(|(own, _)| own == id) {
            let name = InstanceName {
                instance_id: id.clone(),
            };
            world
                .effects
                .push(Effect::Machine(link, Push::HoistStopInstance(name)));
        }
    }
}

/// A machine's link is gone: it is given nothing more until it comes back. Its instances have agents of their own.
pub(crate) fn disconnected(world: &mut World, turn: &Turn<'_>, link: LinkId, name: &str) {
    if let Some(machine) = world.machines.machines.get_mut(name)
        && machine.link == Some(link)
    {
        machine.link = None;
        world
            .timers
            .set(Timer::Machine(name.to_owned()), turn.now + SILENCE_MAX);
    }
}

/// A machine that has been silent for too long is cut off; one that is gone and empty is forgotten.
pub(crate) fn on_timer(world: &mut World, turn: &Turn<'_>, name: &str) {
    let Some(machine) = world.machines.machines.get_mut(name) else {
        return;
    };
    let due = machine.heard + SILENCE_MAX;
    if due > turn.now {
        world.timers.set(Timer::Machine(name.to_owned()), due);
        return;
    }
    if let Some(link) = machine.link.take() {
        world.links.remove(link);
        world.effects.push(Effect::Close(link, 1001));
    }
    if world.instances.on_machine(name).next().is_none() {
        world.machines.machines.remove(name);
    } else {
        world
            .timers
            .set(Timer::Machine(name.to_owned()), turn.now + SILENCE_MAX);
    }
}
