//! Generated from core/api/model by `cargo xtask bless`; change the facts there, not here.

use crate::value::values;

values! { AcceptanceType {
    Accept = "ACCEPT",
    Reject = "REJECT",
}}

values! { BackfillMode {
    Automatic = "AUTOMATIC",
    Manual = "MANUAL",
}}

values! { BuildStatus {
    Initialized = "INITIALIZED",
    Ready = "READY",
    Failed = "FAILED",
}}

values! { CertificateType {
    Disabled = "DISABLED",
    Generated = "GENERATED",
}}

values! { ComparisonOperatorType {
    GreaterThanOrEqualToThreshold = "GreaterThanOrEqualToThreshold",
    GreaterThanThreshold = "GreaterThanThreshold",
    LessThanThreshold = "LessThanThreshold",
    LessThanOrEqualToThreshold = "LessThanOrEqualToThreshold",
}}

values! { ComputeStatus {
    Pending = "PENDING",
    Active = "ACTIVE",
    Terminating = "TERMINATING",
    Impaired = "IMPAIRED",
}}

values! { ComputeType {
    Ec2 = "EC2",
    Anywhere = "ANYWHERE",
}}

values! { EventCode {
    GenericEvent = "GENERIC_EVENT",
    FleetCreated = "FLEET_CREATED",
    FleetDeleted = "FLEET_DELETED",
    FleetExpired = "FLEET_EXPIRED",
    FleetScalingEvent = "FLEET_SCALING_EVENT",
    FleetStateDownloading = "FLEET_STATE_DOWNLOADING",
    FleetStateValidating = "FLEET_STATE_VALIDATING",
    FleetStateBuilding = "FLEET_STATE_BUILDING",
    FleetStateActivating = "FLEET_STATE_ACTIVATING",
    FleetStateActive = "FLEET_STATE_ACTIVE",
    FleetStateError = "FLEET_STATE_ERROR",
    FleetStatePending = "FLEET_STATE_PENDING",
    FleetStateCreating = "FLEET_STATE_CREATING",
    FleetStateCreated = "FLEET_STATE_CREATED",
    FleetStateUpdating = "FLEET_STATE_UPDATING",
    FleetInitializationFailed = "FLEET_INITIALIZATION_FAILED",
    FleetBinaryDownloadFailed = "FLEET_BINARY_DOWNLOAD_FAILED",
    FleetValidationLaunchPathNotFound = "FLEET_VALIDATION_LAUNCH_PATH_NOT_FOUND",
    FleetValidationExecutableRuntimeFailure = "FLEET_VALIDATION_EXECUTABLE_RUNTIME_FAILURE",
    FleetValidationTimedOut = "FLEET_VALIDATION_TIMED_OUT",
    FleetActivationFailed = "FLEET_ACTIVATION_FAILED",
    FleetActivationFailedNoInstances = "FLEET_ACTIVATION_FAILED_NO_INSTANCES",
    FleetNewGameSessionProtectionPolicyUpdated = "FLEET_NEW_GAME_SESSION_PROTECTION_POLICY_UPDATED",
    ServerProcessInvalidPath = "SERVER_PROCESS_INVALID_PATH",
    ServerProcessSdkInitializationTimeout = "SERVER_PROCESS_SDK_INITIALIZATION_TIMEOUT",
    ServerProcessProcessReadyTimeout = "SERVER_PROCESS_PROCESS_READY_TIMEOUT",
    ServerProcessCrashed = "SERVER_PROCESS_CRASHED",
    ServerProcessTerminatedUnhealthy = "SERVER_PROCESS_TERMINATED_UNHEALTHY",
    ServerProcessForceTerminated = "SERVER_PROCESS_FORCE_TERMINATED",
    ServerProcessProcessExitTimeout = "SERVER_PROCESS_PROCESS_EXIT_TIMEOUT",
    ServerProcessSdkInitializationFailed = "SERVER_PROCESS_SDK_INITIALIZATION_FAILED",
    ServerProcessMisconfiguredContainerPort = "SERVER_PROCESS_MISCONFIGURED_CONTAINER_PORT",
    GameSessionActivationTimeout = "GAME_SESSION_ACTIVATION_TIMEOUT",
    FleetCreationExtractingBuild = "FLEET_CREATION_EXTRACTING_BUILD",
    FleetCreationRunningInstaller = "FLEET_CREATION_RUNNING_INSTALLER",
    FleetCreationValidatingRuntimeConfig = "FLEET_CREATION_VALIDATING_RUNTIME_CONFIG",
    FleetVpcPeeringSucceeded = "FLEET_VPC_PEERING_SUCCEEDED",
    FleetVpcPeeringFailed = "FLEET_VPC_PEERING_FAILED",
    FleetVpcPeeringDeleted = "FLEET_VPC_PEERING_DELETED",
    InstanceInterrupted = "INSTANCE_INTERRUPTED",
    InstanceRecycled = "INSTANCE_RECYCLED",
    InstanceReplacedUnhealthy = "INSTANCE_REPLACED_UNHEALTHY",
    FleetCreationCompletedInstaller = "FLEET_CREATION_COMPLETED_INSTALLER",
    FleetCreationFailedInstaller = "FLEET_CREATION_FAILED_INSTALLER",
    ComputeLogUploadFailed = "COMPUTE_LOG_UPLOAD_FAILED",
    GameServerContainerGroupCrashed = "GAME_SERVER_CONTAINER_GROUP_CRASHED",
    PerInstanceContainerGroupCrashed = "PER_INSTANCE_CONTAINER_GROUP_CRASHED",
    GameServerContainerGroupReplacedUnhealthy = "GAME_SERVER_CONTAINER_GROUP_REPLACED_UNHEALTHY",
    LocationStatePending = "LOCATION_STATE_PENDING",
    LocationStateCreating = "LOCATION_STATE_CREATING",
    LocationStateCreated = "LOCATION_STATE_CREATED",
    LocationStateActivating = "LOCATION_STATE_ACTIVATING",
    LocationStateActive = "LOCATION_STATE_ACTIVE",
    LocationStateUpdating = "LOCATION_STATE_UPDATING",
    LocationStateError = "LOCATION_STATE_ERROR",
    LocationStateDeleting = "LOCATION_STATE_DELETING",
    LocationStateDeleted = "LOCATION_STATE_DELETED",
}}

