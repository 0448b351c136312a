//! Generated from core/api/model by `cargo xtask bless`; change the facts there, not here.

use super::*;
use crate::Blob;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct UpdateBuildOutput {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub build: Option<Build>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct UpdateFleetAttributesInput {
    pub fleet_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_game_session_protection_policy: Option<ProtectionPolicy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_creation_limit_policy: Option<ResourceCreationLimitPolicy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metric_groups: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub anywhere_configuration: Option<AnywhereConfiguration>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct UpdateFleetAttributesOutput {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fleet_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fleet_arn: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct UpdateFleetCapacityInput {
    pub fleet_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub desired_instances: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_size: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_size: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub managed_capacity_configuration: Option<ManagedCapacityConfiguration>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct UpdateFleetCapacityOutput {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fleet_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fleet_arn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub managed_capacity_configuration: Option<ManagedCapacityConfiguration>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct UpdateFleetPortSettingsInput {
    pub fleet_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inbound_permission_authorizations: Option<Vec<IpPermission>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inbound_permission_revocations: Option<Vec<IpPermission>>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct UpdateFleetPortSettingsOutput {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fleet_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fleet_arn: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct UpdateGameSessionInput {
    pub game_session_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum_player_session_count: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub player_session_creation_policy: Option<PlayerSessionCreationPolicy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub protection_policy: Option<ProtectionPolicy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub game_properties: Option<Vec<GameProperty>>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct UpdateGameSessionOutput {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub game_session: Option<GameSession>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct UpdateGameSessionQueueInput {
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout_in_seconds: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub player_latency_policies: Option<Vec<PlayerLatencyPolicy>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub destinations: Option<Vec<GameSessionQueueDestination>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter_configuration: Option<FilterConfiguration>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority_configuration: Option<PriorityConfiguration>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_event_data: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notification_target: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub add_log_delivery_destinations: Option<Vec<LogDeliveryDestination>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remove_log_delivery_destinations: Option<Vec<LogDeliveryDestination>>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct UpdateGameSessionQueueOutput {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub game_session_queue: Option<GameSessionQueue>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct UpdateMatchmakingConfigurationInput {
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub game_session_queue_arns: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_timeout_seconds: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acceptance_timeout_seconds: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acceptance_required: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule_set_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notification_target: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub additional_player_count: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_event_data: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub game_properties: Option<Vec<GameProperty>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub game_session_data: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backfill_mode: Option<BackfillMode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flex_match_mode: Option<FlexMatchMode>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct UpdateMatchmakingConfigurationOutput {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub configuration: Option<MatchmakingConfiguration>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct UpdateRuntimeConfigurationInput {
    pub fleet_id: String,
    pub runtime_configuration: RuntimeConfiguration,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct UpdateRuntimeConfigurationOutput {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runtime_configuration: Option<RuntimeConfiguration>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct UpdateScriptInput {
    pub script_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storage_location: Option<S3Location>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zip_file: Option<Blob>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct UpdateScriptOutput {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub script: Option<Script>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ValidateMatchmakingRuleSetInput {
    pub rule_set_body: String,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ValidateMatchmakingRuleSetOutput {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid: Option<bool>,
}
