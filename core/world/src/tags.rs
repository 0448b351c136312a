//! Tags of resources, by ARN. Rooms that create or delete tagged resources call `checked`, `put` and `forget`.

use api::{
    Fault, FaultCode, FleetStatus, ListTagsForResourceInput, ListTagsForResourceOutput, Tag,
    TagResourceInput, TagResourceOutput, UntagResourceInput, UntagResourceOutput,
};
use ids::{BuildId, Kind, ScriptId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use crate::World;
use crate::fault::{fault, invalid, not_found};
use crate::fleets;
use crate::table::{Row, Table};

/// The tags of one resource. A resource without tags has no row.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct TagSet {
    pub(crate) arn: String,
    pub(crate) tags: BTreeMap<String, String>,
}

impl Row for TagSet {
    const TABLE: &'static str = "tags";
    type Key = String;
    fn key(&self) -> String {
        self.arn.clone()
    }
}

/// All tags.
#[derive(Default)]
pub(crate) struct Tags {
    table: Table<TagSet>,
}

impl Tags {
    pub(crate) fn table(&mut self) -> &mut Table<TagSet> {
        &mut self.table
    }

    fn of(&self, arn: &str) -> BTreeMap<String, String> {
        self.table
            .get(arn)
            .map(|row| row.tags.clone())
            .unwrap_or_default()
    }
}

/// Checks the tags of a Create call; keys that come twice keep their last value.
pub(crate) fn checked(
    world: &World,
    tags: Option<Vec<Tag>>,
) -> Result<BTreeMap<String, String>, Fault> {
    let tags = tags.unwrap_or_default();
    if let Some(tag) = tags.iter().find(|tag| is_reserved(&tag.key)) {
        let key = &tag.key;
        return Err(invalid(format!(
            "Tag key {key} is reserved: keys must not start with aws:."
        )));
    }
    let tags: BTreeMap<_, _> = tags.into_iter().map(|tag| (tag.key, tag.value)).collect();
    within_limit(world, &tags)?;
    Ok(tags)
}

/// Gives a resource its tags, which its room has checked before.
pub(crate) fn put(world: &mut World, arn: &str, tags: BTreeMap<String, String>) {
    if tags.is_empty() {
        forget(world, arn);
    } else {
        world.tags.table.insert(TagSet {
            arn: arn.to_owned(),
            tags,
        });
    }
}

/// The resource is gone, and its tags with it.
pub(crate) fn forget(world: &mut World, arn: &str) {
    world.tags.table.remove(arn);
}

/// TagResource.
pub(crate) fn tag_resource(
    world: &mut World,
    input: TagResourceInput,
) -> Result<TagResourceOutput, Fault> {
    let arn = taggable(world, &input.resource_arn)?;
    let mut tags = world.tags.of(&arn);
    tags.extend(checked(world, Some(input.tags))?);
    within_limit(world, &tags)?;
    put(world, &arn, tags);
    Ok(TagResourceOutput::default())
}

/// UntagResource. Keys that are not there do no harm.
pub(crate) fn untag_resource(
    world: &mut World,
    input: &UntagResourceInput,
) -> Result<UntagResourceOutput, Fault> {
    let arn = taggable(world, &input.resource_arn)?;
    let mut tags = world.tags.of(&arn);
    tags.retain(|key, _| !input.tag_keys.contains(key));
    put(world, &arn, tags);
    Ok(UntagResourceOutput::default())
}

/// ListTagsForResource.
pub(crate) fn list(
    world: &World,
    input: &ListTagsForResourceInput,
) -> Result<ListTagsForResourceOutput, Fault> {
    let arn = taggable(world, &input.resource_arn)?;
    let tags = world.tags.of(&arn).into_iter();
    let tags = tags.map(|(key, value)| Tag { key, value }).collect();
    Ok(ListTagsForResourceOutput { tags: Some(tags) })
}

fn is_reserved(key: &str) -> bool {
    key.get(..4)
        .is_some_and(|start| start.eq_ignore_ascii_case("aws:"))
}

fn within_limit(world: &World, tags: &BTreeMap<String, String>) -> Result<(), Fault> {
    let limit = world.settings.limits.tags_per_resource;
    if tags.len() <= limit {
        return Ok(());
    }
    let message = format!("A resource can have at most {limit} tags; remove some first.");
    Err(fault(FaultCode::TaggingFailed, message))
}

/// The ARN under which the tags of an existing resource are kept, from any form in which callers write it.
fn taggable(world: &World, text: &str) -> Result<String, Fault> {
    let origin = world.settings.origin();
    let Some(parsed) = ids::Arn::parse(text) else {
        return Err(invalid(format!(
            "{text} is not the ARN of a resource of this service."
        )));
    };
    let refused = || {
        invalid(format!(
            "Resources of type {} cannot be tagged.",
            parsed.kind
        ))
    };
    let kind = Kind::from_word(parsed.kind).ok_or_else(refused)?;
    let missing = || not_found(format!("Resource {text} was not found."));
    let (_, name) = origin.resource_in(text).ok_or_else(missing)?;
    let exists = match kind {
        Kind::Alias => world.aliases.get(name).is_some(),
        Kind::Build => world.builds.get(&BuildId::from(name)).is_some(),
        Kind::Script => world.scripts.get(&ScriptId::from(name)).is_some(),
        Kind::Location => world.locations.has_custom(name),
        Kind::Fleet => fleet_is_there(world, name)?,
        // There is no queue and no matchmaker yet, so none is found.
        Kind::Queue | Kind::MatchmakingConfiguration | Kind::MatchmakingRuleSet => false,
        // Computes come and go with their registration; RegisterCompute takes no tags.
        Kind::Compute | Kind::GameSession => return Err(refused()),
    };
    if exists {
        Ok(origin.arn(kind, name))
    } else {
        Err(missing())
    }
}

fn fleet_is_there(world: &World, id: &str) -> Result<bool, Fault> {
    match fleets::known(world, id).map(fleets::Fleet::status) {
        Ok(FleetStatus::Deleting) => {
            Err(invalid(format!("Resource {id} is not in a taggable state")))
        }
        Ok(_) => Ok(true),
        Err(_) => Ok(false),
    }
}
