//! A script engine that plays a script: answers calls late, badly or never, sends, and ends its game when it is over.

use bytes::Bytes;
use ids::Span;
use session::{Ask, Exports, GameMessage, Hook, Input, Outcome, ScriptEvent, ToScript};

use crate::sim::{Event, Sim};

const CALLBACKS: &[&str] = &[
    "onProcessStarted",
    "onStartGameSession",
    "onHealthCheck",
    "onProcessTerminate",
    "onPlayerConnect",
    "onPlayerAccepted",
    "onPlayerDisconnect",
    "onMessage",
    "onSendToPlayer",
    "onSendToGroup",
];
/// The op code of what the script sends by itself.
const SCRIPT_OP: i32 = 900;

impl Sim {
    /// What this run's script has; the same for all processes of a run.
    pub(crate) fn exports(&self) -> Exports {
        let bits = self.plan.callbacks;
        let has = CALLBACKS
            .iter()
            .enumerate()
            .filter(|(at, _)| bits >> at & 1 == 1);
        Exports {
            callbacks: has
                .map(|(_, name)| (*name).to_owned())
                .chain(["init".to_owned()])
                .collect(),
            ..Exports::default()
        }
    }

    /// A session tells its script something.
    pub(crate) fn script_hears(&mut self, id: &str, told: ToScript) -> Result<(), String> {
        match told {
            ToScript::Call(call, hook) => {
                let takes = if self.plan.bad_script && self.chance(20) {
                    6000
                } else {
                    30
                };
                let takes = Span::from_millis(self.dice.below(takes));
                self.script_asks(id, &hook);
                let outcome = self.outcome(&hook);
                if self.plan.bad_script && !self.calm && self.chance(3) {
                    self.later(id, ScriptEvent::Crashed("at random".to_owned()), takes);
                } else {
                    self.later(id, ScriptEvent::Returned(call, outcome), takes);
                }
            }
            ToScript::Joined(player) => {
                self.figures.joined += 1;
                self.note(|| {
                    format!(
                        "process {id}: peer {} is {}",
                        player.peer_id, player.player_session_id
                    )
                });
                if let Some(process) = self.processes.get_mut(id) {
                    process
                        .roster
                        .insert(player.peer_id, player.player_session_id.clone());
                }
                return self.check_joined(id, &player);
            }
            ToScript::Left(peer) => {
                self.note(|| format!("process {id}: peer {peer} has left"));
                if let Some(process) = self.processes.get_mut(id) {
                    process.roster.remove(&peer);
                }
            }
            ToScript::GameSessionId(game) => {
                self.note(|| format!("process {id} hosts {game}"));
                let lasts = Span::from_secs(20 + self.dice.below(400));
                self.at(self.now + lasts, Event::GameOver(id.to_owned()));
            }
            ToScript::Ended { .. } => {
                let code = i32::from(self.plan.bad_script && self.chance(100));
                let takes = Span::from_millis(self.dice.below(2000));
                self.later(id, ScriptEvent::Asked(Ask::Exit(code)), takes);
            }
        }
        Ok(())
    }

    /// The game has been won, or everybody is tired of it.
    pub(crate) fn game_over(&mut self, id: &str) -> Result<(), String> {
        self.note(|| format!("process {id}: the game is over"));
        self.session_happens(id, Input::Script(ScriptEvent::Asked(Ask::ProcessEnding)))
    }

    pub(crate) fn script_says(&mut self, id: &str, event: ScriptEvent) -> Result<(), String> {
        self.session_happens(id, Input::Script(event))
    }

    fn script_asks(&mut self, id: &str, hook: &Hook) {
        let message = GameMessage {
            op_code: SCRIPT_OP,
            sender: -1,
            target_player: 0,
            target_group: 0,
            reliable: self.dice.below(2) == 0,
            payload: Bytes::from_static(b"from the script"),
        };
        let ask = match hook {
            Hook::PlayerAccepted(_) | Hook::Message(_) => Ask::SendToGroup { group: -1, message },
            Hook::PlayerConnect { player, .. } => Ask::SendToPlayer {
                peer: player.peer_id,
                message,
            },
            Hook::PlayerDisconnect(_) => Ask::BroadcastMembership { show: -1, to: -1 },
            Hook::Init
            | Hook::ProcessStarted(_)
            | Hook::StartGameSession(_)
            | Hook::HealthCheck
            | Hook::ProcessTerminate
            | Hook::SendToPlayer(_)
            | Hook::SendToGroup(_)
            | Hook::PlayerJoinGroup { .. }
            | Hook::PlayerLeaveGroup { .. } => return,
        };
        self.later(id, ScriptEvent::Asked(ask), Span::ZERO);
    }

    fn outcome(&mut self, hook: &Hook) -> Outcome {
        let bad = self.plan.bad_script && !self.calm && self.chance(30);
        if matches!(hook, Hook::Init) {
            Outcome::Returned(true)
        } else if bad && self.dice.below(2) == 0 {
            Outcome::Threw("at random".to_owned())
        } else {
            Outcome::Returned(!bad)
        }
    }

    /// What a script says keeps its order.
    fn later(&mut self, id: &str, event: ScriptEvent, takes: Span) {
        let now = self.now;
        let Some(process) = self.processes.get_mut(id) else {
            return;
        };
        process.script_said = process.script_said.max(now + takes);
        let at = process.script_said;
        self.at(at, Event::Script(id.to_owned(), Box::new(event)));
    }
}
