//! What AWS CloudTrail says when it refuses, each text in one place.
//!
//! The texts are AWS's as recorded answers and its documentation show them. Where neither shows one, the sentence of the
//! API reference stands.

pub(crate) mod lake;
pub(crate) mod organization;
pub(crate) mod selector;
pub(crate) mod tag;
pub(crate) mod trail_name;

use alcazar_api_cloudtrail::ErrorCode;
use alcazar_base::AccountId;
use alcazar_shape::ApiError;

/// No trail of this ARN.
#[must_use]
pub(crate) fn trail_not_found(arn: &str, account: AccountId) -> ApiError {
    ErrorCode::TrailNotFoundException.because(format!("Unknown trail: {arn} for the user: {account}"))
}

/// A trail of this name is there already.
#[must_use]
pub(crate) fn trail_exists(name: &str, account: AccountId) -> ApiError {
    ErrorCode::TrailAlreadyExistsException
        .because(format!("Trail {name} already exists for customer: {account}"))
}

/// As many trails as may be.
#[must_use]
pub(crate) fn too_many_trails(account: AccountId, most: u64, region: &str) -> ApiError {
    ErrorCode::MaximumNumberOfTrailsExceededException
        .because(format!("User: {account} already has {most} trails in {region}."))
}

/// The trail is to be changed in its home region.
#[must_use]
pub(crate) fn home_region(home: &str) -> ApiError {
    ErrorCode::InvalidHomeRegionException.because(format!(
        "The operation must be called from the Region in which the trail was created: {home}."
    ))
}

/// What should be an ARN of CloudTrail's is none.
#[must_use]
pub(crate) fn arn_invalid(text: &str) -> ApiError {
    ErrorCode::CloudTrailARNInvalidException.because(format!("Invalid trail ARN: {text}"))
}

/// A name that no bucket may have.
#[must_use]
pub(crate) fn bucket_name(name: &str) -> ApiError {
    ErrorCode::InvalidS3BucketNameException.because(format!("Bucket name is invalid: {name}"))
}

/// A prefix of keys that is too long.
#[must_use]
pub(crate) fn prefix_too_long(most: usize, length: usize) -> ApiError {
    ErrorCode::InvalidS3PrefixException.because(format!(
        "S3 prefix is too long. Maximum allowed length: {most} characters. Specified prefix length: {length} characters."
    ))
}

/// A prefix that keys may not have.
#[must_use]
pub(crate) fn prefix(prefix: &str) -> ApiError {
    ErrorCode::InvalidS3PrefixException.because(format!("S3 prefix is invalid: {prefix}"))
}

/// What should be a topic is none.
#[must_use]
pub(crate) fn topic_name(name: &str) -> ApiError {
    ErrorCode::InvalidSnsTopicNameException.because(format!("SNS topic name is invalid: {name}"))
}

/// The topic does not take what CloudTrail publishes.
#[must_use]
pub(crate) fn topic_refuses() -> ApiError {
    ErrorCode::InsufficientSnsTopicPolicyException
        .because("SNS Topic does not exist or the topic policy is incorrect!")
}

/// What should be a key is none.
#[must_use]
pub(crate) fn key_id(key_id: &str) -> ApiError {
    ErrorCode::InvalidKmsKeyIdException.because(format!("KMS key ID is invalid: {key_id}"))
}

/// No such key.
#[must_use]
pub(crate) fn key_not_found(key_id: &str) -> ApiError {
    ErrorCode::KmsKeyNotFoundException.because(format!("KMS key {key_id} not found."))
}

/// The key cannot be used.
#[must_use]
pub(crate) fn key_unusable(reason: &str) -> ApiError {
    ErrorCode::KmsException.because(reason.to_owned())
}

/// The key's policy does not let CloudTrail use it.
#[must_use]
pub(crate) fn key_refuses(bucket: &str, key_arn: &str) -> ApiError {
    ErrorCode::InsufficientEncryptionPolicyException
        .because(format!("Insufficient permissions to access S3 bucket {bucket} or KMS key {key_arn}."))
}

/// There is no such log group.
#[must_use]
pub(crate) fn log_group() -> ApiError {
    ErrorCode::InvalidCloudWatchLogsLogGroupArnException
        .because("CloudTrail cannot validate the specified log group ARN.")
}

/// A role for logs, and no log group.
#[must_use]
pub(crate) fn log_role_alone() -> ApiError {
    ErrorCode::InvalidCloudWatchLogsLogGroupArnException
        .because("You must specify a log group ARN as well as a role ARN.")
}

/// A log group, and no role.
#[must_use]
pub(crate) fn log_group_alone() -> ApiError {
    ErrorCode::InvalidCloudWatchLogsRoleArnException
        .because("You must specify a role ARN as well as a log group.")
}

/// A trail of every region that lacks the services of none.
#[must_use]
pub(crate) fn multi_region_without_global() -> ApiError {
    ErrorCode::InvalidParameterCombinationException
        .because("Multi-Region trail must include global service events.")
}

/// A combination of parameters that makes no sense.
#[must_use]
pub(crate) fn combination(text: &str) -> ApiError {
    ErrorCode::InvalidParameterCombinationException.because(text.to_owned())
}

/// The trail looks for nothing in its events.
#[must_use]
pub(crate) fn insights_off(arn: &str) -> ApiError {
    ErrorCode::InsightNotEnabledException.because(format!(
        "Trail {arn} does not have Insights enabled. Edit the trail settings to enable Insights, and then try the \
         operation again."
    ))
}

/// Event data stores are not looked into.
#[must_use]
pub(crate) fn insights_of_store() -> ApiError {
    ErrorCode::UnsupportedOperationException.because("Insights are not supported for event data stores.")
}

/// Insights that cannot be looked for.
#[must_use]
pub(crate) fn insight_selectors(text: &str) -> ApiError {
    ErrorCode::InvalidInsightSelectorsException.because(text.to_owned())
}

/// More than one attribute to look up by.
#[must_use]
pub(crate) fn lookup_attributes() -> ApiError {
    ErrorCode::InvalidLookupAttributesException
        .because("You can use only one lookup attribute in your request.")
}

/// A value that the attribute to look up by cannot have.
#[must_use]
pub(crate) fn lookup_value(key: &str, value: &str) -> ApiError {
    ErrorCode::InvalidLookupAttributesException
        .because(format!("The value {value} is not valid for the lookup attribute {key}."))
}

/// An end before its start.
#[must_use]
pub(crate) fn time_range() -> ApiError {
    ErrorCode::InvalidTimeRangeException.because(
        "The timestamp values are not valid. Either the start time occurs after the end time, or the time range is \
         outside the range of possible values.",
    )
}

/// A token that no page of this lookup ended with.
#[must_use]
pub(crate) fn next_token() -> ApiError {
    ErrorCode::InvalidNextTokenException
        .because("The token is not valid, or was previously used in a request with different parameters.")
}

/// A token where AWS gives none.
#[must_use]
pub(crate) fn reserved_token() -> ApiError {
    ErrorCode::InvalidTokenException.because("The token is not valid.")
}
