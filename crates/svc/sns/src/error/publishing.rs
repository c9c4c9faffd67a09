//! What is said of messages, their attributes and batches of them.

use alcazar_api_sns::ErrorCode;
use alcazar_shape::ApiError;

use super::{invalid, no_value};

/// Neither topic nor target is named.
#[must_use]
pub(crate) fn no_target() -> ApiError {
    no_value("TopicArn or TargetArn")
}

/// A target that is no topic.
#[must_use]
pub(crate) fn no_endpoint() -> ApiError {
    invalid("TargetArn Reason: No endpoint found for the target arn specified")
}

/// Messages to phones are not sent here.
#[must_use]
pub(crate) fn phone_number() -> ApiError {
    invalid("PhoneNumber Reason: Amazon SNS does not support this protocol string: sms")
}

/// A message without a text.
#[must_use]
pub(crate) fn empty_message() -> ApiError {
    invalid("Empty message")
}

/// A message with all its attributes is longer than the topic takes.
#[must_use]
pub(crate) fn too_long() -> ApiError {
    invalid("Message too long")
}

/// A subject that no message may have.
#[must_use]
pub(crate) fn subject() -> ApiError {
    invalid("Subject")
}

/// A structure other than `json`.
#[must_use]
pub(crate) fn structure() -> ApiError {
    invalid("MessageStructure")
}

/// A structured message is no JSON object.
#[must_use]
pub(crate) fn structure_json() -> ApiError {
    invalid("Message Structure - JSON message body failed to parse")
}

/// A structured message says nothing for protocols that it does not name.
#[must_use]
pub(crate) fn structure_default() -> ApiError {
    invalid("Message Structure - No default entry in JSON message body")
}

/// FIFO topics need a group.
#[must_use]
pub(crate) fn group_needed() -> ApiError {
    invalid("The MessageGroupId parameter is required for FIFO topics")
}

/// FIFO topics need something to tell duplicates by.
#[must_use]
pub(crate) fn deduplication_needed() -> ApiError {
    invalid(
        "The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
    )
}

/// Standard topics do not deduplicate.
#[must_use]
pub(crate) fn deduplication_of_standard() -> ApiError {
    invalid(
        "MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for \
         this topic type",
    )
}

/// The id of a group or for deduplication has other characters than it may, or too many.
#[must_use]
pub(crate) fn fifo_id(parameter: &str) -> ApiError {
    invalid(&format!(
        "{parameter} Reason: {parameter} can only include alphanumeric and punctuation characters. 1 to 128 in length"
    ))
}

fn value(text: String) -> ApiError {
    ErrorCode::InvalidParameterValueException.because(text)
}

/// An attribute without a value.
#[must_use]
pub(crate) fn empty_attribute(name: &str, data_type: &str) -> ApiError {
    value(format!(
        "The message attribute '{name}' must contain non-empty message attribute value for message attribute type \
         '{data_type}'."
    ))
}

/// An attribute whose value stands in the wrong field.
#[must_use]
pub(crate) fn attribute_field(name: &str, data_type: &str, field: &str) -> ApiError {
    value(format!("The message attribute '{name}' with type '{data_type}' must use field '{field}'."))
}

/// An attribute of a type that there is not.
#[must_use]
pub(crate) fn attribute_type(name: &str) -> ApiError {
    value(format!(
        "The message attribute '{name}' has an invalid message attribute type, the set of supported type prefixes is \
         Binary, Number, and String."
    ))
}

/// An attribute that is called a number and is none.
#[must_use]
pub(crate) fn attribute_number(name: &str) -> ApiError {
    value(format!("Could not cast message attribute '{name}' value to number."))
}

/// An attribute that is called an array and is none.
#[must_use]
pub(crate) fn attribute_array(name: &str) -> ApiError {
    value(format!("The message attribute '{name}' with type 'String.Array' must contain a valid JSON array."))
}

/// An attribute's name is too long.
#[must_use]
pub(crate) fn attribute_name_length() -> ApiError {
    value("Length of message attribute name must be less than 256 bytes.".to_owned())
}

/// An attribute's name has a character that it may not have.
#[must_use]
pub(crate) fn attribute_name_character(character: char) -> ApiError {
    value(format!(
        "Invalid non-alphanumeric character '#x{:X}' was found in the message attribute name. Can only include \
         alphanumeric characters, hyphens, underscores, or dots.",
        u32::from(character)
    ))
}

/// An attribute's name begins (or ends) with a dot.
#[must_use]
pub(crate) fn attribute_name_dot(place: &str) -> ApiError {
    value(format!("Invalid message attribute name {place} with character '.' was found."))
}

/// An attribute's name has two dots after each other.
#[must_use]
pub(crate) fn attribute_name_dots() -> ApiError {
    value("Message attribute name can not have successive '.' character.".to_owned())
}

/// A batch of nothing.
#[must_use]
pub(crate) fn empty_batch() -> ApiError {
    ErrorCode::EmptyBatchRequestException.because("The batch request doesn't contain any entries.")
}

/// A batch of more than ten.
#[must_use]
pub(crate) fn long_batch() -> ApiError {
    ErrorCode::TooManyEntriesInBatchRequestException
        .because("The batch request contains more entries than permissible.")
}

/// Two entries of a batch have the same id.
#[must_use]
pub(crate) fn repeated_id() -> ApiError {
    ErrorCode::BatchEntryIdsNotDistinctException
        .because("Two or more batch entries in the request have the same Id.")
}

/// The messages of a batch are too long together.
#[must_use]
pub(crate) fn batch_too_long() -> ApiError {
    ErrorCode::BatchRequestTooLongException
        .because("The length of all the messages put together is more than the limit.")
}

/// An entry's id is too long.
#[must_use]
pub(crate) fn id_too_long(id: &str) -> ApiError {
    ErrorCode::InvalidBatchEntryIdException
        .because(format!("The Id of a batch entry in the batch request is too long: {id}"))
}

/// An entry's id has a character that it may not have.
#[must_use]
pub(crate) fn id_character(id: &str) -> ApiError {
    ErrorCode::InvalidBatchEntryIdException.because(format!(
        "The Id of a batch entry in the batch request contains an impermissible character: {id}"
    ))
}
