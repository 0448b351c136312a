//! Generated from core/api/model by `cargo xtask bless`; change the facts there, not here.

use super::*;
use crate::schema::{Shape, optional, required};

pub(crate) static ACCEPT_MATCH_INPUT: Shape = Shape::structure(
    "AcceptMatchInput",
    &[
        required("TicketId", &MATCHMAKING_ID_STRING_MODEL),
        required("PlayerIds", &PLAYER_IDS_FOR_ACCEPT_MATCH),
        required("AcceptanceType", &ACCEPTANCE_TYPE),
    ],
);

pub(crate) static ACCEPT_MATCH_OUTPUT: Shape = Shape::structure("AcceptMatchOutput", &[]);

pub(crate) static ALIAS: Shape = Shape::structure(
    "Alias",
    &[
        optional("AliasId", &ALIAS_ID),
        optional("Name", &NON_BLANK_AND_LENGTH_CONSTRAINT_STRING),
        optional("AliasArn", &ALIAS_ARN),
        optional("Description", &FREE_TEXT),
        optional("RoutingStrategy", &ROUTING_STRATEGY),
        optional("CreationTime", &TIMESTAMP),
        optional("LastUpdatedTime", &TIMESTAMP),
    ],
);

pub(crate) static ANYWHERE_CONFIGURATION: Shape = Shape::structure(
    "AnywhereConfiguration",
    &[required("Cost", &NON_NEGATIVE_LIMITED_LENGTH_DOUBLE)],
);

pub(crate) static ATTRIBUTE_VALUE: Shape = Shape::structure(
    "AttributeValue",
    &[
        optional("S", &PLAYER_ATTRIBUTE_STRING),
        optional("N", &DOUBLE_OBJECT),
        optional("SL", &PLAYER_ATTRIBUTE_STRING_LIST),
        optional("SDM", &PLAYER_ATTRIBUTE_STRING_DOUBLE_MAP),
    ],
);

pub(crate) static AWS_CREDENTIALS: Shape = Shape::structure(
    "AwsCredentials",
    &[
        optional("AccessKeyId", &NON_EMPTY_STRING),
        optional("SecretAccessKey", &NON_EMPTY_STRING),
        optional("SessionToken", &NON_EMPTY_STRING),
    ],
)
.sensitive();

pub(crate) static BUILD: Shape = Shape::structure(
    "Build",
    &[
        optional("BuildId", &BUILD_ID),
        optional("BuildArn", &BUILD_ARN),
        optional("Name", &FREE_TEXT),
        optional("Version", &FREE_TEXT),
        optional("Status", &BUILD_STATUS),
        optional("SizeOnDisk", &WHOLE_NUMBER_LONG),
        optional("OperatingSystem", &OPERATING_SYSTEM),
        optional("CreationTime", &TIMESTAMP),
        optional("ServerSdkVersion", &SERVER_SDK_VERSION),
    ],
);

pub(crate) static CERTIFICATE_CONFIGURATION: Shape = Shape::structure(
    "CertificateConfiguration",
    &[required("CertificateType", &CERTIFICATE_TYPE)],
);

pub(crate) static COMPUTE: Shape = Shape::structure(
    "Compute",
    &[
        optional("FleetId", &FLEET_ID),
        optional("FleetArn", &FLEET_ARN),
        optional("ComputeName", &COMPUTE_NAME),
        optional("ComputeArn", &COMPUTE_ARN),
        optional("IpAddress", &IP_ADDRESS),
        optional("DnsName", &DNS_NAME),
        optional("ComputeStatus", &COMPUTE_STATUS),
        optional("Location", &LOCATION_STRING_MODEL),
        optional("CreationTime", &TIMESTAMP),
        optional("OperatingSystem", &OPERATING_SYSTEM),
        optional("Type", &EC2_INSTANCE_TYPE),
        optional(
            "GameLiftServiceSdkEndpoint",
            &GAME_LIFT_SERVICE_SDK_ENDPOINT_OUTPUT,
        ),
        optional("GameLiftAgentEndpoint", &GAME_LIFT_AGENT_ENDPOINT_OUTPUT),
        optional("InstanceId", &INSTANCE_ID),
        optional("ContainerAttributes", &CONTAINER_ATTRIBUTES),
        optional(
            "GameServerContainerGroupDefinitionArn",
            &CONTAINER_GROUP_DEFINITION_NAME_OR_ARN,
        ),
    ],
);

