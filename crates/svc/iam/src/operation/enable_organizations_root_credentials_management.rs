//! `EnableOrganizationsRootCredentialsManagement`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_EnableOrganizationsRootCredentialsManagement.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::root_access;

/// Has the credentials of the organization's root users managed centrally.
pub struct EnableOrganizationsRootCredentialsManagement;

impl Operation for EnableOrganizationsRootCredentialsManagement {
    type Api = api::EnableOrganizationsRootCredentialsManagement;
    type Target = ();
    const READ_ONLY: bool = false;

    async fn resolve(
        _: &mut Reads<'_>,
        _: &api::EnableOrganizationsRootCredentialsManagementRequest,
    ) -> Result<()> {
        Ok(())
    }

    fn access(
        call: &CallInfo,
        _: &api::EnableOrganizationsRootCredentialsManagementRequest,
        (): &(),
    ) -> Access {
        Access::any(call, "iam:EnableOrganizationsRootCredentialsManagement")
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::EnableOrganizationsRootCredentialsManagementRequest,
        _: Allowed<()>,
    ) -> Result<api::EnableOrganizationsRootCredentialsManagementResponse> {
        let organization = root_access::enable(cx, |access| access.credentials_management = true).await?;
        Ok(api::EnableOrganizationsRootCredentialsManagementResponse {
            enabled_features: Some(root_access::features(&organization).into()),
            organization_id: Some(organization.id.clone()),
        })
    }
}
