//! What is answered instead of a result, and the faults that this room finds itself.

use std::borrow::Cow;

/// A fault as it goes over the wire.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct Fault {
    /// The name of the error shape, without a namespace; clients branch on it.
    pub code: Cow<'static, str>,
    /// The HTTP status.
    pub status: u16,
    /// What people read.
    pub message: String,
}

impl Fault {
    /// A fault with this code, status and sentence.
    pub fn new(
        code: impl Into<Cow<'static, str>>,
        status: u16,
        message: impl Into<String>,
    ) -> Self {
        Self {
            code: code.into(),
            status,
            message: message.into(),
        }
    }

    pub(crate) fn client(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(code, 400, message)
    }

    pub(crate) fn serialization(message: impl Into<String>) -> Self {
        Self::client("SerializationException", message)
    }

    pub(crate) fn incomplete(message: impl Into<String>) -> Self {
        Self::client("IncompleteSignatureException", message)
    }

    pub(crate) fn signature(message: impl Into<String>) -> Self {
        Self::client("InvalidSignatureException", message)
    }
}
