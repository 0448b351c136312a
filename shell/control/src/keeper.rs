//! Regular work around the files: looks at objects behind `StorageLocation` for changes, deletes what nobody needs any more.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};
use tracing::{info, warn};
use world::{AwaitedUpload, Content, Facts, StoredObject};

use crate::buckets::ObjectName;
use crate::content::{Purpose, keep, keep_script};
use crate::state::State;

/// Between two looks for files that nobody needs.
const SWEEP_EVERY: Duration = Duration::from_secs(3600);
/// Versions younger than this may belong to a call that is under way.
const UNNAMED_VERSIONS_KEPT: Duration = Duration::from_secs(3600);

/// Looks at stored objects for ever.
pub(crate) async fn poll_objects(state: Arc<State>, every: Duration) {
    let mut ticks = interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let Ok(objects) = state
            .writer
            .ask_patiently(|world, _, _| world.stored_objects())
            .await
        else {
            return;
        };
        for object in objects
            .into_iter()
            .filter(|object| object.version.is_none())
        {
            look_at(&state, object).await;
        }
        let Ok(awaited) = state
            .writer
            .ask_patiently(|world, _, _| world.awaited_uploads())
            .await
        else {
            return;
        };
        for upload in awaited {
            look_for(&state, upload).await;
        }
    }
}

/// Whether the content of a build has arrived in its bucket.
async fn look_for(state: &State, upload: AwaitedUpload) {
    let name = ObjectName {
        bucket: upload.bucket,
        key: upload.key,
        version: None,
    };
    let build = upload.build;
    // An object that is not there yet is no trouble: the developer takes their time.
    let Ok(fetched) = state.buckets.fetch(&name).await else {
        return;
    };
    let facts = match keep(state, fetched.bytes, fetched.etag, Purpose::Build).await {
        Ok(content) => Facts::Content(content),
        Err(reason) => {
            warn!(%build, reason, "upload of a build is not usable, the build has failed");
            Facts::Unusable(reason)
        }
    };
    let told = state.writer.ask_patiently(move |world, now, mint| {
        world.build_uploaded(&build, &facts, now, mint);
    });
    // When the writer is gone, so is control.
    let _ = told.await;
}

async fn look_at(state: &State, object: StoredObject) {
    let name = ObjectName {
        bucket: object.bucket,
        key: object.key,
        version: None,
    };
    let script = object.script;
    match state.buckets.etag(&name).await {
        Ok(etag) if etag == object.etag => return,
        Ok(_) => {}
        Err(error) => {
            warn!(%script, %error, "object of a script cannot be looked at, the script stays as it is");
            return;
        }
    }
    let kept = match state.buckets.fetch(&name).await {
        Ok(fetched) => keep_script(state, fetched.bytes, fetched.etag).await,
        Err(error) => Err(error.to_string()),
    };
    match kept {
        Ok(content) => tell_changed(state, script, content).await,
        Err(reason) => {
            warn!(%script, reason, "changed object of a script is not usable, the script stays as it is")
        }
    }
}

async fn tell_changed(state: &State, script: ids::ScriptId, content: Content) {
    info!(%script, hash = content.hash, "object of a script has changed");
    let told = state.writer.ask_patiently(move |world, now, mint| {
        world.object_changed(&script, &content, now, mint);
    });
    // When the writer is gone, so is control.
    let _ = told.await;
}

/// Deletes old logs and unnamed versions for ever.
pub(crate) async fn sweep(state: Arc<State>, logs_kept: Duration) {
    let mut ticks = interval(SWEEP_EVERY);
    loop {
        ticks.tick().await;
        let Ok(named) = state
            .writer
            .ask_patiently(|world, _, _| world.contents())
            .await
        else {
            return;
        };
        let (content, logs) = (state.content.clone(), state.logs.clone());
        let swept = tokio::task::spawn_blocking(move || {
            let versions = content.sweep(|hash| named.contains(hash), UNNAMED_VERSIONS_KEPT)?;
            Ok::<_, std::io::Error>((versions, logs.sweep(logs_kept)?))
        });
        match swept.await {
            Ok(Ok((0, 0))) => {}
            Ok(Ok((versions, logs))) => info!(
                versions,
                logs, "files that nobody needs any more are deleted"
            ),
            Ok(Err(error)) => warn!(%error, "files could not be swept"),
            Err(error) => warn!(%error, "sweeping was cut short"),
        }
    }
}
