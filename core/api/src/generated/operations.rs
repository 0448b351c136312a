//! Generated from core/api/model by `cargo xtask bless`; change the facts there, not here.

use super::*;
use crate::operation::{Call, Support, Tier, decoded, encoded, operations};
use crate::schema::Shape;
use crate::{Fault, FaultCode, validate};
use serde_json::Value;

operations! {
    calls {
AcceptMatch: AcceptMatchInput = ACCEPT_MATCH_INPUT => AcceptMatchOutput = ACCEPT_MATCH_OUTPUT { A, Refused }
    [InternalService InvalidRequest NotFound UnsupportedRegion]
CreateAlias: CreateAliasInput = CREATE_ALIAS_INPUT => CreateAliasOutput = CREATE_ALIAS_OUTPUT { A, Supported }
    [Conflict InternalService InvalidRequest LimitExceeded TaggingFailed Unauthorized]
CreateBuild: CreateBuildInput = CREATE_BUILD_INPUT => CreateBuildOutput = CREATE_BUILD_OUTPUT { B, Refused }
    [Conflict InternalService InvalidRequest TaggingFailed Unauthorized]
CreateFleet: CreateFleetInput = CREATE_FLEET_INPUT => CreateFleetOutput = CREATE_FLEET_OUTPUT { A, Supported }
    [Conflict InternalService InvalidRequest LimitExceeded NotFound NotReady TaggingFailed Unauthorized UnsupportedRegion]
CreateFleetLocations: CreateFleetLocationsInput = CREATE_FLEET_LOCATIONS_INPUT => CreateFleetLocationsOutput = CREATE_FLEET_LOCATIONS_OUTPUT { A, Supported }
    [Conflict InternalService InvalidFleetStatus InvalidRequest LimitExceeded NotFound NotReady Unauthorized UnsupportedRegion]
CreateGameSession: CreateGameSessionInput = CREATE_GAME_SESSION_INPUT => CreateGameSessionOutput = CREATE_GAME_SESSION_OUTPUT { A, Supported }
    [Conflict FleetCapacityExceeded IdempotentParameterMismatch InternalService InvalidFleetStatus InvalidRequest LimitExceeded NotFound TerminalRoutingStrategy Unauthorized UnsupportedRegion]
CreateGameSessionQueue: CreateGameSessionQueueInput = CREATE_GAME_SESSION_QUEUE_INPUT => CreateGameSessionQueueOutput = CREATE_GAME_SESSION_QUEUE_OUTPUT { A, Refused }
    [InternalService InvalidRequest LimitExceeded NotFound TaggingFailed Unauthorized]
CreateLocation: CreateLocationInput = CREATE_LOCATION_INPUT => CreateLocationOutput = CREATE_LOCATION_OUTPUT { A, Supported }
    [Conflict InternalService InvalidRequest LimitExceeded TaggingFailed Unauthorized UnsupportedRegion]
CreateMatchmakingConfiguration: CreateMatchmakingConfigurationInput = CREATE_MATCHMAKING_CONFIGURATION_INPUT => CreateMatchmakingConfigurationOutput = CREATE_MATCHMAKING_CONFIGURATION_OUTPUT { A, Refused }
    [InternalService InvalidRequest LimitExceeded NotFound TaggingFailed UnsupportedRegion]
CreateMatchmakingRuleSet: CreateMatchmakingRuleSetInput = CREATE_MATCHMAKING_RULE_SET_INPUT => CreateMatchmakingRuleSetOutput = CREATE_MATCHMAKING_RULE_SET_OUTPUT { A, Refused }
    [InternalService InvalidRequest LimitExceeded TaggingFailed UnsupportedRegion]
CreatePlayerSession: CreatePlayerSessionInput = CREATE_PLAYER_SESSION_INPUT => CreatePlayerSessionOutput = CREATE_PLAYER_SESSION_OUTPUT { A, Supported }
    [GameSessionFull InternalService InvalidGameSessionStatus InvalidRequest NotFound TerminalRoutingStrategy Unauthorized]
CreatePlayerSessions: CreatePlayerSessionsInput = CREATE_PLAYER_SESSIONS_INPUT => CreatePlayerSessionsOutput = CREATE_PLAYER_SESSIONS_OUTPUT { A, Supported }
    [GameSessionFull InternalService InvalidGameSessionStatus InvalidRequest NotFound TerminalRoutingStrategy Unauthorized]
CreateScript: CreateScriptInput = CREATE_SCRIPT_INPUT => CreateScriptOutput = CREATE_SCRIPT_OUTPUT { A, Supported }
    [Conflict InternalService InvalidRequest TaggingFailed Unauthorized]
DeleteAlias: DeleteAliasInput = DELETE_ALIAS_INPUT => DeleteAliasOutput = DELETE_ALIAS_OUTPUT { A, Supported }
    [InternalService InvalidRequest NotFound TaggingFailed Unauthorized]
DeleteBuild: DeleteBuildInput = DELETE_BUILD_INPUT => DeleteBuildOutput = DELETE_BUILD_OUTPUT { B, Refused }
    [InternalService InvalidRequest NotFound TaggingFailed Unauthorized]
DeleteFleet: DeleteFleetInput = DELETE_FLEET_INPUT => DeleteFleetOutput = DELETE_FLEET_OUTPUT { A, Supported }
    [InternalService InvalidFleetStatus InvalidRequest NotFound TaggingFailed Unauthorized]
DeleteFleetLocations: DeleteFleetLocationsInput = DELETE_FLEET_LOCATIONS_INPUT => DeleteFleetLocationsOutput = DELETE_FLEET_LOCATIONS_OUTPUT { A, Supported }
    [InternalService InvalidRequest NotFound Unauthorized UnsupportedRegion]
DeleteGameSessionQueue: DeleteGameSessionQueueInput = DELETE_GAME_SESSION_QUEUE_INPUT => DeleteGameSessionQueueOutput = DELETE_GAME_SESSION_QUEUE_OUTPUT { A, Refused }
    [InternalService InvalidRequest NotFound TaggingFailed Unauthorized]
DeleteLocation: DeleteLocationInput = DELETE_LOCATION_INPUT => DeleteLocationOutput = DELETE_LOCATION_OUTPUT { A, Supported }
    [InternalService InvalidRequest NotFound Unauthorized UnsupportedRegion]
DeleteMatchmakingConfiguration: DeleteMatchmakingConfigurationInput = DELETE_MATCHMAKING_CONFIGURATION_INPUT => DeleteMatchmakingConfigurationOutput = DELETE_MATCHMAKING_CONFIGURATION_OUTPUT { A, Refused }
    [InternalService InvalidRequest NotFound TaggingFailed UnsupportedRegion]
DeleteMatchmakingRuleSet: DeleteMatchmakingRuleSetInput = DELETE_MATCHMAKING_RULE_SET_INPUT => DeleteMatchmakingRuleSetOutput = DELETE_MATCHMAKING_RULE_SET_OUTPUT { A, Refused }
    [InternalService InvalidRequest NotFound TaggingFailed UnsupportedRegion]
DeleteScalingPolicy: DeleteScalingPolicyInput = DELETE_SCALING_POLICY_INPUT => DeleteScalingPolicyOutput = DELETE_SCALING_POLICY_OUTPUT { A, Refused }
    [InternalService InvalidRequest NotFound Unauthorized UnsupportedRegion]
DeleteScript: DeleteScriptInput = DELETE_SCRIPT_INPUT => DeleteScriptOutput = DELETE_SCRIPT_OUTPUT { A, Supported }
    [InternalService InvalidRequest NotFound TaggingFailed Unauthorized]
DeregisterCompute: DeregisterComputeInput = DEREGISTER_COMPUTE_INPUT => DeregisterComputeOutput = DEREGISTER_COMPUTE_OUTPUT { A, Supported }
    [InternalService InvalidRequest NotFound Unauthorized UnsupportedRegion]
DescribeAlias: DescribeAliasInput = DESCRIBE_ALIAS_INPUT => DescribeAliasOutput = DESCRIBE_ALIAS_OUTPUT { A, Supported }
    [InternalService InvalidRequest NotFound Unauthorized]
DescribeBuild: DescribeBuildInput = DESCRIBE_BUILD_INPUT => DescribeBuildOutput = DESCRIBE_BUILD_OUTPUT { B, Missing }
    [InternalService InvalidRequest NotFound Unauthorized]
DescribeCompute: DescribeComputeInput = DESCRIBE_COMPUTE_INPUT => DescribeComputeOutput = DESCRIBE_COMPUTE_OUTPUT { A, Supported }
    [InternalService InvalidRequest NotFound Unauthorized UnsupportedRegion]
DescribeEC2InstanceLimits: DescribeEC2InstanceLimitsInput = DESCRIBE_EC2_INSTANCE_LIMITS_INPUT => DescribeEC2InstanceLimitsOutput = DESCRIBE_EC2_INSTANCE_LIMITS_OUTPUT { A, Supported }
    [InternalService InvalidRequest Unauthorized UnsupportedRegion]
DescribeFleetAttributes: DescribeFleetAttributesInput = DESCRIBE_FLEET_ATTRIBUTES_INPUT => DescribeFleetAttributesOutput = DESCRIBE_FLEET_ATTRIBUTES_OUTPUT { A, Supported }
    [InternalService InvalidRequest NotFound Unauthorized]
DescribeFleetCapacity: DescribeFleetCapacityInput = DESCRIBE_FLEET_CAPACITY_INPUT => DescribeFleetCapacityOutput = DESCRIBE_FLEET_CAPACITY_OUTPUT { A, Supported }
    [InternalService InvalidRequest NotFound Unauthorized UnsupportedRegion]
DescribeFleetEvents: DescribeFleetEventsInput = DESCRIBE_FLEET_EVENTS_INPUT => DescribeFleetEventsOutput = DESCRIBE_FLEET_EVENTS_OUTPUT { A, Supported }
    [InternalService InvalidRequest NotFound Unauthorized UnsupportedRegion]
DescribeFleetLocationAttributes: DescribeFleetLocationAttributesInput = DESCRIBE_FLEET_LOCATION_ATTRIBUTES_INPUT => DescribeFleetLocationAttributesOutput = DESCRIBE_FLEET_LOCATION_ATTRIBUTES_OUTPUT { A, Supported }
    [InternalService InvalidRequest NotFound Unauthorized UnsupportedRegion]
DescribeFleetLocationCapacity: DescribeFleetLocationCapacityInput = DESCRIBE_FLEET_LOCATION_CAPACITY_INPUT => DescribeFleetLocationCapacityOutput = DESCRIBE_FLEET_LOCATION_CAPACITY_OUTPUT { A, Supported }
    [InternalService InvalidRequest NotFound Unauthorized UnsupportedRegion]
DescribeFleetLocationUtilization: DescribeFleetLocationUtilizationInput = DESCRIBE_FLEET_LOCATION_UTILIZATION_INPUT => DescribeFleetLocationUtilizationOutput = DESCRIBE_FLEET_LOCATION_UTILIZATION_OUTPUT { A, Supported }
    [InternalService InvalidRequest NotFound Unauthorized UnsupportedRegion]
DescribeFleetPortSettings: DescribeFleetPortSettingsInput = DESCRIBE_FLEET_PORT_SETTINGS_INPUT => DescribeFleetPortSettingsOutput = DESCRIBE_FLEET_PORT_SETTINGS_OUTPUT { A, Supported }
    [InternalService InvalidRequest NotFound Unauthorized UnsupportedRegion]
DescribeFleetUtilization: DescribeFleetUtilizationInput = DESCRIBE_FLEET_UTILIZATION_INPUT => DescribeFleetUtilizationOutput = DESCRIBE_FLEET_UTILIZATION_OUTPUT { A, Supported }
    [InternalService InvalidRequest NotFound Unauthorized]
DescribeGameSessionDetails: DescribeGameSessionDetailsInput = DESCRIBE_GAME_SESSION_DETAILS_INPUT => DescribeGameSessionDetailsOutput = DESCRIBE_GAME_SESSION_DETAILS_OUTPUT { A, Supported }
    [InternalService InvalidRequest NotFound TerminalRoutingStrategy Unauthorized UnsupportedRegion]
DescribeGameSessionPlacement: DescribeGameSessionPlacementInput = DESCRIBE_GAME_SESSION_PLACEMENT_INPUT => DescribeGameSessionPlacementOutput = DESCRIBE_GAME_SESSION_PLACEMENT_OUTPUT { A, Refused }
    [InternalService InvalidRequest NotFound Unauthorized]
DescribeGameSessionQueues: DescribeGameSessionQueuesInput = DESCRIBE_GAME_SESSION_QUEUES_INPUT => DescribeGameSessionQueuesOutput = DESCRIBE_GAME_SESSION_QUEUES_OUTPUT { A, Refused }
    [InternalService InvalidRequest NotFound Unauthorized]
DescribeGameSessions: DescribeGameSessionsInput = DESCRIBE_GAME_SESSIONS_INPUT => DescribeGameSessionsOutput = DESCRIBE_GAME_SESSIONS_OUTPUT { A, Supported }
    [InternalService InvalidRequest NotFound TerminalRoutingStrategy Unauthorized UnsupportedRegion]
DescribeInstances: DescribeInstancesInput = DESCRIBE_INSTANCES_INPUT => DescribeInstancesOutput = DESCRIBE_INSTANCES_OUTPUT { A, Supported }
    [InternalService InvalidRequest NotFound Unauthorized UnsupportedRegion]
DescribeMatchmaking: DescribeMatchmakingInput = DESCRIBE_MATCHMAKING_INPUT => DescribeMatchmakingOutput = DESCRIBE_MATCHMAKING_OUTPUT { A, Refused }
    [InternalService InvalidRequest UnsupportedRegion]
DescribeMatchmakingConfigurations: DescribeMatchmakingConfigurationsInput = DESCRIBE_MATCHMAKING_CONFIGURATIONS_INPUT => DescribeMatchmakingConfigurationsOutput = DESCRIBE_MATCHMAKING_CONFIGURATIONS_OUTPUT { A, Refused }
    [InternalService InvalidRequest UnsupportedRegion]
DescribeMatchmakingRuleSets: DescribeMatchmakingRuleSetsInput = DESCRIBE_MATCHMAKING_RULE_SETS_INPUT => DescribeMatchmakingRuleSetsOutput = DESCRIBE_MATCHMAKING_RULE_SETS_OUTPUT { A, Refused }
    [InternalService InvalidRequest NotFound UnsupportedRegion]
DescribePlayerSessions: DescribePlayerSessionsInput = DESCRIBE_PLAYER_SESSIONS_INPUT => DescribePlayerSessionsOutput = DESCRIBE_PLAYER_SESSIONS_OUTPUT { A, Supported }
    [InternalService InvalidRequest NotFound Unauthorized]
DescribeRuntimeConfiguration: DescribeRuntimeConfigurationInput = DESCRIBE_RUNTIME_CONFIGURATION_INPUT => DescribeRuntimeConfigurationOutput = DESCRIBE_RUNTIME_CONFIGURATION_OUTPUT { A, Supported }
    [InternalService InvalidRequest NotFound Unauthorized]
DescribeScalingPolicies: DescribeScalingPoliciesInput = DESCRIBE_SCALING_POLICIES_INPUT => DescribeScalingPoliciesOutput = DESCRIBE_SCALING_POLICIES_OUTPUT { A, Empty("ScalingPolicies") }
    [InternalService InvalidRequest NotFound Unauthorized UnsupportedRegion]
DescribeScript: DescribeScriptInput = DESCRIBE_SCRIPT_INPUT => DescribeScriptOutput = DESCRIBE_SCRIPT_OUTPUT { A, Supported }
    [InternalService InvalidRequest NotFound Unauthorized]
GetComputeAccess: GetComputeAccessInput = GET_COMPUTE_ACCESS_INPUT => GetComputeAccessOutput = GET_COMPUTE_ACCESS_OUTPUT { B, Refused }
    [InternalService InvalidRequest NotFound Unauthorized UnsupportedRegion]
GetComputeAuthToken: GetComputeAuthTokenInput = GET_COMPUTE_AUTH_TOKEN_INPUT => GetComputeAuthTokenOutput = GET_COMPUTE_AUTH_TOKEN_OUTPUT { A, Supported }
    [InternalService InvalidRequest NotFound Unauthorized UnsupportedRegion]
GetGameSessionLogUrl: GetGameSessionLogUrlInput = GET_GAME_SESSION_LOG_URL_INPUT => GetGameSessionLogUrlOutput = GET_GAME_SESSION_LOG_URL_OUTPUT { A, Supported }
    [InternalService InvalidRequest NotFound Unauthorized]
GetInstanceAccess: GetInstanceAccessInput = GET_INSTANCE_ACCESS_INPUT => GetInstanceAccessOutput = GET_INSTANCE_ACCESS_OUTPUT { B, Refused }
    [InternalService InvalidRequest NotFound Unauthorized]
GetPlayerConnectionDetails: GetPlayerConnectionDetailsInput = GET_PLAYER_CONNECTION_DETAILS_INPUT => GetPlayerConnectionDetailsOutput = GET_PLAYER_CONNECTION_DETAILS_OUTPUT { B, Supported }
    [InternalService InvalidGameSessionStatus InvalidRequest LimitExceeded NotFound Unauthorized UnsupportedRegion]
ListAliases: ListAliasesInput = LIST_ALIASES_INPUT => ListAliasesOutput = LIST_ALIASES_OUTPUT { A, Supported }
    [InternalService InvalidRequest Unauthorized]
ListBuilds: ListBuildsInput = LIST_BUILDS_INPUT => ListBuildsOutput = LIST_BUILDS_OUTPUT { B, Empty("Builds") }
    [InternalService InvalidRequest Unauthorized]
ListCompute: ListComputeInput = LIST_COMPUTE_INPUT => ListComputeOutput = LIST_COMPUTE_OUTPUT { A, Supported }
    [InternalService InvalidRequest Unauthorized UnsupportedRegion]
ListFleets: ListFleetsInput = LIST_FLEETS_INPUT => ListFleetsOutput = LIST_FLEETS_OUTPUT { A, Supported }
    [InternalService InvalidRequest NotFound Unauthorized]
ListLocations: ListLocationsInput = LIST_LOCATIONS_INPUT => ListLocationsOutput = LIST_LOCATIONS_OUTPUT { A, Supported }
    [InternalService InvalidRequest Unauthorized]
ListScripts: ListScriptsInput = LIST_SCRIPTS_INPUT => ListScriptsOutput = LIST_SCRIPTS_OUTPUT { A, Supported }
    [InternalService InvalidRequest Unauthorized]
ListTagsForResource: ListTagsForResourceInput = LIST_TAGS_FOR_RESOURCE_INPUT => ListTagsForResourceOutput = LIST_TAGS_FOR_RESOURCE_OUTPUT { A, Supported }
    [InternalService InvalidRequest NotFound TaggingFailed UnsupportedRegion]
PutScalingPolicy: PutScalingPolicyInput = PUT_SCALING_POLICY_INPUT => PutScalingPolicyOutput = PUT_SCALING_POLICY_OUTPUT { A, Refused }
    [InternalService InvalidRequest NotFound Unauthorized UnsupportedRegion]
RegisterCompute: RegisterComputeInput = REGISTER_COMPUTE_INPUT => RegisterComputeOutput = REGISTER_COMPUTE_OUTPUT { A, Supported }
    [Conflict InternalService InvalidRequest LimitExceeded NotReady Unauthorized UnsupportedRegion]
RequestUploadCredentials: RequestUploadCredentialsInput = REQUEST_UPLOAD_CREDENTIALS_INPUT => RequestUploadCredentialsOutput = REQUEST_UPLOAD_CREDENTIALS_OUTPUT { B, Refused }
    [InternalService InvalidRequest NotFound Unauthorized]
ResolveAlias: ResolveAliasInput = RESOLVE_ALIAS_INPUT => ResolveAliasOutput = RESOLVE_ALIAS_OUTPUT { A, Supported }
    [InternalService InvalidRequest NotFound TerminalRoutingStrategy Unauthorized]
SearchGameSessions: SearchGameSessionsInput = SEARCH_GAME_SESSIONS_INPUT => SearchGameSessionsOutput = SEARCH_GAME_SESSIONS_OUTPUT { A, Supported }
    [InternalService InvalidRequest NotFound TerminalRoutingStrategy Unauthorized UnsupportedRegion]
StartFleetActions: StartFleetActionsInput = START_FLEET_ACTIONS_INPUT => StartFleetActionsOutput = START_FLEET_ACTIONS_OUTPUT { A, Refused }
    [InternalService InvalidRequest NotFound Unauthorized UnsupportedRegion]
StartGameSessionPlacement: StartGameSessionPlacementInput = START_GAME_SESSION_PLACEMENT_INPUT => StartGameSessionPlacementOutput = START_GAME_SESSION_PLACEMENT_OUTPUT { A, Refused }
    [InternalService InvalidRequest NotFound Unauthorized UnsupportedRegion]
StartMatchBackfill: StartMatchBackfillInput = START_MATCH_BACKFILL_INPUT => StartMatchBackfillOutput = START_MATCH_BACKFILL_OUTPUT { A, Refused }
    [InternalService InvalidRequest NotFound UnsupportedRegion]
StartMatchmaking: StartMatchmakingInput = START_MATCHMAKING_INPUT => StartMatchmakingOutput = START_MATCHMAKING_OUTPUT { A, Refused }
    [InternalService InvalidRequest NotFound UnsupportedRegion]
StopFleetActions: StopFleetActionsInput = STOP_FLEET_ACTIONS_INPUT => StopFleetActionsOutput = STOP_FLEET_ACTIONS_OUTPUT { A, Refused }
    [InternalService InvalidRequest NotFound Unauthorized UnsupportedRegion]
StopGameSessionPlacement: StopGameSessionPlacementInput = STOP_GAME_SESSION_PLACEMENT_INPUT => StopGameSessionPlacementOutput = STOP_GAME_SESSION_PLACEMENT_OUTPUT { A, Refused }
    [InternalService InvalidRequest NotFound Unauthorized]
StopMatchmaking: StopMatchmakingInput = STOP_MATCHMAKING_INPUT => StopMatchmakingOutput = STOP_MATCHMAKING_OUTPUT { A, Refused }
    [InternalService InvalidRequest NotFound UnsupportedRegion]
TagResource: TagResourceInput = TAG_RESOURCE_INPUT => TagResourceOutput = TAG_RESOURCE_OUTPUT { A, Supported }
    [InternalService InvalidRequest NotFound TaggingFailed UnsupportedRegion]
TerminateGameSession: TerminateGameSessionInput = TERMINATE_GAME_SESSION_INPUT => TerminateGameSessionOutput = TERMINATE_GAME_SESSION_OUTPUT { A, Supported }
    [InternalService InvalidGameSessionStatus InvalidRequest NotFound NotReady Unauthorized]
UntagResource: UntagResourceInput = UNTAG_RESOURCE_INPUT => UntagResourceOutput = UNTAG_RESOURCE_OUTPUT { A, Supported }
    [InternalService InvalidRequest NotFound TaggingFailed UnsupportedRegion]
UpdateAlias: UpdateAliasInput = UPDATE_ALIAS_INPUT => UpdateAliasOutput = UPDATE_ALIAS_OUTPUT { A, Supported }
    [InternalService InvalidRequest NotFound Unauthorized]
UpdateBuild: UpdateBuildInput = UPDATE_BUILD_INPUT => UpdateBuildOutput = UPDATE_BUILD_OUTPUT { B, Refused }
    [InternalService InvalidRequest NotFound Unauthorized]
UpdateFleetAttributes: UpdateFleetAttributesInput = UPDATE_FLEET_ATTRIBUTES_INPUT => UpdateFleetAttributesOutput = UPDATE_FLEET_ATTRIBUTES_OUTPUT { A, Supported }
    [Conflict InternalService InvalidFleetStatus InvalidRequest LimitExceeded NotFound Unauthorized]
UpdateFleetCapacity: UpdateFleetCapacityInput = UPDATE_FLEET_CAPACITY_INPUT => UpdateFleetCapacityOutput = UPDATE_FLEET_CAPACITY_OUTPUT { A, Supported }
    [Conflict InternalService InvalidFleetStatus InvalidRequest LimitExceeded NotFound Unauthorized UnsupportedRegion]
UpdateFleetPortSettings: UpdateFleetPortSettingsInput = UPDATE_FLEET_PORT_SETTINGS_INPUT => UpdateFleetPortSettingsOutput = UPDATE_FLEET_PORT_SETTINGS_OUTPUT { A, Supported }
    [Conflict InternalService InvalidFleetStatus InvalidRequest LimitExceeded NotFound Unauthorized]
UpdateGameSession: UpdateGameSessionInput = UPDATE_GAME_SESSION_INPUT => UpdateGameSessionOutput = UPDATE_GAME_SESSION_OUTPUT { A, Supported }
    [Conflict InternalService InvalidGameSessionStatus InvalidRequest NotFound NotReady Unauthorized]
UpdateGameSessionQueue: UpdateGameSessionQueueInput = UPDATE_GAME_SESSION_QUEUE_INPUT => UpdateGameSessionQueueOutput = UPDATE_GAME_SESSION_QUEUE_OUTPUT { A, Refused }
    [InternalService InvalidRequest NotFound Unauthorized]
UpdateMatchmakingConfiguration: UpdateMatchmakingConfigurationInput = UPDATE_MATCHMAKING_CONFIGURATION_INPUT => UpdateMatchmakingConfigurationOutput = UPDATE_MATCHMAKING_CONFIGURATION_OUTPUT { A, Refused }
    [InternalService InvalidRequest NotFound UnsupportedRegion]
UpdateRuntimeConfiguration: UpdateRuntimeConfigurationInput = UPDATE_RUNTIME_CONFIGURATION_INPUT => UpdateRuntimeConfigurationOutput = UPDATE_RUNTIME_CONFIGURATION_OUTPUT { A, Supported }
    [InternalService InvalidFleetStatus InvalidRequest LimitExceeded NotFound Unauthorized]
UpdateScript: UpdateScriptInput = UPDATE_SCRIPT_INPUT => UpdateScriptOutput = UPDATE_SCRIPT_OUTPUT { A, Supported }
    [InternalService InvalidRequest NotFound Unauthorized]
ValidateMatchmakingRuleSet: ValidateMatchmakingRuleSetInput = VALIDATE_MATCHMAKING_RULE_SET_INPUT => ValidateMatchmakingRuleSetOutput = VALIDATE_MATCHMAKING_RULE_SET_OUTPUT { A, Supported }
    [InternalService InvalidRequest UnsupportedRegion]
    }
    refused {
        ClaimGameServer { Refused }
        CreateContainerFleet { Refused }
        CreateContainerGroupDefinition { Refused }
        CreateGameServerGroup { Refused }
        CreateVpcPeeringAuthorization { Refused }
        CreateVpcPeeringConnection { Refused }
        DeleteContainerFleet { Refused }
        DeleteContainerGroupDefinition { Refused }
        DeleteGameServerGroup { Refused }
        DeleteVpcPeeringAuthorization { Refused }
        DeleteVpcPeeringConnection { Refused }
        DeregisterGameServer { Refused }
        DescribeContainerFleet { Missing }
        DescribeContainerGroupDefinition { Missing }
        DescribeContainerGroupPortMappings { Missing }
        DescribeFleetDeployment { Missing }
        DescribeGameServer { Missing }
        DescribeGameServerGroup { Missing }
        DescribeGameServerInstances { Missing }
        DescribeVpcPeeringAuthorizations { Empty("VpcPeeringAuthorizations") }
        DescribeVpcPeeringConnections { Empty("VpcPeeringConnections") }
        ListContainerFleets { Empty("ContainerFleets") }
        ListContainerGroupDefinitionVersions { Empty("ContainerGroupDefinitions") }
        ListContainerGroupDefinitions { Empty("ContainerGroupDefinitions") }
        ListFleetDeployments { Empty("FleetDeployments") }
        ListGameServerGroups { Empty("GameServerGroups") }
        ListGameServers { Empty("GameServers") }
        RegisterGameServer { Refused }
        ResumeGameServerGroup { Refused }
        SuspendGameServerGroup { Refused }
        UpdateContainerFleet { Refused }
        UpdateContainerGroupDefinition { Refused }
        UpdateGameServer { Refused }
        UpdateGameServerGroup { Refused }
    }
}
