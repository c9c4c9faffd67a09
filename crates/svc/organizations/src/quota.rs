//! Organizations' quotas, with AWS's defaults.
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html>

use alcazar_engine::Quota;
use alcazar_engine::quota::resource;

/// Accounts of an organization, closed ones and open invitations too.
pub(crate) const ACCOUNTS: Quota =
    resource("organizations.accounts", "Default maximum number of accounts", Some("L-E619E033"), 10);
/// Organizational units of an organization.
pub(crate) const UNITS: Quota =
    resource("organizations.units", "Organizational units in an organization", None, 2000);
/// Accounts that are being made at a time.
pub(crate) const ACCOUNTS_IN_CREATION: Quota =
    resource("organizations.accounts-in-creation", "Member accounts you can create concurrently", None, 5);
/// Invitations that an organization sends within a day.
pub(crate) const INVITATIONS_PER_DAY: Quota =
    resource("organizations.invitations-per-day", "Invitations sent per day", None, 20);
/// How many days old an account must be that was made here, before it may leave.
pub(crate) const DAYS_BEFORE_REMOVAL: Quota = resource(
    "organizations.days-before-removal",
    "Minimum age for removal of created accounts, in days",
    None,
    4,
);

/// Policies of an organization.
pub(crate) const POLICIES: Quota =
    resource("organizations.policies", "Policies in an organization", None, 10_000);
/// Policies of one type that are attached to a root, unit or account.
pub(crate) const POLICIES_PER_TARGET: Quota = resource(
    "organizations.policies-per-target",
    "Policies of a type attached to a root, OU or account",
    None,
    5,
);
/// The length of a policy, white space and all.
pub(crate) const POLICY_CHARACTERS: Quota =
    resource("organizations.policy-characters", "Policy document size, in characters", None, 5120);
/// Delegated administrators of a service. AWS's limit differs from service to service; a wide one holds for all.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-delegated-admin.html>
pub(crate) const ADMINISTRATORS_PER_SERVICE: Quota = resource(
    "organizations.administrators-per-service",
    "Delegated administrators registered for a service",
    None,
    5,
);

/// All quotas.
pub(crate) const QUOTAS: &[Quota] = &[
    ACCOUNTS,
    UNITS,
    ACCOUNTS_IN_CREATION,
    INVITATIONS_PER_DAY,
    DAYS_BEFORE_REMOVAL,
    POLICIES,
    POLICIES_PER_TARGET,
    POLICY_CHARACTERS,
    ADMINISTRATORS_PER_SERVICE,
];
