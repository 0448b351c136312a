//! What the API answers when it does not do what was asked: a code on which clients branch, and a sentence for people.

use std::fmt;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $status:literal;)*) => {
        /// The code of a fault; clients branch on it and on nothing else.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum FaultCode { $($(#[$doc])* $name,)* }

        impl FaultCode {
            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The name on the wire, without a namespace.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// The HTTP status that goes with it.
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* }
            }

            /// The code with this name, with or without a namespace.
            pub fn from_name(name: &str) -> Option<Self> {
                match name.rsplit('#').next().unwrap_or(name) {
                    $($text => Some(Self::$name),)*
                    _ => None,
                }
            }
        }
    };
}

codes! {
    /// Authenticated but not permitted.
    AccessDenied = "AccessDeniedException", 400;
    /// The name is taken, or somebody else changed the thing.
    Conflict = "ConflictException", 400;
    /// The session token has expired.
    ExpiredToken = "ExpiredTokenException", 400;
    /// No process can host a new game session.
    FleetCapacityExceeded = "FleetCapacityExceededException", 400;
    /// No free player slot.
    GameSessionFull = "GameSessionFullException", 400;
    /// The same idempotency token with other parameters.
    IdempotentParameterMismatch = "IdempotentParameterMismatchException", 400;
    /// The authorization header cannot be read.
    IncompleteSignature = "IncompleteSignatureException", 400;
    /// Unexpected; a client may try again.
    InternalService = "InternalServiceException", 500;
    /// The fleet or location is not in the status the operation needs.
    InvalidFleetStatus = "InvalidFleetStatusException", 400;
    /// The game session is not in the status the operation needs.
    InvalidGameSessionStatus = "InvalidGameSessionStatusException", 400;
    /// A parameter or a combination of parameters is wrong.
    InvalidRequest = "InvalidRequestException", 400;
    /// The signature is wrong or too old.
    InvalidSignature = "InvalidSignatureException", 400;
    /// A quota is reached.
    LimitExceeded = "LimitExceededException", 400;
    /// The request is not signed.
    MissingAuthenticationToken = "MissingAuthenticationTokenException", 400;
    /// The thing does not exist.
    NotFound = "NotFoundException", 400;
    /// Something the operation needs is still being prepared.
    NotReady = "NotReadyException", 400;
    /// FleetIQ only.
    OutOfCapacity = "OutOfCapacityException", 400;
    /// The body cannot be read, or a member has the wrong type.
    Serialization = "SerializationException", 400;
    /// Tags could not be applied.
    TaggingFailed = "TaggingFailedException", 400;
    /// An alias with the TERMINAL strategy was used.
    TerminalRoutingStrategy = "TerminalRoutingStrategyException", 400;
    /// Too many requests; clients wait and try again.
    Throttling = "ThrottlingException", 400;
    /// Not permitted, or the thing belongs to another account.
    Unauthorized = "UnauthorizedException", 400;
    /// There is no operation with this name.
    UnknownOperation = "UnknownOperationException", 400;
    /// The access key is unknown.
    UnrecognizedClient = "UnrecognizedClientException", 400;
    /// The location is not offered.
    UnsupportedRegion = "UnsupportedRegionException", 400;
}

/// The answer to a request that was not carried out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct Fault {
    /// What clients branch on.
    pub code: FaultCode,
    /// What people read.
    pub message: String,
}

impl Fault {
    /// A fault with this code and sentence.
    pub fn new(code: FaultCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }

    /// `InvalidRequestException`.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(FaultCode::InvalidRequest, message)
    }

    /// `NotFoundException`.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(FaultCode::NotFound, message)
    }

    /// `SerializationException`.
    pub fn serialization(message: impl Into<String>) -> Self {
        Self::new(FaultCode::Serialization, message)
    }
}

impl fmt::Display for FaultCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
