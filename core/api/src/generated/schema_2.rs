//! Generated from core/api/model by `cargo xtask bless`; change the facts there, not here.

use super::*;
use crate::schema::{Shape, optional, required};

pub(crate) static DESCRIBE_GAME_SESSION_DETAILS_OUTPUT: Shape = Shape::structure(
    "DescribeGameSessionDetailsOutput",
    &[
        optional("GameSessionDetails", &GAME_SESSION_DETAIL_LIST),
        optional("NextToken", &NON_ZERO_AND_MAX_STRING),
    ],
);

pub(crate) static DESCRIBE_GAME_SESSION_PLACEMENT_INPUT: Shape = Shape::structure(
    "DescribeGameSessionPlacementInput",
    &[required("PlacementId", &ID_STRING_MODEL)],
);

pub(crate) static DESCRIBE_GAME_SESSION_PLACEMENT_OUTPUT: Shape = Shape::structure(
    "DescribeGameSessionPlacementOutput",
    &[optional("GameSessionPlacement", &GAME_SESSION_PLACEMENT)],
);

pub(crate) static DESCRIBE_GAME_SESSION_QUEUES_INPUT: Shape = Shape::structure(
    "DescribeGameSessionQueuesInput",
    &[
        optional("Names", &GAME_SESSION_QUEUE_NAME_OR_ARN_LIST),
        optional("Limit", &POSITIVE_INTEGER),
        optional("NextToken", &NON_ZERO_AND_MAX_STRING),
    ],
);

pub(crate) static DESCRIBE_GAME_SESSION_QUEUES_OUTPUT: Shape = Shape::structure(
    "DescribeGameSessionQueuesOutput",
    &[
        optional("GameSessionQueues", &GAME_SESSION_QUEUE_LIST),
        optional("NextToken", &NON_ZERO_AND_MAX_STRING),
    ],
);

pub(crate) static DESCRIBE_GAME_SESSIONS_INPUT: Shape = Shape::structure(
    "DescribeGameSessionsInput",
    &[
        optional("FleetId", &FLEET_ID_OR_ARN),
        optional("GameSessionId", &ARN_STRING_MODEL),
        optional("AliasId", &ALIAS_ID_OR_ARN),
        optional("Location", &LOCATION_STRING_MODEL),
        optional("StatusFilter", &NON_ZERO_AND_MAX_STRING),
        optional("Limit", &POSITIVE_INTEGER),
        optional("NextToken", &NON_ZERO_AND_MAX_STRING),
    ],
);

pub(crate) static DESCRIBE_GAME_SESSIONS_OUTPUT: Shape = Shape::structure(
    "DescribeGameSessionsOutput",
    &[
        optional("GameSessions", &GAME_SESSION_LIST),
        optional("NextToken", &NON_ZERO_AND_MAX_STRING),
    ],
);

pub(crate) static DESCRIBE_INSTANCES_INPUT: Shape = Shape::structure(
    "DescribeInstancesInput",
    &[
        required("FleetId", &FLEET_ID_OR_ARN),
        optional("InstanceId", &INSTANCE_ID),
        optional("Limit", &POSITIVE_INTEGER),
        optional("NextToken", &NON_ZERO_AND_MAX_STRING),
        optional("Location", &LOCATION_STRING_MODEL),
    ],
);

pub(crate) static DESCRIBE_INSTANCES_OUTPUT: Shape = Shape::structure(
    "DescribeInstancesOutput",
    &[
        optional("Instances", &INSTANCE_LIST),
        optional("NextToken", &NON_ZERO_AND_MAX_STRING),
    ],
);

pub(crate) static DESCRIBE_MATCHMAKING_CONFIGURATIONS_INPUT: Shape = Shape::structure(
    "DescribeMatchmakingConfigurationsInput",
    &[
        optional("Names", &MATCHMAKING_CONFIGURATION_NAME_LIST),
        optional("RuleSetName", &MATCHMAKING_RULE_SET_NAME),
        optional("Limit", &POSITIVE_INTEGER),
        optional("NextToken", &NON_ZERO_AND_MAX_STRING),
    ],
);

pub(crate) static DESCRIBE_MATCHMAKING_CONFIGURATIONS_OUTPUT: Shape = Shape::structure(
    "DescribeMatchmakingConfigurationsOutput",
    &[
        optional("Configurations", &MATCHMAKING_CONFIGURATION_LIST),
        optional("NextToken", &NON_ZERO_AND_MAX_STRING),
    ],
);

