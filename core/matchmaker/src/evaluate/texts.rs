//! String expressions, with what is known about their growth.

use super::numbers::{self, Interval, Numbers, Range};
use super::scene::{Growth, Scene, Scratch};
use crate::expression::{Expr, ExprNode, Function, Leaf, Path};

/// The longest list attribute; bounds what one player can add.
const LIST_MAX: u32 = 100;

/// How the innermost lists that exist can change while players join.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Trend {
    #[default]
    Fixed,
    Grows,
    Shrinks,
    Unknown,
}

/// The value of a string expression: one to three list layers.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    pub(super) depth: u8,
    pub(super) leaves: Vec<u32>,
    /// Ends of the innermost lists in `leaves`, when there are two layers or three.
    pub(super) inner: Vec<u32>,
    /// Ends of the outer lists in `inner`, when there are three.
    outer: Vec<u32>,
    pub(super) trend: Trend,
    /// How many innermost lists may still be added, by outer list.
    more: Vec<Growth>,
    /// How many leaves may still be added, by innermost list.
    leaf_growth: Vec<Growth>,
}

impl Texts {
    fn clear(&mut self, depth: u8) {
        self.depth = depth;
        self.leaves.clear();
        self.inner.clear();
        self.outer.clear();
        self.trend = Trend::Fixed;
        self.more.clear();
        self.leaf_growth.clear();
    }

    /// The innermost lists.
    pub(super) fn lists(&self) -> impl Iterator<Item = &[u32]> {
        let whole = (self.depth == 1).then_some(&self.leaves[..]);
        let starts = std::iter::once(0).chain(self.inner.iter().copied());
        let inner = starts
            .zip(&self.inner)
            .map(|(start, end)| &self.leaves[start as usize..*end as usize]);
        whole.into_iter().chain(inner)
    }

    /// For three layers the ranges of innermost lists, group by group; else one group of all.
    pub(super) fn groups(&self) -> Vec<(std::ops::Range<usize>, Growth)> {
        if self.depth < 3 {
            let count = if self.depth == 1 { 1 } else { self.inner.len() };
            return vec![(0..count, self.more.first().copied().unwrap_or_default())];
        }
        let starts = std::iter::once(0).chain(self.outer.iter().copied());
        let ranges = starts
            .zip(&self.outer)
            .map(|(start, end)| start as usize..*end as usize);
        ranges
            .zip(&self.more)
            .map(|(range, more)| (range, *more))
            .collect()
    }

    pub(super) fn list(&self, index: usize) -> &[u32] {
        if self.depth == 1 {
            return &self.leaves;
        }
        let start = if index == 0 { 0 } else { self.inner[index - 1] };
        &self.leaves[start as usize..self.inner[index] as usize]
    }

    /// Whether anything at all can be added.
    pub(super) fn can_grow(&self) -> bool {
        self.more
            .iter()
            .chain(&self.leaf_growth)
            .any(|growth| growth.most > 0)
            || self.trend != Trend::Fixed
    }

    /// Whether leaves that exist can vanish.
    pub(super) fn can_lose(&self) -> bool {
        matches!(self.trend, Trend::Shrinks | Trend::Unknown)
    }
}

pub(super) fn take(scratch: &mut Scratch) -> Texts {
    scratch.texts.pop().unwrap_or_default()
}

pub(super) fn give(scratch: &mut Scratch, texts: Texts) {
    scratch.texts.push(texts);
}

/// Evaluates a string expression.
pub(super) fn evaluate(expr: &Expr, scene: &Scene<'_, '_>, scratch: &mut Scratch) -> Texts {
    match &expr.node {
        ExprNode::Path(path) => {
            let texts = from_path(path, scene, take(scratch));
            scratch.work += texts.leaves.len() as u64;
            texts
        }
        ExprNode::Call(Function::SetIntersection, argument) => {
            let texts = evaluate(argument, scene, scratch);
            scratch.work += texts.leaves.len() as u64;
            let result = intersection(&texts, take(scratch));
            give(scratch, texts);
            result
        }
        // Types leave only flatten here.
        ExprNode::Call(_, argument) => {
            let mut texts = evaluate(argument, scene, scratch);
            flatten(&mut texts);
            texts
        }
    }
}

