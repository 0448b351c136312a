//! The life of a Realtime game through `aws-sdk-gamelift`, which speaks Smithy RPC v2 CBOR; the player is `hoist-client`.

use anyhow::{Context as _, Result, bail, ensure};
use aws_sdk_gamelift::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_gamelift::primitives::Blob;
use aws_sdk_gamelift::types::{
    Ec2InstanceType, FleetStatus, GameSession, GameSessionStatus, PlayerSessionStatus,
    RoutingStrategy, RoutingStrategyType, RuntimeConfiguration, ServerProcess, TerminationMode,
};
use aws_sdk_gamelift::{Client, Config};
use std::io::{Cursor, Write as _};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(60);

fn client(endpoint: &str, access_key: &str, secret: &str) -> Client {
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .endpoint_url(endpoint)
        .credentials_provider(Credentials::new(access_key, secret, None, None, "story"))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .build();
    Client::from_conf(config)
}

fn script() -> Result<Blob> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("main.js", zip::write::SimpleFileOptions::default())?;
    zip.write_all(b"exports.ssExports = { init() {} };")?;
    Ok(Blob::new(zip.finish()?.into_inner()))
}

/// Script, fleet, alias, session, player, end.
#[expect(
    clippy::too_many_lines,
    reason = "a story is told from its beginning to its end"
)]
pub(crate) async fn story(endpoint: &str, access_key: &str, secret: &str) -> Result<()> {
    let client = client(endpoint, access_key, secret);
    let wrong = self::client(endpoint, access_key, "another secret");
    let refusal = wrong
        .list_fleets()
        .send()
        .await
        .err()
        .context("a wrong secret must be refused")?;
    ensure!(
        format!("{refusal:?}").contains("InvalidSignatureException"),
        "{refusal:?}"
    );

    let created = client
        .create_script()
        .name("rust")
        .zip_file(script()?)
        .send()
        .await?;
    let script = created.script().context("a script")?;
    let fleet = fleet(&client, script.script_id().context("an id")?).await?;
    let strategy = RoutingStrategy::builder()
        .r#type(RoutingStrategyType::Simple)
        .fleet_id(&fleet)
        .build();
    let alias = client
        .create_alias()
        .name("rust")
        .routing_strategy(strategy)
        .send()
        .await?;
    let alias = alias
        .alias()
        .and_then(|alias| alias.alias_id())
        .context("an alias id")?
        .to_owned();

    let session = client
        .create_game_session()
        .alias_id(&alias)
        .maximum_player_session_count(2)
        .send()
        .await?;
    let id = session
        .game_session()
        .and_then(GameSession::game_session_id)
        .context("an id")?
        .to_owned();
    let session = session_with(&client, &id, &GameSessionStatus::Active).await?;
    let seat = client
        .create_player_session()
        .game_session_id(&id)
        .player_id("amy")
        .player_data("blue")
        .send()
        .await?;
    let seat = seat.player_session().context("a seat")?;
    ensure!(
        seat.creation_time()
            .is_some_and(|time| time.secs() > 1_700_000_000),
        "a creation time"
    );
    play(&session, seat.player_session_id().context("an id")?).await?;
    let seat_id = seat.player_session_id().context("an id")?;
    seat_with(&client, seat_id, &PlayerSessionStatus::Completed).await?;

    let missing = client
        .describe_script()
        .script_id("script-00000000-0000")
        .send()
        .await;
    let missing = missing
        .err()
        .context("an unknown script must be refused")?
        .into_service_error();
    ensure!(missing.is_not_found_exception(), "{missing:?}");
    let mode = TerminationMode::ForceTerminate;
    client
        .terminate_game_session()
        .game_session_id(&id)
        .termination_mode(mode)
        .send()
        .await?;
    session_with(&client, &id, &GameSessionStatus::Terminated).await?;
    client.delete_fleet().fleet_id(&fleet).send().await?;
    Ok(())
}

async fn fleet(client: &Client, script: &str) -> Result<String> {
    let process = ServerProcess::builder()
        .launch_path("/local/game/main.js")
        .concurrent_executions(2)
        .build();
    let runtime = RuntimeConfiguration::builder()
        .server_processes(process)
        .build();
    let fleet = client
        .create_fleet()
        .name("rust")
        .script_id(script)
        .ec2_instance_type(Ec2InstanceType::C5Large)
        .runtime_configuration(runtime)
        .send()
        .await?;
    let fleet = fleet
        .fleet_attributes()
        .and_then(|fleet| fleet.fleet_id())
        .context("an id")?
        .to_owned();
    let end = Instant::now() + PATIENCE;
    loop {
        let found = client
            .describe_fleet_attributes()
            .fleet_ids(&fleet)
            .send()
            .await?;
        match found
            .fleet_attributes()
            .first()
            .and_then(|fleet| fleet.status())
        {
            Some(FleetStatus::Active) => return Ok(fleet),
            Some(FleetStatus::Error) | None => bail!("the fleet failed: {found:?}"),
            Some(_) if Instant::now() > end => bail!("the fleet does not become active: {found:?}"),
            Some(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

async fn session_with(
    client: &Client,
    id: &str,
    status: &GameSessionStatus,
) -> Result<GameSession> {
    let end = Instant::now() + PATIENCE;
    loop {
        let found = client
            .describe_game_sessions()
            .game_session_id(id)
            .send()
            .await?;
        let session = found.game_sessions().first().context("the session")?;
        if session.status() == Some(status) {
            return Ok(session.clone());
        }
        ensure!(
            Instant::now() < end,
            "the session does not become {status}: {session:?}"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn seat_with(client: &Client, id: &str, status: &PlayerSessionStatus) -> Result<()> {
    let end = Instant::now() + PATIENCE;
    loop {
        let found = client
            .describe_player_sessions()
            .player_session_id(id)
            .send()
            .await?;
        let seat = found.player_sessions().first().context("the seat")?;
        if seat.status() == Some(status) {
            return Ok(());
        }
        ensure!(
            Instant::now() < end,
            "the seat does not become {status}: {seat:?}"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// The player logs in, hears its own word to everybody, and leaves.
async fn play(session: &GameSession, player_session_id: &str) -> Result<()> {
    let host = session.ip_address().context("an address")?;
    let port = u16::try_from(session.port().context("a port")?)?;
    let options = hoist_client::Options::new(host, port, player_session_id);
    let (player, mut events) = hoist_client::connect(options).await?;
    player
        .send(
            5,
            hoist_client::Target::EVERYBODY,
            hoist_client::Intent::Reliable,
            "hello",
        )
        .await?;
    while let Some(event) = events.next_within(PATIENCE).await {
        if let hoist_client::Event::Message(message) = event
            && message.payload == "hello"
        {
            return Ok(player.disconnect().await?);
        }
    }
    bail!("the player never heard itself")
}