pub(crate) static DESCRIBE_MATCHMAKING_INPUT: Shape = Shape::structure(
    "DescribeMatchmakingInput",
    &[required("TicketIds", &MATCHMAKING_ID_LIST)],
);

pub(crate) static DESCRIBE_MATCHMAKING_OUTPUT: Shape = Shape::structure(
    "DescribeMatchmakingOutput",
    &[optional("TicketList", &MATCHMAKING_TICKET_LIST)],
);

pub(crate) static DESCRIBE_MATCHMAKING_RULE_SETS_INPUT: Shape = Shape::structure(
    "DescribeMatchmakingRuleSetsInput",
    &[
        optional("Names", &MATCHMAKING_RULE_SET_NAME_LIST),
        optional("Limit", &RULE_SET_LIMIT),
        optional("NextToken", &NON_ZERO_AND_MAX_STRING),
    ],
);

pub(crate) static DESCRIBE_MATCHMAKING_RULE_SETS_OUTPUT: Shape = Shape::structure(
    "DescribeMatchmakingRuleSetsOutput",
    &[
        required("RuleSets", &MATCHMAKING_RULE_SET_LIST),
        optional("NextToken", &NON_ZERO_AND_MAX_STRING),
    ],
);

pub(crate) static DESCRIBE_PLAYER_SESSIONS_INPUT: Shape = Shape::structure(
    "DescribePlayerSessionsInput",
    &[
        optional("GameSessionId", &ARN_STRING_MODEL),
        optional("PlayerId", &PLAYER_ID),
        optional("PlayerSessionId", &PLAYER_SESSION_ID),
        optional("PlayerSessionStatusFilter", &NON_ZERO_AND_MAX_STRING),
        optional("Limit", &POSITIVE_INTEGER),
        optional("NextToken", &NON_ZERO_AND_MAX_STRING),
    ],
);

pub(crate) static DESCRIBE_PLAYER_SESSIONS_OUTPUT: Shape = Shape::structure(
    "DescribePlayerSessionsOutput",
    &[
        optional("PlayerSessions", &PLAYER_SESSION_LIST),
        optional("NextToken", &NON_ZERO_AND_MAX_STRING),
    ],
);

pub(crate) static DESCRIBE_RUNTIME_CONFIGURATION_INPUT: Shape = Shape::structure(
    "DescribeRuntimeConfigurationInput",
    &[required("FleetId", &FLEET_ID_OR_ARN)],
);

pub(crate) static DESCRIBE_RUNTIME_CONFIGURATION_OUTPUT: Shape = Shape::structure(
    "DescribeRuntimeConfigurationOutput",
    &[optional("RuntimeConfiguration", &RUNTIME_CONFIGURATION)],
);

pub(crate) static DESCRIBE_SCALING_POLICIES_INPUT: Shape = Shape::structure(
    "DescribeScalingPoliciesInput",
    &[
        required("FleetId", &FLEET_ID_OR_ARN),
        optional("StatusFilter", &SCALING_STATUS_TYPE),
        optional("Limit", &POSITIVE_INTEGER),
        optional("NextToken", &NON_ZERO_AND_MAX_STRING),
        optional("Location", &LOCATION_STRING_MODEL),
    ],
);

pub(crate) static DESCRIBE_SCALING_POLICIES_OUTPUT: Shape = Shape::structure(
    "DescribeScalingPoliciesOutput",
    &[
        optional("ScalingPolicies", &SCALING_POLICY_LIST),
        optional("NextToken", &NON_ZERO_AND_MAX_STRING),
    ],
);

pub(crate) static DESCRIBE_SCRIPT_INPUT: Shape = Shape::structure(
    "DescribeScriptInput",
    &[required("ScriptId", &SCRIPT_ID_OR_ARN)],
);

pub(crate) static DESCRIBE_SCRIPT_OUTPUT: Shape =
    Shape::structure("DescribeScriptOutput", &[optional("Script", &SCRIPT)]);

pub(crate) static DESIRED_PLAYER_SESSION: Shape = Shape::structure(
    "DesiredPlayerSession",
    &[
        optional("PlayerId", &PLAYER_ID),
        optional("PlayerData", &PLAYER_DATA),
    ],
);

