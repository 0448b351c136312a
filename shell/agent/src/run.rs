//! Start in three steps: check the settings, take the data folder, run.

use std::fs::{self, File};
use std::io::Read as _;
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;

use ids::{Location, Mint};
use nix::fcntl::{Flock, FlockArg};
use serversdk::machine::HoistOffer;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tracing::info;

use crate::deploy::Deployments;
use crate::files::write_whole;
use crate::instance::{Bind, Shared};
use crate::machine::Machine;
use crate::net::Dialer;
use crate::{Error, Provider, Settings, Shutdown};

/// Events that wait for the loop; then their tasks wait.
const EVENTS_MAX: usize = 1024;

/// An agent that runs.
#[derive(Debug)]
pub struct Running {
    /// The machine's name towards control.
    pub machine_name: String,
    task: JoinHandle<()>,
}

impl Running {
    /// Comes back when the agent has ended.
    pub async fn ended(self) {
        if let Err(failure) = self.task.await
            && let Ok(panic) = failure.try_into_panic()
        {
            // Only a bug of ours panics there; it shall not be hidden.
            std::panic::resume_unwind(panic);
        }
    }
}

/// Starts an agent. It offers its machine until `shutdown` says so; a control plane that is away is waited for.
pub async fn run(settings: Settings, shutdown: Shutdown) -> Result<Running, Error> {
    let data = settings.data.clone();
    let unusable = |path: &Path| {
        let path = path.to_path_buf();
        move |source| Error::Data { path, source }
    };
    fs::create_dir_all(data.join("instances")).map_err(unusable(&data))?;
    // Server processes run in the content's folder, so relative paths would lead them astray.
    let data = fs::canonicalize(&data).map_err(unusable(&data))?;
    let lock = lock(&data)?;
    let dialer = Dialer::new(settings.ca.as_deref())?;
    let content = data.join("content");
    let deployments = Deployments::new(content.clone(), dialer.clone(), settings.limits.clone())
        .map_err(unusable(&content))?;
    let mut mint = Mint::new(random_bits().map_err(unusable(Path::new("/dev/urandom")))?);
    let identity = Identity::of(&data, &settings, &mut mint)?;
    let url = machine_url(&settings)?;
    let program = match settings.program.clone() {
        Some(program) => program,
        None => std::env::current_exe().map_err(unusable(Path::new("/proc/self/exe")))?,
    };
    let (send, events) = mpsc::channel(EVENTS_MAX);
    let shared = Shared {
        dialer,
        deployments,
        events: send,
        program,
        arguments: arguments(&settings),
        confine: settings.confine,
        at_end: settings.at_end,
        bind: bind(&settings.provider),
        limits: settings.limits.clone(),
    };
    let machine_name = identity.name.clone();
    let machine = Machine {
        shared: Arc::new(shared),
        instances_folder: data.join("instances"),
        offer: offer(&settings.provider, identity),
        url,
        mint,
    };
    info!(machine_name, control = settings.control, "agent runs");
    let task = tokio::spawn(async move {
        machine.run(events, shutdown).await;
        drop(lock);
    });
    Ok(Running { machine_name, task })
}

fn lock(data: &Path) -> Result<Flock<File>, Error> {
    let path = data.join("agent.lock");
    let file = File::create(&path).map_err(|source| Error::Data {
        path: path.clone(),
        source,
    })?;
    Flock::lock(file, FlockArg::LockExclusiveNonblock).map_err(|(_, errno)| {
        if errno == nix::errno::Errno::EWOULDBLOCK {
            Error::Held {
                data: data.to_path_buf(),
            }
        } else {
            Error::Data {
                path,
                source: errno.into(),
            }
        }
    })
}

/// What a machine is, kept in its data folder, so that the next agent is the same.
#[derive(serde::Serialize, serde::Deserialize)]
struct Identity {
    name: String,
    /// The second and third number of its loopback addresses: two agents of one machine shall not share addresses.
    loopback: [u8; 2],
}

