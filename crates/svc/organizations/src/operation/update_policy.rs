//! `UpdatePolicy`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_UpdatePolicy.html>

use std::sync::Arc;

use alcazar_api_organizations::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_identity::organization::{self, OrganizationPolicy};

use crate::place::Audience;
use crate::policy::{self, Policy, SoughtPolicy};

/// Changes what a policy says, its name or its description. It counts at once wherever it is attached.
pub struct UpdatePolicy;

impl Operation for UpdatePolicy {
    type Api = api::UpdatePolicy;
    type Target = SoughtPolicy;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::UpdatePolicyRequest) -> Result<SoughtPolicy> {
        SoughtPolicy::find(reads, &input.policy_id).await
    }

    fn access(call: &CallInfo, _: &api::UpdatePolicyRequest, policy: &SoughtPolicy) -> Access {
        Access::one(policy.check(call, "organizations:UpdatePolicy", Audience::Delegates))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::UpdatePolicyRequest,
        policy: Allowed<SoughtPolicy>,
    ) -> Result<api::UpdatePolicyResponse> {
        let organization = policy.place.organization(Audience::Delegates)?;
        let mut changed = policy.existing()?.own()?.clone();
        if let Some(content) = &input.content {
            changed.document = policy::read_content(cx, content, changed.policy_type)?;
        }
        if let Some(name) = &input.name {
            policy::name_must_be_free(cx, organization, changed.policy_type, name, &changed.id).await?;
            changed.name.clone_from(name);
        }
        if let Some(description) = &input.description {
            changed.description.clone_from(description);
        }
        let changed = Arc::new(changed);
        let answer = Policy::Customer(changed.clone()).shown(organization);
        let name = organization::policy_name(&organization.id, &changed.id);
        cx.put::<OrganizationPolicy>(name, changed)?;
        Ok(api::UpdatePolicyResponse { policy: Some(answer) })
    }
}
