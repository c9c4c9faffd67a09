//! ARNs. All of an organization's belong to its management account.
//!
//! Source: <https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsorganizations.html>

use alcazar_base::AccountId;
use alcazar_identity::organization::{Organization, OrganizationPolicyType};

/// The organization's.
#[must_use]
pub(crate) fn organization(organization: &Organization) -> String {
    of(organization, "organization", None)
}

/// The root's.
#[must_use]
pub(crate) fn root(organization: &Organization) -> String {
    of(organization, "root", Some(&organization.root.id))
}

/// An organizational unit's.
#[must_use]
pub(crate) fn unit(organization: &Organization, unit_id: &str) -> String {
    of(organization, "ou", Some(unit_id))
}

/// A root's or organizational unit's, by its id.
#[must_use]
pub(crate) fn parent(organization: &Organization, parent_id: &str) -> String {
    if parent_id.starts_with("r-") {
        of(organization, "root", Some(parent_id))
    } else {
        unit(organization, parent_id)
    }
}

/// An account's.
#[must_use]
pub(crate) fn account(organization: &Organization, account: AccountId) -> String {
    of(organization, "account", Some(account.as_str()))
}

/// That of an account which is yet to be made.
#[must_use]
pub(crate) fn any_account(organization: &Organization) -> String {
    of(organization, "account", Some("*"))
}

/// That of an organizational unit which is yet to be made.
#[must_use]
pub(crate) fn any_unit(organization: &Organization) -> String {
    unit(organization, "ou-*")
}

/// A root's, organizational unit's or account's, by its id.
#[must_use]
pub(crate) fn target(organization: &Organization, target_id: &str) -> String {
    if target_id.starts_with("r-") || target_id.starts_with("ou-") {
        parent(organization, target_id)
    } else {
        of(organization, "account", Some(target_id))
    }
}

/// A policy's that a customer made.
#[must_use]
pub(crate) fn policy(
    organization: &Organization,
    policy_type: OrganizationPolicyType,
    policy_id: &str,
) -> String {
    of(organization, "policy", Some(&format!("{}/{policy_id}", type_part(policy_type))))
}

/// A policy's that AWS maintains.
#[must_use]
pub(crate) fn aws_policy(policy_type: OrganizationPolicyType, policy_id: &str) -> String {
    format!("arn:aws:organizations::aws:policy/{}/{policy_id}", type_part(policy_type))
}

/// The resource policy's.
#[must_use]
pub(crate) fn resource_policy(organization: &Organization, id: &str) -> String {
    of(organization, "resourcepolicy", Some(id))
}

/// A handshake's. `action` is what it is about, e.g. `INVITE`.
#[must_use]
pub(crate) fn handshake(
    management_account: AccountId,
    organization_id: &str,
    action: &str,
    id: &str,
) -> String {
    let action = action.to_ascii_lowercase();
    format!("arn:aws:organizations::{management_account}:handshake/{organization_id}/{action}/{id}")
}

fn type_part(policy_type: OrganizationPolicyType) -> &'static str {
    match policy_type {
        OrganizationPolicyType::ServiceControl => "service_control_policy",
        OrganizationPolicyType::ResourceControl => "resource_control_policy",
    }
}

fn of(organization: &Organization, kind: &str, id: Option<&str>) -> String {
    let Organization { id: organization_id, management_account, .. } = organization;
    let arn = format!("arn:aws:organizations::{management_account}:{kind}/{organization_id}");
    match id {
        Some(id) => format!("{arn}/{id}"),
        None => arn,
    }
}
