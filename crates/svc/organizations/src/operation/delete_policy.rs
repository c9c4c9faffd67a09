//! `DeletePolicy`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_DeletePolicy.html>

use alcazar_api_organizations::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};
use alcazar_identity::organization;

use crate::error;
use crate::place::Audience;
use crate::policy::{self, SoughtPolicy};

/// Deletes a policy that is attached to nothing.
pub struct DeletePolicy;

impl Operation for DeletePolicy {
    type Api = api::DeletePolicy;
    type Target = SoughtPolicy;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::DeletePolicyRequest) -> Result<SoughtPolicy> {
        SoughtPolicy::find(reads, &input.policy_id).await
    }

    fn access(call: &CallInfo, _: &api::DeletePolicyRequest, policy: &SoughtPolicy) -> Access {
        Access::one(policy.check(call, "organizations:DeletePolicy", Audience::Delegates))
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::DeletePolicyRequest,
        policy: Allowed<SoughtPolicy>,
    ) -> Result<Output<Self>> {
        let organization = policy.place.organization(Audience::Delegates)?;
        let own = policy.existing()?.own()?;
        if !policy::targets(cx, organization, &own.id).await?.is_empty() {
            return Err(error::policy_in_use().into());
        }
        cx.delete(organization::policy_name(&organization.id, &own.id))?;
        Ok(Output::<Self>::default())
    }
}
