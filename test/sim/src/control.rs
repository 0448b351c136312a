//! The control plane around its world: takes what waits, runs it, commits, **then** answers, **then** runs the effects; and dies in
//! between. What was committed is there after its restart, and nothing else.

use ids::{Mint, Span, Time};
use serde_json::Value;
use serversdk::{Refusal, agent, machine, server};
use std::collections::BTreeMap;
use std::mem::take;
use world::{Caller, Content, Effect, Facts, LinkId, Settings, World};

use crate::client::Heard;
use crate::links::{Down, Hello, Up};
use crate::sim::{Event, Sim};

/// What waits for the writer.
#[derive(Debug)]
enum Work {
    Connect(u64, Hello),
    Up(u64, Up),
    Gone(u64),
    Api {
        ticket: u64,
        name: &'static str,
        input: Value,
    },
}

/// What is said when the turn is committed.
enum Answer {
    Down(u64, Box<Down>),
    Refuse(u64),
    Api(u64, &'static str, Result<Value, api::Fault>),
}

/// The process that holds the world, and its disk.
pub(crate) struct Control {
    world: Option<World>,
    pub(crate) disk: BTreeMap<(&'static str, String), String>,
    mint: Mint,
    inbox: Vec<Work>,
    /// Counts the starts, so that what belongs to an earlier life is told from now.
    pub(crate) life: u64,
    pub(crate) started: Time,
    turn_planned: bool,
}

impl Control {
    pub(crate) fn new(mint: Mint, now: Time) -> Self {
        Self {
            world: Some(World::new(settings())),
            disk: BTreeMap::new(),
            mint,
            inbox: Vec::new(),
            life: 0,
            started: now,
            turn_planned: false,
        }
    }

    pub(crate) fn next_timeout(&self) -> Time {
        let due = self.world.as_ref().and_then(World::poll_timeout);
        due.unwrap_or(Time::MAX)
    }

    pub(crate) fn is_up(&self) -> bool {
        self.world.is_some()
    }

