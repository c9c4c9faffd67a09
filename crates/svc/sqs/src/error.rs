//! What Amazon Simple Queue Service says when it refuses, each text in one place.
//!
//! The texts are AWS's, as its documentation, its SDKs' issue trackers and recorded answers show them.

pub(crate) mod message;

use alcazar_api_sqs::ErrorCode;
use alcazar_engine::Error;
use alcazar_shape::common_error::ACCESS_DENIED;
use alcazar_shape::{ApiError, ErrorModel};

/// Most of what is wrong with a parameter. The model does not list it.
static INVALID_PARAMETER_VALUE: ErrorModel = ErrorModel {
    name: "InvalidParameterValueException",
    query_code: "InvalidParameterValue",
    status: 400,
    query_status: 400,
    sender_fault: true,
    message_member: "message",
};

/// A parameter is missing. The model does not list it.
static MISSING_PARAMETER: ErrorModel = ErrorModel {
    name: "MissingRequiredParameterException",
    query_code: "MissingParameter",
    status: 400,
    query_status: 400,
    sender_fault: true,
    message_member: "message",
};

/// No queue of this name or URL. Query has kept the words of its early days.
#[must_use]
pub(crate) fn queue_does_not_exist() -> ApiError {
    ErrorCode::QueueDoesNotExist
        .because("The specified queue does not exist.")
        .worded_in_query("The specified queue does not exist for this wsdl version.")
}

/// A URL names no queue.
#[must_use]
pub(crate) fn invalid_address(url: &str) -> ApiError {
    ErrorCode::InvalidAddress.because(format!("The address {url} is not valid for this endpoint."))
}

/// Another account's queue, and its policy does not let the caller.
#[must_use]
pub(crate) fn access_denied(endpoint: &str) -> ApiError {
    alcazar_shape::common_error::ACCESS_DENIED
        .because(format!("Access to the resource {endpoint}/ is denied."))
}

/// A queue's name has other characters, or too many.
#[must_use]
pub(crate) fn queue_name() -> ApiError {
    INVALID_PARAMETER_VALUE
        .because("Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length")
}

/// The same of a FIFO queue.
#[must_use]
pub(crate) fn fifo_queue_name() -> ApiError {
    INVALID_PARAMETER_VALUE.because(
        "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with \
         .fifo suffix and be 1 to 80 in length",
    )
}

/// There is a queue of this name, and what was asked of it is not as it has it.
#[must_use]
pub(crate) fn queue_name_exists(attribute: &str) -> ApiError {
    ErrorCode::QueueNameExists.because(format!(
        "A queue already exists with the same name and a different value for attribute {attribute}"
    ))
}

/// A queue of this name was deleted a moment ago.
#[must_use]
pub(crate) fn queue_deleted_recently() -> ApiError {
    ErrorCode::QueueDeletedRecently.because(
        "You must wait 60 seconds after deleting a queue before you can create another with the same name.",
    )
}

/// No attribute of this name, or none that can be set.
#[must_use]
pub(crate) fn unknown_attribute(name: &str) -> ApiError {
    ErrorCode::InvalidAttributeName.because(format!("Unknown Attribute {name}."))
}

/// An attribute that only FIFO queues have.
#[must_use]
pub(crate) fn fifo_attribute(name: &str) -> ApiError {
    ErrorCode::InvalidAttributeName
        .because(format!("You can specify the {name} only when FifoQueue is set to true."))
}

/// Both kinds of server-side encryption at once.
#[must_use]
pub(crate) fn two_encryptions() -> ApiError {
    ErrorCode::InvalidAttributeName.because(
        "You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.",
    )
}

/// An attribute cannot have this value.
#[must_use]
pub(crate) fn attribute_value(name: &str) -> ApiError {
    ErrorCode::InvalidAttributeValue.because(format!("Invalid value for the parameter {name}."))
}

/// The same, with the reason.
#[must_use]
pub(crate) fn attribute_value_because(name: &str, reason: &str) -> ApiError {
    ErrorCode::InvalidAttributeValue
        .because(format!("Invalid value for the parameter {name}. Reason: {reason}"))
}

/// A parameter cannot have this value.
#[must_use]
pub(crate) fn parameter_value(value: &str, name: &str, reason: &str) -> ApiError {
    INVALID_PARAMETER_VALUE
        .because(format!("Value {value} for parameter {name} is invalid. Reason: {reason}"))
}

/// A parameter is missing.
#[must_use]
pub(crate) fn missing_parameter(name: &str) -> ApiError {
    MISSING_PARAMETER.because(format!("The request must contain the parameter {name}."))
}

