//! Short names for the faults that operations answer with.

use api::{Fault, FaultCode};

pub(crate) fn invalid(message: impl Into<String>) -> Fault {
    fault(FaultCode::InvalidRequest, message)
}

pub(crate) fn not_found(message: impl Into<String>) -> Fault {
    fault(FaultCode::NotFound, message)
}

pub(crate) fn conflict(message: impl Into<String>) -> Fault {
    fault(FaultCode::Conflict, message)
}

pub(crate) fn limit_exceeded(message: impl Into<String>) -> Fault {
    fault(FaultCode::LimitExceeded, message)
}

pub(crate) fn fault(code: FaultCode, message: impl Into<String>) -> Fault {
    Fault::new(code, message)
}
