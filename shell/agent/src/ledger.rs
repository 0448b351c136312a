//! What the next agent must know to take over: a folder an instance, a folder an operating system process, each with a small
//! record. Written before anything relies on it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serversdk::machine::HoistStartInstance;
use supervisor::{Launch, OsId};
use tracing::warn;

use crate::files::write_whole;
use crate::launch::Folders;
use crate::process::Identity;

/// A process that was started.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Record {
    pub(crate) launch: Launch,
    pub(crate) identity: Identity,
}

/// The folder of one instance.
#[derive(Clone, Debug)]
pub(crate) struct Ledger {
    folder: PathBuf,
}

impl Ledger {
    /// The folder of an instance, made when it is new.
    pub(crate) fn open(instances: &Path, order: &HoistStartInstance) -> io::Result<Self> {
        let name = order.instance_id.as_str();
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        if name.is_empty() || !name.bytes().all(plain) {
            return Err(io::Error::other(format!(
                "{name:?} is no name of an instance"
            )));
        }
        let folder = instances.join(name);
        fs::create_dir_all(folder.join("os"))?;
        let ledger = Self { folder };
        ledger.save_order(order)?;
        Ok(ledger)
    }

    /// All instances of a former agent. A record that cannot be read is left alone and said.
    pub(crate) fn all(instances: &Path) -> io::Result<Vec<(HoistStartInstance, Self)>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(instances)? {
            let folder = entry?.path();
            if let Some(order) = read(&folder.join("instance.json")) {
                found.push((order, Self { folder }));
            }
        }
        Ok(found)
    }

    /// Keeps the order of an instance, with its newest token.
    pub(crate) fn save_order(&self, order: &HoistStartInstance) -> io::Result<()> {
        write_record(&self.folder.join("instance.json"), order)
    }

    /// Where an operating system process has its files.
    pub(crate) fn folders(&self, os: OsId) -> Folders {
        let folder = self.os(os);
        Folders {
            logs: folder.join("logs"),
            temporary: folder.join("tmp"),
            output: folder.join("output.log"),
            events: folder.join("events.jsonl"),
        }
    }

    /// Makes these folders.
    pub(crate) fn make_folders(&self, os: OsId) -> io::Result<Folders> {
        let folders = self.folders(os);
        fs::create_dir_all(&folders.logs)?;
        fs::create_dir_all(&folders.temporary)?;
        Ok(folders)
    }

    /// Keeps the record of a process.
    pub(crate) fn save(&self, record: &Record) -> io::Result<()> {
        write_record(&self.os(record.launch.os).join("process.json"), record)
    }

    /// The processes of a former agent.
    pub(crate) fn records(&self) -> io::Result<Vec<Record>> {
        let mut records = Vec::new();
        for entry in fs::read_dir(self.folder.join("os"))? {
            let folder = entry?.path();
            match read(&folder.join("process.json")) {
                Some(record) => records.push(record),
                // Its agent died between making the folder and starting the process.
                None => fs::remove_dir_all(folder)?,
            }
        }
        Ok(records)
    }

    /// Where zips wait to be shipped.
    pub(crate) fn outgoing(&self) -> PathBuf {
        self.folder.join("outgoing")
    }

    /// Forgets a process with all its files.
    pub(crate) fn forget(&self, os: OsId) -> io::Result<()> {
        fs::remove_dir_all(self.os(os))
    }

    /// Forgets the instance with all its files.
    pub(crate) fn forget_all(&self) -> io::Result<()> {
        fs::remove_dir_all(&self.folder)
    }

    fn os(&self, os: OsId) -> PathBuf {
        self.folder.join("os").join(os.0.to_string())
    }
}

fn write_record(path: &Path, record: &impl Serialize) -> io::Result<()> {
    write_whole(path, &serde_json::to_vec(record)?)
}

fn read<T: DeserializeOwned>(path: &Path) -> Option<T> {
    let bytes = fs::read(path).ok()?;
    let record = serde_json::from_slice(&bytes);
    record
        .inspect_err(|error| warn!(%error, path = %path.display(), "a record cannot be read"))
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_agent_reads_what_the_former_one_wrote() {
        let folder = tempfile::tempdir().unwrap();
        let order = HoistStartInstance {
            instance_id: "i-1".into(),
            auth_token: "t".into(),
            ..Default::default()
        };
        let ledger = Ledger::open(folder.path(), &order).unwrap();
        let launch = Launch {
            os: OsId(7),
            version: "hash".into(),
            launch_path: "a.js".into(),
            parameters: String::new(),
            slots: Vec::new(),
        };
        ledger.make_folders(OsId(7)).unwrap();
        ledger.make_folders(OsId(8)).unwrap();
        let identity = Identity { pid: 1, started: 2 };
        ledger
            .save(&Record {
                launch: launch.clone(),
                identity,
            })
            .unwrap();
        let all = Ledger::all(folder.path()).unwrap();
        assert_eq!(all[0].0, order);
        let records = all[0].1.records().unwrap();
        assert_eq!(
            (records.len(), &records[0].launch, records[0].identity),
            (1, &launch, identity)
        );
        ledger.forget_all().unwrap();
        assert!(Ledger::all(folder.path()).unwrap().is_empty());
        let crooked = HoistStartInstance {
            instance_id: "../x".into(),
            ..Default::default()
        };
        assert!(Ledger::open(folder.path(), &crooked).is_err());
    }
}
