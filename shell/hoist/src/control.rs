//! `hoist control`: the control plane of a real installation. Every setting is a flag, an environment variable and a member of
//! the configuration file, with the same name; a flag wins over the environment, that over the file.

use anyhow::{Context, Result, bail};
use clap::Args;
use control::{AccessKey, Bucket, EventSink, Settings, Shutdown};
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use crate::print::{note, out};
use crate::units::parse_millis;

/// Flags of `hoist control`.
#[derive(Debug, Args)]
pub(crate) struct Flags {
    /// The configuration file (TOML); `--print-config` shows one with every setting.
    #[arg(long, env = "HOIST_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// Print a commented configuration file and end.
    #[arg(long)]
    print_config: bool,
    #[command(flatten)]
    set: Set,
}

/// Every setting; what is not given comes from the file, then from the defaults.
#[derive(Debug, Default, Args, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
struct Set {
    /// The data folder: database, scripts, logs, buckets.
    #[arg(long, env = "HOIST_DATA", value_name = "DIR")]
    data: Option<PathBuf>,
    /// Address and port of the GameLift API.
    #[arg(long, env = "HOIST_API", value_name = "ADDRESS:PORT")]
    api: Option<SocketAddr>,
    /// Address and port of /metrics, /live and /ready.
    #[arg(long, env = "HOIST_METRICS", value_name = "ADDRESS:PORT")]
    metrics: Option<SocketAddr>,
    /// How hosts and clients reach the API, when not by its own address.
    #[arg(long, env = "HOIST_PUBLIC_URL", value_name = "URL")]
    public_url: Option<String>,
    /// The region name of this deployment.
    #[arg(long, env = "HOIST_REGION", value_name = "NAME")]
    region: Option<String>,
    /// The account id of this deployment, 12 digits.
    #[arg(long, env = "HOIST_ACCOUNT", value_name = "DIGITS")]
    account: Option<String>,
    /// Access keys ID:SECRET that may call.
    #[arg(
        long,
        env = "HOIST_ACCESS_KEYS",
        value_delimiter = ',',
        hide_env_values = true,
        value_name = "ID:SECRET"
    )]
    access_keys: Option<Vec<String>>,
    /// What agents must say to offer a machine; made up and printed when left out.
    #[arg(
        long,
        env = "HOIST_MACHINE_TOKEN",
        hide_env_values = true,
        value_name = "TOKEN"
    )]
    machine_token: Option<String>,
    /// Where structured events go: a file, or an http(s) URL.
    #[arg(long, env = "HOIST_EVENTS", value_name = "FILE|URL")]
    events: Option<String>,
    /// Between two looks at the objects behind StorageLocation.
    #[arg(long, env = "HOIST_STORAGE_POLL", value_name = "TIME")]
    storage_poll: Option<String>,
    /// How far clocks of callers may be off.
    #[arg(long, env = "HOIST_CLOCK_SKEW", value_name = "TIME")]
    clock_skew: Option<String>,
    /// How long logs are kept.
    #[arg(long, env = "HOIST_LOGS_KEPT", value_name = "TIME")]
    logs_kept: Option<String>,
    /// Buckets at S3-compatible endpoints; in the file only.
    #[arg(skip)]
    bucket: Vec<BucketSet>,
}

/// A bucket at an S3-compatible endpoint.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct BucketSet {
    name: String,
    endpoint: String,
    region: Option<String>,
    access_key: Option<String>,
}

/// The configuration file with every setting; a test reads it back.
const EXAMPLE: &str = include_str!("control.toml");

impl Set {
    /// These settings, and where they say nothing, those.
    fn over(self, file: Self) -> Self {
        Self {
            data: self.data.or(file.data),
            api: self.api.or(file.api),
            metrics: self.metrics.or(file.metrics),
            public_url: self.public_url.or(file.public_url),
            region: self.region.or(file.region),
            account: self.account.or(file.account),
            access_keys: self.access_keys.or(file.access_keys),
            machine_token: self.machine_token.or(file.machine_token),
            events: self.events.or(file.events),
            storage_poll: self.storage_poll.or(file.storage_poll),
            clock_skew: self.clock_skew.or(file.clock_skew),
            logs_kept: self.logs_kept.or(file.logs_kept),
            bucket: file.bucket,
        }
    }

