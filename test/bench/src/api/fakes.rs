//! Server processes that are not there: each speaks Server SDK 5 and activates the session that it is given.

use super::client::Client;
use anyhow::{Context as _, Result, bail};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;

pub(super) const LOCATION: &str = "custom-bench";
/// Between two looks at what has come of a call.
const LOOK: Duration = Duration::from_millis(20);
/// Nothing here takes so long.
const PATIENCE: Duration = Duration::from_secs(60);

/// An Anywhere fleet with so many server processes that are ready.
pub(super) async fn fleet(client: &mut Client, processes: usize) -> Result<Value> {
    client
        .call("CreateLocation", &json!({ "LocationName": LOCATION }))
        .await?;
    let input = json!({
        "Name": "load", "ComputeType": "ANYWHERE", "Locations": [{ "Location": LOCATION }], "AnywhereConfiguration": { "Cost": "1" },
    });
    let fleet = client.call("CreateFleet", &input).await?["FleetAttributes"]["FleetId"].clone();
    let id = fleet.as_str().context("no FleetId")?;
    let input = json!({ "FleetId": fleet, "ComputeName": "c", "IpAddress": "127.0.0.1", "Location": LOCATION });
    let compute = client.call("RegisterCompute", &input).await?;
    let endpoint = compute["Compute"]["GameLiftServiceSdkEndpoint"]
        .as_str()
        .context("no endpoint")?;
    let input = json!({ "FleetId": fleet, "ComputeName": "c" });
    let token = client.call("GetComputeAuthToken", &input).await?;
    let token = token["AuthToken"].as_str().context("no AuthToken")?;
    for number in 0..processes {
        let url = format!(
            "{endpoint}?pID=p-{number}&ComputeId=c&FleetId={id}&sdkVersion=5.2.0&sdkLanguage=Bench&Authorization={token}"
        );
        tokio::spawn(process(url));
    }
    let input = json!({ "FleetIds": [fleet] });
    let started = Instant::now();
    while client.call("DescribeFleetUtilization", &input).await?["FleetUtilization"][0]["ActiveServerProcessCount"]
        != processes
    {
        if started.elapsed() > PATIENCE {
            bail!("not all of {processes} server processes became ready");
        }
        tokio::time::sleep(LOOK).await;
    }
    Ok(fleet)
}

/// A link that breaks is missed where all must be there.
async fn process(url: String) -> Result<()> {
    let (mut socket, _) = connect_async(&url).await?;
    let ready = json!({ "Action": "ActivateServerProcess", "RequestId": "1", "Port": 7777, "LogPaths": [] });
    socket.send(Message::text(ready.to_string())).await?;
    while let Some(message) = socket.next().await {
        let Message::Text(text) = message? else {
            continue;
        };
        let message: Value = serde_json::from_str(&text)?;
        if message["Action"] == "CreateGameSession" {
            let activate = json!({ "Action": "ActivateGameSession", "RequestId": "2", "GameSessionId": message["GameSessionId"] });
            socket.send(Message::text(activate.to_string())).await?;
        }
    }
    Ok(())
}

/// Comes back when every one of these game sessions takes players.
pub(super) async fn all_active(client: &mut Client, ids: &[Value]) -> Result<()> {
    for id in ids {
        active(client, id, LOOK).await?;
    }
    Ok(())
}

/// Comes back when this game session takes players.
pub(super) async fn active(client: &mut Client, id: &Value, look: Duration) -> Result<()> {
    let started = Instant::now();
    let input = json!({ "GameSessionId": id });
    loop {
        let output = client.call("DescribeGameSessions", &input).await?;
        match output["GameSessions"][0]["Status"].as_str() {
            Some("ACTIVE") => return Ok(()),
            Some("ACTIVATING") if started.elapsed() < PATIENCE => tokio::time::sleep(look).await,
            other => bail!("a game session is {other:?} instead of ACTIVE"),
        }
    }
}
