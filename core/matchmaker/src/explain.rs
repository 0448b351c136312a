//! stub for compile
use crate::engine::{Config, Pool};
use crate::rules::RuleSet;
use ids::{TicketId, Time};
/// x
#[derive(Debug)]
pub struct Explanation {}
pub(crate) fn explain(
    _: &Pool,
    _: &RuleSet,
    _: &Config,
    _: &TicketId,
    _: Time,
) -> Option<Explanation> {
    None
}
