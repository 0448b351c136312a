//! Numeric expressions as intervals.

use super::scene::{Growth, Scene, Scratch};
use super::texts;
use crate::expression::{Expr, ExprNode, Function, Leaf, LeafType, Path};

/// A value now (NaN when undefined), and between which bounds it can end up. `lo > hi` means never defined.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Interval {
    pub(crate) now: f64,
    pub(crate) lo: f64,
    pub(crate) hi: f64,
}

impl Interval {
    pub(crate) const UNDEFINED: Self = Self {
        now: f64::NAN,
        lo: f64::INFINITY,
        hi: f64::NEG_INFINITY,
    };

    pub(crate) fn fixed(value: f64) -> Self {
        if value.is_nan() {
            Self::UNDEFINED
        } else {
            Self {
                now: value,
                lo: value,
                hi: value,
            }
        }
    }

    pub(crate) fn is_fixed(self) -> bool {
        self.lo == self.hi
    }

    pub(crate) fn is_never_defined(self) -> bool {
        self.lo > self.hi
    }
}

/// Bounds of the values that may still come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Range {
    pub(crate) lo: f64,
    pub(crate) hi: f64,
}

impl Range {
    pub(crate) const NONE: Self = Self {
        lo: f64::INFINITY,
        hi: f64::NEG_INFINITY,
    };

    pub(crate) fn include(&mut self, value: f64) {
        self.lo = self.lo.min(value);
        self.hi = self.hi.max(value);
    }
}

/// The value of a numeric expression: a number, a list, or a list of lists.
#[derive(Debug)]
pub(crate) struct Numbers {
    pub(super) depth: u8,
    pub(super) leaves: Vec<Interval>,
    /// Ends of the inner lists, when there are two layers.
    pub(super) ends: Vec<u32>,
    /// How each innermost list can grow.
    pub(super) growth: Vec<Growth>,
    /// What can be added to it.
    pub(super) fresh: Range,
}

impl Default for Numbers {
    fn default() -> Self {
        Self {
            depth: 0,
            leaves: Vec::new(),
            ends: Vec::new(),
            growth: Vec::new(),
            fresh: Range::NONE,
        }
    }
}

impl Numbers {
    fn clear(&mut self, depth: u8) {
        self.depth = depth;
        self.leaves.clear();
        self.ends.clear();
        self.growth.clear();
        self.fresh = Range::NONE;
    }

    /// How much all lists together can grow.
    pub(super) fn total_growth(&self) -> Growth {
        self.growth
            .iter()
            .fold(Growth::NONE, |sum, growth| sum.plus(*growth))
    }
}

pub(super) fn take(scratch: &mut Scratch) -> Numbers {
    scratch.numbers.pop().unwrap_or_default()
}

pub(super) fn give(scratch: &mut Scratch, numbers: Numbers) {
    scratch.numbers.push(numbers);
}

/// Evaluates a numeric expression.
pub(super) fn evaluate(expr: &Expr, scene: &Scene<'_, '_>, scratch: &mut Scratch) -> Numbers {
    match &expr.node {
        ExprNode::Path(path) => {
            let numbers = from_path(path, scene, take(scratch));
            scratch.work += numbers.leaves.len() as u64;
            numbers
        }
        ExprNode::Call(Function::Flatten, argument) => {
            let mut numbers = evaluate(argument, scene, scratch);
            flatten(&mut numbers, scene);
            numbers
        }
        ExprNode::Call(Function::Count, argument) if argument.leaf == LeafType::Text => {
            texts::count(argument, scene, scratch)
        }
        ExprNode::Call(function, argument) => {
            let mut numbers = evaluate(argument, scene, scratch);
            scratch.work += numbers.leaves.len() as u64;
            aggregate_lists(*function, &mut numbers, &mut scratch.sort);
            numbers
        }
    }
}

