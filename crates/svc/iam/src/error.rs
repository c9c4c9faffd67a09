//! What IAM says when it refuses, each text in one place.
//!
//! The texts are AWS's, as its documentation, its SDKs' issue trackers and recorded answers show them.

mod credential;
pub(crate) mod root_access;
pub(crate) mod service_linked;
pub(crate) mod simulation;

use alcazar_api_iam::ErrorCode;
use alcazar_identity::entity::EntityKind;
use alcazar_policy::{ParseError, PolicyKind};
use alcazar_shape::ApiError;
use alcazar_shape::common_error::{ACCESS_DENIED, VALIDATION};

pub(crate) use credential::*;

/// No user, group or role of this name.
#[must_use]
pub(crate) fn no_such_entity(kind: EntityKind, name: &str) -> ApiError {
    let kind = kind.as_str();
    ErrorCode::NoSuchEntityException.because(format!("The {kind} with name {name} cannot be found."))
}

/// There is a user, group or role of this name already.
#[must_use]
pub(crate) fn entity_exists(kind: EntityKind, name: &str) -> ApiError {
    let kind = match kind {
        EntityKind::User => "User",
        EntityKind::Group => "Group",
        EntityKind::Role => "Role",
    };
    ErrorCode::EntityAlreadyExistsException.because(format!("{kind} with name {name} already exists."))
}

/// A request that names no user, by a caller who is none.
#[must_use]
pub(crate) fn user_name_needed() -> ApiError {
    VALIDATION.because("Must specify userName when calling with non-User credentials")
}

/// A text that is no policy.
#[must_use]
pub(crate) fn malformed_policy(error: &ParseError, kind: PolicyKind) -> ApiError {
    ErrorCode::MalformedPolicyDocumentException.because(error.iam_message(kind))
}

/// There would be more of something than its quota allows. AWS names the quotas so, e.g. `AccessKeysPerUser`.
#[must_use]
pub(crate) fn quota_exceeded(quota: &str, most: u64) -> ApiError {
    ErrorCode::LimitExceededException.because(format!("Cannot exceed quota for {quota}: {most}"))
}

/// A path that does not begin and end with a slash, or has other characters than paths may have.
#[must_use]
pub(crate) fn invalid_path() -> ApiError {
    VALIDATION.because(
        "The specified value for path is invalid. It must begin and end with / and contain only alphanumeric \
         characters and/or / characters.",
    )
}

/// A path that AWS keeps for its own roles.
#[must_use]
pub(crate) fn reserved_path(path: &str) -> ApiError {
    VALIDATION
        .because(format!("The specified value for path is invalid. The path {path} is reserved for AWS."))
}

/// A role that AWS alone changes.
#[must_use]
pub(crate) fn protected_role(name: &str) -> ApiError {
    ErrorCode::UnmodifiableEntityException.because(format!(
        "Cannot perform the operation on the protected role '{name}' - this role is only modifiable by AWS"
    ))
}

/// A trust policy that names somebody who does not exist; `kind` is `AWS`, `SERVICE` or `FEDERATED`.
#[must_use]
pub(crate) fn invalid_principal(kind: &str, name: &str) -> ApiError {
    ErrorCode::MalformedPolicyDocumentException
        .because(format!("Invalid principal in policy: \"{kind}\":\"{name}\""))
}

/// A trust policy that names an identity provider which is none.
#[must_use]
pub(crate) fn invalid_provider() -> ApiError {
    ErrorCode::MalformedPolicyDocumentException
        .because("Federated principals must be valid domain names or SAML metadata ARNs")
}

/// A marker that no page ended with.
#[must_use]
pub(crate) fn invalid_marker() -> ApiError {
    VALIDATION.because("Invalid Marker.")
}

/// Two tags of the same key, where case does not count.
#[must_use]
pub(crate) fn duplicate_tag_keys() -> ApiError {
    ErrorCode::InvalidInputException
        .because("Duplicate tag keys found. Please note that Tag keys are case insensitive.")
}

/// Something that has policies attached cannot be deleted.
#[must_use]
pub(crate) fn policies_attached() -> ApiError {
    ErrorCode::DeleteConflictException.because("Cannot delete entity, must detach all policies first.")
}

/// Something that has policies in it cannot be deleted.
#[must_use]
pub(crate) fn policies_inside() -> ApiError {
    ErrorCode::DeleteConflictException.because("Cannot delete entity, must delete policies first.")
}

/// A role in an instance profile, or a profile with a role, cannot be deleted.
#[must_use]
pub(crate) fn role_in_profile() -> ApiError {
    ErrorCode::DeleteConflictException
        .because("Cannot delete entity, must remove roles from instance profile first.")
}

/// No instance profile of this name.
#[must_use]
pub(crate) fn no_such_profile(name: &str) -> ApiError {
    ErrorCode::NoSuchEntityException.because(format!("Instance Profile {name} cannot be found."))
}

/// There is an instance profile of this name already.
#[must_use]
pub(crate) fn profile_exists(name: &str) -> ApiError {
    ErrorCode::EntityAlreadyExistsException.because(format!("Instance Profile {name} already exists."))
}

/// A role that is to be taken out of an instance profile, and is not in it.
#[must_use]
pub(crate) fn role_not_in_profile(role: &str, profile: &str) -> ApiError {
    ErrorCode::NoSuchEntityException
        .because(format!("Role {role} in Instance Profile {profile} cannot be found."))
}

