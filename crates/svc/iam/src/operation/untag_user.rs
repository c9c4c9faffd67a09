//! `UntagUser`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_UntagUser.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};
use alcazar_identity::tag as tags;
use alcazar_identity::user::User;

use crate::named::{Holder, Named};

/// Takes tags off a user.
pub struct UntagUser;

impl Operation for UntagUser {
    type Api = api::UntagUser;
    type Target = Named<User>;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::UntagUserRequest) -> Result<Named<User>> {
        Named::find(reads, &input.user_name).await
    }

    fn access(call: &CallInfo, input: &api::UntagUserRequest, target: &Named<User>) -> Access {
        let mut check = target.check(call, "iam:UntagUser");
        check.context.add_tag_keys(input.tag_keys.iter());
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::UntagUserRequest,
        target: Allowed<Named<User>>,
    ) -> Result<Output<Self>> {
        let mut user = target.to_changed()?;
        user.tags = tags::without(&user.tags, &input.tag_keys);
        user.put(cx)?;
        Ok(Output::<Self>::default())
    }
}
