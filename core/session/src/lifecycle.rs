//! From `init` to the exit: the steps of realtime.md 3.1, health (3.2), the service's orders (3.7), crashes (3.8) and the guards
//! against sessions that never end (3.9).

use ids::Span;

use crate::session::Session;
use crate::state::{Call, Phase, Stage, Timer, Waiting};
use crate::{
    CallId, CloseCode, GameSession, Hook, LinkAnswer, LinkCall, LogLevel, Order, Outcome, Output,
    ToScript,
};

/// Kept of the service's deadline for flushing and closing.
const LAST_WORDS_MS: u64 = 2_500;

impl Session {
    /// The first outputs of a session.
    pub(crate) fn begin(&mut self) {
        for warning in std::mem::take(&mut self.exports.warnings) {
            self.log(LogLevel::Warn, line!(), warning);
        }
        let timeout = Some(self.settings.callback_timeout);
        if self.call(Hook::Init, Waiting::Init, timeout).is_none() {
            self.decided(Waiting::Init, true);
        }
    }

    pub(crate) fn listening(&mut self, _tcp_port: u16, fast_port: u16) {
        if self.phase != Phase::Binding {
            return;
        }
        self.fast_port = fast_port;
        self.phase = Phase::Starting;
        self.log(
            LogLevel::Warn,
            line!(),
            "Connection is INSECURE. Messages will be sent/received as plaintext.",
        );
        let arguments = self
            .settings
            .params
            .split_whitespace()
            .map(str::to_owned)
            .collect();
        let timeout = Some(self.settings.callback_timeout);
        if self
            .call(
                Hook::ProcessStarted(arguments),
                Waiting::ProcessStarted,
                timeout,
            )
            .is_none()
        {
            self.ready();
        }
    }

    fn ready(&mut self) {
        self.phase = Phase::Ready;
        self.log_service(
            LogLevel::Info,
            line!(),
            "Calling GameLiftServerAPI.ProcessReady...",
        );
        self.out(Output::Link(LinkCall::ProcessReady));
        self.health_due();
    }

    pub(crate) fn told(&mut self, order: Order) {
        match order {
            Order::Start(game_session) => self.start(game_session),
            Order::Update(game_session) => {
                self.log(
                    LogLevel::Info,
                    line!(),
                    "the service has updated the game session",
                );
                self.game_session = game_session;
            }
            Order::Terminate { deadline_ms } => {
                self.terminate(deadline_ms, "the service has asked for the end")
            }
        }
    }

    fn start(&mut self, game_session: GameSession) {
        if self.phase != Phase::Ready {
            self.log(
                LogLevel::Warn,
                line!(),
                "the service starts a game session where none can be started; it is ignored",
            );
            return;
        }
        self.phase = Phase::Activating;
        let id = game_session.game_session_id.clone();
        self.game_session = game_session.clone();
        self.log(
            LogLevel::Info,
            line!(),
            format!("Starting game session {id}"),
        );
        self.out(Output::Script(ToScript::GameSessionId(id)));
        let timeout = Some(self.settings.callback_timeout);
        if self
            .call(
                Hook::StartGameSession(game_session),
                Waiting::StartGameSession,
                timeout,
            )
            .is_none()
        {
            self.activate();
        }
    }

    fn activate(&mut self) {
        if self.phase != Phase::Activating {
            return;
        }
        self.phase = Phase::Active;
        self.log_service(
            LogLevel::Info,
            line!(),
            "Calling GameLiftServerAPI.ActivateGameSession...",
        );
        self.out(Output::Link(LinkCall::ActivateGameSession));
        self.watch_empty();
        if self.settings.session_duration_max > Span::ZERO {
            self.wake(self.settings.session_duration_max, Timer::Duration);
        }
    }

