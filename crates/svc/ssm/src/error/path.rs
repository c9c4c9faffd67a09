//! What is said of paths.

use alcazar_shape::ApiError;
use alcazar_shape::common_error::VALIDATION;

/// A path below which parameters are read is none. AWS leaves the space out between the two sentences.
#[must_use]
pub(crate) fn malformed() -> ApiError {
    VALIDATION.because(
        "Parameter path: can't be prefixed with \"aws\" or \"ssm\" (case-insensitive) except global parameter name path \
         prefixed with \"aws\" (case-sensitive). It should always begin with / symbol.It consists of sub-paths divided \
         by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_",
    )
}

/// A path that a filter names is AWS's own.
#[must_use]
pub(crate) fn reserved_filter() -> ApiError {
    VALIDATION.because(
        "Filters for common parameters can't be prefixed with \"aws\" or \"ssm\" (case-insensitive). When using global \
         parameters, please specify within a global namespace.",
    )
}

/// A path that a filter names is none.
#[must_use]
pub(crate) fn malformed_filter() -> ApiError {
    VALIDATION.because(
        "The parameter doesn't meet the parameter name requirements. The parameter name must begin with a forward \
         slash \"/\". It can't be prefixed with \"aws\" or \"ssm\" (case-insensitive). It must use only letters, \
         numbers, or the following symbols: . (period), - (hyphen), _ (underscore). Special characters are not \
         allowed. All sub-paths, if specified, must use the forward slash symbol \"/\". Valid example: \
         /get/parameters2-/by1./path0_.",
    )
}
