//! `ListPolicies`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListPolicies.html>

use alcazar_api_iam::operation as api;
use alcazar_api_iam::types::{PolicyScopeType, PolicyUsageType};
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_identity::entity;

use crate::policy::{self, Policy, Usages};
use crate::{access, page};

/// Lists managed policies, the account's own and AWS's.
pub struct ListPolicies;

impl Operation for ListPolicies {
    type Api = api::ListPolicies;
    type Target = ();
    const READ_ONLY: bool = true;

    async fn resolve(_: &mut Reads<'_>, _: &api::ListPoliciesRequest) -> Result<()> {
        Ok(())
    }

    fn access(call: &CallInfo, input: &api::ListPoliciesRequest, (): &()) -> Access {
        let path = input.path_prefix.as_deref().unwrap_or("/");
        let arn = entity::arn(call.account(), "policy", path, "");
        Access::one(access::check(call, "iam:ListPolicies", arn, policy::TYPE))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListPoliciesRequest,
        _: Allowed<()>,
    ) -> Result<api::ListPoliciesResponse> {
        let account = cx.account();
        let usages = policy::all_usages(cx).await?;
        let usages_of = |policy: &Policy| usages.get(&policy.arn()).copied().unwrap_or_default();
        let mut found = policy::all(cx, account).await?;
        found.retain(|policy| is_asked_for(input, policy, usages_of(policy)));
        let asked = page::asked(input.marker.as_deref(), input.max_items);
        // A policy of the account's own may have the name of one of AWS's.
        let place = |policy: &Policy| {
            format!("{} {}", policy.name().to_lowercase(), matches!(policy, Policy::Customer(_)))
        };
        let page = page::of(cx, "policies", asked, found, place)?;
        let (policies, is_truncated, marker) = page.into_parts(|policy| policy.listed(usages_of(&policy)));
        Ok(api::ListPoliciesResponse { policies: Some(policies), is_truncated, marker })
    }
}

fn is_asked_for(input: &api::ListPoliciesRequest, policy: &Policy, usages: Usages) -> bool {
    let is_in_scope = match input.scope {
        Some(PolicyScopeType::Aws) => matches!(policy, Policy::Aws(_)),
        Some(PolicyScopeType::Local) => matches!(policy, Policy::Customer(_)),
        Some(PolicyScopeType::All) | None => true,
    };
    let is_used_so = match input.policy_usage_filter {
        Some(PolicyUsageType::PermissionsPolicy) => usages.attachments > 0,
        Some(PolicyUsageType::PermissionsBoundary) => usages.boundaries > 0,
        None => true,
    };
    let is_attached = input.only_attached != Some(true) || usages != Usages::default();
    let prefix = input.path_prefix.as_deref().unwrap_or("/");
    is_in_scope && is_used_so && is_attached && policy.path().starts_with(prefix)
}
