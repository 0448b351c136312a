//! Builds of custom game servers: like scripts, but uploaded to a bucket after they are created, or taken from one.

use api::{
    AwsCredentials, BuildStatus, CreateBuildInput, CreateBuildOutput, DeleteBuildInput,
    DeleteBuildOutput, DescribeBuildInput, DescribeBuildOutput, Fault, ListBuildsInput,
    ListBuildsOutput, OperatingSystem, RequestUploadCredentialsInput,
    RequestUploadCredentialsOutput, S3Location, UpdateBuildInput, UpdateBuildOutput,
};
use ids::{BuildId, Time};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

use crate::World;
use crate::api_time::timestamp;
use crate::fault::{invalid, limit_exceeded, not_found};
use crate::paging::{Query, newest_first};
use crate::scripts::StoredContent;
use crate::table::{Row, Table};
use crate::tags;
use crate::turn::{Facts, Turn};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Build {
    pub(crate) id: BuildId,
    pub(crate) name: Option<String>,
    pub(crate) version: Option<String>,
    pub(crate) status: BuildStatus,
    pub(crate) operating_system: OperatingSystem,
    pub(crate) server_sdk_version: String,
    pub(crate) created: Time,
    pub(crate) storage: S3Location,
    /// Made without a storage location: its content is uploaded.
    pub(crate) uploads: bool,
    pub(crate) content: Option<StoredContent>,
}

impl Row for Build {
    const TABLE: &'static str = "builds";
    type Key = BuildId;
    fn key(&self) -> BuildId {
        self.id.clone()
    }
}

/// An object that will be a build's content once it has been uploaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AwaitedUpload {
    /// The build that waits for it.
    pub build: BuildId,
    /// The bucket.
    pub bucket: String,
    /// The key in the bucket.
    pub key: String,
}

#[derive(Default)]
pub(crate) struct Builds {
    table: Table<Build>,
}

impl Builds {
    pub(crate) fn table(&mut self) -> &mut Table<Build> {
        &mut self.table
    }

    pub(crate) fn get(&self, id: &BuildId) -> Option<&Build> {
        self.table.get(id.as_str())
    }

    pub(crate) fn hashes(&self) -> BTreeSet<String> {
        let contents = self.table.iter().filter_map(|row| row.content.as_ref());
        contents.map(|content| content.hash.clone()).collect()
    }
}

pub(crate) fn known<'a>(world: &'a World, id_or_arn: &str) -> Result<&'a Build, Fault> {
    let id = world.settings.origin().build_in(id_or_arn);
    id.and_then(|id| world.builds.get(&id))
        .ok_or_else(|| not_found(format!("Build {id_or_arn} not found.")))
}

pub(crate) fn create(
    world: &mut World,
    turn: &mut Turn<'_>,
    input: CreateBuildInput,
) -> Result<CreateBuildOutput, Fault> {
    if world.builds.table.len() >= world.settings.limits.builds {
        return Err(limit_exceeded(
            "The limit of builds is reached; delete some first.",
        ));
    }
    let tags = tags::checked(world, input.tags)?;
    let id = BuildId::new(turn.id("build"));
    let uploads = input.storage_location.is_none();
    let content = match (&input.storage_location, turn.facts) {
        (None, _) => None,
        (Some(object), _) if object.bucket.is_none() || object.key.is_none() => {
            return Err(invalid("StorageLocation needs Bucket and Key."));
        }
        (Some(_), Facts::Content(content)) => Some(StoredContent::from(content)),
        (Some(_), Facts::Unusable(reason)) => return Err(invalid(reason.clone())),
        (Some(_), Facts::None) => return Err(invalid("Provided resource is not accessible")),
    };
    let storage = input.storage_location.unwrap_or_else(|| S3Location {
        bucket: Some(format!("prod-gamescale-builds-{}", world.settings.region)),
        key: Some(format!("{}/{id}", world.settings.account)),
        role_arn: None,
        object_version: None,
    });
    let row = Build {
        id: id.clone(),
        name: input.name,
        version: input.version,
        status: if uploads {
            BuildStatus::Initialized
        } else {
            BuildStatus::Ready
        },
        operating_system: input
            .operating_system
            .unwrap_or(OperatingSystem::AmazonLinux2023),
        server_sdk_version: input.server_sdk_version.unwrap_or_else(|| "4.0.2".into()),
        created: turn.now,
        storage: storage.clone(),
        uploads,
        content,
    };
    let build = view(world, &row);
    world.builds.table.insert(row);
    let arn = world.settings.origin().build(&id);
    tags::put(world, &arn, tags);
    Ok(CreateBuildOutput {
        build: Some(build),
        upload_credentials: uploads.then(|| upload_credentials(turn)),
        storage_location: Some(storage),
    })
}

