//! From a caller's bytes to a version that hosts may fetch: looked at, stored under its hash, and told as facts to the world.

use std::io::Cursor;

use hyper::body::Bytes;
use world::{Content, Facts};

use crate::buckets::ObjectName;
use crate::files::archive::{ArchiveLimits, inspect};
use crate::state::State;

/// What a zip is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// It must hold a script.
    Script,
    /// It holds anything.
    Build,
}

/// Looks at a script's zip and stores it. `Err`: words for its maker.
pub(crate) async fn keep_script(
    state: &State,
    zip: Bytes,
    etag: String,
) -> Result<Content, String> {
    keep(state, zip, etag, Purpose::Script).await
}

/// Looks at a zip and stores it. `Err`: words for its maker.
pub(crate) async fn keep(
    state: &State,
    zip: Bytes,
    etag: String,
    purpose: Purpose,
) -> Result<Content, String> {
    if zip.len() as u64 > state.limits.script_bytes_max {
        let most = state.limits.script_bytes_max;
        return Err(format!(
            "The zip has {} bytes; {most} are the most.",
            zip.len()
        ));
    }
    let limits = ArchiveLimits {
        unpacked_bytes_max: state.limits.script_unpacked_bytes_max,
        entries_max: state.limits.script_entries_max,
    };
    let store = state.content.clone();
    let kept = tokio::task::spawn_blocking(move || {
        inspect(Cursor::new(&zip), limits, purpose).map_err(|bad| bad.to_string())?;
        store.keep(&zip).map_err(|error| {
            tracing::error!(%error, "content could not be stored");
            "The content could not be stored: the disk of the control plane may be full.".to_owned()
        })
    });
    let version = kept
        .await
        .map_err(|_| "The zip could not be looked at.".to_owned())??;
    Ok(Content {
        hash: version.hash,
        size: version.size,
        etag,
    })
}

/// The facts about a zip that came with the call.
pub(crate) async fn facts_of_zip(state: &State, zip: Bytes, purpose: Purpose) -> Facts {
    match keep(state, zip, String::new(), purpose).await {
        Ok(content) => Facts::Content(content),
        Err(reason) => Facts::Unusable(reason),
    }
}

/// The facts about an object that a call names.
pub(crate) async fn facts_of_object(
    state: &State,
    location: &api::S3Location,
    purpose: Purpose,
) -> Facts {
    let (Some(bucket), Some(key), Some(_)) = (&location.bucket, &location.key, &location.role_arn)
    else {
        // The world says what is missing.
        return Facts::None;
    };
    let name = ObjectName {
        bucket: bucket.clone(),
        key: key.clone(),
        version: location.object_version.clone(),
    };
    match state.buckets.fetch(&name).await {
        Ok(object) => match keep(state, object.bytes, object.etag, purpose).await {
            Ok(content) => Facts::Content(content),
            Err(reason) => Facts::Unusable(reason),
        },
        Err(error) => Facts::Unusable(error.to_string()),
    }
}
