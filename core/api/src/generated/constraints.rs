//! Generated from core/api/model by `cargo xtask bless`; change the facts there, not here.

use super::*;
use crate::schema::{Pattern, Shape};

pub(crate) static ACCEPTANCE_TYPE: Shape = Shape::values("AcceptanceType", AcceptanceType::NAMES);
pub(crate) static ALIAS_ARN: Shape = Shape::string("AliasArn").pattern(&PATTERN_1);
pub(crate) static ALIAS_ID: Shape = Shape::string("AliasId").pattern(&PATTERN_2);
pub(crate) static ALIAS_ID_OR_ARN: Shape = Shape::string("AliasIdOrArn")
    .min(1)
    .max(512)
    .pattern(&PATTERN_3);
pub(crate) static ALIAS_LIST: Shape = Shape::list("AliasList", &ALIAS);
pub(crate) static AMAZON_RESOURCE_NAME: Shape =
    Shape::string("AmazonResourceName").min(1).max(1011);
pub(crate) static ARN_STRING_MODEL: Shape = Shape::string("ArnStringModel")
    .min(1)
    .max(512)
    .pattern(&PATTERN_4);
pub(crate) static BACKFILL_MODE: Shape = Shape::values("BackfillMode", BackfillMode::NAMES);
pub(crate) static BOOLEAN_MODEL: Shape = Shape::boolean("BooleanModel");
pub(crate) static BUILD_ARN: Shape = Shape::string("BuildArn").pattern(&PATTERN_5);
pub(crate) static BUILD_ID: Shape = Shape::string("BuildId").pattern(&PATTERN_6);
pub(crate) static BUILD_ID_OR_ARN: Shape = Shape::string("BuildIdOrArn")
    .min(1)
    .max(512)
    .pattern(&PATTERN_7);
pub(crate) static BUILD_LIST: Shape = Shape::list("BuildList", &BUILD);
pub(crate) static BUILD_STATUS: Shape = Shape::values("BuildStatus", BuildStatus::NAMES);
pub(crate) static CERTIFICATE_TYPE: Shape =
    Shape::values("CertificateType", CertificateType::NAMES);
pub(crate) static COMPARISON_OPERATOR_TYPE: Shape =
    Shape::values("ComparisonOperatorType", ComparisonOperatorType::NAMES);
pub(crate) static COMPUTE_ARN: Shape = Shape::string("ComputeArn").max(1024).pattern(&PATTERN_8);
pub(crate) static COMPUTE_AUTH_TOKEN: Shape = Shape::string("ComputeAuthToken")
    .min(1)
    .max(64)
    .pattern(&PATTERN_9);
pub(crate) static COMPUTE_LIST: Shape = Shape::list("ComputeList", &COMPUTE);
pub(crate) static COMPUTE_NAME: Shape = Shape::string("ComputeName")
    .min(1)
    .max(128)
    .pattern(&PATTERN_10);
pub(crate) static COMPUTE_NAME_OR_ARN: Shape = Shape::string("ComputeNameOrArn")
    .max(1024)
    .pattern(&PATTERN_11);
pub(crate) static COMPUTE_STATUS: Shape = Shape::values("ComputeStatus", ComputeStatus::NAMES);
pub(crate) static COMPUTE_TYPE: Shape = Shape::values("ComputeType", ComputeType::NAMES);
pub(crate) static CONTAINER_ATTRIBUTES: Shape =
    Shape::list("ContainerAttributes", &CONTAINER_ATTRIBUTE)
        .min(1)
        .max(10);
pub(crate) static CONTAINER_GROUP_DEFINITION_NAME_OR_ARN: Shape =
    Shape::string("ContainerGroupDefinitionNameOrArn")
        .min(1)
        .max(512)
        .pattern(&PATTERN_12);
pub(crate) static CONTAINER_IDENTIFIER_LIST: Shape =
    Shape::list("ContainerIdentifierList", &CONTAINER_IDENTIFIER)
        .min(1)
        .max(10);
pub(crate) static CUSTOM_EVENT_DATA: Shape =
    Shape::string("CustomEventData").min(0).max(256).sensitive();
pub(crate) static CUSTOM_INPUT_LOCATION_STRING_MODEL: Shape =
    Shape::string("CustomInputLocationStringModel")
        .min(8)
        .max(64)
        .pattern(&PATTERN_13);
pub(crate) static CUSTOM_LOCATION_NAME_OR_ARN_MODEL: Shape =
    Shape::string("CustomLocationNameOrArnModel")
        .min(1)
        .max(128)
        .pattern(&PATTERN_14);
