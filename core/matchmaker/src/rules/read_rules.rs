//! Reading the rules of a rule set, each with the checks of its type.

use super::fields::{Fields, number, text};
use super::read::comparable;
use super::{
    BatchDistance, BatchKey, Collection, CollectionOperation, Comparison, Distance,
    DistanceReference, Kind, Latency, Operand, Operation, Party, Rule, Sort, SortKey, compound,
};
use crate::expression::{self, Expr, ExprNode, Function, Leaf, LeafType, Names};
use crate::json::{Node, Value};
use crate::problem::Findings;
use crate::ticket::AttributeKind;
use std::collections::BTreeMap;

/// The strings that rules compare with, numbered.
#[derive(Default)]
pub(super) struct Literals {
    numbers: BTreeMap<String, u32>,
    list: Vec<String>,
}

impl Literals {
    fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        self.list.push(text.to_owned());
        self.numbers.insert(text.to_owned(), number);
        number
    }

    pub(super) fn into_list(self) -> Vec<String> {
        self.list
    }
}

/// Where a rule stands in the text.
pub(super) struct Place {
    pub(super) at: usize,
    pub(super) path: String,
}

/// Reads rules.
pub(super) struct RuleReader<'a> {
    pub(super) names: Names<'a>,
    pub(super) literals: Literals,
    pub(super) large: bool,
    pub(super) strict: bool,
}

/// What a rule's referenceValue may be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ReferenceKind {
    Number,
    Text,
    Texts,
}

