//! Generated from core/api/model by `cargo xtask bless`; change the facts there, not here.

use super::*;
use crate::schema::{Shape, optional, required};

pub(crate) static LOCATION_CONFIGURATION: Shape = Shape::structure(
    "LocationConfiguration",
    &[required("Location", &LOCATION_STRING_MODEL)],
);

pub(crate) static LOCATION_MODEL: Shape = Shape::structure(
    "LocationModel",
    &[
        optional("LocationName", &LOCATION_STRING_MODEL),
        optional("LocationArn", &LOCATION_ARN_MODEL),
        optional("PingBeacon", &PING_BEACON),
    ],
);

pub(crate) static LOCATION_STATE: Shape = Shape::structure(
    "LocationState",
    &[
        optional("Location", &LOCATION_STRING_MODEL),
        optional("Status", &FLEET_STATUS),
        optional("PlayerGatewayStatus", &PLAYER_GATEWAY_STATUS),
    ],
);

pub(crate) static LOG_DELIVERY_DESTINATION: Shape = Shape::structure(
    "LogDeliveryDestination",
    &[
        required("LogDestination", &LOG_DELIVERY_DESTINATION_TYPE),
        optional("DestinationArn", &DELIVERY_DESTINATION_ARN_STRING_MODEL),
    ],
);

pub(crate) static MANAGED_CAPACITY_CONFIGURATION: Shape = Shape::structure(
    "ManagedCapacityConfiguration",
    &[
        optional("ZeroCapacityStrategy", &ZERO_CAPACITY_STRATEGY),
        optional(
            "ScaleInAfterInactivityMinutes",
            &SCALE_IN_AFTER_INACTIVITY_MINUTES,
        ),
    ],
);

pub(crate) static MATCHED_PLAYER_SESSION: Shape = Shape::structure(
    "MatchedPlayerSession",
    &[
        optional("PlayerId", &PLAYER_ID),
        optional("PlayerSessionId", &PLAYER_SESSION_ID),
    ],
);

pub(crate) static MATCHMAKING_CONFIGURATION: Shape = Shape::structure(
    "MatchmakingConfiguration",
    &[
        optional("Name", &MATCHMAKING_ID_STRING_MODEL),
        optional("ConfigurationArn", &MATCHMAKING_CONFIGURATION_ARN),
        optional("Description", &NON_ZERO_AND_MAX_STRING),
        optional("GameSessionQueueArns", &QUEUE_ARNS_LIST),
        optional(
            "RequestTimeoutSeconds",
            &MATCHMAKING_REQUEST_TIMEOUT_INTEGER,
        ),
        optional(
            "AcceptanceTimeoutSeconds",
            &MATCHMAKING_ACCEPTANCE_TIMEOUT_INTEGER,
        ),
        optional("AcceptanceRequired", &BOOLEAN_MODEL),
        optional("RuleSetName", &MATCHMAKING_ID_STRING_MODEL),
        optional("RuleSetArn", &MATCHMAKING_RULE_SET_ARN),
        optional("NotificationTarget", &SNS_ARN_STRING_MODEL),
        optional("AdditionalPlayerCount", &WHOLE_NUMBER),
        optional("CustomEventData", &CUSTOM_EVENT_DATA),
        optional("CreationTime", &TIMESTAMP),
        optional("GameProperties", &GAME_PROPERTY_LIST),
        optional("GameSessionData", &GAME_SESSION_DATA),
        optional("BackfillMode", &BACKFILL_MODE),
        optional("FlexMatchMode", &FLEX_MATCH_MODE),
    ],
);

pub(crate) static MATCHMAKING_RULE_SET: Shape = Shape::structure(
    "MatchmakingRuleSet",
    &[
        optional("RuleSetName", &MATCHMAKING_ID_STRING_MODEL),
        optional("RuleSetArn", &MATCHMAKING_RULE_SET_ARN),
        required("RuleSetBody", &RULE_SET_BODY),
        optional("CreationTime", &TIMESTAMP),
    ],
);

