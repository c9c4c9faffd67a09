//! How root users of member accounts are managed centrally: features of the organization, which its management account
//! enables, and which the account that it delegated IAM to may disable and see too.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-enable-root-access.html>

use std::sync::Arc;

use alcazar_api_iam::types::FeatureType;
use alcazar_engine::{Cx, Result};
use alcazar_identity::account::Account;
use alcazar_identity::organization::{self, Organization, RootAccess};

use crate::error::root_access as error;

/// What IAM is called as a service that works in organizations.
const SERVICE_PRINCIPAL: &str = "iam.amazonaws.com";

/// The organization of the caller, whose root access the caller may see and limit.
///
/// # Errors
/// There is none, it does not trust IAM or does not have all features, or the caller's account neither manages it nor
/// administers IAM for it.
pub(crate) async fn organization(cx: &mut Cx<'_>) -> Result<Arc<Organization>> {
    let account_id = cx.account();
    let mut records = cx.records();
    let account = Account::find(&mut records, account_id).await?;
    let membership = account.as_ref().and_then(|account| account.membership.as_ref());
    let organization = match membership {
        Some(membership) => Organization::find(&mut records, &membership.organization_id).await?,
        None => None,
    };
    let organization = organization.ok_or_else(error::no_organization)?;
    if !organization.all_features {
        return Err(error::not_all_features().into());
    }
    let is_administrator = organization
        .delegated_administrators
        .iter()
        .any(|delegated| delegated.account == account_id && delegated.service_principal == SERVICE_PRINCIPAL);
    if organization.management_account != account_id && !is_administrator {
        return Err(error::neither_manages_nor_administers().into());
    }
    let mut trusted = organization.trusted_services.iter();
    if !trusted.any(|trusted| trusted.service_principal == SERVICE_PRINCIPAL) {
        return Err(error::not_trusted().into());
    }
    Ok(organization)
}

/// Changes what the caller's organization has, and gives the organization back as it is then.
///
/// # Errors
/// As [`organization`].
pub(crate) async fn change(cx: &mut Cx<'_>, change: impl FnOnce(&mut RootAccess)) -> Result<Organization> {
    let mut organization = Organization::clone(&*organization(cx).await?);
    let mut access = organization.root_access.unwrap_or_default();
    change(&mut access);
    if organization.root_access.unwrap_or_default() != access {
        organization.root_access = Some(access);
        cx.put(organization::organization_name(&organization.id), organization.clone())?;
    }
    Ok(organization)
}

/// The same, which the management account alone may do.
///
/// # Errors
/// As [`organization`], or another account asks.
pub(crate) async fn enable(cx: &mut Cx<'_>, enable: impl FnOnce(&mut RootAccess)) -> Result<Organization> {
    if organization(cx).await?.management_account != cx.account() {
        return Err(error::not_management_account().into());
    }
    change(cx, enable).await
}

/// The features that an organization has, as answers show them.
#[must_use]
pub(crate) fn features(organization: &Organization) -> Vec<FeatureType> {
    let RootAccess { credentials_management, sessions } = organization.root_access.unwrap_or_default();
    let credentials_management = credentials_management.then_some(FeatureType::RootCredentialsManagement);
    credentials_management.into_iter().chain(sessions.then_some(FeatureType::RootSessions)).collect()
}
