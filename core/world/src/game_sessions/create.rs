//! Starting game sessions: CreateGameSession with its checks, and `start_session`, which everybody uses who starts one.

use ids::{ComputeName, FleetId, GameSessionId, Location, PlayerId, Span};

use super::{GameSession, Token, shown};
use crate::World;
use crate::aliases;
use crate::fault::{fault, invalid, limit_exceeded};
use crate::fleets;
use crate::timers::Timer;
use crate::turn::Turn;
use crate::{player_sessions, processes};
use api::{
    CreateGameSessionInput, CreateGameSessionOutput, Fault, FaultCode, FleetStatus, GameProperty,
    GameSessionStatus, PlayerSessionCreationPolicy,
};

/// GameSessionActivationTimeoutSeconds of fleets that do not say.
const ACTIVATION_SECONDS: u64 = 300;

/// Where a session is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) fleet: FleetId,
    pub(crate) location: Location,
}

/// What makes a session, checked by whoever asks for it.
#[derive(Clone, Debug, Default)]
pub(crate) struct NewSession {
    /// The last part of its ARN. When it is taken or none is given, an own one is made.
    pub(crate) id: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) maximum: u32,
    pub(crate) properties: Vec<GameProperty>,
    pub(crate) data: Option<String>,
    pub(crate) matchmaker_data: Option<String>,
    pub(crate) creator: Option<String>,
    pub(crate) token: Option<Token>,
    /// Players who get a seat at once, with their data.
    pub(crate) players: Vec<(PlayerId, Option<String>)>,
}

/// CreateGameSession.
pub(crate) fn create(
    world: &mut World,
    turn: &mut Turn<'_>,
    input: CreateGameSessionInput,
) -> Result<CreateGameSessionOutput, Fault> {
    let maximum = seats(world, input.maximum_player_session_count)?;
    distinct_keys(input.game_properties.as_deref().unwrap_or_default())?;
    if input.game_session_id.is_some() && input.idempotency_token.is_some() {
        return Err(invalid(
            "Only one of GameSessionId and IdempotencyToken can be given",
        ));
    }
    let place = place(world, &input)?;
    let wanted = input
        .idempotency_token
        .clone()
        .or_else(|| input.game_session_id.clone());
    let token = wanted
        .clone()
        .map(|text| Token::new(text, &in_full(&input, &place)));
    if let Some(token) = &token
        && let Some(row) = earlier(world, &place, token)?
    {
        return Ok(CreateGameSessionOutput {
            game_session: Some(shown(world, row)),
        });
    }
    must_be_active(world, &place)?;
    creator_may(world, turn, &place.fleet, input.creator_id.as_deref())?;
    let new = NewSession {
        id: wanted,
        name: input.name,
        maximum,
        properties: input.game_properties.unwrap_or_default(),
        data: input.game_session_data,
        matchmaker_data: None,
        creator: input.creator_id,
        token,
        players: Vec::new(),
    };
    let Some(id) = start_session(world, turn, &place, new) else {
        let message = format!("Unable to reserve a process on fleet {}.", place.fleet);
        return Err(fault(FaultCode::FleetCapacityExceeded, message));
    };
    let row = world
        .game_sessions
        .get(&id)
        .expect("it was stored just now");
    Ok(CreateGameSessionOutput {
        game_session: Some(shown(world, row)),
    })
}

/// Starts a session on a process of that place, with seats for its players, who have time to come from its activation on.
/// `None`: no process there can take one now, and nothing has changed.
pub(crate) fn start_session(
    world: &mut World,
    turn: &mut Turn<'_>,
    place: &Place,
    new: NewSession,
) -> Option<GameSessionId> {
    let fleet = world.fleets.get(&place.fleet)?;
    if !fleets::has_script_if_any(world, fleet) {
        return None;
    }
    let runtime = fleet.runtime.as_ref();
    let most = runtime.and_then(|runtime| runtime.max_concurrent_game_session_activations);
    let most = most
        .and_then(|most| usize::try_from(most).ok())
        .unwrap_or(usize::MAX);
    let timeout = runtime.and_then(|runtime| runtime.game_session_activation_timeout_seconds);
    let timeout = timeout
        .and_then(|seconds| u64::try_from(seconds).ok())
        .unwrap_or(ACTIVATION_SECONDS);
    let protection = fleet
        .attributes
        .new_game_session_protection_policy
        .unwrap_or_default();
    let may_start =
        |compute: &ComputeName| world.game_sessions.activating_on(&place.fleet, compute) < most;
    let process = world
        .processes
        .pick(&place.fleet, &place.location, may_start)?;
    let row = world.processes.get(&process)?;
    let (compute, port) = (row.compute.clone(), row.port);
    let host = world.host(&place.fleet, &compute)?;
    let id = id_for(world, turn, place, new.id);
    let row = GameSession {
        id: id.clone(),
        fleet: place.fleet.clone(),
        location: place.location.clone(),
        compute,
        process: process.clone(),
        created: turn.now,
        activate_by: turn.now + Span::from_secs(timeout),
        ended: None,
        status: GameSessionStatus::Activating,
        reason: None,
        terminating: None,
        name: new.name,
        maximum: new.maximum,
        properties: new.properties,
        policy: PlayerSessionCreationPolicy::AcceptAll,
        protection,
        creator: new.creator,
        data: new.data,
        matchmaker_data: new.matchmaker_data,
        ip_address: host.ip_address,
        dns_name: host.dns_name,
        port,
        token: new.token,
    };
    let message = super::life::start_message(&row);
    world
        .timers
        .set(Timer::GameSession(id.clone()), row.activate_by);
    world.game_sessions.insert(row);
    player_sessions::reserve(world, turn, &id, new.players);
    processes::host(world, &process, &id, message);
    Some(id)
}

