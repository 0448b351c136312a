//! Every `cases/*.txt` is a transcript: lines that start with `> ` are what happens to one host, the lines below are what it
//! wants. `HOIST_BLESS=1 cargo test -p supervisor --test cases` writes down what comes out now; read the difference.
//!
//! - `configure GENERATION HASH KIND*COUNT[,PARAMETERS] ... [tcp=FROM-TO]`: control says what the host should be
//! - `deployed HASH [MISSING]`, `deployfailed HASH`; `ready P`, `hosting P`, `ended P`, `force P`, `noted P`
//! - `exit OS [CODE]`, `launchfailed OS`, `terminate`, `up`, `adopt OS HASH KIND P`
//! - `wait 90s` / `wait 250ms`: time passes, and what is due happens

use ids::{Mint, ProcessId, Span, Time};
use serversdk::agent::{self, Content, DeployStep, HoistConfigure, Push, Request};
use serversdk::{CertificateType, PortRange, RuntimeConfiguration, ServerProcess};
use std::fmt::Write;
use std::path::Path;
use supervisor::{Exit, Input, Launch, OsId, Output, Pace, Ports, Slot, Supervisor};

const START: Time = Time::from_millis(1_800_000_000_000);

struct Host {
    supervisor: Supervisor,
    ports: Ports,
    now: Time,
    /// Process ids in the order of their appearance: `p1`, `p2`, ...
    names: Vec<String>,
}

impl Host {
    fn new() -> Self {
        Self {
            supervisor: Supervisor::new(Pace::default(), Mint::from_number(1)),
            ports: Ports::default(),
            now: START,
            names: Vec::new(),
        }
    }

    fn run(&mut self, line: &str) -> Vec<String> {
        let words: Vec<&str> = line.split(' ').collect();
        if words[0] == "wait" {
            return self.wait(words[1]);
        }
        let input = self.input(&words);
        self.supervisor.handle(input, self.now, &mut self.ports);
        self.drain()
    }

    fn input(&self, words: &[&str]) -> Input {
        let word = |at: usize| words.get(at).copied().unwrap_or_default();
        let os = || {
            OsId(
                word(1)
                    .parse()
                    .expect("the number of an operating system process"),
            )
        };
        let process = || self.process(word(1));
        match words[0] {
            "up" => Input::LinkUp,
            "terminate" => Input::Told(Push::StartComputeTermination),
            "configure" => Input::Told(Push::HoistConfigure(Box::new(configuration(words)))),
            "deployed" => Input::Deployed {
                hash: word(1).into(),
                missing: words
                    .iter()
                    .skip(2)
                    .map(|path| (*path).to_owned())
                    .collect(),
                certificate_path: String::new(),
            },
            "deployfailed" => {
                Input::DeployFailed(word(1).into(), DeployStep::DownloadFailed, "gone".into())
            }
            "ready" => Input::Told(Push::NotifyProcessRegistered(
                agent::NotifyProcessRegistered {
                    process_id: process(),
                    log_paths: Vec::new(),
                },
            )),
            "hosting" => Input::Told(Push::NotifyGameSessionActivated(
                agent::NotifyGameSessionActivated {
                    process_id: process(),
                    game_session_id: "gs".into(),
                },
            )),
            "force" => Input::Told(Push::ForceExitServerProcess(
                agent::ForceExitServerProcess {
                    process_id: process(),
                    termination_reason: None,
                },
            )),
            "ended" => Input::SlotEnded(process()),
            "noted" => Input::Noted(process()),
            "launchfailed" => Input::LaunchFailed(os(), "no such file".into()),
            "exit" => Input::Exited(
                os(),
                Exit {
                    code: word(2).parse().ok(),
                    message: "last words".into(),
                },
            ),
            "adopt" => Input::Adopted(
                "127.0.0.1".into(),
                vec![Launch {
                    os: os(),
                    version: word(2).into(),
                    launch_path: word(3).into(),
                    parameters: String::new(),
                    slots: vec![Slot {
                        process_id: word(4).into(),
                        tcp_port: 1900,
                        udp_port: 33400,
                    }],
                }],
            ),
            other => panic!("what is {other}?"),
        }
    }

