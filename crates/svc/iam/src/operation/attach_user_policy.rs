//! `AttachUserPolicy`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachUserPolicy.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};
use alcazar_identity::user::User;

use crate::access;
use crate::attached::Target;

/// Attaches a managed policy to a user.
pub struct AttachUserPolicy;

impl Operation for AttachUserPolicy {
    type Api = api::AttachUserPolicy;
    type Target = Target<User>;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::AttachUserPolicyRequest) -> Result<Target<User>> {
        Target::find(reads, &input.user_name, &input.policy_arn).await
    }

    fn access(call: &CallInfo, input: &api::AttachUserPolicyRequest, target: &Target<User>) -> Access {
        let mut check = target.named.check(call, "iam:AttachUserPolicy");
        access::add_boundary(&mut check, target.named.boundary());
        access::add_policy_arn(&mut check, &input.policy_arn);
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::AttachUserPolicyRequest,
        target: Allowed<Target<User>>,
    ) -> Result<Output<Self>> {
        target.attach(cx)?;
        Ok(Output::<Self>::default())
    }
}