pub(crate) static MATCHMAKING_TICKET: Shape = Shape::structure(
    "MatchmakingTicket",
    &[
        optional("TicketId", &MATCHMAKING_ID_STRING_MODEL),
        optional("ConfigurationName", &MATCHMAKING_ID_STRING_MODEL),
        optional("ConfigurationArn", &MATCHMAKING_CONFIGURATION_ARN),
        optional("Status", &MATCHMAKING_CONFIGURATION_STATUS),
        optional("StatusReason", &STRING_MODEL),
        optional("StatusMessage", &STRING_MODEL),
        optional("StartTime", &TIMESTAMP),
        optional("EndTime", &TIMESTAMP),
        optional("Players", &PLAYER_LIST),
        optional("GameSessionConnectionInfo", &GAME_SESSION_CONNECTION_INFO),
        optional("EstimatedWaitTime", &WHOLE_NUMBER),
    ],
);

pub(crate) static PING_BEACON: Shape =
    Shape::structure("PingBeacon", &[optional("UDPEndpoint", &UDP_ENDPOINT)]);

pub(crate) static PLACED_PLAYER_SESSION: Shape = Shape::structure(
    "PlacedPlayerSession",
    &[
        optional("PlayerId", &PLAYER_ID),
        optional("PlayerSessionId", &PLAYER_SESSION_ID),
    ],
);

pub(crate) static PLAYER: Shape = Shape::structure(
    "Player",
    &[
        optional("PlayerId", &PLAYER_ID),
        optional("PlayerAttributes", &PLAYER_ATTRIBUTE_MAP),
        optional("Team", &NON_ZERO_AND_MAX_STRING),
        optional("LatencyInMs", &LATENCY_MAP),
    ],
);

pub(crate) static PLAYER_CONNECTION_DETAIL: Shape = Shape::structure(
    "PlayerConnectionDetail",
    &[
        optional("PlayerId", &PLAYER_ID),
        optional("Endpoints", &PLAYER_CONNECTION_ENDPOINT_LIST),
        optional("PlayerGatewayToken", &MAX_STRING),
        optional("Expiration", &TIMESTAMP),
    ],
);

pub(crate) static PLAYER_CONNECTION_ENDPOINT: Shape = Shape::structure(
    "PlayerConnectionEndpoint",
    &[
        optional("IpAddress", &IP_ADDRESS),
        optional("Port", &PORT_NUMBER),
    ],
);

pub(crate) static PLAYER_GATEWAY_CONFIGURATION: Shape = Shape::structure(
    "PlayerGatewayConfiguration",
    &[optional(
        "GameServerIpProtocolSupported",
        &GAME_SERVER_IP_PROTOCOL_SUPPORTED,
    )],
);

pub(crate) static PLAYER_LATENCY: Shape = Shape::structure(
    "PlayerLatency",
    &[
        optional("PlayerId", &PLAYER_ID),
        optional("RegionIdentifier", &NON_ZERO_AND_MAX_STRING),
        optional("LatencyInMilliseconds", &FLOAT),
    ],
);

pub(crate) static PLAYER_LATENCY_POLICY: Shape = Shape::structure(
    "PlayerLatencyPolicy",
    &[
        optional("MaximumIndividualPlayerLatencyMilliseconds", &WHOLE_NUMBER),
        optional("PolicyDurationSeconds", &WHOLE_NUMBER),
    ],
);

pub(crate) static PLAYER_SESSION: Shape = Shape::structure(
    "PlayerSession",
    &[
        optional("PlayerSessionId", &PLAYER_SESSION_ID),
        optional("PlayerId", &PLAYER_ID),
        optional("GameSessionId", &NON_ZERO_AND_MAX_STRING),
        optional("FleetId", &FLEET_ID),
        optional("FleetArn", &FLEET_ARN),
        optional("CreationTime", &TIMESTAMP),
        optional("TerminationTime", &TIMESTAMP),
        optional("Status", &PLAYER_SESSION_STATUS),
        optional("IpAddress", &IP_ADDRESS),
        optional("DnsName", &DNS_NAME),
        optional("Port", &PORT_NUMBER),
        optional("PlayerData", &PLAYER_DATA),
    ],
);

