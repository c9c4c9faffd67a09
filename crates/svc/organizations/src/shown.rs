//! Records as answers have them.

use std::sync::Arc;

use alcazar_api_organizations::types;
use alcazar_engine::{Reads, Result};
use alcazar_identity::account::{Account, AccountStatus};
use alcazar_identity::organization::{Organization, OrganizationPolicyType, Unit};
use alcazar_identity::tag::Tag;

use crate::{arn, target};

/// The name that every root has.
pub(crate) const ROOT_NAME: &str = "Root";

/// The organization.
#[must_use]
pub(crate) fn organization(organization: &Organization, management: Option<&Account>) -> types::Organization {
    let (feature_set, policy_types) = if organization.all_features {
        let enabled = types::PolicyTypeSummary {
            r#type: Some(types::PolicyType::ServiceControlPolicy),
            status: Some(types::PolicyTypeStatus::Enabled),
        };
        (types::OrganizationFeatureSet::All, vec![enabled])
    } else {
        (types::OrganizationFeatureSet::ConsolidatedBilling, Vec::new())
    };
    types::Organization {
        id: Some(organization.id.clone()),
        arn: Some(arn::organization(organization)),
        feature_set: Some(feature_set),
        master_account_arn: Some(arn::account(organization, organization.management_account)),
        master_account_id: Some(organization.management_account.to_string()),
        master_account_email: management.map(|account| account.email.clone().into()),
        available_policy_types: Some(policy_types.into()),
    }
}

/// The root.
#[must_use]
pub(crate) fn root(organization: &Organization) -> types::Root {
    let enabled = |policy_type: &OrganizationPolicyType| types::PolicyTypeSummary {
        r#type: Some(self::policy_type(*policy_type)),
        status: Some(types::PolicyTypeStatus::Enabled),
    };
    let enabled: Vec<_> = organization.root.policy_types.iter().map(enabled).collect();
    types::Root {
        id: Some(organization.root.id.clone()),
        arn: Some(arn::root(organization)),
        name: Some(ROOT_NAME.to_owned()),
        policy_types: Some(enabled.into()),
    }
}

/// A type of policies.
#[must_use]
pub(crate) fn policy_type(policy_type: OrganizationPolicyType) -> types::PolicyType {
    match policy_type {
        OrganizationPolicyType::ServiceControl => types::PolicyType::ServiceControlPolicy,
        OrganizationPolicyType::ResourceControl => types::PolicyType::ResourceControlPolicy,
    }
}

/// An organizational unit.
///
/// # Errors
/// The store failed.
pub(crate) async fn unit(
    reads: &mut Reads<'_>,
    organization: &Organization,
    unit: &Unit,
) -> Result<types::OrganizationalUnit> {
    let above = target::path(reads, organization, &unit.parent_id).await?;
    Ok(types::OrganizationalUnit {
        id: Some(unit.id.clone()),
        arn: Some(arn::unit(organization, &unit.id)),
        name: Some(unit.name.clone()),
        path: Some(format!("{above}{}/", unit.id)),
    })
}

/// An account.
///
/// # Errors
/// The store failed.
pub(crate) async fn account(
    reads: &mut Reads<'_>,
    organization: &Organization,
    account: &Account,
) -> Result<types::Account> {
    let (status, state) = match account.status {
        AccountStatus::Active => (types::AccountStatus::Active, types::AccountState::Active),
        AccountStatus::Suspended => (types::AccountStatus::Suspended, types::AccountState::Closed),
    };
    let mut shown = types::Account {
        id: Some(account.account.to_string()),
        arn: Some(arn::account(organization, account.account)),
        email: Some(account.email.clone().into()),
        name: Some(account.name.clone().into()),
        status: Some(status),
        state: Some(state),
        ..types::Account::default()
    };
    if let Some(membership) = &account.membership {
        let above = target::path(reads, organization, &membership.parent_id).await?;
        shown.paths = Some(vec![format!("{above}{}/", account.account)].into());
        shown.joined_timestamp = Some(membership.joined);
        shown.joined_method = Some(if membership.was_created {
            types::AccountJoinedMethod::Created
        } else {
            types::AccountJoinedMethod::Invited
        });
    }
    Ok(shown)
}

/// Accounts.
///
/// # Errors
/// The store failed.
pub(crate) async fn accounts(
    reads: &mut Reads<'_>,
    organization: &Organization,
    accounts: Vec<Arc<Account>>,
) -> Result<Vec<types::Account>> {
    let mut shown = Vec::with_capacity(accounts.len());
    for account in &accounts {
        shown.push(self::account(reads, organization, account).await?);
    }
    Ok(shown)
}

/// Tags.
#[must_use]
pub(crate) fn tags(tags: &[Tag]) -> Vec<types::Tag> {
    tags.iter().map(|tag| types::Tag { key: tag.key.clone(), value: tag.value.clone() }).collect()
}
