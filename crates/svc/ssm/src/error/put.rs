//! What is said of parameters that are put.

use alcazar_api_ssm::ErrorCode;
use alcazar_shape::ApiError;
use alcazar_shape::common_error::VALIDATION;

const ADVANCED_GUIDE: &str =
    "https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html";

/// There is such a parameter, and it was not to be overwritten.
#[must_use]
pub(crate) fn already_exists() -> ApiError {
    ErrorCode::ParameterAlreadyExists.because(
        "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
    )
}

/// A new parameter has no type.
#[must_use]
pub(crate) fn no_type() -> ApiError {
    VALIDATION.because("A parameter type is required when you create a parameter.")
}

/// Tags and overwriting do not go together.
#[must_use]
pub(crate) fn tags_with_overwrite() -> ApiError {
    VALIDATION.because(
        "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove \
         overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or \
         RemoveTagsFromResource.",
    )
}

/// There is no value. It is not told, so the text has none.
#[must_use]
pub(crate) fn empty_value() -> ApiError {
    VALIDATION.because(
        "1 validation error detected: Value at 'value' failed to satisfy constraint: Member must have length greater \
         than or equal to 1",
    )
}

/// A value names another parameter. It is told unless it is to be secret.
#[must_use]
pub(crate) fn nested_value(value: Option<&str>) -> ApiError {
    let value = value.map(|value| format!(": '{value}'")).unwrap_or_default();
    VALIDATION.because(format!(
        "Parameter value{value} failed to satisfy constraint: Parameter value can't nest another parameter. Do not use \
         \"{{{{}}}}\" in the value."
    ))
}

/// A value is too large for the standard tier.
#[must_use]
pub(crate) fn too_large_for_standard() -> ApiError {
    VALIDATION.because(format!(
        "Standard tier parameters support a maximum parameter value of 4096 characters. To create a larger parameter \
         value, upgrade the parameter to use the advanced-parameter tier. For more information, see {ADVANCED_GUIDE}"
    ))
}

/// A value is too large for any tier.
#[must_use]
pub(crate) fn too_large() -> ApiError {
    VALIDATION.because(
        "The specified parameter value is too large. Advanced-tier parameters support a maximum parameter value of \
         8192 characters.",
    )
}

/// There is no way back from the advanced tier.
#[must_use]
pub(crate) fn downgrade() -> ApiError {
    VALIDATION.because(
        "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the \
         advanced-parameter tier to the standard-parameter tier. If necessary, you can delete the advanced parameter \
         and recreate it as a standard parameter. Be aware that standard parameters have a value limit of 4096 \
         characters.",
    )
}

/// Parameters of the standard tier have no policies.
#[must_use]
pub(crate) fn policies_of_standard() -> ApiError {
    VALIDATION.because(format!(
        "You can't assign parameter policies to a standard-parameter tier. You must upgrade the parameter to use the \
         advanced-parameter tier. For more information, see {ADVANCED_GUIDE}"
    ))
}

/// There are as many standard parameters as there may be.
#[must_use]
pub(crate) fn standard_limit(most: u64) -> ApiError {
    ErrorCode::ParameterLimitExceeded.because(format!(
        "You have reached the maximum number of standard parameters for this AWS account and Region ({most}). To add \
         more parameters, either delete existing parameters or upgrade to the advanced-parameter tier (charges \
         apply)."
    ))
}

/// There are as many advanced parameters as there may be.
#[must_use]
pub(crate) fn advanced_limit(most: u64) -> ApiError {
    ErrorCode::ParameterLimitExceeded.because(format!(
        "You have reached the maximum number of advanced parameters for this AWS account and Region ({most}). To add \
         more parameters, delete existing parameters."
    ))
}

/// Only secure strings are encrypted.
#[must_use]
pub(crate) fn key_without_secure_string() -> ApiError {
    VALIDATION.because("KeyId is required for SecureString type parameter only.")
}

/// An allowed pattern is no regular expression.
#[must_use]
pub(crate) fn invalid_pattern() -> ApiError {
    ErrorCode::InvalidAllowedPatternException
        .because("The syntax of the allowedPattern parameter is invalid.")
}

/// A value does not match the allowed pattern.
#[must_use]
pub(crate) fn pattern_mismatch(pattern: &str) -> ApiError {
    ErrorCode::ParameterPatternMismatchException
        .because(format!("Parameter value, cannot be validated against allowedPattern: {pattern}"))
}

/// Only advanced parameters have the data type.
#[must_use]
pub(crate) fn data_type_of_standard() -> ApiError {
    VALIDATION.because(format!(
        "You can't use this data type with a standard-parameter tier. You must upgrade the parameter to use the \
         advanced-parameter tier. For more information, see {ADVANCED_GUIDE}"
    ))
}
