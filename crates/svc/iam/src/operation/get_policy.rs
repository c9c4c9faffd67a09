//! `GetPolicy`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetPolicy.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::policy::{self, Target};
use crate::tag;

/// Tells of a managed policy.
pub struct GetPolicy;

impl Operation for GetPolicy {
    type Api = api::GetPolicy;
    type Target = Target;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::GetPolicyRequest) -> Result<Target> {
        Target::find(reads, &input.policy_arn).await
    }

    fn access(call: &CallInfo, _: &api::GetPolicyRequest, target: &Target) -> Access {
        Access::one(target.check(call, "iam:GetPolicy"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::GetPolicyRequest,
        target: Allowed<Target>,
    ) -> Result<api::GetPolicyResponse> {
        let policy = target.existing()?;
        let usages = policy::usages(cx, policy).await?;
        let mut answer = policy.listed(usages);
        answer.description = policy.description().map(str::to_owned);
        answer.tags = Some(tag::all(policy.tags()).into());
        Ok(api::GetPolicyResponse { policy: Some(answer) })
    }
}
