//! `DeleteUserPolicy`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUserPolicy.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};
use alcazar_identity::user::User;

use crate::named::Named;
use crate::{access, inline};

/// Takes a policy out of a user.
pub struct DeleteUserPolicy;

impl Operation for DeleteUserPolicy {
    type Api = api::DeleteUserPolicy;
    type Target = Named<User>;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::DeleteUserPolicyRequest) -> Result<Named<User>> {
        Named::find(reads, &input.user_name).await
    }

    fn access(call: &CallInfo, _: &api::DeleteUserPolicyRequest, target: &Named<User>) -> Access {
        let mut check = target.check(call, "iam:DeleteUserPolicy");
        access::add_boundary(&mut check, target.boundary());
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::DeleteUserPolicyRequest,
        target: Allowed<Named<User>>,
    ) -> Result<Output<Self>> {
        inline::delete(cx, &target, &input.policy_name)?;
        Ok(Output::<Self>::default())
    }
}
