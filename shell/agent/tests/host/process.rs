//! The server process that the stories run: what its script says decides what it does.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::drive::{Wire, wire};

/// Arguments of the wrapper, one a line; set in server processes only.
const ARGUMENTS: &str = "SERVER_PROCESS_ARGUMENTS";

const LIFETIME: std::time::Duration = std::time::Duration::from_secs(120);

/// A program that acts as `hoist realtime …`.
pub(crate) fn program(folder: &Path) -> PathBuf {
    let path = folder.join("server-process");
    let own = std::env::current_exe().unwrap();
    let text = format!(
        "#!/bin/sh\n{ARGUMENTS}=$(printf '%s\\n' \"$@\") exec '{}' --exact process::server_process --nocapture\n",
        own.display()
    );
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path
}

/// Does nothing in a test run; is the server process when the wrapper starts it.
#[test]
fn server_process() {
    let Ok(arguments) = std::env::var(ARGUMENTS) else {
        return;
    };
    let arguments = read(&arguments);
    let confined =
        agent::prepare_server_process(&arguments.game_dir, &arguments.log_dir, None).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    // A story that failed leaves its processes alone; they do not stay for ever.
    runtime
        .block_on(async { drop(tokio::time::timeout(LIFETIME, run(arguments, confined)).await) });
    leave(0);
}

#[expect(
    clippy::disallowed_methods,
    clippy::exit,
    reason = "the test runner's own words are not wanted"
)]
fn leave(code: i32) -> ! {
    std::process::exit(code)
}

struct Arguments {
    script: String,
    game_dir: PathBuf,
    log_dir: PathBuf,
    slots: Vec<(String, u16)>,
}

fn read(arguments: &str) -> Arguments {
    let words: Vec<&str> = arguments.lines().collect();
    let mut values: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for pair in words.windows(2) {
        values.entry(pair[0]).or_default().push(pair[1]);
    }
    let one = |name: &str| values[name][0];
    let slot = |text: &&str| {
        let parts: Vec<&str> = text.split(':').collect();
        (parts[0].to_owned(), parts[1].parse().unwrap())
    };
    Arguments {
        script: std::fs::read_to_string(one("--script")).unwrap(),
        game_dir: one("--game-dir").into(),
        log_dir: one("--log-dir").into(),
        slots: values["--slot"].iter().map(slot).collect(),
    }
}

async fn run(arguments: Arguments, confined: Option<agent::Confined>) {
    let Arguments {
        script,
        log_dir,
        slots,
        ..
    } = arguments;
    if script.contains("broken") {
        std::io::stderr()
            .write_all(b"Error: the script is broken\n    at main.js:1\n")
            .unwrap();
        leave(1);
    }
    if script.contains("peek") {
        let sees = std::fs::read("/etc/passwd").is_ok();
        let path = log_dir.join(format!("{}.log", slots[0].0));
        std::fs::write(path, format!("{confined:?} {sees}\n")).unwrap();
    }
    let tasks: Vec<_> = slots
        .into_iter()
        .map(|(process, port)| tokio::spawn(slot(process, port, log_dir.clone(), script.clone())))
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
}

async fn slot(process: String, port: u16, log_dir: PathBuf, script: String) {
    let log = log_dir.join(format!("{process}.log"));
    let say = |text: &str| {
        let mut file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&log)
            .unwrap();
        file.write_all(format!("{text}\n").as_bytes()).unwrap();
    };
    say(&script);
    let mut ready = false;
    loop {
        let Some(mut link) = connect(&process).await else {
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            continue;
        };
        if !ready {
            let members = json!({ "SdkVersion": "5.1.0", "SdkLanguage": "Test", "Port": port, "LogPaths": [] });
            ready = link.ask("ActivateServerProcess", members).await["StatusCode"] == 200;
        }
        while let Ok(message) = link.next().await {
            match message["Action"].as_str().unwrap_or_default() {
                "CreateGameSession" => {
                    say("session starts");
                    let id = json!({ "GameSessionId": message["GameSessionId"] });
                    link.ask("ActivateGameSession", id).await;
                }
                "TerminateProcess" => {
                    say("process ends");
                    link.ask("TerminateServerProcess", json!({})).await;
                    let ended = json!({ "event": "ended", "reason": "told", "processId": process });
                    std::io::stdout()
                        .write_all(format!("{ended}\n").as_bytes())
                        .unwrap();
                    return;
                }
                _ => {}
            }
        }
    }
}

async fn connect(process: &str) -> Option<Wire> {
    let variable = |name: &str| std::env::var(name).unwrap();
    let url = format!(
        "{}?pID={process}&ComputeId={}&FleetId={}&sdkVersion=5.1.0&sdkLanguage=Test&Authorization={}",
        variable("GAMELIFT_SDK_WEBSOCKET_URL"),
        variable("GAMELIFT_SDK_HOST_ID"),
        variable("GAMELIFT_SDK_FLEET_ID"),
        variable("GAMELIFT_SDK_AUTH_TOKEN")
    );
    wire(&url).await.ok()
}