    fn process(&self, name: &str) -> ProcessId {
        let number = name
            .strip_prefix('p')
            .and_then(|number| number.parse::<usize>().ok());
        let known = number.and_then(|number| self.names.get(number.checked_sub(1)?));
        ProcessId::new(known.map_or(name, String::as_str))
    }

    fn wait(&mut self, length: &str) -> Vec<String> {
        let ms = length
            .strip_suffix("ms")
            .map(|n| Span::from_millis(n.parse().expect("a number")));
        let seconds = || Span::from_secs(length.trim_end_matches('s').parse().expect("a number"));
        let until = self.now + ms.unwrap_or_else(seconds);
        let mut lines = Vec::new();
        let mut turns = 0;
        while let Some(due) = self.supervisor.poll_timeout().filter(|due| *due <= until) {
            turns += 1;
            assert!(
                turns < 10_000,
                "the supervisor wants to be called again and again at {due:?}"
            );
            self.now = self.now.max(due);
            self.supervisor.handle_timeout(self.now, &mut self.ports);
            let passed = self.now.since(START).as_millis();
            let told = self.drain().into_iter();
            lines
                .extend(told.map(|line| format!("{}.{:03}s {line}", passed / 1000, passed % 1000)));
        }
        self.now = until;
        lines
    }

    fn drain(&mut self) -> Vec<String> {
        let mut lines = Vec::new();
        while let Some(output) = self.supervisor.poll_output() {
            lines.push(self.told(output));
        }
        lines
    }

    fn told(&mut self, output: Output) -> String {
        match output {
            Output::Ask(request) => self.asked(request),
            Output::Deploy(content) => format!("deploy {}", content.hash),
            Output::Launch(launch) => {
                let slots: Vec<_> = launch
                    .slots
                    .iter()
                    .map(|slot| {
                        format!(
                            "{}:{}:{}",
                            self.name(&slot.process_id),
                            slot.tcp_port,
                            slot.udp_port
                        )
                    })
                    .collect();
                let (os, version, path) = (launch.os.0, launch.version, launch.launch_path);
                format!("launch {os} {path} of {version} with {}", slots.join(" "))
            }
            Output::Stop(os) => format!("stop {}", os.0),
            Output::Kill(os) => format!("kill {}", os.0),
            Output::Ship(os, process) => format!("ship {} {}", os.0, self.name(&process)),
            Output::ForgetVersion(version) => format!("forget {version}"),
            Output::Finished => "finished".into(),
        }
    }

    fn asked(&mut self, request: Request) -> String {
        match request {
            Request::SendHeartbeat(beat) => {
                let names: Vec<_> = beat.process_list.iter().map(|own| self.name(own)).collect();
                let complete = if beat.hoist_complete { " complete" } else { "" };
                format!("tell {:?}{complete} [{}]", beat.status, names.join(" "))
            }
            Request::NotifyServerProcessTermination(gone) => {
                let code = gone.event_code.map_or("-", serversdk::EventCode::as_str);
                let reason = gone
                    .termination_reason
                    .map_or("-", serversdk::TerminationReason::as_str);
                let name = self.name(&gone.process_id);
                format!("tell gone {name} {code} {reason} {}", gone.hoist_message)
                    .trim_end()
                    .into()
            }
            Request::HoistReport(report) => {
                let (generation, step) = (report.generation, report.step);
                format!("tell report {generation} {step:?} {}", report.message)
                    .trim_end()
                    .into()
            }
            Request::HoistRetire(retire) => {
                let names: Vec<_> = retire
                    .process_ids
                    .iter()
                    .map(|own| self.name(own))
                    .collect();
                format!("tell retire {}", names.join(" "))
            }
            other @ (Request::DescribeRuntimeConfiguration
            | Request::GetFleetRoleCredentials(_)
            | Request::HoistLogLines(_)) => format!("tell {other:?}"),
        }
    }

