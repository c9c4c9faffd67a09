//! What is said of subscriptions, their attributes and their confirmation.

use alcazar_api_sns::ErrorCode;
use alcazar_shape::ApiError;

use super::invalid;

/// No subscription of this ARN.
#[must_use]
pub(crate) fn not_found() -> ApiError {
    ErrorCode::NotFoundException.because("Subscription does not exist")
}

/// Nothing is delivered by this protocol here.
#[must_use]
pub(crate) fn protocol(protocol: &str) -> ApiError {
    invalid(&format!("Amazon SNS does not support this protocol string: {protocol}"))
}

/// FIFO topics deliver to queues alone.
#[must_use]
pub(crate) fn fifo_protocol(protocol: &str) -> ApiError {
    invalid(&format!("Invalid protocol type: {protocol}"))
}

/// An endpoint that is no URL of its protocol.
#[must_use]
pub(crate) fn endpoint_protocol() -> ApiError {
    invalid("Endpoint must match the specified protocol")
}

/// An endpoint that is no queue's ARN.
#[must_use]
pub(crate) fn queue_arn() -> ApiError {
    invalid("SQS endpoint ARN")
}

/// A FIFO queue on a standard topic.
#[must_use]
pub(crate) fn fifo_queue() -> ApiError {
    invalid(
        "Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics",
    )
}

/// The endpoint is subscribed, with other attributes.
#[must_use]
pub(crate) fn other_attributes() -> ApiError {
    invalid("Attributes Reason: Subscription already exists with different attributes")
}

/// A topic or an account has as many subscriptions as it may.
#[must_use]
pub(crate) fn limit() -> ApiError {
    ErrorCode::SubscriptionLimitExceededException.because("Subscription limit has been reached")
}

/// A topic has as many filter policies as it may.
#[must_use]
pub(crate) fn filter_policy_limit() -> ApiError {
    ErrorCode::FilterPolicyLimitExceededException.because("Filter policy limit has been reached")
}

/// An attribute that there is not.
#[must_use]
pub(crate) fn attribute_name() -> ApiError {
    invalid("AttributeName")
}

/// An attribute's value is wrong, as `reason` says; Subscribe says where it stood.
#[must_use]
pub(crate) fn attribute(reason: &str, in_subscribe: bool) -> ApiError {
    if in_subscribe { invalid(&format!("Attributes Reason: {reason}")) } else { invalid(reason) }
}

/// The topic that a subscription is to be confirmed of is not there.
#[must_use]
pub(crate) fn confirmed_topic() -> ApiError {
    invalid("Topic")
}

/// A token that was not given, or is past its time.
#[must_use]
pub(crate) fn token() -> ApiError {
    invalid("Token")
}
