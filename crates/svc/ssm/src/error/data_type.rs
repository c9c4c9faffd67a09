//! What is said of data types. Values are not repeated: they may be secret.

use alcazar_shape::ApiError;
use alcazar_shape::common_error::VALIDATION;

/// There is no such data type.
#[must_use]
pub(crate) fn unknown(data_type: &str) -> ApiError {
    VALIDATION.because(format!(
        "The following data type is not supported: {data_type}. (Data type names are all lowercase.)"
    ))
}

/// The data type does not go with the type.
#[must_use]
pub(crate) fn not_of_type(data_type: &str, parameter_type: &str) -> ApiError {
    VALIDATION.because(format!(
        "The {data_type} data type is not supported for the following input type: {parameter_type}"
    ))
}

/// The name is not where those of integrations are.
#[must_use]
pub(crate) fn not_an_integration(prefix: &str) -> ApiError {
    VALIDATION
        .because(format!("Parameters with data type: aws:ssm:integration must start with prefix: {prefix}"))
}

/// A parameter keeps the data type, or does not get it.
#[must_use]
pub(crate) fn fixed(from: &str, to: &str) -> ApiError {
    VALIDATION.because(format!("The data type of a parameter can't be changed from {from} to {to}."))
}

/// The value is not like the data type.
#[must_use]
pub(crate) fn invalid_value(data_type: &str) -> ApiError {
    VALIDATION.because(format!("The parameter value is not valid for the following data type: {data_type}."))
}
