//! What is allowed in a rule set but hardly meant. None of it makes a rule set unusable.

use super::read_rules::Place;
use super::{
    Algorithm, AttributeDecl, BatchKey, Batching, Collection, CollectionOperation, Distance, Kind,
    Level, Operand, Rule, SortKey, TeamDef,
};
use crate::expression::{Expr, ExprNode, Function, Leaf};
use crate::problem::Findings;
use std::collections::BTreeSet;

/// A rule set that was read.
pub(super) struct Subject<'a> {
    pub(super) teams: &'a [TeamDef],
    pub(super) attributes: &'a [AttributeDecl],
    pub(super) algorithm: &'a Algorithm,
    pub(super) rules: &'a [Rule],
    pub(super) levels: &'a [Level],
    pub(super) places: &'a [Place],
    pub(super) large: bool,
}

pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    if findings.has_errors() {
        return;
    }
    attributes_without_default(subject, findings);
    batching(subject, findings);
    for (index, (rule, place)) in subject.rules.iter().zip(subject.places).enumerate() {
        let mut warn = |message: String| findings.warning(place.at, &place.path, message);
        if subject.large && !matches!(rule.kind, Kind::Latency(_) | Kind::BatchDistance(_)) {
            warn(format!(
                "a {} rule has no effect in matches of more than 40 players",
                rule.kind.name()
            ));
            continue;
        }
        never(subject, index, &mut warn);
        empty_teams(subject, rule, &mut warn);
        team_sizes(subject, rule, &mut warn);
    }
}

fn attributes_without_default(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    let mut used: BTreeSet<(u8, u16)> = BTreeSet::new();
    for rule in subject.rules {
        used.extend(
            rule.kind
                .expressions()
                .into_iter()
                .filter_map(|expr| slot(expr.path().leaf)),
        );
        match &rule.kind {
            Kind::BatchDistance(rule) => used.extend(match rule.key {
                BatchKey::Number(slot) => [(0, slot)],
                BatchKey::Text(slot) => [(1, slot)],
            }),
            Kind::DistanceSort(sort) | Kind::AbsoluteSort(sort) => used.extend(match sort.key {
                SortKey::Number(slot) => [(0, slot)],
                SortKey::Text(slot) => [(1, slot)],
                SortKey::MinOfMap(slot) | SortKey::MaxOfMap(slot) => [(3, slot)],
            }),
            Kind::Comparison(_)
            | Kind::Distance(_)
            | Kind::Collection(_)
            | Kind::Latency(_)
            | Kind::Compound(_) => {}
        }
    }
    for (index, attribute) in subject.attributes.iter().enumerate() {
        if attribute.default.is_none()
            && slot(attribute.leaf()).is_some_and(|slot| used.contains(&slot))
        {
            let message = format!(
                "'{}' has no default: a ticket with a player who lacks it never matches",
                attribute.name
            );
            findings.warning(
                attribute.at,
                &format!("$.playerAttributes[{index}]"),
                message,
            );
        }
    }
}

fn slot(leaf: Leaf) -> Option<(u8, u16)> {
    match leaf {
        Leaf::Number(slot) => Some((0, slot)),
        Leaf::Text(slot) => Some((1, slot)),
        Leaf::List(slot) => Some((2, slot)),
        Leaf::Map(slot) => Some((3, slot)),
        Leaf::Team | Leaf::Player | Leaf::PlayerId => None,
    }
}

fn batching(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    let grouped = matches!(
        subject.algorithm.batching,
        Batching::LargestPopulation | Batching::FastestRegion
    );
    let latency = subject
        .rules
        .iter()
        .any(|rule| matches!(rule.kind, Kind::Latency(_)));
    if grouped && !latency {
        let message = "players are grouped by location, but no latency rule says which locations are acceptable";
        findings.warning(subject.teams[0].at, "$.algorithm", message);
    }
}

