//! `ListUserTags`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUserTags.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_identity::user::User;

use crate::named::Named;
use crate::{page, tag};

/// Lists the tags of a user.
pub struct ListUserTags;

impl Operation for ListUserTags {
    type Api = api::ListUserTags;
    type Target = Named<User>;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::ListUserTagsRequest) -> Result<Named<User>> {
        Named::find(reads, &input.user_name).await
    }

    fn access(call: &CallInfo, _: &api::ListUserTagsRequest, target: &Named<User>) -> Access {
        Access::one(target.check(call, "iam:ListUserTags"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListUserTagsRequest,
        target: Allowed<Named<User>>,
    ) -> Result<api::ListUserTagsResponse> {
        let asked = page::asked(input.marker.as_deref(), input.max_items);
        let page = tag::page(cx, asked, &target.existing()?.tags)?;
        let (tags, is_truncated, marker) = page.into_parts(|tag| tag);
        Ok(api::ListUserTagsResponse { tags, is_truncated, marker })
    }
}
