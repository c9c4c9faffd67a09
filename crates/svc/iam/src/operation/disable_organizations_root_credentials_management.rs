//! `DisableOrganizationsRootCredentialsManagement`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_DisableOrganizationsRootCredentialsManagement.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::root_access;

/// Has the credentials of the organization's root users managed centrally no more.
pub struct DisableOrganizationsRootCredentialsManagement;

impl Operation for DisableOrganizationsRootCredentialsManagement {
    type Api = api::DisableOrganizationsRootCredentialsManagement;
    type Target = ();
    const READ_ONLY: bool = false;

    async fn resolve(
        _: &mut Reads<'_>,
        _: &api::DisableOrganizationsRootCredentialsManagementRequest,
    ) -> Result<()> {
        Ok(())
    }

    fn access(
        call: &CallInfo,
        _: &api::DisableOrganizationsRootCredentialsManagementRequest,
        (): &(),
    ) -> Access {
        Access::any(call, "iam:DisableOrganizationsRootCredentialsManagement")
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::DisableOrganizationsRootCredentialsManagementRequest,
        _: Allowed<()>,
    ) -> Result<api::DisableOrganizationsRootCredentialsManagementResponse> {
        let organization = root_access::change(cx, |access| access.credentials_management = false).await?;
        Ok(api::DisableOrganizationsRootCredentialsManagementResponse {
            enabled_features: Some(root_access::features(&organization).into()),
            organization_id: Some(organization.id.clone()),
        })
    }
}
