//! Start in three steps (open, bind, run) and stop by letting requests finish. What fails, fails before anything is served.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tracing::{debug, info, warn};
use world::{Effect, World};

use crate::buckets::Buckets;
use crate::events::{Numbered, Sink};
use crate::files::{ContentStore, LogStore, random_bits, secret_file};
use crate::follow::Followers;
use crate::http::{self, RequestIds, Rooms, Served};
use crate::links::{Hub, Links};
use crate::sign::Keys;
use crate::state::State;
use crate::store::{Row, Sqlite, Store as _};
use crate::writer::{self, Inbox, Parts, Writer};
use crate::{Error, Settings, Shutdown, StoreError, clock, events, keeper, metrics};

/// "Come back": the SDKs take 1000 and 1001 for a wish of the process itself and stay away.
const SERVICE_RESTART: u16 = 1012;

/// A control plane that runs.
#[derive(Debug)]
pub struct Running {
    /// Where the API port is bound.
    pub api: SocketAddr,
    /// Where the metrics port is bound.
    pub metrics: Option<SocketAddr>,
    /// How hosts and server processes reach the API port.
    pub url: String,
    /// What an agent must say to offer a machine.
    pub machine_token: String,
    task: JoinHandle<Result<(), Error>>,
}

impl Running {
    /// Comes back when the control plane has ended: as wished, or because it could not go on.
    pub async fn ended(self) -> Result<(), Error> {
        match self.task.await {
            Ok(outcome) => outcome,
            // Only a bug of ours panics there; it shall not be hidden.
            Err(failure) => match failure.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(_) => Ok(()),
            },
        }
    }
}

/// Starts a control plane. It serves when this comes back, and ends when `shutdown` says so.
pub async fn run(settings: Settings, shutdown: Shutdown) -> Result<Running, Error> {
    check(&settings)?;
    let opened = Opened::open(&settings)?;
    let api = http::bind(settings.api).await?;
    let metrics_port = match settings.metrics {
        Some(address) => Some(http::bind(address).await?),
        None => None,
    };
    let (api_address, metrics_address) = (
        address_of(&api)?,
        metrics_port.as_ref().map(address_of).transpose()?,
    );
    let url = public_url(&settings, api_address);
    let machine_token = opened.machine_token.clone();
    let ports = Ports {
        api,
        metrics: metrics_port,
        tls: settings.tls.as_ref().map(http::tls).transpose()?,
    };
    let house = House::build(&settings, &url, opened)?;
    info!(%api_address, url, region = settings.region, "control serves");
    if settings.access_keys.is_empty() {
        warn!(
            "no access keys are set: every caller with any credentials may do everything (--access-key ID:SECRET)"
        );
    }
    let task = tokio::spawn(house.serve(settings, ports, shutdown));
    Ok(Running {
        api: api_address,
        metrics: metrics_address,
        url,
        machine_token,
        task,
    })
}

fn check(settings: &Settings) -> Result<(), Error> {
    let wrong = |setting, reason: &str| {
        Err(Error::Setting {
            setting,
            reason: reason.to_owned(),
        })
    };
    let parts: Vec<&str> = settings.region.split('-').collect();
    let region_fits = matches!(parts[..], [area, name, number]
        if area.len() == 2 && !name.is_empty() && number.len() == 1
            && area.bytes().chain(name.bytes()).all(|byte| byte.is_ascii_lowercase())
            && number.bytes().all(|byte| byte.is_ascii_digit()));
    if !region_fits {
        return wrong(
            "--region",
            "SDKs only take names like us-east-1; choose such a name",
        );
    }
    if settings.account.len() != 12 || !settings.account.bytes().all(|byte| byte.is_ascii_digit()) {
        return wrong("--account", "an account id has 12 digits");
    }
    if let Some(url) = &settings.public_url
        && !(url.starts_with("http://") || url.starts_with("https://"))
    {
        return wrong("--public-url", "it must start with http:// or https://");
    }
    Ok(())
}

fn address_of(listener: &TcpListener) -> Result<SocketAddr, Error> {
    let unknown = SocketAddr::from(([0, 0, 0, 0], 0));
    listener.local_addr().map_err(|source| Error::Bind {
        address: unknown,
        source,
    })
}

fn public_url(settings: &Settings, bound: SocketAddr) -> String {
    if let Some(url) = &settings.public_url {
        return url.trim_end_matches('/').to_owned();
    }
    let scheme = if settings.tls.is_some() {
        "https"
    } else {
        "http"
    };
    let mut address = bound;
    if bound.ip().is_unspecified() {
        warn!(
            "hosts on other machines need --public-url, because no address of this machine is named"
        );
        address.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
    }
    format!("{scheme}://{address}")
}

