//! Instances of managed fleets: asked of a machine, configured through their agent, drained, lost, gone.

use api::{DescribeInstancesInput, DescribeInstancesOutput, Fault, InstanceStatus};
use ids::{ComputeName, FleetId, InstanceId, Location, Span, Time};
use serde::{Deserialize, Serialize};
use serversdk::agent::{self, HoistConfigure};
use serversdk::machine;
use std::collections::BTreeMap;

use crate::World;
use crate::api_time::timestamp;
use crate::effects::Effect;
use crate::fault::not_found;
use crate::links::Host;
use crate::paging::{Query, oldest_first};
use crate::process_ends::{Cause, give_up, terminate};
use crate::processes::{Process, ProcessKey};
use crate::table::{Row, Table};
use crate::timers::Timer;
use crate::turn::Turn;
use crate::{agents, fleet_events, fleets, machines, metrics, tokens};

/// So long before its end a token is replaced.
const RENEW_BEFORE: Span = Span::from_secs(15 * 60);

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Instance {
    pub(crate) id: InstanceId,
    pub(crate) fleet: FleetId,
    pub(crate) location: Location,
    pub(crate) instance_type: String,
    pub(crate) machine: String,
    pub(crate) ip_address: String,
    pub(crate) dns_name: String,
    pub(crate) status: InstanceStatus,
    pub(crate) created: Time,
    /// The newest token; good for its agent even when it has expired, because nobody else could bring a new one.
    pub(crate) token: String,
    pub(crate) token_expires: Time,
    /// It is to end, and is cut off then.
    pub(crate) drain_by: Option<Time>,
    /// The generation of the fleet that it runs.
    pub(crate) deployed: u64,
    pub(crate) certificate_path: String,
}

impl Row for Instance {
    const TABLE: &'static str = "instances";
    type Key = InstanceId;
    fn key(&self) -> InstanceId {
        self.id.clone()
    }
}

impl Instance {
    /// Its name as a compute.
    pub(crate) fn compute(&self) -> ComputeName {
        ComputeName::from(self.id.as_str())
    }
}

#[derive(Default)]
pub(crate) struct Instances {
    table: Table<Instance>,
    /// Since when an instance has no agent.
    lost: BTreeMap<InstanceId, Time>,
}

impl Instances {
    pub(crate) fn table(&mut self) -> &mut Table<Instance> {
        &mut self.table
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Instance> {
        self.table.get(id)
    }

    pub(crate) fn of<'a>(
        &'a self,
        fleet: &'a FleetId,
        location: Option<&'a Location>,
    ) -> impl Iterator<Item = &'a Instance> {
        let rows = self.table.iter().filter(move |row| row.fleet == *fleet);
        rows.filter(move |row| location.is_none_or(|location| row.location == *location))
    }

    pub(crate) fn on_machine(&self, machine: &str) -> impl Iterator<Item = &Instance> {
        self.table.iter().filter(move |row| row.machine == machine)
    }

    /// Whether the compute is an instance that is to end.
    pub(crate) fn is_draining(&self, compute: &ComputeName) -> bool {
        self.table
            .get(compute.as_str())
            .is_some_and(|row| row.drain_by.is_some())
    }

    /// Whether the token is the newest one of an instance.
    pub(crate) fn has_token(&self, token: &str) -> bool {
        self.table.iter().any(|row| row.token == token)
    }

    pub(crate) fn types(&self) -> impl Iterator<Item = &str> {
        self.table.iter().map(|row| row.instance_type.as_str())
    }

    pub(crate) fn count(&self, instance_type: &str, location: &Location) -> usize {
        let rows = self.table.iter().filter(|row| row.location == *location);
        rows.filter(|row| row.instance_type == instance_type)
            .count()
    }

    pub(crate) fn host(&self, fleet: &FleetId, compute: &ComputeName) -> Option<Host> {
        let row = self
            .table
            .get(compute.as_str())
            .filter(|row| row.fleet == *fleet)?;
        Some(Host {
            location: row.location.clone(),
            ip_address: row.ip_address.clone(),
            dns_name: row.dns_name.clone(),
            managed: true,
            certificate_path: row.certificate_path.clone(),
        })
    }
}

