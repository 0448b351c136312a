//! What the session tells the script, as calls of the functions in session.js.

use rquickjs::function::Args;
use rquickjs::{Ctx, Function, Object, Result, TypedArray};
use session::{CallId, GameMessage, GameSession, Hook, Player, ToScript};

/// The functions of session.js, and the prototype of `Buffer` for payloads.
pub(super) struct Hooks<'js> {
    bare: Function<'js>,
    started: Function<'js>,
    game_session: Function<'js>,
    connect: Function<'js>,
    accepted: Function<'js>,
    peer: Function<'js>,
    message: Function<'js>,
    group: Function<'js>,
    joined: Function<'js>,
    left: Function<'js>,
    game_session_id: Function<'js>,
    ended: Function<'js>,
    payload: Object<'js>,
}

impl<'js> Hooks<'js> {
    pub(super) fn new(made: &Object<'js>) -> Result<Self> {
        let hooks: Object<'_> = made.get("hooks")?;
        let told: Object<'_> = made.get("told")?;
        Ok(Self {
            bare: hooks.get("bare")?,
            started: hooks.get("started")?,
            game_session: hooks.get("gameSession")?,
            connect: hooks.get("connect")?,
            accepted: hooks.get("accepted")?,
            peer: hooks.get("peer")?,
            message: hooks.get("message")?,
            group: hooks.get("group")?,
            joined: told.get("joined")?,
            left: told.get("left")?,
            game_session_id: told.get("gameSessionId")?,
            ended: told.get("ended")?,
            payload: made.get("payload")?,
        })
    }

    /// Passes one message on. An error means that the script was broken off.
    pub(super) fn tell(&self, ctx: &Ctx<'js>, message: ToScript) -> Result<()> {
        match message {
            ToScript::Call(id, hook) => self.call(ctx, id, hook),
            ToScript::Joined(player) => {
                let Player {
                    peer_id,
                    player_session_id,
                    player_id,
                    player_data,
                } = player;
                self.joined
                    .call((peer_id, player_session_id, player_id, player_data))
            }
            ToScript::Left(peer) => self.left.call((peer,)),
            ToScript::GameSessionId(id) => self.game_session_id.call((id,)),
            ToScript::Ended { success } => self.ended.call((success,)),
        }
    }

    fn call(&self, ctx: &Ctx<'js>, id: CallId, hook: Hook) -> Result<()> {
        let number = hook_number(&hook);
        // Numbers of calls stay far below 2^53.
        #[expect(clippy::cast_precision_loss, reason = "see above")]
        let id = id.0 as f64;
        match hook {
            Hook::Init | Hook::HealthCheck | Hook::ProcessTerminate => self.bare.call((id, number)),
            Hook::ProcessStarted(params) => {
                let json = serde_json::Value::from(params).to_string();
                self.started.call((id, number, json))
            }
            Hook::StartGameSession(about) => {
                self.game_session
                    .call((id, number, game_session_json(&about)))
            }
            Hook::PlayerConnect { player, payload } => {
                let payload = self.buffer(ctx, &payload)?;
                let Player {
                    peer_id,
                    player_session_id,
                    player_id,
                    player_data,
                } = player;
                let player = (
                    id,
                    number,
                    peer_id,
                    player_session_id,
                    player_id,
                    player_data,
                    payload,
                );
                self.connect.call(player)
            }
            Hook::PlayerAccepted(player) => {
                let Player {
                    peer_id,
                    player_session_id,
                    player_id,
                    player_data,
                } = player;
                self.accepted.call((
                    id,
                    number,
                    peer_id,
                    player_session_id,
                    player_id,
                    player_data,
                ))
            }
            Hook::PlayerDisconnect(peer) => self.peer.call((id, number, peer)),
            Hook::Message(message) | Hook::SendToPlayer(message) | Hook::SendToGroup(message) => {
                self.message(ctx, id, number, &message)
            }
            Hook::PlayerJoinGroup { group, peer } | Hook::PlayerLeaveGroup { group, peer } => {
                self.group.call((id, number, group, peer))
            }
        }
    }

    fn message(&self, ctx: &Ctx<'js>, id: f64, number: u8, message: &GameMessage) -> Result<()> {
        let mut args = Args::new(ctx.clone(), 8);
        args.push_arg(id)?;
        args.push_arg(number)?;
        args.push_arg(message.op_code)?;
        args.push_arg(message.sender)?;
        args.push_arg(message.target_player)?;
        args.push_arg(message.target_group)?;
        args.push_arg(message.reliable)?;
        args.push_arg(self.buffer(ctx, &message.payload)?)?;
        args.apply(&self.message)
    }

    /// A `Buffer` with bytes of the script's own.
    fn buffer(&self, ctx: &Ctx<'js>, bytes: &[u8]) -> Result<Object<'js>> {
        let array = TypedArray::<u8>::new_copy(ctx.clone(), bytes)?.into_object();
        array.set_prototype(Some(&self.payload))?;
        Ok(array)
    }
}

/// The place of a callback in `HOOKS` of session.js.
pub(crate) const fn hook_number(hook: &Hook) -> u8 {
    match hook {
        Hook::Init => 0,
        Hook::ProcessStarted(_) => 1,
        Hook::StartGameSession(_) => 2,
        Hook::HealthCheck => 3,
        Hook::ProcessTerminate => 4,
        Hook::PlayerConnect { .. } => 5,
        Hook::PlayerAccepted(_) => 6,
        Hook::PlayerDisconnect(_) => 7,
        Hook::Message(_) => 8,
        Hook::SendToPlayer(_) => 9,
        Hook::SendToGroup(_) => 10,
        Hook::PlayerJoinGroup { .. } => 11,
        Hook::PlayerLeaveGroup { .. } => 12,
    }
}

/// A game session as scripts see one (realtime.md 2.3); session.js adds the lower-camel names.
pub(crate) fn game_session_json(about: &GameSession) -> String {
    let properties: Vec<_> = about
        .game_properties
        .iter()
        .map(|(key, value)| serde_json::json!({ "Key": key, "Value": value }))
        .collect();
    serde_json::json!({
        "GameSessionId": about.game_session_id,
        "Name": about.name,
        "FleetId": about.fleet_id,
        "MaximumPlayerSessionCount": about.maximum_player_session_count,
        "IpAddress": about.ip_address,
        "Port": about.port,
        "DnsName": about.dns_name,
        "GameProperties": properties,
        "GameSessionData": about.game_session_data,
        "MatchmakerData": about.matchmaker_data,
        "Location": about.location,
        "Status": "ACTIVATING",
    })
    .to_string()
}
