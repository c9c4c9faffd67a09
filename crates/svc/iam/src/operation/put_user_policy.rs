//! `PutUserPolicy`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutUserPolicy.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};
use alcazar_identity::user::User;

use crate::named::Named;
use crate::{access, inline};

/// Puts a policy into a user.
pub struct PutUserPolicy;

impl Operation for PutUserPolicy {
    type Api = api::PutUserPolicy;
    type Target = Named<User>;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::PutUserPolicyRequest) -> Result<Named<User>> {
        Named::find(reads, &input.user_name).await
    }

    fn access(call: &CallInfo, _: &api::PutUserPolicyRequest, named: &Named<User>) -> Access {
        let mut check = named.check(call, "iam:PutUserPolicy");
        access::add_boundary(&mut check, named.boundary());
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::PutUserPolicyRequest,
        named: Allowed<Named<User>>,
    ) -> Result<Output<Self>> {
        inline::put(cx, &named, &input.policy_name, &input.policy_document)?;
        Ok(Output::<Self>::default())
    }
}
