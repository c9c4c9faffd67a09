//! `TagPolicy`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagPolicy.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::policy::{self, Target};
use crate::tag;

/// Puts tags on a managed policy.
pub struct TagPolicy;

impl Operation for TagPolicy {
    type Api = api::TagPolicy;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::TagPolicyRequest) -> Result<Target> {
        Target::find(reads, &input.policy_arn).await
    }

    fn access(call: &CallInfo, input: &api::TagPolicyRequest, target: &Target) -> Access {
        let mut check = target.check(call, "iam:TagPolicy");
        check.context.add_request_tags(tag::pairs(Some(&input.tags)));
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::TagPolicyRequest,
        target: Allowed<Target>,
    ) -> Result<Output<Self>> {
        let mut policy = target.to_changed(cx.call(), "iam:TagPolicy")?;
        policy.tags = tag::added_cased(&policy.tags, &input.tags)?;
        policy::put(cx, policy)?;
        Ok(Output::<Self>::default())
    }
}
