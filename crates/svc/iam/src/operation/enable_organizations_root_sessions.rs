//! `EnableOrganizationsRootSessions`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_EnableOrganizationsRootSessions.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::root_access;

/// Has sessions of the organization's root users begun for privileged tasks.
pub struct EnableOrganizationsRootSessions;

impl Operation for EnableOrganizationsRootSessions {
    type Api = api::EnableOrganizationsRootSessions;
    type Target = ();
    const READ_ONLY: bool = false;

    async fn resolve(_: &mut Reads<'_>, _: &api::EnableOrganizationsRootSessionsRequest) -> Result<()> {
        Ok(())
    }

    fn access(call: &CallInfo, _: &api::EnableOrganizationsRootSessionsRequest, (): &()) -> Access {
        Access::any(call, "iam:EnableOrganizationsRootSessions")
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::EnableOrganizationsRootSessionsRequest,
        _: Allowed<()>,
    ) -> Result<api::EnableOrganizationsRootSessionsResponse> {
        let organization = root_access::enable(cx, |access| access.sessions = true).await?;
        Ok(api::EnableOrganizationsRootSessionsResponse {
            enabled_features: Some(root_access::features(&organization).into()),
            organization_id: Some(organization.id.clone()),
        })
    }
}
