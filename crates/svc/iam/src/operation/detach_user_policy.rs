//! `DetachUserPolicy`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_DetachUserPolicy.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};
use alcazar_identity::user::User;

use crate::access;
use crate::attached::Target;

/// Detaches a managed policy from a user.
pub struct DetachUserPolicy;

impl Operation for DetachUserPolicy {
    type Api = api::DetachUserPolicy;
    type Target = Target<User>;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::DetachUserPolicyRequest) -> Result<Target<User>> {
        Target::find(reads, &input.user_name, &input.policy_arn).await
    }

    fn access(call: &CallInfo, input: &api::DetachUserPolicyRequest, target: &Target<User>) -> Access {
        let mut check = target.named.check(call, "iam:DetachUserPolicy");
        access::add_boundary(&mut check, target.named.boundary());
        access::add_policy_arn(&mut check, &input.policy_arn);
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::DetachUserPolicyRequest,
        target: Allowed<Target<User>>,
    ) -> Result<Output<Self>> {
        target.detach(cx)?;
        Ok(Output::<Self>::default())
    }
}