pub(crate) static DELIVERY_DESTINATION_ARN_STRING_MODEL: Shape =
    Shape::string("DeliveryDestinationArnStringModel")
        .min(1)
        .max(512)
        .pattern(&PATTERN_15);
pub(crate) static DESIRED_PLAYER_SESSION_LIST: Shape =
    Shape::list("DesiredPlayerSessionList", &DESIRED_PLAYER_SESSION);
pub(crate) static DNS_NAME: Shape = Shape::string("DnsName");
pub(crate) static DNS_NAME_INPUT: Shape = Shape::string("DnsNameInput")
    .min(1)
    .max(256)
    .pattern(&PATTERN_16);
pub(crate) static DOUBLE: Shape = Shape::double("Double");
pub(crate) static DOUBLE_OBJECT: Shape = Shape::double("DoubleObject");
pub(crate) static EC2_INSTANCE_LIMIT_LIST: Shape =
    Shape::list("EC2InstanceLimitList", &EC2_INSTANCE_LIMIT);
pub(crate) static EC2_INSTANCE_TYPE: Shape = Shape::open_values("EC2InstanceType", &INSTANCE_TYPES);
pub(crate) static EVENT_CODE: Shape = Shape::values("EventCode", EventCode::NAMES);
pub(crate) static EVENT_COUNT: Shape = Shape::long("EventCount").min(1).max(101);
pub(crate) static EVENT_LIST: Shape = Shape::list("EventList", &EVENT);
pub(crate) static FLEET_ACTION: Shape = Shape::values("FleetAction", FleetAction::NAMES);
pub(crate) static FLEET_ACTION_LIST: Shape =
    Shape::list("FleetActionList", &FLEET_ACTION).min(1).max(1);
pub(crate) static FLEET_ARN: Shape = Shape::string("FleetArn")
    .min(1)
    .max(512)
    .pattern(&PATTERN_17);
pub(crate) static FLEET_ATTRIBUTES_LIST: Shape =
    Shape::list("FleetAttributesList", &FLEET_ATTRIBUTES);
pub(crate) static FLEET_CAPACITY_LIST: Shape = Shape::list("FleetCapacityList", &FLEET_CAPACITY);
pub(crate) static FLEET_ID: Shape = Shape::string("FleetId")
    .min(1)
    .max(128)
    .pattern(&PATTERN_18);
pub(crate) static FLEET_ID_LIST: Shape = Shape::list("FleetIdList", &FLEET_ID).min(1);
pub(crate) static FLEET_ID_OR_ARN: Shape = Shape::string("FleetIdOrArn")
    .min(1)
    .max(512)
    .pattern(&PATTERN_19);
pub(crate) static FLEET_ID_OR_ARN_LIST: Shape =
    Shape::list("FleetIdOrArnList", &FLEET_ID_OR_ARN).min(1);
pub(crate) static FLEET_STATUS: Shape = Shape::values("FleetStatus", FleetStatus::NAMES);
pub(crate) static FLEET_TYPE: Shape = Shape::values("FleetType", FleetType::NAMES);
pub(crate) static FLEET_UTILIZATION_LIST: Shape =
    Shape::list("FleetUtilizationList", &FLEET_UTILIZATION);
pub(crate) static FLEX_MATCH_MODE: Shape = Shape::values("FlexMatchMode", FlexMatchMode::NAMES);
pub(crate) static FLOAT: Shape = Shape::float("Float");
pub(crate) static FREE_TEXT: Shape = Shape::string("FreeText");
pub(crate) static GAME_LIFT_AGENT_ENDPOINT_OUTPUT: Shape =
    Shape::string("GameLiftAgentEndpointOutput").min(1).max(128);
pub(crate) static GAME_LIFT_SERVICE_SDK_ENDPOINT_OUTPUT: Shape =
    Shape::string("GameLiftServiceSdkEndpointOutput")
        .min(1)
        .max(128);
pub(crate) static GAME_PROPERTY_KEY: Shape = Shape::string("GamePropertyKey").max(32);
pub(crate) static GAME_PROPERTY_LIST: Shape =
    Shape::list("GamePropertyList", &GAME_PROPERTY).max(16);
pub(crate) static GAME_PROPERTY_VALUE: Shape =
    Shape::string("GamePropertyValue").max(96).sensitive();
