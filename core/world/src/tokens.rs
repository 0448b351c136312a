//! Tokens with which processes and agents of a compute connect (GetComputeAuthToken). Stored, so that they outlive a restart.

use ids::{ComputeName, FleetId, Span, Time};
use serde::{Deserialize, Serialize};

use crate::World;
use crate::table::{Row, Table};
use crate::turn::Turn;

/// A token with less life than this is not handed out again.
const FRESH: Span = Span::from_secs(2 * 60 * 60);

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Token {
    pub(crate) token: String,
    pub(crate) fleet: FleetId,
    pub(crate) compute: ComputeName,
    pub(crate) expires: Time,
}

impl Row for Token {
    const TABLE: &'static str = "tokens";
    type Key = String;
    fn key(&self) -> String {
        self.token.clone()
    }
}

#[derive(Default)]
pub(crate) struct Tokens {
    table: Table<Token>,
}

impl Tokens {
    pub(crate) fn table(&mut self) -> &mut Table<Token> {
        &mut self.table
    }

    /// Whether the token is good for this compute now.
    pub(crate) fn admits(
        &self,
        token: &str,
        fleet: &FleetId,
        compute: &ComputeName,
        now: Time,
    ) -> bool {
        self.table
            .get(token)
            .is_some_and(|row| row.fleet == *fleet && row.compute == *compute && row.expires > now)
    }

    /// Whether the token is good for anybody now.
    pub(crate) fn is_known(&self, token: &str, now: Time) -> bool {
        self.table.get(token).is_some_and(|row| row.expires > now)
    }

    /// A token of a compute that is gone is good for nothing.
    pub(crate) fn forget(&mut self, fleet: &FleetId, compute: &ComputeName) {
        let gone: Vec<_> = self
            .table
            .iter()
            .filter(|row| row.fleet == *fleet && row.compute == *compute)
            .map(Row::key)
            .collect();
        for token in gone {
            self.table.remove(&token);
        }
    }
}

/// A token for the compute: the newest one while it is fresh, else a new one.
pub(crate) fn issue(
    world: &mut World,
    turn: &mut Turn<'_>,
    fleet: &FleetId,
    compute: &ComputeName,
) -> Token {
    let known = world
        .tokens
        .table
        .iter()
        .filter(|row| row.fleet == *fleet && row.compute == *compute)
        .max_by_key(|row| row.expires);
    let fresh = FRESH.min(world.settings.times.token);
    if let Some(row) = known
        && row.expires >= turn.now + fresh
    {
        return row.clone();
    }
    let row = Token {
        token: turn.mint.uuid(),
        fleet: fleet.clone(),
        compute: compute.clone(),
        expires: turn.now + world.settings.times.token,
    };
    world.tokens.table.insert(row.clone());
    row
}

pub(crate) fn sweep(world: &mut World, now: Time) {
    let gone: Vec<_> = world
        .tokens
        .table
        .iter()
        .filter(|row| row.expires <= now)
        .map(Row::key)
        .collect();
    for token in gone {
        world.tokens.table.remove(&token);
    }
}
