//! Generated from core/api/model by `cargo xtask bless`; change the facts there, not here.

use super::*;
use crate::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct DescribeMatchmakingRuleSetsInput {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub names: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct DescribeMatchmakingRuleSetsOutput {
    pub rule_sets: Vec<MatchmakingRuleSet>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct DescribePlayerSessionsInput {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub game_session_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub player_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub player_session_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub player_session_status_filter: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct DescribePlayerSessionsOutput {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub player_sessions: Option<Vec<PlayerSession>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct DescribeRuntimeConfigurationInput {
    pub fleet_id: String,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct DescribeRuntimeConfigurationOutput {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runtime_configuration: Option<RuntimeConfiguration>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct DescribeScalingPoliciesInput {
    pub fleet_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_filter: Option<ScalingStatusType>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct DescribeScalingPoliciesOutput {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scaling_policies: Option<Vec<ScalingPolicy>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct DescribeScriptInput {
    pub script_id: String,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct DescribeScriptOutput {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub script: Option<Script>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct DesiredPlayerSession {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub player_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub player_data: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct EC2InstanceCounts {
    #[serde(rename = "DESIRED", skip_serializing_if = "Option::is_none")]
    pub desired: Option<i32>,
    #[serde(rename = "MINIMUM", skip_serializing_if = "Option::is_none")]
    pub minimum: Option<i32>,
    #[serde(rename = "MAXIMUM", skip_serializing_if = "Option::is_none")]
    pub maximum: Option<i32>,
    #[serde(rename = "PENDING", skip_serializing_if = "Option::is_none")]
    pub pending: Option<i32>,
    #[serde(rename = "ACTIVE", skip_serializing_if = "Option::is_none")]
    pub active: Option<i32>,
    #[serde(rename = "IDLE", skip_serializing_if = "Option::is_none")]
    pub idle: Option<i32>,
    #[serde(rename = "TERMINATING", skip_serializing_if = "Option::is_none")]
    pub terminating: Option<i32>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct EC2InstanceLimit {
    #[serde(rename = "EC2InstanceType", skip_serializing_if = "Option::is_none")]
    pub ec2_instance_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current_instances: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance_limit: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Event {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_code: Option<EventCode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_time: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pre_signed_log_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<i64>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct FilterConfiguration {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_locations: Option<Vec<String>>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct FleetAttributes {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fleet_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fleet_arn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fleet_type: Option<FleetType>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub creation_time: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub termination_time: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<FleetStatus>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub build_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub build_arn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub script_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub script_arn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server_launch_path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server_launch_parameters: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_paths: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_game_session_protection_policy: Option<ProtectionPolicy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operating_system: Option<OperatingSystem>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_creation_limit_policy: Option<ResourceCreationLimitPolicy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metric_groups: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stopped_actions: Option<Vec<FleetAction>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance_role_arn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate_configuration: Option<CertificateConfiguration>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compute_type: Option<ComputeType>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub anywhere_configuration: Option<AnywhereConfiguration>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance_role_credentials_provider: Option<InstanceRoleCredentialsProvider>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub player_gateway_mode: Option<PlayerGatewayMode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub player_gateway_configuration: Option<PlayerGatewayConfiguration>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct FleetCapacity {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fleet_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fleet_arn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance_counts: Option<EC2InstanceCounts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub game_server_container_group_counts: Option<GameServerContainerGroupCounts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub managed_capacity_configuration: Option<ManagedCapacityConfiguration>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct FleetUtilization {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fleet_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fleet_arn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active_server_process_count: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active_game_session_count: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current_player_session_count: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum_player_session_count: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct GameProperty {
    pub key: String,
    pub value: String,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct GameServerContainerGroupCounts {
    #[serde(rename = "PENDING", skip_serializing_if = "Option::is_none")]
    pub pending: Option<i32>,
    #[serde(rename = "ACTIVE", skip_serializing_if = "Option::is_none")]
    pub active: Option<i32>,
    #[serde(rename = "IDLE", skip_serializing_if = "Option::is_none")]
    pub idle: Option<i32>,
    #[serde(rename = "TERMINATING", skip_serializing_if = "Option::is_none")]
    pub terminating: Option<i32>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct GameSession {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub game_session_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fleet_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fleet_arn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub creation_time: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub termination_time: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current_player_session_count: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum_player_session_count: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<GameSessionStatus>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_reason: Option<GameSessionStatusReason>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub game_properties: Option<Vec<GameProperty>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip_address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dns_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub player_session_creation_policy: Option<PlayerSessionCreationPolicy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub creator_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub game_session_data: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matchmaker_data: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compute_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub player_gateway_status: Option<PlayerGatewayStatus>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct GameSessionConnectionInfo {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub game_session_arn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip_address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dns_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matched_player_sessions: Option<Vec<MatchedPlayerSession>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub player_gateway_status: Option<PlayerGatewayStatus>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct GameSessionDetail {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub game_session: Option<GameSession>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub protection_policy: Option<ProtectionPolicy>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct GameSessionPlacement {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub placement_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub game_session_queue_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<GameSessionPlacementState>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub game_properties: Option<Vec<GameProperty>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum_player_session_count: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub game_session_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub game_session_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub game_session_arn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub game_session_region: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub player_latencies: Option<Vec<PlayerLatency>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_time: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_time: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip_address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dns_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub placed_player_sessions: Option<Vec<PlacedPlayerSession>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub game_session_data: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matchmaker_data: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority_configuration_override: Option<PriorityConfigurationOverride>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub player_gateway_status: Option<PlayerGatewayStatus>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct GameSessionQueue {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub game_session_queue_arn: Option<String>,
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
    pub log_configuration: Option<GameSessionQueueLogConfiguration>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct GameSessionQueueDestination {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub destination_arn: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct GameSessionQueueLogConfiguration {
    pub delivery_destinations: Vec<LogDeliveryDestination>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct GetComputeAccessInput {
    pub fleet_id: String,
    pub compute_name: String,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct GetComputeAccessOutput {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fleet_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fleet_arn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compute_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compute_arn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credentials: Option<AwsCredentials>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub container_identifiers: Option<Vec<ContainerIdentifier>>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct GetComputeAuthTokenInput {
    pub fleet_id: String,
    pub compute_name: String,
}