pub(crate) static EC2_INSTANCE_COUNTS: Shape = Shape::structure(
    "EC2InstanceCounts",
    &[
        optional("DESIRED", &WHOLE_NUMBER),
        optional("MINIMUM", &WHOLE_NUMBER),
        optional("MAXIMUM", &WHOLE_NUMBER),
        optional("PENDING", &WHOLE_NUMBER),
        optional("ACTIVE", &WHOLE_NUMBER),
        optional("IDLE", &WHOLE_NUMBER),
        optional("TERMINATING", &WHOLE_NUMBER),
    ],
);

pub(crate) static EC2_INSTANCE_LIMIT: Shape = Shape::structure(
    "EC2InstanceLimit",
    &[
        optional("EC2InstanceType", &EC2_INSTANCE_TYPE),
        optional("CurrentInstances", &WHOLE_NUMBER),
        optional("InstanceLimit", &WHOLE_NUMBER),
        optional("Location", &LOCATION_STRING_MODEL),
    ],
);

pub(crate) static EVENT: Shape = Shape::structure(
    "Event",
    &[
        optional("EventId", &NON_ZERO_AND_MAX_STRING),
        optional("ResourceId", &NON_ZERO_AND_MAX_STRING),
        optional("EventCode", &EVENT_CODE),
        optional("Message", &NON_EMPTY_STRING),
        optional("EventTime", &TIMESTAMP),
        optional("PreSignedLogUrl", &NON_ZERO_AND_MAX_STRING),
        optional("Count", &EVENT_COUNT),
    ],
)
.sensitive();

pub(crate) static FILTER_CONFIGURATION: Shape = Shape::structure(
    "FilterConfiguration",
    &[optional("AllowedLocations", &LOCATION_LIST)],
);

pub(crate) static FLEET_ATTRIBUTES: Shape = Shape::structure(
    "FleetAttributes",
    &[
        optional("FleetId", &FLEET_ID),
        optional("FleetArn", &FLEET_ARN),
        optional("FleetType", &FLEET_TYPE),
        optional("InstanceType", &EC2_INSTANCE_TYPE),
        optional("Description", &NON_ZERO_AND_MAX_STRING),
        optional("Name", &NON_ZERO_AND_MAX_STRING),
        optional("CreationTime", &TIMESTAMP),
        optional("TerminationTime", &TIMESTAMP),
        optional("Status", &FLEET_STATUS),
        optional("BuildId", &BUILD_ID),
        optional("BuildArn", &BUILD_ARN),
        optional("ScriptId", &SCRIPT_ID),
        optional("ScriptArn", &SCRIPT_ARN),
        optional("ServerLaunchPath", &LAUNCH_PATH_STRING_MODEL),
        optional("ServerLaunchParameters", &LAUNCH_PARAMETERS_STRING_MODEL),
        optional("LogPaths", &STRING_LIST),
        optional("NewGameSessionProtectionPolicy", &PROTECTION_POLICY),
        optional("OperatingSystem", &OPERATING_SYSTEM),
        optional(
            "ResourceCreationLimitPolicy",
            &RESOURCE_CREATION_LIMIT_POLICY,
        ),
        optional("MetricGroups", &METRIC_GROUP_LIST),
        optional("StoppedActions", &FLEET_ACTION_LIST),
        optional("InstanceRoleArn", &NON_EMPTY_STRING),
        optional("CertificateConfiguration", &CERTIFICATE_CONFIGURATION),
        optional("ComputeType", &COMPUTE_TYPE),
        optional("AnywhereConfiguration", &ANYWHERE_CONFIGURATION),
        optional(
            "InstanceRoleCredentialsProvider",
            &INSTANCE_ROLE_CREDENTIALS_PROVIDER,
        ),
        optional("PlayerGatewayMode", &PLAYER_GATEWAY_MODE),
        optional("PlayerGatewayConfiguration", &PLAYER_GATEWAY_CONFIGURATION),
    ],
);

