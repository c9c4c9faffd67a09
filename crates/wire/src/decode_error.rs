//! Why a body cannot be read as an operation's input, in AWS's words.
//!
//! The texts are those that the services answer; where AWS sends none (for a body that is no JSON at all),
//! none is sent here either, and the reason stays in the log.

use alcazar_shape::{ApiError, ErrorModel, Kind, common_error};
use thiserror::Error;

/// Why a body cannot be read. No variant holds anything of the body itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DecodeError {
    /// A value of one kind stands where another is expected.
    #[error("{found} can not be converted to {expected}")]
    Mismatch {
        /// The kind of value that was found, e.g. `NUMBER_VALUE`.
        found: &'static str,
        /// The kind that was expected, with its article.
        expected: &'static str,
    },
    /// A list stands where none is expected.
    #[error("Start of list found where not expected")]
    UnexpectedList,
    /// A structure or map stands where none is expected.
    #[error("Start of structure or map found where not expected.")]
    UnexpectedMap,
    /// Something else stands where a list is expected.
    #[error("Expected list or null")]
    ExpectedList,
    /// Something else stands where a map is expected.
    #[error("Expected map or null")]
    ExpectedMap,
    /// Something else stands where a structure is expected.
    #[error("Expected null")]
    ExpectedStructure,
    /// Base64 text is not whole.
    #[error("Base64 encoded length is expected a multiple of 4 bytes but found: {0}")]
    Base64Length(usize),
    /// Base64 text has a character that it may not have there.
    #[error("Invalid Base64 character")]
    Base64,
    /// A text is not UTF-8.
    #[error("Invalid UTF-8")]
    Utf8,
    /// A union has several members.
    #[error("Union must not have more than one member set")]
    Union,
    /// A name stands twice in one structure or map.
    #[error("Duplicate field")]
    Duplicate,
    /// The body nests deeper than any input may.
    #[error("Exceeded the maximum nesting depth")]
    TooDeep,
    /// There are more parameters or list entries than any input may have.
    #[error("Exceeded the maximum number of elements")]
    TooMany,
    /// The body is not in the protocol's format at all.
    #[error("the body is malformed")]
    Syntax,
}

impl DecodeError {
    /// The error for a scalar that stands where `kind` is expected.
    pub(crate) fn scalar(found: &'static str, kind: &Kind) -> Self {
        let expected = match kind {
            Kind::List { .. } => return Self::ExpectedList,
            Kind::Map { .. } => return Self::ExpectedMap,
            Kind::Structure { .. } => return Self::ExpectedStructure,
            Kind::String { .. } => "a String",
            Kind::Blob => "a Blob",
            Kind::Boolean => "a Boolean",
            Kind::Integer => "an Integer",
            Kind::Long => "a Long",
            Kind::Double => "a Double",
            Kind::Timestamp => "milliseconds since epoch",
        };
        Self::Mismatch { found, expected }
    }

    /// The error as the caller is told it.
    #[must_use]
    pub fn to_api_error(self) -> ApiError {
        const MODEL: &ErrorModel = &common_error::SERIALIZATION;
        match self {
            Self::Syntax => MODEL.bare().caused_by(self),
            _ => MODEL.because(self.to_string()),
        }
    }
}

impl From<DecodeError> for ApiError {
    fn from(error: DecodeError) -> Self {
        error.to_api_error()
    }
}
