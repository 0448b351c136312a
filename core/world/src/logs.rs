//! Logs of game sessions: who may bring them, how long they are kept, and URLs under which everybody may fetch one for a
//! quarter of an hour. The files themselves are the shell's.

use api::{Fault, GetGameSessionLogUrlInput, GetGameSessionLogUrlOutput};
use hmac::{Hmac, Mac};
use ids::{ComputeName, FleetId, ProcessId, Time};
use serde::{Deserialize, Serialize};
use serversdk::agent;
use sha2::{Digest, Sha256};

use crate::World;
use crate::effects::Effect;
use crate::fault::{invalid, not_found};
use crate::processes::ProcessKey;
use crate::settings::Settings;
use crate::table::{Row, Table};
use crate::turn::Turn;
use crate::{agents, outbox};

/// That the logs of a game session are stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Log {
    pub(crate) game_session: String,
    pub(crate) size: u64,
    pub(crate) stored: Time,
}

impl Row for Log {
    const TABLE: &'static str = "logs";
    type Key = String;
    fn key(&self) -> String {
        self.game_session.clone()
    }
}

#[derive(Default)]
pub(crate) struct Logs {
    table: Table<Log>,
}

impl Logs {
    pub(crate) fn table(&mut self) -> &mut Table<Log> {
        &mut self.table
    }
}

/// Where the logs of a process belong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogTicket {
    /// The session it hosted; none: the logs are for the operator only.
    pub game_session: Option<String>,
    /// The name of the file, without a folder.
    pub file: String,
}

/// The name of the file with the logs of a game session.
pub(crate) fn file_name(game_session: &str) -> String {
    let hash = Sha256::digest(game_session.as_bytes());
    let hex: String = hash
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("{hex}.zip")
}

pub(crate) fn ticket(
    world: &World,
    token: &str,
    (fleet, compute): &(FleetId, ComputeName),
    process: &ProcessId,
    now: Time,
) -> Option<LogTicket> {
    if !agents::admits(world, token, fleet, compute, now) {
        return None;
    }
    let row = world
        .processes
        .get(&ProcessKey::new(fleet, compute, process));
    let session = row
        .and_then(|row| row.session.as_ref())
        .map(ToString::to_string);
    let name = session
        .clone()
        .unwrap_or_else(|| format!("{fleet}|{compute}|{process}"));
    Some(LogTicket {
        game_session: session,
        file: file_name(&name),
    })
}

pub(crate) fn stored(world: &mut World, turn: &mut Turn<'_>, game_session: &str, size: u64) {
    let row = Log {
        game_session: game_session.into(),
        size,
        stored: turn.now,
    };
    world.logs.table.insert(row);
    let detail = serde_json::json!({ "gameSessionArn": game_session, "sizeInBytes": size });
    outbox::put(world, turn, "GameLift Game Session Logs Event", detail);
}

pub(crate) fn url(
    world: &World,
    turn: &Turn<'_>,
    input: &GetGameSessionLogUrlInput,
) -> Result<GetGameSessionLogUrlOutput, Fault> {
    let asked = &input.game_session_id;
    let id = world.settings.origin().game_session_in(asked);
    let id = id.ok_or_else(|| not_found(format!("Game session {asked} not found.")))?;
    let row = world.logs.table.get(id.as_str());
    let row = row.filter(|row| row.stored + world.settings.times.logs > turn.now);
    if row.is_none() {
        return Err(not_found(format!(
            "No logs of game session {id}; they are stored when its process has ended, and kept for 14 days."
        )));
    }
    let file = file_name(id.as_str());
    let expires = (turn.now + world.settings.times.log_url).as_millis() / 1000;
    let signature = sign(&world.settings, &file, expires);
    let base = &world.settings.log_download_url;
    let url = format!("{base}/{file}?expires={expires}&signature={signature}");
    Ok(GetGameSessionLogUrlOutput {
        pre_signed_url: Some(url),
    })
}

fn mac(settings: &Settings, file: &str, expires: u64) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(&settings.log_url_key)
        .expect("HMAC takes keys of any length");
    mac.update(format!("{file}\n{expires}").as_bytes());
    mac
}

fn sign(settings: &Settings, file: &str, expires: u64) -> String {
    let bytes = mac(settings, file, expires).finalize().into_bytes();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether a log URL (its file, and its `expires` and `signature` parameters) is ours and still good.
pub fn log_url_is_good(
    settings: &Settings,
    file: &str,
    expires: &str,
    signature: &str,
    now: Time,
) -> bool {
    let Ok(expires) = expires.parse::<u64>() else {
        return false;
    };
    let bytes: Option<Vec<u8>> = (0..signature.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(signature.get(at..at + 2)?, 16).ok())
        .collect();
    let Some(bytes) = bytes else { return false };
    expires.saturating_mul(1000) >= now.as_millis()
        && mac(settings, file, expires).verify_slice(&bytes).is_ok()
}

pub(crate) fn follow(world: &mut World, game_session: &str, follow: bool) -> Result<(), Fault> {
    let key = crate::game_sessions::find(world, game_session)?
        .process
        .clone();
    let row = world.processes.get(&key).filter(|row| row.is_live());
    let row =
        row.ok_or_else(|| invalid("The game session does not run; ask for its stored logs."))?;
    let push = agent::Push::HoistFollowLog(agent::HoistFollowLog {
        process_id: row.process.clone(),
        follow,
    });
    let (fleet, compute) = (row.fleet.clone(), row.compute.clone());
    agents::tell_ours(world, &fleet, &compute, push);
    Ok(())
}

/// Lines of a followed log have come.
pub(crate) fn lines(
    world: &mut World,
    (fleet, compute): &(FleetId, ComputeName),
    lines: agent::HoistLogLines,
) {
    let row = world
        .processes
        .get(&ProcessKey::new(fleet, compute, &lines.process_id));
    let game_session = row
        .and_then(|row| row.session.as_ref())
        .map(ToString::to_string);
    world.effects.push(Effect::LogLines {
        fleet: fleet.clone(),
        process: lines.process_id,
        game_session,
        text: lines.text,
    });
}

/// Forgets logs that are too old.
pub(crate) fn sweep(world: &mut World, now: Time) {
    let keep = world.settings.times.logs;
    let old: Vec<_> = world
        .logs
        .table
        .iter()
        .filter(|row| row.stored + keep <= now)
        .map(|row| row.game_session.clone())
        .collect();
    for game_session in old {
        world.logs.table.remove(&game_session);
        world
            .effects
            .push(Effect::ForgetLogs(file_name(&game_session)));
    }
}