/// What lies in the data folder.
struct Opened {
    store: Sqlite,
    rows: Vec<Row>,
    content: ContentStore,
    logs: LogStore,
    machine_token: String,
    log_secret: String,
    seed: [u64; 4],
}

impl Opened {
    fn open(settings: &Settings) -> Result<Self, Error> {
        let data = &settings.data;
        let at = |name: &str| data.join(name);
        let unusable = |path: &Path| {
            let path = path.to_path_buf();
            move |source| Error::Data { path, source }
        };
        std::fs::create_dir_all(data).map_err(unusable(data))?;
        let mut store = Sqlite::open(&at("hoist.db")).map_err(|error| match error {
            StoreError::Held => Error::Held { data: data.clone() },
            other @ (StoreError::Full | StoreError::Newer { .. } | StoreError::Sqlite(_)) => {
                Error::Store(other)
            }
        })?;
        let rows = store.rows()?;
        let machine_token = match &settings.machine_token {
            Some(token) => token.clone(),
            None => secret_file(&at("machine-token")).map_err(unusable(data))?,
        };
        Ok(Self {
            store,
            rows,
            content: ContentStore::open(at("content")).map_err(unusable(&at("content")))?,
            logs: LogStore::open(at("logs")).map_err(unusable(&at("logs")))?,
            machine_token,
            log_secret: secret_file(&at("log-url-key")).map_err(unusable(data))?,
            seed: random_bits().map_err(unusable(Path::new("/dev/urandom")))?,
        })
    }
}

/// The bound ports.
struct Ports {
    api: TcpListener,
    metrics: Option<TcpListener>,
    tls: Option<tokio_rustls::TlsAcceptor>,
}

/// Everything that is put together before the first request.
struct House {
    rooms: Arc<Rooms>,
    hub: Hub,
    stop: Arc<AtomicBool>,
    events: Option<(Sink, mpsc::Receiver<Numbered>)>,
    written: oneshot::Receiver<Result<(), StoreError>>,
}

impl House {
    fn build(settings: &Settings, url: &str, opened: Opened) -> Result<Self, Error> {
        let (writer, inbox) = Writer::channel(settings.limits.calls_waiting_max);
        let hub = Hub::new(settings.limits.link_outbox_max);
        let followers = Followers::default();
        let keys = Arc::new(Keys::new(settings));
        let sink = settings.events.as_ref().map(Sink::open).transpose()?;
        let (notify, events) = mpsc::channel(settings.limits.events_waiting_max);
        let bucket_folder = settings.data.join("buckets");
        let buckets = Buckets::open(
            bucket_folder.clone(),
            settings.buckets.clone(),
            settings.limits.script_bytes_max,
        )
        .map_err(|source| Error::Data {
            path: bucket_folder,
            source,
        })?;
        let now = clock::now();
        let rows = opened
            .rows
            .iter()
            .map(|row| (row.table.as_str(), row.key.as_str(), row.json.as_str()));
        let world_settings = world_settings(settings, url, &opened.log_secret);
        let world = World::load(world_settings.clone(), rows, now)?;
        let state = Arc::new(State {
            writer: writer.clone(),
            keys: Arc::clone(&keys),
            content: opened.content,
            logs: opened.logs.clone(),
            buckets,
            followers: followers.clone(),
            limits: settings.limits.clone(),
            world_settings,
            account: settings.account.clone(),
            region: settings.region.clone(),
            request_ids: RequestIds::new(opened.seed),
        });
        let links = Arc::new(Links {
            writer,
            hub: hub.clone(),
            keys,
            machine_token: opened.machine_token,
            message_bytes_max: settings.limits.message_bytes_max,
            ping: settings.limits.link_ping,
        });
        let stop = Arc::new(AtomicBool::new(false));
        let parts = Parts {
            world,
            store: Box::new(opened.store),
            effects: effects(hub.clone(), followers, notify, opened.logs),
            calls_per_commit_max: settings.limits.calls_per_commit_max,
            stop: Arc::clone(&stop),
        };
        let written = start_writer(parts, inbox);
        let rooms = Arc::new(Rooms { state, links });
        Ok(Self {
            rooms,
            hub,
            stop,
            events: sink.map(|sink| (sink, events)),
            written,
        })
    }

