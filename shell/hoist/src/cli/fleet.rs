//! `hoist fleet list|get|create|update-capacity|events|instances|processes|delete`.

use super::{Caller, Column, Format, done, given, list, pages, text, thing};
use anyhow::{Result, bail};
use clap::{Args, Subcommand};
use serde_json::{Value, json};

const COLUMNS: [Column; 6] = [
    ("FLEET", "FleetId"),
    ("NAME", "Name"),
    ("STATUS", "Status"),
    ("COMPUTE", "ComputeType"),
    ("SCRIPT", "ScriptId"),
    ("CREATED", "CreationTime"),
];

const EVENTS: [Column; 4] = [
    ("TIME", "EventTime"),
    ("CODE", "EventCode"),
    ("COUNT", "Count"),
    ("MESSAGE", "Message"),
];

const INSTANCES: [Column; 5] = [
    ("INSTANCE", "InstanceId"),
    ("LOCATION", "Location"),
    ("ADDRESS", "IpAddress"),
    ("STATUS", "Status"),
    ("CREATED", "CreationTime"),
];

const COMPUTES: [Column; 5] = [
    ("COMPUTE", "ComputeName"),
    ("LOCATION", "Location"),
    ("ADDRESS", "IpAddress"),
    ("STATUS", "ComputeStatus"),
    ("CREATED", "CreationTime"),
];

/// What can be done with fleets.
#[derive(Debug, Subcommand)]
pub(crate) enum FleetVerb {
    /// Lists fleets.
    List,
    /// Shows one fleet, with its locations, capacity and use.
    Get {
        /// Fleet id or ARN.
        fleet: String,
    },
    /// Creates a fleet from a script, or with `--anywhere` from computes of your own.
    Create(Create),
    /// Sets how many instances a location has.
    Capacity(Capacity),
    /// Shows the event log, the newest first.
    Events {
        /// Fleet id or ARN.
        fleet: String,
    },
    /// Lists the instances of a managed fleet.
    Instances {
        /// Fleet id or ARN.
        fleet: String,
        /// Which location (default: the home location).
        #[arg(long)]
        location: Option<String>,
    },
    /// Lists the computes of a fleet.
    Computes {
        /// Fleet id or ARN.
        fleet: String,
    },
    /// Deletes a fleet and ends its game sessions.
    Delete {
        /// Fleet id or ARN.
        fleet: String,
    },
}

/// A new fleet.
#[derive(Debug, Args)]
pub(crate) struct Create {
    /// Its name.
    #[arg(long)]
    name: String,
    /// Script id or ARN; needed unless `--anywhere`.
    #[arg(long)]
    script: Option<String>,
    /// The file of the script that exports `ssExports`.
    #[arg(long, default_value = "main.js")]
    launch_path: String,
    /// Launch parameters, for example `loggingLevel:debug slots:4`.
    #[arg(long)]
    parameters: Option<String>,
    /// Server processes per instance.
    #[arg(long, default_value_t = 1)]
    processes: u32,
    /// Resource profile.
    #[arg(long, default_value = "c5.large")]
    instance_type: String,
    /// Further locations (repeatable).
    #[arg(long)]
    location: Vec<String>,
    /// A fleet of computes that register themselves.
    #[arg(long)]
    anywhere: bool,
}

impl Create {
    fn input(&self) -> Result<Value> {
        let locations: Vec<Value> = self
            .location
            .iter()
            .map(|name| json!({ "Location": name }))
            .collect();
        let locations = (!locations.is_empty()).then_some(Value::Array(locations));
        if self.anywhere {
            if self.script.is_some() {
                bail!("an Anywhere fleet takes no --script; its computes run servers of their own");
            }
            return Ok(given([
                ("Name", text(Some(&self.name))),
                ("ComputeType", Some(json!("ANYWHERE"))),
                ("Locations", locations),
            ]));
        }
        let Some(script) = &self.script else {
            bail!("give --script SCRIPT (see `hoist script list`), or --anywhere");
        };
        let launch_path = if self.launch_path.starts_with('/') {
            self.launch_path.clone()
        } else {
            format!("/local/game/{}", self.launch_path)
        };
        let process = given([
            ("LaunchPath", Some(Value::String(launch_path))),
            ("Parameters", text(self.parameters.as_ref())),
            ("ConcurrentExecutions", Some(json!(self.processes))),
        ]);
        Ok(given([
            ("Name", text(Some(&self.name))),
            ("ScriptId", text(Some(script))),
            ("EC2InstanceType", text(Some(&self.instance_type))),
            (
                "RuntimeConfiguration",
                Some(json!({ "ServerProcesses": [process] })),
            ),
            ("Locations", locations),
        ]))
    }
}

