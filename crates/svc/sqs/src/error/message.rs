//! What is said of messages: those that are sent, and those that are to be received, deleted or hidden for longer.

use alcazar_api_sqs::ErrorCode;
use alcazar_shape::ApiError;

use super::{INVALID_PARAMETER_VALUE, missing_parameter, parameter_value};

/// Characters that no message may have.
#[must_use]
pub(crate) fn invalid_characters() -> ApiError {
    ErrorCode::InvalidMessageContents.because(
        "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | \
         #x10000 to #x10FFFF",
    )
}

/// More than the queue takes.
#[must_use]
pub(crate) fn message_too_long(bytes_max: u32) -> ApiError {
    INVALID_PARAMETER_VALUE.because(format!(
        "One or more parameters are invalid. Reason: Message must be shorter than {bytes_max} bytes."
    ))
}

/// A number of seconds is out of its range.
#[must_use]
pub(crate) fn delay_seconds(said: i32) -> ApiError {
    parameter_value(&said.to_string(), "DelaySeconds", "DelaySeconds must be >= 0 and <= 900.")
}

/// Messages of a FIFO queue have no delay of their own.
#[must_use]
pub(crate) fn delay_in_fifo_queue(said: i32) -> ApiError {
    parameter_value(
        &said.to_string(),
        "DelaySeconds",
        "The request include parameter that is not valid for this queue type.",
    )
}

/// A parameter that only FIFO queues take.
#[must_use]
pub(crate) fn not_for_standard_queue(value: &str, name: &str) -> ApiError {
    parameter_value(value, name, "The request includes a parameter that is not valid for this queue type.")
}

/// The id of a group, a message or a receive has other characters, or too many.
#[must_use]
pub(crate) fn token(value: &str, name: &str) -> ApiError {
    let reason =
        format!("{name} can only include alphanumeric and punctuation characters. 1 to 128 in length.");
    parameter_value(value, name, &reason)
}

/// A message of a FIFO queue is in no group.
#[must_use]
pub(crate) fn no_group() -> ApiError {
    missing_parameter("MessageGroupId")
}

/// The same in a batch.
#[must_use]
pub(crate) fn no_group_in_batch() -> ApiError {
    INVALID_PARAMETER_VALUE.because("The request must contain the parameter MessageGroupId.")
}

/// Nothing says which messages are the same.
#[must_use]
pub(crate) fn no_deduplication() -> ApiError {
    INVALID_PARAMETER_VALUE.because(
        "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
    )
}

/// More attributes than a message may have.
#[must_use]
pub(crate) fn too_many_attributes(found: usize, most: usize) -> ApiError {
    INVALID_PARAMETER_VALUE
        .because(format!("Number of message attributes [{found}] exceeds the allowed maximum [{most}]."))
}

/// What is wrong with the name of an attribute.
pub(crate) const ATTRIBUTE_NAME_TOO_LONG: &str =
    "Message (user) attribute names must be shorter than 256 Bytes";
pub(crate) const ATTRIBUTE_NAME_CHARACTERS: &str = "Message (user) attributes name can only contain upper and lower score \
     characters, digits, periods, hyphens and underscores. ";
pub(crate) const ATTRIBUTE_NAME_RESERVED: &str = "You can't use message attribute names beginning with 'AWS.' or 'Amazon.'. \
     These strings are reserved for internal use. Additionally, they cannot start or end with '.'.";
pub(crate) const ATTRIBUTE_TYPE_TOO_LONG: &str =
    "Message (user) attribute types must be shorter than 256 Bytes";

/// An attribute has a name or type that none can have.
#[must_use]
pub(crate) fn attribute(reason: &str) -> ApiError {
    INVALID_PARAMETER_VALUE.because(reason)
}

/// An attribute has no type.
#[must_use]
pub(crate) fn attribute_without_type(name: &str) -> ApiError {
    INVALID_PARAMETER_VALUE
        .because(format!("The message attribute '{name}' must contain non-empty message attribute type."))
}

/// An attribute has a type that there is not.
#[must_use]
pub(crate) fn attribute_type(name: &str) -> ApiError {
    INVALID_PARAMETER_VALUE.because(format!(
        "The type of message (user) attribute '{name}' is invalid. You must use only the following supported type \
         prefixes: Binary, Number, String."
    ))
}

/// An attribute has no value of its type.
#[must_use]
pub(crate) fn attribute_without_value(name: &str, data_type: &str) -> ApiError {
    INVALID_PARAMETER_VALUE.because(format!(
        "The message attribute '{name}' must contain non-empty message attribute value for message attribute type \
         '{data_type}'."
    ))
}

/// An attribute's value is empty.
#[must_use]
pub(crate) fn attribute_empty(name: &str, data_type: &str) -> ApiError {
    INVALID_PARAMETER_VALUE.because(format!(
        "Message (user) attribute '{name}' must contain a non-empty value of type '{data_type}'."
    ))
}