pub(crate) static PRIORITY_CONFIGURATION: Shape = Shape::structure(
    "PriorityConfiguration",
    &[
        optional("PriorityOrder", &PRIORITY_TYPE_LIST),
        optional("LocationOrder", &LOCATION_LIST),
    ],
);

pub(crate) static PRIORITY_CONFIGURATION_OVERRIDE: Shape = Shape::structure(
    "PriorityConfigurationOverride",
    &[
        optional("PlacementFallbackStrategy", &PLACEMENT_FALLBACK_STRATEGY),
        required("LocationOrder", &LOCATION_ORDER_OVERRIDE_LIST),
    ],
);

pub(crate) static PUT_SCALING_POLICY_INPUT: Shape = Shape::structure(
    "PutScalingPolicyInput",
    &[
        required("Name", &NON_ZERO_AND_MAX_STRING),
        required("FleetId", &FLEET_ID_OR_ARN),
        optional("ScalingAdjustment", &INTEGER),
        optional("ScalingAdjustmentType", &SCALING_ADJUSTMENT_TYPE),
        optional("Threshold", &DOUBLE),
        optional("ComparisonOperator", &COMPARISON_OPERATOR_TYPE),
        optional("EvaluationPeriods", &POSITIVE_INTEGER),
        required("MetricName", &METRIC_NAME),
        optional("PolicyType", &POLICY_TYPE),
        optional("TargetConfiguration", &TARGET_CONFIGURATION),
    ],
);

pub(crate) static PUT_SCALING_POLICY_OUTPUT: Shape = Shape::structure(
    "PutScalingPolicyOutput",
    &[optional("Name", &NON_ZERO_AND_MAX_STRING)],
);

pub(crate) static REGISTER_COMPUTE_INPUT: Shape = Shape::structure(
    "RegisterComputeInput",
    &[
        required("FleetId", &FLEET_ID_OR_ARN),
        required("ComputeName", &COMPUTE_NAME),
        optional("CertificatePath", &NON_ZERO_AND_MAX_STRING),
        optional("DnsName", &DNS_NAME_INPUT),
        optional("IpAddress", &IP_ADDRESS),
        optional("Location", &LOCATION_STRING_MODEL),
    ],
);

pub(crate) static REGISTER_COMPUTE_OUTPUT: Shape =
    Shape::structure("RegisterComputeOutput", &[optional("Compute", &COMPUTE)]);

pub(crate) static REQUEST_UPLOAD_CREDENTIALS_INPUT: Shape = Shape::structure(
    "RequestUploadCredentialsInput",
    &[required("BuildId", &BUILD_ID_OR_ARN)],
);

pub(crate) static REQUEST_UPLOAD_CREDENTIALS_OUTPUT: Shape = Shape::structure(
    "RequestUploadCredentialsOutput",
    &[
        optional("UploadCredentials", &AWS_CREDENTIALS),
        optional("StorageLocation", &S3_LOCATION),
    ],
);

pub(crate) static RESOLVE_ALIAS_INPUT: Shape = Shape::structure(
    "ResolveAliasInput",
    &[required("AliasId", &ALIAS_ID_OR_ARN)],
);

pub(crate) static RESOLVE_ALIAS_OUTPUT: Shape = Shape::structure(
    "ResolveAliasOutput",
    &[
        optional("FleetId", &FLEET_ID),
        optional("FleetArn", &FLEET_ARN),
    ],
);

pub(crate) static RESOURCE_CREATION_LIMIT_POLICY: Shape = Shape::structure(
    "ResourceCreationLimitPolicy",
    &[
        optional("NewGameSessionsPerCreator", &WHOLE_NUMBER),
        optional("PolicyPeriodInMinutes", &WHOLE_NUMBER),
    ],
);

pub(crate) static ROUTING_STRATEGY: Shape = Shape::structure(
    "RoutingStrategy",
    &[
        optional("Type", &ROUTING_STRATEGY_TYPE),
        optional("FleetId", &FLEET_ID),
        optional("Message", &FREE_TEXT),
    ],
);

