//! How a server process is started: this very program as `hoist realtime` for scripts, the file at the launch path for builds,
//! with the environment of Server SDK 5 and nothing else of the agent's own environment.

use std::ffi::OsString;
use std::net::IpAddr;
use std::path::{Component, Path, PathBuf};

use serversdk::agent::HoistConfigure;
use supervisor::Slot;

use crate::confine::{CONFINE_VARIABLE, PARENT_VARIABLE};
use crate::process::Launch;

/// Where AWS puts the content; launch paths start with it.
const GAME_ROOT: &str = "/local/game";
/// Of the agent's environment only these are passed on.
const PASSED_ON: &[&str] = &["PATH", "LANG", "LC_ALL", "TZ", "RUST_LOG", "RUST_BACKTRACE"];

/// The folders of one operating system process.
#[derive(Clone, Debug)]
pub(crate) struct Folders {
    /// Its logs.
    pub(crate) logs: PathBuf,
    /// Its temporary files.
    pub(crate) temporary: PathBuf,
    /// What it writes to standard error; of programs that are no scripts, standard output too.
    pub(crate) output: PathBuf,
    /// The events of a script's process, its standard output.
    pub(crate) events: PathBuf,
}

/// What a launch is made of.
pub(crate) struct Recipe<'a> {
    /// The program for scripts.
    pub(crate) program: &'a Path,
    /// Further arguments for scripts.
    pub(crate) arguments: &'a [String],
    /// Whether scripts are locked into their folders.
    pub(crate) confine: bool,
    /// Whether scripts' processes end with this program.
    pub(crate) bound: bool,
    /// What to bind; every address when `None`.
    pub(crate) bind: Option<IpAddr>,
    /// What the compute should be.
    pub(crate) configuration: &'a HoistConfigure,
    /// The newest token of the compute.
    pub(crate) token: &'a str,
    /// Where the content is.
    pub(crate) game_dir: &'a Path,
    /// `LaunchPath` of the runtime configuration.
    pub(crate) launch_path: &'a str,
    /// `Parameters` of the runtime configuration.
    pub(crate) parameters: &'a str,
}

/// The file that a launch path means, if it lies in the content at all.
pub(crate) fn file_of(game_dir: &Path, launch_path: &str) -> Option<PathBuf> {
    let path = Path::new(launch_path);
    let relative = path.strip_prefix(GAME_ROOT).unwrap_or(path);
    let inside = relative
        .components()
        .all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    let file = game_dir.join(relative);
    (inside && file.is_file()).then_some(file)
}

