//! The verdict of a rule on a match in the making.

use super::Outcome;
use super::numbers::{self, Interval, Numbers};
use super::scene::{Growth, Scene, Scratch};
use super::texts::{self, Texts};
use crate::compiled::Locations;
use crate::expression::{Expr, LeafType};
use crate::rules::{
    BatchDistance, BatchKey, Collection, CollectionOperation, Comparison, Distance,
    DistanceReference, Kind, Latency, Operand, Operation, Statement,
};

/// An outcome, and by how much the rule fails now (0 when it passes).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Verdict {
    pub(crate) outcome: Outcome,
    pub(crate) margin: f64,
}

impl Verdict {
    const PASS: Self = Self {
        outcome: Outcome::PassForever,
        margin: 0.0,
    };

    fn new(outcome: Outcome, margin: f64) -> Self {
        let margin = if outcome.passes() {
            0.0
        } else if margin.is_finite() {
            margin
        } else {
            f64::MAX
        };
        Self { outcome, margin }
    }

    /// Both must hold.
    fn and(self, other: Self) -> Self {
        Self {
            outcome: self.outcome.min(other.outcome),
            margin: self.margin.max(other.margin),
        }
    }

    /// What passes for ever would not if new values can fail.
    fn at_most(self, outcome: Outcome) -> Self {
        Self {
            outcome: self.outcome.min(outcome),
            ..self
        }
    }

    pub(crate) fn passes(self) -> bool {
        self.outcome.passes()
    }
}

/// Evaluates a rule of the scene's level.
pub(crate) fn evaluate(rule: usize, scene: &Scene<'_, '_>, scratch: &mut Scratch) -> Verdict {
    scratch.work += 4;
    match &scene.level.rules[rule].kind {
        Kind::Comparison(rule) => comparison(rule, scene, scratch),
        Kind::Distance(rule) => distance(rule, scene, scratch),
        Kind::BatchDistance(batch) => batch_distance(rule, batch, scene, scratch),
        Kind::Collection(rule) => collection(rule, scene, scratch),
        Kind::Latency(latency) => {
            scratch.work += scene.members.len() as u64 * 4;
            latency_rule(rule, latency, scene, scratch.margins)
        }
        Kind::DistanceSort(_) | Kind::AbsoluteSort(_) => Verdict::PASS,
        Kind::Compound(statement) => {
            scratch.known.clear();
            scratch.known.resize(rule, None);
            compound(statement, scene, scratch)
        }
    }
}

fn compound(statement: &Statement, scene: &Scene<'_, '_>, scratch: &mut Scratch) -> Verdict {
    let mut all = |parts: &[Statement]| {
        parts
            .iter()
            .map(|part| compound(part, scene, scratch))
            .collect::<Vec<_>>()
    };
    match statement {
        Statement::Rule(index) => {
            if let Some(Some(known)) = scratch.known.get(*index) {
                return *known;
            }
            let verdict = match scene.level.rules[*index].kind.as_compound() {
                // Names only earlier rules, so this ends; each is looked at once.
                Some(inner) => compound(inner, scene, scratch),
                None => evaluate(*index, scene, scratch),
            };
            scratch.known[*index] = Some(verdict);
            verdict
        }
        Statement::And(parts) => all(parts)
            .into_iter()
            .reduce(Verdict::and)
            .unwrap_or(Verdict::PASS),
        Statement::Or(parts) => {
            let verdicts = all(parts);
            let outcome = verdicts
                .iter()
                .map(|verdict| verdict.outcome)
                .max()
                .unwrap_or(Outcome::PassForever);
            let margin = verdicts
                .iter()
                .map(|verdict| verdict.margin)
                .fold(f64::INFINITY, f64::min);
            Verdict::new(outcome, margin)
        }
        Statement::Not(part) => negated(compound(part, scene, scratch)),
        Statement::Xor(left, right) => {
            let (left, right) = (
                compound(left, scene, scratch),
                compound(right, scene, scratch),
            );
            let holds = left.passes() != right.passes() && !undefined(left) && !undefined(right);
            let settled = left.outcome.is_final() && right.outcome.is_final();
            let outcome = match (holds, settled) {
                (true, true) => Outcome::PassForever,
                (true, false) => Outcome::PassNow,
                (false, true) => Outcome::FailForever,
                (false, false) => Outcome::FailNow,
            };
            Verdict::new(outcome, 1.0)
        }
    }
}

