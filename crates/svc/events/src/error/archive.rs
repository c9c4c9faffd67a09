//! What is said of archives and replays.

use alcazar_api_events::ErrorCode;
use alcazar_shape::ApiError;
use alcazar_shape::common_error::VALIDATION;

/// No archive of this name.
#[must_use]
pub(crate) fn not_found(archive: &str) -> ApiError {
    ErrorCode::ResourceNotFoundException.because(format!("Archive {archive} does not exist."))
}

/// There is such an archive already.
#[must_use]
pub(crate) fn exists(archive: &str) -> ApiError {
    ErrorCode::ResourceAlreadyExistsException.because(format!("Archive {archive} already exists."))
}

/// A list can be narrowed in one way at a time.
#[must_use]
pub(crate) fn several_filters(operation: &str) -> ApiError {
    VALIDATION.because(format!(
        "At most one filter is allowed for {operation}. Use either : State, EventSourceArn, or NamePrefix."
    ))
}

/// No replay of this name.
#[must_use]
pub(crate) fn replay_not_found(replay: &str) -> ApiError {
    ErrorCode::ResourceNotFoundException.because(format!("Replay {replay} does not exist."))
}

/// There is such a replay already.
#[must_use]
pub(crate) fn replay_exists(replay: &str) -> ApiError {
    ErrorCode::ResourceAlreadyExistsException.because(format!("Replay {replay} already exists."))
}

/// The replay is over.
#[must_use]
pub(crate) fn replay_is_over(replay: &str) -> ApiError {
    ErrorCode::IllegalStatusException
        .because(format!("Replay {replay} is not in a valid state for this operation."))
}

/// The archive that is to be replayed is not there.
#[must_use]
pub(crate) fn replay_of_nothing(archive: &str) -> ApiError {
    invalid("EventSourceArn", &format!("Archive {archive} does not exist."))
}

/// The events are to go somewhere that is no bus.
#[must_use]
pub(crate) fn destination_no_bus() -> ApiError {
    invalid("Destination.Arn", "Must contain an event bus ARN.")
}

/// The events are to go to another bus than they came from.
#[must_use]
pub(crate) fn destination_other_bus() -> ApiError {
    invalid("Destination.Arn", "Cross event bus replay is not permitted.")
}

/// A filter is no rule of the destination.
#[must_use]
pub(crate) fn filter_no_rule(arn: &str) -> ApiError {
    invalid("Destination.FilterArns", &format!("{arn} is not a rule on the destination event bus."))
}

/// The end does not come after the start.
#[must_use]
pub(crate) fn no_window() -> ApiError {
    invalid("EventEndTime", "EventStartTime must be before EventEndTime.")
}

fn invalid(parameter: &str, reason: &str) -> ApiError {
    VALIDATION.because(format!("Parameter {parameter} is not valid. Reason: {reason}"))
}