pub(crate) static GAME_SERVER_IP_PROTOCOL_SUPPORTED: Shape = Shape::values(
    "GameServerIpProtocolSupported",
    GameServerIpProtocolSupported::NAMES,
);
pub(crate) static GAME_SESSION_ACTIVATION_TIMEOUT_SECONDS: Shape =
    Shape::integer("GameSessionActivationTimeoutSeconds")
        .min(1)
        .max(600);
pub(crate) static GAME_SESSION_DATA: Shape = Shape::string("GameSessionData")
    .min(1)
    .max(4096)
    .sensitive();
pub(crate) static GAME_SESSION_DETAIL_LIST: Shape =
    Shape::list("GameSessionDetailList", &GAME_SESSION_DETAIL);
pub(crate) static GAME_SESSION_LIST: Shape = Shape::list("GameSessionList", &GAME_SESSION);
pub(crate) static GAME_SESSION_PLACEMENT_STATE: Shape = Shape::values(
    "GameSessionPlacementState",
    GameSessionPlacementState::NAMES,
);
pub(crate) static GAME_SESSION_QUEUE_ARN: Shape = Shape::string("GameSessionQueueArn")
    .min(1)
    .max(256)
    .pattern(&PATTERN_20);
pub(crate) static GAME_SESSION_QUEUE_DESTINATION_LIST: Shape = Shape::list(
    "GameSessionQueueDestinationList",
    &GAME_SESSION_QUEUE_DESTINATION,
);
pub(crate) static GAME_SESSION_QUEUE_LIST: Shape =
    Shape::list("GameSessionQueueList", &GAME_SESSION_QUEUE);
pub(crate) static GAME_SESSION_QUEUE_NAME: Shape = Shape::string("GameSessionQueueName")
    .min(1)
    .max(128)
    .pattern(&PATTERN_21);
pub(crate) static GAME_SESSION_QUEUE_NAME_OR_ARN: Shape =
    Shape::string("GameSessionQueueNameOrArn")
        .min(1)
        .max(256)
        .pattern(&PATTERN_22);
pub(crate) static GAME_SESSION_QUEUE_NAME_OR_ARN_LIST: Shape = Shape::list(
    "GameSessionQueueNameOrArnList",
    &GAME_SESSION_QUEUE_NAME_OR_ARN,
);
pub(crate) static GAME_SESSION_STATUS: Shape =
    Shape::values("GameSessionStatus", GameSessionStatus::NAMES);
pub(crate) static GAME_SESSION_STATUS_REASON: Shape =
    Shape::values("GameSessionStatusReason", GameSessionStatusReason::NAMES);
pub(crate) static ID_STRING_MODEL: Shape = Shape::string("IdStringModel")
    .min(1)
    .max(48)
    .pattern(&PATTERN_21);
pub(crate) static INSTANCE_ID: Shape = Shape::string("InstanceId")
    .min(1)
    .max(256)
    .pattern(&PATTERN_23);
pub(crate) static INSTANCE_LIST: Shape = Shape::list("InstanceList", &INSTANCE);
pub(crate) static INSTANCE_ROLE_CREDENTIALS_PROVIDER: Shape = Shape::values(
    "InstanceRoleCredentialsProvider",
    InstanceRoleCredentialsProvider::NAMES,
);
pub(crate) static INSTANCE_STATUS: Shape = Shape::values("InstanceStatus", InstanceStatus::NAMES);
pub(crate) static INTEGER: Shape = Shape::integer("Integer");
pub(crate) static IP_ADDRESS: Shape = Shape::string("IpAddress")
    .min(1)
    .max(128)
    .pattern(&PATTERN_24)
    .sensitive();
pub(crate) static IP_PERMISSIONS_LIST: Shape =
    Shape::list("IpPermissionsList", &IP_PERMISSION).max(50);
pub(crate) static IP_PROTOCOL: Shape = Shape::values("IpProtocol", IpProtocol::NAMES);
pub(crate) static IP_RANGE: Shape = Shape::string("IpRange").pattern(&PATTERN_25).sensitive();
pub(crate) static LARGE_GAME_SESSION_DATA: Shape = Shape::string("LargeGameSessionData")
    .min(1)
    .max(262144)
    .sensitive();
pub(crate) static LATENCY_MAP: Shape =
    Shape::map("LatencyMap", &NON_EMPTY_STRING, &POSITIVE_INTEGER);
pub(crate) static LAUNCH_PARAMETERS_STRING_MODEL: Shape =
    Shape::string("LaunchParametersStringModel")
        .min(1)
        .max(1024)
        .pattern(&PATTERN_26);
pub(crate) static LAUNCH_PATH_STRING_MODEL: Shape = Shape::string("LaunchPathStringModel")
    .min(1)
    .max(1024)
    .pattern(&PATTERN_27);
