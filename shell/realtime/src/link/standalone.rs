//! The link of a server without control plane: the game session starts at once, players are accepted by a rule.

use std::collections::BTreeSet;

use session::{GameSession, Input, LinkAnswer, LinkCall, Order};

use crate::{Accept, Standalone};

pub(crate) struct StandaloneLink {
    accept: Accept,
    /// Player sessions of players who are in: a second login with one of them is refused.
    active: BTreeSet<String>,
    game_session: GameSession,
}

impl StandaloneLink {
    /// `game_session_id` is used when the settings name none.
    pub(crate) fn new(
        settings: &Standalone,
        script_max_players: Option<u32>,
        game_session_id: String,
    ) -> Self {
        const MAX_PLAYERS: u32 = 32;
        let id = if settings.game_session_id.is_empty() {
            game_session_id
        } else {
            settings.game_session_id.clone()
        };
        Self {
            accept: settings.accept.clone(),
            active: BTreeSet::new(),
            game_session: GameSession {
                game_session_id: id,
                name: "standalone".into(),
                fleet_id: "standalone".into(),
                maximum_player_session_count: settings
                    .max_players
                    .or(script_max_players)
                    .unwrap_or(MAX_PLAYERS),
                game_properties: settings.game_properties.clone(),
                game_session_data: settings.game_session_data.clone(),
                matchmaker_data: settings.matchmaker_data.clone(),
                location: "standalone".into(),
                ..GameSession::default()
            },
        }
    }

    /// Where players reach the game session.
    pub(crate) fn reachable_at(&mut self, ip_address: String, port: u16) {
        self.game_session.ip_address = ip_address;
        self.game_session.port = port;
    }

    pub(crate) fn call(&mut self, call: LinkCall, answers: &mut Vec<Input>) {
        let answer = match call {
            LinkCall::ProcessReady => {
                answers.push(Input::Told(Order::Start(self.game_session.clone())));
                return;
            }
            LinkCall::Heartbeat(_) | LinkCall::ActivateGameSession => return,
            LinkCall::AcceptPlayerSession {
                conn,
                player_session_id,
            } => match self.admit(&player_session_id) {
                Ok(()) => LinkAnswer::Accepted {
                    conn,
                    player_id: String::new(),
                    player_data: String::new(),
                },
                Err(error) => LinkAnswer::Refused { conn, error },
            },
            LinkCall::RemovePlayerSession(player_session_id) => {
                self.active.remove(&player_session_id);
                LinkAnswer::Removed { player_session_id }
            }
            LinkCall::ProcessEnding => LinkAnswer::ProcessEnding { success: true },
        };
        answers.push(Input::Answered(answer));
    }

    fn admit(&mut self, player_session_id: &str) -> Result<(), String> {
        let refused = |why: &str| {
            Err(format!(
                "[GameLiftError: ErrorType=5, ErrorMessage=PlayerSession ({player_session_id}) {why}]"
            ))
        };
        if player_session_id.is_empty() {
            return refused("is empty. A standalone server accepts every non-empty id");
        }
        if let Accept::List(accepted) = &self.accept
            && !accepted.iter().any(|one| one == player_session_id)
        {
            return refused("is not in the list of --accept-only");
        }
        if self.active.contains(player_session_id) {
            return refused("has a status of ACTIVE instead of RESERVED");
        }
        let seats = self.game_session.maximum_player_session_count as usize;
        if self.active.len() >= seats {
            return refused("finds no free seat. Raise --max-players");
        }
        self.active.insert(player_session_id.to_owned());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use session::ConnId;

    fn outcome(link: &mut StandaloneLink, call: LinkCall) -> String {
        let mut answers = Vec::new();
        link.call(call, &mut answers);
        match answers.pop() {
            Some(Input::Answered(LinkAnswer::Accepted { .. })) => "accepted".into(),
            Some(Input::Answered(LinkAnswer::Refused { error, .. })) => error,
            other => format!("{other:?}"),
        }
    }

    fn accept(id: &str) -> LinkCall {
        LinkCall::AcceptPlayerSession {
            conn: ConnId(1),
            player_session_id: id.into(),
        }
    }

    #[test]
    fn players_are_admitted_by_list_seat_and_once() {
        let settings = Standalone {
            accept: Accept::List(vec!["a".into(), "b".into(), "c".into()]),
            max_players: Some(2),
            ..Standalone::default()
        };
        let mut link = StandaloneLink::new(&settings, Some(9), "gs".into());
        let cases = [
            (accept(""), "is empty"),
            (accept("x"), "--accept-only"),
            (accept("a"), "accepted"),
            (accept("a"), "ACTIVE instead of RESERVED"),
            (accept("b"), "accepted"),
            (accept("c"), "--max-players"),
            (LinkCall::RemovePlayerSession("a".into()), "Removed"),
            (accept("c"), "accepted"),
        ];
        for (call, expected) in cases {
            let outcome = outcome(&mut link, call.clone());
            assert!(outcome.contains(expected), "{call:?}: {outcome}");
        }
    }

    #[test]
    fn the_session_starts_when_the_process_is_ready() {
        let mut link = StandaloneLink::new(&Standalone::default(), None, "gs".into());
        let mut answers = Vec::new();
        link.call(LinkCall::ProcessReady, &mut answers);
        let [Input::Told(Order::Start(session))] = &answers[..] else {
            panic!("{answers:?}");
        };
        assert_eq!(session.game_session_id, "gs");
        assert_eq!(session.maximum_player_session_count, 32);
    }
}
