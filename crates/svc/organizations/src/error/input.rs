//! `InvalidInputException`: a request that cannot be right, with the reason.
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateAccount.html#API_CreateAccount_Errors>

use alcazar_api_organizations::ErrorCode;
use alcazar_shape::ApiError;

fn invalid(reason: &'static str, message: &str) -> ApiError {
    ErrorCode::InvalidInputException.because(message).with("Reason", reason)
}

/// A token that no page ended with.
#[must_use]
pub(crate) fn next_token() -> ApiError {
    invalid("INVALID_NEXT_TOKEN", "You specified an invalid pagination token.")
}

/// Two tags of the same key.
#[must_use]
pub(crate) fn duplicate_tag_key() -> ApiError {
    invalid("DUPLICATE_TAG_KEY", "Tag keys must be unique among the tags attached to the same entity.")
}

/// A tag whose key begins with `aws:`.
#[must_use]
pub(crate) fn system_tag() -> ApiError {
    invalid(
        "INVALID_SYSTEM_TAGS_PARAMETER",
        "You specified a tag key that is a system tag. You can't add, edit, or delete system tag keys because they're \
         reserved for AWS use.",
    )
}

/// A value that is none of those it may be.
#[must_use]
pub(crate) fn value() -> ApiError {
    invalid("INVALID_ENUM", "You specified an invalid value.")
}

/// A type of policies that there is none of.
#[must_use]
pub(crate) fn policy_type() -> ApiError {
    invalid("INVALID_ENUM_POLICY_TYPE", "You specified an invalid policy type string.")
}

/// A text that is not of its form.
#[must_use]
pub(crate) fn pattern() -> ApiError {
    invalid("INVALID_PATTERN", "You provided a value that does not match the required pattern.")
}

/// Something that must be given is not.
#[must_use]
pub(crate) fn required() -> ApiError {
    invalid("INPUT_REQUIRED", "You must include a value for all required parameters.")
}

/// A role's name that is reserved for service-linked roles.
#[must_use]
pub(crate) fn role_name() -> ApiError {
    invalid(
        "INVALID_ROLE_NAME",
        "You provided a role name that isn't valid. A role name can't begin with the reserved prefix \
         AWSServiceRoleFor.",
    )
}

/// An invited party that is neither an account nor an e-mail address.
#[must_use]
pub(crate) fn party_type() -> ApiError {
    invalid(
        "INVALID_PARTY_TYPE_TARGET",
        "You specified the wrong type of entity (account, organization, or email) as a party.",
    )
}

/// An invited account whose id is none.
#[must_use]
pub(crate) fn party_account() -> ApiError {
    invalid(
        "INVALID_PATTERN_TARGET_ID",
        "You specified a policy target ID that doesn't match the required pattern.",
    )
}

/// An invited owner's e-mail address that is none.
#[must_use]
pub(crate) fn party_email() -> ApiError {
    invalid(
        "INVALID_EMAIL_ADDRESS_TARGET",
        "You specified an invalid email address for the invited account owner.",
    )
}

/// A filter with more than one condition.
#[must_use]
pub(crate) fn too_many_filters() -> ApiError {
    invalid("MAX_LIMIT_EXCEEDED_FILTER", "You can specify only one filter parameter for the operation.")
}

/// A service that Organizations does not know.
#[must_use]
pub(crate) fn service_principal() -> ApiError {
    invalid("UNRECOGNIZED_SERVICE_PRINCIPAL", "You specified an unrecognized service principal.")
}

/// A policy of AWS's own that is to be changed.
#[must_use]
pub(crate) fn immutable_policy() -> ApiError {
    invalid("IMMUTABLE_POLICY", "You specified a policy that is managed by AWS and can't be modified.")
}

/// A policy of AWS's own that is to be detached.
#[must_use]
pub(crate) fn non_detachable_policy() -> ApiError {
    invalid("NON_DETACHABLE_POLICY", "You can't detach this AWS Managed Policy.")
}

/// Something that the operation cannot be done on.
#[must_use]
pub(crate) fn target_not_supported() -> ApiError {
    invalid("TARGET_NOT_SUPPORTED", "You can't perform the specified operation on that target entity.")
}
