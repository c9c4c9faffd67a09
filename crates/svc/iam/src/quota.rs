//! IAM's quotas, with AWS's defaults.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>

use alcazar_engine::Quota;
use alcazar_engine::quota::resource;

/// Users of an account.
pub(crate) const USERS: Quota = resource("iam.users", "Users per account", Some("L-F55AF5E4"), 5000);
/// Roles of an account.
pub(crate) const ROLES: Quota = resource("iam.roles", "Roles per account", Some("L-FE177D64"), 1000);
/// Customer managed policies of an account.
pub(crate) const POLICIES: Quota =
    resource("iam.policies", "Customer managed policies per account", Some("L-E95E4862"), 1500);
/// The length of a managed policy, without white space.
pub(crate) const POLICY_CHARACTERS: Quota =
    resource("iam.policy-characters", "Managed policy length, in characters", Some("L-ED111B8C"), 6144);
/// The length of a trust policy, without white space.
pub(crate) const TRUST_POLICY_CHARACTERS: Quota = resource(
    "iam.trust-policy-characters",
    "Role trust policy length, in characters",
    Some("L-C07B4B0D"),
    2048,
);
/// Groups of an account.
pub(crate) const GROUPS: Quota = resource("iam.groups", "Groups per account", Some("L-F4A5425F"), 300);
/// Groups that a user is in.
pub(crate) const GROUPS_PER_USER: Quota =
    resource("iam.groups-per-user", "IAM groups per user", Some("L-7A1621EC"), 10);
/// MFA devices of a user.
pub(crate) const MFA_DEVICES_PER_USER: Quota =
    resource("iam.mfa-devices-per-user", "MFA devices per user", None, 8);
/// Virtual MFA devices of an account, for users or not: as many as users.
pub(crate) const VIRTUAL_MFA_DEVICES: Quota =
    resource("iam.virtual-mfa-devices", "Virtual MFA devices per account", None, 5000);
/// Instance profiles of an account.
pub(crate) const INSTANCE_PROFILES: Quota =
    resource("iam.instance-profiles", "Instance profiles per account", Some("L-6E65F664"), 1000);
/// OpenID Connect providers of an account.
pub(crate) const OIDC_PROVIDERS: Quota =
    resource("iam.oidc-providers", "OpenId connect providers per account", Some("L-858F3967"), 100);
/// Client ids of an OpenID Connect provider.
pub(crate) const CLIENTS_PER_OIDC_PROVIDER: Quota =
    resource("iam.clients-per-oidc-provider", "Client IDs per OpenId connect provider", None, 100);
/// Access keys of a user.
pub(crate) const ACCESS_KEYS_PER_USER: Quota =
    resource("iam.access-keys-per-user", "Access keys per user", Some("L-8758042E"), 2);
/// Managed policies attached to a user.
pub(crate) const POLICIES_PER_USER: Quota =
    resource("iam.policies-per-user", "Managed policies per user", Some("L-4019AD8B"), 10);
/// Managed policies attached to a group.
pub(crate) const POLICIES_PER_GROUP: Quota =
    resource("iam.policies-per-group", "Managed policies per group", None, 10);
/// Managed policies attached to a role.
pub(crate) const POLICIES_PER_ROLE: Quota =
    resource("iam.policies-per-role", "Managed policies per role", Some("L-0DA4ABF3"), 10);
/// The length of all policies in a user, without white space.
pub(crate) const USER_INLINE_CHARACTERS: Quota =
    resource("iam.user-inline-characters", "Inline policy size per user, in characters", None, 2048);
/// The length of all policies in a group, without white space.
pub(crate) const GROUP_INLINE_CHARACTERS: Quota =
    resource("iam.group-inline-characters", "Inline policy size per group, in characters", None, 5120);
/// The length of all policies in a role, without white space.
pub(crate) const ROLE_INLINE_CHARACTERS: Quota =
    resource("iam.role-inline-characters", "Inline policy size per role, in characters", None, 10_240);

/// All quotas.
pub(crate) const QUOTAS: &[Quota] = &[
    USERS,
    GROUPS,
    GROUPS_PER_USER,
    MFA_DEVICES_PER_USER,
    VIRTUAL_MFA_DEVICES,
    ROLES,
    INSTANCE_PROFILES,
    OIDC_PROVIDERS,
    CLIENTS_PER_OIDC_PROVIDER,
    POLICIES,
    POLICY_CHARACTERS,
    TRUST_POLICY_CHARACTERS,
    ACCESS_KEYS_PER_USER,
    POLICIES_PER_USER,
    POLICIES_PER_GROUP,
    POLICIES_PER_ROLE,
    USER_INLINE_CHARACTERS,
    GROUP_INLINE_CHARACTERS,
    ROLE_INLINE_CHARACTERS,
];
