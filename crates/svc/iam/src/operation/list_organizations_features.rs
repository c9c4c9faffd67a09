//! `ListOrganizationsFeatures`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListOrganizationsFeatures.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::root_access;

/// Lists how root users of the organization are managed centrally.
pub struct ListOrganizationsFeatures;

impl Operation for ListOrganizationsFeatures {
    type Api = api::ListOrganizationsFeatures;
    type Target = ();
    const READ_ONLY: bool = true;

    async fn resolve(_: &mut Reads<'_>, _: &api::ListOrganizationsFeaturesRequest) -> Result<()> {
        Ok(())
    }

    fn access(call: &CallInfo, _: &api::ListOrganizationsFeaturesRequest, (): &()) -> Access {
        Access::any(call, "iam:ListOrganizationsFeatures")
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::ListOrganizationsFeaturesRequest,
        _: Allowed<()>,
    ) -> Result<api::ListOrganizationsFeaturesResponse> {
        let organization = root_access::organization(cx).await?;
        Ok(api::ListOrganizationsFeaturesResponse {
            enabled_features: Some(root_access::features(&organization).into()),
            organization_id: Some(organization.id.clone()),
        })
    }
}
