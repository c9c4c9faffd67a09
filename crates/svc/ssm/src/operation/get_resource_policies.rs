//! `GetResourcePolicies`: <https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetResourcePolicies.html>

use alcazar_api_ssm::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::access::Target;
use crate::{error, resource_policy};

/// Reads the resource policies of a parameter. There is one at most, so there are no further pages.
pub struct GetResourcePolicies;

impl Operation for GetResourcePolicies {
    type Api = api::GetResourcePolicies;
    type Target = Target;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::GetResourcePoliciesRequest) -> Result<Target> {
        let reference = resource_policy::reference(reads.call(), &input.resource_arn)?;
        Target::find(reads, reference).await
    }

    fn access(call: &CallInfo, _: &api::GetResourcePoliciesRequest, target: &Target) -> Access {
        target.access(call, "ssm:GetResourcePolicies")
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::GetResourcePoliciesRequest,
        target: Allowed<Target>,
    ) -> Result<api::GetResourcePoliciesResponse> {
        let Target { reference, parameter, .. } = target.into_inner();
        let parameter =
            parameter.ok_or_else(|| error::resource_policy::parameter_not_found(&reference.arn()))?;
        if let Some(token) = &input.next_token {
            return Err(error::resource_policy::next_token(token).into());
        }
        let mut policies = Vec::with_capacity(parameter.resource_policies.len());
        for policy in &parameter.resource_policies {
            policies.push(policy.shown(cx).await?);
        }
        Ok(api::GetResourcePoliciesResponse { next_token: None, policies: Some(policies.into()) })
    }
}