/// Rules that can never pass, at no level.
fn never(subject: &Subject<'_>, index: usize, warn: &mut dyn FnMut(String)) {
    let impossible = |level: &Level| {
        let sizes = &level.sizes;
        let teams = |expr: &Expr| -> (u32, u32) {
            let of = |team: &u16| sizes[usize::from(*team)];
            let teams = &expr.path().teams;
            (
                teams.iter().map(|t| of(t).min).sum(),
                teams.iter().map(|t| of(t).max).sum(),
            )
        };
        match &level.rules[index].kind {
            Kind::Collection(rule) => rule
                .measurements
                .iter()
                .any(|expr| too_few(rule, teams(expr).1)),
            Kind::Comparison(rule) => match rule.reference {
                Some(Operand::Number(number)) => rule.measurements.iter().any(|expr| {
                    let (least, most) = teams(expr);
                    is_player_count(expr) && !reachable(rule.operation, number, least, most)
                }),
                Some(Operand::Text(_) | Operand::Texts(_) | Operand::Expr(_)) | None => false,
            },
            Kind::Distance(rule) => wants_distance_from_itself(rule),
            Kind::BatchDistance(_)
            | Kind::Latency(_)
            | Kind::DistanceSort(_)
            | Kind::AbsoluteSort(_)
            | Kind::Compound(_) => false,
        }
    };
    if subject.levels.iter().all(impossible) {
        warn(format!(
            "the rule '{}' can never pass",
            subject.rules[index].name
        ));
    }
}

/// `contains` over players asks for more players than fit.
fn too_few(rule: &Collection, players_max: u32) -> bool {
    let per_player = |expr: &Expr| expr.flattened_path().is_some() && expr.depth <= 2;
    rule.operation == CollectionOperation::Contains
        && rule.measurements.iter().all(per_player)
        && rule
            .measurements
            .iter()
            .all(|expr| !matches!(expr.path().leaf, Leaf::List(_)) || expr.depth == 2)
        && rule.min.is_some_and(|min| min > players_max)
}

fn is_player_count(expr: &Expr) -> bool {
    let ExprNode::Call(Function::Count, argument) = &expr.node else {
        return false;
    };
    expr.depth == 0
        && argument.flattened_path().is_some()
        && matches!(expr.path().leaf, Leaf::Player | Leaf::PlayerId)
}

fn reachable(operation: super::Operation, number: f64, least: u32, most: u32) -> bool {
    let (least, most) = (f64::from(least), f64::from(most));
    match operation {
        super::Operation::Less => least < number,
        super::Operation::LessOrEqual => least <= number,
        super::Operation::Equal => (least..=most).contains(&number) && number.fract() == 0.0,
        super::Operation::NotEqual => least < most || least != number,
        super::Operation::Greater => most > number,
        super::Operation::GreaterOrEqual => most >= number,
    }
}

fn wants_distance_from_itself(rule: &Distance) -> bool {
    let same = |expr: &Expr| expr.depth == 0 && rule.reference == Operand::Expr(expr.clone());
    rule.min.is_some_and(|min| min > 0.0) && rule.measurements.iter().any(same)
}

/// An average over an empty team is undefined, and the rule then fails (12.4).
fn empty_teams(subject: &Subject<'_>, rule: &Rule, warn: &mut dyn FnMut(String)) {
    let undefined = |function| {
        matches!(
            function,
            Function::Avg | Function::Median | Function::Stddev | Function::Min | Function::Max
        )
    };
    for expr in rule.kind.expressions() {
        let path = expr.path();
        let together = path.grouped && expr.calls(&|function| function == Function::Flatten);
        let empty = path.teams.iter().find(|team| {
            subject
                .levels
                .iter()
                .any(|level| level.sizes[usize::from(**team)].min == 0)
        });
        if let Some(_team) = empty
            && !together
            && expr.calls(&undefined)
        {
            warn(format!(
                "the rule '{}' fails while one of its teams is empty, and minPlayers allows empty teams",
                rule.name
            ));
            return;
        }
    }
}

/// Two teams that must have equally many players but may not have equally many.
fn team_sizes(subject: &Subject<'_>, rule: &Rule, warn: &mut dyn FnMut(String)) {
    let Kind::Comparison(comparison) = &rule.kind else {
        return;
    };
    let Some(Operand::Expr(reference)) = &comparison.reference else {
        return;
    };
    let capacity = |expr: &Expr| -> u32 {
        expr.path()
            .teams
            .iter()
            .map(|team| subject.levels[0].sizes[usize::from(*team)].max)
            .sum()
    };
    let equal = comparison.operation == super::Operation::Equal;
    let counted = |measurement: &&Expr| is_player_count(measurement) && is_player_count(reference);
    if let Some(measurement) = comparison.measurements.iter().find(counted)
        && equal
        && capacity(measurement) != capacity(reference)
    {
        warn(format!(
            "the rule '{}' wants equal numbers of players, but the teams' maxPlayers differ",
            rule.name
        ));
    }
}