pub(crate) static LIST_COMPUTE_INPUT_STATUS: Shape =
    Shape::values("ListComputeInputStatus", ListComputeInputStatus::NAMES);
pub(crate) static LIST_LOCATIONS_LIMIT: Shape =
    Shape::integer("ListLocationsLimit").min(1).max(200);
pub(crate) static LOCATION_ARN_MODEL: Shape = Shape::string("LocationArnModel")
    .min(1)
    .max(128)
    .pattern(&PATTERN_28);
pub(crate) static LOCATION_ATTRIBUTES_LIST: Shape =
    Shape::list("LocationAttributesList", &LOCATION_ATTRIBUTES);
pub(crate) static LOCATION_CONFIGURATION_LIST: Shape =
    Shape::list("LocationConfigurationList", &LOCATION_CONFIGURATION)
        .min(1)
        .max(100);
pub(crate) static LOCATION_FILTER: Shape = Shape::values("LocationFilter", LocationFilter::NAMES);
pub(crate) static LOCATION_FILTER_LIST: Shape = Shape::list("LocationFilterList", &LOCATION_FILTER)
    .min(1)
    .max(2);
pub(crate) static LOCATION_LIST: Shape = Shape::list("LocationList", &LOCATION_STRING_MODEL)
    .min(1)
    .max(100);
pub(crate) static LOCATION_MODEL_LIST: Shape = Shape::list("LocationModelList", &LOCATION_MODEL);
pub(crate) static LOCATION_ORDER_OVERRIDE_LIST: Shape =
    Shape::list("LocationOrderOverrideList", &LOCATION_STRING_MODEL)
        .min(1)
        .max(10);
pub(crate) static LOCATION_STATE_LIST: Shape = Shape::list("LocationStateList", &LOCATION_STATE);
pub(crate) static LOCATION_STRING_MODEL: Shape = Shape::string("LocationStringModel")
    .min(1)
    .max(64)
    .pattern(&PATTERN_29);
pub(crate) static LOCATION_UPDATE_STATUS: Shape =
    Shape::values("LocationUpdateStatus", LocationUpdateStatus::NAMES);
pub(crate) static LOG_DELIVERY_DESTINATION_LIST: Shape =
    Shape::list("LogDeliveryDestinationList", &LOG_DELIVERY_DESTINATION)
        .min(1)
        .max(3);
pub(crate) static LOG_DELIVERY_DESTINATION_TYPE: Shape = Shape::values(
    "LogDeliveryDestinationType",
    LogDeliveryDestinationType::NAMES,
);
pub(crate) static MATCHED_PLAYER_SESSION_LIST: Shape =
    Shape::list("MatchedPlayerSessionList", &MATCHED_PLAYER_SESSION);
pub(crate) static MATCHMAKER_DATA: Shape = Shape::string("MatchmakerData")
    .min(1)
    .max(390000)
    .sensitive();
pub(crate) static MATCHMAKING_ACCEPTANCE_TIMEOUT_INTEGER: Shape =
    Shape::integer("MatchmakingAcceptanceTimeoutInteger")
        .min(1)
        .max(600);
pub(crate) static MATCHMAKING_CONFIGURATION_ARN: Shape =
    Shape::string("MatchmakingConfigurationArn").pattern(&PATTERN_30);
pub(crate) static MATCHMAKING_CONFIGURATION_LIST: Shape =
    Shape::list("MatchmakingConfigurationList", &MATCHMAKING_CONFIGURATION);
pub(crate) static MATCHMAKING_CONFIGURATION_NAME: Shape =
    Shape::string("MatchmakingConfigurationName")
        .min(1)
        .max(256)
        .pattern(&PATTERN_31);
pub(crate) static MATCHMAKING_CONFIGURATION_NAME_LIST: Shape = Shape::list(
    "MatchmakingConfigurationNameList",
    &MATCHMAKING_CONFIGURATION_NAME,
);
pub(crate) static MATCHMAKING_CONFIGURATION_STATUS: Shape = Shape::values(
    "MatchmakingConfigurationStatus",
    MatchmakingConfigurationStatus::NAMES,
);
pub(crate) static MATCHMAKING_ID_LIST: Shape =
    Shape::list("MatchmakingIdList", &MATCHMAKING_ID_STRING_MODEL);
pub(crate) static MATCHMAKING_ID_STRING_MODEL: Shape = Shape::string("MatchmakingIdStringModel")
    .max(128)
    .pattern(&PATTERN_32);
