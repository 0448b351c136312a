//! How server processes end: by themselves, told to, in trouble, or with their host; and what is due in between.

use ids::{Span, Time};
use serde_json::json;
use serversdk::{EventCode, TerminationReason, agent, server};

use crate::World;
use crate::processes::{Process, ProcessKey, State, send};
use crate::timers::Timer;
use crate::turn::Turn;
use crate::{fleet_events, fleet_locations, game_sessions, metrics, outbox};

/// An ended process is remembered for so long, so that what comes late is understood.
const REMEMBERED: Span = Span::from_secs(600);
/// A health report may be so much late (server-sdk.md 3).
const JITTER: Span = Span::from_secs(10);
/// So many failed or missing health reports in a row end a process.
const MISSES: u32 = 3;
/// Of what a process wrote before its end, so much is kept in the event.
const MESSAGE_MAX: usize = 4000;

/// What the end of a process means for its game session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gone {
    /// ProcessEnding, or it exited after being told to end.
    Ended,
    /// Crash, timeout, ill health, kill.
    Failed,
    /// Its host went away.
    Interrupted,
}

impl Gone {
    const fn word(self) -> &'static str {
        match self {
            Self::Ended => "ended",
            Self::Failed => "failed",
            Self::Interrupted => "interrupted",
        }
    }
}

/// Why control gives a process up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// Something worth a fleet event.
    Trouble(EventCode, String),
    /// Control's own doing, after an event or a call that says so.
    Ordered(TerminationReason),
    /// It exited after it was told to end.
    Exited,
    /// Its host went away.
    HostGone,
}

/// Tells a process to end, with a deadline after which it is killed. Doing it again changes nothing.
pub(crate) fn terminate(world: &mut World, turn: &Turn<'_>, key: &ProcessKey) {
    let Some(row) = world.processes.get(key) else {
        return;
    };
    if row.terminate_by.is_some() || !row.is_live() {
        return;
    }
    let by = turn.now + world.settings.times.terminate;
    world.processes.edit(key, |row| {
        row.terminate_by = Some(by);
        row.retiring = true;
    });
    let push = server::TerminateProcess {
        termination_time: by.as_millis(),
    };
    send(world, key, server::Push::TerminateProcess(push));
    world.timers.set(Timer::Process(key.clone()), turn.now);
}

/// The process has called ProcessEnding: its session is over, its exit is awaited.
pub(crate) fn ending(world: &mut World, turn: &mut Turn<'_>, key: &ProcessKey) {
    let Some(row) = world.processes.get(key) else {
        return;
    };
    if !row.is_live() {
        return;
    }
    let (row, now) = (row.clone(), turn.now);
    let awaited = world.has_agent(&row.fleet, &row.compute);
    world.processes.edit(key, |row| {
        row.state = if awaited { State::Ending } else { State::Ended };
        row.ended = Some(now);
    });
    after_end(world, turn, &row, Gone::Ended);
}

/// Control gives the process up. What still runs of it is killed by its agent, or told to end when there is none.
pub(crate) fn give_up(world: &mut World, turn: &mut Turn<'_>, key: &ProcessKey, cause: &Cause) {
    let Some(row) = world.processes.get(key).cloned() else {
        return;
    };
    if row.state == State::Ended {
        return;
    }
    let was_ending = row.state == State::Ending;
    let now = turn.now;
    let exited = matches!(
        cause,
        Cause::Exited | Cause::HostGone | Cause::Trouble(EventCode::Crashed, _)
    );
    world.processes.edit(key, |row| {
        row.state = State::Ended;
        row.ended = Some(now);
        row.given_up = !exited;
    });
    let (gone, reason) = match cause {
        Cause::Trouble(code, message) => {
            let text = sentence(*code, message);
            fleet_events::record(world, turn, &row.fleet, code.as_str(), &text);
            (Gone::Failed, reason(*code))
        }
        Cause::Ordered(reason) => (Gone::Failed, *reason),
        Cause::Exited => (Gone::Ended, TerminationReason::NormalTermination),
        Cause::HostGone => (Gone::Interrupted, TerminationReason::ComputeShuttingDown),
    };
    if gone != Gone::Ended {
        let counter = metrics::Counter::ServerProcessAbnormalTerminations;
        metrics::count(world, counter, &row.fleet, &row.location);
    }
    if !exited {
        kill(world, turn, &row, key, reason);
    }
    if was_ending {
        world.timers.set(Timer::Process(key.clone()), now);
    } else {
        after_end(world, turn, &row, gone);
    }
    if matches!(cause, Cause::Trouble(..)) && row.ready.is_none() {
        let why = match cause {
            Cause::Trouble(_, message) => message.as_str(),
            Cause::Ordered(_) | Cause::Exited | Cause::HostGone => "",
        };
        fleet_locations::process_failed(world, turn, &row.fleet, &row.location, why);
    }
}

