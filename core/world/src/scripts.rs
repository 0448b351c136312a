//! Realtime scripts: names for versions of content. The content itself lies in the shell's store under its hash.

use api::{
    CreateScriptInput, CreateScriptOutput, DeleteScriptInput, DeleteScriptOutput,
    DescribeScriptInput, DescribeScriptOutput, Fault, ListScriptsInput, ListScriptsOutput,
    S3Location, UpdateScriptInput, UpdateScriptOutput,
};
use ids::{ScriptId, Time};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

use crate::World;
use crate::api_time::timestamp;
use crate::effects::Effect;
use crate::fault::{invalid, limit_exceeded, not_found};
use crate::paging::{Query, newest_first};
use crate::table::{Row, Table};
use crate::turn::{Content, Facts, Turn};
use crate::{fleets, tags};

/// What a script gets that names no version of Node.js.
const NODE_JS_DEFAULT: &str = "10.x";

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Script {
    pub(crate) id: ScriptId,
    pub(crate) name: Option<String>,
    pub(crate) version: Option<String>,
    pub(crate) created: Time,
    pub(crate) node_js_version: String,
    pub(crate) storage: S3Location,
    pub(crate) content: StoredContent,
}

/// Which content a script has now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredContent {
    pub(crate) hash: String,
    pub(crate) size: u64,
    /// Of content that came from an object; empty for uploads.
    pub(crate) etag: String,
}

impl Row for Script {
    const TABLE: &'static str = "scripts";
    type Key = ScriptId;
    fn key(&self) -> ScriptId {
        self.id.clone()
    }
}

/// An object behind a `StorageLocation`; when its ETag is another one, the shell fetches it and says
/// [`crate::World::object_changed`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredObject {
    /// The script that has it.
    pub script: ScriptId,
    /// The bucket.
    pub bucket: String,
    /// The key in the bucket.
    pub key: String,
    /// A fixed version, which never changes; none: the newest.
    pub version: Option<String>,
    /// The ETag of the content that the script has now.
    pub etag: String,
}

#[derive(Default)]
pub(crate) struct Scripts {
    table: Table<Script>,
}

impl Scripts {
    pub(crate) fn table(&mut self) -> &mut Table<Script> {
        &mut self.table
    }

    pub(crate) fn get(&self, id: &ScriptId) -> Option<&Script> {
        self.table.get(id.as_str())
    }

    pub(crate) fn hashes(&self) -> BTreeSet<String> {
        self.table
            .iter()
            .map(|row| row.content.hash.clone())
            .collect()
    }
}

pub(crate) fn known<'a>(world: &'a World, id_or_arn: &str) -> Result<&'a Script, Fault> {
    let id = world.settings.origin().script_in(id_or_arn);
    id.and_then(|id| world.scripts.get(&id))
        .ok_or_else(|| not_found(format!("Script {id_or_arn} not found.")))
}

pub(crate) fn create(
    world: &mut World,
    turn: &mut Turn<'_>,
    input: CreateScriptInput,
) -> Result<CreateScriptOutput, Fault> {
    if world.scripts.table.len() >= world.settings.limits.scripts {
        return Err(limit_exceeded(
            "The limit of scripts is reached; delete some first.",
        ));
    }
    let node_js_version = input
        .node_js_version
        .unwrap_or_else(|| NODE_JS_DEFAULT.into());
    if !world.settings.node_js_versions.contains(&node_js_version) {
        let known = world.settings.node_js_versions.join(", ");
        return Err(invalid(format!(
            "Node.js version {node_js_version} is not offered; use one of {known}."
        )));
    }
    let tags = tags::checked(world, input.tags)?;
    let id = ScriptId::new(turn.id("script"));
    let source = Source {
        zip: input.zip_file.is_some(),
        object: input.storage_location,
    };
    let Some((storage, content)) = source.content(world, turn.facts, &id)? else {
        return Err(invalid(
            "Exactly one of ZipFile and StorageLocation is required.",
        ));
    };
    let row = Script {
        id: id.clone(),
        name: input.name,
        version: input.version,
        created: turn.now,
        node_js_version,
        storage,
        content,
    };
    let script = view(world, &row);
    world.scripts.table.insert(row);
    let arn = world.settings.origin().script(&id);
    tags::put(world, &arn, tags);
    Ok(CreateScriptOutput {
        script: Some(script),
    })
}

/// Where the content of a create or update comes from.
struct Source {
    zip: bool,
    object: Option<S3Location>,
}

impl Source {
    /// The new storage location and content; none when the call brings no content.
    fn content(
        self,
        world: &World,
        facts: &Facts,
        script: &ScriptId,
    ) -> Result<Option<(S3Location, StoredContent)>, Fault> {
        let storage = match (self.zip, self.object) {
            (false, None) => return Ok(None),
            (true, Some(_)) => {
                return Err(invalid(
                    "Only one of ZipFile and StorageLocation can be given.",
                ));
            }
            (false, Some(object)) => {
                if object.bucket.is_none() || object.key.is_none() || object.role_arn.is_none() {
                    return Err(invalid("StorageLocation needs Bucket, Key and RoleArn."));
                }
                Some(object)
            }
            (true, None) => None,
        };
        let content = match facts {
            Facts::Content(content) => StoredContent::from(content),
            Facts::Unusable(reason) => return Err(invalid(reason.clone())),
            Facts::None => return Err(invalid("The content of the script cannot be read.")),
        };
        let storage = storage.unwrap_or_else(|| S3Location {
            bucket: Some(format!("prod-gamescale-scripts-{}", world.settings.region)),
            key: Some(format!(
                "{}/{script}/{}",
                world.settings.account, content.hash
            )),
            role_arn: None,
            object_version: None,
        });
        Ok(Some((storage, content)))
    }
}