/// Asks a machine for one more instance. False when none has room, or the limit of the type is reached.
pub(crate) fn start(
    world: &mut World,
    turn: &mut Turn<'_>,
    fleet: &FleetId,
    location: &Location,
) -> bool {
    let Some(row) = world.fleets.get(fleet) else {
        return false;
    };
    let instance_type = row.attributes.instance_type.clone().unwrap_or_default();
    let limit = world.settings.limits.instances_per_type as usize;
    if world.instances.count(&instance_type, location) >= limit {
        return false;
    }
    let Some(seat) = machines::seat(world, location, &instance_type) else {
        return false;
    };
    let id = InstanceId::new(format!("i-{}", turn.mint.hex(17)));
    let token = tokens::issue(world, turn, fleet, &ComputeName::from(id.as_str()));
    world.instances.table.insert(Instance {
        id: id.clone(),
        fleet: fleet.clone(),
        location: location.clone(),
        instance_type,
        machine: seat.machine,
        ip_address: seat.ip_address,
        dns_name: seat.dns_name,
        status: InstanceStatus::Pending,
        created: turn.now,
        token: token.token,
        token_expires: token.expires,
        drain_by: None,
        deployed: 0,
        certificate_path: String::new(),
    });
    world.instances.lost.insert(id.clone(), turn.now);
    world.timers.set(Timer::Instance(id.clone()), turn.now);
    order(world, &id);
    true
}

/// Tells the machine of an instance to start it.
pub(crate) fn order(world: &mut World, id: &InstanceId) {
    let Some(row) = world.instances.get(id.as_str()) else {
        return;
    };
    let Some(link) = world.machines.link(&row.machine) else {
        return;
    };
    let start = machine::HoistStartInstance {
        instance_id: id.clone(),
        fleet_id: row.fleet.clone(),
        location: row.location.clone(),
        instance_type: row.instance_type.clone(),
        ip_address: row.ip_address.clone(),
        agent_endpoint: world.settings.agent_endpoint.clone(),
        auth_token: row.token.clone(),
        expiration_time: row.token_expires.as_millis(),
    };
    world.effects.push(Effect::Machine(
        link,
        machine::Push::HoistStartInstance(start),
    ));
}

/// What an instance should be, for its agent.
pub(crate) fn configuration(world: &World, id: &InstanceId) -> Option<HoistConfigure> {
    let row = world.instances.get(id.as_str())?;
    let fleet = world.fleets.get(&row.fleet)?;
    let (tcp_ports, udp_ports) = machines::ports(world, &row.machine);
    let place = agents::Place {
        compute: row.compute(),
        location: row.location.clone(),
        ip_address: row.ip_address.clone(),
        dns_name: row.dns_name.clone(),
        tcp_ports,
        udp_ports,
    };
    Some(agents::configuration(world, fleet, place))
}

/// Tells every instance of a fleet what it should be.
pub(crate) fn configure_all(world: &mut World, fleet: &FleetId) {
    let ids: Vec<_> = world
        .instances
        .of(fleet, None)
        .map(|row| row.id.clone())
        .collect();
    for id in ids {
        configure(world, &id);
    }
    agents::configure_computes(world, fleet);
}

pub(crate) fn configure(world: &mut World, id: &InstanceId) {
    let Some(row) = world.instances.get(id.as_str()) else {
        return;
    };
    let (fleet, compute) = (row.fleet.clone(), row.compute());
    if let Some(configuration) = configuration(world, id) {
        let push = agent::Push::HoistConfigure(Box::new(configuration));
        agents::tell_ours(world, &fleet, &compute, push);
    }
}