/// The opposite of a verdict. What is undefined fails under both signs (U-43).
pub(crate) fn negated(verdict: Verdict) -> Verdict {
    if undefined(verdict) {
        return verdict;
    }
    Verdict::new(verdict.outcome.not(), 1.0)
}

fn undefined(verdict: Verdict) -> bool {
    verdict.margin == f64::MAX && !verdict.passes()
}

/// `x operation r` over intervals.
fn compare(x: Interval, operation: Operation, r: Interval) -> Verdict {
    if x.is_never_defined() || r.is_never_defined() {
        return Verdict::new(Outcome::FailForever, f64::INFINITY);
    }
    let (always, never) = match operation {
        Operation::Less => (x.hi < r.lo, x.lo >= r.hi),
        Operation::LessOrEqual => (x.hi <= r.lo, x.lo > r.hi),
        Operation::Greater => (x.lo > r.hi, x.hi <= r.lo),
        Operation::GreaterOrEqual => (x.lo >= r.hi, x.hi < r.lo),
        Operation::Equal => (
            x.is_fixed() && r.is_fixed() && x.lo == r.lo,
            x.hi < r.lo || x.lo > r.hi,
        ),
        Operation::NotEqual => (
            x.hi < r.lo || x.lo > r.hi,
            x.is_fixed() && r.is_fixed() && x.lo == r.lo,
        ),
    };
    let holds = match operation {
        Operation::Less => x.now < r.now,
        Operation::LessOrEqual => x.now <= r.now,
        Operation::Greater => x.now > r.now,
        Operation::GreaterOrEqual => x.now >= r.now,
        Operation::Equal => x.now == r.now,
        Operation::NotEqual => !x.now.is_nan() && !r.now.is_nan() && x.now != r.now,
    };
    let margin = if operation == Operation::NotEqual {
        1.0
    } else {
        (x.now - r.now).abs()
    };
    let margin = if margin.is_nan() {
        f64::INFINITY
    } else {
        margin
    };
    Verdict::new(
        outcome(holds, always && !x.now.is_nan() && !r.now.is_nan(), never),
        margin,
    )
}

fn outcome(holds: bool, always: bool, never: bool) -> Outcome {
    match (holds, always, never) {
        (true, true, _) => Outcome::PassForever,
        (true, false, _) => Outcome::PassNow,
        (false, _, true) => Outcome::FailForever,
        (false, _, false) => Outcome::FailNow,
    }
}

/// A numeric reference as leaves.
fn reference_numbers(operand: &Operand, scene: &Scene<'_, '_>, scratch: &mut Scratch) -> Numbers {
    match operand {
        Operand::Expr(expr) => numbers::evaluate(expr, scene, scratch),
        Operand::Number(number) => {
            let mut constant = numbers::take(scratch);
            constant.depth = 0;
            constant.leaves.clear();
            constant.leaves.push(Interval::fixed(*number));
            constant.growth.clear();
            constant
        }
        Operand::Text(_) | Operand::Texts(_) => Numbers::default(),
    }
}

/// Every pair of a measured value and a reference value must satisfy `test`.
fn every_pair(
    measured: &Numbers,
    reference: &Numbers,
    test: &dyn Fn(Interval, Interval) -> Verdict,
) -> Verdict {
    let mut verdict = Verdict::PASS;
    for x in &measured.leaves {
        for r in &reference.leaves {
            verdict = verdict.and(test(*x, *r));
        }
    }
    let growing = measured.total_growth().most > 0 || reference.total_growth().most > 0;
    if !growing || verdict.outcome != Outcome::PassForever {
        return verdict;
    }
    // New values may come; when even the worst of them pass, it stays so.
    let fresh = |numbers: &Numbers| {
        let mut range = numbers.fresh;
        numbers.leaves.iter().for_each(|leaf| {
            range.include(leaf.lo);
            range.include(leaf.hi);
        });
        Interval {
            now: range.lo,
            lo: range.lo,
            hi: range.hi,
        }
    };
    let worst = test(fresh(measured), fresh(reference)).outcome;
    verdict.at_most(if worst == Outcome::PassForever {
        worst
    } else {
        Outcome::PassNow
    })
}

