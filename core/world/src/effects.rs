//! What `World` hands out: changed rows, which the shell commits first, and effects, which it runs afterwards. Effects are
//! never stored; each can be found again by comparing rows with what agents and processes report.

use ids::{FleetId, ProcessId};
use serde_json::Value;
use serversdk::{agent, machine, server};
use thiserror::Error;

/// Names one WebSocket of a process, an agent or a machine; chosen by the shell, never used twice in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkId(pub u64);

/// One changed row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Which table.
    pub table: &'static str,
    /// Which row.
    pub key: String,
    /// The new row as JSON text, or none when it is gone.
    pub row: Option<String>,
}

/// Something to be done after the changes are committed, in order. A link that is gone makes its effects void.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Send to a server process.
    Server(LinkId, server::Push),
    /// Send to an agent.
    Agent(LinkId, agent::Push),
    /// Send to a machine.
    Machine(LinkId, machine::Push),
    /// Close a link with this WebSocket close code (1000: the other side shall not come back).
    Close(LinkId, u16),
    /// Deliver an event of the outbox, then say [`crate::World::delivered`]; try again later when that fails.
    Notify {
        /// Its number in the outbox.
        number: u64,
        /// The event.
        event: Value,
    },
    /// Hand lines of a followed log to whoever follows it.
    LogLines {
        /// The fleet of the process.
        fleet: FleetId,
        /// Whose log.
        process: ProcessId,
        /// The session it hosts or hosted, if any.
        game_session: Option<String>,
        /// The text, with line ends.
        text: String,
    },
    /// The zip of that hash is not needed any more.
    ForgetContent(String),
    /// The log file of that name is too old.
    ForgetLogs(String),
}

/// What one turn of the loop has brought.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Batch {
    /// To be committed, all or none.
    pub changes: Vec<Change>,
    /// To be run afterwards.
    pub effects: Vec<Effect>,
}

/// A row of the store that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "row {key:?} of table {table:?} cannot be read ({reason}); restore the data folder or use the version that wrote it"
)]
pub struct LoadError {
    /// Which table.
    pub table: String,
    /// Which row.
    pub key: String,
    /// Why.
    pub reason: String,
}
