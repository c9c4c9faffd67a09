//! The caller's account within its organization, as far as trails go.
//!
//! An organization's trail belongs to the management account, whoever made it. The management account and the delegated
//! administrators change it; every member sees it.
//!
//! Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/creating-trail-organization.html>

use std::sync::Arc;

use alcazar_api_iam::operation as iam;
use alcazar_api_organizations::operation as organizations;
use alcazar_base::AccountId;
use alcazar_engine::{Cx, Error, Reads, Result};
use alcazar_identity::account::Account;
use alcazar_identity::organization::Organization;
use alcazar_shape::common_error::ACCESS_DENIED;

use crate::access::{SERVICE_PRINCIPAL, VIA};
use crate::error;

/// The role that CloudTrail works with in an organization.
const ROLE_NAME: &str = "AWSServiceRoleForCloudTrail";

/// The caller's account and its organization.
#[derive(Debug, Clone)]
pub struct Place {
    account: AccountId,
    /// The organization, if the account is in one.
    pub(crate) organization: Option<Arc<Organization>>,
}

impl Place {
    /// The caller's.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn find(reads: &mut Reads<'_>) -> Result<Self> {
        let account = reads.account();
        let mut records = reads.records();
        let record = Account::find(&mut records, account).await?;
        let membership = record.as_ref().and_then(|record| record.membership.as_ref());
        let organization = match membership {
            Some(membership) => Organization::find(&mut records, &membership.organization_id).await?,
            None => None,
        };
        Ok(Self { account, organization })
    }

    /// The account that trails of the caller's organization belong to, if that is another one.
    #[must_use]
    pub(crate) fn management_account(&self) -> Option<AccountId> {
        let management = self.organization.as_ref()?.management_account;
        (management != self.account).then_some(management)
    }

    /// Whether the account may change what belongs to the organization.
    #[must_use]
    pub(crate) fn manages(&self) -> bool {
        self.organization.as_ref().is_some_and(|organization| {
            organization.management_account == self.account
                || organization.delegated_administrators.iter().any(|administrator| {
                    administrator.account == self.account
                        && administrator.service_principal == SERVICE_PRINCIPAL
                })
        })
    }

    /// The organization, for whoever makes something for all of it.
    ///
    /// # Errors
    /// There is none, the account does not manage it, or it does not let CloudTrail work in it.
    pub(crate) fn managed(&self) -> Result<&Arc<Organization>> {
        let organization = self.organization.as_ref().ok_or_else(error::organization::not_in_use)?;
        if !self.manages() {
            return Err(error::organization::not_management_account().into());
        }
        if !organization.all_features {
            return Err(error::organization::not_all_features().into());
        }
        let mut trusted = organization.trusted_services.iter();
        if !trusted.any(|trusted| trusted.service_principal == SERVICE_PRINCIPAL) {
            return Err(error::organization::access_not_enabled().into());
        }
        Ok(organization)
    }
}

/// Has CloudTrail's service-linked role made in the caller's account, if it is not there, for a caller who may have
/// that done.
///
/// # Errors
/// The caller may not, or the store failed.
pub(crate) async fn use_service_linked_role(cx: &mut Cx<'_>) -> Result<()> {
    let denied = |error: Error| match error {
        Error::Api(told) if told.model().name == ACCESS_DENIED.name => {
            error::organization::insufficient_dependency_access().into()
        }
        error => error,
    };
    let list = organizations::ListAWSServiceAccessForOrganizationRequest::default();
    cx.invoke::<organizations::ListAWSServiceAccessForOrganization>(VIA, list).await.map_err(denied)?;
    let get = iam::GetRoleRequest { role_name: ROLE_NAME.to_owned() };
    match cx.invoke::<iam::GetRole>(VIA, get).await {
        Ok(_) => return Ok(()),
        Err(Error::Api(told)) if told.model().name != ACCESS_DENIED.name => {}
        Err(error) => return Err(denied(error)),
    }
    let create = iam::CreateServiceLinkedRoleRequest {
        aws_service_name: SERVICE_PRINCIPAL.to_owned(),
        ..iam::CreateServiceLinkedRoleRequest::default()
    };
    cx.invoke::<iam::CreateServiceLinkedRole>(VIA, create).await.map_err(denied)?;
    Ok(())
}
