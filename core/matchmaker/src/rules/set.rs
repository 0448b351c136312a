//! Changing one property of a rule, as an expansion does.

use super::fields::{count, number, text};
use super::read_rules::{ReferenceKind, RuleReader};
use super::{
    Collection, CollectionOperation, Comparison, Distance, DistanceReference, Kind, Latency,
    Operation, Party, Rule,
};
use crate::expression::LeafType;
use crate::json::Node;
use crate::problem::Findings;

/// The new value and where complaints about it go.
pub(super) struct NewValue<'a> {
    pub(super) property: &'a str,
    pub(super) node: &'a Node,
    pub(super) path: &'a str,
}

/// What was wrong; nothing when the property does not belong to the rule.
type Refusal = Option<String>;

impl RuleReader<'_> {
    /// Changes a rule, or complains.
    pub(super) fn set(
        &mut self,
        rule: &mut Rule,
        value: &NewValue<'_>,
        findings: &mut Findings<'_>,
    ) {
        let name = rule.kind.name();
        let outcome = match &mut rule.kind {
            Kind::Comparison(rule) => self.set_comparison(rule, value, findings),
            Kind::Distance(rule) => self.set_distance(rule, value, findings),
            Kind::BatchDistance(rule) => match value.property {
                "maxDistance" => distance(value.node).map(|max| rule.max = max).map_err(Some),
                "partyAggregation" => party(value, findings).map(|party| rule.party = party),
                _ => Err(None),
            },
            Kind::Collection(rule) => self.set_collection(rule, value, findings),
            Kind::Latency(rule) => set_latency(rule, value, findings),
            Kind::DistanceSort(_) | Kind::AbsoluteSort(_) | Kind::Compound(_) => Err(None),
        };
        if let Err(refusal) = outcome {
            let property = value.property;
            let foreign =
                || format!("the property '{property}' of a {name} rule cannot be expanded");
            findings.error(value.node.at, value.path, refusal.unwrap_or_else(foreign));
        }
    }

    fn set_comparison(
        &mut self,
        rule: &mut Comparison,
        value: &NewValue<'_>,
        findings: &mut Findings<'_>,
    ) -> Result<(), Refusal> {
        let numeric = rule.measurements[0].leaf == LeafType::Number;
        match value.property {
            "referenceValue" => {
                let kind = if numeric {
                    ReferenceKind::Number
                } else {
                    ReferenceKind::Text
                };
                if let Some(reference) = self.reference(value.node, kind, value.path, findings) {
                    rule.reference = Some(reference);
                }
            }
            "operation" => {
                let operation = text(value.node, value.path, findings).and_then(Operation::parse);
                rule.operation =
                    operation.ok_or_else(|| "must be one of <, <=, =, !=, >, >=".to_owned())?;
                if !rule.operation.is_equality() && (rule.reference.is_none() || !numeric) {
                    return Err(Some("this comparison allows only = and !=".into()));
                }
            }
            "partyAggregation" => {
                party(value, findings)?;
            }
            _ => return Err(None),
        }
        Ok(())
    }

    fn set_distance(
        &mut self,
        rule: &mut Distance,
        value: &NewValue<'_>,
        findings: &mut Findings<'_>,
    ) -> Result<(), Refusal> {
        match value.property {
            "referenceValue" => {
                let reference =
                    self.reference(value.node, ReferenceKind::Number, value.path, findings);
                if let Some(reference) = reference {
                    rule.reference = reference;
                }
            }
            "minDistance" => rule.min = Some(distance(value.node)?),
            "maxDistance" => rule.max = Some(distance(value.node)?),
            "partyAggregation" => {
                party(value, findings)?;
            }
            _ => return Err(None),
        }
        Ok(())
    }

    fn set_collection(
        &mut self,
        rule: &mut Collection,
        value: &NewValue<'_>,
        findings: &mut Findings<'_>,
    ) -> Result<(), Refusal> {
        match value.property {
            "referenceValue" if rule.operation != CollectionOperation::Intersection => {
                let reference =
                    self.reference(value.node, ReferenceKind::Texts, value.path, findings);
                if let Some(reference) = reference {
                    rule.reference = Some(reference);
                }
            }
            "minCount" => rule.min = Some(count(value.node)?),
            "maxCount" => rule.max = Some(count(value.node)?),
            "partyAggregation" => {
                let given = text(value.node, value.path, findings);
                let known = given.filter(|word| matches!(*word, "union" | "intersection"));
                known.ok_or_else(|| "must be union or intersection".to_owned())?;
            }
            _ => return Err(None),
        }
        Ok(())
    }
}

fn set_latency(
    rule: &mut Latency,
    value: &NewValue<'_>,
    findings: &mut Findings<'_>,
) -> Result<(), Refusal> {
    match value.property {
        "maxLatency" => match distance(value.node)? {
            0.0 => return Err(Some("must be greater than 0".into())),
            latency => rule.max = Some(latency),
        },
        "maxDistance" => rule.distance = Some(distance(value.node)?),
        "distanceReference" => {
            rule.reference = match text(value.node, value.path, findings) {
                Some("min") => DistanceReference::Min,
                Some("avg") => DistanceReference::Avg,
                _ => return Err(Some("must be \"min\" or \"avg\"".into())),
            };
        }
        "partyAggregation" => rule.party = party(value, findings)?,
        _ => return Err(None),
    }
    Ok(())
}

fn distance(node: &Node) -> Result<f64, String> {
    match number(node)? {
        value if value < 0.0 => Err(format!("must not be negative, but is {value}")),
        value => Ok(value),
    }
}

fn party(value: &NewValue<'_>, findings: &mut Findings<'_>) -> Result<Party, Refusal> {
    let party = text(value.node, value.path, findings).and_then(Party::parse);
    party.ok_or_else(|| Some("must be min, max or avg".to_owned()))
}
