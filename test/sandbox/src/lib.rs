//! Starts the real binary for whole-system stories: own folder, port 0, JSON lines out, logs watched. A WARN or ERROR line
//! that the story did not announce fails it.

mod process;

pub use process::{Process, Watch};

use std::path::{Path, PathBuf};

/// A story's own folder and its processes' common settings.
pub struct Sandbox {
    binary: PathBuf,
    folder: tempfile::TempDir,
}

impl Sandbox {
    /// A sandbox for the binary at this path (`env!("CARGO_BIN_EXE_hoist")`).
    pub fn new(binary: impl Into<PathBuf>) -> anyhow::Result<Self> {
        let folder = tempfile::Builder::new().prefix("hoist-story-").tempdir()?;
        Ok(Self {
            binary: binary.into(),
            folder,
        })
    }

    /// The folder of this story; it goes when the sandbox goes.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file into the story's folder and answers its path.
    pub fn write(&self, name: &str, text: &str) -> anyhow::Result<PathBuf> {
        let path = self.folder.path().join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(&path, text)?;
        Ok(path)
    }

    /// Starts the binary with these arguments in the story's folder.
    pub fn start(&self, arguments: &[&str]) -> anyhow::Result<Process> {
        Process::start(&self.binary, arguments, self.folder.path(), &[])
    }

    /// Starts another program (Python, the AWS CLI) in the story's folder.
    pub fn program(
        &self,
        program: &Path,
        arguments: &[&str],
        environment: &[(&str, &str)],
    ) -> anyhow::Result<Process> {
        Process::start(program, arguments, self.folder.path(), environment)
    }
}