/// The session's ARN: with the wanted last part if that is free.
fn id_for(
    world: &World,
    turn: &mut Turn<'_>,
    place: &Place,
    wanted: Option<String>,
) -> GameSessionId {
    let arn = |last: &str| arn(world, place, last);
    wanted
        .map(|wanted| arn(&wanted))
        .filter(|id| world.game_sessions.get(id).is_none())
        .unwrap_or_else(|| arn(&turn.id("gsess")))
}

fn arn(world: &World, place: &Place, last: &str) -> GameSessionId {
    let at_home = place.location.as_str() == world.settings.region;
    let remote = (!at_home).then_some(&place.location);
    world
        .settings
        .origin()
        .game_session(&place.fleet, remote, last)
}

/// The session that was created with the token, if the parameters are the same.
fn earlier<'a>(
    world: &'a World,
    place: &Place,
    token: &Token,
) -> Result<Option<&'a GameSession>, Fault> {
    let known = world
        .game_sessions
        .tokens
        .get(&(place.fleet.clone(), token.text.clone()));
    let known = known
        .cloned()
        .unwrap_or_else(|| arn(world, place, &token.text));
    match world.game_sessions.get(&known) {
        None => Ok(None),
        Some(row) if row.token.as_ref() == Some(token) => Ok(Some(row)),
        Some(_) => {
            let message = format!(
                "{} was used before with other parameters; use a new token for a new game session",
                token.text
            );
            Err(fault(FaultCode::IdempotentParameterMismatch, message))
        }
    }
}

/// The input with fleet and location named in the one way that does not depend on how the caller named them.
fn in_full(input: &CreateGameSessionInput, place: &Place) -> CreateGameSessionInput {
    CreateGameSessionInput {
        fleet_id: Some(place.fleet.to_string()),
        alias_id: None,
        location: Some(place.location.to_string()),
        ..input.clone()
    }
}

/// A number of seats that a session can have.
pub(super) fn seats(world: &World, asked: i32) -> Result<u32, Fault> {
    let most = world.settings.limits.players_per_game_session;
    let fits = (1..=most).contains(&i64::from(asked));
    u32::try_from(asked).ok().filter(|_| fits).ok_or_else(|| {
        invalid(format!(
            "MaximumPlayerSessionCount must be between 1 and {most}"
        ))
    })
}

fn distinct_keys(properties: &[GameProperty]) -> Result<(), Fault> {
    let mut keys: Vec<_> = properties
        .iter()
        .map(|property| property.key.as_str())
        .collect();
    keys.sort_unstable();
    match keys.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(invalid(format!(
            "GameProperties has the key {} more than once",
            pair[0]
        ))),
        None => Ok(()),
    }
}

/// The fleet and location that the call means.
fn place(world: &World, input: &CreateGameSessionInput) -> Result<Place, Fault> {
    let id = aliases::fleet_of(world, input.fleet_id.as_deref(), input.alias_id.as_deref())?;
    let fleet = fleets::known(world, id.as_str())?;
    let location = match &input.location {
        Some(location) => Location::from(location.as_str()),
        None if fleet.is_managed() => fleet.home.clone(),
        None => {
            return Err(invalid(
                "Location is required for fleets with compute type ANYWHERE",
            ));
        }
    };
    if world.fleet_locations.get(&id, &location).is_none() {
        return Err(invalid(format!(
            "Location {location} is not a location of fleet {id}"
        )));
    }
    Ok(Place {
        fleet: id,
        location,
    })
}

fn must_be_active(world: &World, place: &Place) -> Result<(), Fault> {
    let fleet = fleets::known(world, place.fleet.as_str())?.status();
    let location = world.fleet_locations.get(&place.fleet, &place.location);
    let location = location.map_or(FleetStatus::NotFound, |row| row.status);
    let not_active = |what: String, status: FleetStatus| {
        let message = format!("{what} is {status}; game sessions can be created when it is ACTIVE");
        Err(fault(FaultCode::InvalidFleetStatus, message))
    };
    match (fleet, location) {
        (FleetStatus::Active, FleetStatus::Active) => Ok(()),
        (FleetStatus::Active, status) => not_active(
            format!("Location {} of fleet {}", place.location, place.fleet),
            status,
        ),
        (status, _) => not_active(format!("Fleet {}", place.fleet), status),
    }
}

/// Whether the creator has creations left: as many as the fleet's policy says, or one a second.
fn creator_may(
    world: &World,
    turn: &Turn<'_>,
    fleet_id: &FleetId,
    creator: Option<&str>,
) -> Result<(), Fault> {
    let fleet = fleets::known(world, fleet_id.as_str())?;
    let policy = fleet.attributes.resource_creation_limit_policy.as_ref();
    let number = policy.and_then(|policy| policy.new_game_sessions_per_creator);
    let minutes = policy.and_then(|policy| policy.policy_period_in_minutes);
    let (most, period) = match (number, minutes) {
        (Some(number), Some(minutes)) => {
            let minutes = u64::try_from(minutes).unwrap_or(0);
            (
                usize::try_from(number).unwrap_or(0),
                Span::from_secs(60).times(minutes),
            )
        }
        _ => (1, world.settings.times.creator_pause),
    };
    let Some(creator) = creator else {
        return match policy {
            Some(_) => Err(invalid(format!(
                "CreatorId is required: fleet {fleet_id} limits game sessions per creator"
            ))),
            None => Ok(()),
        };
    };
    let recent = world
        .game_sessions
        .created_by(fleet_id, creator, turn.now - period);
    if recent < most {
        return Ok(());
    }
    let seconds = period.as_secs();
    let message = format!(
        "Creator {creator} has reached the limit of {most} game sessions in {seconds} seconds"
    );
    Err(limit_exceeded(message))
}