pub(crate) static CONTAINER_ATTRIBUTE: Shape = Shape::structure(
    "ContainerAttribute",
    &[
        optional("ContainerName", &NON_ZERO_AND128_MAX_ASCII_STRING),
        optional("ContainerRuntimeId", &NON_EMPTY_STRING),
    ],
);

pub(crate) static CONTAINER_IDENTIFIER: Shape = Shape::structure(
    "ContainerIdentifier",
    &[
        optional("ContainerName", &NON_ZERO_AND128_MAX_ASCII_STRING),
        optional("ContainerRuntimeId", &NON_EMPTY_STRING),
    ],
);

pub(crate) static CREATE_ALIAS_INPUT: Shape = Shape::structure(
    "CreateAliasInput",
    &[
        required("Name", &NON_BLANK_AND_LENGTH_CONSTRAINT_STRING),
        optional("Description", &NON_ZERO_AND_MAX_STRING),
        required("RoutingStrategy", &ROUTING_STRATEGY),
        optional("Tags", &TAG_LIST),
    ],
);

pub(crate) static CREATE_ALIAS_OUTPUT: Shape =
    Shape::structure("CreateAliasOutput", &[optional("Alias", &ALIAS)]);

pub(crate) static CREATE_BUILD_INPUT: Shape = Shape::structure(
    "CreateBuildInput",
    &[
        optional("Name", &NON_ZERO_AND_MAX_STRING),
        optional("Version", &NON_ZERO_AND_MAX_STRING),
        optional("StorageLocation", &S3_LOCATION),
        optional("OperatingSystem", &OPERATING_SYSTEM),
        optional("Tags", &TAG_LIST),
        optional("ServerSdkVersion", &SERVER_SDK_VERSION),
    ],
);

pub(crate) static CREATE_BUILD_OUTPUT: Shape = Shape::structure(
    "CreateBuildOutput",
    &[
        optional("Build", &BUILD),
        optional("UploadCredentials", &AWS_CREDENTIALS),
        optional("StorageLocation", &S3_LOCATION),
    ],
);