fn comparison(rule: &Comparison, scene: &Scene<'_, '_>, scratch: &mut Scratch) -> Verdict {
    let mut verdict = Verdict::PASS;
    for measurement in &rule.measurements {
        let one = match (measurement.leaf, &rule.reference) {
            (LeafType::Text, Some(reference)) => {
                compare_texts(measurement, rule.operation, reference, scene, scratch)
            }
            (LeafType::Text, None) => {
                let texts = texts::evaluate(measurement, scene, scratch);
                let one = alike_texts(&texts, rule.operation);
                texts::give(scratch, texts);
                one
            }
            (_, Some(reference)) => {
                let measured = numbers::evaluate(measurement, scene, scratch);
                let reference = reference_numbers(reference, scene, scratch);
                let one = every_pair(&measured, &reference, &|x, r| compare(x, rule.operation, r));
                numbers::give(scratch, measured);
                numbers::give(scratch, reference);
                one
            }
            (_, None) => {
                let measured = numbers::evaluate(measurement, scene, scratch);
                let one = alike_numbers(&measured, rule.operation);
                numbers::give(scratch, measured);
                one
            }
        };
        verdict = verdict.and(one);
    }
    verdict
}

/// Without a reference: all equal, or all different.
fn alike_numbers(measured: &Numbers, operation: Operation) -> Verdict {
    let growing = measured.total_growth().most > 0;
    let leaves = &measured.leaves;
    if leaves.len() < 2 {
        return Verdict::PASS.at_most(if growing {
            Outcome::PassNow
        } else {
            Outcome::PassForever
        });
    }
    let undefined = leaves.iter().any(|leaf| leaf.now.is_nan());
    if operation == Operation::Equal {
        let (min, max) = leaves
            .iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(min, max), leaf| {
                (min.min(leaf.now), max.max(leaf.now))
            });
        let highest_lo = leaves
            .iter()
            .map(|leaf| leaf.lo)
            .fold(f64::NEG_INFINITY, f64::max);
        let lowest_hi = leaves
            .iter()
            .map(|leaf| leaf.hi)
            .fold(f64::INFINITY, f64::min);
        let settled = !growing && leaves.iter().all(|leaf| leaf.is_fixed());
        let margin = if undefined { f64::INFINITY } else { max - min };
        return Verdict::new(
            outcome(!undefined && min == max, settled, highest_lo > lowest_hi),
            margin,
        );
    }
    let (mut equal, mut equal_for_ever) = (0, false);
    for (index, a) in leaves.iter().enumerate() {
        for b in &leaves[index + 1..] {
            if a.now == b.now {
                equal += 1;
                equal_for_ever |= a.is_fixed() && b.is_fixed();
            }
        }
    }
    let settled = !growing && leaves.iter().all(|leaf| leaf.is_fixed());
    let never = equal_for_ever || leaves.iter().any(|leaf| leaf.is_never_defined());
    let margin = if undefined {
        f64::INFINITY
    } else {
        f64::from(equal)
    };
    Verdict::new(outcome(!undefined && equal == 0, settled, never), margin)
}

fn alike_texts(texts: &Texts, operation: Operation) -> Verdict {
    let leaves = &texts.leaves;
    let wrong = if operation == Operation::Equal {
        leaves.iter().filter(|leaf| **leaf != leaves[0]).count()
    } else {
        leaves
            .iter()
            .enumerate()
            .filter(|(index, leaf)| leaves[..*index].contains(leaf))
            .count()
    };
    let holds = wrong == 0;
    Verdict::new(
        outcome(holds, !texts.can_grow(), !texts.can_lose()),
        wrong as f64,
    )
}