pub(crate) static RUNTIME_CONFIGURATION: Shape = Shape::structure(
    "RuntimeConfiguration",
    &[
        optional("ServerProcesses", &SERVER_PROCESS_LIST),
        optional(
            "MaxConcurrentGameSessionActivations",
            &MAX_CONCURRENT_GAME_SESSION_ACTIVATIONS,
        ),
        optional(
            "GameSessionActivationTimeoutSeconds",
            &GAME_SESSION_ACTIVATION_TIMEOUT_SECONDS,
        ),
    ],
);

pub(crate) static S3_LOCATION: Shape = Shape::structure(
    "S3Location",
    &[
        optional("Bucket", &NON_EMPTY_STRING),
        optional("Key", &NON_EMPTY_STRING),
        optional("RoleArn", &NON_EMPTY_STRING),
        optional("ObjectVersion", &NON_EMPTY_STRING),
    ],
);

pub(crate) static SCALING_POLICY: Shape = Shape::structure(
    "ScalingPolicy",
    &[
        optional("FleetId", &FLEET_ID),
        optional("FleetArn", &FLEET_ARN),
        optional("Name", &NON_ZERO_AND_MAX_STRING),
        optional("Status", &SCALING_STATUS_TYPE),
        optional("ScalingAdjustment", &INTEGER),
        optional("ScalingAdjustmentType", &SCALING_ADJUSTMENT_TYPE),
        optional("ComparisonOperator", &COMPARISON_OPERATOR_TYPE),
        optional("Threshold", &DOUBLE),
        optional("EvaluationPeriods", &POSITIVE_INTEGER),
        optional("MetricName", &METRIC_NAME),
        optional("PolicyType", &POLICY_TYPE),
        optional("TargetConfiguration", &TARGET_CONFIGURATION),
        optional("UpdateStatus", &LOCATION_UPDATE_STATUS),
        optional("Location", &LOCATION_STRING_MODEL),
    ],
);

pub(crate) static SCRIPT: Shape = Shape::structure(
    "Script",
    &[
        optional("ScriptId", &SCRIPT_ID),
        optional("ScriptArn", &SCRIPT_ARN),
        optional("Name", &NON_ZERO_AND_MAX_STRING),
        optional("Version", &NON_ZERO_AND_MAX_STRING),
        optional("SizeOnDisk", &WHOLE_NUMBER_LONG),
        optional("CreationTime", &TIMESTAMP),
        optional("StorageLocation", &S3_LOCATION),
        optional("NodeJsVersion", &NODE_JS_VERSION),
    ],
);

pub(crate) static SEARCH_GAME_SESSIONS_INPUT: Shape = Shape::structure(
    "SearchGameSessionsInput",
    &[
        optional("FleetId", &FLEET_ID_OR_ARN),
        optional("AliasId", &ALIAS_ID_OR_ARN),
        optional("Location", &LOCATION_STRING_MODEL),
        optional("FilterExpression", &NON_ZERO_AND_MAX_STRING),
        optional("SortExpression", &NON_ZERO_AND_MAX_STRING),
        optional("Limit", &POSITIVE_INTEGER),
        optional("NextToken", &NON_ZERO_AND_MAX_STRING),
    ],
);

pub(crate) static SEARCH_GAME_SESSIONS_OUTPUT: Shape = Shape::structure(
    "SearchGameSessionsOutput",
    &[
        optional("GameSessions", &GAME_SESSION_LIST),
        optional("NextToken", &NON_ZERO_AND_MAX_STRING),
    ],
);

pub(crate) static SERVER_PROCESS: Shape = Shape::structure(
    "ServerProcess",
    &[
        required("LaunchPath", &LAUNCH_PATH_STRING_MODEL),
        optional("Parameters", &LAUNCH_PARAMETERS_STRING_MODEL),
        required("ConcurrentExecutions", &POSITIVE_INTEGER),
    ],
);

pub(crate) static START_FLEET_ACTIONS_INPUT: Shape = Shape::structure(
    "StartFleetActionsInput",
    &[
        required("FleetId", &FLEET_ID_OR_ARN),
        required("Actions", &FLEET_ACTION_LIST),
        optional("Location", &LOCATION_STRING_MODEL),
    ],
);

