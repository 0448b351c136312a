//! Reading player sessions: DescribePlayerSessions of the API and of server processes, GetPlayerConnectionDetails.

use ids::{PlayerId, PlayerSessionId};
use serversdk::{Refusal, server};

use super::PlayerSession;
use crate::World;
use crate::api_time::timestamp;
use crate::fault::{fault, invalid, not_found};
use crate::game_sessions;
use crate::paging::{Page, Query, newest_first};
use api::{
    DescribePlayerSessionsInput, DescribePlayerSessionsOutput, Fault, FaultCode, GameSessionStatus,
    GetPlayerConnectionDetailsInput, GetPlayerConnectionDetailsOutput, PlayerConnectionDetail,
    PlayerConnectionEndpoint, PlayerSessionStatus,
};

/// A server process may ask for so many at once (server-sdk.md 3).
const SERVER_LIMIT: u32 = 1024;

/// DescribePlayerSessions.
pub(crate) fn describe(
    world: &World,
    input: DescribePlayerSessionsInput,
) -> Result<DescribePlayerSessionsOutput, Fault> {
    let page = select(world, &input, 100)?;
    let rows = page.items.into_iter();
    Ok(DescribePlayerSessionsOutput {
        player_sessions: Some(rows.filter_map(|row| shown(world, &row.id)).collect()),
        next_token: page.next_token,
    })
}

/// DescribePlayerSessions of a server process.
pub(crate) fn describe_to_server(
    world: &World,
    call: &server::DescribePlayerSessions,
) -> Result<server::PlayerSessions, Refusal> {
    if call.limit > SERVER_LIMIT {
        return Err(Refusal::bad_request(format!(
            "Limit must be at most {SERVER_LIMIT}"
        )));
    }
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let input = DescribePlayerSessionsInput {
        game_session_id: some(&call.game_session_id),
        player_id: some(&call.player_id),
        player_session_id: some(&call.player_session_id),
        player_session_status_filter: some(&call.player_session_status_filter),
        limit: i32::try_from(call.limit).ok().filter(|limit| *limit > 0),
        next_token: some(&call.next_token),
    };
    let most = usize::try_from(SERVER_LIMIT).unwrap_or(usize::MAX);
    let page = select(world, &input, most).map_err(|fault| {
        if fault.code == FaultCode::NotFound {
            Refusal::not_found(fault.message)
        } else {
            Refusal::bad_request(fault.message)
        }
    })?;
    let player_sessions = page.items.into_iter().map(|row| told(world, row)).collect();
    Ok(server::PlayerSessions {
        next_token: page.next_token,
        player_sessions,
    })
}

fn select<'a>(
    world: &'a World,
    input: &DescribePlayerSessionsInput,
    most: usize,
) -> Result<Page<&'a PlayerSession>, Fault> {
    let selectors = (
        &input.game_session_id,
        &input.player_id,
        &input.player_session_id,
    );
    let query = Query {
        operation: "DescribePlayerSessions",
        filter: &format!("{selectors:?} {:?}", input.player_session_status_filter),
        limit: input.limit,
        limit_default: 100,
        limit_max: most,
        token: input.next_token.as_deref(),
    };
    match selectors {
        (Some(text), None, None) => {
            let id = game_sessions::find(world, text)?.id.clone();
            let status = input
                .player_session_status_filter
                .as_deref()
                .map(status)
                .transpose()?;
            let behind = query.after()?.and_then(|key| key.parse().ok());
            let rows = world.player_sessions.of_session(&id, behind);
            let rows = rows.filter(|row| status.is_none_or(|wanted| wanted == row.status));
            query.page(rows.map(|row| (format!("{:020}", row.number), row)))
        }
        (None, Some(player), None) => {
            let rows = world
                .player_sessions
                .of_player(&PlayerId::from(player.as_str()));
            query.page(rows.map(|row| (newest_first(row.created, row.id.as_str()), row)))
        }
        (None, None, Some(text)) => {
            let row = world
                .player_sessions
                .get(&PlayerSessionId::from(text.as_str()));
            let row =
                row.ok_or_else(|| not_found(format!("Player session {text} was not found")))?;
            Ok(Page {
                items: vec![row],
                next_token: None,
            })
        }
        _ => Err(invalid(
            "Exactly one of GameSessionId, PlayerId and PlayerSessionId must be given",
        )),
    }
}

fn status(text: &str) -> Result<PlayerSessionStatus, Fault> {
    let names = PlayerSessionStatus::NAMES.join(", ");
    PlayerSessionStatus::from_name(text).ok_or_else(|| {
        invalid(format!(
            "PlayerSessionStatusFilter {text} is not one of {names}"
        ))
    })
}

/// GetPlayerConnectionDetails. There is no player gateway here: everybody connects to the game session itself.
pub(crate) fn connection_details(
    world: &World,
    input: GetPlayerConnectionDetailsInput,
) -> Result<GetPlayerConnectionDetailsOutput, Fault> {
    let session = game_sessions::find(world, &input.game_session_id)?;
    if session.status != GameSessionStatus::Active {
        let message = format!(
            "Game session {} is {}; players can connect when it is ACTIVE",
            session.id, session.status
        );
        return Err(fault(FaultCode::InvalidGameSessionStatus, message));
    }
    let details = input
        .player_ids
        .into_iter()
        .map(|player| PlayerConnectionDetail {
            player_id: Some(player),
            endpoints: Some(vec![PlayerConnectionEndpoint {
                ip_address: Some(session.ip_address.clone()),
                port: Some(i32::from(session.port)),
            }]),
            player_gateway_token: None,
            expiration: None,
        });
    Ok(GetPlayerConnectionDetailsOutput {
        game_session_id: Some(session.id.to_string()),
        player_connection_details: Some(details.collect()),
    })
}

/// A player session as the API shows it.
pub(super) fn shown(world: &World, id: &PlayerSessionId) -> Option<api::PlayerSession> {
    let row = world.player_sessions.get(id)?;
    let session = world.game_sessions.get(&row.game_session)?;
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Some(api::PlayerSession {
        player_session_id: Some(row.id.to_string()),
        player_id: Some(row.player.to_string()),
        game_session_id: Some(row.game_session.to_string()),
        fleet_id: Some(row.fleet.to_string()),
        fleet_arn: Some(world.settings.fleet_arn(&row.fleet)),
        creation_time: Some(timestamp(row.created)),
        termination_time: row.ended.map(timestamp),
        status: Some(row.status),
        ip_address: some(&session.ip_address),
        dns_name: some(&session.dns_name),
        port: Some(i32::from(session.port)),
        player_data: row.data.clone(),
    })
}

/// A player session as server processes are told.
fn told(world: &World, row: &PlayerSession) -> serversdk::PlayerSession {
    let session = world.game_sessions.get(&row.game_session);
    let text = |text: Option<&String>| text.cloned().unwrap_or_default();
    serversdk::PlayerSession {
        player_id: row.player.to_string(),
        player_session_id: row.id.to_string(),
        game_session_id: row.game_session.to_string(),
        fleet_id: row.fleet.to_string(),
        player_data: row.data.clone().unwrap_or_default(),
        ip_address: text(session.map(|session| &session.ip_address)),
        port: session.map_or(0, |session| session.port),
        creation_time: row.created.as_millis(),
        termination_time: row.ended.map(ids::Time::as_millis),
        dns_name: text(session.map(|session| &session.dns_name)),
        status: row.status.as_str().to_owned(),
    }
}