pub(crate) static FLEET_CAPACITY: Shape = Shape::structure(
    "FleetCapacity",
    &[
        optional("FleetId", &FLEET_ID),
        optional("FleetArn", &FLEET_ARN),
        optional("InstanceType", &EC2_INSTANCE_TYPE),
        optional("InstanceCounts", &EC2_INSTANCE_COUNTS),
        optional("Location", &LOCATION_STRING_MODEL),
        optional(
            "GameServerContainerGroupCounts",
            &GAME_SERVER_CONTAINER_GROUP_COUNTS,
        ),
        optional(
            "ManagedCapacityConfiguration",
            &MANAGED_CAPACITY_CONFIGURATION,
        ),
    ],
);

pub(crate) static FLEET_UTILIZATION: Shape = Shape::structure(
    "FleetUtilization",
    &[
        optional("FleetId", &FLEET_ID),
        optional("FleetArn", &FLEET_ARN),
        optional("ActiveServerProcessCount", &WHOLE_NUMBER),
        optional("ActiveGameSessionCount", &WHOLE_NUMBER),
        optional("CurrentPlayerSessionCount", &WHOLE_NUMBER),
        optional("MaximumPlayerSessionCount", &WHOLE_NUMBER),
        optional("Location", &LOCATION_STRING_MODEL),
    ],
);

pub(crate) static GAME_PROPERTY: Shape = Shape::structure(
    "GameProperty",
    &[
        required("Key", &GAME_PROPERTY_KEY),
        required("Value", &GAME_PROPERTY_VALUE),
    ],
);

pub(crate) static GAME_SERVER_CONTAINER_GROUP_COUNTS: Shape = Shape::structure(
    "GameServerContainerGroupCounts",
    &[
        optional("PENDING", &WHOLE_NUMBER),
        optional("ACTIVE", &WHOLE_NUMBER),
        optional("IDLE", &WHOLE_NUMBER),
        optional("TERMINATING", &WHOLE_NUMBER),
    ],
);

pub(crate) static GAME_SESSION: Shape = Shape::structure(
    "GameSession",
    &[
        optional("GameSessionId", &NON_ZERO_AND_MAX_STRING),
        optional("Name", &NON_ZERO_AND_MAX_STRING),
        optional("FleetId", &FLEET_ID),
        optional("FleetArn", &FLEET_ARN),
        optional("CreationTime", &TIMESTAMP),
        optional("TerminationTime", &TIMESTAMP),
        optional("CurrentPlayerSessionCount", &WHOLE_NUMBER),
        optional("MaximumPlayerSessionCount", &WHOLE_NUMBER),
        optional("Status", &GAME_SESSION_STATUS),
        optional("StatusReason", &GAME_SESSION_STATUS_REASON),
        optional("GameProperties", &GAME_PROPERTY_LIST),
        optional("IpAddress", &IP_ADDRESS),
        optional("DnsName", &DNS_NAME),
        optional("Port", &PORT_NUMBER),
        optional(
            "PlayerSessionCreationPolicy",
            &PLAYER_SESSION_CREATION_POLICY,
        ),
        optional("CreatorId", &NON_ZERO_AND_MAX_STRING),
        optional("GameSessionData", &LARGE_GAME_SESSION_DATA),
        optional("MatchmakerData", &MATCHMAKER_DATA),
        optional("Location", &LOCATION_STRING_MODEL),
        optional("ComputeName", &COMPUTE_NAME),
        optional("PlayerGatewayStatus", &PLAYER_GATEWAY_STATUS),
    ],
);

pub(crate) static GAME_SESSION_CONNECTION_INFO: Shape = Shape::structure(
    "GameSessionConnectionInfo",
    &[
        optional("GameSessionArn", &ARN_STRING_MODEL),
        optional("IpAddress", &IP_ADDRESS),
        optional("DnsName", &DNS_NAME),
        optional("Port", &POSITIVE_INTEGER),
        optional("MatchedPlayerSessions", &MATCHED_PLAYER_SESSION_LIST),
        optional("PlayerGatewayStatus", &PLAYER_GATEWAY_STATUS),
    ],
);

pub(crate) static GAME_SESSION_DETAIL: Shape = Shape::structure(
    "GameSessionDetail",
    &[
        optional("GameSession", &GAME_SESSION),
        optional("ProtectionPolicy", &PROTECTION_POLICY),
    ],
);