/// `count` of a string expression.
pub(super) fn count(argument: &Expr, scene: &Scene<'_, '_>, scratch: &mut Scratch) -> Numbers {
    let texts = evaluate(argument, scene, scratch);
    let mut numbers = numbers::take(scratch);
    numbers.leaves.clear();
    numbers.ends.clear();
    numbers.growth.clear();
    numbers.depth = texts.depth - 1;
    numbers.fresh = Range {
        lo: 0.0,
        hi: f64::from(LIST_MAX),
    };
    for (index, list) in texts.lists().enumerate() {
        let count = list.len() as f64;
        let growth = texts.leaf_growth.get(index).copied().unwrap_or_default();
        let interval = match texts.trend {
            Trend::Fixed => Interval::fixed(count),
            Trend::Grows => Interval {
                now: count,
                lo: count + f64::from(growth.least),
                hi: count + f64::from(growth.most),
            },
            Trend::Shrinks => Interval {
                now: count,
                lo: 0.0,
                hi: count,
            },
            Trend::Unknown => Interval {
                now: count,
                lo: 0.0,
                hi: f64::INFINITY,
            },
        };
        numbers.leaves.push(interval);
    }
    numbers.ends.extend_from_slice(&texts.outer);
    numbers.growth.extend_from_slice(&texts.more);
    give(scratch, texts);
    numbers
}

fn from_path(path: &Path, scene: &Scene<'_, '_>, mut texts: Texts) -> Texts {
    let listed = matches!(path.leaf, Leaf::List(_));
    texts.clear(1 + u8::from(path.grouped) + u8::from(listed));
    for team in &path.teams {
        let rows = &scene.teams[usize::from(*team)];
        let growth = scene.growth(*team);
        match path.leaf {
            Leaf::List(slot) => {
                for row in rows {
                    texts.leaves.extend_from_slice(scene.arena.list(*row, slot));
                    texts.inner.push(texts.leaves.len() as u32);
                    texts.leaf_growth.push(Growth::NONE);
                }
                texts.more.push(growth);
                if path.grouped {
                    texts.outer.push(texts.inner.len() as u32);
                }
                continue;
            }
            Leaf::Text(slot) => texts
                .leaves
                .extend(rows.iter().map(|row| scene.arena.text(*row, slot))),
            Leaf::PlayerId => texts
                .leaves
                .extend(rows.iter().map(|row| scene.arena.ids[*row as usize])),
            Leaf::Team | Leaf::Player | Leaf::Number(_) | Leaf::Map(_) => {}
        }
        if path.grouped {
            texts.inner.push(texts.leaves.len() as u32);
        }
        texts.leaf_growth.push(growth);
        if growth.most > 0 {
            texts.trend = Trend::Grows;
        }
    }
    if !listed {
        texts.more.push(Growth::NONE);
    }
    texts
}

fn flatten(texts: &mut Texts) {
    let more = texts
        .more
        .iter()
        .fold(Growth::NONE, |sum, growth| sum.plus(*growth));
    if texts.depth == 3 {
        texts.outer.clear();
        texts.more.clear();
        texts.more.push(more);
        texts.depth = 2;
        return;
    }
    let leaves = texts
        .leaf_growth
        .iter()
        .fold(Growth::NONE, |sum, growth| sum.plus(*growth));
    let added = Growth {
        least: 0,
        most: more.most.saturating_mul(LIST_MAX),
    };
    let growth = leaves.plus(added);
    texts.trend = match texts.trend {
        Trend::Fixed if growth.most > 0 => Trend::Grows,
        Trend::Shrinks if more.most > 0 => Trend::Unknown,
        same @ (Trend::Fixed | Trend::Grows | Trend::Shrinks | Trend::Unknown) => same,
    };
    texts.inner.clear();
    texts.more.clear();
    texts.more.push(Growth::NONE);
    texts.leaf_growth.clear();
    texts.leaf_growth.push(growth);
    texts.depth = 1;
}

fn intersection(texts: &Texts, mut result: Texts) -> Texts {
    result.clear(texts.depth - 1);
    let mut trend = texts.trend;
    for (range, more) in texts.groups() {
        trend = match trend {
            // The first list that comes makes something of nothing.
            _ if range.is_empty() && more.most > 0 => Trend::Unknown,
            Trend::Fixed if more.most > 0 => Trend::Shrinks,
            Trend::Grows if more.most > 0 => Trend::Unknown,
            same @ (Trend::Fixed | Trend::Grows | Trend::Shrinks | Trend::Unknown) => same,
        };
        let first = range
            .clone()
            .next()
            .map_or(&[][..], |index| texts.list(index));
        let start = result.leaves.len();
        for item in first {
            let everywhere = range
                .clone()
                .skip(1)
                .all(|index| texts.list(index).contains(item));
            if everywhere && !result.leaves[start..].contains(item) {
                result.leaves.push(*item);
            }
        }
        if texts.depth == 3 {
            result.inner.push(result.leaves.len() as u32);
        }
        result.leaf_growth.push(Growth {
            least: 0,
            most: u32::MAX,
        });
    }
    if trend == Trend::Fixed {
        result
            .leaf_growth
            .iter_mut()
            .for_each(|growth| *growth = Growth::NONE);
    }
    result.trend = trend;
    result.more.push(Growth::NONE);
    result
}

impl Texts {
    /// How much a plain list can grow.
    pub(super) fn only_growth(&self) -> u32 {
        self.leaf_growth.first().map_or(0, |growth| growth.most)
    }
}