pub(crate) static START_FLEET_ACTIONS_OUTPUT: Shape = Shape::structure(
    "StartFleetActionsOutput",
    &[
        optional("FleetId", &FLEET_ID),
        optional("FleetArn", &FLEET_ARN),
    ],
);

pub(crate) static START_GAME_SESSION_PLACEMENT_INPUT: Shape = Shape::structure(
    "StartGameSessionPlacementInput",
    &[
        required("PlacementId", &ID_STRING_MODEL),
        required("GameSessionQueueName", &GAME_SESSION_QUEUE_NAME_OR_ARN),
        optional("GameProperties", &GAME_PROPERTY_LIST),
        required("MaximumPlayerSessionCount", &WHOLE_NUMBER),
        optional("GameSessionName", &NON_ZERO_AND_MAX_STRING),
        optional("PlayerLatencies", &PLAYER_LATENCY_LIST),
        optional("DesiredPlayerSessions", &DESIRED_PLAYER_SESSION_LIST),
        optional("GameSessionData", &LARGE_GAME_SESSION_DATA),
        optional(
            "PriorityConfigurationOverride",
            &PRIORITY_CONFIGURATION_OVERRIDE,
        ),
    ],
);

pub(crate) static START_GAME_SESSION_PLACEMENT_OUTPUT: Shape = Shape::structure(
    "StartGameSessionPlacementOutput",
    &[optional("GameSessionPlacement", &GAME_SESSION_PLACEMENT)],
);

pub(crate) static START_MATCH_BACKFILL_INPUT: Shape = Shape::structure(
    "StartMatchBackfillInput",
    &[
        optional("TicketId", &MATCHMAKING_ID_STRING_MODEL),
        required("ConfigurationName", &MATCHMAKING_CONFIGURATION_NAME),
        optional("GameSessionArn", &ARN_STRING_MODEL),
        required("Players", &PLAYER_LIST),
    ],
);

pub(crate) static START_MATCH_BACKFILL_OUTPUT: Shape = Shape::structure(
    "StartMatchBackfillOutput",
    &[optional("MatchmakingTicket", &MATCHMAKING_TICKET)],
);

pub(crate) static START_MATCHMAKING_INPUT: Shape = Shape::structure(
    "StartMatchmakingInput",
    &[
        optional("TicketId", &MATCHMAKING_ID_STRING_MODEL),
        required("ConfigurationName", &MATCHMAKING_CONFIGURATION_NAME),
        required("Players", &PLAYER_LIST),
    ],
);

pub(crate) static START_MATCHMAKING_OUTPUT: Shape = Shape::structure(
    "StartMatchmakingOutput",
    &[optional("MatchmakingTicket", &MATCHMAKING_TICKET)],
);

pub(crate) static STOP_FLEET_ACTIONS_INPUT: Shape = Shape::structure(
    "StopFleetActionsInput",
    &[
        required("FleetId", &FLEET_ID_OR_ARN),
        required("Actions", &FLEET_ACTION_LIST),
        optional("Location", &LOCATION_STRING_MODEL),
    ],
);

pub(crate) static STOP_FLEET_ACTIONS_OUTPUT: Shape = Shape::structure(
    "StopFleetActionsOutput",
    &[
        optional("FleetId", &FLEET_ID),
        optional("FleetArn", &FLEET_ARN),
    ],
);

pub(crate) static STOP_GAME_SESSION_PLACEMENT_INPUT: Shape = Shape::structure(
    "StopGameSessionPlacementInput",
    &[required("PlacementId", &ID_STRING_MODEL)],
);

pub(crate) static STOP_GAME_SESSION_PLACEMENT_OUTPUT: Shape = Shape::structure(
    "StopGameSessionPlacementOutput",
    &[optional("GameSessionPlacement", &GAME_SESSION_PLACEMENT)],
);

pub(crate) static STOP_MATCHMAKING_INPUT: Shape = Shape::structure(
    "StopMatchmakingInput",
    &[required("TicketId", &MATCHMAKING_ID_STRING_MODEL)],
);