pub(crate) static MATCHMAKING_REQUEST_TIMEOUT_INTEGER: Shape =
    Shape::integer("MatchmakingRequestTimeoutInteger")
        .min(1)
        .max(43200);
pub(crate) static MATCHMAKING_RULE_SET_ARN: Shape =
    Shape::string("MatchmakingRuleSetArn").pattern(&PATTERN_33);
pub(crate) static MATCHMAKING_RULE_SET_LIST: Shape =
    Shape::list("MatchmakingRuleSetList", &MATCHMAKING_RULE_SET);
pub(crate) static MATCHMAKING_RULE_SET_NAME: Shape = Shape::string("MatchmakingRuleSetName")
    .min(1)
    .max(256)
    .pattern(&PATTERN_34);
pub(crate) static MATCHMAKING_RULE_SET_NAME_LIST: Shape =
    Shape::list("MatchmakingRuleSetNameList", &MATCHMAKING_RULE_SET_NAME)
        .min(1)
        .max(10);
pub(crate) static MATCHMAKING_TICKET_LIST: Shape =
    Shape::list("MatchmakingTicketList", &MATCHMAKING_TICKET);
pub(crate) static MAX_CONCURRENT_GAME_SESSION_ACTIVATIONS: Shape =
    Shape::integer("MaxConcurrentGameSessionActivations")
        .min(1)
        .max(2147483647);
pub(crate) static MAX_STRING: Shape = Shape::string("MaxString").min(0).max(1024);
pub(crate) static METRIC_GROUP: Shape = Shape::string("MetricGroup").min(1).max(255);
pub(crate) static METRIC_GROUP_LIST: Shape = Shape::list("MetricGroupList", &METRIC_GROUP).max(1);
pub(crate) static METRIC_NAME: Shape = Shape::values("MetricName", MetricName::NAMES);
pub(crate) static NODE_JS_VERSION: Shape =
    Shape::string("NodeJsVersion").max(16).pattern(&PATTERN_35);
pub(crate) static NON_BLANK_AND_LENGTH_CONSTRAINT_STRING: Shape =
    Shape::string("NonBlankAndLengthConstraintString")
        .min(1)
        .max(1024)
        .pattern(&PATTERN_36);
pub(crate) static NON_EMPTY_STRING: Shape = Shape::string("NonEmptyString").min(1);
pub(crate) static NON_NEGATIVE_LIMITED_LENGTH_DOUBLE: Shape =
    Shape::string("NonNegativeLimitedLengthDouble")
        .min(1)
        .max(11)
        .pattern(&PATTERN_37);
pub(crate) static NON_ZERO_AND128_MAX_ASCII_STRING: Shape =
    Shape::string("NonZeroAnd128MaxAsciiString")
        .min(1)
        .max(128)
        .pattern(&PATTERN_9);
pub(crate) static NON_ZERO_AND_MAX_STRING: Shape =
    Shape::string("NonZeroAndMaxString").min(1).max(1024);
pub(crate) static OPERATING_SYSTEM: Shape =
    Shape::values("OperatingSystem", OperatingSystem::NAMES);
pub(crate) static PLACED_PLAYER_SESSION_LIST: Shape =
    Shape::list("PlacedPlayerSessionList", &PLACED_PLAYER_SESSION);
pub(crate) static PLACEMENT_FALLBACK_STRATEGY: Shape = Shape::values(
    "PlacementFallbackStrategy",
    PlacementFallbackStrategy::NAMES,
);
pub(crate) static PLAYER_ATTRIBUTE_MAP: Shape = Shape::map(
    "PlayerAttributeMap",
    &NON_ZERO_AND_MAX_STRING,
    &ATTRIBUTE_VALUE,
);
pub(crate) static PLAYER_ATTRIBUTE_STRING: Shape =
    Shape::string("PlayerAttributeString").min(1).max(100);
pub(crate) static PLAYER_ATTRIBUTE_STRING_DOUBLE_MAP: Shape = Shape::map(
    "PlayerAttributeStringDoubleMap",
    &PLAYER_ATTRIBUTE_STRING,
    &DOUBLE_OBJECT,
);
pub(crate) static PLAYER_ATTRIBUTE_STRING_LIST: Shape =
    Shape::list("PlayerAttributeStringList", &PLAYER_ATTRIBUTE_STRING);
pub(crate) static PLAYER_CONNECTION_DETAIL_LIST: Shape =
    Shape::list("PlayerConnectionDetailList", &PLAYER_CONNECTION_DETAIL).min(1);