    /// Asks a world without anybody having asked.
    fn look(world: &mut World, mint: &mut Mint, now: Time, name: &str, input: &Value) -> Value {
        call(world, mint, now, name, input.clone()).unwrap_or_default()
    }
}

fn call(
    world: &mut World,
    mint: &mut Mint,
    now: Time,
    name: &str,
    input: Value,
) -> Result<Value, api::Fault> {
    let operation =
        api::Operation::from_name(name).expect("the client names operations that are there");
    let facts = match input.get("ZipFile").and_then(Value::as_str) {
        Some(zip) => Facts::Content(Content {
            hash: format!("hash-{zip}"),
            size: 1,
            etag: String::new(),
        }),
        None => Facts::None,
    };
    let request = api::Request::parse(operation, input)?;
    let response = world.call(&Caller::default(), request, &facts, now, mint)?;
    Ok(response.to_value())
}

fn settings() -> Settings {
    let mut settings = Settings::new("us-east-1", "123456789012", "127.0.0.1:9700");
    settings.events = true;
    settings.limits.outbox = 50;
    settings.times.creator_pause = Span::ZERO;
    settings
}

fn load(disk: &BTreeMap<(&'static str, String), String>, now: Time) -> Result<World, String> {
    let rows = disk
        .iter()
        .map(|((table, key), row)| (*table, key.as_str(), row.as_str()));
    World::load(settings(), rows, now).map_err(|error| error.to_string())
}

impl Sim {
    pub(crate) fn connect_arrives(&mut self, link: u64, hello: Hello) {
        self.work(link, Work::Connect(link, hello));
    }

    pub(crate) fn up_arrives(&mut self, link: u64, message: Up) {
        self.work(link, Work::Up(link, message));
    }

    pub(crate) fn control_sees_cut(&mut self, link: u64) {
        if self.control_closes(link) {
            self.note(|| format!("control: link {link} is gone"));
            self.wait(Work::Gone(link));
        }
    }

    /// A call of the API has arrived; who finds nobody there hears so.
    pub(crate) fn call_arrives(&mut self, ticket: u64) {
        if self.control.world.is_none() {
            let at = self.soon();
            self.at(at, Event::ApiAnswer(ticket, Heard::Nothing));
            return;
        }
        if let Some((name, input)) = self.client.asked(ticket) {
            self.wait(Work::Api {
                ticket,
                name,
                input,
            });
        }
    }

    fn work(&mut self, link: u64, work: Work) {
        if self.control_reads(link) {
            self.wait(work);
        }
    }

    fn wait(&mut self, work: Work) {
        if self.control.world.is_none() {
            if let Work::Connect(link, _) = work {
                self.cut_unheard(link);
            }
            return;
        }
        self.control.inbox.push(work);
        if !self.control.turn_planned {
            self.control.turn_planned = true;
            let at = self.now + Span::from_millis(self.dice.below(4));
            self.at(at, Event::Turn(self.control.life));
        }
    }

    fn cut_unheard(&mut self, link: u64) {
        self.control_closes(link);
        let at = self.soon();
        self.at(at, Event::OwnerSeesCut(link));
    }

    /// One turn of the writer.
    pub(crate) fn turn(&mut self) -> Result<(), String> {
        self.control.turn_planned = false;
        let Some(mut world) = self.control.world.take() else {
            return Ok(());
        };
        self.figures.turns += 1;
        let mut answers = Vec::new();
        for work in take(&mut self.control.inbox) {
            answers.extend(self.run_work(&mut world, work));
        }
        if world.poll_timeout().is_some_and(|due| due <= self.now) {
            world.handle_timeout(self.now, &mut self.control.mint);
        }
        let batch = world.take();
        world
            .check_with_seats()
            .map_err(|broken| format!("an invariant of the world is broken: {broken}"))?;
        let tear = if self.plan.torn_turns && !self.calm {
            self.dice.below(900)
        } else {
            u64::MAX
        };
        self.control.world = Some(world);
        if tear == 0 {
            self.crash_control("before a commit");
            return Ok(());
        }
        for change in batch.changes {
            self.witness.changed(&change)?;
            let place = (change.table, change.key);
            match change.row {
                Some(row) => self.control.disk.insert(place, row),
                None => self.control.disk.remove(&place),
            };
        }
        self.witness.after_turn(self.now)?;
        if self.chance(4) {
            self.compare_with_disk()?;
        }
        if tear == 1 {
            self.crash_control("between commit and answers");
            return Ok(());
        }
        for answer in answers {
            self.answer(answer);
        }
        if tear == 2 {
            self.crash_control("between answers and effects");
            return Ok(());
        }
        for effect in batch.effects {
            self.run_effect(effect);
        }
        Ok(())
    }

    fn run_work(&mut self, world: &mut World, work: Work) -> Option<Answer> {
        let (now, mint) = (self.now, &mut self.control.mint);
        match work {
            Work::Connect(link, Hello::Machine) => {
                Some(Answer::Down(link, Box::new(Down::Welcome)))
            }
            Work::Connect(link, Hello::Agent(connect)) => Some(welcome(
                link,
                world.agent_connect(LinkId(link), &connect, now, mint),
            )),
            Work::Connect(link, Hello::Server(connect)) => Some(welcome(
                link,
                world.server_connect(LinkId(link), &connect, now, mint),
            )),
            Work::Up(link, Up::Machine(request)) => {
                let outcome = world.machine_request(LinkId(link), request, now, mint);
                if let Err(refusal) = outcome {
                    self.note(|| format!("control refuses machine link {link}: {refusal}"));
                }
                None
            }
            Work::Up(link, Up::Agent(id, request)) => {
                let outcome = world.agent_request(LinkId(link), request, now, mint);
                Some(Answer::Down(link, Box::new(Down::AgentAnswer(id, outcome))))
            }
            Work::Up(link, Up::Server(id, request)) => {
                let outcome = world.server_request(LinkId(link), request, now, mint);
                Some(Answer::Down(
                    link,
                    Box::new(Down::ServerAnswer(id, outcome)),
                ))
            }
            Work::Gone(link) => {
                world.disconnected(LinkId(link), now, mint);
                None
            }
            Work::Api {
                ticket,
                name,
                input,
            } => {
                let outcome = call(world, mint, now, name, input);
                Some(Answer::Api(ticket, name, outcome))
            }
        }
    }

    fn answer(&mut self, answer: Answer) {
        match answer {
            Answer::Down(link, down) => self.say_down(link, *down),
            Answer::Refuse(link) => {
                self.say_down(link, Down::Refused);
                self.control_closes(link);
                self.wait(Work::Gone(link));
            }
            Answer::Api(ticket, name, outcome) => {
                self.note(|| match &outcome {
                    Ok(_) => format!("control: {name} ({ticket}) ok"),
                    Err(fault) => format!(
                        "control: {name} ({ticket}) {}: {}",
                        fault.code.name(),
                        fault.message
                    ),
                });
                let lost = !self.calm && self.chance(self.plan.calls_lost);
                let heard = match outcome {
                    _ if lost => Heard::Nothing,
                    Ok(value) => Heard::Yes(Box::new(value)),
                    Err(fault) => Heard::No(fault.code.name()),
                };
                let at = self.soon();
                self.at(at, Event::ApiAnswer(ticket, heard));
            }
        }
    }

    fn run_effect(&mut self, effect: Effect) {
        match effect {
            Effect::Server(link, push) => {
                self.note(|| format!("control -> link {}: {}", link.0, server_word(&push)));
                self.say_down(link.0, Down::ServerPush(push));
            }
            Effect::Agent(link, push) => {
                self.note(|| format!("control -> link {}: {}", link.0, agent_word(&push)));
                self.say_down(link.0, Down::AgentPush(push));
            }
            Effect::Machine(link, push) => {
                self.note(|| format!("control -> link {}: {}", link.0, machine_word(&push)));
                self.say_down(link.0, Down::MachinePush(push));
            }
            Effect::Close(link, code) => {
                self.note(|| format!("control closes link {} with {code}", link.0));
                self.say_down(link.0, Down::Close(code));
                if self.control_closes(link.0) {
                    self.wait(Work::Gone(link.0));
                }
            }
            Effect::Notify { number, .. } => {
                if let Some(world) = &mut self.control.world {
                    world.delivered(number);
                }
            }
            Effect::LogLines { .. } | Effect::ForgetContent(_) | Effect::ForgetLogs(_) => {}
        }
    }

    /// Control dies; it comes back after a while.
    pub(crate) fn crash_control(&mut self, when: &str) {
        if self.control.world.take().is_none() {
            return;
        }
        self.note(|| format!("fault: control dies: {when}"));
        self.figures.crashes += 1;
        self.control.inbox.clear();
        self.control.turn_planned = false;
        self.control.life += 1;
        self.cut_all();
        let away = match self.dice.below(8) {
            0 => Span::from_secs(60 + self.dice.below(300)),
            1 | 2 => Span::from_secs(self.dice.below(40)),
            _ => Span::from_millis(self.dice.below(3000)),
        };
        self.at(self.now + away, Event::ControlStarts);
    }

    /// From the rows that were committed, and nothing else.
    pub(crate) fn control_starts(&mut self) -> Result<(), String> {
        let world = load(&self.control.disk, self.now)?;
        world
            .check_with_seats()
            .map_err(|broken| format!("after a restart: {broken}"))?;
        self.note(|| "control starts again".to_owned());
        self.control.world = Some(world);
        self.control.started = self.now;
        self.turn()
    }

    /// A world that is loaded from the disk at this moment says the same as the one that runs.
    pub(crate) fn compare_with_disk(&mut self) -> Result<(), String> {
        let mut other = load(&self.control.disk, self.now)?;
        let questions = self.witness.questions();
        let Some(world) = &mut self.control.world else {
            return Ok(());
        };
        let mut mint = Mint::from_number(0);
        for (name, input) in questions {
            let here = Control::look(world, &mut mint, self.now, name, &input);
            let there = Control::look(&mut other, &mut mint, self.now, name, &input);
            if here != there {
                return Err(format!(
                    "memory is not what the disk says. {name} {input}\nmemory: {here}\n  disk: {there}"
                ));
            }
        }
        self.figures.restarts_compared += 1;
        Ok(())
    }

    /// Calls at once, past the network; the next turn commits it.
    pub(crate) fn try_control(&mut self, name: &str, input: Value) -> Result<Value, api::Fault> {
        let control = &mut self.control;
        let world = control
            .world
            .as_mut()
            .expect("control is up after the storm");
        let outcome = call(world, &mut control.mint, self.now, name, input);
        self.wait(Work::Gone(0));
        outcome
    }

    /// Asks at once, past the network.
    pub(crate) fn ask_control(&mut self, name: &str, input: &Value) -> Value {
        let Some(world) = &mut self.control.world else {
            return Value::Null;
        };
        Control::look(world, &mut Mint::from_number(0), self.now, name, input)
    }
}

fn welcome(link: u64, outcome: Result<(), Refusal>) -> Answer {
    match outcome {
        Ok(()) => Answer::Down(link, Box::new(Down::Welcome)),
        Err(_) => Answer::Refuse(link),
    }
}

fn server_word(push: &server::Push) -> String {
    match push {
        server::Push::CreateGameSession(start) => {
            format!("CreateGameSession {}", start.game_session_id)
        }
        server::Push::UpdateGameSession(_) => "UpdateGameSession".to_owned(),
        server::Push::TerminateProcess(_) => "TerminateProcess".to_owned(),
        server::Push::RefreshConnection(_) => "RefreshConnection".to_owned(),
    }
}

fn agent_word(push: &agent::Push) -> String {
    match push {
        agent::Push::NotifyProcessRegistered(told) => {
            format!("ProcessRegistered {}", told.process_id)
        }
        agent::Push::NotifyGameSessionActivated(told) => {
            format!("GameSessionActivated {}", told.process_id)
        }
        agent::Push::ForceExitServerProcess(told) => format!("ForceExit {}", told.process_id),
        agent::Push::RefreshConnection(_) => "RefreshConnection".to_owned(),
        agent::Push::StartComputeTermination => "StartComputeTermination".to_owned(),
        agent::Push::HoistConfigure(wanted) => {
            let hash = wanted
                .content
                .as_ref()
                .map_or("", |content| content.hash.as_str());
            format!(
                "Configure {} generation {} {hash}",
                wanted.compute_name, wanted.generation
            )
        }
        agent::Push::HoistFollowLog(_) => "FollowLog".to_owned(),
    }
}

fn machine_word(push: &machine::Push) -> String {
    match push {
        machine::Push::HoistStartInstance(start) => format!("StartInstance {}", start.instance_id),
        machine::Push::HoistStopInstance(stop) => format!("StopInstance {}", stop.instance_id),
    }
}