/// A number that is none.
#[must_use]
pub(crate) fn attribute_no_number(name: &str) -> ApiError {
    INVALID_PARAMETER_VALUE
        .because(format!("Can't cast the value of message (user) attribute '{name}' to a number."))
}

/// Lists, which SQS has a form for and does not take.
#[must_use]
pub(crate) fn attribute_list(operation: &str) -> ApiError {
    ErrorCode::UnsupportedOperation
        .because(format!("Message attribute list values in {operation} operation are not supported."))
}

/// A system attribute that senders cannot give.
#[must_use]
pub(crate) fn system_attribute(name: &str) -> ApiError {
    ErrorCode::InvalidAttributeName.because(format!("Unknown Attribute {name}."))
}

/// The trace header is no text.
#[must_use]
pub(crate) fn trace_header() -> ApiError {
    INVALID_PARAMETER_VALUE.because(
        "The message system attribute 'AWSTraceHeader' must contain a non-empty value of type 'String'.",
    )
}

/// A number of messages or seconds is out of its range.
#[must_use]
pub(crate) fn max_number_of_messages(said: i32) -> ApiError {
    parameter_value(&said.to_string(), "MaxNumberOfMessages", "Must be between 1 and 10, if provided.")
}

/// The same of the time to wait.
#[must_use]
pub(crate) fn wait_time(said: i32) -> ApiError {
    parameter_value(&said.to_string(), "WaitTimeSeconds", "Must be >= 0 and <= 20, if provided.")
}

/// The same of the time to hide what is received.
#[must_use]
pub(crate) fn receive_visibility_timeout(said: i32) -> ApiError {
    parameter_value(&said.to_string(), "VisibilityTimeout", "Must be >= 0 and <= 43200, if provided.")
}

/// The same of the time to hide what was received.
#[must_use]
pub(crate) fn visibility_timeout(said: i32) -> ApiError {
    parameter_value(
        &said.to_string(),
        "VisibilityTimeout",
        "VisibilityTimeout must be an integer between 0 and 43200.",
    )
}

/// It would have been hidden longer than anything may be.
#[must_use]
pub(crate) fn total_visibility_timeout(said: i32, most: i64) -> ApiError {
    let reason = format!("Total VisibilityTimeout for the message is beyond the limit [{most} seconds]");
    parameter_value(&said.to_string(), "VisibilityTimeout", &reason)
}

/// A receive that was asked for by an id cannot be given again.
#[must_use]
pub(crate) fn attempt_not_retryable(id: &str) -> ApiError {
    parameter_value(
        id,
        "ReceiveRequestAttemptId",
        "The receiveRequestAttemptId is not valid anymore since the receive call is not retryable.",
    )
}

/// As many messages are in flight as may be.
#[must_use]
pub(crate) fn too_many_in_flight() -> ApiError {
    ErrorCode::OverLimit.because("Too many messages in flight for this queue")
}

/// A text that is no receipt handle of the queue.
#[must_use]
pub(crate) fn receipt_handle(handle: &str) -> ApiError {
    ErrorCode::ReceiptHandleIsInvalid
        .because(format!("The input receipt handle \"{handle}\" is not a valid receipt handle."))
}

/// A receipt handle whose message somebody else may have by now.
#[must_use]
pub(crate) fn receipt_handle_expired(handle: &str) -> ApiError {
    parameter_value(handle, "ReceiptHandle", "The receipt handle has expired.")
}

/// The message of a receipt handle is not in its receiver's hands.
#[must_use]
pub(crate) fn not_in_flight(handle: &str) -> ApiError {
    parameter_value(
        handle,
        "ReceiptHandle",
        "Message does not exist or is not available for visibility timeout change.",
    )
}

/// Nothing in a batch.
#[must_use]
pub(crate) fn empty_batch(entry: &str) -> ApiError {
    ErrorCode::EmptyBatchRequest.because(format!("There should be at least one {entry} in the request."))
}

/// Too much in a batch.
#[must_use]
pub(crate) fn too_many_entries(found: usize, most: usize) -> ApiError {
    ErrorCode::TooManyEntriesInBatchRequest
        .because(format!("Maximum number of entries per request are {most}. You have sent {found}."))
}

/// The same id twice.
#[must_use]
pub(crate) fn entry_id_repeated(id: &str) -> ApiError {
    ErrorCode::BatchEntryIdsNotDistinct.because(format!("Id {id} repeated."))
}

/// No id of an entry.
#[must_use]
pub(crate) fn entry_id() -> ApiError {
    ErrorCode::InvalidBatchEntryId.because(
        "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters \
         long.",
    )
}

/// A batch of messages that are longer together than they may be.
#[must_use]
pub(crate) fn batch_too_long(found: usize, most: usize) -> ApiError {
    ErrorCode::BatchRequestTooLong
        .because(format!("Batch requests cannot be longer than {most} bytes. You have sent {found} bytes."))
}
