//! `TagUser`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagUser.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};
use alcazar_identity::user::User;

use crate::named::{Holder, Named};
use crate::tag;

/// Puts tags on a user.
pub struct TagUser;

impl Operation for TagUser {
    type Api = api::TagUser;
    type Target = Named<User>;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::TagUserRequest) -> Result<Named<User>> {
        Named::find(reads, &input.user_name).await
    }

    fn access(call: &CallInfo, input: &api::TagUserRequest, target: &Named<User>) -> Access {
        let mut check = target.check(call, "iam:TagUser");
        check.context.add_request_tags(tag::pairs(Some(&input.tags)));
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::TagUserRequest,
        target: Allowed<Named<User>>,
    ) -> Result<Output<Self>> {
        let mut user = target.to_changed()?;
        user.tags = tag::added(&user.tags, &input.tags)?;
        user.put(cx)?;
        Ok(Output::<Self>::default())
    }
}
