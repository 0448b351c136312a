//! Least privilege of a server process, applied by the process itself before it starts a thread or reads a script: its own
//! limits, and no files but its own (Landlock, where the kernel has it). What it starts inherits both.

use std::path::{Path, PathBuf};

use landlock::{
    ABI, Access as _, AccessFs, BitFlags, PathBeneath, PathFd, Ruleset, RulesetAttr as _,
    RulesetCreated, RulesetCreatedAttr as _, RulesetStatus, Scope,
};
use nix::sys::prctl;
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::sys::signal::Signal;
use nix::unistd::getppid;

/// The environment variable by which the agent asks for it; its value is the process's temporary folder.
pub const CONFINE_VARIABLE: &str = "HOIST_CONFINE";

/// The environment variable by which the agent asks a process to end with it; its value is the agent's process number.
pub const PARENT_VARIABLE: &str = "HOIST_PARENT";

/// What a server process may touch.
#[derive(Clone, Debug)]
pub struct Confinement {
    /// Read and run from here.
    pub game_dir: PathBuf,
    /// Read and write here.
    pub log_dir: PathBuf,
    /// Read and write here.
    pub temporary_dir: PathBuf,
    /// Programs that may be run besides (Node.js).
    pub programs: Vec<PathBuf>,
}

/// How much of it the kernel enforces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confined {
    /// All of it.
    Fully,
    /// Files as far as this kernel knows the right; signals or sockets may be open.
    Partly,
    /// Limits only: this kernel has no Landlock.
    LimitsOnly,
}

/// Files that programs need to run at all. No user's data lies there.
const SYSTEM_FOLDERS: &[&str] = &[
    "/usr",
    "/lib",
    "/lib64",
    "/lib32",
    "/bin",
    "/proc",
    "/sys/fs/cgroup",
];
const SYSTEM_FILES: &[&str] = &[
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/hosts",
    "/etc/resolv.conf",
    "/etc/nsswitch.conf",
    "/etc/host.conf",
    "/etc/gai.conf",
    "/etc/ssl",
    "/etc/pki/tls/certs",
    "/dev/urandom",
    "/dev/random",
];

/// Largest file that a process may write: a fuse for the disk, far above every log.
const FILE_BYTES_MAX: u64 = 4 * 1024 * 1024 * 1024;

/// Confines the calling process for good. Call it first thing: threads that run already would stay free.
pub fn confine(confinement: &Confinement) -> std::io::Result<Confined> {
    limit(Resource::RLIMIT_CORE, 0)?;
    limit(Resource::RLIMIT_FSIZE, FILE_BYTES_MAX)?;
    let status = restrict(confinement).map_err(std::io::Error::other)?;
    Ok(match status {
        RulesetStatus::FullyEnforced => Confined::Fully,
        RulesetStatus::PartiallyEnforced => Confined::Partly,
        RulesetStatus::NotEnforced => Confined::LimitsOnly,
    })
}

/// What a server process does first: it binds its life to the agent's and confines itself, as far as the agent asks for
/// that by its environment. None: it does not ask. `node` is the program that the script's engine would start, the one in
/// `PATH` when `None`.
pub fn prepare_server_process(
    game_dir: &Path,
    log_dir: &Path,
    node: Option<&Path>,
) -> std::io::Result<Option<Confined>> {
    if let Ok(parent) = std::env::var(PARENT_VARIABLE) {
        prctl::set_pdeathsig(Signal::SIGKILL)?;
        // The parent may have ended before the call; then nobody would send the signal any more.
        if getppid().to_string() != parent {
            return Err(std::io::Error::other(
                "the agent that started this process is gone",
            ));
        }
    }
    let Some(temporary_dir) = std::env::var_os(CONFINE_VARIABLE).filter(|value| !value.is_empty())
    else {
        return Ok(None);
    };
    let mut programs: Vec<PathBuf> = std::env::current_exe().into_iter().collect();
    programs.extend(node.map(Path::to_path_buf).or_else(|| in_path("node")));
    let confinement = Confinement {
        game_dir: game_dir.to_path_buf(),
        log_dir: log_dir.to_path_buf(),
        temporary_dir: PathBuf::from(temporary_dir),
        programs,
    };
    confine(&confinement).map(Some)
}

