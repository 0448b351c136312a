//! Our own link between a machine and control: a machine offers itself, control lets instances of managed fleets run on it.
//! Each instance then opens an agent link of its own ([`crate::agent`]) with the token it was started with.

use ids::{FleetId, InstanceId, Location};
use serde::{Deserialize, Serialize};

use crate::shapes::PortRange;

/// What a machine tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "Action")]
pub enum Request {
    /// First thing after connecting, and again when something changes.
    HoistOffer(HoistOffer),
    /// Every 30 s; three missing ones mean that the machine is lost.
    HoistMachineHeartbeat,
    /// All processes of the instance are gone and it is forgotten.
    HoistInstanceEnded(InstanceName),
}

/// What a machine has to give and what runs there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct HoistOffer {
    /// The machine's own name; a second connection with the same name replaces the first.
    pub machine_name: String,
    /// Where it is; empty: anywhere (the `local` provider).
    pub locations: Vec<Location>,
    /// What it counts as; empty: any type.
    pub instance_types: Vec<String>,
    /// How many instances it can hold.
    pub capacity: u32,
    /// Addresses under which players reach it. Instances get the one that fewest others have.
    pub addresses: Vec<String>,
    /// A DNS name that resolves to the machine; empty: made from the address.
    pub dns_name: String,
    /// Ports that may be given to players, TCP; none: the default of control.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tcp_ports: Option<PortRange>,
    /// The same for UDP.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub udp_ports: Option<PortRange>,
    /// Instances that run on it now.
    pub instances: Vec<InstanceId>,
}

/// Names an instance.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct InstanceName {
    /// Which.
    pub instance_id: InstanceId,
}

/// What control answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "Action")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Response {
    HoistOffer,
    HoistMachineHeartbeat,
    HoistInstanceEnded,
}

/// What control wants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "Action")]
pub enum Push {
    /// Open an agent link for this instance. Repeated after a reconnect when the offer did not name it.
    HoistStartInstance(HoistStartInstance),
    /// Kill what is left of the instance and forget it, then say [`Request::HoistInstanceEnded`]. (An instance is first
    /// told to end through its agent link.)
    HoistStopInstance(InstanceName),
}

/// An instance to be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct HoistStartInstance {
    /// Its id, which is also its compute name.
    pub instance_id: InstanceId,
    /// The fleet.
    pub fleet_id: FleetId,
    /// Where it counts as being.
    pub location: Location,
    /// What it counts as.
    pub instance_type: String,
    /// One of the offered addresses.
    pub ip_address: String,
    /// Where the agent link goes.
    pub agent_endpoint: String,
    /// For the agent link.
    pub auth_token: String,
    /// When the token ends, epoch milliseconds.
    pub expiration_time: u64,
}