impl RuleReader<'_> {
    /// All rules with their places; nothing when one cannot be read, because indexes would be wrong.
    pub(super) fn rules(
        &mut self,
        nodes: &[Node],
        findings: &mut Findings<'_>,
    ) -> Option<(Vec<Rule>, Vec<Place>)> {
        let mut rules: Vec<Rule> = Vec::new();
        let mut places = Vec::new();
        let mut complete = true;
        for (index, node) in nodes.iter().enumerate() {
            let path = format!("$.rules[{index}]");
            let Some(mut item) = Fields::new(node, path.clone(), findings) else {
                complete = false;
                continue;
            };
            let Some(rule) = self.rule(&mut item, &rules, findings) else {
                complete = false;
                continue;
            };
            if rules.iter().any(|earlier| earlier.name == rule.name) {
                findings.error(
                    node.at,
                    &path,
                    format!("the rule '{}' is declared twice", rule.name),
                );
            }
            item.finish(self.strict, findings);
            rules.push(rule);
            places.push(Place { at: node.at, path });
        }
        complete.then_some((rules, places))
    }

    fn rule(
        &mut self,
        item: &mut Fields<'_>,
        earlier: &[Rule],
        findings: &mut Findings<'_>,
    ) -> Option<Rule> {
        item.ignore(&["description"]);
        let name = item.required_name(findings);
        let kind = item.required_text("type", findings)?;
        let kind = match kind {
            "comparison" => Kind::Comparison(self.comparison(item, findings)?),
            "distance" => Kind::Distance(self.distance(item, findings)?),
            "batchDistance" => Kind::BatchDistance(self.batch_distance(item, findings)?),
            "collection" => Kind::Collection(self.collection(item, findings)?),
            "latency" => Kind::Latency(self.latency(item, findings)?),
            "distanceSort" => Kind::DistanceSort(self.sort(item, false, findings)?),
            "absoluteSort" => Kind::AbsoluteSort(self.sort(item, true, findings)?),
            "compound" => Kind::Compound(self.compound(item, earlier, findings)?),
            other => {
                let known = "comparison, distance, batchDistance, collection, latency, distanceSort, absoluteSort, compound";
                let message = format!("'{other}' is not a rule type; the types are {known}");
                findings.error(item.at, &item.path_of("type"), message);
                return None;
            }
        };
        let mut rule = Rule {
            name: name?.to_owned(),
            kind,
            soft: false,
            team_blind: false,
        };
        rule.soft = is_soft(&rule, earlier);
        rule.team_blind = self.is_team_blind(&rule, earlier);
        Some(rule)
    }

    fn is_team_blind(&self, rule: &Rule, earlier: &[Rule]) -> bool {
        if let Kind::Compound(statement) = &rule.kind {
            return !statement.any(&|index| !earlier[index].team_blind);
        }
        rule.kind.expressions().into_iter().all(|expr| {
            let path = expr.path();
            let together = path.grouped && expr.calls(&|function| function == Function::Flatten);
            together && path.teams.len() == self.names.instances.len()
        })
    }

    fn compound(
        &self,
        item: &mut Fields<'_>,
        earlier: &[Rule],
        findings: &mut Findings<'_>,
    ) -> Option<super::Statement> {
        if self.large {
            findings.error(
                item.at,
                &item.path,
                "compound rules are not available in matches of more than 40 players",
            );
        }
        let node = item.required("statement", findings)?;
        let path = item.path_of("statement");
        let statement = text(node, &path, findings)?;
        match compound::parse(statement, earlier) {
            Ok(statement) => Some(statement),
            Err(error) => {
                findings.error(node.at + 1 + error.at, &path, error.message);
                None
            }
        }
    }

    fn comparison(
        &mut self,
        item: &mut Fields<'_>,
        findings: &mut Findings<'_>,
    ) -> Option<Comparison> {
        self.party(item, findings);
        let operation = self.operation(item, findings);
        let measurements = self.measurements(item, findings);
        let reference_node = item.optional("referenceValue");
        let (operation, measurements) = (operation?, measurements?);
        let leaf = measurements[0].leaf;
        for measurement in &measurements {
            if !comparable(measurement.leaf) || measurement.leaf != leaf {
                let message = format!(
                    "a comparison measures numbers or strings, all of one kind, not {}",
                    measurement.type_name()
                );
                findings.error(item.at, &item.path_of("measurements"), message);
                return None;
            }
        }
        let mut reference = None;
        if let Some(node) = reference_node {
            let kind = if leaf == LeafType::Number {
                ReferenceKind::Number
            } else {
                ReferenceKind::Text
            };
            reference =
                Some(self.reference(node, kind, &item.path_of("referenceValue"), findings)?);
        } else if !operation.is_equality() {
            findings.error(
                item.at,
                &item.path,
                "without referenceValue only the operations = and != make sense",
            );
        }
        if leaf == LeafType::Text && !operation.is_equality() {
            findings.error(
                item.at,
                &item.path_of("operation"),
                "strings can only be compared with = and !=",
            );
        }
        Some(Comparison {
            measurements,
            reference,
            operation,
        })
    }

    fn operation(&self, item: &mut Fields<'_>, findings: &mut Findings<'_>) -> Option<Operation> {
        let given = item.required_text("operation", findings)?;
        let operation = Operation::parse(given);
        if operation.is_none() {
            let message = format!("'{given}' is not one of <, <=, =, !=, >, >=");
            findings.error(item.at, &item.path_of("operation"), message);
        }
        operation
    }

    fn distance(&mut self, item: &mut Fields<'_>, findings: &mut Findings<'_>) -> Option<Distance> {
        self.party(item, findings);
        let min = bound(item, "minDistance", findings);
        let max = bound(item, "maxDistance", findings);
        if !item.has("minDistance") && !item.has("maxDistance") {
            findings.error(
                item.at,
                &item.path,
                "a distance rule needs minDistance or maxDistance",
            );
        }
        if let (Some(min), Some(max)) = (min, max)
            && min > max
        {
            findings.error(
                item.at,
                &item.path,
                format!("minDistance ({min}) is greater than maxDistance ({max})"),
            );
        }
        let measurements = self.measurements(item, findings);
        let node = item.required("referenceValue", findings);
        let reference = self.reference(
            node?,
            ReferenceKind::Number,
            &item.path_of("referenceValue"),
            findings,
        );
        let measurements = measurements?;
        for measurement in measurements
            .iter()
            .filter(|measurement| measurement.leaf != LeafType::Number)
        {
            let message = format!(
                "a distance measures numbers, not {}",
                measurement.type_name()
            );
            findings.error(item.at, &item.path_of("measurements"), message);
        }
        Some(Distance {
            measurements,
            reference: reference?,
            min,
            max,
        })
    }

    fn batch_distance(
        &self,
        item: &mut Fields<'_>,
        findings: &mut Findings<'_>,
    ) -> Option<BatchDistance> {
        let party = self.party(item, findings);
        let max = bound(item, "maxDistance", findings);
        let path = item.path_of("batchAttribute");
        let name = item.required_text("batchAttribute", findings)?;
        let Some(attribute) = self
            .names
            .attributes
            .iter()
            .find(|attribute| attribute.name == name)
        else {
            findings.error(
                item.at,
                &path,
                format!("the attribute '{name}' is not declared in playerAttributes"),
            );
            return None;
        };
        let key = match attribute.kind {
            AttributeKind::Number => BatchKey::Number(attribute.slot),
            AttributeKind::Text => BatchKey::Text(attribute.slot),
            AttributeKind::List | AttributeKind::Map => {
                let message = format!(
                    "must be a number or a string attribute; '{name}' is a {}",
                    attribute.kind.name()
                );
                findings.error(item.at, &path, message);
                return None;
            }
        };
        if attribute.kind == AttributeKind::Number && !item.has("maxDistance") {
            findings.warning(
                item.at,
                &item.path,
                "without maxDistance all values must be equal",
            );
        }
        Some(BatchDistance {
            key,
            max: max.unwrap_or(0.0),
            party,
        })
    }

    fn collection(
        &mut self,
        item: &mut Fields<'_>,
        findings: &mut Findings<'_>,
    ) -> Option<Collection> {
        item.choice(
            "partyAggregation",
            &[("union", ()), ("intersection", ())],
            findings,
        );
        let operations = [
            ("intersection", CollectionOperation::Intersection),
            ("contains", CollectionOperation::Contains),
            (
                "reference_intersection_count",
                CollectionOperation::ReferenceIntersectionCount,
            ),
        ];
        item.required("operation", findings);
        let operation = item.choice("operation", &operations, findings);
        let min = item.count("minCount", findings);
        let max = item.count("maxCount", findings);
        if let (Some(min), Some(max)) = (min, max)
            && min > max
        {
            findings.error(
                item.at,
                &item.path,
                format!("minCount ({min}) is greater than maxCount ({max})"),
            );
        }
        if !item.has("minCount") && !item.has("maxCount") {
            findings.warning(
                item.at,
                &item.path,
                "without minCount and maxCount a minCount of 1 is assumed",
            );
        }
        let measurements = self.measurements(item, findings);
        let node = item.optional("referenceValue");
        let (operation, measurements) = (operation?, measurements?);
        check_collections(item, &measurements, findings);
        let mut reference = None;
        if operation == CollectionOperation::Intersection {
            if let Some(node) = node {
                findings.warning(
                    node.at,
                    &item.path_of("referenceValue"),
                    "an intersection has no reference; it has no effect",
                );
            }
        } else if let Some(node) = node {
            reference = Some(self.reference(
                node,
                ReferenceKind::Texts,
                &item.path_of("referenceValue"),
                findings,
            )?);
        } else {
            findings.error(item.at, &item.path, "this operation needs a referenceValue");
        }
        Some(Collection {
            measurements,
            operation,
            reference,
            min,
            max,
        })
    }

    fn latency(&self, item: &mut Fields<'_>, findings: &mut Findings<'_>) -> Option<Latency> {
        let party = self.party(item, findings);
        let max = bound(item, "maxLatency", findings);
        let distance = bound(item, "maxDistance", findings);
        let references = [
            ("min", DistanceReference::Min),
            ("avg", DistanceReference::Avg),
        ];
        let reference = item.choice("distanceReference", &references, findings);
        if max == Some(0.0) {
            findings.error(
                item.at,
                &item.path_of("maxLatency"),
                "must be greater than 0",
            );
        }
        if self.large && !item.has("maxLatency") {
            findings.error(
                item.at,
                &item.path,
                "a latency rule of a large match needs maxLatency",
            );
        } else if !item.has("maxLatency") && !item.has("maxDistance") {
            findings.error(
                item.at,
                &item.path,
                "a latency rule needs maxLatency or maxDistance",
            );
        }
        if distance.is_some() && reference.is_none() {
            findings.warning(
                item.at,
                &item.path,
                "without distanceReference the average is taken",
            );
        }
        Some(Latency {
            max,
            distance,
            reference: reference.unwrap_or(DistanceReference::Avg),
            party,
        })
    }

    fn sort(
        &self,
        item: &mut Fields<'_>,
        absolute: bool,
        findings: &mut Findings<'_>,
    ) -> Option<Sort> {
        let party = self.party(item, findings);
        item.required("sortDirection", findings);
        let descending = item.choice(
            "sortDirection",
            &[("ascending", false), ("descending", true)],
            findings,
        );
        let map_key = item.choice(
            "mapKey",
            &[("minValue", false), ("maxValue", true)],
            findings,
        );
        let has_map_key = item.has("mapKey");
        let path = item.path_of("sortAttribute");
        let name = item.required_text("sortAttribute", findings)?;
        let Some(attribute) = self
            .names
            .attributes
            .iter()
            .find(|attribute| attribute.name == name)
        else {
            findings.error(
                item.at,
                &path,
                format!("the attribute '{name}' is not declared in playerAttributes"),
            );
            return None;
        };
        let key = match (attribute.kind, map_key) {
            (AttributeKind::Number, None) => SortKey::Number(attribute.slot),
            (AttributeKind::Text, None) if absolute => SortKey::Text(attribute.slot),
            (AttributeKind::Map, Some(false)) => SortKey::MinOfMap(attribute.slot),
            (AttributeKind::Map, Some(true)) => SortKey::MaxOfMap(attribute.slot),
            (AttributeKind::Map, None) if has_map_key => return None,
            (AttributeKind::Map, None) => {
                findings.error(
                    item.at,
                    &item.path,
                    format!("'{name}' is a map; say with mapKey which of its values counts"),
                );
                return None;
            }
            (AttributeKind::Number | AttributeKind::Text, Some(_)) => {
                findings.error(
                    item.at,
                    &item.path_of("mapKey"),
                    format!("'{name}' is not a map; remove mapKey"),
                );
                return None;
            }
            (kind @ (AttributeKind::Text | AttributeKind::List), _) => {
                findings.error(
                    item.at,
                    &path,
                    format!("cannot sort by '{name}', which is a {}", kind.name()),
                );
                return None;
            }
        };
        Some(Sort {
            key,
            descending: descending?,
            party,
        })
    }

    fn party(&self, item: &mut Fields<'_>, findings: &mut Findings<'_>) -> Party {
        let choices = [
            ("min", Party::Min),
            ("max", Party::Max),
            ("avg", Party::Avg),
        ];
        item.choice("partyAggregation", &choices, findings)
            .unwrap_or(Party::Avg)
    }

    /// One expression or several.
    fn measurements(
        &self,
        item: &mut Fields<'_>,
        findings: &mut Findings<'_>,
    ) -> Option<Vec<Expr>> {
        let node = item.required("measurements", findings)?;
        let path = item.path_of("measurements");
        let nodes = match &node.value {
            Value::List(nodes) => nodes.as_slice(),
            Value::Text(_) => std::slice::from_ref(node),
            other @ (Value::Null | Value::Bool | Value::Number(_) | Value::Object(_)) => {
                findings.error(
                    node.at,
                    &path,
                    format!(
                        "must be an expression or an array of expressions, not {}",
                        other.kind()
                    ),
                );
                return None;
            }
        };
        if nodes.is_empty() {
            findings.error(node.at, &path, "needs at least one expression");
            return None;
        }
        let all: Vec<_> = nodes
            .iter()
            .map(|node| self.expression(node, &path, findings))
            .collect();
        all.into_iter().collect()
    }

    fn expression(&self, node: &Node, path: &str, findings: &mut Findings<'_>) -> Option<Expr> {
        let given = text(node, path, findings)?;
        match expression::parse(given, &self.names) {
            Ok(expr) => Some(expr),
            Err(error) => {
                findings.error(
                    node.at + 1 + error.at,
                    path,
                    format!("in the expression \"{given}\": {}", error.message),
                );
                None
            }
        }
    }

    /// A literal or an expression of the wanted type.
    pub(super) fn reference(
        &mut self,
        node: &Node,
        kind: ReferenceKind,
        path: &str,
        findings: &mut Findings<'_>,
    ) -> Option<Operand> {
        if let Value::Text(given) = &node.value
            && expression::is_expression(given)
        {
            let expr = self.expression(node, path, findings)?;
            let wanted = if kind == ReferenceKind::Number {
                LeafType::Number
            } else {
                LeafType::Text
            };
            if expr.leaf != wanted {
                let needed = if kind == ReferenceKind::Number {
                    "numbers"
                } else {
                    "strings"
                };
                findings.error(
                    node.at,
                    path,
                    format!(
                        "must give {needed} like what is measured, not {}",
                        expr.type_name()
                    ),
                );
                return None;
            }
            return Some(Operand::Expr(expr));
        }
        let operand = match (kind, &node.value) {
            (ReferenceKind::Number, _) => number(node).map(Operand::Number),
            (_, Value::Text(given)) => Ok(Operand::Text(self.literals.number(given))),
            (ReferenceKind::Texts, Value::List(items)) => {
                let texts: Vec<_> = items
                    .iter()
                    .map(|item| text(item, path, findings))
                    .collect();
                let texts: Vec<_> = texts.into_iter().collect::<Option<_>>()?;
                Ok(Operand::Texts(
                    texts
                        .into_iter()
                        .map(|given| self.literals.number(given))
                        .collect(),
                ))
            }
            (_, other) => Err(format!(
                "must be a string or an expression, not {}",
                other.kind()
            )),
        };
        operand
            .map_err(|message| findings.error(node.at, path, message))
            .ok()
    }
}

