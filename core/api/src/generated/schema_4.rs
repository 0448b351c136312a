//! Generated from core/api/model by `cargo xtask bless`; change the facts there, not here.

use super::*;
use crate::schema::{Shape, optional, required};

pub(crate) static UPDATE_MATCHMAKING_CONFIGURATION_INPUT: Shape = Shape::structure(
    "UpdateMatchmakingConfigurationInput",
    &[
        required("Name", &MATCHMAKING_CONFIGURATION_NAME),
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
        optional("RuleSetName", &MATCHMAKING_RULE_SET_NAME),
        optional("NotificationTarget", &SNS_ARN_STRING_MODEL),
        optional("AdditionalPlayerCount", &WHOLE_NUMBER),
        optional("CustomEventData", &CUSTOM_EVENT_DATA),
        optional("GameProperties", &GAME_PROPERTY_LIST),
        optional("GameSessionData", &GAME_SESSION_DATA),
        optional("BackfillMode", &BACKFILL_MODE),
        optional("FlexMatchMode", &FLEX_MATCH_MODE),
    ],
);

pub(crate) static UPDATE_MATCHMAKING_CONFIGURATION_OUTPUT: Shape = Shape::structure(
    "UpdateMatchmakingConfigurationOutput",
    &[optional("Configuration", &MATCHMAKING_CONFIGURATION)],
);

pub(crate) static UPDATE_RUNTIME_CONFIGURATION_INPUT: Shape = Shape::structure(
    "UpdateRuntimeConfigurationInput",
    &[
        required("FleetId", &FLEET_ID_OR_ARN),
        required("RuntimeConfiguration", &RUNTIME_CONFIGURATION),
    ],
);

pub(crate) static UPDATE_RUNTIME_CONFIGURATION_OUTPUT: Shape = Shape::structure(
    "UpdateRuntimeConfigurationOutput",
    &[optional("RuntimeConfiguration", &RUNTIME_CONFIGURATION)],
);

pub(crate) static UPDATE_SCRIPT_INPUT: Shape = Shape::structure(
    "UpdateScriptInput",
    &[
        required("ScriptId", &SCRIPT_ID_OR_ARN),
        optional("Name", &NON_ZERO_AND_MAX_STRING),
        optional("Version", &NON_ZERO_AND_MAX_STRING),
        optional("StorageLocation", &S3_LOCATION),
        optional("ZipFile", &ZIP_BLOB),
    ],
);

pub(crate) static UPDATE_SCRIPT_OUTPUT: Shape =
    Shape::structure("UpdateScriptOutput", &[optional("Script", &SCRIPT)]);

pub(crate) static VALIDATE_MATCHMAKING_RULE_SET_INPUT: Shape = Shape::structure(
    "ValidateMatchmakingRuleSetInput",
    &[required("RuleSetBody", &RULE_SET_BODY)],
);

pub(crate) static VALIDATE_MATCHMAKING_RULE_SET_OUTPUT: Shape = Shape::structure(
    "ValidateMatchmakingRuleSetOutput",
    &[optional("Valid", &BOOLEAN_MODEL)],
);