    fn settings(self) -> Result<Settings> {
        let data = self.data.context(
            "--data DIR is needed: the folder of the database, the scripts and the logs",
        )?;
        let mut settings = Settings::new(data);
        settings.api = self
            .api
            .unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 7300)));
        settings.metrics = self.metrics;
        settings.public_url = self.public_url;
        settings.region = self.region.unwrap_or(settings.region);
        settings.account = self.account.unwrap_or(settings.account);
        for key in self.access_keys.unwrap_or_default() {
            settings.access_keys.push(access_key(&key)?);
        }
        settings.machine_token = self.machine_token;
        settings.events = self.events.map(|events| match events.starts_with("http") {
            true => EventSink::Url(events),
            false => EventSink::File(PathBuf::from(events)),
        });
        settings.storage_poll =
            time(self.storage_poll, "storage-poll")?.unwrap_or(settings.storage_poll);
        settings.clock_skew = time(self.clock_skew, "clock-skew")?.unwrap_or(settings.clock_skew);
        settings.logs_kept = time(self.logs_kept, "logs-kept")?.unwrap_or(settings.logs_kept);
        for bucket in self.bucket {
            settings.buckets.push(Bucket {
                name: bucket.name,
                endpoint: bucket.endpoint,
                region: bucket.region.unwrap_or_else(|| settings.region.clone()),
                access_key: bucket.access_key.as_deref().map(access_key).transpose()?,
            });
        }
        Ok(settings)
    }
}

fn access_key(text: &str) -> Result<AccessKey> {
    let (id, secret) = text.split_once(':').context("an access key is ID:SECRET")?;
    if id.is_empty() || secret.is_empty() {
        bail!("an access key is ID:SECRET, neither part empty");
    }
    Ok(AccessKey {
        id: id.to_owned(),
        secret: secret.to_owned(),
    })
}

fn time(text: Option<String>, name: &str) -> Result<Option<Duration>> {
    let Some(text) = text else { return Ok(None) };
    let ms = parse_millis(&text).map_err(|error| anyhow::anyhow!("{name}: {error}"))?;
    Ok(Some(Duration::from_millis(ms)))
}

fn read(text: &str, name: &str) -> Result<Set> {
    toml::from_str(text).with_context(|| {
        format!("{name} is no configuration of `hoist control` (see --print-config)")
    })
}

/// Serves until it is asked to end.
pub(crate) async fn run(flags: Flags) -> Result<ExitCode> {
    if flags.print_config {
        out(EXAMPLE.trim_end());
        return Ok(ExitCode::SUCCESS);
    }
    let file = match &flags.config {
        Some(path) => {
            let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
            read(&text, &path.display().to_string())?
        }
        None => Set::default(),
    };
    let settings = flags.set.over(file).settings()?;
    if settings.access_keys.is_empty() {
        note(
            "warning: no access keys are set, so any credentials pass; set --access-keys before others can reach the port",
        );
    }
    let (stop, stops) = Shutdown::pair();
    let running = control::run(settings, stops).await?;
    let ready = serde_json::json!({
        "event": "ready",
        "endpoint": format!("http://{}", running.api),
        "metrics": running.metrics.map(|address| format!("http://{address}/metrics")),
    });
    out(&ready.to_string());
    note(&format!(
        "agents join with: hoist agent --control {} --token {}",
        running.url, running.machine_token
    ));
    let mut ended = std::pin::pin!(running.ended());
    tokio::select! {
        outcome = &mut ended => outcome?,
        () = crate::signals::end() => {
            stop.stop();
            ended.await?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_has_every_setting() {
        let uncommented: String = EXAMPLE
            .lines()
            .map(|line| line.strip_prefix("#: ").unwrap_or(line))
            .collect::<Vec<_>>()
            .join("\n");
        let set = read(&uncommented, "the example").unwrap();
        let settings = set.settings().unwrap();
        assert_eq!(settings.buckets.len(), 1);
        assert_eq!(settings.access_keys.len(), 1);
        for name in [
            "public-url",
            "events",
            "storage-poll",
            "clock-skew",
            "logs-kept",
            "machine-token",
            "metrics",
        ] {
            assert!(
                uncommented
                    .lines()
                    .any(|line| line.starts_with(&format!("{name} ="))),
                "{name}"
            );
        }
    }

    #[test]
    fn a_flag_wins_over_the_file() {
        let file = read("region = 'eu-west-1'\ndata = 'there'\n", "file").unwrap();
        let flags = Set {
            region: Some("us-west-2".to_owned()),
            ..Set::default()
        };
        let settings = flags.over(file).settings().unwrap();
        assert_eq!(
            (settings.region.as_str(), settings.data),
            ("us-west-2", PathBuf::from("there"))
        );
    }

    #[test]
    fn a_mistake_is_named() {
        for (text, expected) in [("regoin = 'x'", "regoin"), ("api = 'nowhere'", "api")] {
            let error = format!("{:#}", read(text, "hoist.toml").unwrap_err());
            assert!(
                error.contains(expected) && error.contains("hoist.toml"),
                "{error}"
            );
        }
        let error = Set::default().settings().unwrap_err().to_string();
        assert!(error.contains("--data"), "{error}");
    }
}
