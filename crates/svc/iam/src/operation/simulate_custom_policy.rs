//! `SimulateCustomPolicy`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulateCustomPolicy.html>

use alcazar_api_iam::{operation as api, types};
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::page;
use crate::simulation::{self, Asking, Policies, Source};

/// Tells what policies say to requests that are nobody's yet.
pub struct SimulateCustomPolicy;

impl Operation for SimulateCustomPolicy {
    type Api = api::SimulateCustomPolicy;
    type Target = ();
    const READ_ONLY: bool = true;

    async fn resolve(_: &mut Reads<'_>, _: &api::SimulateCustomPolicyRequest) -> Result<()> {
        Ok(())
    }

    fn access(call: &CallInfo, _: &api::SimulateCustomPolicyRequest, (): &()) -> Access {
        Access::any(call, "iam:SimulateCustomPolicy")
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::SimulateCustomPolicyRequest,
        _: Allowed<()>,
    ) -> Result<types::SimulatePolicyResponse> {
        let levels = input.ordered_organization_policy_input_list.as_deref().unwrap_or_default().iter();
        let levels = levels
            .map(|level| simulation::service_control(level.service_control_policy_input_list.as_deref()));
        let policies = Policies {
            identity: Source::inputs(&input.policy_input_list)?,
            boundary: simulation::boundary(input.permissions_boundary_policy_input_list.as_deref())?,
            service_control: levels.collect::<Result<_>>()?,
        };
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
        simulation::simulate(cx, asking, policies, None).await
    }
}
