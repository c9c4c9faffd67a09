//! What STS says when it refuses, each text in one place.
//!
//! The texts are AWS's, as its documentation, its SDKs' issue trackers and recorded answers show them.

use alcazar_api_sts::ErrorCode;
use alcazar_policy::{ParseError, PolicyKind};
use alcazar_shape::common_error::{ACCESS_DENIED, VALIDATION};
use alcazar_shape::{ApiError, ErrorModel};

/// Answered where parameters do not go together; STS's model does not list it.
static INVALID_PARAMETER_VALUE: ErrorModel = ErrorModel {
    name: "InvalidParameterValueException",
    query_code: "InvalidParameterValue",
    status: 400,
    query_status: 400,
    sender_fault: true,
    message_member: "message",
};

/// Who uses a token of an identity provider is told no more than this.
#[must_use]
pub(crate) fn web_identity_denied(action: &str) -> ApiError {
    ACCESS_DENIED.because(format!("Not authorized to perform {action}"))
}

/// A token that is none of an OpenID Connect provider's.
#[must_use]
pub(crate) fn no_id_token() -> ApiError {
    invalid_token(
        "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)",
    )
}

/// A token signed by something else than RSA or ECDSA.
#[must_use]
pub(crate) fn unknown_token_algorithm() -> ApiError {
    invalid_token("The ID Token provided is signed with an algorithm that is not supported.")
}

/// A token that does not say something that it must.
#[must_use]
pub(crate) fn missing_claim(name: &str) -> ApiError {
    invalid_token(&format!("Missing a required claim: {name}"))
}

/// Tags in a token that are none.
#[must_use]
pub(crate) fn invalid_tags_claim() -> ApiError {
    invalid_token("The session tags in the provided token are invalid.")
}

/// A source identity in a token that is none.
#[must_use]
pub(crate) fn invalid_source_identity_claim() -> ApiError {
    ErrorCode::IDPRejectedClaimException.because("The source identity in the provided token is invalid.")
}

/// A token of a provider that the account does not know.
#[must_use]
pub(crate) fn no_oidc_provider(issuer: &str) -> ApiError {
    invalid_token(&format!("No OpenIDConnect provider found in your account for {issuer}"))
}

/// A token for somebody else.
#[must_use]
pub(crate) fn incorrect_audience() -> ApiError {
    invalid_token("Incorrect token audience")
}

/// A token past its time.
#[must_use]
pub(crate) fn token_expired(now: i64, expires: i64) -> ApiError {
    ErrorCode::ExpiredTokenException.because(format!(
        "Token expired: current date/time {now} must be before the expiration date/time{expires}"
    ))
}

/// A token before its time.
#[must_use]
pub(crate) fn token_too_early(now: i64, not_before: i64) -> ApiError {
    invalid_token(&format!(
        "Token not yet valid: current date/time {now} must be after the not-before date/time {not_before}"
    ))
}

/// A provider that does not show the key that signed.
#[must_use]
pub(crate) fn no_verification_key() -> ApiError {
    invalid_token(
        "Couldn't retrieve verification key from your identity provider,  please reference \
         AssumeRoleWithWebIdentity documentation for requirements",
    )
}

/// A signature that is not the key's.
#[must_use]
pub(crate) fn wrong_token_signature() -> ApiError {
    invalid_token("Provided token's signature is invalid")
}

/// A provider with whom TLS cannot be agreed on.
#[must_use]
pub(crate) fn untrusted_provider() -> ApiError {
    invalid_token("OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint")
}

/// A provider that does not answer.
#[must_use]
pub(crate) fn provider_unreachable() -> ApiError {
    ErrorCode::IDPCommunicationErrorException.because(
        "The identity provider that was asked to verify the incoming identity token could not be reached.",
    )
}

fn invalid_token(message: &str) -> ApiError {
    ErrorCode::InvalidIdentityTokenException.because(message)
}

/// A role's ARN, or another, that is none.
#[must_use]
pub(crate) fn invalid_arn(arn: &str) -> ApiError {
    VALIDATION.because(format!("{arn} is invalid"))
}

/// A root user who would assume a role.
#[must_use]
pub(crate) fn root_assumes_no_role() -> ApiError {
    ACCESS_DENIED.because("Roles may not be assumed by root accounts.")
}

/// A session that may not call this operation at all.
#[must_use]
pub(crate) fn not_for_sessions(caller: &str, operation: &str) -> ApiError {
    ACCESS_DENIED.because(format!("User: {caller} is not authorized to perform: sts:{operation}"))
}

