//! Commands about hosts, content and what is stored: the part of the play that managed fleets need.
//!
//! - `content HASH SIZE [ETAG]` / `unusable REASON`: what the shell finds out before the next call
//! - `object SCRIPT HASH SIZE ETAG`: the object behind a script's StorageLocation is another one
//! - `uploaded BUILD HASH`: the upload of a build has arrived
//! - `offer LINK CAPACITY [INSTANCE ...]`: a machine offers itself, on 198.51.100.1 and .2, for any location
//! - `managed`: a script, a machine with room for 4, and a fleet of it whose first instance waits for its agent
//! - `rows TABLE`: what is stored in a table;  `metrics NAME ...`: the first number of each name
//! - `ticket TOKEN FLEET COMPUTE PROCESS`, `logs SESSION SIZE`, `follow SESSION`
//!
//! The token of the Nth instance that a machine was told to start is `$startN`.

use ids::{BuildId, ComputeName, FleetId, ProcessId, ScriptId};
use serde_json::json;
use world::{Content, Effect, Facts};

use super::Driver;

impl Driver {
    pub(super) fn host_command(&mut self, verb: &str, rest: &str) -> Option<Vec<String>> {
        let words: Vec<&str> = rest.split(' ').collect();
        let word = |at: usize| words.get(at).copied().unwrap_or_default();
        let mut output = Vec::new();
        match verb {
            "content" => self.facts = Facts::Content(content(word(0), word(1), word(2))),
            "unusable" => self.facts = Facts::Unusable(rest.to_owned()),
            "object" => {
                let new = content(word(1), word(2), word(3));
                let script = ScriptId::from(word(0));
                self.world
                    .object_changed(&script, &new, self.now, &mut self.mint);
            }
            "uploaded" => {
                let facts = Facts::Content(content(word(1), "9", ""));
                let build = BuildId::from(word(0));
                self.world
                    .build_uploaded(&build, &facts, self.now, &mut self.mint);
            }
            "offer" => output.push(self.offer(&words)),
            "managed" => return Some(self.managed()),
            "rows" => output.extend(self.stored(rest)),
            "metrics" => output.extend(self.numbers(&words)),
            "logs" => {
                let size = word(1).parse().expect("a size");
                self.world
                    .logs_stored(word(0), size, self.now, &mut self.mint);
            }
            "ticket" => {
                let compute = (FleetId::from(word(1)), ComputeName::from(word(2)));
                let process = ProcessId::from(word(3));
                let ticket = self.world.log_ticket(word(0), &compute, &process, self.now);
                output.push(format!("{ticket:?}"));
            }
            "follow" => {
                let outcome = self.world.follow_log(rest, true);
                output.push(outcome.map_or_else(|fault| fault.to_string(), |()| "ok".to_owned()));
            }
            _ => return None,
        }
        output.extend(self.settle());
        Some(output)
    }

    fn offer(&mut self, words: &[&str]) -> String {
        let capacity: u32 = words
            .get(1)
            .map_or(4, |text| text.parse().expect("a capacity"));
        let offer = json!({
            "MachineName": words[0],
            "Capacity": capacity,
            "Addresses": ["198.51.100.1", "198.51.100.2"],
            "Instances": words.iter().skip(2).collect::<Vec<_>>(),
        });
        self.ask(&format!("{} HoistOffer {offer}", words[0]), Self::machine)
    }

    fn managed(&mut self) -> Vec<String> {
        self.facts = Facts::Content(content("aaaa", "100", ""));
        self.call(r#"CreateScript {"Name":"game","ZipFile":"UEsFBg=="}"#);
        self.keep("script Script.ScriptId");
        let script = self.names.real("$script");
        let mut output = vec![self.offer(&["m1", "4"])];
        let runtime =
            r#"{"ServerProcesses":[{"LaunchPath":"/local/game/a.js","ConcurrentExecutions":2}]}"#;
        let fleet = format!(
            r#"CreateFleet {{"Name":"f","ScriptId":"{script}","EC2InstanceType":"c5.large","RuntimeConfiguration":{runtime}}} -> FleetAttributes.FleetId, LocationStates"#
        );
        output.push(self.call(&fleet));
        output.extend(self.settle());
        output.extend(self.wait("0ms"));
        output
            .into_iter()
            .map(|line| self.names.short(&line))
            .collect()
    }

    fn stored(&self, table: &str) -> Vec<String> {
        let rows = self.rows.iter().filter(|((own, _), _)| *own == table);
        rows.map(|((_, key), row)| format!("{key} {row}")).collect()
    }

    fn numbers(&self, names: &[&str]) -> Vec<String> {
        let samples = self.world.metrics();
        let find = |name: &&str| samples.iter().find(|sample| sample.name == *name);
        names
            .iter()
            .filter_map(find)
            .map(|s| format!("{} {}", s.name, s.value))
            .collect()
    }

    /// Remembers the tokens that machines are told.
    pub(super) fn learn(&mut self, effects: &[Effect]) {
        for effect in effects {
            if let Effect::Machine(_, serversdk::machine::Push::HoistStartInstance(start)) = effect
                && !self.names.knows(&start.auth_token)
            {
                self.starts += 1;
                self.names
                    .keep(&format!("start{}", self.starts), &start.auth_token);
            }
        }
    }
}

fn content(hash: &str, size: &str, etag: &str) -> Content {
    Content {
        hash: hash.into(),
        size: size.parse().unwrap_or(1),
        etag: etag.into(),
    }
}
