//! JavaScript engines behind one interface: embedded QuickJS and a real Node.js child. A script is loaded from a file, a folder
//! or a zip; then the session talks to it in data (`session::ToScript`, `session::ScriptEvent`). Nothing here decides what a
//! callback's outcome means.

pub mod archive;
mod check;
mod embedded;
mod engine;
mod error;
mod loaded;
mod node;
mod options;
mod raw;
mod source;

pub use check::{Finding, Report, Severity, check};
pub use engine::{Engine, load};
pub use error::{LoadError, Why};
pub use options::{Budgets, Choice, Kind, Options};
