//! What an instance does because its supervisor says so. Whatever takes time runs in a task of its own and comes back as an event.

use ids::{InstanceId, ProcessId};
use nix::sys::signal::Signal;
use serversdk::agent::{self, Content, DeployStep};
use supervisor::{Input, Launch, OsId, Output};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tracing::{debug, info, warn};

use super::{Bind, Instance, Os};
use crate::deploy::DeployError;
use crate::event::Event;
use crate::launch::Recipe;
use crate::ledger::Record;
use crate::process::{self, Identity};
use crate::ship::logs_of;
use crate::{AtEnd, tail as follow};

/// Logs that are followed at the same time; more followers of other logs are not served.
const FOLLOWED_MAX: usize = 64;

impl Instance {
    pub(super) fn drain(&mut self) {
        while let Some(output) = self.supervisor.poll_output() {
            match output {
                Output::Ask(request) => self.ask(&request),
                Output::Deploy(content) => self.deploy(content),
                Output::Launch(launch) => self.launch(launch),
                Output::Stop(os) => self.signal(os, Signal::SIGTERM),
                Output::Kill(os) => self.signal(os, Signal::SIGKILL),
                Output::Ship(os, process) => self.pack(os, process),
                // Other instances may use it, or use it again soon; the machine sweeps what nobody has used for long.
                Output::ForgetVersion(hash) => debug!(hash, "version not used any more"),
                Output::Finished => {
                    self.say_farewell();
                }
            }
        }
    }

    pub(super) fn ask(&mut self, request: &agent::Request) {
        self.requests += 1;
        let id = format!("a{}", self.requests);
        if let agent::Request::NotifyServerProcessTermination(gone) = request {
            self.untold.insert(id.clone(), gone.process_id.clone());
        }
        self.link.send(serversdk::request(&id, request));
    }

    fn deploy(&self, content: Content) {
        let (deployments, token) = (
            self.shared.deployments.clone(),
            self.order.auth_token.clone(),
        );
        let voice = self.voice();
        tokio::spawn(async move {
            let hash = content.hash.clone();
            let (steps, mut heard) = mpsc::channel(8);
            let telling = async {
                while let Some(step) = heard.recv().await {
                    let input = Input::Deploying(hash.clone(), step);
                    voice.say(|instance| Event::Happened(instance, input)).await;
                }
            };
            let (outcome, ()) = tokio::join!(deployments.deploy(&content, &token, steps), telling);
            let Err(error) = outcome else {
                return voice
                    .say(|instance| Event::Deployed(instance, content.hash))
                    .await;
            };
            warn!(%error, "deployment failed");
            let step = match &error {
                DeployError::Download(_) => DeployStep::DownloadFailed,
                DeployError::Installer(_) => DeployStep::InstallerFailed,
            };
            let input = Input::DeployFailed(content.hash, step, error.to_string());
            voice.say(|instance| Event::Happened(instance, input)).await;
        });
    }

    fn launch(&mut self, launch: Launch) {
        let os = launch.os;
        if let Err(reason) = self.try_launch(&launch) {
            warn!(os = os.0, reason, "server process could not be started");
            self.watch(launch, None);
            let voice = self.voice();
            tokio::spawn(async move {
                let input = Input::LaunchFailed(os, reason);
                voice.say(|instance| Event::Happened(instance, input)).await;
            });
        }
    }

    fn try_launch(&mut self, launch: &Launch) -> Result<(), String> {
        let Some(configuration) = &self.configuration else {
            return Err("control has not said what to run".to_owned());
        };
        let shared = &self.shared;
        let bind = match shared.bind {
            Bind::Own => configuration.ip_address.parse().ok(),
            Bind::This(address) => Some(address),
            Bind::Every => None,
        };
        let recipe = Recipe {
            program: &shared.program,
            arguments: &shared.arguments,
            confine: shared.confine,
            bound: shared.at_end == AtEnd::Kill,
            bind,
            configuration,
            token: &self.order.auth_token,
            game_dir: &shared.deployments.folder_of(&launch.version),
            launch_path: &launch.launch_path,
            parameters: &launch.parameters,
        };
        let words = |error: std::io::Error| error.to_string();
        let folders = self.ledger.make_folders(launch.os).map_err(words)?;
        let start = recipe.launch(&launch.slots, &folders).ok_or_else(|| {
            format!(
                "Failed to find a valid path: {} is not in the content",
                launch.launch_path
            )
        })?;
        let (identity, child) = process::start(&start).map_err(words)?;
        let record = Record {
            launch: launch.clone(),
            identity,
        };
        if let Err(error) = self.ledger.save(&record) {
            // A process that the next agent does not know of would run for ever.
            process::signal(identity, Signal::SIGKILL);
            return Err(format!("its record could not be written: {error}"));
        }
        info!(
            os = launch.os.0,
            pid = identity.pid,
            slots = launch.slots.len(),
            "server process started"
        );
        let os = launch.os;
        let voice = self.voice();
        tokio::spawn(async move {
            let exit = process::ended(identity, child).await;
            voice
                .say(|instance| Event::Exited(instance, os, exit))
                .await;
        });
        self.watch(launch.clone(), Some(identity));
        Ok(())
    }

