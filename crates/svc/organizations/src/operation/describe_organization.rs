//! `DescribeOrganization`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeOrganization.html>

use alcazar_api_organizations::operation as api;
use alcazar_api_organizations::types::Unit;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_identity::account::Account;

use crate::place::{Audience, Place};
use crate::shown;

/// Tells of the organization that the caller's account is in.
pub struct DescribeOrganization;

impl Operation for DescribeOrganization {
    type Api = api::DescribeOrganization;
    type Target = Place;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, _: &Unit) -> Result<Place> {
        Place::find(reads).await
    }

    fn access(call: &CallInfo, _: &Unit, target: &Place) -> Access {
        let check = target.organization_check(call, "organizations:DescribeOrganization", Audience::Members);
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &Unit,
        target: Allowed<Place>,
    ) -> Result<api::DescribeOrganizationResponse> {
        let organization = target.organization(Audience::Members)?;
        let management = Account::find(&mut cx.records(), organization.management_account).await?;
        let answer = shown::organization(organization, management.as_deref());
        Ok(api::DescribeOrganizationResponse { organization: Some(answer) })
    }
}