pub(crate) static PLAYER_CONNECTION_ENDPOINT_LIST: Shape =
    Shape::list("PlayerConnectionEndpointList", &PLAYER_CONNECTION_ENDPOINT);
pub(crate) static PLAYER_DATA: Shape = Shape::string("PlayerData").min(1).max(2048).sensitive();
pub(crate) static PLAYER_DATA_MAP: Shape =
    Shape::map("PlayerDataMap", &NON_ZERO_AND_MAX_STRING, &PLAYER_DATA);
pub(crate) static PLAYER_GATEWAY_MODE: Shape =
    Shape::values("PlayerGatewayMode", PlayerGatewayMode::NAMES);
pub(crate) static PLAYER_GATEWAY_STATUS: Shape =
    Shape::values("PlayerGatewayStatus", PlayerGatewayStatus::NAMES);
pub(crate) static PLAYER_ID: Shape = Shape::string("PlayerId").min(1).max(1024).sensitive();
pub(crate) static PLAYER_ID_LIST: Shape = Shape::list("PlayerIdList", &PLAYER_ID)
    .min(1)
    .max(25)
    .sensitive();
pub(crate) static PLAYER_IDS_FOR_ACCEPT_MATCH: Shape =
    Shape::list("PlayerIdsForAcceptMatch", &PLAYER_ID).sensitive();
pub(crate) static PLAYER_LATENCY_LIST: Shape = Shape::list("PlayerLatencyList", &PLAYER_LATENCY);
pub(crate) static PLAYER_LATENCY_POLICY_LIST: Shape =
    Shape::list("PlayerLatencyPolicyList", &PLAYER_LATENCY_POLICY);
pub(crate) static PLAYER_LIST: Shape = Shape::list("PlayerList", &PLAYER);
pub(crate) static PLAYER_SESSION_CREATION_POLICY: Shape = Shape::values(
    "PlayerSessionCreationPolicy",
    PlayerSessionCreationPolicy::NAMES,
);
pub(crate) static PLAYER_SESSION_ID: Shape = Shape::string("PlayerSessionId")
    .min(1)
    .max(128)
    .pattern(&PATTERN_38);
pub(crate) static PLAYER_SESSION_LIST: Shape = Shape::list("PlayerSessionList", &PLAYER_SESSION);
pub(crate) static PLAYER_SESSION_STATUS: Shape =
    Shape::values("PlayerSessionStatus", PlayerSessionStatus::NAMES);
pub(crate) static POLICY_TYPE: Shape = Shape::values("PolicyType", PolicyType::NAMES);
pub(crate) static PORT_NUMBER: Shape = Shape::integer("PortNumber").min(1).max(60000).sensitive();
pub(crate) static POSITIVE_INTEGER: Shape = Shape::integer("PositiveInteger").min(1);
pub(crate) static PRIORITY_TYPE: Shape = Shape::values("PriorityType", PriorityType::NAMES);
pub(crate) static PRIORITY_TYPE_LIST: Shape = Shape::list("PriorityTypeList", &PRIORITY_TYPE)
    .min(1)
    .max(4);
pub(crate) static PROTECTION_POLICY: Shape =
    Shape::values("ProtectionPolicy", ProtectionPolicy::NAMES);
pub(crate) static QUEUE_ARNS_LIST: Shape = Shape::list("QueueArnsList", &ARN_STRING_MODEL);
pub(crate) static QUEUE_CUSTOM_EVENT_DATA: Shape = Shape::string("QueueCustomEventData")
    .min(0)
    .max(256)
    .pattern(&PATTERN_39)
    .sensitive();
pub(crate) static QUEUE_SNS_ARN_STRING_MODEL: Shape = Shape::string("QueueSnsArnStringModel")
    .min(0)
    .max(300)
    .pattern(&PATTERN_40);
pub(crate) static ROUTING_STRATEGY_TYPE: Shape =
    Shape::values("RoutingStrategyType", RoutingStrategyType::NAMES);
pub(crate) static RULE_SET_BODY: Shape = Shape::string("RuleSetBody").min(1).max(65535);
pub(crate) static RULE_SET_LIMIT: Shape = Shape::integer("RuleSetLimit").min(1).max(10);
pub(crate) static SCALE_IN_AFTER_INACTIVITY_MINUTES: Shape =
    Shape::integer("ScaleInAfterInactivityMinutes")
        .min(5)
        .max(1440);
pub(crate) static SCALING_ADJUSTMENT_TYPE: Shape =
    Shape::values("ScalingAdjustmentType", ScalingAdjustmentType::NAMES);
