//! `UntagPolicy`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_UntagPolicy.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};
use alcazar_identity::tag;

use crate::policy::{self, Target};

/// Takes tags from a managed policy.
pub struct UntagPolicy;

impl Operation for UntagPolicy {
    type Api = api::UntagPolicy;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::UntagPolicyRequest) -> Result<Target> {
        Target::find(reads, &input.policy_arn).await
    }

    fn access(call: &CallInfo, input: &api::UntagPolicyRequest, target: &Target) -> Access {
        let mut check = target.check(call, "iam:UntagPolicy");
        check.context.add_tag_keys(input.tag_keys.iter());
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::UntagPolicyRequest,
        target: Allowed<Target>,
    ) -> Result<Output<Self>> {
        let mut policy = target.to_changed(cx.call(), "iam:UntagPolicy")?;
        policy.tags = tag::without_cased(&policy.tags, &input.tag_keys);
        policy::put(cx, policy)?;
        Ok(Output::<Self>::default())
    }
}