impl Recipe<'_> {
    /// The launch for these slots; none when the launch path is not there.
    pub(crate) fn launch(&self, slots: &[Slot], folders: &Folders) -> Option<Launch> {
        let file = file_of(self.game_dir, self.launch_path)?;
        let environment = self.environment(slots, folders);
        let (program, arguments, events) = if self.is_script(&file) {
            let arguments = self.script_arguments(&file, slots, folders);
            (
                self.program.to_path_buf(),
                arguments,
                folders.events.clone(),
            )
        } else {
            let words = self.parameters.split_whitespace().map(OsString::from);
            (file, words.collect(), folders.output.clone())
        };
        Some(Launch {
            program,
            arguments,
            environment,
            folder: self.game_dir.to_path_buf(),
            output: events,
            errors: folders.output.clone(),
        })
    }

    fn is_script(&self, file: &Path) -> bool {
        let of_script = self
            .configuration
            .content
            .as_ref()
            .is_some_and(|content| content.script_id.is_some());
        of_script || file.extension().is_some_and(|extension| extension == "js")
    }

    fn script_arguments(&self, file: &Path, slots: &[Slot], folders: &Folders) -> Vec<OsString> {
        let mut arguments: Vec<OsString> = vec!["realtime".into(), "--script".into(), file.into()];
        let mut add = |name: &str, value: OsString| arguments.extend([OsString::from(name), value]);
        add("--game-dir", self.game_dir.into());
        add("--log-dir", folders.logs.clone().into());
        if let Some(bind) = self.bind {
            add("--bind", bind.to_string().into());
        }
        for slot in slots {
            let Slot {
                process_id,
                tcp_port,
                udp_port,
            } = slot;
            add(
                "--slot",
                format!("{process_id}:{tcp_port}:{udp_port}").into(),
            );
        }
        // In one word, because parameters may start with a hyphen.
        arguments.push(format!("--params={}", self.parameters).into());
        arguments.extend(self.arguments.iter().map(OsString::from));
        arguments
    }

    fn environment(&self, slots: &[Slot], folders: &Folders) -> Vec<(&'static str, OsString)> {
        let configuration = self.configuration;
        let process = slots
            .first()
            .map(|slot| slot.process_id.to_string())
            .unwrap_or_default();
        let mut environment: Vec<(&'static str, OsString)> = PASSED_ON
            .iter()
            .filter_map(|name| Some((*name, std::env::var_os(name)?)))
            .collect();
        environment.extend([
            (
                "GAMELIFT_SDK_WEBSOCKET_URL",
                configuration.service_sdk_endpoint.clone().into(),
            ),
            ("GAMELIFT_SDK_AUTH_TOKEN", self.token.into()),
            ("GAMELIFT_SDK_PROCESS_ID", process.into()),
            (
                "GAMELIFT_SDK_HOST_ID",
                configuration.compute_name.as_str().into(),
            ),
            (
                "GAMELIFT_SDK_FLEET_ID",
                configuration.fleet_id.as_str().into(),
            ),
            ("GAMELIFT_REGION", configuration.region.clone().into()),
            ("HOME", folders.temporary.clone().into()),
            ("TMPDIR", folders.temporary.clone().into()),
        ]);
        if self.bound {
            environment.push((PARENT_VARIABLE, std::process::id().to_string().into()));
        }
        if self.confine {
            environment.push((CONFINE_VARIABLE, folders.temporary.clone().into()));
        }
        environment
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serversdk::{CertificateType, PortRange, RuntimeConfiguration};
    use std::fs;

    fn configuration() -> HoistConfigure {
        HoistConfigure {
            generation: 1,
            fleet_id: "fleet-1".into(),
            fleet_arn: "arn".into(),
            fleet_name: "name".into(),
            compute_name: "i-1".into(),
            location: "us-east-1".into(),
            region: "us-east-1".into(),
            ip_address: "127.0.0.1".into(),
            dns_name: String::new(),
            certificate_type: CertificateType::Disabled,
            content: None,
            runtime_configuration: RuntimeConfiguration::default(),
            tcp_ports: PortRange {
                from: 1900,
                to: 2000,
            },
            udp_ports: PortRange {
                from: 33400,
                to: 33500,
            },
            service_sdk_endpoint: "ws://127.0.0.1:1/sdk".into(),
            log_upload_url: String::new(),
        }
    }

    fn recipe<'a>(
        configuration: &'a HoistConfigure,
        game_dir: &'a Path,
        launch_path: &'a str,
    ) -> Recipe<'a> {
        Recipe {
            program: Path::new("/opt/hoist"),
            arguments: &[],
            confine: true,
            bound: false,
            bind: Some("127.1.2.3".parse().unwrap()),
            configuration,
            token: "token",
            game_dir,
            launch_path,
            parameters: "-x loggingLevel:debug",
        }
    }

    fn slot(process: &str, tcp_port: u16, udp_port: u16) -> Slot {
        Slot {
            process_id: process.into(),
            tcp_port,
            udp_port,
        }
    }

    fn folders() -> Folders {
        Folders {
            logs: "/l".into(),
            temporary: "/t".into(),
            output: "/o".into(),
            events: "/e".into(),
        }
    }

    #[test]
    fn a_script_is_run_by_this_program_with_its_slots() {
        let game = tempfile::tempdir().unwrap();
        fs::create_dir(game.path().join("src")).unwrap();
        fs::write(game.path().join("src/a.js"), "").unwrap();
        let configuration = configuration();
        let slots = [slot("p-1", 1900, 33400), slot("p-2", 1901, 33401)];
        let launch = recipe(&configuration, game.path(), "/local/game/src/a.js")
            .launch(&slots, &folders())
            .unwrap();
        let words: Vec<_> = launch
            .arguments
            .iter()
            .map(|word| word.to_str().unwrap())
            .collect();
        let game_dir = game.path().to_str().unwrap();
        let expected = format!(
            "realtime --script {game_dir}/src/a.js --game-dir {game_dir} --log-dir /l --bind 127.1.2.3 \
             --slot p-1:1900:33400 --slot p-2:1901:33401 --params=-x loggingLevel:debug"
        );
        assert_eq!(words.join(" "), expected);
        assert_eq!(launch.program, Path::new("/opt/hoist"));
        assert_eq!(
            (launch.output.as_path(), launch.errors.as_path()),
            (Path::new("/e"), Path::new("/o"))
        );
        let value = |name: &str| {
            launch
                .environment
                .iter()
                .find(|(own, _)| *own == name)
                .unwrap()
                .1
                .clone()
        };
        assert_eq!(
            (value("GAMELIFT_SDK_PROCESS_ID"), value(CONFINE_VARIABLE)),
            ("p-1".into(), "/t".into())
        );
    }

    #[test]
    fn another_program_is_run_itself_and_nothing_outside_the_content_is() {
        let game = tempfile::tempdir().unwrap();
        fs::create_dir(game.path().join("src")).unwrap();
        fs::write(game.path().join("server"), "").unwrap();
        let (configuration, slots) = (configuration(), [slot("p-1", 1900, 33400)]);
        let launch = |path| recipe(&configuration, game.path(), path).launch(&slots, &folders());
        let server = launch("server").unwrap();
        assert_eq!(server.program, game.path().join("server"));
        assert_eq!(server.arguments, ["-x", "loggingLevel:debug"]);
        for missing in ["/local/game/none.js", "../a.js", "/etc/passwd", "src"] {
            assert!(launch(missing).is_none(), "{missing}");
        }
    }
}