pub(crate) static GAME_SESSION_PLACEMENT: Shape = Shape::structure(
    "GameSessionPlacement",
    &[
        optional("PlacementId", &ID_STRING_MODEL),
        optional("GameSessionQueueName", &GAME_SESSION_QUEUE_NAME),
        optional("Status", &GAME_SESSION_PLACEMENT_STATE),
        optional("GameProperties", &GAME_PROPERTY_LIST),
        optional("MaximumPlayerSessionCount", &WHOLE_NUMBER),
        optional("GameSessionName", &NON_ZERO_AND_MAX_STRING),
        optional("GameSessionId", &NON_ZERO_AND_MAX_STRING),
        optional("GameSessionArn", &NON_ZERO_AND_MAX_STRING),
        optional("GameSessionRegion", &NON_ZERO_AND_MAX_STRING),
        optional("PlayerLatencies", &PLAYER_LATENCY_LIST),
        optional("StartTime", &TIMESTAMP),
        optional("EndTime", &TIMESTAMP),
        optional("IpAddress", &IP_ADDRESS),
        optional("DnsName", &DNS_NAME),
        optional("Port", &PORT_NUMBER),
        optional("PlacedPlayerSessions", &PLACED_PLAYER_SESSION_LIST),
        optional("GameSessionData", &LARGE_GAME_SESSION_DATA),
        optional("MatchmakerData", &MATCHMAKER_DATA),
        optional(
            "PriorityConfigurationOverride",
            &PRIORITY_CONFIGURATION_OVERRIDE,
        ),
        optional("PlayerGatewayStatus", &PLAYER_GATEWAY_STATUS),
    ],
);

pub(crate) static GAME_SESSION_QUEUE: Shape = Shape::structure(
    "GameSessionQueue",
    &[
        optional("Name", &GAME_SESSION_QUEUE_NAME),
        optional("GameSessionQueueArn", &GAME_SESSION_QUEUE_ARN),
        optional("TimeoutInSeconds", &WHOLE_NUMBER),
        optional("PlayerLatencyPolicies", &PLAYER_LATENCY_POLICY_LIST),
        optional("Destinations", &GAME_SESSION_QUEUE_DESTINATION_LIST),
        optional("FilterConfiguration", &FILTER_CONFIGURATION),
        optional("PriorityConfiguration", &PRIORITY_CONFIGURATION),
        optional("CustomEventData", &QUEUE_CUSTOM_EVENT_DATA),
        optional("NotificationTarget", &QUEUE_SNS_ARN_STRING_MODEL),
        optional("LogConfiguration", &GAME_SESSION_QUEUE_LOG_CONFIGURATION),
    ],
);

pub(crate) static GAME_SESSION_QUEUE_DESTINATION: Shape = Shape::structure(
    "GameSessionQueueDestination",
    &[optional("DestinationArn", &ARN_STRING_MODEL)],
);

pub(crate) static GAME_SESSION_QUEUE_LOG_CONFIGURATION: Shape = Shape::structure(
    "GameSessionQueueLogConfiguration",
    &[required(
        "DeliveryDestinations",
        &LOG_DELIVERY_DESTINATION_LIST,
    )],
);

pub(crate) static GET_COMPUTE_ACCESS_INPUT: Shape = Shape::structure(
    "GetComputeAccessInput",
    &[
        required("FleetId", &FLEET_ID_OR_ARN),
        required("ComputeName", &COMPUTE_NAME_OR_ARN),
    ],
);

pub(crate) static GET_COMPUTE_ACCESS_OUTPUT: Shape = Shape::structure(
    "GetComputeAccessOutput",
    &[
        optional("FleetId", &FLEET_ID_OR_ARN),
        optional("FleetArn", &FLEET_ARN),
        optional("ComputeName", &COMPUTE_NAME_OR_ARN),
        optional("ComputeArn", &COMPUTE_ARN),
        optional("Credentials", &AWS_CREDENTIALS),
        optional("Target", &SESSION_TARGET),
        optional("ContainerIdentifiers", &CONTAINER_IDENTIFIER_LIST),
    ],
);

pub(crate) static GET_COMPUTE_AUTH_TOKEN_INPUT: Shape = Shape::structure(
    "GetComputeAuthTokenInput",
    &[
        required("FleetId", &FLEET_ID_OR_ARN),
        required("ComputeName", &COMPUTE_NAME_OR_ARN),
    ],
);