    fn name(&mut self, process: &ProcessId) -> String {
        let text = process.as_str();
        if text.len() != 36 {
            return text.to_owned();
        }
        let known = self.names.iter().position(|own| own == text);
        let at = known.unwrap_or_else(|| {
            self.names.push(text.to_owned());
            self.names.len() - 1
        });
        format!("p{}", at + 1)
    }
}

fn configuration(words: &[&str]) -> HoistConfigure {
    let mut tcp_ports = PortRange {
        from: 1900,
        to: 2000,
    };
    let mut server_processes = Vec::new();
    for word in words.iter().skip(3) {
        if let Some((from, to)) = word
            .strip_prefix("tcp=")
            .and_then(|range| range.split_once('-'))
        {
            tcp_ports = PortRange {
                from: from.parse().expect("a port"),
                to: to.parse().expect("a port"),
            };
            continue;
        }
        let (kind, rest) = word.split_once('*').expect("KIND*COUNT");
        let (count, parameters) = rest.split_once(',').unwrap_or((rest, ""));
        server_processes.push(ServerProcess {
            launch_path: kind.into(),
            parameters: (!parameters.is_empty()).then(|| parameters.into()),
            concurrent_executions: count.parse().expect("a count"),
        });
    }
    HoistConfigure {
        generation: words[1].parse().expect("a generation"),
        fleet_id: "fleet-1".into(),
        fleet_arn: String::new(),
        fleet_name: "f".into(),
        compute_name: "i-1".into(),
        location: "us-east-1".into(),
        region: "us-east-1".into(),
        ip_address: "127.0.0.1".into(),
        dns_name: String::new(),
        certificate_type: CertificateType::Disabled,
        content: (words[2] != "-").then(|| Content {
            script_id: None,
            hash: words[2].into(),
            url: String::new(),
            size: 1,
            node_js_version: String::new(),
        }),
        runtime_configuration: RuntimeConfiguration {
            server_processes,
            ..RuntimeConfiguration::default()
        },
        tcp_ports,
        udp_ports: PortRange {
            from: 33400,
            to: 33500,
        },
        service_sdk_endpoint: String::new(),
        log_upload_url: String::new(),
    }
}

#[test]
fn what_comes_out_is_what_is_written_down() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut differences = String::new();
    let mut count = 0;
    for entry in std::fs::read_dir(&folder).expect("the folder of cases is there") {
        let file = entry.expect("its entries can be read").path();
        let written = std::fs::read_to_string(&file).expect("a case can be read");
        let played = play(&written);
        count += 1;
        if played != written && bless() {
            std::fs::write(&file, &played).expect("a case can be written");
        } else if played != written {
            let first = written
                .lines()
                .zip(played.lines())
                .position(|(old, new)| old != new);
            let line = first.unwrap_or_else(|| written.lines().count().min(played.lines().count()));
            let show = |text: &str| text.lines().nth(line).unwrap_or("(the end)").to_owned();
            let (old, new) = (show(&written), show(&played));
            writeln!(
                differences,
                "{}, line {}:\n  written: {old}\n  now:     {new}",
                file.display(),
                line + 1
            )
            .expect("text is writable");
        }
    }
    assert!(count > 0, "no cases in {}", folder.display());
    assert!(differences.is_empty(), "{differences}");
}

fn bless() -> bool {
    std::env::var_os("HOIST_BLESS").is_some()
}

fn play(written: &str) -> String {
    let mut host = Host::new();
    let mut played = String::new();
    for line in written.lines() {
        let output = match line.strip_prefix("> ") {
            Some(command) => host.run(command),
            None if line.is_empty() || line.starts_with('#') => Vec::new(),
            None => continue,
        };
        for line in std::iter::once(line.to_owned()).chain(output) {
            played.push_str(&line);
            played.push('\n');
        }
    }
    played
}