/// The agent of an instance is here (again).
pub(crate) fn agent_here(world: &mut World, turn: &Turn<'_>, id: &InstanceId) {
    world.instances.lost.remove(id);
    world.timers.set(Timer::Instance(id.clone()), turn.now);
    configure(world, id);
    let Some(row) = world.instances.get(id.as_str()) else {
        return;
    };
    if row.drain_by.is_some() {
        let (fleet, compute) = (row.fleet.clone(), row.compute());
        world.tell_agent(&fleet, &compute, agent::Push::StartComputeTermination);
    }
}

/// The agent of a compute is away. On an instance it has a while to come back.
pub(crate) fn agent_lost(
    world: &mut World,
    turn: &Turn<'_>,
    fleet: &FleetId,
    compute: &ComputeName,
) {
    if world.links.agent(fleet, compute).is_some() || world.instances.host(fleet, compute).is_none()
    {
        return;
    }
    let id = InstanceId::from(compute.as_str());
    world.instances.lost.insert(id.clone(), turn.now);
    world.timers.set(Timer::Instance(id), turn.now);
}

/// The instance runs this generation of its fleet now.
pub(crate) fn deployed(world: &mut World, turn: &Turn<'_>, id: &InstanceId, generation: u64) {
    let Some(row) = world.instances.table.edit(id.as_str()) else {
        return;
    };
    row.deployed = generation;
    if row.status == InstanceStatus::Pending {
        row.status = InstanceStatus::Active;
        let (fleet, location) = (row.fleet.clone(), row.location.clone());
        world.timers.set(Timer::Location(fleet, location), turn.now);
    }
}

pub(crate) fn set_certificate_path(world: &mut World, id: &InstanceId, path: &str) {
    if let Some(row) = world.instances.table.edit(id.as_str()) {
        row.certificate_path = path.into();
    }
}

/// Lets an instance end: nothing new, processes are told to end, and after a while it is cut off.
pub(crate) fn drain(world: &mut World, turn: &Turn<'_>, id: &InstanceId) {
    let by = turn.now + world.settings.times.drain;
    let Some(row) = world.instances.get(id.as_str()) else {
        return;
    };
    if row.drain_by.is_some() {
        return;
    }
    let (fleet, compute) = (row.fleet.clone(), row.compute());
    if let Some(row) = world.instances.table.edit(id.as_str()) {
        row.status = InstanceStatus::Terminating;
        row.drain_by = Some(by);
    }
    world.tell_agent(&fleet, &compute, agent::Push::StartComputeTermination);
    for key in live(world, &fleet, &compute) {
        terminate(world, turn, &key);
    }
    world.timers.set(Timer::Instance(id.clone()), turn.now);
}

pub(crate) fn drain_all(world: &mut World, turn: &Turn<'_>, fleet: &FleetId, location: &Location) {
    let ids: Vec<_> = world
        .instances
        .of(fleet, Some(location))
        .map(|row| row.id.clone())
        .collect();
    for id in ids {
        drain(world, turn, &id);
    }
}

fn live(world: &World, fleet: &FleetId, compute: &ComputeName) -> Vec<ProcessKey> {
    let rows = world
        .processes
        .of_compute(fleet, compute)
        .filter(|row| row.is_live());
    rows.map(Row::key).collect()
}

/// A process of a compute is gone; a draining instance without agent and without processes is gone, too.
pub(crate) fn process_gone(
    world: &mut World,
    turn: &Turn<'_>,
    _fleet: &FleetId,
    compute: &ComputeName,
) {
    let id = InstanceId::from(compute.as_str());
    if world
        .instances
        .get(id.as_str())
        .is_some_and(|row| row.drain_by.is_some())
    {
        world.timers.set(Timer::Instance(id), turn.now);
    }
}

