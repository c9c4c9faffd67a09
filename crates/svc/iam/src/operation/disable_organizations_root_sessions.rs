//! `DisableOrganizationsRootSessions`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_DisableOrganizationsRootSessions.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::root_access;

/// Has sessions of the organization's root users begun no more.
pub struct DisableOrganizationsRootSessions;

impl Operation for DisableOrganizationsRootSessions {
    type Api = api::DisableOrganizationsRootSessions;
    type Target = ();
    const READ_ONLY: bool = false;

    async fn resolve(_: &mut Reads<'_>, _: &api::DisableOrganizationsRootSessionsRequest) -> Result<()> {
        Ok(())
    }

    fn access(call: &CallInfo, _: &api::DisableOrganizationsRootSessionsRequest, (): &()) -> Access {
        Access::any(call, "iam:DisableOrganizationsRootSessions")
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::DisableOrganizationsRootSessionsRequest,
        _: Allowed<()>,
    ) -> Result<api::DisableOrganizationsRootSessionsResponse> {
        let organization = root_access::change(cx, |access| access.sessions = false).await?;
        Ok(api::DisableOrganizationsRootSessionsResponse {
            enabled_features: Some(root_access::features(&organization).into()),
            organization_id: Some(organization.id.clone()),
        })
    }
}
