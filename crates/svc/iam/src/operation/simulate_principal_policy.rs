//! `SimulatePrincipalPolicy`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html>

use alcazar_api_iam::{operation as api, types};
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::page;
use crate::simulation::{self, Asking, Exclusions, Source};
use crate::source::Target;

/// Tells what the policies of a user, group or role say to requests.
pub struct SimulatePrincipalPolicy;

impl Operation for SimulatePrincipalPolicy {
    type Api = api::SimulatePrincipalPolicy;
    type Target = Target;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::SimulatePrincipalPolicyRequest) -> Result<Target> {
        Target::find(reads, &input.policy_source_arn).await
    }

    fn access(call: &CallInfo, _: &api::SimulatePrincipalPolicyRequest, target: &Target) -> Access {
        Access::one(target.check(call, "iam:SimulatePrincipalPolicy"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::SimulatePrincipalPolicyRequest,
        target: Allowed<Target>,
    ) -> Result<types::SimulatePolicyResponse> {
        let excluded = Exclusions::read(input.policy_exclusion_list.as_deref().unwrap_or_default())?;
        let mut policies = target.source.policies(cx, &excluded).await?;
        policies.identity.extend(Source::inputs(input.policy_input_list.as_deref().unwrap_or_default())?);
        let boundary = simulation::boundary(input.permissions_boundary_policy_input_list.as_deref())?;
        policies.boundary = boundary.or(policies.boundary);
        let asking = Asking {
            action_names: &input.action_names,
            resource_arns: input.resource_arns.as_deref(),
            resource_policy: input.resource_policy.as_deref(),
            resource_owner: input.resource_owner.as_deref(),
            caller_arn: input.caller_arn.as_deref(),
            context_entries: input.context_entries.as_deref(),
            resource_handling_option: input.resource_handling_option.as_deref(),
            page: page::asked(input.marker.as_deref(), input.max_items),
        };
        simulation::simulate(cx, asking, policies, Some(&input.policy_source_arn)).await
    }
}
