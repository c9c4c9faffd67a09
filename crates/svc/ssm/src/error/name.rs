//! What is said of names.

use alcazar_api_ssm::ErrorCode;
use alcazar_shape::ApiError;
use alcazar_shape::common_error::{ACCESS_DENIED, VALIDATION};

/// A name has other characters than names have, or begins with `ssm`.
#[must_use]
pub(crate) fn malformed() -> ApiError {
    VALIDATION.because(
        "Parameter name: can't be prefixed with \"ssm\" (case-insensitive). If formed as a path, it can consist of \
         sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following \
         3 symbols .-_",
    )
}

/// A name at the top begins with what is AWS's own.
#[must_use]
pub(crate) fn prefixed() -> ApiError {
    VALIDATION.because("Parameter name: can't be prefixed with \"aws\" or \"ssm\" (case-insensitive).")
}

/// A hierarchy of AWS's own. The name stands there without its leading slash.
#[must_use]
pub(crate) fn reserved(name: &str) -> ApiError {
    ACCESS_DENIED.because(format!("No access to reserved parameter name: {name}."))
}

/// A name has levels, and no leading slash.
#[must_use]
pub(crate) fn not_fully_qualified() -> ApiError {
    VALIDATION.because("Parameter name must be a fully qualified name.")
}

/// A name ends with a slash.
#[must_use]
pub(crate) fn trailing_slash() -> ApiError {
    VALIDATION.because("Parameter name must not end with slash.")
}

/// A name has too many levels.
#[must_use]
pub(crate) fn too_deep() -> ApiError {
    ErrorCode::HierarchyLevelLimitExceededException.because(
        "A hierarchy can have a maximum of 15 levels. For more information, see Requirements and constraints for \
         parameter names in the AWS Systems Manager User Guide.",
    )
}

/// The ARN of a parameter of this name would be too long.
#[must_use]
pub(crate) fn too_long(length: usize, most: usize) -> ApiError {
    VALIDATION.because(format!(
        "The parameter's ARN, which contains its name, is {length} characters long. The maximum length is {most} \
         characters."
    ))
}

/// What follows a name's colon selects no version.
#[must_use]
pub(crate) fn selector() -> ApiError {
    VALIDATION.because(
        "Invalid parameter name. Please use correct syntax for referencing a version/label  <name>:<version/label>",
    )
}
