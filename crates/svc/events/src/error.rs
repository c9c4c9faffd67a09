//! What Amazon EventBridge says when it refuses, each text in one place.

use alcazar_api_events::ErrorCode;
use alcazar_shape::ApiError;
use alcazar_shape::common_error::VALIDATION;

/// No rule of this name on the bus.
#[must_use]
pub(crate) fn rule_not_found(rule: &str, bus: &str) -> ApiError {
    ErrorCode::ResourceNotFoundException.because(format!("Rule {rule} does not exist on EventBus {bus}."))
}

/// No event bus of this name.
#[must_use]
pub(crate) fn bus_not_found(bus: &str) -> ApiError {
    ErrorCode::ResourceNotFoundException.because(format!("Event bus {bus} does not exist."))
}

/// There is such a bus already.
#[must_use]
pub(crate) fn bus_exists(bus: &str) -> ApiError {
    ErrorCode::ResourceAlreadyExistsException.because(format!("Event bus {bus} already exists."))
}

/// Only partners' buses have a slash in their names.
#[must_use]
pub(crate) fn slash_in_bus_name() -> ApiError {
    VALIDATION.because("Event bus name must not contain '/'.")
}

/// The source of a partner that the bus is to take events of; there are no partners here.
#[must_use]
pub(crate) fn event_source_not_found(name: &str) -> ApiError {
    ErrorCode::ResourceNotFoundException.because(format!("Event source {name} does not exist."))
}

/// Every account keeps its default bus.
#[must_use]
pub(crate) fn default_bus_stays() -> ApiError {
    VALIDATION.because("Cannot delete event bus default.")
}

/// Rules go before their bus does.
#[must_use]
pub(crate) fn bus_has_rules() -> ApiError {
    VALIDATION.because("Event bus can't be deleted since it has rules.")
}

/// There are as many as there may be.
#[must_use]
pub(crate) fn limit_exceeded() -> ApiError {
    ErrorCode::LimitExceededException.because("The requested resource exceeds the maximum number allowed.")
}

/// The token is none that a page ended with.
#[must_use]
pub(crate) fn invalid_token() -> ApiError {
    VALIDATION.because("Parameter nextToken is not valid.")
}

/// A tag has a key that only AWS may use.
#[must_use]
pub(crate) fn reserved_tag() -> ApiError {
    VALIDATION.because("System tags cannot be added/updated by requester.")
}

/// Two tags have the same key.
#[must_use]
pub(crate) fn duplicate_tags() -> ApiError {
    VALIDATION.because("Tags contain duplicate keys.")
}

/// There are more tags than there may be.
#[must_use]
pub(crate) fn too_many_tags() -> ApiError {
    ErrorCode::LimitExceededException.because("The number of tags exceeds the limit of 50 tags per resource.")
}

/// The ARN is of nothing that has tags.
#[must_use]
pub(crate) fn not_taggable(arn: &str) -> ApiError {
    ErrorCode::ResourceNotFoundException.because(format!("Resource {arn} does not exist."))
}

pub(crate) mod archive;
pub(crate) mod connection;
pub(crate) mod permission;
pub(crate) mod put_events;
pub(crate) mod rule;