fn check_collections(item: &Fields<'_>, measurements: &[Expr], findings: &mut Findings<'_>) {
    let path = item.path_of("measurements");
    for measurement in measurements {
        if measurement.leaf != LeafType::Text || measurement.depth == 0 {
            let shown = measurement.type_name();
            let message = format!("a collection rule measures lists of strings, not {shown}");
            findings.error(item.at, &path, message);
        }
        let by_team = matches!(&measurement.node, ExprNode::Path(path) if path.grouped && matches!(path.leaf, Leaf::Text(_)));
        if by_team {
            let message = "every team's values form one collection here; use flatten to look at all players together";
            findings.warning(item.at, &path, message);
        }
    }
}

fn bound(item: &mut Fields<'_>, name: &str, findings: &mut Findings<'_>) -> Option<f64> {
    let value = item.number(name, findings)?;
    if value < 0.0 {
        findings.error(
            item.at,
            &item.path_of(name),
            format!("must not be negative, but is {value}"),
        );
        return None;
    }
    Some(value)
}

/// Whether rearranging players can turn a failure of this rule into success.
fn is_soft(rule: &Rule, earlier: &[Rule]) -> bool {
    if let Kind::Compound(statement) = &rule.kind {
        return statement.any(&|index| earlier[index].soft);
    }
    rule.kind.expressions().into_iter().any(|expr| {
        let path = expr.path();
        let by_list = matches!(path.leaf, Leaf::List(_));
        // Extremes over all players together only move one way; those of one team depend on who is put there.
        let of_all_together = path.grouped && expr.calls(&|f| f == Function::Flatten);
        expr.calls(&|function| match function {
            Function::Avg | Function::Median | Function::Sum | Function::Stddev => true,
            Function::Count => !by_list,
            Function::Min | Function::Max => !of_all_together,
            Function::Flatten | Function::SetIntersection => false,
        })
    })
}
