//! What CloudTrail says of event data stores and queries.

use alcazar_api_cloudtrail::ErrorCode;
use alcazar_shape::ApiError;

/// What should be an event data store's ARN or id is none.
#[must_use]
pub(crate) fn arn_invalid(text: &str) -> ApiError {
    ErrorCode::EventDataStoreARNInvalidException
        .because(format!("The specified event data store ARN is not valid: {text}"))
}

/// No event data store of this ARN.
#[must_use]
pub(crate) fn not_found(arn: &str) -> ApiError {
    ErrorCode::EventDataStoreNotFoundException
        .because(format!("The specified event data store was not found: {arn}"))
}

/// It waits to be deleted.
#[must_use]
pub(crate) fn inactive() -> ApiError {
    ErrorCode::InactiveEventDataStoreException.because("The event data store is inactive.")
}

/// Another has this name.
#[must_use]
pub(crate) fn exists() -> ApiError {
    ErrorCode::EventDataStoreAlreadyExistsException
        .because("An event data store with that name already exists.")
}

/// As many as may be.
#[must_use]
pub(crate) fn too_many() -> ApiError {
    ErrorCode::EventDataStoreMaxLimitExceededException
        .because("Your account has used the maximum number of event data stores.")
}

/// It is protected.
#[must_use]
pub(crate) fn protected() -> ApiError {
    ErrorCode::EventDataStoreTerminationProtectedException
        .because("The event data store cannot be deleted because termination protection is enabled for it.")
}

/// Its status does not allow that.
#[must_use]
pub(crate) fn status(wanted: &str) -> ApiError {
    ErrorCode::InvalidEventDataStoreStatusException.because(format!(
        "The event data store is not in a status that supports the operation. It must be {wanted}."
    ))
}

/// Its events are none that come in by themselves.
#[must_use]
pub(crate) fn category() -> ApiError {
    ErrorCode::InvalidEventDataStoreCategoryException.because(
        "This event data store cannot ingest events: its eventCategory must be Management, Data, NetworkActivity, or \
         ConfigurationItem.",
    )
}

/// Selectors that do not go together.
#[must_use]
pub(crate) fn categories() -> ApiError {
    ErrorCode::InvalidEventSelectorsException
        .because("An event data store cannot collect events of these event categories together.")
}

/// Its settings were changed more often than can be kept.
#[must_use]
pub(crate) fn changed_too_often() -> ApiError {
    ErrorCode::OperationNotPermittedException
        .because("The event data store was changed too often within its retention period.")
}

/// An update of nothing.
#[must_use]
pub(crate) fn nothing_to_update() -> ApiError {
    parameter("At least one optional parameter must be specified.")
}

/// A retention period that cannot be.
#[must_use]
pub(crate) fn retention(most: u32) -> ApiError {
    parameter(&format!("The retention period must be between 7 and {most} days for this billing mode."))
}

/// A billing mode that cannot be changed to.
#[must_use]
pub(crate) fn billing_mode() -> ApiError {
    parameter(
        "You can't change the billing mode from EXTENDABLE_RETENTION_PRICING to FIXED_RETENTION_PRICING.",
    )
}

/// A key where there is another.
#[must_use]
pub(crate) fn key_stays() -> ApiError {
    parameter(
        "After you associate an event data store with a KMS key, the KMS key cannot be removed or changed.",
    )
}

/// A parameter that is not valid.
#[must_use]
pub(crate) fn parameter(text: &str) -> ApiError {
    ErrorCode::InvalidParameterException.because(text.to_owned())
}

/// The key cannot be used by CloudTrail for an event data store.
#[must_use]
pub(crate) fn key_refuses(key_arn: &str) -> ApiError {
    ErrorCode::InsufficientEncryptionPolicyException
        .because(format!("Insufficient permissions to access KMS key {key_arn}."))
}

/// What should be a query is none.
#[must_use]
pub(crate) fn statement(reason: &str) -> ApiError {
    ErrorCode::InvalidQueryStatementException.because(reason.to_owned())
}

/// As many queries as may run at a time.
#[must_use]
pub(crate) fn too_many_queries(most: u64) -> ApiError {
    ErrorCode::MaxConcurrentQueriesException.because(format!(
        "You are already running the maximum number of concurrent queries. The maximum number of concurrent queries is \
         {most}. Wait a minute for some queries to finish, and then run the query again."
    ))
}

/// No such query.
#[must_use]
pub(crate) fn query_not_found() -> ApiError {
    ErrorCode::QueryIdNotFoundException.because("The query ID does not exist or does not map to a query.")
}

/// A query that has ended.
#[must_use]
pub(crate) fn query_ended() -> ApiError {
    ErrorCode::InactiveQueryException.because(
        "The specified query cannot be canceled because it is in the FINISHED, FAILED, TIMED_OUT, or CANCELLED state.",
    )
}

/// An end before its start.
#[must_use]
pub(crate) fn date_range() -> ApiError {
    ErrorCode::InvalidDateRangeException.because(
        "A date range for the query was specified that is not valid. Be sure that the start time is chronologically \
         before the end time.",
    )
}

/// A bucket for results, of which there are none here.
#[must_use]
pub(crate) fn no_bucket(uri: &str) -> ApiError {
    let bucket = uri.trim_start_matches("s3://").split('/').next().unwrap_or_default();
    ErrorCode::S3BucketDoesNotExistException.because(format!("S3 bucket {bucket} does not exist!"))
}

/// A template of queries, of which there are none here.
#[must_use]
pub(crate) fn no_alias(alias: &str) -> ApiError {
    parameter(&format!("The query alias {alias} is not valid."))
}

/// What should be the ARN of something with a policy is none.
#[must_use]
pub(crate) fn policy_arn(text: &str) -> ApiError {
    ErrorCode::ResourceARNNotValidException.because(format!("The provided resource ARN is not valid: {text}"))
}

/// A type of which nothing has a policy.
#[must_use]
pub(crate) fn policy_type(text: &str) -> ApiError {
    ErrorCode::ResourceTypeNotSupportedException
        .because(format!("The specified resource type is not supported by CloudTrail: {text}"))
}

/// Nothing of this ARN has a policy.
#[must_use]
pub(crate) fn policy_resource(text: &str) -> ApiError {
    ErrorCode::ResourceNotFoundException.because(format!("Resource not found: {text}"))
}

/// A policy that the resource cannot have.
#[must_use]
pub(crate) fn policy(reason: &str) -> ApiError {
    ErrorCode::ResourcePolicyNotValidException.because(reason.to_owned())
}

/// The resource has no policy.
#[must_use]
pub(crate) fn no_policy() -> ApiError {
    ErrorCode::ResourcePolicyNotFoundException.because("The specified resource policy is not found.")
}