/// No OpenID Connect provider of this ARN.
#[must_use]
pub(crate) fn no_such_provider(arn: &str) -> ApiError {
    ErrorCode::NoSuchEntityException.because(format!("OpenIDConnect Provider not found for arn {arn}"))
}

/// There is an OpenID Connect provider of this URL already.
#[must_use]
pub(crate) fn provider_exists(url: &str) -> ApiError {
    ErrorCode::EntityAlreadyExistsException.because(format!("Provider with url {url} already exists."))
}

/// A URL that no OpenID Connect provider may have.
#[must_use]
pub(crate) fn invalid_provider_url() -> ApiError {
    VALIDATION.because("Invalid Open ID Connect Provider URL")
}

/// More thumbprints than an OpenID Connect provider may have.
#[must_use]
pub(crate) fn too_many_thumbprints(most: usize) -> ApiError {
    // AWS says "fewer" and takes as many.
    ErrorCode::InvalidInputException
        .because(format!("Thumbprint list must contain fewer than {most} entries."))
}

/// A thumbprint with other characters than hexadecimal digits.
#[must_use]
pub(crate) fn invalid_thumbprint(text: &str) -> ApiError {
    ErrorCode::InvalidInputException.because(format!("Invalid thumbprint: {text}"))
}

/// There is a managed policy of this name already.
#[must_use]
pub(crate) fn policy_exists(name: &str) -> ApiError {
    ErrorCode::EntityAlreadyExistsException
        .because(format!("A policy called {name} already exists. Duplicate names are not allowed."))
}

/// More tags than something may have.
#[must_use]
pub(crate) fn too_many_tags() -> ApiError {
    ErrorCode::LimitExceededException.because("The number of tags has reached the maximum limit.")
}

/// A tag's key that only AWS gives.
#[must_use]
pub(crate) fn reserved_tag_key() -> ApiError {
    ErrorCode::InvalidInputException
        .because("Caller is an end user and not allowed to mutate system tags with prefix aws:")
}

/// A text that is to name a policy, and is no ARN.
#[must_use]
pub(crate) fn invalid_arn(text: &str) -> ApiError {
    VALIDATION.because(format!("ARN {text} is not valid."))
}

/// No policy of this ARN, or no version of it of this id.
#[must_use]
pub(crate) fn no_such_version(arn: &str, version_id: &str) -> ApiError {
    ErrorCode::NoSuchEntityException
        .because(format!("Policy {arn} version {version_id} does not exist or is not attachable."))
}

/// A policy that AWS maintains is not changed by others.
#[must_use]
pub(crate) fn aws_maintains(caller: &str, action: &str, policy_arn: &str) -> ApiError {
    ACCESS_DENIED.because(format!(
        "User: {caller} is not authorized to perform: {action} on resource: policy {policy_arn}"
    ))
}

/// A policy with as many versions as it may have.
#[must_use]
pub(crate) fn too_many_versions(most: usize) -> ApiError {
    ErrorCode::LimitExceededException.because(format!(
        "A managed policy can have up to {most} versions. Before you create a new version, you must delete an \
         existing version."
    ))
}

/// The version of a policy that counts is not deleted.
#[must_use]
pub(crate) fn default_version() -> ApiError {
    ErrorCode::DeleteConflictException.because("Cannot delete the default version of a policy.")
}

/// A policy that is in use.
#[must_use]
pub(crate) fn policy_in_use() -> ApiError {
    ErrorCode::DeleteConflictException.because("Cannot delete a policy attached to entities.")
}

/// A policy that has other versions than its default one.
#[must_use]
pub(crate) fn policy_has_versions() -> ApiError {
    ErrorCode::DeleteConflictException.because(
        "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. \
         The default version is deleted with the policy.",
    )
}

/// Two tags of the very same key, where case counts.
#[must_use]
pub(crate) fn duplicate_cased_tag_keys() -> ApiError {
    ErrorCode::InvalidInputException.because("Duplicate tag keys found.")
}

/// No policy of this name in a user, group or role.
#[must_use]
pub(crate) fn no_such_inline_policy(kind: EntityKind, name: &str) -> ApiError {
    let kind = kind.as_str();
    ErrorCode::NoSuchEntityException.because(format!("The {kind} policy with name {name} cannot be found."))
}

/// The policies in a user, group or role would be too long together.
#[must_use]
pub(crate) fn inline_too_long(kind: EntityKind, name: &str, most: u64) -> ApiError {
    let kind = kind.as_str();
    ErrorCode::LimitExceededException
        .because(format!("Maximum policy size of {most} bytes exceeded for {kind} {name}"))
}

/// A policy that is to be attached, and is none.
#[must_use]
pub(crate) fn policy_not_attachable(arn: &str) -> ApiError {
    ErrorCode::NoSuchEntityException.because(format!("Policy {arn} does not exist or is not attachable."))
}

/// No policy of this ARN, or it is not attached.
#[must_use]
pub(crate) fn policy_not_found(arn: &str) -> ApiError {
    ErrorCode::NoSuchEntityException.because(format!("Policy {arn} was not found."))
}

/// A permissions boundary that is no policy's ARN.
#[must_use]
pub(crate) fn boundary_is_no_policy(arn: &str) -> ApiError {
    ErrorCode::InvalidInputException.because(format!("ARN {arn} is not valid."))
}

/// A permissions boundary that there is no policy of.
#[must_use]
pub(crate) fn boundary_not_attachable(arn: &str) -> ApiError {
    ErrorCode::NoSuchEntityException.because(format!("Scope ARN: {arn} does not exist or is not attachable."))
}
