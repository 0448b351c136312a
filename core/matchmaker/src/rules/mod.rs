//! A rule set, checked and compiled: what the rest of the crate works with.

mod compound;
mod expansion;
mod fields;
mod lint;
mod read;
mod read_rules;
mod set;

use crate::expression::Expr;
use crate::problem::{Problem, Problems};
use crate::ticket::{Attribute, AttributeKind, Player};
use ids::Span;
use std::sync::Arc;

pub use read::{LENGTH_MAX, Options};

/// A rule set that passed every check.
#[derive(Clone, Debug)]
pub struct RuleSet {
    pub(crate) name: Option<String>,
    pub(crate) attributes: Vec<AttributeDecl>,
    pub(crate) algorithm: Algorithm,
    pub(crate) instances: Vec<Instance>,
    /// The strings that rules compare with; the interner of a matchmaker starts with them.
    pub(crate) literals: Vec<String>,
    /// In declaration order, as declared.
    pub(crate) rules: Vec<Arc<Rule>>,
    /// The values in force from each step time on; the first is at zero.
    pub(crate) levels: Vec<Level>,
    pub(crate) expansions: Vec<Expansion>,
    /// Indexes of rules that stand alone: all but sorts and those that a compound names.
    pub(crate) standalone: Vec<usize>,
    /// Ways in which all compounds together can hold; one empty way when there are none.
    pub(crate) alternatives: Vec<Vec<Literal>>,
    pub(crate) uses_player_ids: bool,
    pub(crate) slots: Slots,
    /// Whether teams of one index here are interchangeable for every rule.
    pub(crate) team_classes: Vec<u16>,
    pub(crate) warnings: Vec<Problem>,
}

/// How many attributes there are of each type.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Slots {
    pub(crate) numbers: u16,
    pub(crate) texts: u16,
    pub(crate) lists: u16,
    pub(crate) maps: u16,
}

/// A declared player attribute.
#[derive(Clone, Debug)]
pub(crate) struct AttributeDecl {
    pub(crate) name: String,
    pub(crate) kind: AttributeKind,
    pub(crate) default: Option<Attribute>,
    /// Its place among attributes of its type.
    pub(crate) slot: u16,
    pub(crate) at: usize,
}

#[derive(Clone, Debug)]
pub(crate) struct TeamDef {
    pub(crate) name: String,
    pub(crate) size: Size,
    pub(crate) quantity: u32,
    pub(crate) at: usize,
}

#[derive(Clone, Debug)]
pub(crate) struct Instance {
    pub(crate) name: String,
    pub(crate) team: u16,
}

/// How many players a team takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Size {
    pub(crate) min: u32,
    pub(crate) max: u32,
}