/// How many instances a location has.
#[derive(Debug, Args)]
pub(crate) struct Capacity {
    /// Fleet id or ARN.
    fleet: String,
    /// How many there should be.
    #[arg(long)]
    desired: Option<u32>,
    /// The fewest.
    #[arg(long)]
    min: Option<u32>,
    /// The most.
    #[arg(long)]
    max: Option<u32>,
    /// Which location (default: the home location).
    #[arg(long)]
    location: Option<String>,
}

impl Capacity {
    async fn set(&self, caller: &Caller, format: Format) -> Result<()> {
        let input = given([
            ("FleetId", text(Some(&self.fleet))),
            ("DesiredInstances", self.desired.map(Value::from)),
            ("MinSize", self.min.map(Value::from)),
            ("MaxSize", self.max.map(Value::from)),
            ("Location", text(self.location.as_ref())),
        ]);
        let answer = caller.call("UpdateFleetCapacity", &input).await?;
        done(
            format,
            &answer,
            &format!("the capacity of {} is set", self.fleet),
        );
        Ok(())
    }
}

impl FleetVerb {
    /// Does it.
    pub(crate) async fn run(&self, caller: &Caller, format: Format) -> Result<()> {
        match self {
            Self::List => {
                let fleets = pages(
                    caller,
                    "DescribeFleetAttributes",
                    json!({}),
                    "FleetAttributes",
                )
                .await?;
                list(format, &fleets, &COLUMNS);
            }
            Self::Get { fleet } => thing(format, &whole(caller, fleet).await?),
            Self::Create(create) => {
                let answer = caller.call("CreateFleet", &create.input()?).await?;
                thing(format, &answer["FleetAttributes"]);
            }
            Self::Capacity(capacity) => capacity.set(caller, format).await?,
            Self::Events { fleet } => {
                let input = json!({ "FleetId": fleet });
                list(
                    format,
                    &pages(caller, "DescribeFleetEvents", input, "Events").await?,
                    &EVENTS,
                );
            }
            Self::Instances { fleet, location } => {
                let input = given([
                    ("FleetId", text(Some(fleet))),
                    ("Location", text(location.as_ref())),
                ]);
                list(
                    format,
                    &pages(caller, "DescribeInstances", input, "Instances").await?,
                    &INSTANCES,
                );
            }
            Self::Computes { fleet } => {
                let input = json!({ "FleetId": fleet });
                list(
                    format,
                    &pages(caller, "ListCompute", input, "ComputeList").await?,
                    &COMPUTES,
                );
            }
            Self::Delete { fleet } => {
                let answer = caller
                    .call("DeleteFleet", &json!({ "FleetId": fleet }))
                    .await?;
                done(
                    format,
                    &answer,
                    &format!("{fleet} is being deleted; its game sessions end"),
                );
            }
        }
        Ok(())
    }
}

/// Attributes, locations and use of one fleet in one value.
async fn whole(caller: &Caller, fleet: &str) -> Result<Value> {
    let mut answer = caller
        .call("DescribeFleetAttributes", &json!({ "FleetIds": [fleet] }))
        .await?;
    let mut whole = answer["FleetAttributes"][0].take();
    if whole.is_null() {
        bail!("there is no fleet {fleet}; see `hoist fleet list`");
    }
    let mut locations = caller
        .call(
            "DescribeFleetLocationAttributes",
            &json!({ "FleetId": fleet }),
        )
        .await?;
    whole["Locations"] = locations["LocationAttributes"].take();
    let mut use_of = caller
        .call("DescribeFleetUtilization", &json!({ "FleetIds": [fleet] }))
        .await?;
    whole["Utilization"] = use_of["FleetUtilization"][0].take();
    Ok(whole)
}
