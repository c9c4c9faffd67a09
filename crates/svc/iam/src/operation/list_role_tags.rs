//! `ListRoleTags`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoleTags.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_identity::role::Role;

use crate::named::Named;
use crate::{page, tag};

/// Lists a role's tags.
pub struct ListRoleTags;

impl Operation for ListRoleTags {
    type Api = api::ListRoleTags;
    type Target = Named<Role>;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::ListRoleTagsRequest) -> Result<Named<Role>> {
        Named::find(reads, &input.role_name).await
    }

    fn access(call: &CallInfo, _: &api::ListRoleTagsRequest, named: &Named<Role>) -> Access {
        Access::one(named.check(call, "iam:ListRoleTags"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListRoleTagsRequest,
        named: Allowed<Named<Role>>,
    ) -> Result<api::ListRoleTagsResponse> {
        let role = named.existing()?;
        let asked = page::asked(input.marker.as_deref(), input.max_items);
        let (tags, is_truncated, marker) = tag::page(cx, asked, &role.tags)?.into_parts(|tag| tag);
        Ok(api::ListRoleTagsResponse { tags, is_truncated, marker })
    }
}
