//! Plays one case against a world with virtual time, a store of rows in memory and links by name.
//!
//! - `hall N`: an Anywhere fleet with the compute `desk-1` in `custom-home` and idle processes `p1` to `pN` there
//! - `call OPERATION {input}`: a call of the API
//! - `connect LINK FLEET COMPUTE TOKEN`: a server process named like its link
//! - `server LINK ACTION {fields}`: it asks
//! - `agent LINK FLEET COMPUTE TOKEN [hoist]`: an agent connects;  `tell LINK ACTION {fields}`: it asks
//! - `machine LINK ACTION {fields}`: a machine asks
//! - `drop LINK`: a link is gone
//! - `wait 90s` / `wait 250ms`: time passes, and what is due happens
//! - `restart`: the process ends; a new one loads the rows
//! - `keep NAME PATH`: remembers a member of the last answer; `$NAME` stands for it from then on
//! - `times N COMMAND`: does it N times and counts the different outputs
//!
//! ` -> PATH, PATH` behind a command prints only these members of an answer. Generated ids are shown as `fleet-1`,
//! `psess-2`, ... in the order of their appearance, and can be written so.

mod hosts;
mod names;

use api::{Operation, Request};
use ids::{ComputeName, FleetId, Mint, ProcessId, Span, Time};
use names::Names;
use serde_json::Value;
use serversdk::{AgentConnect, Authorization, Refusal, ServerConnect};
use std::collections::BTreeMap;
use world::{Caller, Effect, Facts, LinkId, Settings, World};

/// The moment at which every case starts.
const START: Time = Time::from_millis(1_800_000_000_000);

/// One case in play.
pub(crate) struct Driver {
    world: World,
    rows: BTreeMap<(&'static str, String), String>,
    now: Time,
    mint: Mint,
    links: BTreeMap<String, LinkId>,
    next_link: u64,
    names: Names,
    answer: Value,
    /// What the shell found out for the next call.
    facts: Facts,
    starts: u32,
}

impl Driver {
    pub(crate) fn new() -> Self {
        Self {
            world: World::load(settings(), [], START).expect("no rows are readable rows"),
            rows: BTreeMap::new(),
            now: START,
            mint: Mint::from_number(1),
            links: BTreeMap::new(),
            next_link: 0,
            names: Names::default(),
            answer: Value::Null,
            facts: Facts::None,
            starts: 0,
        }
    }

    /// Does what the line says and tells what came out, line by line.
    pub(crate) fn run(&mut self, line: &str) -> Vec<String> {
        let line = self.names.real(line);
        let output = self.command(&line);
        output
            .into_iter()
            .map(|line| self.names.short(&line))
            .collect()
    }

    fn command(&mut self, line: &str) -> Vec<String> {
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        if let Some(output) = self.host_command(verb, rest) {
            return output;
        }
        let mut output = Vec::new();
        match verb {
            "hall" => return self.hall(rest.parse().expect("hall N")),
            "call" => output.push(self.call(rest)),
            "connect" => output.push(self.connect(rest)),
            "server" => output.push(self.ask(rest, Self::server)),
            "agent" => output.push(self.agent(rest)),
            "tell" => output.push(self.ask(rest, Self::tell)),
            "machine" => output.push(self.ask(rest, Self::machine)),
            "drop" => self.drop_link(rest),
            "wait" => return self.wait(rest),
            "restart" => self.restart(),
            "keep" => self.keep(rest),
            "times" => return self.times(rest),
            _ => output.push(format!("what is {verb}?")),
        }
        output.extend(self.settle());
        output
    }

