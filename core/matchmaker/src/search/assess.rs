//! A complete match under the rules of a level: every rule's verdict, without short cuts.

use super::{Candidate, Workspace};
use crate::compiled::{Compiled, Locations};
use crate::evaluate::{Scene, Verdict, acceptable, evaluate};
use crate::rules::{Level, RuleSet};

/// What every rule says.
#[derive(Clone, Debug)]
pub(crate) struct Assessment {
    /// By rule; sorts pass.
    pub(crate) verdicts: Vec<Verdict>,
    /// Every rule that stands alone passes.
    pub(crate) rules_pass: bool,
    pub(crate) sizes_fit: bool,
    /// Players who are missing for the minimum of every team.
    pub(crate) deficit: u32,
    /// Acceptable to all under every latency rule that stands alone; nothing without such a rule.
    pub(crate) locations: Option<Locations>,
}

impl Assessment {
    pub(crate) fn holds(&self, enforce_min: bool) -> bool {
        self.rules_pass && self.sizes_fit && (self.deficit == 0 || !enforce_min)
    }
}

/// Evaluates all rules on tickets in teams, as a match to which nobody is added.
pub(crate) fn assess<'a>(
    placed: &[(u32, u16)],
    rules: &RuleSet,
    level: &Level,
    ticket: &dyn Fn(u32) -> (&'a Compiled, bool),
    space: &mut Workspace,
) -> Assessment {
    let mut candidate = Candidate::default();
    candidate.clear(level.sizes.len());
    space.arena.reset(rules.slots, &level.rules);
    for (index, (slot, team)) in placed.iter().enumerate() {
        let (compiled, backfill) = ticket(*slot);
        space.arena.push(*slot, compiled, &level.rules, backfill);
        candidate.place(&space.arena, index as u32, *team, compiled);
    }
    let compiled = |slot: u32| ticket(slot).0;
    let scene = Scene {
        arena: &space.arena,
        level,
        teams: &candidate.teams,
        members: &candidate.members,
        players: candidate.players,
        capacity: candidate.players,
        bounds: &crate::engine::unbounded(rules.slots.numbers),
        tickets: &compiled,
    };
    space.scratch.margins = true;
    let verdicts: Vec<Verdict> = (0..level.rules.len())
        .map(|rule| evaluate(rule, &scene, &mut space.scratch))
        .collect();
    space.scratch.margins = false;
    space.counts.resize(verdicts.len(), (0, 0));
    for (count, verdict) in space.counts.iter_mut().zip(&verdicts) {
        if verdict.passes() {
            count.0 += 1
        } else {
            count.1 += 1
        }
    }
    let latency = rules.standalone.iter().filter_map(|index| {
        let rule = level.rules[*index].kind.as_latency()?;
        Some(acceptable(*index, rule, &scene))
    });
    let locations = latency.reduce(Locations::and);
    let teams = || candidate.teams.iter().zip(&level.sizes);
    Assessment {
        rules_pass: rules.standalone.iter().all(|rule| verdicts[*rule].passes()),
        sizes_fit: teams().all(|(team, size)| team.len() as u32 <= size.max),
        deficit: teams()
            .map(|(team, size)| size.min.saturating_sub(team.len() as u32))
            .sum(),
        locations,
        verdicts,
    }
}
