//! SearchGameSessions: ACTIVE sessions of a fleet by expressions.

use super::describe::active_of;
use super::{GameSession, shown};
use crate::World;
use crate::aliases;
use crate::fault::invalid;
use crate::paging::Query;
use crate::search::{Facts, Filter, Mistake, Sort};
use api::{Fault, PlayerSessionCreationPolicy, SearchGameSessionsInput, SearchGameSessionsOutput};

/// So many sessions are on a page, whatever `Limit` says.
const PAGE: usize = 20;

/// What expressions see of a session.
struct Candidate<'a> {
    row: &'a GameSession,
    players: u32,
}

impl Facts for Candidate<'_> {
    fn game_session_id(&self) -> &str {
        self.row.id.as_str()
    }

    fn name(&self) -> Option<&str> {
        self.row.name.as_deref()
    }

    fn property(&self, key: &str) -> Option<&str> {
        let found = self
            .row
            .properties
            .iter()
            .find(|property| property.key == key);
        found.map(|property| property.value.as_str())
    }

    fn maximum_sessions(&self) -> u64 {
        self.row.maximum.into()
    }

    fn creation_time_millis(&self) -> u64 {
        self.row.created.as_millis()
    }

    fn player_session_count(&self) -> u64 {
        self.players.into()
    }

    fn has_available_player_sessions(&self) -> bool {
        let open = self.row.policy == PlayerSessionCreationPolicy::AcceptAll;
        open && self.players < self.row.maximum
    }
}

/// SearchGameSessions.
pub(crate) fn search(
    world: &World,
    input: SearchGameSessionsInput,
) -> Result<SearchGameSessionsOutput, Fault> {
    let filter = input
        .filter_expression
        .as_deref()
        .map(Filter::parse)
        .transpose();
    let filter = filter.map_err(|mistake| wrong("FilterExpression", &mistake))?;
    let sort = input
        .sort_expression
        .as_deref()
        .map(Sort::parse)
        .transpose();
    let sort = sort.map_err(|mistake| wrong("SortExpression", &mistake))?;
    let fleet = aliases::fleet_of(world, input.fleet_id.as_deref(), input.alias_id.as_deref())?;
    let here = |row: &&GameSession| {
        input
            .location
            .as_ref()
            .is_none_or(|wanted| *wanted == row.location.as_str())
    };
    let rows = active_of(world, &fleet).into_iter().filter(here);
    let candidates = rows.map(|row| Candidate {
        row,
        players: world.player_sessions.current(&row.id),
    });
    let mut hits: Vec<_> = candidates
        .filter(|candidate| {
            filter
                .as_ref()
                .is_none_or(|filter| filter.matches(candidate))
        })
        .collect();
    if let Some(sort) = sort {
        sort.apply(&mut hits);
    }
    let query = Query {
        operation: "SearchGameSessions",
        filter: &format!(
            "{fleet} {:?} {:?} {:?}",
            input.location, input.filter_expression, input.sort_expression
        ),
        limit: input.limit,
        limit_default: PAGE,
        limit_max: PAGE,
        token: input.next_token.as_deref(),
    };
    let from = start(&hits, query.after()?.as_deref());
    let to = hits.len().min(from + query.size());
    let next_token = (to < hits.len()).then(|| {
        let last = hits.get(to.saturating_sub(1)).map(|hit| &hit.row.id);
        query.token_behind(format!("{to}|{}", last.cloned().unwrap_or_default()))
    });
    let sessions = hits
        .drain(from..to)
        .map(|hit| shown(world, hit.row))
        .collect();
    Ok(SearchGameSessionsOutput {
        game_sessions: Some(sessions),
        next_token,
    })
}

/// Behind the last session of the page before, wherever it is now; when it is gone, where it was.
fn start(hits: &[Candidate<'_>], after: Option<&str>) -> usize {
    let Some((index, id)) = after.and_then(|key| key.split_once('|')) else {
        return 0;
    };
    let found = hits.iter().position(|hit| hit.row.id.as_str() == id);
    let index = index.parse().unwrap_or(0);
    found.map_or(index, |position| position + 1).min(hits.len())
}

fn wrong(member: &str, mistake: &Mistake) -> Fault {
    invalid(format!("{member} is not valid: {mistake}"))
}