fn from_path(path: &Path, scene: &Scene<'_, '_>, mut numbers: Numbers) -> Numbers {
    numbers.clear(1 + u8::from(path.grouped));
    if path.leaf == Leaf::Team {
        numbers.depth = u8::from(path.grouped);
        numbers
            .leaves
            .extend(path.teams.iter().map(|_| Interval::fixed(0.0)));
        numbers.growth.push(Growth::NONE);
        return numbers;
    }
    for team in &path.teams {
        let rows = &scene.teams[usize::from(*team)];
        match path.leaf {
            Leaf::Number(slot) => numbers.leaves.extend(
                rows.iter()
                    .map(|row| Interval::fixed(scene.arena.number(*row, slot))),
            ),
            // Only counted, so any value will do.
            Leaf::Team
            | Leaf::Player
            | Leaf::PlayerId
            | Leaf::Text(_)
            | Leaf::List(_)
            | Leaf::Map(_) => {
                numbers
                    .leaves
                    .extend(rows.iter().map(|_| Interval::fixed(0.0)));
            }
        }
        if path.grouped {
            numbers.ends.push(numbers.leaves.len() as u32);
        }
        numbers.growth.push(scene.growth(*team));
    }
    numbers.fresh = match path.leaf {
        Leaf::Number(slot) => scene.bounds[usize::from(slot)],
        Leaf::Team
        | Leaf::Player
        | Leaf::PlayerId
        | Leaf::Text(_)
        | Leaf::List(_)
        | Leaf::Map(_) => Range { lo: 0.0, hi: 0.0 },
    };
    numbers
}

fn flatten(numbers: &mut Numbers, scene: &Scene<'_, '_>) {
    let mut growth = numbers.total_growth();
    growth.most = growth
        .most
        .min(scene.capacity.saturating_sub(scene.players));
    growth.least = growth.least.min(growth.most);
    numbers.growth.clear();
    numbers.growth.push(growth);
    numbers.ends.clear();
    numbers.depth = 1;
}

fn aggregate_lists(function: Function, numbers: &mut Numbers, sort: &mut Vec<f64>) {
    let fresh = numbers.fresh;
    match numbers.depth {
        // The aggregate of a single number is that number (U-27).
        0 => {}
        1 => {
            let growth = numbers.growth.first().copied().unwrap_or_default();
            let value = aggregate(function, &numbers.leaves, growth, fresh, sort);
            numbers.leaves.clear();
            numbers.leaves.push(value);
            numbers.growth.clear();
            numbers.depth = 0;
        }
        _ => {
            let mut start = 0;
            for list in 0..numbers.ends.len() {
                let end = numbers.ends[list] as usize;
                let value = aggregate(
                    function,
                    &numbers.leaves[start..end],
                    numbers.growth[list],
                    fresh,
                    sort,
                );
                start = end;
                numbers.leaves.push(value);
            }
            numbers.leaves.drain(..start);
            numbers.ends.clear();
            numbers.growth.clear();
            numbers.growth.push(Growth::NONE);
            numbers.depth = 1;
        }
    }
}

/// Sums and averages are rounded; a bound that was computed another way must not cut off the exact edge.
fn widened(now: f64, lo: f64, hi: f64) -> Interval {
    let slack = |value: f64| 1e-9 * (value.abs() + 1.0);
    Interval {
        now,
        lo: lo - slack(lo),
        hi: hi + slack(hi),
    }
}

fn aggregate(
    function: Function,
    leaves: &[Interval],
    growth: Growth,
    fresh: Range,
    sort: &mut Vec<f64>,
) -> Interval {
    let growth = if fresh.lo > fresh.hi && function != Function::Count {
        Growth::NONE
    } else {
        growth
    };
    let now = current(function, leaves, sort);
    let settled = growth.most == 0
        && leaves
            .iter()
            .all(|leaf| leaf.is_fixed() || leaf.is_never_defined());
    if settled {
        return Interval::fixed(now);
    }
    match function {
        Function::Count => {
            let count = leaves.len() as f64;
            Interval {
                now: count,
                lo: count + f64::from(growth.least),
                hi: count + f64::from(growth.most),
            }
        }
        Function::Min => {
            let (lo, hi) = extreme(leaves, growth, fresh);
            let (bound, _) = defined_extremes(leaves, |leaf| leaf.hi);
            Interval {
                now,
                lo,
                hi: if bound.is_finite() { bound } else { hi },
            }
        }
        Function::Max => {
            let (lo, hi) = extreme(leaves, growth, fresh);
            let (_, bound) = defined_extremes(leaves, |leaf| leaf.lo);
            Interval {
                now,
                lo: if bound.is_finite() { bound } else { lo },
                hi,
            }
        }
        Function::Sum => sum_bounds(now, leaves, growth, fresh),
        Function::Avg => average_bounds(now, leaves, growth, fresh),
        Function::Median => {
            let (lo, hi) = extreme(leaves, growth, fresh);
            Interval { now, lo, hi }
        }
        Function::Stddev => {
            let (lo, hi) = extreme(leaves, growth, fresh);
            Interval {
                now,
                lo: 0.0,
                hi: if lo > hi {
                    f64::NEG_INFINITY
                } else {
                    (hi - lo) / 2.0 + 1e-9
                },
            }
        }
        Function::Flatten | Function::SetIntersection => Interval::UNDEFINED,
    }
}