impl Identity {
    fn of(data: &Path, settings: &Settings, mint: &mut Mint) -> Result<Self, Error> {
        let path = data.join("machine.json");
        let known: Option<Self> = fs::read(&path)
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let mut identity = known.unwrap_or_else(|| {
            let mut number = || u8::try_from(1 + mint.below(254)).unwrap_or(1);
            let loopback = [number(), number()];
            Self {
                name: format!("machine-{}", mint.hex(12)),
                loopback,
            }
        });
        if !settings.machine_name.is_empty() {
            identity.name.clone_from(&settings.machine_name);
        }
        let bytes = serde_json::to_vec(&identity).expect("a text and two numbers have a JSON form");
        write_whole(&path, &bytes).map_err(|source| Error::Data { path, source })?;
        Ok(identity)
    }
}

/// What every script's process gets besides: whom to trust when the control plane speaks TLS.
fn arguments(settings: &Settings) -> Vec<String> {
    let ca = settings.ca.as_ref();
    let trust = ca.map(|path| {
        [
            "--control-ca".to_owned(),
            path.to_string_lossy().into_owned(),
        ]
    });
    let own = settings.arguments.iter().cloned();
    own.chain(trust.into_iter().flatten()).collect()
}

fn machine_url(settings: &Settings) -> Result<String, Error> {
    let wrong = |reason: &str| Error::Setting {
        setting: "--control",
        reason: reason.to_owned(),
    };
    let control = settings.control.trim_end_matches('/');
    let sockets = match control.split_once("://") {
        Some(("http" | "ws", host)) => format!("ws://{host}"),
        Some(("https" | "wss", host)) => format!("wss://{host}"),
        Some(_) | None => return Err(wrong("it must be http://HOST:PORT or https://HOST:PORT")),
    };
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    if settings.token.is_empty() || !settings.token.bytes().all(plain) {
        let reason = "it is in the file `machine-token` of control's data folder: letters, digits and -._~ only";
        return Err(Error::Setting {
            setting: "--token",
            reason: reason.to_owned(),
        });
    }
    Ok(format!(
        "{sockets}/machine?Authorization={}",
        settings.token
    ))
}

fn bind(provider: &Provider) -> Bind {
    match provider {
        Provider::Local { .. } => Bind::Own,
        Provider::Pool {
            bind: Some(address),
            ..
        } => Bind::This(*address),
        Provider::Pool { bind: None, .. } => Bind::Every,
    }
}

fn offer(provider: &Provider, identity: Identity) -> HoistOffer {
    let texts = |addresses: &[IpAddr]| addresses.iter().map(ToString::to_string).collect();
    match provider {
        Provider::Local {
            addresses,
            capacity,
        } => {
            let [second, third] = identity.loopback;
            let own = (1..=(*capacity).min(254)).map(|last| format!("127.{second}.{third}.{last}"));
            HoistOffer {
                machine_name: identity.name,
                capacity: *capacity,
                addresses: if addresses.is_empty() {
                    own.collect()
                } else {
                    texts(addresses)
                },
                ..HoistOffer::default()
            }
        }
        Provider::Pool {
            locations,
            instance_types,
            addresses,
            dns_name,
            capacity,
            tcp_ports,
            udp_ports,
            ..
        } => HoistOffer {
            machine_name: identity.name,
            locations: locations
                .iter()
                .map(|name| Location::from(name.as_str()))
                .collect(),
            instance_types: instance_types.clone(),
            capacity: *capacity,
            addresses: texts(addresses),
            dns_name: dns_name.clone(),
            tcp_ports: *tcp_ports,
            udp_ports: *udp_ports,
            instances: Vec::new(),
        },
    }
}

fn random_bits() -> std::io::Result<[u64; 4]> {
    let mut bytes = [0u8; 32];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    let mut bits = [0u64; 4];
    for (bit, chunk) in bits.iter_mut().zip(bytes.chunks_exact(8)) {
        *bit = chunk
            .iter()
            .fold(0, |number, byte| number << 8 | u64::from(*byte));
    }
    Ok(bits)
}