/// A longer session than the role allows.
#[must_use]
pub(crate) fn longer_than_role_allows() -> ApiError {
    VALIDATION.because("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
}

/// A longer session than one role's session may have of another.
#[must_use]
pub(crate) fn longer_than_chaining_allows() -> ApiError {
    VALIDATION.because(
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
    )
}

/// A session policy that is none.
#[must_use]
pub(crate) fn malformed_policy(error: &ParseError) -> ApiError {
    ErrorCode::MalformedPolicyDocumentException.because(error.iam_message(PolicyKind::Identity))
}

/// A managed session policy that there is not, or not in the session's account.
#[must_use]
pub(crate) fn no_such_policy(arn: &str) -> ApiError {
    VALIDATION.because(format!("ARN {arn} is not valid."))
}

/// A value longer than the operation takes, in the words of a broken constraint.
#[must_use]
pub(crate) fn too_long(value: &str, member: &str, most: usize) -> ApiError {
    VALIDATION.because(format!(
        "1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: Member must have \
         length less than or equal to {most}"
    ))
}

/// Policies and tags that take more room than a session has.
#[must_use]
pub(crate) fn packed_policy_too_large(percent: usize) -> ApiError {
    ErrorCode::PackedPolicyTooLargeException
        .because(format!("Packed policy consumes {percent}% of allotted space, please use smaller policy."))
}

/// Two session tags of the same key, where case does not count.
#[must_use]
pub(crate) fn duplicate_tag_keys() -> ApiError {
    INVALID_PARAMETER_VALUE
        .because("Duplicate tag keys found. Please note that Tag keys are case insensitive.")
}

/// A session tag whose key is AWS's own.
#[must_use]
pub(crate) fn reserved_tag_key() -> ApiError {
    INVALID_PARAMETER_VALUE.because("Tag keys beginning with aws: are reserved for AWS internal use.")
}

/// A transitive key without its tag.
#[must_use]
pub(crate) fn transitive_key_without_tag() -> ApiError {
    INVALID_PARAMETER_VALUE
        .because("The specified transitive tag key must be included in the requested tags.")
}

/// A session tag in place of one that the chain has settled.
#[must_use]
pub(crate) fn inherited_tag() -> ApiError {
    INVALID_PARAMETER_VALUE.because(
        "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from \
         the calling session.",
    )
}

/// Another source identity than the chain began with.
#[must_use]
pub(crate) fn source_identity_is_set() -> ApiError {
    VALIDATION.because("The source identity is already set for this assume role session")
}

/// A context of a provider that nobody vouches for.
#[must_use]
pub(crate) fn invalid_context() -> ApiError {
    INVALID_PARAMETER_VALUE.because("The ContextAssertion parameter is invalid.")
}

/// An operation for credentials that are for good, asked with temporary ones.
#[must_use]
pub(crate) fn needs_long_term_credentials(operation: &str) -> ApiError {
    ACCESS_DENIED.because(format!("Cannot call {operation} with session credentials"))
}

/// An MFA device without its code, or a code without its device.
#[must_use]
pub(crate) fn half_of_mfa() -> ApiError {
    ACCESS_DENIED.because(
        "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code. ",
    )
}

/// An MFA device that the caller does not have.
#[must_use]
pub(crate) fn no_such_mfa_device() -> ApiError {
    ACCESS_DENIED.because(
        "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is \
         valid and associated with this user.",
    )
}

/// A code that the MFA device does not show, or showed before.
#[must_use]
pub(crate) fn wrong_mfa_code() -> ApiError {
    ACCESS_DENIED.because("MultiFactorAuthentication failed with invalid MFA one time pass code. ")
}

/// An access key id that tells no account.
#[must_use]
pub(crate) fn invalid_access_key_id(access_key_id: &str) -> ApiError {
    VALIDATION.because(format!("{access_key_id} is invalid"))
}

/// A root user whose sessions are not the caller's to begin.
#[must_use]
pub(crate) fn root_not_managed(caller: &str, root: &str) -> ApiError {
    ACCESS_DENIED
        .because(format!("User: {caller} is not authorized to perform: sts:AssumeRoot on resource: {root}"))
}

/// A message that is no encoded one of the caller's account.
#[must_use]
pub(crate) fn invalid_authorization_message() -> ApiError {
    ErrorCode::InvalidAuthorizationMessageException.because("Message is not valid")
}