pub(crate) static SCALING_POLICY_LIST: Shape = Shape::list("ScalingPolicyList", &SCALING_POLICY);
pub(crate) static SCALING_STATUS_TYPE: Shape =
    Shape::values("ScalingStatusType", ScalingStatusType::NAMES);
pub(crate) static SCRIPT_ARN: Shape = Shape::string("ScriptArn").pattern(&PATTERN_41);
pub(crate) static SCRIPT_ID: Shape = Shape::string("ScriptId").pattern(&PATTERN_42);
pub(crate) static SCRIPT_ID_OR_ARN: Shape = Shape::string("ScriptIdOrArn")
    .min(1)
    .max(512)
    .pattern(&PATTERN_43);
pub(crate) static SCRIPT_LIST: Shape = Shape::list("ScriptList", &SCRIPT);
pub(crate) static SERVER_PROCESS_LIST: Shape = Shape::list("ServerProcessList", &SERVER_PROCESS)
    .min(1)
    .max(50);
pub(crate) static SERVER_SDK_VERSION: Shape = Shape::string("ServerSdkVersion")
    .max(128)
    .pattern(&PATTERN_44);
pub(crate) static SESSION_TARGET: Shape = Shape::string("SessionTarget").min(1).max(400);
pub(crate) static SNS_ARN_STRING_MODEL: Shape = Shape::string("SnsArnStringModel")
    .min(0)
    .max(300)
    .pattern(&PATTERN_45);
pub(crate) static STRING_LIST: Shape = Shape::list("StringList", &NON_ZERO_AND_MAX_STRING);
pub(crate) static STRING_MODEL: Shape = Shape::string("StringModel");
pub(crate) static TAG_KEY: Shape = Shape::string("TagKey").min(1).max(128);
pub(crate) static TAG_KEY_LIST: Shape = Shape::list("TagKeyList", &TAG_KEY).min(0).max(200);
pub(crate) static TAG_LIST: Shape = Shape::list("TagList", &TAG).min(0).max(200);
pub(crate) static TAG_VALUE: Shape = Shape::string("TagValue").min(0).max(256);
pub(crate) static TERMINATION_MODE: Shape =
    Shape::values("TerminationMode", TerminationMode::NAMES);
pub(crate) static TIMESTAMP: Shape = Shape::timestamp("Timestamp");
pub(crate) static WHOLE_NUMBER: Shape = Shape::integer("WholeNumber").min(0);
pub(crate) static WHOLE_NUMBER_LONG: Shape = Shape::long("WholeNumberLong").min(0);
pub(crate) static ZERO_CAPACITY_STRATEGY: Shape =
    Shape::values("ZeroCapacityStrategy", ZeroCapacityStrategy::NAMES);
pub(crate) static ZIP_BLOB: Shape = Shape::blob("ZipBlob").max(5000000);