    /// Keeps a process in mind; one with several slots says which of them end.
    pub(super) fn watch(&mut self, launch: Launch, identity: Option<Identity>) {
        let reader = (launch.slots.len() > 1).then(|| {
            let (pieces, mut read) = mpsc::channel(16);
            let voice = self.voice();
            let path = self.ledger.folders(launch.os).events;
            tokio::spawn(async move {
                let _end = EndWith(tokio::spawn(follow::follow(path, pieces)));
                while let Some(text) = read.recv().await {
                    voice.say(|instance| Event::Said(instance, text)).await;
                }
            })
        });
        let unpacked = launch
            .slots
            .iter()
            .map(|slot| slot.process_id.clone())
            .collect();
        let os = Os {
            identity,
            launch,
            unpacked,
            abnormal: false,
            gone: false,
            reader,
        };
        self.processes.insert(os.launch.os, os);
    }

    fn signal(&self, os: OsId, signal: Signal) {
        if let Some(identity) = self.processes.get(&os).and_then(|os| os.identity) {
            process::signal(identity, signal);
        }
    }

    /// Packs the logs of a logical process that has ended, if anybody will want them.
    fn pack(&mut self, id: OsId, process: ProcessId) {
        let Some(os) = self.processes.get(&id) else {
            return;
        };
        if let Some(follower) = self.followed.remove(&process) {
            follower.abort();
        }
        let wanted = self.hosting.contains(&process) || os.abnormal;
        let voice = self.voice();
        let folders = self.ledger.folders(id);
        let common = if os.abnormal {
            vec![folders.output]
        } else {
            Vec::new()
        };
        let (outgoing, bytes_max) = (self.outgoing.clone(), self.shared.limits.log_bytes_max);
        tokio::spawn(async move {
            if !wanted {
                return voice
                    .say(|instance| Event::Packed(instance, id, process))
                    .await;
            }
            let name = process.to_string();
            let packing = tokio::task::spawn_blocking(move || {
                let files = logs_of(&folders.logs, &name, &common)?;
                outgoing.pack(&name, &files, bytes_max)
            });
            match packing.await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => warn!(%error, %process, "logs could not be packed"),
                Err(error) => warn!(%error, %process, "packing was cut short"),
            }
            voice
                .say(|instance| Event::Packed(instance, id, process))
                .await;
        });
    }

    pub(super) fn forget_if_done(&mut self, id: OsId) {
        let done = self
            .processes
            .get(&id)
            .is_some_and(|os| os.gone && os.unpacked.is_empty());
        let failed = self
            .processes
            .get(&id)
            .is_some_and(|os| os.identity.is_none() && os.unpacked.is_empty());
        if done || failed {
            self.processes.remove(&id);
            if let Err(error) = self.ledger.forget(id) {
                debug!(%error, os = id.0, "files of a process were gone already");
            }
        }
    }

    pub(super) fn ship(&mut self) {
        let url = self
            .configuration
            .as_ref()
            .map_or("", |wanted| &wanted.log_upload_url);
        if self.shipping || url.is_empty() || self.outgoing.is_empty() {
            return;
        }
        self.shipping = true;
        let (fleet, instance) = (&self.order.fleet_id, &self.order.instance_id);
        let url = format!("{url}/{fleet}/{instance}");
        let (outgoing, dialer) = (self.outgoing.clone(), self.shared.dialer.clone());
        let token = self.order.auth_token.clone();
        let voice = self.voice();
        tokio::spawn(async move {
            let outcome = outgoing.ship(&dialer, &url, &token).await;
            if let Err(error) = &outcome {
                debug!(%error, "logs wait for control");
            }
            voice.say(Event::Shipped).await;
        });
    }

    pub(super) fn follow(&mut self, process: &ProcessId, wanted: bool) {
        if let Some(before) = self.followed.remove(process) {
            before.abort();
        }
        let slot = |os: &&Os| {
            os.launch
                .slots
                .iter()
                .any(|slot| slot.process_id == *process)
        };
        let Some(os) = self.processes.values().find(slot) else {
            return;
        };
        if !wanted || self.followed.len() >= FOLLOWED_MAX {
            return;
        }
        let path = self
            .ledger
            .folders(os.launch.os)
            .logs
            .join(format!("{process}.log"));
        let (pieces, mut read) = mpsc::channel(16);
        let (voice, name) = (self.voice(), process.clone());
        let task = tokio::spawn(async move {
            let _end = EndWith(tokio::spawn(follow::follow(path, pieces)));
            while let Some(text) = read.recv().await {
                voice
                    .say(|instance| Event::Lines(instance, name.clone(), text))
                    .await;
            }
        });
        self.followed.insert(process.clone(), task);
    }

    pub(super) fn voice(&self) -> Voice {
        Voice {
            instance: self.order.instance_id.clone(),
            events: self.shared.events.clone(),
        }
    }
}

/// A way for a task to say something to the loop.
pub(super) struct Voice {
    instance: InstanceId,
    events: mpsc::Sender<Event>,
}

impl Voice {
    pub(super) async fn say(&self, event: impl FnOnce(InstanceId) -> Event) {
        // The loop is gone only when the agent ends.
        let _ = self.events.send(event(self.instance.clone())).await;
    }
}

/// Ends a task when its owner ends.
struct EndWith(JoinHandle<()>);

impl Drop for EndWith {
    fn drop(&mut self) {
        self.0.abort();
    }
}