    fn hall(&mut self, processes: u16) -> Vec<String> {
        let fleet = r#"{"Name":"hall","ComputeType":"ANYWHERE","Locations":[{"Location":"custom-home"}],"AnywhereConfiguration":{"Cost":"1"}}"#;
        self.call(r#"CreateLocation {"LocationName":"custom-home"}"#);
        let made = self.call(&format!("CreateFleet {fleet} -> FleetAttributes.FleetId"));
        let fleet = made.trim_start_matches("ok ").to_owned();
        let of_fleet = format!(r#""FleetId":"{fleet}","ComputeName":"desk-1""#);
        let place = r#""IpAddress":"203.0.113.7","Location":"custom-home""#;
        self.call(&format!("RegisterCompute {{{of_fleet},{place}}}"));
        self.call(&format!("GetComputeAuthToken {{{of_fleet}}}"));
        self.keep("token AuthToken");
        let token = member(&self.answer, "AuthToken")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        for number in 1..=processes {
            self.connect(&format!("p{number} {fleet} desk-1 {token}"));
            let ready = format!(
                r#"p{number} ActivateServerProcess {{"Port":{}}}"#,
                7000 + number
            );
            self.ask(&ready, Self::server);
        }
        self.settle();
        vec![self.names.short(&made)]
    }

    fn call(&mut self, rest: &str) -> String {
        let (name, input, paths) = parts(rest);
        let Some(operation) = Operation::from_name(name) else {
            return format!("no operation {name}");
        };
        let caller = Caller {
            account: "123456789012".into(),
            access_key_id: "test".into(),
        };
        let facts = std::mem::take(&mut self.facts);
        let outcome = Request::parse(operation, input).and_then(|request| {
            self.world
                .call(&caller, request, &facts, self.now, &mut self.mint)
        });
        match outcome {
            Ok(response) => self.answered(response.to_value(), &paths),
            Err(fault) => format!("{}: {}", fault.code, fault.message),
        }
    }

    fn answered(&mut self, answer: Value, paths: &str) -> String {
        self.answer = answer;
        if paths.is_empty() {
            return format!("ok {}", self.answer);
        }
        let shown = paths
            .split(',')
            .map(|path| match member(&self.answer, path.trim()) {
                Some(Value::String(text)) => text.clone(),
                Some(value) => value.to_string(),
                None => "-".to_owned(),
            });
        format!("ok {}", shown.collect::<Vec<_>>().join(" "))
    }

    fn connect(&mut self, rest: &str) -> String {
        let words: Vec<_> = rest.split(' ').collect();
        let [name, fleet, compute, token] = words[..] else {
            return "connect LINK FLEET COMPUTE TOKEN".to_owned();
        };
        let link = self.new_link(name);
        let connect = ServerConnect {
            process_id: ProcessId::from(name),
            compute_name: ComputeName::from(compute),
            fleet_id: FleetId::from(fleet),
            sdk_version: "5.6.0".into(),
            sdk_language: "Go".into(),
            idempotency_token: String::new(),
            authorization: Authorization::Token(token.into()),
        };
        said(
            self.world
                .server_connect(link, &connect, self.now, &mut self.mint),
        )
    }

    fn agent(&mut self, rest: &str) -> String {
        let words: Vec<_> = rest.split(' ').collect();
        let [name, fleet, compute, token, ..] = words[..] else {
            return "agent LINK FLEET COMPUTE TOKEN [hoist]".to_owned();
        };
        let link = self.new_link(name);
        let connect = AgentConnect {
            fleet_id: FleetId::from(fleet),
            compute_name: ComputeName::from(compute),
            hoist: words.len() > 4,
            authorization: Authorization::Token(token.into()),
        };
        said(
            self.world
                .agent_connect(link, &connect, self.now, &mut self.mint),
        )
    }

    fn ask(
        &mut self,
        rest: &str,
        to: fn(&mut Self, LinkId, &str) -> Result<String, String>,
    ) -> String {
        let (name, rest) = rest.split_once(' ').unwrap_or((rest, ""));
        let (action, mut fields, paths) = parts(rest);
        let link = match self.links.get(name) {
            Some(link) => *link,
            None => self.new_link(name),
        };
        fields["Action"] = action.into();
        fields["RequestId"] = "r".into();
        match to(self, link, &fields.to_string()) {
            Ok(text) => {
                let mut answer: Value = serde_json::from_str(&text).unwrap_or_default();
                if let Some(members) = answer.as_object_mut() {
                    for envelope in ["Action", "RequestId", "StatusCode"] {
                        members.remove(envelope);
                    }
                }
                self.answered(answer, &paths)
            }
            Err(refusal) => refusal,
        }
    }

    fn server(&mut self, link: LinkId, text: &str) -> Result<String, String> {
        let parsed = serversdk::parse_request(text).map_err(|bad| bad.to_string())?;
        let outcome = self
            .world
            .server_request(link, parsed.request, self.now, &mut self.mint);
        outcome
            .map(|response| serversdk::answer("", "", &Ok(response)))
            .map_err(|bad| bad.to_string())
    }

    fn tell(&mut self, link: LinkId, text: &str) -> Result<String, String> {
        let parsed = serversdk::parse_request(text).map_err(|bad| bad.to_string())?;
        let outcome = self
            .world
            .agent_request(link, parsed.request, self.now, &mut self.mint);
        outcome
            .map(|response| serversdk::answer("", "", &Ok(response)))
            .map_err(|bad| bad.to_string())
    }

    fn machine(&mut self, link: LinkId, text: &str) -> Result<String, String> {
        let parsed = serversdk::parse_request(text).map_err(|bad| bad.to_string())?;
        let outcome = self
            .world
            .machine_request(link, parsed.request, self.now, &mut self.mint);
        outcome
            .map(|response| serversdk::answer("", "", &Ok(response)))
            .map_err(|bad| bad.to_string())
    }

    fn new_link(&mut self, name: &str) -> LinkId {
        self.next_link += 1;
        let link = LinkId(self.next_link);
        self.links.insert(name.to_owned(), link);
        link
    }

    fn drop_link(&mut self, name: &str) {
        if let Some(link) = self.links.remove(name) {
            self.world.disconnected(link, self.now, &mut self.mint);
        }
    }

    fn wait(&mut self, length: &str) -> Vec<String> {
        let number = |text: &str| text.parse().expect("a length like 90s or 250ms");
        let span = match length.strip_suffix("ms") {
            Some(number_of_ms) => Span::from_millis(number(number_of_ms)),
            None => Span::from_secs(number(length.trim_end_matches('s'))),
        };
        let until = self.now + span;
        let mut output = Vec::new();
        while let Some(due) = self.world.poll_timeout().filter(|due| *due <= until) {
            self.now = self.now.max(due);
            self.world.handle_timeout(self.now, &mut self.mint);
            let passed = self.now.since(START).as_millis();
            let lines = self.settle().into_iter();
            output.extend(
                lines.map(|line| format!("{}.{:03}s {line}", passed / 1000, passed % 1000)),
            );
        }
        self.now = until;
        output
    }

    fn restart(&mut self) {
        let rows = self
            .rows
            .iter()
            .map(|((table, key), row)| (*table, key.as_str(), row.as_str()));
        self.world = World::load(settings(), rows, self.now).expect("own rows can be read");
        self.links.clear();
    }

    fn keep(&mut self, rest: &str) {
        if let Some((name, path)) = rest.split_once(' ')
            && let Some(Value::String(text)) = member(&self.answer, path)
        {
            self.names.keep(name, text);
        }
    }

    fn times(&mut self, rest: &str) -> Vec<String> {
        let (count, command) = rest.split_once(' ').expect("times N COMMAND");
        let mut outputs: BTreeMap<String, usize> = BTreeMap::new();
        for _ in 0..count.parse().expect("times N COMMAND") {
            let output = self.command(command);
            *outputs.entry(output.join(" / ")).or_default() += 1;
        }
        outputs
            .into_iter()
            .map(|(output, count)| format!("{count} times {output}"))
            .collect()
    }

    /// Commits, checks what must always be true, and tells the effects.
    fn settle(&mut self) -> Vec<String> {
        let batch = self.world.take();
        for change in batch.changes {
            let place = (change.table, change.key);
            match change.row {
                Some(row) => self.rows.insert(place, row),
                None => self.rows.remove(&place),
            };
        }
        self.learn(&batch.effects);
        let mut lines: Vec<_> = batch
            .effects
            .iter()
            .map(|effect| self.told(effect))
            .collect();
        if let Err(broken) = self.world.check() {
            lines.push(format!("BROKEN: {broken}"));
        }
        lines
    }

    fn told(&self, effect: &Effect) -> String {
        let to = |link: &LinkId| {
            let name = self.links.iter().find(|(_, own)| *own == link);
            name.map_or_else(|| format!("link {}", link.0), |(name, _)| name.clone())
        };
        match effect {
            Effect::Server(link, push) => format!("{} <- {}", to(link), serversdk::push(push)),
            Effect::Agent(link, push) => format!("{} <- {}", to(link), serversdk::push(push)),
            Effect::Machine(link, push) => format!("{} <- {}", to(link), serversdk::push(push)),
            Effect::Close(link, code) => format!("{} closed with {code}", to(link)),
            Effect::Notify { event, .. } => format!("event {event}"),
            Effect::LogLines { process, text, .. } => format!("log of {process}: {text}"),
            Effect::ForgetContent(hash) => format!("content {hash} is not needed"),
            Effect::ForgetLogs(id) => format!("logs of {id} are not needed"),
        }
    }
}

fn settings() -> Settings {
    Settings::new("us-east-1", "123456789012", "127.0.0.1:9700")
}

fn said(outcome: Result<(), Refusal>) -> String {
    outcome.map_or_else(|refusal| refusal.to_string(), |()| "ok".to_owned())
}

/// `NAME {json} -> paths`: the name, the object (empty when there is none) and the paths.
fn parts(text: &str) -> (&str, Value, String) {
    let (name, rest) = text.split_once(' ').unwrap_or((text, ""));
    let mut values = serde_json::Deserializer::from_str(rest).into_iter::<Value>();
    let (object, read) = match values.next() {
        Some(Ok(object)) => (object, values.byte_offset()),
        Some(Err(_)) | None => (Value::Object(serde_json::Map::new()), 0),
    };
    let paths = rest[read..]
        .trim()
        .strip_prefix("->")
        .unwrap_or_default()
        .trim();
    (name, object, paths.to_owned())
}

/// `GameSession.Status`, `PlayerSessions.0.Status`.
fn member<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.')
        .try_fold(value, |value, step| match step.parse::<usize>() {
            Ok(index) => value.get(index),
            Err(_) => value.get(step),
        })
}