pub(crate) static GET_COMPUTE_AUTH_TOKEN_OUTPUT: Shape = Shape::structure(
    "GetComputeAuthTokenOutput",
    &[
        optional("FleetId", &FLEET_ID_OR_ARN),
        optional("FleetArn", &FLEET_ARN),
        optional("ComputeName", &COMPUTE_NAME_OR_ARN),
        optional("ComputeArn", &COMPUTE_ARN),
        optional("AuthToken", &COMPUTE_AUTH_TOKEN),
        optional("ExpirationTimestamp", &TIMESTAMP),
    ],
);

pub(crate) static GET_GAME_SESSION_LOG_URL_INPUT: Shape = Shape::structure(
    "GetGameSessionLogUrlInput",
    &[required("GameSessionId", &ARN_STRING_MODEL)],
);

pub(crate) static GET_GAME_SESSION_LOG_URL_OUTPUT: Shape = Shape::structure(
    "GetGameSessionLogUrlOutput",
    &[optional("PreSignedUrl", &NON_ZERO_AND_MAX_STRING)],
)
.sensitive();

pub(crate) static GET_INSTANCE_ACCESS_INPUT: Shape = Shape::structure(
    "GetInstanceAccessInput",
    &[
        required("FleetId", &FLEET_ID_OR_ARN),
        required("InstanceId", &INSTANCE_ID),
    ],
);

pub(crate) static GET_INSTANCE_ACCESS_OUTPUT: Shape = Shape::structure(
    "GetInstanceAccessOutput",
    &[optional("InstanceAccess", &INSTANCE_ACCESS)],
);

pub(crate) static GET_PLAYER_CONNECTION_DETAILS_INPUT: Shape = Shape::structure(
    "GetPlayerConnectionDetailsInput",
    &[
        required("GameSessionId", &ARN_STRING_MODEL),
        required("PlayerIds", &PLAYER_ID_LIST),
    ],
);

pub(crate) static GET_PLAYER_CONNECTION_DETAILS_OUTPUT: Shape = Shape::structure(
    "GetPlayerConnectionDetailsOutput",
    &[
        optional("GameSessionId", &ARN_STRING_MODEL),
        optional("PlayerConnectionDetails", &PLAYER_CONNECTION_DETAIL_LIST),
    ],
);

pub(crate) static INSTANCE: Shape = Shape::structure(
    "Instance",
    &[
        optional("FleetId", &FLEET_ID),
        optional("FleetArn", &FLEET_ARN),
        optional("InstanceId", &INSTANCE_ID),
        optional("IpAddress", &IP_ADDRESS),
        optional("DnsName", &DNS_NAME),
        optional("OperatingSystem", &OPERATING_SYSTEM),
        optional("Type", &EC2_INSTANCE_TYPE),
        optional("Status", &INSTANCE_STATUS),
        optional("CreationTime", &TIMESTAMP),
        optional("Location", &LOCATION_STRING_MODEL),
    ],
);

pub(crate) static INSTANCE_ACCESS: Shape = Shape::structure(
    "InstanceAccess",
    &[
        optional("FleetId", &FLEET_ID),
        optional("InstanceId", &INSTANCE_ID),
        optional("IpAddress", &IP_ADDRESS),
        optional("OperatingSystem", &OPERATING_SYSTEM),
        optional("Credentials", &INSTANCE_CREDENTIALS),
    ],
);

pub(crate) static INSTANCE_CREDENTIALS: Shape = Shape::structure(
    "InstanceCredentials",
    &[
        optional("UserName", &NON_EMPTY_STRING),
        optional("Secret", &NON_EMPTY_STRING),
    ],
)
.sensitive();

pub(crate) static IP_PERMISSION: Shape = Shape::structure(
    "IpPermission",
    &[
        required("FromPort", &PORT_NUMBER),
        required("ToPort", &PORT_NUMBER),
        required("IpRange", &IP_RANGE),
        required("Protocol", &IP_PROTOCOL),
    ],
);

pub(crate) static LIST_ALIASES_INPUT: Shape = Shape::structure(
    "ListAliasesInput",
    &[
        optional("RoutingStrategyType", &ROUTING_STRATEGY_TYPE),
        optional("Name", &NON_EMPTY_STRING),
        optional("Limit", &POSITIVE_INTEGER),
        optional("NextToken", &NON_EMPTY_STRING),
    ],
);

