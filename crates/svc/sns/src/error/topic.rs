//! What is said of topics, their attributes, policies and tags.

use alcazar_api_sns::ErrorCode;
use alcazar_shape::ApiError;

use super::invalid;

/// No topic of this ARN.
#[must_use]
pub(crate) fn not_found() -> ApiError {
    ErrorCode::NotFoundException.because("Topic does not exist")
}

/// The same, as the operations on tags say it.
#[must_use]
pub(crate) fn resource_not_found() -> ApiError {
    ErrorCode::ResourceNotFoundException.because("Resource does not exist")
}

/// A name that no topic may have.
#[must_use]
pub(crate) fn name() -> ApiError {
    invalid(
        "Topic Name Reason: Topic names must be made up of only uppercase and lowercase ASCII letters, numbers, \
         underscores, and hyphens, and must be between 1 and 256 characters long.",
    )
}

/// A name that no FIFO topic may have.
#[must_use]
pub(crate) fn fifo_name() -> ApiError {
    invalid(
        "Fifo Topic names must end with .fifo and must be made up of only uppercase and lowercase ASCII letters, \
         numbers, underscores, and hyphens, and must be between 1 and 256 characters long.",
    )
}

/// The topic is there, with other attributes.
#[must_use]
pub(crate) fn other_attributes() -> ApiError {
    invalid("Attributes Reason: Topic already exists with different attributes")
}

/// The topic is there, with other tags.
#[must_use]
pub(crate) fn other_tags() -> ApiError {
    invalid("Tags Reason: Topic already exists with different tags")
}

/// An account has as many topics as it may.
#[must_use]
pub(crate) fn limit() -> ApiError {
    ErrorCode::TopicLimitExceededException.because("Topic limit has been reached")
}

/// An attribute that there is not, or not for such topics.
#[must_use]
pub(crate) fn attribute_name() -> ApiError {
    invalid("AttributeName")
}

/// An attribute's value is none that it may have.
#[must_use]
pub(crate) fn attribute_value(attribute: &str, reason: &str) -> ApiError {
    invalid(&format!("{attribute} Reason: {reason}"))
}

/// A policy that is none.
#[must_use]
pub(crate) fn policy() -> ApiError {
    invalid("Policy Error: null")
}

/// A policy names someone who does not exist.
#[must_use]
pub(crate) fn policy_principal() -> ApiError {
    invalid("Policy Error: PrincipalNotFound")
}

/// A policy is about actions that topics' policies cannot be about.
#[must_use]
pub(crate) fn policy_action() -> ApiError {
    invalid("Policy statement action out of service scope!")
}

/// There is a statement of this label already.
#[must_use]
pub(crate) fn statement_exists() -> ApiError {
    invalid("Statement already exists")
}

/// A delivery policy is wrong, as `reason` says.
#[must_use]
pub(crate) fn delivery_policy(reason: &str) -> ApiError {
    invalid(&format!("DeliveryPolicy: {reason}"))
}

/// Two tags have the same key.
#[must_use]
pub(crate) fn duplicate_tags() -> ApiError {
    invalid("Duplicated keys are not allowed.")
}

/// A tag's key begins as those of AWS's own do.
#[must_use]
pub(crate) fn reserved_tag() -> ApiError {
    invalid("TagKey Reason: System tags (aws:) can not be modified by requester")
}

/// There would be too many tags.
#[must_use]
pub(crate) fn tag_limit() -> ApiError {
    ErrorCode::TagLimitExceededException
        .because("Could not complete request: tag quota of per resource exceeded")
}

/// A topic of large messages has other subscriptions than it may.
#[must_use]
pub(crate) fn large_topic() -> ApiError {
    attribute_value(
        "MaximumMessageSize",
        "A topic with a MaximumMessageSize above 262144 must have 100 or fewer subscriptions, and each subscription \
         must be an Amazon SQS, Amazon Data Firehose, or Lambda subscription",
    )
}
