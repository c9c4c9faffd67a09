//! `DeleteResourcePolicy`: <https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DeleteResourcePolicy.html>

use alcazar_api_ssm::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::access::Target;
use crate::parameter::{self, Parameter};
use crate::{error, resource_policy};

/// Takes its resource policy from a parameter.
pub struct DeleteResourcePolicy;

impl Operation for DeleteResourcePolicy {
    type Api = api::DeleteResourcePolicy;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::DeleteResourcePolicyRequest) -> Result<Target> {
        let reference = resource_policy::reference(reads.call(), &input.resource_arn)?;
        Target::find_to_change(reads, reference).await
    }

    fn access(call: &CallInfo, _: &api::DeleteResourcePolicyRequest, target: &Target) -> Access {
        target.access(call, "ssm:DeleteResourcePolicy")
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::DeleteResourcePolicyRequest,
        target: Allowed<Target>,
    ) -> Result<api::DeleteResourcePolicyResponse> {
        let Target { reference, parameter, .. } = target.into_inner();
        let before =
            parameter.ok_or_else(|| error::resource_policy::parameter_not_found(&reference.arn()))?;
        let mut after: Parameter = (*before).clone();
        let place = after.resource_policies.iter().position(|policy| policy.policy_id == input.policy_id);
        let place = place.ok_or_else(error::resource_policy::not_found)?;
        if after.resource_policies.remove(place).policy_hash != input.policy_hash {
            return Err(error::resource_policy::conflict().into());
        }
        parameter::put(cx, Some(&before), after)?;
        Ok(api::DeleteResourcePolicyResponse {})
    }
}