fn compare_texts(
    measurement: &Expr,
    operation: Operation,
    reference: &Operand,
    scene: &Scene<'_, '_>,
    scratch: &mut Scratch,
) -> Verdict {
    let measured = texts::evaluate(measurement, scene, scratch);
    let mut reference_changes = (false, false);
    let literal;
    let evaluated;
    let references: &[u32] = match reference {
        Operand::Text(text) => {
            literal = [*text];
            &literal
        }
        Operand::Texts(texts) => texts,
        Operand::Expr(expr) => {
            evaluated = texts::evaluate(expr, scene, scratch);
            reference_changes = (evaluated.can_grow(), evaluated.can_lose());
            &evaluated.leaves
        }
        Operand::Number(_) => &[],
    };
    let equal = operation == Operation::Equal;
    let wrong = |leaf: &&u32| {
        references
            .iter()
            .any(|reference| (*leaf == reference) != equal)
    };
    let wrong = measured.leaves.iter().filter(wrong).count();
    let can_grow = measured.can_grow() || reference_changes.0;
    let can_lose = measured.can_lose() || reference_changes.1;
    let verdict = Verdict::new(outcome(wrong == 0, !can_grow, !can_lose), wrong as f64);
    texts::give(scratch, measured);
    verdict
}

fn distance(rule: &Distance, scene: &Scene<'_, '_>, scratch: &mut Scratch) -> Verdict {
    let test = |x: Interval, r: Interval| {
        if x.is_never_defined() || r.is_never_defined() {
            return Verdict::new(Outcome::FailForever, f64::INFINITY);
        }
        let distance = Interval {
            now: (x.now - r.now).abs(),
            lo: 0.0_f64.max(x.lo - r.hi).max(r.lo - x.hi),
            hi: (x.hi - r.lo).max(r.hi - x.lo),
        };
        within(distance, rule.min, rule.max)
    };
    let reference = reference_numbers(&rule.reference, scene, scratch);
    let mut verdict = Verdict::PASS;
    for measurement in &rule.measurements {
        let measured = numbers::evaluate(measurement, scene, scratch);
        verdict = verdict.and(every_pair(&measured, &reference, &test));
        numbers::give(scratch, measured);
    }
    numbers::give(scratch, reference);
    verdict
}

/// Whether a value lies between bounds.
fn within(value: Interval, min: Option<f64>, max: Option<f64>) -> Verdict {
    let (min, max) = (
        min.unwrap_or(f64::NEG_INFINITY),
        max.unwrap_or(f64::INFINITY),
    );
    let holds = value.now >= min && value.now <= max;
    let always = value.lo >= min && value.hi <= max;
    let never = value.lo > max || value.hi < min;
    let margin = if value.now.is_nan() {
        f64::INFINITY
    } else {
        (value.now - max).max(min - value.now)
    };
    Verdict::new(outcome(holds, always, never), margin)
}

fn batch_distance(
    index: usize,
    rule: &BatchDistance,
    scene: &Scene<'_, '_>,
    scratch: &mut Scratch,
) -> Verdict {
    scratch.work += scene.members.len() as u64;
    let values = || {
        scene
            .members
            .iter()
            .map(|member| scene.arena.value(*member, index))
    };
    let (lo, hi) = values().fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), value| {
        (lo.min(value), hi.max(value))
    });
    let disagreeing = values().any(f64::is_nan);
    let (holds, margin) = match rule.key {
        BatchKey::Number(_) => (
            scene.members.is_empty() || hi - lo <= rule.max,
            hi - lo - rule.max,
        ),
        BatchKey::Text(_) => (!disagreeing && lo >= hi, 1.0),
    };
    let settled = scene.players >= scene.capacity;
    Verdict::new(
        outcome(holds || scene.members.is_empty(), settled, true),
        margin,
    )
}

fn collection(rule: &Collection, scene: &Scene<'_, '_>, scratch: &mut Scratch) -> Verdict {
    let reference = rule.reference.as_ref().map(|operand| match operand {
        Operand::Expr(expr) => Reference::Evaluated(texts::evaluate(expr, scene, scratch)),
        Operand::Texts(texts) => Reference::Constant(texts.clone()),
        Operand::Text(text) => Reference::Constant(vec![*text]),
        Operand::Number(_) => Reference::Constant(Vec::new()),
    });
    // Without bounds at least one is wanted (U-37).
    let min = if rule.min.is_none() && rule.max.is_none() {
        Some(1)
    } else {
        rule.min
    };
    let bounds = Bounds {
        min: min.map(f64::from),
        max: rule.max.map(f64::from),
    };
    let mut verdict = Verdict::PASS;
    for measurement in &rule.measurements {
        let texts = texts::evaluate(measurement, scene, scratch);
        scratch.work += texts.leaves.len() as u64;
        let one = match (rule.operation, &reference) {
            (CollectionOperation::Intersection, _) => intersection(&texts, &bounds),
            (CollectionOperation::Contains, Some(reference)) => {
                contains(&texts, reference, &bounds)
            }
            (CollectionOperation::ReferenceIntersectionCount, Some(reference)) => {
                overlap(&texts, reference, &bounds)
            }
            (_, None) => Verdict::PASS,
        };
        verdict = verdict.and(one);
        texts::give(scratch, texts);
    }
    if let Some(Reference::Evaluated(texts)) = reference {
        texts::give(scratch, texts);
    }
    verdict
}

