//! The state and its doors. Decides nothing: every door hands over to the room of the resource.

use ids::{Mint, ProcessId, ScriptId, Time};
use serversdk::{AgentConnect, Refusal, ServerConnect, agent, machine, server};
use std::mem::take;

use crate::builds::AwaitedUpload;
use crate::effects::{Batch, Change, Effect, LinkId, LoadError};
use crate::links::{Links, Peer};
use crate::scripts::StoredObject;
use crate::settings::Settings;
use crate::timers::{Timer, Timers};
use crate::turn::{Caller, Facts, Turn};
use crate::{
    agents, aliases, builds, computes, dispatch, fleet_events, fleet_locations, fleets,
    game_sessions, instances, locations, logs, machines, metrics, outbox, player_sessions,
    process_ends, process_links, processes, scripts, tables, tags, tokens,
};

/// Everything the control plane of one region knows.
///
/// All time and all randomness come in as arguments; what is to be stored and done comes out of [`World::take`].
pub struct World {
    pub(crate) settings: Settings,
    pub(crate) scripts: scripts::Scripts,
    pub(crate) builds: builds::Builds,
    pub(crate) fleets: fleets::Fleets,
    pub(crate) fleet_locations: fleet_locations::FleetLocations,
    pub(crate) fleet_events: fleet_events::FleetEvents,
    pub(crate) locations: locations::Locations,
    pub(crate) machines: machines::Machines,
    pub(crate) instances: instances::Instances,
    pub(crate) computes: computes::Computes,
    pub(crate) tokens: tokens::Tokens,
    pub(crate) processes: processes::Processes,
    pub(crate) aliases: aliases::Aliases,
    pub(crate) game_sessions: game_sessions::GameSessions,
    pub(crate) player_sessions: player_sessions::PlayerSessions,
    pub(crate) tags: tags::Tags,
    pub(crate) outbox: outbox::Outbox,
    pub(crate) logs: logs::Logs,
    pub(crate) counters: metrics::Counters,
    pub(crate) links: Links,
    pub(crate) timers: Timers,
    /// When the rows were loaded: what others could not say before that is not held against them.
    pub(crate) loaded: Time,
    pub(crate) effects: Vec<Effect>,
}

