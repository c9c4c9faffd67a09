//! What is said of events and their entries.

use alcazar_shape::ApiError;
use alcazar_shape::common_error::VALIDATION;

/// Why an entry failed, as the answer tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EntryError {
    /// Its code.
    pub code: &'static str,
    /// Its message.
    pub message: String,
}

/// The entry lacks something.
#[must_use]
pub(crate) fn required(parameter: &str) -> EntryError {
    let message = format!("Parameter {parameter} is not valid. Reason: {parameter} is a required argument.");
    EntryError { code: "InvalidArgument", message }
}

/// The detail is no JSON object.
#[must_use]
pub(crate) fn malformed_detail() -> EntryError {
    EntryError { code: "MalformedDetail", message: "Detail is malformed.".to_owned() }
}

/// Only AWS's services have this source.
#[must_use]
pub(crate) fn not_authorized_for_source() -> EntryError {
    EntryError {
        code: "NotAuthorizedForSourceException",
        message: "Not authorized for the source.".to_owned(),
    }
}

/// The entries are too large, all together.
#[must_use]
pub(crate) fn too_large() -> ApiError {
    VALIDATION.because("Total size of the entries in the request is over the limit.")
}

/// There is no such endpoint in several regions.
#[must_use]
pub(crate) fn endpoint_not_found(id: &str) -> ApiError {
    VALIDATION.because(format!("EndpointId '{id}' is not valid."))
}