fn in_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let found = std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())?;
    std::fs::canonicalize(found).ok()
}

fn limit(resource: Resource, most: u64) -> std::io::Result<()> {
    let (_, hard) = getrlimit(resource)?;
    let most = most.min(hard);
    Ok(setrlimit(resource, most, most)?)
}

fn restrict(confinement: &Confinement) -> Result<RulesetStatus, landlock::RulesetError> {
    // V6 is the newest whose every right is handled here; older kernels enforce what they know.
    let abi = ABI::V6;
    let all = AccessFs::from_all(abi);
    let read = AccessFs::from_read(abi);
    let mut rules = Ruleset::default()
        .handle_access(all)?
        .scope(Scope::AbstractUnixSocket | Scope::Signal)?
        .create()?;
    for folder in SYSTEM_FOLDERS {
        rules = allow(rules, Path::new(folder), read)?;
    }
    for file in SYSTEM_FILES {
        rules = allow(
            rules,
            Path::new(file),
            AccessFs::ReadFile | AccessFs::ReadDir,
        )?;
    }
    rules = allow(
        rules,
        Path::new("/dev/null"),
        AccessFs::ReadFile | AccessFs::WriteFile,
    )?;
    for program in &confinement.programs {
        rules = allow(rules, program, AccessFs::ReadFile | AccessFs::Execute)?;
    }
    rules = allow(rules, &confinement.game_dir, read)?;
    let own = all & !BitFlags::from(AccessFs::Execute);
    rules = allow(rules, &confinement.log_dir, own)?;
    rules = allow(rules, &confinement.temporary_dir, own)?;
    Ok(rules.restrict_self()?.ruleset)
}

/// Allows something below a path that is there; what is not there needs no rule.
fn allow(
    rules: RulesetCreated,
    path: &Path,
    access: impl Into<BitFlags<AccessFs>>,
) -> Result<RulesetCreated, landlock::RulesetError> {
    let Ok(file) = PathFd::new(path) else {
        return Ok(rules);
    };
    let access = access.into();
    let access = if path.is_dir() {
        access
    } else {
        access & AccessFs::from_file(ABI::V6)
    };
    rules.add_rule(PathBeneath::new(file, access))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_confined_thread_sees_its_own_folders_only() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["game", "log", "tmp", "other"] {
            fs::create_dir(at(name)).unwrap();
            fs::write(at(name).join("file"), name).unwrap();
        }
        let confinement = Confinement {
            game_dir: at("game"),
            log_dir: at("log"),
            temporary_dir: at("tmp"),
            programs: Vec::new(),
        };
        let (other, tmp, log, game) = (at("other"), at("tmp"), at("log"), at("game"));
        // A thread of its own, because Landlock binds the thread that asks and what it starts.
        let outcome = std::thread::spawn(move || {
            let confined = confine(&confinement).unwrap();
            let write = |folder: &Path| fs::write(folder.join("new"), "x").is_ok();
            let read = |folder: &Path| fs::read(folder.join("file")).is_ok();
            let own = (read(&game), write(&log), write(&tmp));
            (
                confined,
                own,
                (
                    read(&other),
                    write(&other),
                    write(&game),
                    fs::read("/etc/passwd").is_ok(),
                ),
            )
        });
        let (confined, own, others) = outcome.join().unwrap();
        assert_eq!(own, (true, true, true));
        match confined {
            Confined::Fully | Confined::Partly => assert_eq!(others, (false, false, false, false)),
            Confined::LimitsOnly => assert_eq!(others, (true, true, true, true)),
        }
    }
}
