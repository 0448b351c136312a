//! Finds Node.js.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// The binary that is named, or `node` in PATH; otherwise what to do.
pub(crate) fn find(named: Option<&Path>) -> Result<PathBuf, String> {
    if let Some(named) = named {
        return if is_program(named) {
            // The child starts in the game's folder, where a relative path would name something else.
            std::path::absolute(named).map_err(|error| format!("{}: {error}", named.display()))
        } else {
            Err(format!(
                "{} is no program: --node must name the node binary itself",
                named.display()
            ))
        };
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .map(|folder| folder.join("node"))
        .find(|file| is_program(file))
        .ok_or_else(|| {
            "no node in PATH: install Node.js 18 or newer, or name its binary with --node PATH"
                .to_owned()
        })
}

fn is_program(file: &Path) -> bool {
    std::fs::metadata(file)
        .is_ok_and(|about| about.is_file() && about.permissions().mode() & 0o111 != 0)
}