    pub(crate) fn answered(&mut self, answer: LinkAnswer) {
        match answer {
            LinkAnswer::Accepted { conn, player_id, player_data } => {
                let Some(session_id) = self.asked.remove(&conn) else { return };
                if self.is_taken(conn, &session_id) {
                    // A repeated question may be granted twice; a seat is for one.
                    let error = format!("PlayerSession ({session_id}) has a status of ACTIVE instead of RESERVED");
                    self.not_accepted(conn, &session_id, &error);
                } else if self.conns.get(&conn).is_some_and(|conn| conn.stage == Stage::Asking) {
                    self.accepted(conn, player_id, player_data);
                } else {
                    // Gone while the service was asked: nobody will sit in this seat.
                    self.remove_player_session(session_id);
                }
            }
            LinkAnswer::Refused { conn, error } => {
                if let Some(session_id) = self.asked.remove(&conn) {
                    self.not_accepted(conn, &session_id, &error);
                }
            }
            LinkAnswer::Unanswered { conn, error } => {
                if let Some(session_id) = self.asked.remove(&conn) {
                    self.not_accepted(conn, &session_id, &error);
                    if !self.is_taken(conn, &session_id) {
                        // If the service has let the player in, nobody will sit in this seat.
                        self.remove_player_session(session_id);
                    }
                }
            }
            LinkAnswer::ProcessEnding { success } => {
                let text = if success { "succeeded" } else { "failed" };
                self.log_service(LogLevel::Info, line!(), format!("GameLiftServerAPI.ProcessEnding {text}"));
                self.out(Output::Script(ToScript::Ended { success }));
            }
            LinkAnswer::Removed { player_session_id } => self.log_service(
                LogLevel::Info,
                line!(),
                format!("GameLiftServerAPI.RemovePlayerSession succeeded with player session id: {player_session_id}"),
            ),
        }
    }

    /// A callback has returned.
    pub(crate) fn returned(&mut self, id: CallId, outcome: Outcome) {
        self.newest_returned = self.newest_returned.max(id.0);
        let Some(Call {
            name,
            waiting,
            deadline,
        }) = self.calls.remove(&id)
        else {
            return;
        };
        self.forget_call_timer(deadline, id);
        let verdict = match outcome {
            Outcome::Returned(truthy) => truthy,
            Outcome::Threw(stack) => {
                self.counts.callback_errors += 1;
                let fatal = matches!(waiting, Waiting::Init);
                let level = if fatal {
                    LogLevel::Fatal
                } else {
                    LogLevel::Error
                };
                self.log(level, line!(), format!("{name} threw: {stack}"));
                if fatal {
                    self.finish(CloseCode::ScriptCrashed, 1, "init threw");
                    return;
                }
                false
            }
        };
        self.decided(waiting, verdict);
    }

    /// A callback did not settle in time.
    pub(crate) fn call_due(&mut self, id: CallId) {
        let Some(Call { name, waiting, .. }) = self.calls.remove(&id) else {
            return;
        };
        self.counts.callback_timeouts += 1;
        let limit = self.settings.callback_timeout;
        self.log(
            LogLevel::Error,
            line!(),
            format!("{name} did not return within {limit}"),
        );
        // What must go on goes on; what needs a yes has none.
        self.decided(waiting, false);
    }

    fn decided(&mut self, waiting: Waiting, verdict: bool) {
        match waiting {
            // It may have been told to end meanwhile.
            Waiting::Init if self.phase != Phase::Loading => {}
            Waiting::ProcessStarted if self.phase != Phase::Starting => {}
            Waiting::Init => {
                self.phase = Phase::Binding;
                self.log(
                    LogLevel::Info,
                    line!(),
                    "Waiting for Realtime server to start...",
                );
                self.out(Output::Listen);
            }
            Waiting::ProcessStarted if verdict => self.ready(),
            Waiting::ProcessStarted => {
                self.log(
                    LogLevel::Error,
                    line!(),
                    "onProcessStarted did not return true: the process is not ready and ends",
                );
                self.phase = Phase::Terminating;
                self.wake(self.settings.terminate_pause, Timer::Terminate);
            }
            Waiting::StartGameSession => self.activate(),
            Waiting::HealthCheck => self.health(verdict),
            Waiting::ProcessTerminate => {
                self.terminate_returned = true;
                self.terminate_due();
            }
            Waiting::Connect(conn) => self.connect_decided(conn, verdict),
            Waiting::Disconnect(departure) => self.departed(departure),
            Waiting::Gate {
                conn,
                channel,
                packet,
            } => self.gate_decided(conn, channel, packet, verdict),
            Waiting::Nothing => {}
        }
    }

