//! Organizations: their tree of organizational units, and the policies that limit what is in it.
//!
//! What always holds: an organization's management account is a member and stands in the root; each member's
//! [`Account`](crate::account::Account) names its parent, and each unit its own; the tree is at most
//! [`UNIT_DEPTH_MAX`] units deep.
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_getting-started_concepts.html>

use std::sync::Arc;

use alcazar_base::{AccountId, Timestamp};
use alcazar_engine::port::store::NameRange;
use alcazar_engine::{Name, Records, Result};
use alcazar_policy::PolicyKind;
use minicbor::{Decode, Encode};

use crate::document::Document;
use crate::tag::Tag;

/// How deep organizational units stand in each other.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html>
pub const UNIT_DEPTH_MAX: usize = 5;

const ORGANIZATIONS: &str = "organizations.organization";
const UNITS: &str = "organizations.unit";
const POLICIES: &str = "organizations.policy";

/// The policy of AWS's own that every root, unit and account has while service control policies are enabled.
pub const FULL_AWS_ACCESS: &str = "p-FullAWSAccess";
/// The same for resource control policies.
pub const RCP_FULL_AWS_ACCESS: &str = "p-RCPFullAWSAccess";

/// An organization. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Organization {
    /// Its id, e.g. `o-a1b2c3d4e5`.
    #[n(0)]
    pub id: String,
    /// The account that manages it.
    #[n(1)]
    pub management_account: AccountId,
    /// Whether it has all features, rather than consolidated billing alone.
    #[n(2)]
    pub all_features: bool,
    /// When it was made.
    #[n(3)]
    pub created: Timestamp,
    /// Its root.
    #[n(4)]
    pub root: Root,
    /// The services that may work in it, each with the time since when.
    #[n(5)]
    pub trusted_services: Vec<TrustedService>,
    /// The accounts that may do some of the management account's work.
    #[n(6)]
    pub delegated_administrators: Vec<DelegatedAdministrator>,
    /// The resource policy, which delegates the work on policies.
    #[n(7)]
    pub resource_policy: Option<OrganizationResourcePolicy>,
    /// How root users of member accounts are managed centrally; none if that was never enabled.
    #[n(8)]
    pub root_access: Option<RootAccess>,
}

/// How root users of member accounts are managed centrally.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user.html#id_root-user-access-management>
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Encode, Decode)]
pub struct RootAccess {
    /// Whether their credentials are.
    #[n(0)]
    pub credentials_management: bool,
    /// Whether sessions of theirs may be begun for privileged tasks.
    #[n(1)]
    pub sessions: bool,
}

/// The root of an organization's tree.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Root {
    /// Its id, e.g. `r-ab12`.
    #[n(0)]
    pub id: String,
    /// The types of policies that are enabled.
    #[n(1)]
    pub policy_types: Vec<OrganizationPolicyType>,
    /// The ids of the policies attached to it.
    #[n(2)]
    pub policies: Vec<String>,
    /// Its tags.
    #[n(3)]
    pub tags: Vec<Tag>,
}

/// A type of an organization's policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum OrganizationPolicyType {
    /// Service control policies limit what principals of member accounts may do.
    #[n(0)]
    ServiceControl,
    /// Resource control policies limit what may be done to resources of member accounts.
    #[n(1)]
    ResourceControl,
}

/// A service that may work in an organization.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct TrustedService {
    /// E.g. `cloudtrail.amazonaws.com`.
    #[n(0)]
    pub service_principal: String,
    /// Since when.
    #[n(1)]
    pub enabled: Timestamp,
}

/// An account that does some of the management account's work.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct DelegatedAdministrator {
    /// The account.
    #[n(0)]
    pub account: AccountId,
    /// For which service.
    #[n(1)]
    pub service_principal: String,
    /// Since when.
    #[n(2)]
    pub enabled: Timestamp,
}

/// An organization's resource policy.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct OrganizationResourcePolicy {
    /// Its id, e.g. `rp-a1b2c3d4`.
    #[n(0)]
    pub id: String,
    /// What it says.
    #[n(1)]
    pub document: Document,
    /// Its tags.
    #[n(2)]
    pub tags: Vec<Tag>,
}

/// An organizational unit.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Unit {
    /// Its id, e.g. `ou-ab12-a1b2c3d4`.
    #[n(0)]
    pub id: String,
    /// Its name; no other unit of the same parent has it.
    #[n(1)]
    pub name: String,
    /// The id of the root or unit that it is in.
    #[n(2)]
    pub parent_id: String,
    /// The ids of the policies attached to it.
    #[n(3)]
    pub policies: Vec<String>,
    /// Its tags.
    #[n(4)]
    pub tags: Vec<Tag>,
}

/// A policy that a customer made for an organization.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct OrganizationPolicy {
    /// Its id, e.g. `p-a1b2c3d4`.
    #[n(0)]
    pub id: String,
    /// Its type.
    #[n(1)]
    pub policy_type: OrganizationPolicyType,
    /// Its name; no other policy of its type has it.
    #[n(2)]
    pub name: String,
    /// What it is for.
    #[n(3)]
    pub description: String,
    /// What it says.
    #[n(4)]
    pub document: Document,
    /// Its tags.
    #[n(5)]
    pub tags: Vec<Tag>,
}

impl OrganizationPolicyType {
    /// The kind of policy document that a policy of this type is.
    #[must_use]
    pub fn kind(self) -> PolicyKind {
        match self {
            Self::ServiceControl => PolicyKind::ServiceControl,
            Self::ResourceControl => PolicyKind::ResourceControl,
        }
    }

    /// The id of the policy of AWS's own that everything has while the type is enabled.
    #[must_use]
    pub fn full_access(self) -> &'static str {
        match self {
            Self::ServiceControl => FULL_AWS_ACCESS,
            Self::ResourceControl => RCP_FULL_AWS_ACCESS,
        }
    }
}

impl Organization {
    /// The organization of an id.
    ///
    /// # Errors
    /// The store failed.
    pub async fn find(records: &mut Records<'_>, id: &str) -> Result<Option<Arc<Self>>> {
        records.get(&organization_name(id)).await
    }
}

impl Unit {
    /// The unit of an id.
    ///
    /// # Errors
    /// The store failed.
    pub async fn find(
        records: &mut Records<'_>,
        organization_id: &str,
        id: &str,
    ) -> Result<Option<Arc<Self>>> {
        records.get(&unit_name(organization_id, id)).await
    }
}

impl OrganizationPolicy {
    /// The policy of an id; none for an id of AWS's own.
    ///
    /// # Errors
    /// The store failed.
    pub async fn find(
        records: &mut Records<'_>,
        organization_id: &str,
        id: &str,
    ) -> Result<Option<Arc<Self>>> {
        records.get(&policy_name(organization_id, id)).await
    }
}

/// The name of an organization's record.
#[must_use]
pub fn organization_name(id: &str) -> Name {
    Name::table(ORGANIZATIONS).part(id).name()
}

/// The name of a unit's record.
#[must_use]
pub fn unit_name(organization_id: &str, id: &str) -> Name {
    Name::table(UNITS).part(organization_id).part(id).name()
}

/// All units of an organization.
#[must_use]
pub fn units(organization_id: &str) -> NameRange {
    Name::table(UNITS).part(organization_id).range()
}

/// The name of a policy's record.
#[must_use]
pub fn policy_name(organization_id: &str, id: &str) -> Name {
    Name::table(POLICIES).part(organization_id).part(id).name()
}

/// All policies of an organization.
#[must_use]
pub fn policies(organization_id: &str) -> NameRange {
    Name::table(POLICIES).part(organization_id).range()
}
