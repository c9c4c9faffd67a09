//! `ListGroups`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListGroups.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_identity::entity;
use alcazar_identity::group::{self, Group};

use crate::named::Holder;
use crate::{access, page, shown};

/// Lists the account's groups under a path.
pub struct ListGroups;

impl Operation for ListGroups {
    type Api = api::ListGroups;
    type Target = ();
    const READ_ONLY: bool = true;

    async fn resolve(_: &mut Reads<'_>, _: &api::ListGroupsRequest) -> Result<()> {
        Ok(())
    }

    fn access(call: &CallInfo, input: &api::ListGroupsRequest, (): &()) -> Access {
        let path = input.path_prefix.as_deref().unwrap_or("/");
        let arn = entity::arn(call.account(), "group", path, "");
        Access::one(access::check(call, "iam:ListGroups", arn, Group::TYPE))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListGroupsRequest,
        _: Allowed<()>,
    ) -> Result<api::ListGroupsResponse> {
        let groups = group::groups(cx.account());
        let mut found = page::all::<Group>(cx, &groups).await?;
        found.retain(|group| group.path.starts_with(input.path_prefix.as_deref().unwrap_or("/")));
        let asked = page::asked(input.marker.as_deref(), input.max_items);
        let page = page::of(cx, "groups", asked, found, |group| group.name.to_lowercase())?;
        let (groups, is_truncated, marker) = page.into_parts(|group| shown::group(&group));
        Ok(api::ListGroupsResponse { groups, is_truncated, marker })
    }
}
