//! What is said of versions and labels.

use alcazar_api_ssm::ErrorCode;
use alcazar_shape::ApiError;

use crate::reference::{Selected, Selector};

/// The version that was selected is not there.
#[must_use]
pub(crate) fn not_found(name: &str, selector: &Selector) -> ApiError {
    match &selector.version {
        Selected::Number(number) => number_not_found(name, *number),
        Selected::Label(label) => ErrorCode::ParameterVersionNotFound.because(format!(
            "Systems Manager could not find a version of {name} that has the specified label, {label}. Verify the \
             parameter label and try again."
        )),
    }
}

/// There is no version of this number.
#[must_use]
pub(crate) fn number_not_found(name: &str, number: impl std::fmt::Display) -> ApiError {
    ErrorCode::ParameterVersionNotFound.because(format!(
        "Systems Manager could not find version {number} of {name}. Verify the version and try again."
    ))
}

/// A version would have more labels than it may.
#[must_use]
pub(crate) fn too_many_labels(most: u64) -> ApiError {
    ErrorCode::ParameterVersionLabelLimitExceeded.because(format!(
        "A parameter version can have maximum {most} labels.Move one or more labels to another version and try again."
    ))
}

/// The oldest version would have to go, and has a label.
#[must_use]
pub(crate) fn oldest_has_label(name: &str, oldest: u64) -> ApiError {
    ErrorCode::ParameterMaxVersionLimitExceeded.because(format!(
        "You attempted to create a new version of {name} by calling the PutParameter API with the overwrite flag. \
         Version {oldest}, the oldest version, can't be deleted because it has a label associated with it. Move the \
         label to another version of the parameter, and try again."
    ))
}
