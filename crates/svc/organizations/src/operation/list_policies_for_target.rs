//! `ListPoliciesForTarget`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListPoliciesForTarget.html>

use alcazar_api_organizations::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::access::{self, kind};
use crate::place::Audience;
use crate::policy::{Policy, known_type};
use crate::target::Sought;
use crate::{error, page};

/// Lists the policies of a type that are attached to the root, a unit or an account itself.
pub struct ListPoliciesForTarget;

impl Operation for ListPoliciesForTarget {
    type Api = api::ListPoliciesForTarget;
    type Target = Sought;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::ListPoliciesForTargetRequest) -> Result<Sought> {
        Sought::find(reads, &input.target_id).await
    }

    fn access(call: &CallInfo, input: &api::ListPoliciesForTargetRequest, target: &Sought) -> Access {
        let action = "organizations:ListPoliciesForTarget";
        let mut check = target.check(call, action, Audience::Readers, kind::ACCOUNT);
        access::add_policy_type(&mut check, input.filter.as_str());
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListPoliciesForTargetRequest,
        target: Allowed<Sought>,
    ) -> Result<api::ListPoliciesForTargetResponse> {
        let organization = target.place.organization(Audience::Readers)?;
        let found = target.found.as_ref().ok_or_else(error::target_not_found)?;
        let policy_type = known_type(input.filter);
        let mut policies = Vec::new();
        for id in found.policies(organization) {
            let policy = Policy::find(cx, organization, id).await?;
            policies.extend(policy.filter(|policy| Some(policy.policy_type()) == policy_type));
        }
        let asked = page::asked(input.next_token.as_deref(), input.max_results);
        let list = format!("policies {} of {}", input.filter.as_str(), input.target_id);
        let page = page::of(cx, &list, asked, policies, |policy| policy.id().to_owned())?;
        let (policies, _, next_token) = page.into_parts(|policy| policy.summary(organization));
        Ok(api::ListPoliciesForTargetResponse { policies: Some(policies), next_token })
    }
}