pub(crate) static STOP_MATCHMAKING_OUTPUT: Shape = Shape::structure("StopMatchmakingOutput", &[]);

pub(crate) static TAG: Shape = Shape::structure(
    "Tag",
    &[required("Key", &TAG_KEY), required("Value", &TAG_VALUE)],
);

pub(crate) static TAG_RESOURCE_INPUT: Shape = Shape::structure(
    "TagResourceInput",
    &[
        required("ResourceARN", &AMAZON_RESOURCE_NAME),
        required("Tags", &TAG_LIST),
    ],
);

pub(crate) static TAG_RESOURCE_OUTPUT: Shape = Shape::structure("TagResourceOutput", &[]);

pub(crate) static TARGET_CONFIGURATION: Shape =
    Shape::structure("TargetConfiguration", &[required("TargetValue", &DOUBLE)]);

pub(crate) static TERMINATE_GAME_SESSION_INPUT: Shape = Shape::structure(
    "TerminateGameSessionInput",
    &[
        required("GameSessionId", &ARN_STRING_MODEL),
        required("TerminationMode", &TERMINATION_MODE),
    ],
);

pub(crate) static TERMINATE_GAME_SESSION_OUTPUT: Shape = Shape::structure(
    "TerminateGameSessionOutput",
    &[optional("GameSession", &GAME_SESSION)],
);

pub(crate) static UDP_ENDPOINT: Shape = Shape::structure(
    "UDPEndpoint",
    &[
        optional("Domain", &NON_ZERO_AND_MAX_STRING),
        optional("Port", &POSITIVE_INTEGER),
    ],
);

pub(crate) static UNTAG_RESOURCE_INPUT: Shape = Shape::structure(
    "UntagResourceInput",
    &[
        required("ResourceARN", &AMAZON_RESOURCE_NAME),
        required("TagKeys", &TAG_KEY_LIST),
    ],
);

pub(crate) static UNTAG_RESOURCE_OUTPUT: Shape = Shape::structure("UntagResourceOutput", &[]);

pub(crate) static UPDATE_ALIAS_INPUT: Shape = Shape::structure(
    "UpdateAliasInput",
    &[
        required("AliasId", &ALIAS_ID_OR_ARN),
        optional("Name", &NON_BLANK_AND_LENGTH_CONSTRAINT_STRING),
        optional("Description", &NON_ZERO_AND_MAX_STRING),
        optional("RoutingStrategy", &ROUTING_STRATEGY),
    ],
);

pub(crate) static UPDATE_ALIAS_OUTPUT: Shape =
    Shape::structure("UpdateAliasOutput", &[optional("Alias", &ALIAS)]);

pub(crate) static UPDATE_BUILD_INPUT: Shape = Shape::structure(
    "UpdateBuildInput",
    &[
        required("BuildId", &BUILD_ID_OR_ARN),
        optional("Name", &NON_ZERO_AND_MAX_STRING),
        optional("Version", &NON_ZERO_AND_MAX_STRING),
    ],
);

pub(crate) static UPDATE_BUILD_OUTPUT: Shape =
    Shape::structure("UpdateBuildOutput", &[optional("Build", &BUILD)]);

pub(crate) static UPDATE_FLEET_ATTRIBUTES_INPUT: Shape = Shape::structure(
    "UpdateFleetAttributesInput",
    &[
        required("FleetId", &FLEET_ID_OR_ARN),
        optional("Name", &NON_ZERO_AND_MAX_STRING),
        optional("Description", &NON_ZERO_AND_MAX_STRING),
        optional("NewGameSessionProtectionPolicy", &PROTECTION_POLICY),
        optional(
            "ResourceCreationLimitPolicy",
            &RESOURCE_CREATION_LIMIT_POLICY,
        ),
        optional("MetricGroups", &METRIC_GROUP_LIST),
        optional("AnywhereConfiguration", &ANYWHERE_CONFIGURATION),
    ],
);

pub(crate) static UPDATE_FLEET_ATTRIBUTES_OUTPUT: Shape = Shape::structure(
    "UpdateFleetAttributesOutput",
    &[
        optional("FleetId", &FLEET_ID),
        optional("FleetArn", &FLEET_ARN),
    ],
);