static PATTERN_1: Pattern = Pattern::new(r#"^arn:.*:alias\/alias-\S+$"#);
static PATTERN_2: Pattern = Pattern::new(r#"^alias-\S+$"#);
static PATTERN_3: Pattern = Pattern::new(r#"^(alias-\S+|arn:.*:alias\/alias-\S+)$"#);
static PATTERN_4: Pattern = Pattern::new(r#"^[a-zA-Z0-9:/-]+$"#);
static PATTERN_5: Pattern = Pattern::new(r#"^arn:.*:build\/build-\S+$"#);
static PATTERN_6: Pattern = Pattern::new(r#"^build-\S+$"#);
static PATTERN_7: Pattern = Pattern::new(r#"^(build-\S+|arn:.*:build\/build-\S+)$"#);
static PATTERN_8: Pattern = Pattern::new(r#"^arn:.*:compute\/[a-zA-Z0-9\-]+(\/[a-zA-Z0-9\-]+)?$"#);
static PATTERN_9: Pattern = Pattern::new(r#"^[a-zA-Z0-9\-]+$"#);
static PATTERN_10: Pattern = Pattern::new(r#"^[a-zA-Z0-9\-]+(\/[a-zA-Z0-9\-]+)?$"#);
static PATTERN_11: Pattern = Pattern::new(
    r#"^([a-zA-Z0-9\-]+(\/[a-zA-Z0-9\-]+)?|arn:.*:compute\/[a-zA-Z0-9\-]+(\/[a-zA-Z0-9\-]+)?)$"#,
);
static PATTERN_12: Pattern =
    Pattern::new(r#"^[a-zA-Z0-9\-]+$|^arn:.*:containergroupdefinition\/[a-zA-Z0-9\-]+(:[0-9]+)?$"#);
static PATTERN_13: Pattern = Pattern::new(r#"^custom-[A-Za-z0-9\-]+$"#);
static PATTERN_14: Pattern =
    Pattern::new(r#"^(custom-[A-Za-z0-9\-]+|arn:.*:location\/custom-\S+)$"#);
static PATTERN_15: Pattern = Pattern::new(r#"^arn:[a-zA-Z0-9:/*._#-]+$"#);
static PATTERN_16: Pattern = Pattern::new(r#"^[0-9a-zA-Z_\-\.]+$"#);
static PATTERN_17: Pattern = Pattern::new(r#"^arn:.*:[a-z]*fleet\/[a-z]*fleet-[a-zA-Z0-9\-]+$"#);
static PATTERN_18: Pattern = Pattern::new(r#"^[a-z]*fleet-[a-zA-Z0-9\-]+$"#);
static PATTERN_19: Pattern = Pattern::new(
    r#"^[a-z]*fleet-[a-zA-Z0-9\-]+$|^arn:.*:[a-z]*fleet\/[a-z]*fleet-[a-zA-Z0-9\-]+$"#,
);
static PATTERN_20: Pattern = Pattern::new(r#"^arn:.*:gamesessionqueue\/[a-zA-Z0-9-]+$"#);
static PATTERN_21: Pattern = Pattern::new(r#"^[a-zA-Z0-9-]+$"#);
static PATTERN_22: Pattern =
    Pattern::new(r#"^([a-zA-Z0-9-]+|arn:.*:gamesessionqueue\/[a-zA-Z0-9-]+)$"#);
static PATTERN_23: Pattern = Pattern::new(r#"^[a-zA-Z0-9\.-]+$"#);
static PATTERN_24: Pattern = Pattern::new(r#"^[0-9A-Fa-f\:\.]+$"#);
static PATTERN_25: Pattern = Pattern::new(r#"^[^\s]+$"#);
static PATTERN_26: Pattern = Pattern::new(r#"^[A-Za-z0-9_:.+\/\\\- =@;{},?'\[\]"]+$"#);
static PATTERN_27: Pattern = Pattern::new(r#"^[A-Za-z0-9_:.+\/\\\- ]+$"#);
static PATTERN_28: Pattern = Pattern::new(r#"^arn:.*:location\/custom-\S+$"#);
static PATTERN_29: Pattern = Pattern::new(r#"^[A-Za-z0-9\-]+$"#);
static PATTERN_30: Pattern = Pattern::new(r#"^arn:.*:matchmakingconfiguration\/[a-zA-Z0-9-\.]*$"#);
static PATTERN_31: Pattern =
    Pattern::new(r#"^([a-zA-Z0-9-\.]*|arn:.*:matchmakingconfiguration\/[a-zA-Z0-9-\.]*)$"#);
static PATTERN_32: Pattern = Pattern::new(r#"^[a-zA-Z0-9-\.]*$"#);
static PATTERN_33: Pattern = Pattern::new(r#"^arn:.*:matchmakingruleset\/[a-zA-Z0-9-\.]*$"#);
static PATTERN_34: Pattern =
    Pattern::new(r#"^([a-zA-Z0-9-\.]*|arn:.*:matchmakingruleset\/[a-zA-Z0-9-\.]*)$"#);
static PATTERN_35: Pattern = Pattern::new(r#"^[0-9]+\.(?:x|[0-9]+)$"#);
static PATTERN_36: Pattern = Pattern::new(r#"^.*\S.*$"#);
static PATTERN_37: Pattern = Pattern::new(r#"^\d{1,5}(?:\.\d{1,5})?$"#);
static PATTERN_38: Pattern = Pattern::new(r#"^psess-\S+$"#);
static PATTERN_39: Pattern = Pattern::new(r#"^[\s\S]*$"#);
static PATTERN_40: Pattern = Pattern::new(r#"^[a-zA-Z0-9:_-]*(\.fifo)?$"#);
static PATTERN_41: Pattern = Pattern::new(r#"^arn:.*:script\/script-\S+$"#);
static PATTERN_42: Pattern = Pattern::new(r#"^script-\S+$"#);
static PATTERN_43: Pattern = Pattern::new(r#"^(script-\S+|arn:.*:script\/script-\S+)$"#);
static PATTERN_44: Pattern = Pattern::new(r#"^\d+\.\d+\.\d+$"#);
static PATTERN_45: Pattern = Pattern::new(r#"^[a-zA-Z0-9:_/-]*(\.fifo)?$"#);