    pub(crate) fn health_due(&mut self) {
        if self.phase < Phase::Ready || self.phase >= Phase::Ending {
            return;
        }
        self.wake(self.settings.health_interval, Timer::Health);
        let timeout = Some(self.settings.callback_timeout);
        if self
            .call(Hook::HealthCheck, Waiting::HealthCheck, timeout)
            .is_none()
        {
            self.health(true);
        }
    }

    fn health(&mut self, healthy: bool) {
        if healthy != self.counts.healthy {
            let (level, text) = if healthy {
                (LogLevel::Info, "the health check is good again")
            } else {
                (
                    LogLevel::Warn,
                    "the health check failed; the service replaces a process after three failures",
                )
            };
            self.log(level, line!(), text);
        }
        self.counts.healthy = healthy;
        self.out(Output::Link(LinkCall::Heartbeat(healthy)));
    }

    /// The service, a signal or a guard asks for the end.
    pub(crate) fn terminate(&mut self, deadline_ms: Option<u64>, why: &str) {
        if self.phase >= Phase::Terminating {
            return;
        }
        self.log(
            LogLevel::Info,
            line!(),
            format!("{why}; calling onProcessTerminate"),
        );
        self.phase = Phase::Terminating;
        self.terminating_since = Some(self.now);
        // The last words must be out before the deadline.
        let deadline = deadline_ms.unwrap_or(u64::MAX);
        let deadline = Span::from_millis(deadline.saturating_sub(LAST_WORDS_MS));
        let grace = self.settings.terminate_grace.min(deadline);
        if self
            .call(Hook::ProcessTerminate, Waiting::ProcessTerminate, None)
            .is_none()
        {
            self.terminated();
            return;
        }
        self.wake(grace, Timer::Terminate);
        if self.settings.terminate_pause < grace {
            self.wake(self.settings.terminate_pause, Timer::Terminate);
        }
    }

    /// Whether the script has had its time: what it returned is settled and the pause is over, or the grace is.
    pub(crate) fn terminate_due(&mut self) {
        let Some(since) = self.terminating_since else {
            // onProcessStarted said no.
            self.finish(CloseCode::Away, 1, "onProcessStarted did not return true");
            return;
        };
        let passed = self.now.since(since);
        let settled = self.terminate_returned && passed >= self.settings.terminate_pause;
        let next = !self.has_terminate_timer();
        if settled || next {
            self.terminated();
        }
    }

    fn terminated(&mut self) {
        if !self.end_told {
            self.end_told = true;
            self.out(Output::Link(LinkCall::ProcessEnding));
        }
        self.finish(CloseCode::Away, 0, "terminated");
    }

    pub(crate) fn empty_due(&mut self) {
        if self.everybody().is_empty() {
            self.guard("the session has been empty for too long");
        }
    }

    /// A guard against sessions that never end behaves like the service's order.
    pub(crate) fn guard(&mut self, why: &str) {
        self.terminate(None, why);
    }

    pub(crate) fn crashed(&mut self, text: &str) {
        self.log(
            LogLevel::Fatal,
            line!(),
            format!("Realtime server crashed due to: {text}"),
        );
        let first = text.lines().next().unwrap_or_default();
        self.finish(
            CloseCode::ScriptCrashed,
            1,
            &format!("the script crashed: {first}"),
        );
    }

    pub(crate) fn finish(&mut self, close: CloseCode, exit_code: i32, reason: &str) {
        if self.phase == Phase::Finished {
            return;
        }
        self.phase = Phase::Finished;
        self.log(
            LogLevel::Info,
            line!(),
            format!("the process ends: {reason}"),
        );
        self.out(Output::Finish {
            close,
            exit_code,
            reason: reason.to_owned(),
        });
    }
}