impl World {
    /// A world with nothing in it.
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            scripts: Default::default(),
            builds: Default::default(),
            fleets: Default::default(),
            fleet_locations: Default::default(),
            fleet_events: Default::default(),
            locations: Default::default(),
            machines: Default::default(),
            instances: Default::default(),
            computes: Default::default(),
            tokens: Default::default(),
            processes: Default::default(),
            aliases: Default::default(),
            game_sessions: Default::default(),
            player_sessions: Default::default(),
            tags: Default::default(),
            outbox: Default::default(),
            logs: Default::default(),
            counters: Default::default(),
            links: Links::default(),
            timers: Timers::default(),
            loaded: Time::ZERO,
            effects: Vec::new(),
        }
    }

    /// A world from the rows of a store: (table, key, JSON text). Nobody is connected yet; everybody has a while to come.
    pub fn load<'a>(
        settings: Settings,
        rows: impl IntoIterator<Item = (&'a str, &'a str, &'a str)>,
        now: Time,
    ) -> Result<Self, LoadError> {
        let mut world = Self::new(settings);
        for (table, key, row) in rows {
            tables::load(&mut world, table, key, row)?;
        }
        world.loaded = now;
        tables::rebuild(&mut world, now);
        Ok(world)
    }

    /// One call of the AWS API, validated before. What it wants stored and done is in the next [`World::take`].
    pub fn call(
        &mut self,
        caller: &Caller,
        request: api::Request,
        facts: &Facts,
        now: Time,
        mint: &mut Mint,
    ) -> Result<api::Response, api::Fault> {
        if !caller.account.is_empty() && caller.account != self.settings.account {
            let message = format!("Account {} has nothing in this deployment.", caller.account);
            return Err(api::Fault::new(api::FaultCode::Unauthorized, message));
        }
        dispatch::call(self, &mut Turn { facts, now, mint }, request)
    }

    /// A server process wants to connect. [`serversdk::Authorization::SigV4`] means that the shell has found the signature good.
    pub fn server_connect(
        &mut self,
        link: LinkId,
        connect: &ServerConnect,
        now: Time,
        mint: &mut Mint,
    ) -> Result<(), Refusal> {
        self.turn(now, mint, |world, turn| {
            process_links::connect(world, turn, link, connect)
        })
    }

    /// A server process asks.
    pub fn server_request(
        &mut self,
        link: LinkId,
        request: server::Request,
        now: Time,
        mint: &mut Mint,
    ) -> Result<server::Response, Refusal> {
        let Some(Peer::Process(key)) = self.links.get(link).cloned() else {
            return Err(stranger());
        };
        self.turn(now, mint, |world, turn| {
            process_links::request(world, turn, &key, request)
        })
    }

    /// An agent wants to connect for one compute.
    pub fn agent_connect(
        &mut self,
        link: LinkId,
        connect: &AgentConnect,
        now: Time,
        mint: &mut Mint,
    ) -> Result<(), Refusal> {
        self.turn(now, mint, |world, turn| {
            agents::connect(world, turn, link, connect)
        })
    }

    /// An agent asks.
    pub fn agent_request(
        &mut self,
        link: LinkId,
        request: agent::Request,
        now: Time,
        mint: &mut Mint,
    ) -> Result<agent::Response, Refusal> {
        let Some(Peer::Agent(fleet, compute)) = self.links.get(link).cloned() else {
            return Err(stranger());
        };
        self.turn(now, mint, |world, turn| {
            agents::request(world, turn, &(fleet, compute), request)
        })
    }

    /// A machine asks; its first request must be an offer. The shell has checked its token.
    pub fn machine_request(
        &mut self,
        link: LinkId,
        request: machine::Request,
        now: Time,
        mint: &mut Mint,
    ) -> Result<machine::Response, Refusal> {
        self.turn(now, mint, |world, turn| {
            machines::request(world, turn, link, request)
        })
    }

    /// A link is gone, for whatever reason.
    pub fn disconnected(&mut self, link: LinkId, now: Time, mint: &mut Mint) {
        self.turn(now, mint, |world, turn| match world.links.remove(link) {
            Some(Peer::Process(key)) => process_links::disconnected(world, turn, link, &key),
            Some(Peer::Agent(fleet, compute)) => {
                instances::agent_lost(world, turn, &fleet, &compute);
            }
            Some(Peer::Machine(name)) => machines::disconnected(world, turn, link, &name),
            None => {}
        });
    }

    /// The objects behind `StorageLocation`s that are worth looking at from time to time.
    pub fn stored_objects(&self) -> Vec<StoredObject> {
        scripts::stored_objects(self)
    }

    /// The objects that builds wait for; when one is there, the shell says [`World::build_uploaded`].
    pub fn awaited_uploads(&self) -> Vec<AwaitedUpload> {
        builds::awaited_uploads(self)
    }

    /// The object behind a script's `StorageLocation` is another one now.
    pub fn object_changed(
        &mut self,
        script: &ScriptId,
        content: &crate::Content,
        now: Time,
        mint: &mut Mint,
    ) {
        self.turn(now, mint, |world, turn| {
            scripts::object_changed(world, turn, script, content)
        });
    }

    /// The upload of a build has arrived: usable content, or not.
    pub fn build_uploaded(
        &mut self,
        build: &ids::BuildId,
        facts: &Facts,
        now: Time,
        mint: &mut Mint,
    ) {
        self.turn(now, mint, |world, turn| {
            builds::uploaded(world, turn, build, facts)
        });
    }

    /// Whether a compute with this token may fetch content of this hash.
    pub fn may_fetch(&self, token: &str, hash: &str, now: Time) -> bool {
        agents::may_fetch(self, token, hash, now)
    }

    /// Where the logs of a process belong, when this token may bring them; none: refuse the upload.
    pub fn log_ticket(
        &self,
        token: &str,
        compute: &(ids::FleetId, ids::ComputeName),
        process: &ProcessId,
        now: Time,
    ) -> Option<logs::LogTicket> {
        logs::ticket(self, token, compute, process, now)
    }

    /// The logs of a game session are stored.
    pub fn logs_stored(&mut self, game_session: &str, size: u64, now: Time, mint: &mut Mint) {
        self.turn(now, mint, |world, turn| {
            logs::stored(world, turn, game_session, size)
        });
    }

    /// Starts (or stops) following the log of a game session's process; its lines come as [`Effect::LogLines`].
    pub fn follow_log(&mut self, game_session: &str, follow: bool) -> Result<(), api::Fault> {
        logs::follow(self, game_session, follow)
    }

    /// An event of the outbox has reached its receiver.
    pub fn delivered(&mut self, number: u64) {
        self.outbox.delivered(number);
    }

    /// All gauges and counters, by the names of AWS.
    pub fn metrics(&self) -> Vec<metrics::Sample> {
        metrics::samples(self)
    }

    /// What must always be true, checked; the first thing that is not is told. For simulations and tests.
    pub fn check(&self) -> Result<(), String> {
        crate::invariants::check(self)
    }

    /// Like [`World::check`], and no session has more players than seats. (Making the seats fewer evicts nobody, so this
    /// holds only where nobody does that.)
    pub fn check_with_seats(&self) -> Result<(), String> {
        self.check()?;
        crate::invariants::check_seats(self)
    }

    /// The hashes of all content that is still needed; the shell may remove the rest when it starts.
    pub fn contents(&self) -> std::collections::BTreeSet<String> {
        let mut hashes = self.scripts.hashes();
        hashes.extend(self.builds.hashes());
        hashes
    }

    /// Does what is due.
    pub fn handle_timeout(&mut self, now: Time, mint: &mut Mint) {
        self.turn(now, mint, |world, turn| {
            // A bound against a room that sets its timer to now again and again.
            for _ in 0..10_000 {
                let Some(timer) = world.timers.pop(now) else {
                    return;
                };
                on_timer(world, turn, timer);
            }
        });
    }

    /// When [`World::handle_timeout`] wants to be called next.
    pub fn poll_timeout(&self) -> Option<Time> {
        self.timers.next()
    }

    /// What has changed and what is to be done, since the last time.
    pub fn take(&mut self) -> Batch {
        let mut changes: Vec<Change> = Vec::new();
        tables::drain_changes(self, &mut changes);
        Batch {
            changes,
            effects: take(&mut self.effects),
        }
    }

    fn turn<T>(
        &mut self,
        now: Time,
        mint: &mut Mint,
        run: impl FnOnce(&mut Self, &mut Turn<'_>) -> T,
    ) -> T {
        run(
            self,
            &mut Turn {
                facts: &Facts::None,
                now,
                mint,
            },
        )
    }
}

fn on_timer(world: &mut World, turn: &mut Turn<'_>, timer: Timer) {
    match timer {
        Timer::Location(fleet, location) => {
            fleet_locations::on_timer(world, turn, &fleet, &location);
        }
        Timer::Fleet(fleet) => fleets::on_timer(world, turn, &fleet),
        Timer::Machine(name) => machines::on_timer(world, turn, &name),
        Timer::Instance(id) => instances::on_timer(world, turn, &id),
        Timer::Process(key) => process_ends::on_timer(world, turn, &key),
        Timer::GameSession(id) => game_sessions::on_timer(world, turn, &id),
        Timer::PlayerSession(id) => player_sessions::on_timer(world, turn, &id),
        Timer::Sweep => tables::sweep(world, turn),
    }
}

fn stranger() -> Refusal {
    Refusal::new(
        serversdk::Status::Unauthorized,
        "this link belongs to nobody; connect again",
    )
}