values! { FleetAction {
    AutoScaling = "AUTO_SCALING",
}}

values! { FleetStatus {
    New = "NEW",
    Downloading = "DOWNLOADING",
    Validating = "VALIDATING",
    Building = "BUILDING",
    Activating = "ACTIVATING",
    Active = "ACTIVE",
    Deleting = "DELETING",
    Error = "ERROR",
    Terminated = "TERMINATED",
    NotFound = "NOT_FOUND",
    Expired = "EXPIRED",
}}

values! { FleetType {
    OnDemand = "ON_DEMAND",
    Spot = "SPOT",
}}

values! { FlexMatchMode {
    Standalone = "STANDALONE",
    WithQueue = "WITH_QUEUE",
}}

values! { GameServerIpProtocolSupported {
    IPv4 = "IPv4",
    DualStack = "DUAL_STACK",
}}

values! { GameSessionPlacementState {
    Pending = "PENDING",
    Fulfilled = "FULFILLED",
    Cancelled = "CANCELLED",
    TimedOut = "TIMED_OUT",
    Failed = "FAILED",
}}

values! { GameSessionStatus {
    Active = "ACTIVE",
    Activating = "ACTIVATING",
    Terminated = "TERMINATED",
    Terminating = "TERMINATING",
    Error = "ERROR",
}}

values! { GameSessionStatusReason {
    Interrupted = "INTERRUPTED",
    TriggeredOnProcessTerminate = "TRIGGERED_ON_PROCESS_TERMINATE",
    ForceTerminated = "FORCE_TERMINATED",
}}

values! { InstanceRoleCredentialsProvider {
    SharedCredentialFile = "SHARED_CREDENTIAL_FILE",
}}

values! { InstanceStatus {
    Pending = "PENDING",
    Active = "ACTIVE",
    Terminating = "TERMINATING",
}}

values! { IpProtocol {
    Tcp = "TCP",
    Udp = "UDP",
}}