/// The bucket of uploads takes any signature (it is ours and holds only what is uploaded); these serve clients that insist.
fn upload_credentials(turn: &mut Turn<'_>) -> AwsCredentials {
    AwsCredentials {
        access_key_id: Some(format!("ASIA{}", turn.mint.hex(16).to_uppercase())),
        secret_access_key: Some(turn.mint.hex(40)),
        session_token: Some(turn.mint.hex(64)),
    }
}

pub(crate) fn request_upload_credentials(
    world: &World,
    turn: &mut Turn<'_>,
    input: &RequestUploadCredentialsInput,
) -> Result<RequestUploadCredentialsOutput, Fault> {
    let row = known(world, &input.build_id)?;
    if !row.uploads {
        return Err(invalid(
            "The build was created from a storage location; nothing is uploaded.",
        ));
    }
    Ok(RequestUploadCredentialsOutput {
        upload_credentials: Some(upload_credentials(turn)),
        storage_location: Some(row.storage.clone()),
    })
}

pub(crate) fn awaited_uploads(world: &World) -> Vec<AwaitedUpload> {
    let rows = world
        .builds
        .table
        .iter()
        .filter(|row| row.status == BuildStatus::Initialized);
    rows.map(|row| AwaitedUpload {
        build: row.id.clone(),
        bucket: row.storage.bucket.clone().unwrap_or_default(),
        key: row.storage.key.clone().unwrap_or_default(),
    })
    .collect()
}

/// The object of a build has arrived in its bucket.
pub(crate) fn uploaded(world: &mut World, _turn: &mut Turn<'_>, build: &BuildId, facts: &Facts) {
    let Some(row) = world.builds.table.edit(build.as_str()) else {
        return;
    };
    if row.status == BuildStatus::Ready {
        return;
    }
    match facts {
        Facts::Content(content) => {
            row.status = BuildStatus::Ready;
            row.content = Some(StoredContent::from(content));
        }
        Facts::Unusable(_) => row.status = BuildStatus::Failed,
        Facts::None => {}
    }
}

pub(crate) fn describe(
    world: &World,
    input: &DescribeBuildInput,
) -> Result<DescribeBuildOutput, Fault> {
    let row = known(world, &input.build_id)?;
    Ok(DescribeBuildOutput {
        build: Some(view(world, row)),
    })
}

pub(crate) fn list(world: &World, input: &ListBuildsInput) -> Result<ListBuildsOutput, Fault> {
    let filter = input.status.map_or("", BuildStatus::as_str);
    let query = Query {
        operation: "ListBuilds",
        filter,
        limit: input.limit,
        limit_default: 100,
        limit_max: 100,
        token: input.next_token.as_deref(),
    };
    let rows = world.builds.table.iter();
    let mut rows: Vec<_> = rows
        .filter(|row| input.status.is_none_or(|status| row.status == status))
        .map(|row| (newest_first(row.created, row.id.as_str()), row))
        .collect();
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    let page = query.page(rows)?;
    let builds = page.items.into_iter().map(|row| view(world, row)).collect();
    Ok(ListBuildsOutput {
        builds: Some(builds),
        next_token: page.next_token,
    })
}

pub(crate) fn update(
    world: &mut World,
    input: UpdateBuildInput,
) -> Result<UpdateBuildOutput, Fault> {
    let id = known(world, &input.build_id)?.id.clone();
    if let Some(row) = world.builds.table.edit(id.as_str()) {
        row.name = input.name.or_else(|| row.name.take());
        row.version = input.version.or_else(|| row.version.take());
    }
    let row = known(world, id.as_str())?;
    Ok(UpdateBuildOutput {
        build: Some(view(world, row)),
    })
}

pub(crate) fn delete(
    world: &mut World,
    input: &DeleteBuildInput,
) -> Result<DeleteBuildOutput, Fault> {
    let id = known(world, &input.build_id)?.id.clone();
    world.builds.table.remove(id.as_str());
    let arn = world.settings.origin().build(&id);
    tags::forget(world, &arn);
    Ok(DeleteBuildOutput {})
}

fn view(world: &World, row: &Build) -> api::Build {
    let size = row.content.as_ref().map_or(0, |content| content.size);
    api::Build {
        build_id: Some(row.id.to_string()),
        build_arn: Some(world.settings.origin().build(&row.id)),
        name: row.name.clone(),
        version: row.version.clone(),
        status: Some(row.status),
        size_on_disk: Some(i64::try_from(size).unwrap_or(i64::MAX)),
        operating_system: Some(row.operating_system),
        creation_time: Some(timestamp(row.created)),
        server_sdk_version: Some(row.server_sdk_version.clone()),
    }
}
