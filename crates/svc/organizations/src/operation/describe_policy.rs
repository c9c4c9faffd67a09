//! `DescribePolicy`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribePolicy.html>

use alcazar_api_organizations::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::place::Audience;
use crate::policy::SoughtPolicy;

/// Tells of a policy and what it says.
pub struct DescribePolicy;

impl Operation for DescribePolicy {
    type Api = api::DescribePolicy;
    type Target = SoughtPolicy;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::DescribePolicyRequest) -> Result<SoughtPolicy> {
        SoughtPolicy::find(reads, &input.policy_id).await
    }

    fn access(call: &CallInfo, _: &api::DescribePolicyRequest, policy: &SoughtPolicy) -> Access {
        Access::one(policy.check(call, "organizations:DescribePolicy", Audience::Readers))
    }

    async fn run(
        _: &mut Cx<'_>,
        _: &api::DescribePolicyRequest,
        policy: Allowed<SoughtPolicy>,
    ) -> Result<api::DescribePolicyResponse> {
        let organization = policy.place.organization(Audience::Readers)?;
        Ok(api::DescribePolicyResponse { policy: Some(policy.existing()?.shown(organization)) })
    }
}