/// High throughput by group, of a queue that tells duplicates by queue.
#[must_use]
pub(crate) fn throughput_per_group_without_scope() -> ApiError {
    attribute_value_because(
        "FifoThroughputLimit",
        "The perMessageGroupId value is allowed only when the value for DeduplicationScope is messageGroup.",
    )
}

/// A queue stays of its type.
#[must_use]
pub(crate) fn queue_type() -> ApiError {
    attribute_value_because("FifoQueue", "Modifying queue type is not supported.")
}

/// Reasons why a redrive policy is refused.
pub(crate) const REDRIVE_NOT_JSON: &str = "Redrive policy is not a valid JSON map.";
pub(crate) const REDRIVE_WITHOUT_TARGET: &str =
    "Redrive policy does not contain mandatory attribute: deadLetterTargetArn.";
pub(crate) const REDRIVE_WITHOUT_COUNT: &str =
    "Redrive policy does not contain mandatory attribute: maxReceiveCount.";
pub(crate) const REDRIVE_TARGET: &str = "Invalid value for deadLetterTargetArn.";
pub(crate) const REDRIVE_TARGET_ELSEWHERE: &str =
    "Dead-letter queue must be in the same account and region as the source.";
pub(crate) const REDRIVE_TARGET_ABSENT: &str = "Dead letter target does not exist.";
pub(crate) const REDRIVE_TARGET_TYPE: &str = "Dead-letter queue must be same type of queue as the source.";
pub(crate) const REDRIVE_NOT_ALLOWED: &str = "Queue does not have permission to use this dead-letter queue.";

/// The same of a count out of range.
#[must_use]
pub(crate) fn redrive_count(said: &str) -> String {
    format!(
        "Invalid value for maxReceiveCount: {said}, valid values are from 1 to {RECEIVE_COUNT_MAX} both inclusive.",
        RECEIVE_COUNT_MAX = crate::redrive::RECEIVE_COUNT_MAX
    )
}

/// Why a redrive allow policy is refused.
pub(crate) const REDRIVE_ALLOW_FORMAT: &str =
    "Amazon SQS can't create the redrive allow policy, as it's in an unsupported format.";

/// More of something than there may be.
#[must_use]
pub(crate) fn over_limit(what: &str, found: usize, most: u64) -> ApiError {
    ErrorCode::OverLimit.because(format!("{found} {what} were found, maximum allowed is {most}."))
}

/// More tags than a queue may have.
#[must_use]
pub(crate) fn too_many_tags(queue: &str) -> ApiError {
    INVALID_PARAMETER_VALUE.because(format!("Too many tags added for queue {queue}."))
}

/// A tag's key is too long, or empty.
#[must_use]
pub(crate) fn tag_key() -> ApiError {
    INVALID_PARAMETER_VALUE.because("Tag keys must be between 1 and 128 characters in length.")
}

/// A tag's value is too long.
#[must_use]
pub(crate) fn tag_value() -> ApiError {
    INVALID_PARAMETER_VALUE.because("Tag values must be between 0 and 256 characters in length.")
}

/// A tag's key is one of AWS's own.
#[must_use]
pub(crate) fn tag_key_reserved() -> ApiError {
    INVALID_PARAMETER_VALUE.because("Tag keys that start with 'aws:' are reserved for system use.")
}

/// What a caller of SQS is told of what KMS refused.
#[must_use]
pub(crate) fn of_kms(error: Error) -> Error {
    let Error::Api(refused) = error else { return error };
    let code = match refused.model().name {
        "AccessDeniedException" => ErrorCode::KmsAccessDenied,
        "DisabledException" => ErrorCode::KmsDisabled,
        "KMSInvalidStateException" => ErrorCode::KmsInvalidState,
        "InvalidKeyUsageException" => ErrorCode::KmsInvalidKeyUsage,
        "ThrottlingException" | "LimitExceededException" => ErrorCode::KmsThrottled,
        "NotFoundException" | "InvalidArnException" | "ValidationException" => {
            return kms_key_absent().into();
        }
        // What failed inside KMS failed inside.
        _ => return refused.into(),
    };
    code.because(refused.message().unwrap_or_default()).into()
}

/// The KMS key is not there, or cannot be seen from here.
fn kms_key_absent() -> ApiError {
    ErrorCode::KmsAccessDenied.because(
        "The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you \
         are not allowed to access.",
    )
}

/// An account id is none.
#[must_use]
pub(crate) fn account_id(text: &str) -> ApiError {
    parameter_value(text, "QueueOwnerAWSAccountId", "Must be a 12-digit AWS account ID.")
}