/// The least and the greatest value that any element, present or future, can have.
fn extreme(leaves: &[Interval], growth: Growth, fresh: Range) -> (f64, f64) {
    let future = if growth.most > 0 {
        (fresh.lo, fresh.hi)
    } else {
        (f64::INFINITY, f64::NEG_INFINITY)
    };
    leaves
        .iter()
        .fold(future, |(lo, hi), leaf| (lo.min(leaf.lo), hi.max(leaf.hi)))
}

/// Least and greatest of `of` over elements that are defined already and hence stay so.
fn defined_extremes(leaves: &[Interval], of: impl Fn(&Interval) -> f64) -> (f64, f64) {
    let defined = leaves.iter().filter(|leaf| !leaf.now.is_nan()).map(of);
    defined.fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), value| {
        (lo.min(value), hi.max(value))
    })
}

fn sum_bounds(now: f64, leaves: &[Interval], growth: Growth, fresh: Range) -> Interval {
    let (mut lo, mut hi) = (0.0, 0.0);
    for leaf in leaves.iter().filter(|leaf| !leaf.is_never_defined()) {
        let optional = leaf.now.is_nan();
        lo += if optional { leaf.lo.min(0.0) } else { leaf.lo };
        hi += if optional { leaf.hi.max(0.0) } else { leaf.hi };
    }
    if growth.most > 0 {
        let (least, most) = (f64::from(growth.least), f64::from(growth.most));
        lo += (least * fresh.lo).min(most * fresh.lo);
        hi += (least * fresh.hi).max(most * fresh.hi);
    }
    widened(now, lo, hi)
}

fn average_bounds(now: f64, leaves: &[Interval], growth: Growth, fresh: Range) -> Interval {
    if leaves.iter().any(|leaf| leaf.now.is_nan()) {
        let (lo, hi) = extreme(leaves, growth, fresh);
        return widened(now, lo, hi);
    }
    let (mut lo, mut hi) = (f64::INFINITY, f64::NEG_INFINITY);
    let low: f64 = leaves.iter().map(|leaf| leaf.lo).sum();
    let high: f64 = leaves.iter().map(|leaf| leaf.hi).sum();
    // The average moves in one direction with every equal value that is added, so the ends are enough.
    for more in [growth.least.max(u32::from(leaves.is_empty())), growth.most] {
        let more = f64::from(more);
        let count = leaves.len() as f64 + more;
        let (add_low, add_high) = if more > 0.0 {
            (more * fresh.lo, more * fresh.hi)
        } else {
            (0.0, 0.0)
        };
        lo = lo.min((low + add_low) / count);
        hi = hi.max((high + add_high) / count);
    }
    widened(now, lo, hi)
}

fn current(function: Function, leaves: &[Interval], sort: &mut Vec<f64>) -> f64 {
    let defined = || {
        leaves
            .iter()
            .map(|leaf| leaf.now)
            .filter(|value| !value.is_nan())
    };
    match function {
        Function::Count => leaves.len() as f64,
        Function::Sum if leaves.is_empty() => 0.0,
        Function::Sum => {
            let (count, sum) =
                defined().fold((0, 0.0), |(count, sum), value| (count + 1, sum + value));
            if count == 0 { f64::NAN } else { sum }
        }
        Function::Min => defined().fold(f64::NAN, f64::min),
        Function::Max => defined().fold(f64::NAN, f64::max),
        Function::Avg => {
            let (count, sum) =
                defined().fold((0.0, 0.0), |(count, sum), value| (count + 1.0, sum + value));
            if count == 0.0 { f64::NAN } else { sum / count }
        }
        Function::Median => {
            sort.clear();
            sort.extend(defined());
            sort.sort_unstable_by(f64::total_cmp);
            match sort.len() {
                0 => f64::NAN,
                count if count % 2 == 1 => sort[count / 2],
                count => f64::midpoint(sort[count / 2 - 1], sort[count / 2]),
            }
        }
        Function::Stddev => {
            let (count, sum) =
                defined().fold((0.0, 0.0), |(count, sum), value| (count + 1.0, sum + value));
            if count == 0.0 {
                return f64::NAN;
            }
            let mean = sum / count;
            (defined()
                .map(|value| (value - mean) * (value - mean))
                .sum::<f64>()
                / count)
                .sqrt()
        }
        Function::Flatten | Function::SetIntersection => f64::NAN,
    }
}
