//! DescribeGameSessions and DescribeGameSessionDetails: the same selection, newest first.

use ids::{FleetId, GameSessionId, Time};

use super::{GameSession, find, of_fleet, shown};
use crate::World;
use crate::aliases;
use crate::fault::invalid;
use crate::paging::{Page, Query, newest_first};
use api::{
    DescribeGameSessionDetailsInput, DescribeGameSessionDetailsOutput, DescribeGameSessionsInput,
    DescribeGameSessionsOutput, Fault, GameSessionDetail, GameSessionStatus,
};

/// DescribeGameSessions.
pub(crate) fn describe(
    world: &World,
    input: DescribeGameSessionsInput,
) -> Result<DescribeGameSessionsOutput, Fault> {
    let page = select(world, "DescribeGameSessions", &input)?;
    let sessions = page
        .items
        .into_iter()
        .map(|row| shown(world, row))
        .collect();
    Ok(DescribeGameSessionsOutput {
        game_sessions: Some(sessions),
        next_token: page.next_token,
    })
}

/// DescribeGameSessionDetails.
pub(crate) fn describe_details(
    world: &World,
    input: DescribeGameSessionDetailsInput,
) -> Result<DescribeGameSessionDetailsOutput, Fault> {
    let input = DescribeGameSessionsInput {
        fleet_id: input.fleet_id,
        game_session_id: input.game_session_id,
        alias_id: input.alias_id,
        location: input.location,
        status_filter: input.status_filter,
        limit: input.limit,
        next_token: input.next_token,
    };
    let page = select(world, "DescribeGameSessionDetails", &input)?;
    let detail = |row: &GameSession| GameSessionDetail {
        game_session: Some(shown(world, row)),
        protection_policy: Some(row.protection),
    };
    Ok(DescribeGameSessionDetailsOutput {
        game_session_details: Some(page.items.into_iter().map(detail).collect()),
        next_token: page.next_token,
    })
}

fn select<'a>(
    world: &'a World,
    operation: &str,
    input: &DescribeGameSessionsInput,
) -> Result<Page<&'a GameSession>, Fault> {
    let status = input.status_filter.as_deref().map(status).transpose()?;
    let fits = |row: &&GameSession| {
        let here = input
            .location
            .as_ref()
            .is_none_or(|wanted| *wanted == row.location.as_str());
        here && status.is_none_or(|wanted| wanted == row.status)
    };
    let given = [&input.fleet_id, &input.alias_id, &input.game_session_id];
    if given.iter().filter(|selector| selector.is_some()).count() != 1 {
        return Err(invalid(
            "Exactly one of FleetId, AliasId and GameSessionId must be given",
        ));
    }
    if let Some(text) = &input.game_session_id {
        let items = Some(find(world, text)?).filter(fits).into_iter().collect();
        return Ok(Page {
            items,
            next_token: None,
        });
    }
    let fleet = aliases::fleet_of(world, input.fleet_id.as_deref(), input.alias_id.as_deref())?;
    let query = Query {
        operation,
        filter: &format!("{fleet} {:?} {:?}", input.location, input.status_filter),
        limit: input.limit,
        limit_default: 100,
        limit_max: 100,
        token: input.next_token.as_deref(),
    };
    let listing = match status {
        Some(GameSessionStatus::Terminated | GameSessionStatus::Error) | None => {
            &world.game_sessions.all
        }
        Some(
            GameSessionStatus::Active
            | GameSessionStatus::Activating
            | GameSessionStatus::Terminating,
        ) => &world.game_sessions.live,
    };
    let rows = of_fleet(listing, &fleet, behind(&query)?);
    let rows = rows
        .filter_map(|id| world.game_sessions.get(id))
        .filter(fits);
    query.page(rows.map(|row| (newest_first(row.created, row.id.as_str()), row)))
}

/// Where in a listing a page starts, so that the pages before are not walked again.
fn behind(query: &Query<'_>) -> Result<Option<(Time, GameSessionId)>, Fault> {
    let after = query.after()?;
    Ok(after.and_then(|key| {
        let (time, id) = key.split_once('|')?;
        let time = u64::MAX - time.parse::<u64>().ok()?;
        Some((Time::from_millis(time), GameSessionId::from(id)))
    }))
}

fn status(text: &str) -> Result<GameSessionStatus, Fault> {
    let names = GameSessionStatus::NAMES.join(", ");
    GameSessionStatus::from_name(text)
        .ok_or_else(|| invalid(format!("StatusFilter {text} is not one of {names}")))
}

/// The ACTIVE sessions of a fleet, oldest first.
pub(super) fn active_of<'a>(world: &'a World, fleet: &FleetId) -> Vec<&'a GameSession> {
    let live = world.game_sessions.live_of(fleet);
    let mut rows: Vec<_> = live
        .filter(|row| row.status == GameSessionStatus::Active)
        .collect();
    rows.sort_by(|a, b| (a.created, &a.id).cmp(&(b.created, &b.id)));
    rows
}