struct Bounds {
    min: Option<f64>,
    max: Option<f64>,
}

impl Bounds {
    fn test(&self, count: Interval) -> Verdict {
        within(count, self.min, self.max)
    }
}

enum Reference {
    Constant(Vec<u32>),
    Evaluated(Texts),
}

impl Reference {
    fn items(&self) -> &[u32] {
        match self {
            Self::Constant(items) => items,
            Self::Evaluated(texts) => &texts.leaves,
        }
    }

    fn can_grow(&self) -> bool {
        match self {
            Self::Constant(_) => false,
            // Shrinking alone is no growth.
            Self::Evaluated(texts) => texts.can_grow() && texts.trend != texts::Trend::Shrinks,
        }
    }

    fn can_lose(&self) -> bool {
        match self {
            Self::Constant(_) => false,
            Self::Evaluated(texts) => texts.can_lose(),
        }
    }
}

/// How many collections hold the reference; of plain strings, how many equal it.
fn contains(texts: &Texts, reference: &Reference, bounds: &Bounds) -> Verdict {
    let items = reference.items();
    let mut verdict = Verdict::PASS;
    for (range, more) in texts.groups() {
        let lists = range.map(|index| texts.list(index));
        let (now, present) = if texts.depth == 1 {
            (
                texts
                    .leaves
                    .iter()
                    .filter(|leaf| items.contains(leaf))
                    .count(),
                texts.leaves.len(),
            )
        } else {
            let count = lists.clone().count();
            (
                lists
                    .filter(|list| list.iter().any(|leaf| items.contains(leaf)))
                    .count(),
                count,
            )
        };
        let more = if texts.depth == 1 {
            texts.single_growth()
        } else {
            more
        };
        let steady = !texts.can_lose() && !reference.can_lose();
        let growing_lists = texts.depth > 1 && texts.trend != texts::Trend::Fixed;
        let hi = if reference.can_grow() || growing_lists {
            present
        } else {
            now
        };
        let count = Interval {
            now: now as f64,
            lo: if steady { now as f64 } else { 0.0 },
            hi: hi as f64 + f64::from(more.most),
        };
        verdict = verdict.and(bounds.test(count));
    }
    verdict
}

/// How many values all collections share.
fn intersection(texts: &Texts, bounds: &Bounds) -> Verdict {
    let mut verdict = Verdict::PASS;
    for (range, more) in texts.groups() {
        if range.is_empty() {
            verdict = verdict.at_most(if more.most > 0 {
                Outcome::PassNow
            } else {
                Outcome::PassForever
            });
            continue;
        }
        let first = texts.list(range.start);
        let mut shared = 0;
        for (index, item) in first.iter().enumerate() {
            let repeated = first[..index].contains(item);
            let everywhere = range
                .clone()
                .skip(1)
                .all(|list| texts.list(list).contains(item));
            shared += u32::from(everywhere && !repeated);
        }
        let now = f64::from(shared);
        // One more collection can only take away; growth of a collection can only add.
        let lo = if more.most > 0 || texts.can_lose() {
            0.0
        } else {
            now
        };
        let can_add = texts.trend != texts::Trend::Fixed && texts.trend != texts::Trend::Shrinks;
        let hi = if can_add { f64::INFINITY } else { now };
        verdict = verdict.and(bounds.test(Interval { now, lo, hi }));
    }
    verdict
}