fn kill(
    world: &mut World,
    turn: &Turn<'_>,
    row: &Process,
    key: &ProcessKey,
    reason: TerminationReason,
) {
    if world.has_agent(&row.fleet, &row.compute) {
        let push = agent::ForceExitServerProcess {
            process_id: row.process.clone(),
            termination_reason: Some(reason),
        };
        world.tell_agent(
            &row.fleet,
            &row.compute,
            agent::Push::ForceExitServerProcess(push),
        );
    } else {
        let push = server::TerminateProcess {
            termination_time: turn.now.as_millis(),
        };
        send(world, key, server::Push::TerminateProcess(push));
    }
}

fn after_end(world: &mut World, turn: &mut Turn<'_>, row: &Process, gone: Gone) {
    let key = ProcessKey::new(&row.fleet, &row.compute, &row.process);
    metrics::count(
        world,
        metrics::Counter::ServerProcessTerminations,
        &row.fleet,
        &row.location,
    );
    if let Some(session) = &row.session {
        game_sessions::process_gone(world, turn, session, gone);
        let detail =
            json!({ "gameSessionArn": session, "status": "TERMINATED", "end": gone.word() });
        outbox::put(world, turn, "GameLift Game Session Event", detail);
    }
    world.timers.set(Timer::Process(key), turn.now);
    crate::instances::process_gone(world, turn, &row.fleet, &row.compute);
}

/// An agent says that a process is gone; `code` and `message` are its view. Control knows better whether that was expected.
pub(crate) fn exited(
    world: &mut World,
    turn: &mut Turn<'_>,
    key: &ProcessKey,
    code: Option<EventCode>,
    message: &str,
) {
    let message = tail(message);
    let Some(row) = world.processes.get(key) else {
        return;
    };
    let cause = match row.state {
        State::Ended => return,
        State::Ending => Cause::Exited,
        State::Connected | State::Active if row.terminate_by.is_some() => Cause::Exited,
        // Its agent cannot know that it did call InitSDK.
        State::Connected if code == Some(EventCode::SdkInitializationTimeout) => {
            Cause::Trouble(EventCode::ReadyTimeout, message.to_owned())
        }
        State::Connected | State::Active => {
            Cause::Trouble(code.unwrap_or(EventCode::Crashed), message.to_owned())
        }
    };
    give_up(world, turn, key, &cause);
    world.processes.edit(key, |row| row.given_up = false);
}

/// The last part of a long text, cut at a character.
pub(crate) fn tail(text: &str) -> &str {
    let mut from = text.len().saturating_sub(MESSAGE_MAX);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    &text[from..]
}