/// The queue was purged a moment ago.
#[must_use]
pub(crate) fn purge_in_progress(queue: &str) -> ApiError {
    ErrorCode::PurgeQueueInProgress
        .because(format!("Only one PurgeQueue operation on {queue} is allowed every 60 seconds."))
}

/// Fewer or more results are asked for than a page may have.
#[must_use]
pub(crate) fn max_results(asked: i32, most: usize) -> ApiError {
    let reason = format!("MaxResults must be an integer between 1 and {most}.");
    parameter_value(&asked.to_string(), "MaxResults", &reason)
}

/// A token that no page ended with.
#[must_use]
pub(crate) fn next_token() -> ApiError {
    INVALID_PARAMETER_VALUE.because("Invalid or expired next token.")
}

/// A permission's label has other characters, or too many.
#[must_use]
pub(crate) fn label(label: &str) -> ApiError {
    let reason = "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length";
    parameter_value(label, "Label", reason)
}

/// The policy has a permission of this label.
#[must_use]
pub(crate) fn label_exists(label: &str) -> ApiError {
    parameter_value(label, "Label", "Already exists.")
}

/// The policy has no permission of this label.
#[must_use]
pub(crate) fn label_not_found(label: &str) -> ApiError {
    parameter_value(label, "Label", "can't find label.")
}

/// No such action; the blank at the end is AWS's.
#[must_use]
pub(crate) fn no_such_action(action: &str) -> ApiError {
    parameter_value(
        action,
        "ActionName",
        "Please refer to the appropriate WSDL for a list of valid actions. ",
    )
}

/// An action that no other account can be let do.
#[must_use]
pub(crate) fn action_of_owner(action: &str) -> ApiError {
    parameter_value(action, "ActionName", "Only the queue owner is allowed to invoke this action.")
}

/// Accounts that do not exist, or none.
#[must_use]
pub(crate) fn principal_id(accounts: &[String]) -> ApiError {
    parameter_value(&format!("[{}]", accounts.join(", ")), "PrincipalId", "Unable to verify.")
}

/// What callers are told of a denial: the same words as elsewhere, but that SQS writes actions in lower case.
#[must_use]
pub(crate) fn denied(message: &str) -> ApiError {
    let lowered = |word: &str| if word.starts_with("sqs:") { word.to_lowercase() } else { word.to_owned() };
    let words: Vec<String> = message.split(' ').map(lowered).collect();
    ACCESS_DENIED.because(words.join(" "))
}

/// A parameter of a message move task is no ARN of a queue.
#[must_use]
pub(crate) fn move_task_arn(name: &str) -> ApiError {
    INVALID_PARAMETER_VALUE.because(format!(
        "You must use this format to specify the {name}: arn:<partition>:<service>:<region>:<account-id>:<resource-id>"
    ))
}

/// A queue that a message move task names is not there.
#[must_use]
pub(crate) fn move_task_queue_absent(name: &str) -> ApiError {
    ErrorCode::ResourceNotFoundException
        .because(format!("The resource that you specified for the {name} parameter doesn't exist."))
}

/// Messages are to be moved from a queue that is no dead-letter queue.
#[must_use]
pub(crate) fn not_a_dead_letter_queue() -> ApiError {
    INVALID_PARAMETER_VALUE.because("Source queue must be configured as a Dead Letter Queue.")
}

/// Messages are to be moved to a queue of another type.
#[must_use]
pub(crate) fn move_task_type() -> ApiError {
    INVALID_PARAMETER_VALUE.because("Destination queue must be same type of queue as the source.")
}

/// Messages are to be moved slower or faster than they can.
#[must_use]
pub(crate) fn move_rate(asked: i32, most: u32) -> ApiError {
    let reason = format!("Must be between 1 and {most}, if provided.");
    parameter_value(&asked.to_string(), "MaxNumberOfMessagesPerSecond", &reason)
}

/// Messages of the queue are moving already.
#[must_use]
pub(crate) fn move_task_running() -> ApiError {
    INVALID_PARAMETER_VALUE.because(
        "There is already a task running. Only one active task is allowed for a source queue arn at a given time.",
    )
}

/// A handle of no message move task's form.
#[must_use]
pub(crate) fn task_handle() -> ApiError {
    INVALID_PARAMETER_VALUE.because("Value for parameter TaskHandle is invalid.")
}

/// No running message move task of this handle.
#[must_use]
pub(crate) fn task_not_found() -> ApiError {
    ErrorCode::ResourceNotFoundException.because("Task does not exist.")
}
