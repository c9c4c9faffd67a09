//! `InvalidInputException`: a request that cannot be right, with the reason.
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateAccount.html#API_CreateAccount_Errors>

use alcazar_api_organizations::ErrorCode;
use alcazar_shape::{ApiError, Constraint, ValidationFailure};

const REQUIRED: &str = "You must include a value for all required parameters.";

fn because(reason: &'static str, message: &str) -> ApiError {
    ErrorCode::InvalidInputException.because(message).with("Reason", reason)
}

/// An input that breaks its constraints: the first one is told. The member's name stands behind the reason, as in
/// `INVALID_PATTERN:RESOURCE_ID`.
#[must_use]
pub(crate) fn invalid(failure: &ValidationFailure) -> ApiError {
    let first = failure.violations.first();
    let (reason, message) = match first.map_or(Constraint::Pattern, |violation| violation.constraint) {
        Constraint::Required => ("INPUT_REQUIRED", REQUIRED),
        Constraint::LengthMax => {
            ("MAX_LENGTH_EXCEEDED", "You provided a string parameter that is longer than allowed.")
        }
        Constraint::LengthMin => {
            ("MIN_LENGTH_EXCEEDED", "You provided a string parameter that is shorter than allowed.")
        }
        Constraint::ValueMax => {
            ("MAX_VALUE_EXCEEDED", "You provided a numeric parameter that has a larger value than allowed.")
        }
        Constraint::ValueMin => {
            ("MIN_VALUE_EXCEEDED", "You provided a numeric parameter that has a smaller value than allowed.")
        }
        Constraint::Pattern => {
            ("INVALID_PATTERN", "You provided a value that does not match the required pattern.")
        }
        Constraint::Values => ("INVALID_ENUM", "You specified an invalid value."),
        Constraint::Parts => (
            "INVALID_LIST_MEMBER",
            "You provided a list to a parameter that contains at least one invalid value.",
        ),
    };
    let reason = match first {
        Some(violation) => format!("{reason}:{}", constant_case(&violation.member)),
        None => reason.to_owned(),
    };
    ErrorCode::InvalidInputException.because(message).with("Reason", reason)
}

/// A member's name as reasons have it: `RESOURCE_ID` for `ResourceId`.
fn constant_case(name: &str) -> String {
    let mut constant = String::new();
    for character in name.chars() {
        if character.is_ascii_uppercase() && !constant.is_empty() {
            constant.push('_');
        }
        constant.push(character.to_ascii_uppercase());
    }
    constant
}

/// A token that no page ended with.
#[must_use]
pub(crate) fn next_token() -> ApiError {
    because("INVALID_NEXT_TOKEN", "You specified an invalid pagination token.")
}

/// Two tags of the same key.
#[must_use]
pub(crate) fn duplicate_tag_key() -> ApiError {
    because("DUPLICATE_TAG_KEY", "Tag keys must be unique among the tags attached to the same entity.")
}

/// A tag whose key begins with `aws:`.
#[must_use]
pub(crate) fn system_tag() -> ApiError {
    because(
        "INVALID_SYSTEM_TAGS_PARAMETER",
        "You specified a tag key that is a system tag. You can't add, edit, or delete system tag keys because they're \
         reserved for AWS use.",
    )
}

/// A role's name that is reserved for service-linked roles.
#[must_use]
pub(crate) fn role_name() -> ApiError {
    because(
        "INVALID_ROLE_NAME",
        "You provided a role name that isn't valid. A role name can't begin with the reserved prefix \
         AWSServiceRoleFor.",
    )
}

/// An invited party that is neither an account nor an e-mail address.
#[must_use]
pub(crate) fn party_type() -> ApiError {
    because(
        "INVALID_PARTY_TYPE_TARGET",
        "You specified the wrong type of entity (account, organization, or email) as a party.",
    )
}

/// An invited account whose id is none.
#[must_use]
pub(crate) fn party_account() -> ApiError {
    because(
        "INVALID_PATTERN_TARGET_ID",
        "You specified a policy target ID that doesn't match the required pattern.",
    )
}

/// An invited owner's e-mail address that is none.
#[must_use]
pub(crate) fn party_email() -> ApiError {
    because(
        "INVALID_EMAIL_ADDRESS_TARGET",
        "You specified an invalid email address for the invited account owner.",
    )
}

/// A filter with more than one condition.
#[must_use]
pub(crate) fn too_many_filters() -> ApiError {
    because("MAX_LIMIT_EXCEEDED_FILTER", "You can specify only one filter parameter for the operation.")
}

/// A service that Organizations does not know.
#[must_use]
pub(crate) fn service_principal() -> ApiError {
    because("UNRECOGNIZED_SERVICE_PRINCIPAL", "You specified an unrecognized service principal.")
}

/// A policy of AWS's own that is to be changed.
#[must_use]
pub(crate) fn immutable_policy() -> ApiError {
    because("IMMUTABLE_POLICY", "You specified a policy that is managed by AWS and can't be modified.")
}

/// A policy of AWS's own that is to be detached.
#[must_use]
pub(crate) fn non_detachable_policy() -> ApiError {
    because("NON_DETACHABLE_POLICY", "You can't detach this AWS Managed Policy.")
}

/// Tags for a resource policy that is there already.
#[must_use]
pub(crate) fn target_not_supported() -> ApiError {
    because("TARGET_NOT_SUPPORTED", "You can't perform the specified operation on that target entity.")
}

/// A resource policy that is none.
#[must_use]
pub(crate) fn resource_policy() -> ApiError {
    because(
        "INVALID_RESOURCE_POLICY_JSON",
        "The provided policy document does not meet the requirements of a resource policy.",
    )
}

/// A resource policy that names someone who cannot be delegated to.
#[must_use]
pub(crate) fn principal() -> ApiError {
    because("INVALID_PRINCIPAL", "You specified an invalid principal element in the policy.")
}

/// A resource policy about something that cannot be delegated.
#[must_use]
pub(crate) fn unsupported_action() -> ApiError {
    because(
        "UNSUPPORTED_ACTION_IN_RESOURCE_POLICY",
        "The provided policy document has an action that resource policies don't support.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_named_as_constants() {
        assert_eq!(constant_case("ResourceId"), "RESOURCE_ID");
        assert_eq!(constant_case("Name"), "NAME");
    }
}
