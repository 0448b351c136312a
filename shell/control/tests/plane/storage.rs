//! Scripts behind `StorageLocation`, and events in a file.

use std::time::Duration;

use control::EventSink;
use serde_json::{Value, json};

use crate::drive::{PATIENCE, Plane, zip_of};

fn location() -> Value {
    json!({ "Bucket": "scripts", "Key": "one.zip", "RoleArn": "arn:aws:iam::000000000000:role/any" })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_object_becomes_the_script_by_itself() {
    let plane = Plane::with(|settings| settings.storage_poll = Duration::from_millis(50)).await;
    let create = json!({ "StorageLocation": location() });
    let error = plane
        .call("CreateScript", create.clone())
        .await
        .unwrap_err();
    assert_eq!(
        error,
        "InvalidRequestException: Provided resource is not accessible"
    );
    let folder = plane.data().join("buckets/scripts");
    std::fs::create_dir_all(&folder).unwrap();
    let put = |text: &str| {
        // Whole or not at all, as a bucket does it.
        let temporary = folder.join("part");
        std::fs::write(&temporary, zip_of(&[("main.js", text.as_bytes())])).unwrap();
        std::fs::rename(temporary, folder.join("one.zip")).unwrap();
    };
    put("1");
    let script = plane.call("CreateScript", create).await.unwrap()["Script"].clone();
    put(&"a much longer script that makes the zip a different size"
        .chars()
        .rev()
        .collect::<String>());
    let changed = async {
        loop {
            let input = json!({ "ScriptId": script["ScriptId"] });
            let now = plane.call("DescribeScript", input).await.unwrap()["Script"].clone();
            if now["SizeOnDisk"] != script["SizeOnDisk"] {
                return now;
            }
        }
    };
    let now = tokio::time::timeout(PATIENCE, changed)
        .await
        .expect("the change in time");
    assert_eq!(now["StorageLocation"], location());
    plane.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn events_are_lines_of_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("events.jsonl");
    let sink = EventSink::File(path.clone());
    let plane = Plane::with(|settings| settings.events = Some(sink)).await;
    let location = json!({ "LocationName": "custom-home" });
    plane.call("CreateLocation", location).await.unwrap();
    let fleet = json!({
        "Name": "f", "ComputeType": "ANYWHERE", "Locations": [{ "Location": "custom-home" }],
        "AnywhereConfiguration": { "Cost": "1" },
    });
    let fleet =
        plane.call("CreateFleet", fleet).await.unwrap()["FleetAttributes"]["FleetId"].clone();
    let told = async {
        loop {
            let text = std::fs::read_to_string(&path).unwrap();
            if text.ends_with('\n') && text.contains(fleet.as_str().unwrap()) {
                return text;
            }
            tokio::task::yield_now().await;
        }
    };
    let text = tokio::time::timeout(PATIENCE, told)
        .await
        .expect("the event in time");
    for line in text.lines() {
        let event: Value = serde_json::from_str(line).unwrap();
        assert_eq!(event["source"], "aws.gamelift", "{line}");
    }
    plane.stop().await;
}