values! { ListComputeInputStatus {
    Active = "ACTIVE",
    Impaired = "IMPAIRED",
}}

values! { LocationFilter {
    Aws = "AWS",
    Custom = "CUSTOM",
}}

values! { LocationUpdateStatus {
    PendingUpdate = "PENDING_UPDATE",
}}

values! { LogDeliveryDestinationType {
    Cloudwatch = "CLOUDWATCH",
    S3 = "S3",
    Firehose = "FIREHOSE",
}}

values! { MatchmakingConfigurationStatus {
    Cancelled = "CANCELLED",
    Completed = "COMPLETED",
    Failed = "FAILED",
    Placing = "PLACING",
    Queued = "QUEUED",
    RequiresAcceptance = "REQUIRES_ACCEPTANCE",
    Searching = "SEARCHING",
    TimedOut = "TIMED_OUT",
}}

values! { MetricName {
    ActivatingGameSessions = "ActivatingGameSessions",
    ActiveGameSessions = "ActiveGameSessions",
    ActiveInstances = "ActiveInstances",
    AvailableGameSessions = "AvailableGameSessions",
    AvailablePlayerSessions = "AvailablePlayerSessions",
    CurrentPlayerSessions = "CurrentPlayerSessions",
    IdleInstances = "IdleInstances",
    PercentAvailableGameSessions = "PercentAvailableGameSessions",
    PercentIdleInstances = "PercentIdleInstances",
    QueueDepth = "QueueDepth",
    WaitTime = "WaitTime",
    ConcurrentActivatableGameSessions = "ConcurrentActivatableGameSessions",
}}

values! { OperatingSystem {
    Windows2012 = "WINDOWS_2012",
    AmazonLinux = "AMAZON_LINUX",
    AmazonLinux2 = "AMAZON_LINUX_2",
    Windows2016 = "WINDOWS_2016",
    AmazonLinux2023 = "AMAZON_LINUX_2023",
    Windows2022 = "WINDOWS_2022",
}}

values! { PlacementFallbackStrategy {
    DefaultAfterSinglePass = "DEFAULT_AFTER_SINGLE_PASS",
    None = "NONE",
}}

values! { PlayerGatewayMode {
    Disabled = "DISABLED",
    Enabled = "ENABLED",
    Required = "REQUIRED",
}}

values! { PlayerGatewayStatus {
    Disabled = "DISABLED",
    Enabled = "ENABLED",
}}

values! { PlayerSessionCreationPolicy {
    AcceptAll = "ACCEPT_ALL",
    DenyAll = "DENY_ALL",
}}

values! { PlayerSessionStatus {
    Reserved = "RESERVED",
    Active = "ACTIVE",
    Completed = "COMPLETED",
    Timedout = "TIMEDOUT",
}}

values! { PolicyType {
    RuleBased = "RuleBased",
    TargetBased = "TargetBased",
}}

values! { PriorityType {
    Latency = "LATENCY",
    Cost = "COST",
    Destination = "DESTINATION",
    Location = "LOCATION",
}}

values! { ProtectionPolicy {
    NoProtection = "NoProtection",
    FullProtection = "FullProtection",
}}

values! { RoutingStrategyType {
    Simple = "SIMPLE",
    Terminal = "TERMINAL",
}}

values! { ScalingAdjustmentType {
    ChangeInCapacity = "ChangeInCapacity",
    ExactCapacity = "ExactCapacity",
    PercentChangeInCapacity = "PercentChangeInCapacity",
}}

values! { ScalingStatusType {
    Active = "ACTIVE",
    UpdateRequested = "UPDATE_REQUESTED",
    Updating = "UPDATING",
    DeleteRequested = "DELETE_REQUESTED",
    Deleting = "DELETING",
    Deleted = "DELETED",
    Error = "ERROR",
}}

values! { TerminationMode {
    TriggerOnProcessTerminate = "TRIGGER_ON_PROCESS_TERMINATE",
    ForceTerminate = "FORCE_TERMINATE",
}}

values! { ZeroCapacityStrategy {
    Manual = "MANUAL",
    ScaleToAndFromZero = "SCALE_TO_AND_FROM_ZERO",
}}