pub(crate) static CREATE_FLEET_INPUT: Shape = Shape::structure(
    "CreateFleetInput",
    &[
        required("Name", &NON_ZERO_AND_MAX_STRING),
        optional("Description", &NON_ZERO_AND_MAX_STRING),
        optional("BuildId", &BUILD_ID_OR_ARN),
        optional("ScriptId", &SCRIPT_ID_OR_ARN),
        optional("ServerLaunchPath", &LAUNCH_PATH_STRING_MODEL),
        optional("ServerLaunchParameters", &LAUNCH_PARAMETERS_STRING_MODEL),
        optional("LogPaths", &STRING_LIST),
        optional("EC2InstanceType", &EC2_INSTANCE_TYPE),
        optional("EC2InboundPermissions", &IP_PERMISSIONS_LIST),
        optional("NewGameSessionProtectionPolicy", &PROTECTION_POLICY),
        optional("RuntimeConfiguration", &RUNTIME_CONFIGURATION),
        optional(
            "ResourceCreationLimitPolicy",
            &RESOURCE_CREATION_LIMIT_POLICY,
        ),
        optional("MetricGroups", &METRIC_GROUP_LIST),
        optional("PeerVpcAwsAccountId", &NON_ZERO_AND_MAX_STRING),
        optional("PeerVpcId", &NON_ZERO_AND_MAX_STRING),
        optional("FleetType", &FLEET_TYPE),
        optional("InstanceRoleArn", &NON_EMPTY_STRING),
        optional("CertificateConfiguration", &CERTIFICATE_CONFIGURATION),
        optional("Locations", &LOCATION_CONFIGURATION_LIST),
        optional("Tags", &TAG_LIST),
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

pub(crate) static CREATE_FLEET_LOCATIONS_INPUT: Shape = Shape::structure(
    "CreateFleetLocationsInput",
    &[
        required("FleetId", &FLEET_ID_OR_ARN),
        required("Locations", &LOCATION_CONFIGURATION_LIST),
    ],
);

pub(crate) static CREATE_FLEET_LOCATIONS_OUTPUT: Shape = Shape::structure(
    "CreateFleetLocationsOutput",
    &[
        optional("FleetId", &FLEET_ID_OR_ARN),
        optional("FleetArn", &FLEET_ARN),
        optional("LocationStates", &LOCATION_STATE_LIST),
    ],
);

pub(crate) static CREATE_FLEET_OUTPUT: Shape = Shape::structure(
    "CreateFleetOutput",
    &[
        optional("FleetAttributes", &FLEET_ATTRIBUTES),
        optional("LocationStates", &LOCATION_STATE_LIST),
    ],
);

pub(crate) static CREATE_GAME_SESSION_INPUT: Shape = Shape::structure(
    "CreateGameSessionInput",
    &[
        optional("FleetId", &FLEET_ID_OR_ARN),
        optional("AliasId", &ALIAS_ID_OR_ARN),
        required("MaximumPlayerSessionCount", &WHOLE_NUMBER),
        optional("Name", &NON_ZERO_AND_MAX_STRING),
        optional("GameProperties", &GAME_PROPERTY_LIST),
        optional("CreatorId", &NON_ZERO_AND_MAX_STRING),
        optional("GameSessionId", &ID_STRING_MODEL),
        optional("IdempotencyToken", &ID_STRING_MODEL),
        optional("GameSessionData", &LARGE_GAME_SESSION_DATA),
        optional("Location", &LOCATION_STRING_MODEL),
    ],
);

pub(crate) static CREATE_GAME_SESSION_OUTPUT: Shape = Shape::structure(
    "CreateGameSessionOutput",
    &[optional("GameSession", &GAME_SESSION)],
);

pub(crate) static CREATE_GAME_SESSION_QUEUE_INPUT: Shape = Shape::structure(
    "CreateGameSessionQueueInput",
    &[
        required("Name", &GAME_SESSION_QUEUE_NAME),
        optional("TimeoutInSeconds", &WHOLE_NUMBER),
        optional("PlayerLatencyPolicies", &PLAYER_LATENCY_POLICY_LIST),
        optional("Destinations", &GAME_SESSION_QUEUE_DESTINATION_LIST),
        optional("FilterConfiguration", &FILTER_CONFIGURATION),
        optional("PriorityConfiguration", &PRIORITY_CONFIGURATION),
        optional("CustomEventData", &QUEUE_CUSTOM_EVENT_DATA),
        optional("NotificationTarget", &QUEUE_SNS_ARN_STRING_MODEL),
        optional("Tags", &TAG_LIST),
        optional("LogConfiguration", &GAME_SESSION_QUEUE_LOG_CONFIGURATION),
    ],
);

pub(crate) static CREATE_GAME_SESSION_QUEUE_OUTPUT: Shape = Shape::structure(
    "CreateGameSessionQueueOutput",
    &[optional("GameSessionQueue", &GAME_SESSION_QUEUE)],
);

pub(crate) static CREATE_LOCATION_INPUT: Shape = Shape::structure(
    "CreateLocationInput",
    &[
        required("LocationName", &CUSTOM_INPUT_LOCATION_STRING_MODEL),
        optional("Tags", &TAG_LIST),
    ],
);

pub(crate) static CREATE_LOCATION_OUTPUT: Shape = Shape::structure(
    "CreateLocationOutput",
    &[optional("Location", &LOCATION_MODEL)],
);

pub(crate) static CREATE_MATCHMAKING_CONFIGURATION_INPUT: Shape = Shape::structure(
    "CreateMatchmakingConfigurationInput",
    &[
        required("Name", &MATCHMAKING_ID_STRING_MODEL),
        optional("Description", &NON_ZERO_AND_MAX_STRING),
        optional("GameSessionQueueArns", &QUEUE_ARNS_LIST),
        required(
            "RequestTimeoutSeconds",
            &MATCHMAKING_REQUEST_TIMEOUT_INTEGER,
        ),
        optional(
            "AcceptanceTimeoutSeconds",
            &MATCHMAKING_ACCEPTANCE_TIMEOUT_INTEGER,
        ),
        required("AcceptanceRequired", &BOOLEAN_MODEL),
        required("RuleSetName", &MATCHMAKING_RULE_SET_NAME),
        optional("NotificationTarget", &SNS_ARN_STRING_MODEL),
        optional("AdditionalPlayerCount", &WHOLE_NUMBER),
        optional("CustomEventData", &CUSTOM_EVENT_DATA),
        optional("GameProperties", &GAME_PROPERTY_LIST),
        optional("GameSessionData", &GAME_SESSION_DATA),
        optional("BackfillMode", &BACKFILL_MODE),
        optional("FlexMatchMode", &FLEX_MATCH_MODE),
        optional("Tags", &TAG_LIST),
    ],
);

pub(crate) static CREATE_MATCHMAKING_CONFIGURATION_OUTPUT: Shape = Shape::structure(
    "CreateMatchmakingConfigurationOutput",
    &[optional("Configuration", &MATCHMAKING_CONFIGURATION)],
);

pub(crate) static CREATE_MATCHMAKING_RULE_SET_INPUT: Shape = Shape::structure(
    "CreateMatchmakingRuleSetInput",
    &[
        required("Name", &MATCHMAKING_ID_STRING_MODEL),
        required("RuleSetBody", &RULE_SET_BODY),
        optional("Tags", &TAG_LIST),
    ],
);

pub(crate) static CREATE_MATCHMAKING_RULE_SET_OUTPUT: Shape = Shape::structure(
    "CreateMatchmakingRuleSetOutput",
    &[required("RuleSet", &MATCHMAKING_RULE_SET)],
);

pub(crate) static CREATE_PLAYER_SESSION_INPUT: Shape = Shape::structure(
    "CreatePlayerSessionInput",
    &[
        required("GameSessionId", &ARN_STRING_MODEL),
        required("PlayerId", &PLAYER_ID),
        optional("PlayerData", &PLAYER_DATA),
    ],
);

pub(crate) static CREATE_PLAYER_SESSION_OUTPUT: Shape = Shape::structure(
    "CreatePlayerSessionOutput",
    &[optional("PlayerSession", &PLAYER_SESSION)],
);

pub(crate) static CREATE_PLAYER_SESSIONS_INPUT: Shape = Shape::structure(
    "CreatePlayerSessionsInput",
    &[
        required("GameSessionId", &ARN_STRING_MODEL),
        required("PlayerIds", &PLAYER_ID_LIST),
        optional("PlayerDataMap", &PLAYER_DATA_MAP),
    ],
);

pub(crate) static CREATE_PLAYER_SESSIONS_OUTPUT: Shape = Shape::structure(
    "CreatePlayerSessionsOutput",
    &[optional("PlayerSessions", &PLAYER_SESSION_LIST)],
);

pub(crate) static CREATE_SCRIPT_INPUT: Shape = Shape::structure(
    "CreateScriptInput",
    &[
        optional("Name", &NON_ZERO_AND_MAX_STRING),
        optional("Version", &NON_ZERO_AND_MAX_STRING),
        optional("StorageLocation", &S3_LOCATION),
        optional("ZipFile", &ZIP_BLOB),
        optional("Tags", &TAG_LIST),
        optional("NodeJsVersion", &NODE_JS_VERSION),
    ],
);

pub(crate) static CREATE_SCRIPT_OUTPUT: Shape =
    Shape::structure("CreateScriptOutput", &[optional("Script", &SCRIPT)]);

pub(crate) static DELETE_ALIAS_INPUT: Shape =
    Shape::structure("DeleteAliasInput", &[required("AliasId", &ALIAS_ID_OR_ARN)]);

pub(crate) static DELETE_ALIAS_OUTPUT: Shape = Shape::structure("DeleteAliasOutput", &[]);

pub(crate) static DELETE_BUILD_INPUT: Shape =
    Shape::structure("DeleteBuildInput", &[required("BuildId", &BUILD_ID_OR_ARN)]);

pub(crate) static DELETE_BUILD_OUTPUT: Shape = Shape::structure("DeleteBuildOutput", &[]);

pub(crate) static DELETE_FLEET_INPUT: Shape =
    Shape::structure("DeleteFleetInput", &[required("FleetId", &FLEET_ID_OR_ARN)]);

pub(crate) static DELETE_FLEET_LOCATIONS_INPUT: Shape = Shape::structure(
    "DeleteFleetLocationsInput",
    &[
        required("FleetId", &FLEET_ID_OR_ARN),
        required("Locations", &LOCATION_LIST),
    ],
);

pub(crate) static DELETE_FLEET_LOCATIONS_OUTPUT: Shape = Shape::structure(
    "DeleteFleetLocationsOutput",
    &[
        optional("FleetId", &FLEET_ID_OR_ARN),
        optional("FleetArn", &FLEET_ARN),
        optional("LocationStates", &LOCATION_STATE_LIST),
    ],
);

pub(crate) static DELETE_FLEET_OUTPUT: Shape = Shape::structure("DeleteFleetOutput", &[]);

pub(crate) static DELETE_GAME_SESSION_QUEUE_INPUT: Shape = Shape::structure(
    "DeleteGameSessionQueueInput",
    &[required("Name", &GAME_SESSION_QUEUE_NAME_OR_ARN)],
);

pub(crate) static DELETE_GAME_SESSION_QUEUE_OUTPUT: Shape =
    Shape::structure("DeleteGameSessionQueueOutput", &[]);

pub(crate) static DELETE_LOCATION_INPUT: Shape = Shape::structure(
    "DeleteLocationInput",
    &[required("LocationName", &CUSTOM_LOCATION_NAME_OR_ARN_MODEL)],
);

pub(crate) static DELETE_LOCATION_OUTPUT: Shape = Shape::structure("DeleteLocationOutput", &[]);

pub(crate) static DELETE_MATCHMAKING_CONFIGURATION_INPUT: Shape = Shape::structure(
    "DeleteMatchmakingConfigurationInput",
    &[required("Name", &MATCHMAKING_CONFIGURATION_NAME)],
);

pub(crate) static DELETE_MATCHMAKING_CONFIGURATION_OUTPUT: Shape =
    Shape::structure("DeleteMatchmakingConfigurationOutput", &[]);

pub(crate) static DELETE_MATCHMAKING_RULE_SET_INPUT: Shape = Shape::structure(
    "DeleteMatchmakingRuleSetInput",
    &[required("Name", &MATCHMAKING_RULE_SET_NAME)],
);

pub(crate) static DELETE_MATCHMAKING_RULE_SET_OUTPUT: Shape =
    Shape::structure("DeleteMatchmakingRuleSetOutput", &[]);

pub(crate) static DELETE_SCALING_POLICY_INPUT: Shape = Shape::structure(
    "DeleteScalingPolicyInput",
    &[
        required("Name", &NON_ZERO_AND_MAX_STRING),
        required("FleetId", &FLEET_ID_OR_ARN),
    ],
);

pub(crate) static DELETE_SCALING_POLICY_OUTPUT: Shape =
    Shape::structure("DeleteScalingPolicyOutput", &[]);

pub(crate) static DELETE_SCRIPT_INPUT: Shape = Shape::structure(
    "DeleteScriptInput",
    &[required("ScriptId", &SCRIPT_ID_OR_ARN)],
);

pub(crate) static DELETE_SCRIPT_OUTPUT: Shape = Shape::structure("DeleteScriptOutput", &[]);

pub(crate) static DEREGISTER_COMPUTE_INPUT: Shape = Shape::structure(
    "DeregisterComputeInput",
    &[
        required("FleetId", &FLEET_ID_OR_ARN),
        required("ComputeName", &COMPUTE_NAME_OR_ARN),
    ],
);

pub(crate) static DEREGISTER_COMPUTE_OUTPUT: Shape =
    Shape::structure("DeregisterComputeOutput", &[]);

pub(crate) static DESCRIBE_ALIAS_INPUT: Shape = Shape::structure(
    "DescribeAliasInput",
    &[required("AliasId", &ALIAS_ID_OR_ARN)],
);

pub(crate) static DESCRIBE_ALIAS_OUTPUT: Shape =
    Shape::structure("DescribeAliasOutput", &[optional("Alias", &ALIAS)]);

pub(crate) static DESCRIBE_BUILD_INPUT: Shape = Shape::structure(
    "DescribeBuildInput",
    &[required("BuildId", &BUILD_ID_OR_ARN)],
);

pub(crate) static DESCRIBE_BUILD_OUTPUT: Shape =
    Shape::structure("DescribeBuildOutput", &[optional("Build", &BUILD)]);

pub(crate) static DESCRIBE_COMPUTE_INPUT: Shape = Shape::structure(
    "DescribeComputeInput",
    &[
        required("FleetId", &FLEET_ID_OR_ARN),
        required("ComputeName", &COMPUTE_NAME_OR_ARN),
    ],
);

pub(crate) static DESCRIBE_COMPUTE_OUTPUT: Shape =
    Shape::structure("DescribeComputeOutput", &[optional("Compute", &COMPUTE)]);

pub(crate) static DESCRIBE_EC2_INSTANCE_LIMITS_INPUT: Shape = Shape::structure(
    "DescribeEC2InstanceLimitsInput",
    &[
        optional("EC2InstanceType", &EC2_INSTANCE_TYPE),
        optional("Location", &LOCATION_STRING_MODEL),
    ],
);

pub(crate) static DESCRIBE_EC2_INSTANCE_LIMITS_OUTPUT: Shape = Shape::structure(
    "DescribeEC2InstanceLimitsOutput",
    &[optional("EC2InstanceLimits", &EC2_INSTANCE_LIMIT_LIST)],
);

pub(crate) static DESCRIBE_FLEET_ATTRIBUTES_INPUT: Shape = Shape::structure(
    "DescribeFleetAttributesInput",
    &[
        optional("FleetIds", &FLEET_ID_OR_ARN_LIST),
        optional("Limit", &POSITIVE_INTEGER),
        optional("NextToken", &NON_ZERO_AND_MAX_STRING),
    ],
);

pub(crate) static DESCRIBE_FLEET_ATTRIBUTES_OUTPUT: Shape = Shape::structure(
    "DescribeFleetAttributesOutput",
    &[
        optional("FleetAttributes", &FLEET_ATTRIBUTES_LIST),
        optional("NextToken", &NON_ZERO_AND_MAX_STRING),
    ],
);

pub(crate) static DESCRIBE_FLEET_CAPACITY_INPUT: Shape = Shape::structure(
    "DescribeFleetCapacityInput",
    &[
        optional("FleetIds", &FLEET_ID_OR_ARN_LIST),
        optional("Limit", &POSITIVE_INTEGER),
        optional("NextToken", &NON_ZERO_AND_MAX_STRING),
    ],
);

pub(crate) static DESCRIBE_FLEET_CAPACITY_OUTPUT: Shape = Shape::structure(
    "DescribeFleetCapacityOutput",
    &[
        optional("FleetCapacity", &FLEET_CAPACITY_LIST),
        optional("NextToken", &NON_ZERO_AND_MAX_STRING),
    ],
);

pub(crate) static DESCRIBE_FLEET_EVENTS_INPUT: Shape = Shape::structure(
    "DescribeFleetEventsInput",
    &[
        required("FleetId", &FLEET_ID_OR_ARN),
        optional("StartTime", &TIMESTAMP),
        optional("EndTime", &TIMESTAMP),
        optional("Limit", &POSITIVE_INTEGER),
        optional("NextToken", &NON_ZERO_AND_MAX_STRING),
    ],
);

pub(crate) static DESCRIBE_FLEET_EVENTS_OUTPUT: Shape = Shape::structure(
    "DescribeFleetEventsOutput",
    &[
        optional("Events", &EVENT_LIST),
        optional("NextToken", &NON_ZERO_AND_MAX_STRING),
    ],
);

pub(crate) static DESCRIBE_FLEET_LOCATION_ATTRIBUTES_INPUT: Shape = Shape::structure(
    "DescribeFleetLocationAttributesInput",
    &[
        required("FleetId", &FLEET_ID_OR_ARN),
        optional("Locations", &LOCATION_LIST),
        optional("Limit", &POSITIVE_INTEGER),
        optional("NextToken", &NON_ZERO_AND_MAX_STRING),
    ],
);

pub(crate) static DESCRIBE_FLEET_LOCATION_ATTRIBUTES_OUTPUT: Shape = Shape::structure(
    "DescribeFleetLocationAttributesOutput",
    &[
        optional("FleetId", &FLEET_ID_OR_ARN),
        optional("FleetArn", &FLEET_ARN),
        optional("LocationAttributes", &LOCATION_ATTRIBUTES_LIST),
        optional("NextToken", &NON_ZERO_AND_MAX_STRING),
    ],
);

pub(crate) static DESCRIBE_FLEET_LOCATION_CAPACITY_INPUT: Shape = Shape::structure(
    "DescribeFleetLocationCapacityInput",
    &[
        required("FleetId", &FLEET_ID_OR_ARN),
        required("Location", &LOCATION_STRING_MODEL),
    ],
);

pub(crate) static DESCRIBE_FLEET_LOCATION_CAPACITY_OUTPUT: Shape = Shape::structure(
    "DescribeFleetLocationCapacityOutput",
    &[optional("FleetCapacity", &FLEET_CAPACITY)],
);

pub(crate) static DESCRIBE_FLEET_LOCATION_UTILIZATION_INPUT: Shape = Shape::structure(
    "DescribeFleetLocationUtilizationInput",
    &[
        required("FleetId", &FLEET_ID_OR_ARN),
        required("Location", &LOCATION_STRING_MODEL),
    ],
);

pub(crate) static DESCRIBE_FLEET_LOCATION_UTILIZATION_OUTPUT: Shape = Shape::structure(
    "DescribeFleetLocationUtilizationOutput",
    &[optional("FleetUtilization", &FLEET_UTILIZATION)],
);

pub(crate) static DESCRIBE_FLEET_PORT_SETTINGS_INPUT: Shape = Shape::structure(
    "DescribeFleetPortSettingsInput",
    &[
        required("FleetId", &FLEET_ID_OR_ARN),
        optional("Location", &LOCATION_STRING_MODEL),
    ],
);

pub(crate) static DESCRIBE_FLEET_PORT_SETTINGS_OUTPUT: Shape = Shape::structure(
    "DescribeFleetPortSettingsOutput",
    &[
        optional("FleetId", &FLEET_ID),
        optional("FleetArn", &FLEET_ARN),
        optional("InboundPermissions", &IP_PERMISSIONS_LIST),
        optional("UpdateStatus", &LOCATION_UPDATE_STATUS),
        optional("Location", &LOCATION_STRING_MODEL),
    ],
);

pub(crate) static DESCRIBE_FLEET_UTILIZATION_INPUT: Shape = Shape::structure(
    "DescribeFleetUtilizationInput",
    &[
        optional("FleetIds", &FLEET_ID_OR_ARN_LIST),
        optional("Limit", &POSITIVE_INTEGER),
        optional("NextToken", &NON_ZERO_AND_MAX_STRING),
    ],
);

pub(crate) static DESCRIBE_FLEET_UTILIZATION_OUTPUT: Shape = Shape::structure(
    "DescribeFleetUtilizationOutput",
    &[
        optional("FleetUtilization", &FLEET_UTILIZATION_LIST),
        optional("NextToken", &NON_ZERO_AND_MAX_STRING),
    ],
);

pub(crate) static DESCRIBE_GAME_SESSION_DETAILS_INPUT: Shape = Shape::structure(
    "DescribeGameSessionDetailsInput",
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