/// Of every collection, how many values are in the reference set.
fn overlap(texts: &Texts, reference: &Reference, bounds: &Bounds) -> Verdict {
    let items = reference.items();
    let mut verdict = Verdict::PASS;
    for list in texts.lists() {
        let distinct = |(index, leaf): &(usize, &u32)| !list[..*index].contains(*leaf);
        let different = list.iter().enumerate().filter(distinct).count() as f64;
        let now = list
            .iter()
            .enumerate()
            .filter(|pair| distinct(pair) && items.contains(pair.1))
            .count() as f64;
        let lo = if texts.can_lose() || reference.can_lose() {
            0.0
        } else {
            now
        };
        let list_grows = texts.trend != texts::Trend::Fixed && texts.trend != texts::Trend::Shrinks;
        let hi = match (list_grows, reference.can_grow()) {
            (true, _) => f64::INFINITY,
            (false, true) => different,
            (false, false) => now,
        };
        verdict = verdict.and(bounds.test(Interval { now, lo, hi }));
    }
    if texts.groups().iter().any(|(_, more)| more.most > 0) {
        verdict = verdict.at_most(Outcome::PassNow);
    }
    verdict
}

impl Texts {
    /// Growth of the only list of a plain list.
    fn single_growth(&self) -> Growth {
        if self.can_grow() {
            Growth {
                least: 0,
                most: self.only_growth(),
            }
        } else {
            Growth::NONE
        }
    }
}

/// Locations that are acceptable to all tickets under a latency rule.
pub(crate) fn acceptable(index: usize, rule: &Latency, scene: &Scene<'_, '_>) -> Locations {
    let each = scene
        .members
        .iter()
        .map(|member| scene.arena.locations(*member, index));
    let common = each.fold(Locations::ALL, Locations::and);
    let Some(spread) = rule.distance else {
        return common;
    };
    let mut kept = Locations::NONE;
    if scene.members.is_empty() {
        return common;
    }
    for location in common.iter() {
        let values = scene.members.iter().filter_map(|member| {
            let slot = scene.arena.members[*member as usize].slot;
            (scene.tickets)(slot).latency_to(location, rule.party)
        });
        let reference = match rule.reference {
            DistanceReference::Min => values.clone().fold(f64::INFINITY, f64::min),
            DistanceReference::Avg => values.clone().sum::<f64>() / scene.members.len() as f64,
        };
        if values
            .clone()
            .all(|value| (value - reference).abs() <= spread)
        {
            kept.insert(location);
        }
    }
    kept
}

fn latency_rule(index: usize, rule: &Latency, scene: &Scene<'_, '_>, measure: bool) -> Verdict {
    let holds = !acceptable(index, rule, scene).is_empty();
    let settled = scene.players >= scene.capacity;
    // Around an average a new ticket can bring others back within the distance; everything else only narrows.
    let common = || {
        scene
            .members
            .iter()
            .map(|member| scene.arena.locations(*member, index))
            .fold(Locations::ALL, Locations::and)
    };
    let final_failure = settled
        || rule.distance.is_none()
        || rule.reference == DistanceReference::Min
        || common().is_empty();
    let margin = if holds || !measure {
        1.0
    } else {
        shortfall(rule, scene)
    };
    Verdict::new(outcome(holds, settled, final_failure), margin)
}

/// By how many milliseconds the best location misses the maximum.
fn shortfall(rule: &Latency, scene: &Scene<'_, '_>) -> f64 {
    let Some(max) = rule.max else {
        return 1.0;
    };
    let tickets = scene
        .members
        .iter()
        .map(|member| (scene.tickets)(scene.arena.members[*member as usize].slot));
    let mut tickets = tickets.collect::<Vec<_>>().into_iter();
    let Some(first) = tickets.next() else {
        return 0.0;
    };
    let worst = |location: u32| {
        tickets
            .clone()
            .chain([first])
            .try_fold(0.0_f64, |worst, ticket| {
                Some(worst.max(ticket.latency_to(location, rule.party)?))
            })
    };
    let best = first
        .reach
        .iter()
        .filter_map(|reach| worst(reach.location))
        .fold(f64::INFINITY, f64::min);
    // No location that all reported: a miss beyond every measure, but a defined one.
    if best.is_finite() {
        (best - max).max(0.0)
    } else {
        1e6
    }
}