pub(crate) static UPDATE_FLEET_CAPACITY_INPUT: Shape = Shape::structure(
    "UpdateFleetCapacityInput",
    &[
        required("FleetId", &FLEET_ID_OR_ARN),
        optional("DesiredInstances", &WHOLE_NUMBER),
        optional("MinSize", &WHOLE_NUMBER),
        optional("MaxSize", &WHOLE_NUMBER),
        optional("Location", &LOCATION_STRING_MODEL),
        optional(
            "ManagedCapacityConfiguration",
            &MANAGED_CAPACITY_CONFIGURATION,
        ),
    ],
);

pub(crate) static UPDATE_FLEET_CAPACITY_OUTPUT: Shape = Shape::structure(
    "UpdateFleetCapacityOutput",
    &[
        optional("FleetId", &FLEET_ID),
        optional("FleetArn", &FLEET_ARN),
        optional("Location", &LOCATION_STRING_MODEL),
        optional(
            "ManagedCapacityConfiguration",
            &MANAGED_CAPACITY_CONFIGURATION,
        ),
    ],
);

pub(crate) static UPDATE_FLEET_PORT_SETTINGS_INPUT: Shape = Shape::structure(
    "UpdateFleetPortSettingsInput",
    &[
        required("FleetId", &FLEET_ID_OR_ARN),
        optional("InboundPermissionAuthorizations", &IP_PERMISSIONS_LIST),
        optional("InboundPermissionRevocations", &IP_PERMISSIONS_LIST),
    ],
);

pub(crate) static UPDATE_FLEET_PORT_SETTINGS_OUTPUT: Shape = Shape::structure(
    "UpdateFleetPortSettingsOutput",
    &[
        optional("FleetId", &FLEET_ID),
        optional("FleetArn", &FLEET_ARN),
    ],
);

pub(crate) static UPDATE_GAME_SESSION_INPUT: Shape = Shape::structure(
    "UpdateGameSessionInput",
    &[
        required("GameSessionId", &ARN_STRING_MODEL),
        optional("MaximumPlayerSessionCount", &WHOLE_NUMBER),
        optional("Name", &NON_ZERO_AND_MAX_STRING),
        optional(
            "PlayerSessionCreationPolicy",
            &PLAYER_SESSION_CREATION_POLICY,
        ),
        optional("ProtectionPolicy", &PROTECTION_POLICY),
        optional("GameProperties", &GAME_PROPERTY_LIST),
    ],
);

pub(crate) static UPDATE_GAME_SESSION_OUTPUT: Shape = Shape::structure(
    "UpdateGameSessionOutput",
    &[optional("GameSession", &GAME_SESSION)],
);

pub(crate) static UPDATE_GAME_SESSION_QUEUE_INPUT: Shape = Shape::structure(
    "UpdateGameSessionQueueInput",
    &[
        required("Name", &GAME_SESSION_QUEUE_NAME_OR_ARN),
        optional("TimeoutInSeconds", &WHOLE_NUMBER),
        optional("PlayerLatencyPolicies", &PLAYER_LATENCY_POLICY_LIST),
        optional("Destinations", &GAME_SESSION_QUEUE_DESTINATION_LIST),
        optional("FilterConfiguration", &FILTER_CONFIGURATION),
        optional("PriorityConfiguration", &PRIORITY_CONFIGURATION),
        optional("CustomEventData", &QUEUE_CUSTOM_EVENT_DATA),
        optional("NotificationTarget", &QUEUE_SNS_ARN_STRING_MODEL),
        optional("AddLogDeliveryDestinations", &LOG_DELIVERY_DESTINATION_LIST),
        optional(
            "RemoveLogDeliveryDestinations",
            &LOG_DELIVERY_DESTINATION_LIST,
        ),
    ],
);

pub(crate) static UPDATE_GAME_SESSION_QUEUE_OUTPUT: Shape = Shape::structure(
    "UpdateGameSessionQueueOutput",
    &[optional("GameSessionQueue", &GAME_SESSION_QUEUE)],
);