/// Does what is due for an instance.
pub(crate) fn on_timer(world: &mut World, turn: &mut Turn<'_>, id: &InstanceId) {
    let Some(row) = world.instances.get(id.as_str()).cloned() else {
        return;
    };
    let lost_due = world
        .instances
        .lost
        .get(id)
        .map_or(Time::MAX, |since| *since + world.settings.times.reconnect);
    if lost_due <= turn.now {
        return lose(world, turn, &row);
    }
    let empty = world.links.agent(&row.fleet, &row.compute()).is_none()
        && live(world, &row.fleet, &row.compute()).is_empty();
    if row.drain_by.is_some_and(|by| by <= turn.now || empty) {
        return stop(world, turn, &row);
    }
    let renew = Time::from_millis(
        row.token_expires
            .as_millis()
            .saturating_sub(RENEW_BEFORE.as_millis()),
    );
    if renew <= turn.now && row.drain_by.is_none() {
        renew_token(world, turn, &row);
        world.timers.set(Timer::Instance(id.clone()), turn.now);
        return;
    }
    let renew = if row.drain_by.is_none() {
        renew
    } else {
        Time::MAX
    };
    let next = lost_due.min(row.drain_by.unwrap_or(Time::MAX)).min(renew);
    world.timers.set(Timer::Instance(id.clone()), next);
}

fn renew_token(world: &mut World, turn: &mut Turn<'_>, row: &Instance) {
    let token = tokens::issue(world, turn, &row.fleet, &row.compute());
    if let Some(row) = world.instances.table.edit(row.id.as_str()) {
        row.token.clone_from(&token.token);
        row.token_expires = token.expires;
    }
    let push = agent::Push::RefreshConnection(agent::RefreshConnection {
        connection: serversdk::server::RefreshConnection {
            refresh_connection_endpoint: world.settings.agent_endpoint.clone(),
            auth_token: token.token,
        },
        expiration_time: token.expires.as_millis(),
    });
    world.tell_agent(&row.fleet, &row.compute(), push);
}

/// Its agent does not come back. Sessions whose processes are still connected go on; everything else is given up.
fn lose(world: &mut World, turn: &mut Turn<'_>, row: &Instance) {
    let compute = row.compute();
    let alive = |world: &World| {
        let mut keys = live(world, &row.fleet, &compute);
        keys.retain(|key| world.processes.pulse(key).link.is_some());
        keys.retain(|key| {
            world
                .processes
                .get(key)
                .is_some_and(|p| p.session.is_some())
        });
        keys
    };
    let keep = alive(world);
    for key in live(world, &row.fleet, &compute) {
        if !keep.contains(&key) {
            give_up(world, turn, &key, &Cause::HostGone);
        }
    }
    if row.status != InstanceStatus::Terminating {
        let message = format!("Instance {} was lost and is replaced", row.id);
        let code = "INSTANCE_REPLACED_UNHEALTHY";
        fleet_events::record(world, turn, &row.fleet, code, &message);
        metrics::count(
            world,
            metrics::Counter::RecycledInstances,
            &row.fleet,
            &row.location,
        );
    }
    if keep.is_empty() {
        return stop(world, turn, row);
    }
    for key in keep {
        world.processes.edit(&key, |row| row.retiring = true);
    }
    if let Some(row) = world.instances.table.edit(row.id.as_str()) {
        row.status = InstanceStatus::Terminating;
        row.drain_by = Some(Time::MAX);
    }
    // Look again when a process ends (`process_gone`) or when the agent would have had its time once more.
    world.instances.lost.insert(row.id.clone(), turn.now);
    let again = turn.now + world.settings.times.reconnect;
    world.timers.set(Timer::Instance(row.id.clone()), again);
    world.timers.set(
        Timer::Location(row.fleet.clone(), row.location.clone()),
        turn.now,
    );
}