impl From<&Content> for StoredContent {
    fn from(content: &Content) -> Self {
        Self {
            hash: content.hash.clone(),
            size: content.size,
            etag: content.etag.clone(),
        }
    }
}

pub(crate) fn describe(
    world: &World,
    input: &DescribeScriptInput,
) -> Result<DescribeScriptOutput, Fault> {
    let row = known(world, &input.script_id)?;
    Ok(DescribeScriptOutput {
        script: Some(view(world, row)),
    })
}

pub(crate) fn list(world: &World, input: &ListScriptsInput) -> Result<ListScriptsOutput, Fault> {
    let query = Query {
        operation: "ListScripts",
        filter: "",
        limit: input.limit,
        limit_default: 100,
        limit_max: 100,
        token: input.next_token.as_deref(),
    };
    let mut rows: Vec<_> = world
        .scripts
        .table
        .iter()
        .map(|row| (newest_first(row.created, row.id.as_str()), row))
        .collect();
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    let page = query.page(rows)?;
    let scripts = page.items.into_iter().map(|row| view(world, row)).collect();
    Ok(ListScriptsOutput {
        scripts: Some(scripts),
        next_token: page.next_token,
    })
}

pub(crate) fn update(
    world: &mut World,
    turn: &mut Turn<'_>,
    input: UpdateScriptInput,
) -> Result<UpdateScriptOutput, Fault> {
    let id = known(world, &input.script_id)?.id.clone();
    let source = Source {
        zip: input.zip_file.is_some(),
        object: input.storage_location,
    };
    let new = source.content(world, turn.facts, &id)?;
    let mut before = None;
    if let Some(row) = world.scripts.table.edit(id.as_str()) {
        row.name = input.name.or_else(|| row.name.take());
        row.version = input.version.or_else(|| row.version.take());
        if let Some((storage, content)) = new {
            row.storage = storage;
            before = Some(std::mem::replace(&mut row.content, content));
        }
    }
    if let Some(before) = before {
        content_replaced(world, turn, &id, &before.hash);
    }
    let row = known(world, id.as_str())?;
    Ok(UpdateScriptOutput {
        script: Some(view(world, row)),
    })
}

pub(crate) fn delete(
    world: &mut World,
    turn: &mut Turn<'_>,
    input: &DeleteScriptInput,
) -> Result<DeleteScriptOutput, Fault> {
    let row = known(world, &input.script_id)?.clone();
    world.scripts.table.remove(row.id.as_str());
    let arn = world.settings.origin().script(&row.id);
    tags::forget(world, &arn);
    forget_unused(world, &row.content.hash);
    fleets::content_gone(world, turn, &row.id);
    Ok(DeleteScriptOutput {})
}

pub(crate) fn stored_objects(world: &World) -> Vec<StoredObject> {
    let rows = world
        .scripts
        .table
        .iter()
        .filter(|row| row.storage.role_arn.is_some());
    rows.map(|row| StoredObject {
        script: row.id.clone(),
        bucket: row.storage.bucket.clone().unwrap_or_default(),
        key: row.storage.key.clone().unwrap_or_default(),
        version: row.storage.object_version.clone(),
        etag: row.content.etag.clone(),
    })
    .collect()
}

pub(crate) fn object_changed(
    world: &mut World,
    turn: &mut Turn<'_>,
    script: &ScriptId,
    content: &Content,
) {
    let Some(row) = world.scripts.table.edit(script.as_str()) else {
        return;
    };
    let before = std::mem::replace(&mut row.content, StoredContent::from(content));
    content_replaced(world, turn, script, &before.hash);
}

fn content_replaced(world: &mut World, turn: &mut Turn<'_>, script: &ScriptId, before: &str) {
    if world
        .scripts
        .get(script)
        .is_some_and(|row| row.content.hash == before)
    {
        return;
    }
    forget_unused(world, before);
    fleets::content_changed(world, turn, script);
}

fn forget_unused(world: &mut World, hash: &str) {
    if !world.scripts.hashes().contains(hash) && !world.builds.hashes().contains(hash) {
        world.effects.push(Effect::ForgetContent(hash.into()));
    }
}

fn view(world: &World, row: &Script) -> api::Script {
    api::Script {
        script_id: Some(row.id.to_string()),
        script_arn: Some(world.settings.origin().script(&row.id)),
        name: row.name.clone(),
        version: row.version.clone(),
        size_on_disk: Some(i64::try_from(row.content.size).unwrap_or(i64::MAX)),
        creation_time: Some(timestamp(row.created)),
        storage_location: Some(row.storage.clone()),
        node_js_version: Some(row.node_js_version.clone()),
    }
}
