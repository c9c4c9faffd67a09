//! `ListTargetsForPolicy`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListTargetsForPolicy.html>

use alcazar_api_organizations::operation as api;
use alcazar_api_organizations::types::{PolicyTargetSummary, TargetType};
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_identity::organization::Organization;

use crate::place::Audience;
use crate::policy::{self, SoughtPolicy};
use crate::target::Target;
use crate::{arn, page, shown};

/// Lists what a policy is attached to.
pub struct ListTargetsForPolicy;

impl Operation for ListTargetsForPolicy {
    type Api = api::ListTargetsForPolicy;
    type Target = SoughtPolicy;
    const READ_ONLY: bool = true;

    async fn resolve(
        reads: &mut Reads<'_>,
        input: &api::ListTargetsForPolicyRequest,
    ) -> Result<SoughtPolicy> {
        SoughtPolicy::find(reads, &input.policy_id).await
    }

    fn access(call: &CallInfo, _: &api::ListTargetsForPolicyRequest, policy: &SoughtPolicy) -> Access {
        Access::one(policy.check(call, "organizations:ListTargetsForPolicy", Audience::Readers))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListTargetsForPolicyRequest,
        policy: Allowed<SoughtPolicy>,
    ) -> Result<api::ListTargetsForPolicyResponse> {
        let organization = policy.place.organization(Audience::Readers)?;
        let targets = policy::targets(cx, organization, policy.existing()?.id()).await?;
        let asked = page::asked(input.next_token.as_deref(), input.max_results);
        let list = format!("targets of {}", input.policy_id);
        let page = page::of(cx, &list, asked, targets, |target| target.id(organization))?;
        let (targets, _, next_token) = page.into_parts(|target| summary(organization, &target));
        Ok(api::ListTargetsForPolicyResponse { targets: Some(targets), next_token })
    }
}

fn summary(organization: &Organization, target: &Target) -> PolicyTargetSummary {
    let (name, kind) = match target {
        Target::Root => (shown::ROOT_NAME.to_owned(), TargetType::Root),
        Target::Unit(unit) => (unit.name.clone(), TargetType::OrganizationalUnit),
        Target::Account(account) => (account.name.clone(), TargetType::Account),
    };
    let target_id = target.id(organization);
    PolicyTargetSummary {
        arn: Some(arn::target(organization, &target_id)),
        target_id: Some(target_id),
        name: Some(name),
        r#type: Some(kind),
    }
}