#[derive(Clone, Debug)]
pub(crate) struct Algorithm {
    pub(crate) strategy: Strategy,
    pub(crate) batching: Batching,
    /// Slot of the number attribute.
    pub(crate) balanced: Option<u16>,
    /// Indexes into the attributes.
    pub(crate) sort_by: Vec<usize>,
    pub(crate) backfill: BackfillPriority,
    pub(crate) age: AgeSelection,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Strategy {
    Exhaustive,
    Balanced,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Batching {
    Random,
    Sorted,
    LargestPopulation,
    FastestRegion,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BackfillPriority {
    Low,
    Normal,
    High,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AgeSelection {
    Newest,
    Oldest,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Rule {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// Its verdict can be repaired by rearranging a match, so a failure half way is no reason to turn a ticket away.
    pub(crate) soft: bool,
    /// Who is in the match counts, not in which team.
    pub(crate) team_blind: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    Comparison(Comparison),
    Distance(Distance),
    BatchDistance(BatchDistance),
    Collection(Collection),
    Latency(Latency),
    DistanceSort(Sort),
    AbsoluteSort(Sort),
    Compound(Statement),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Comparison {
    pub(crate) measurements: Vec<Expr>,
    pub(crate) reference: Option<Operand>,
    pub(crate) operation: Operation,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Distance {
    pub(crate) measurements: Vec<Expr>,
    pub(crate) reference: Operand,
    pub(crate) min: Option<f64>,
    pub(crate) max: Option<f64>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct BatchDistance {
    pub(crate) key: BatchKey,
    pub(crate) max: f64,
    pub(crate) party: Party,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BatchKey {
    Number(u16),
    Text(u16),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Collection {
    pub(crate) measurements: Vec<Expr>,
    pub(crate) operation: CollectionOperation,
    pub(crate) reference: Option<Operand>,
    pub(crate) min: Option<u32>,
    pub(crate) max: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CollectionOperation {
    Intersection,
    Contains,
    ReferenceIntersectionCount,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Latency {
    pub(crate) max: Option<f64>,
    pub(crate) distance: Option<f64>,
    pub(crate) reference: DistanceReference,
    pub(crate) party: Party,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DistanceReference {
    Min,
    Avg,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sort {
    pub(crate) key: SortKey,
    pub(crate) descending: bool,
    pub(crate) party: Party,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SortKey {
    Number(u16),
    Text(u16),
    MinOfMap(u16),
    MaxOfMap(u16),
}

/// How the values of a party become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Party {
    Min,
    Max,
    Avg,
}

/// A referenceValue.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Operand {
    Number(f64),
    /// Index of a literal.
    Text(u32),
    Texts(Vec<u32>),
    Expr(Expr),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    Less,
    LessOrEqual,
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
}

/// A compound statement over indexes of earlier rules.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Statement {
    Rule(usize),
    And(Vec<Self>),
    Or(Vec<Self>),
    Not(Box<Self>),
    Xor(Box<Self>, Box<Self>),
}

/// A rule that must hold, or must not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Literal {
    pub(crate) rule: usize,
    pub(crate) holds: bool,
}

/// All values that expansions can change, as they are from one age on.
#[derive(Clone, Debug)]
pub(crate) struct Level {
    pub(crate) at: Span,
    pub(crate) sizes: Vec<Size>,
    pub(crate) rules: Vec<Arc<Rule>>,
}

/// One expansion, kept in words for explanations.
#[derive(Clone, Debug)]
pub(crate) struct Expansion {
    pub(crate) target: String,
    /// Wait and the value in words, in order of time.
    pub(crate) steps: Vec<(Span, String)>,
    pub(crate) base: String,
}

impl RuleSet {
    /// Reads and checks a RuleSetBody. The error holds every problem that was found, errors first.
    ///
    /// # Errors
    /// When the text breaks one of the checks of a rule set; warnings alone are no error, see [`RuleSet::warnings`].
    pub fn parse(text: &str, options: Options) -> Result<Self, Problems> {
        read::read(text, options)
    }

    /// What is doubtful about the rule set.
    pub fn warnings(&self) -> &[Problem] {
        &self.warnings
    }

    /// The label inside the body.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Names of the team instances, in declaration order.
    pub fn team_names(&self) -> impl Iterator<Item = &str> {
        self.instances.iter().map(|instance| instance.name.as_str())
    }

    /// Names of the rules, in declaration order.
    pub fn rule_names(&self) -> impl Iterator<Item = &str> {
        self.rules.iter().map(|rule| rule.name.as_str())
    }

    /// Names, types and whether there is a default, of the declared attributes.
    pub fn attributes(&self) -> impl Iterator<Item = (&str, AttributeKind, Option<&Attribute>)> {
        self.attributes.iter().map(|attribute| {
            (
                attribute.name.as_str(),
                attribute.kind,
                attribute.default.as_ref(),
            )
        })
    }

    /// The most players that a match can have, as declared.
    pub fn players_max(&self) -> u32 {
        self.levels[0].sizes.iter().map(|size| size.max).sum()
    }

    /// The fewest players that fill every team to its minimum, as declared.
    pub fn players_min(&self) -> u32 {
        self.levels[0].sizes.iter().map(|size| size.min).sum()
    }

    /// Whether it makes large matches (more than 40 players).
    pub fn is_large(&self) -> bool {
        self.players_max() > SMALL_MAX
    }

    /// The waits at which expansions change something, ascending, without zero.
    pub fn step_times(&self) -> impl Iterator<Item = Span> {
        self.levels.iter().skip(1).map(|level| level.at)
    }

    /// Steps that never happen because the request gives up before: warnings that need a configuration (U-22).
    pub fn unreachable_steps(&self, request_timeout: Span) -> Vec<String> {
        let late = |expansion: &Expansion| {
            let steps = expansion
                .steps
                .iter()
                .filter(|(wait, _)| *wait >= request_timeout);
            steps
                .map(|(wait, _)| (expansion.target.clone(), wait.as_secs()))
                .collect::<Vec<_>>()
        };
        let late = self.expansions.iter().flat_map(late);
        late.map(|(target, wait)| {
            let limit = request_timeout.as_secs();
            format!(
                "{target}: the step at {wait} s never happens, requests time out after {limit} s"
            )
        })
        .collect()
    }

    /// Checks players of a request against the declarations: types of attributes, and for backfill the teams.
    /// Missing and undeclared attributes are no error here.
    ///
    /// # Errors
    /// One message, fit for an InvalidRequestException.
    pub fn check_players(&self, players: &[Player], backfill: bool) -> Result<(), String> {
        for player in players {
            for (name, value) in &player.attributes {
                let declared = self
                    .attributes
                    .iter()
                    .find(|attribute| attribute.name == *name);
                if let Some(declared) = declared.filter(|declared| declared.kind != value.kind()) {
                    let (is, should) = (value.kind().name(), declared.kind.name());
                    return Err(format!(
                        "attribute '{name}' of player '{}' is a {is}, the rule set declares a {should}",
                        player.id
                    ));
                }
            }
        }
        if backfill {
            self.check_teams(players)
        } else {
            Ok(())
        }
    }

    fn check_teams(&self, players: &[Player]) -> Result<(), String> {
        let mut counts = vec![0; self.instances.len()];
        for player in players {
            let Some(team) = &player.team else {
                return Err(format!(
                    "player '{}' has no Team; backfill requests name the team of every player",
                    player.id
                ));
            };
            let Some(index) = self
                .instances
                .iter()
                .position(|instance| instance.name == *team)
            else {
                return Err(format!(
                    "player '{}' is in team '{team}', which the rule set does not have",
                    player.id
                ));
            };
            counts[index] += 1;
        }
        for (index, count) in counts.into_iter().enumerate() {
            let most = self
                .levels
                .iter()
                .map(|level| level.sizes[index].max)
                .max()
                .unwrap_or(0);
            if count > most {
                return Err(format!(
                    "team '{}' has {count} players, the rule set allows {most}",
                    self.instances[index].name
                ));
            }
        }
        Ok(())
    }

    /// The level in force at an age.
    pub(crate) fn level_at(&self, age: Span) -> usize {
        self.levels
            .partition_point(|level| level.at <= age)
            .saturating_sub(1)
    }

    pub(crate) fn latency_rules(&self) -> impl Iterator<Item = usize> {
        let latency = |index: &usize| matches!(self.rules[*index].kind, Kind::Latency(_));
        (0..self.rules.len()).filter(latency)
    }

    /// A latency rule that no compound can excuse.
    pub(crate) fn needs_latency(&self) -> bool {
        self.standalone
            .iter()
            .any(|index| matches!(self.rules[*index].kind, Kind::Latency(_)))
    }
}

/// Most players of a small match.
pub(crate) const SMALL_MAX: u32 = 40;
/// Most players of any match.
pub(crate) const LARGE_MAX: u32 = 200;

impl Operation {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "<" => Self::Less,
            "<=" => Self::LessOrEqual,
            "=" => Self::Equal,
            "!=" => Self::NotEqual,
            ">" => Self::Greater,
            ">=" => Self::GreaterOrEqual,
            _ => return None,
        })
    }

    pub(crate) fn is_equality(self) -> bool {
        matches!(self, Self::Equal | Self::NotEqual)
    }
}

impl Party {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "min" => Self::Min,
            "max" => Self::Max,
            "avg" => Self::Avg,
            _ => return None,
        })
    }

    /// One value for all; NaN for none.
    pub(crate) fn combine(self, values: impl Iterator<Item = f64> + Clone) -> f64 {
        match self {
            Self::Min => values.fold(f64::NAN, f64::min),
            Self::Max => values.fold(f64::NAN, f64::max),
            Self::Avg => {
                let count = values.clone().count();
                if count == 0 {
                    f64::NAN
                } else {
                    values.sum::<f64>() / count as f64
                }
            }
        }
    }
}

impl Kind {
    pub(crate) fn as_batch_distance(&self) -> Option<&BatchDistance> {
        if let Self::BatchDistance(rule) = self {
            Some(rule)
        } else {
            None
        }
    }

    pub(crate) fn as_latency(&self) -> Option<&Latency> {
        if let Self::Latency(rule) = self {
            Some(rule)
        } else {
            None
        }
    }

    pub(crate) fn as_compound(&self) -> Option<&Statement> {
        if let Self::Compound(statement) = self {
            Some(statement)
        } else {
            None
        }
    }

    /// A sort rule, and whether it sorts by the distance from the anchor.
    pub(crate) fn as_sort(&self) -> Option<(&Sort, bool)> {
        if let Self::DistanceSort(sort) = self {
            return Some((sort, true));
        }
        if let Self::AbsoluteSort(sort) = self {
            Some((sort, false))
        } else {
            None
        }
    }

    pub(crate) fn is_sort(&self) -> bool {
        matches!(self, Self::DistanceSort(_) | Self::AbsoluteSort(_))
    }

    /// As it is written in a rule set.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Comparison(_) => "comparison",
            Self::Distance(_) => "distance",
            Self::BatchDistance(_) => "batchDistance",
            Self::Collection(_) => "collection",
            Self::Latency(_) => "latency",
            Self::DistanceSort(_) => "distanceSort",
            Self::AbsoluteSort(_) => "absoluteSort",
            Self::Compound(_) => "compound",
        }
    }

    /// Every expression of the rule.
    pub(crate) fn expressions(&self) -> Vec<&Expr> {
        let (measurements, reference) = match self {
            Self::Comparison(rule) => (&rule.measurements, rule.reference.as_ref()),
            Self::Distance(rule) => (&rule.measurements, Some(&rule.reference)),
            Self::Collection(rule) => (&rule.measurements, rule.reference.as_ref()),
            Self::BatchDistance(_)
            | Self::Latency(_)
            | Self::DistanceSort(_)
            | Self::AbsoluteSort(_)
            | Self::Compound(_) => {
                return Vec::new();
            }
        };
        let reference = match reference {
            Some(Operand::Expr(expr)) => Some(expr),
            Some(Operand::Number(_) | Operand::Text(_) | Operand::Texts(_)) | None => None,
        };
        measurements.iter().chain(reference).collect()
    }
}