/// Cuts an instance off and forgets it.
fn stop(world: &mut World, turn: &mut Turn<'_>, row: &Instance) {
    if let Some(link) = world.machines.link(&row.machine) {
        let name = machine::InstanceName {
            instance_id: row.id.clone(),
        };
        world.effects.push(Effect::Machine(
            link,
            machine::Push::HoistStopInstance(name),
        ));
    }
    ended(world, turn, &row.id);
}

/// The machine says that an instance is gone, or it is given up: its row goes, and its place may need another.
pub(crate) fn ended(world: &mut World, turn: &mut Turn<'_>, id: &InstanceId) {
    let Some(row) = world.instances.get(id.as_str()).cloned() else {
        return;
    };
    let compute = row.compute();
    let planned = row.drain_by.is_some();
    for key in live(world, &row.fleet, &compute) {
        let told = world
            .processes
            .get(&key)
            .is_some_and(|p: &Process| p.terminate_by.is_some());
        let cause = if planned && told {
            Cause::Exited
        } else {
            Cause::HostGone
        };
        give_up(world, turn, &key, &cause);
    }
    world.instances.table.remove(id.as_str());
    world.instances.lost.remove(id);
    world.timers.clear(&Timer::Instance(id.clone()));
    world.tokens.forget(&row.fleet, &compute);
    world
        .timers
        .set(Timer::Location(row.fleet, row.location), turn.now);
}

/// After a load nobody is connected, and everybody has a while to come.
pub(crate) fn rebuild(world: &mut World, now: Time) {
    let ids: Vec<_> = world
        .instances
        .table
        .iter()
        .map(|row| row.id.clone())
        .collect();
    for id in ids {
        world.instances.lost.insert(id.clone(), now);
        world.timers.set(Timer::Instance(id), now);
    }
}

pub(crate) fn describe(
    world: &World,
    input: &DescribeInstancesInput,
) -> Result<DescribeInstancesOutput, Fault> {
    let fleet = fleets::managed(world, &input.fleet_id)?;
    if let Some(id) = &input.instance_id {
        let row = world.instances.get(id).filter(|row| row.fleet == fleet.id);
        let row = row.ok_or_else(|| not_found(format!("Instance {id} not found.")))?;
        let instances = Some(vec![view(world, row)]);
        return Ok(DescribeInstancesOutput {
            instances,
            next_token: None,
        });
    }
    let location = input
        .location
        .as_deref()
        .map_or_else(|| fleet.home.clone(), Location::from);
    if !world.fleet_locations.has(&fleet.id, location.as_str()) {
        return Err(not_found(format!(
            "Fleet {} has no location {location}.",
            fleet.id
        )));
    }
    let filter = format!("{}|{location}", fleet.id);
    let query = Query {
        operation: "DescribeInstances",
        filter: &filter,
        limit: input.limit,
        limit_default: 100,
        limit_max: 100,
        token: input.next_token.as_deref(),
    };
    let mut rows: Vec<_> = world
        .instances
        .of(&fleet.id, Some(&location))
        .map(|row| (oldest_first(row.created, row.id.as_str()), row))
        .collect();
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    let page = query.page(rows)?;
    let instances = page.items.into_iter().map(|row| view(world, row)).collect();
    Ok(DescribeInstancesOutput {
        instances: Some(instances),
        next_token: page.next_token,
    })
}

fn view(world: &World, row: &Instance) -> api::Instance {
    let fleet = world.fleets.get(&row.fleet);
    api::Instance {
        fleet_id: Some(row.fleet.to_string()),
        fleet_arn: Some(world.settings.fleet_arn(&row.fleet)),
        instance_id: Some(row.id.to_string()),
        ip_address: Some(row.ip_address.clone()),
        dns_name: Some(row.dns_name.clone()),
        operating_system: fleet.and_then(|fleet| fleet.attributes.operating_system),
        r#type: Some(row.instance_type.clone()),
        status: Some(row.status),
        creation_time: Some(timestamp(row.created)),
        location: Some(row.location.to_string()),
    }
}