    async fn serve(
        self,
        settings: Settings,
        ports: Ports,
        mut shutdown: Shutdown,
    ) -> Result<(), Error> {
        let Self {
            rooms,
            hub,
            stop,
            events,
            mut written,
        } = self;
        let state = Arc::clone(&rooms.state);
        let writer = state.writer.clone();
        let (stopping, stopped) = watch::channel(false);
        let mut tasks = tokio::task::JoinSet::new();
        tasks.spawn(keeper::poll_objects(
            Arc::clone(&state),
            settings.storage_poll,
        ));
        tasks.spawn(keeper::sweep(Arc::clone(&state), settings.logs_kept));
        if let Some((sink, events)) = events {
            tasks.spawn(events::run(sink, events, writer.clone()));
        }
        let served = Served {
            connections_max: settings.limits.connections_max,
            head_timeout: settings.limits.head_timeout,
            tls: ports.tls,
        };
        if let Some(port) = ports.metrics {
            let (plain, hub) = (
                Served {
                    tls: None,
                    ..served.clone()
                },
                hub.clone(),
            );
            let state = Arc::clone(&state);
            let answer = move |request| metrics::answer(Arc::clone(&state), hub.clone(), request);
            tasks.spawn(http::serve(port, plain, answer, stopped.clone()));
        }
        let answer = move |request| {
            let rooms = Arc::clone(&rooms);
            async move { rooms.answer(request).await }
        };
        let mut serving = tokio::spawn(http::serve(ports.api, served, answer, stopped));
        let early = tokio::select! {
            () = shutdown.wished() => None,
            outcome = &mut written => Some(outcome),
        };
        hub.close_all(SERVICE_RESTART);
        stopping.send_replace(true);
        // Requests under way finish first; a failed wait only means that the port's task is gone already.
        let _ = (&mut serving).await;
        tasks.shutdown().await;
        let outcome = match early {
            Some(outcome) => outcome,
            None => {
                stop.store(true, Ordering::Release);
                // Wakes the writer; when it is gone already, so much the better.
                let _ = writer.tell(|_, _, _| (), drop).await;
                written.await
            }
        };
        // A writer without a last word has panicked, which its thread has told.
        outcome.unwrap_or(Ok(())).map_err(Error::Store)
    }
}

fn start_writer(parts: Parts, inbox: Inbox) -> oneshot::Receiver<Result<(), StoreError>> {
    let (last_word, written) = oneshot::channel();
    let handle = tokio::runtime::Handle::current();
    std::thread::spawn(move || {
        let outcome = writer::run(parts, inbox, &handle);
        // Nobody listens when the whole program is going away.
        let _ = last_word.send(outcome);
    });
    written
}

fn effects(
    hub: Hub,
    followers: Followers,
    notify: mpsc::Sender<Numbered>,
    logs: LogStore,
) -> Box<dyn FnMut(Effect) + Send> {
    Box::new(move |effect| match Links::run_effect(&hub, effect) {
        None
        | Some(Effect::Server(..) | Effect::Agent(..) | Effect::Machine(..) | Effect::Close(..)) => {
        }
        Some(Effect::Notify { number, event }) => {
            // When the way is full the event stays a row and goes out again after a restart.
            if notify.try_send((number, event)).is_err() {
                warn!(number, "too many events wait for their receiver");
            }
        }
        Some(Effect::LogLines {
            game_session, text, ..
        }) => {
            if let Some(game_session) = game_session {
                followers.tell(&game_session, text);
            }
        }
        // Another script may bring the same content at this moment; the keeper asks again, when no call is under way.
        Some(Effect::ForgetContent(_)) => {}
        Some(Effect::ForgetLogs(file)) => {
            if let Err(error) = logs.forget(&file) {
                debug!(%error, file, "old logs were gone already");
            }
        }
    })
}

fn world_settings(settings: &Settings, url: &str, log_secret: &str) -> world::Settings {
    let host = url.split_once("://").map_or(url, |(_, host)| host);
    let sockets = if url.starts_with("https://") {
        "wss"
    } else {
        "ws"
    };
    let mut own = world::Settings::new(&settings.region, &settings.account, host);
    own.service_sdk_endpoint = format!("{sockets}://{host}/sdk");
    own.agent_endpoint = format!("{sockets}://{host}/agent");
    own.content_url = format!("{url}/content");
    own.log_upload_url = format!("{url}/logs");
    own.log_download_url = format!("{url}/logs");
    own.log_url_key = crate::sign::sha256(log_secret.as_bytes());
    own.events = settings.events.is_some();
    let kept = u64::try_from(settings.logs_kept.as_millis()).unwrap_or(u64::MAX);
    own.times.logs = ids::Span::from_millis(kept);
    own
}
