//! `DescribeResourcePolicy`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeResourcePolicy.html>

use alcazar_api_organizations::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Reads, Result};

use crate::place::{Audience, Place};
use crate::{error, resource_policy};

/// Tells what the organization delegates to member accounts.
pub struct DescribeResourcePolicy;

impl Operation for DescribeResourcePolicy {
    type Api = api::DescribeResourcePolicy;
    type Target = Place;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, _: &Input<Self>) -> Result<Place> {
        Place::find(reads).await
    }

    fn access(call: &CallInfo, _: &Input<Self>, place: &Place) -> Access {
        let action = "organizations:DescribeResourcePolicy";
        Access::one(place.organization_check(call, action, Audience::Readers))
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &Input<Self>,
        place: Allowed<Place>,
    ) -> Result<api::DescribeResourcePolicyResponse> {
        let organization = place.organization(Audience::Readers)?;
        let policy = organization.resource_policy.as_ref().ok_or_else(error::resource_policy_not_found)?;
        let answer = resource_policy::shown(cx, organization, policy).await?;
        Ok(api::DescribeResourcePolicyResponse { resource_policy: Some(answer) })
    }
}