/// Does what is due for a process and sets its next timer.
pub(crate) fn on_timer(world: &mut World, turn: &mut Turn<'_>, key: &ProcessKey) {
    let Some(row) = world.processes.get(key).cloned() else {
        return;
    };
    let times = &world.settings.times;
    let pulse = world.processes.pulse(key);
    let lost_due = pulse.lost.map_or(Time::MAX, |lost| lost + times.reconnect);
    let due = match row.state {
        State::Connected => {
            // While control was away nobody could say that they are ready.
            let ready_due = row.connected.max(world.loaded) + times.process_ready;
            [(ready_due.min(lost_due), EventCode::ReadyTimeout)]
                .into_iter()
                .chain(row.terminate_by.map(|by| (by, EventCode::ForceTerminated)))
                .min()
        }
        State::Active => {
            let unhealthy = if pulse.misses >= MISSES {
                turn.now
            } else {
                Time::MAX
            }
            .min(lost_due);
            [(unhealthy, EventCode::TerminatedUnhealthy)]
                .into_iter()
                .chain(row.terminate_by.map(|by| (by, EventCode::ForceTerminated)))
                .min()
        }
        State::Ending => {
            let since = row.ended.unwrap_or(turn.now).max(world.loaded);
            Some((since + times.exit, EventCode::ExitTimeout))
        }
        State::Ended => {
            let until = row.ended.unwrap_or(turn.now) + REMEMBERED;
            if until <= turn.now {
                world.processes.remove(key);
            } else {
                world.timers.set(Timer::Process(key.clone()), until);
            }
            return;
        }
    };
    let Some((due, code)) = due else { return };
    if due <= turn.now {
        give_up(world, turn, key, &Cause::Trouble(code, String::new()));
        return;
    }
    let next = if row.state == State::Active {
        miss(world, turn, key).min(due)
    } else {
        due
    };
    world.timers.set(Timer::Process(key.clone()), next);
}

/// Counts a health report that did not come, and says when the next would be missing.
fn miss(world: &mut World, turn: &Turn<'_>, key: &ProcessKey) -> Time {
    let wait = world.settings.times.heartbeat + JITTER;
    let now = turn.now;
    let pulse = world.processes.pulse_mut(key);
    if pulse.beat + wait > now {
        return pulse.beat + wait;
    }
    pulse.beat = now;
    pulse.misses += 1;
    let next = if pulse.misses >= MISSES {
        now
    } else {
        now + wait
    };
    world.processes.relist(key);
    next
}

/// The sentence of a fleet event.
pub(crate) fn sentence(code: EventCode, detail: &str) -> String {
    if detail.is_empty() {
        return format!("{}.", words(code));
    }
    format!("{}. {detail}", words(code))
}

const fn words(code: EventCode) -> &'static str {
    match code {
        EventCode::Crashed => "Server process exited without calling ProcessEnding()",
        EventCode::ForceTerminated => {
            "Server process did not exit in time after OnProcessTerminate"
        }
        EventCode::InvalidPath => "Launch path of the server process was not found",
        EventCode::ExitTimeout => {
            "Server process did not exit within 30 seconds after ProcessEnding()"
        }
        EventCode::ReadyTimeout => "Server process did not call ProcessReady() within 5 minutes",
        EventCode::SdkInitializationTimeout => {
            "Server process did not call InitSDK() within 5 minutes"
        }
        EventCode::TerminatedUnhealthy => "Server process failed three health checks in a row",
    }
}

const fn reason(code: EventCode) -> TerminationReason {
    match code {
        EventCode::Crashed => TerminationReason::Crashed,
        EventCode::ForceTerminated => TerminationReason::ForceTerminated,
        EventCode::InvalidPath => TerminationReason::InvalidPath,
        EventCode::ExitTimeout => TerminationReason::ExitTimeout,
        EventCode::ReadyTimeout => TerminationReason::ReadyTimeout,
        EventCode::SdkInitializationTimeout => TerminationReason::SdkInitializationTimeout,
        EventCode::TerminatedUnhealthy => TerminationReason::TerminatedUnhealthy,
    }
}

/// After a load every process has a while to come back.
pub(crate) fn rebuild(world: &mut World, now: Time) {
    let keys: Vec<_> = world.processes.iter().map(crate::table::Row::key).collect();
    for key in keys {
        world.timers.set(Timer::Process(key), now);
    }
}