pub(crate) static LIST_ALIASES_OUTPUT: Shape = Shape::structure(
    "ListAliasesOutput",
    &[
        optional("Aliases", &ALIAS_LIST),
        optional("NextToken", &NON_EMPTY_STRING),
    ],
);

pub(crate) static LIST_BUILDS_INPUT: Shape = Shape::structure(
    "ListBuildsInput",
    &[
        optional("Status", &BUILD_STATUS),
        optional("Limit", &POSITIVE_INTEGER),
        optional("NextToken", &NON_EMPTY_STRING),
    ],
);

pub(crate) static LIST_BUILDS_OUTPUT: Shape = Shape::structure(
    "ListBuildsOutput",
    &[
        optional("Builds", &BUILD_LIST),
        optional("NextToken", &NON_EMPTY_STRING),
    ],
);

pub(crate) static LIST_COMPUTE_INPUT: Shape = Shape::structure(
    "ListComputeInput",
    &[
        required("FleetId", &FLEET_ID_OR_ARN),
        optional("Location", &LOCATION_STRING_MODEL),
        optional(
            "ContainerGroupDefinitionName",
            &CONTAINER_GROUP_DEFINITION_NAME_OR_ARN,
        ),
        optional("ComputeStatus", &LIST_COMPUTE_INPUT_STATUS),
        optional("Limit", &POSITIVE_INTEGER),
        optional("NextToken", &NON_ZERO_AND_MAX_STRING),
    ],
);

pub(crate) static LIST_COMPUTE_OUTPUT: Shape = Shape::structure(
    "ListComputeOutput",
    &[
        optional("ComputeList", &COMPUTE_LIST),
        optional("NextToken", &NON_ZERO_AND_MAX_STRING),
    ],
);

pub(crate) static LIST_FLEETS_INPUT: Shape = Shape::structure(
    "ListFleetsInput",
    &[
        optional("BuildId", &BUILD_ID_OR_ARN),
        optional("ScriptId", &SCRIPT_ID_OR_ARN),
        optional("Limit", &POSITIVE_INTEGER),
        optional("NextToken", &NON_ZERO_AND_MAX_STRING),
    ],
);

pub(crate) static LIST_FLEETS_OUTPUT: Shape = Shape::structure(
    "ListFleetsOutput",
    &[
        optional("FleetIds", &FLEET_ID_LIST),
        optional("NextToken", &NON_ZERO_AND_MAX_STRING),
    ],
);

pub(crate) static LIST_LOCATIONS_INPUT: Shape = Shape::structure(
    "ListLocationsInput",
    &[
        optional("Filters", &LOCATION_FILTER_LIST),
        optional("Limit", &LIST_LOCATIONS_LIMIT),
        optional("NextToken", &NON_ZERO_AND_MAX_STRING),
    ],
);

pub(crate) static LIST_LOCATIONS_OUTPUT: Shape = Shape::structure(
    "ListLocationsOutput",
    &[
        optional("Locations", &LOCATION_MODEL_LIST),
        optional("NextToken", &NON_ZERO_AND_MAX_STRING),
    ],
);

pub(crate) static LIST_SCRIPTS_INPUT: Shape = Shape::structure(
    "ListScriptsInput",
    &[
        optional("Limit", &POSITIVE_INTEGER),
        optional("NextToken", &NON_EMPTY_STRING),
    ],
);

pub(crate) static LIST_SCRIPTS_OUTPUT: Shape = Shape::structure(
    "ListScriptsOutput",
    &[
        optional("Scripts", &SCRIPT_LIST),
        optional("NextToken", &NON_EMPTY_STRING),
    ],
);

pub(crate) static LIST_TAGS_FOR_RESOURCE_INPUT: Shape = Shape::structure(
    "ListTagsForResourceInput",
    &[required("ResourceARN", &AMAZON_RESOURCE_NAME)],
);

pub(crate) static LIST_TAGS_FOR_RESOURCE_OUTPUT: Shape =
    Shape::structure("ListTagsForResourceOutput", &[optional("Tags", &TAG_LIST)]);

pub(crate) static LOCATION_ATTRIBUTES: Shape = Shape::structure(
    "LocationAttributes",
    &[
        optional("LocationState", &LOCATION_STATE),
        optional("StoppedActions", &FLEET_ACTION_LIST),
        optional("UpdateStatus", &LOCATION_UPDATE_STATUS),
    ],
);
