//! `ListRolePolicies`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRolePolicies.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_identity::role::Role;

use crate::named::Named;
use crate::{inline, page};

/// Lists the names of the policies in a role.
pub struct ListRolePolicies;

impl Operation for ListRolePolicies {
    type Api = api::ListRolePolicies;
    type Target = Named<Role>;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::ListRolePoliciesRequest) -> Result<Named<Role>> {
        Named::find(reads, &input.role_name).await
    }

    fn access(call: &CallInfo, _: &api::ListRolePoliciesRequest, named: &Named<Role>) -> Access {
        Access::one(named.check(call, "iam:ListRolePolicies"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListRolePoliciesRequest,
        named: Allowed<Named<Role>>,
    ) -> Result<api::ListRolePoliciesResponse> {
        let asked = page::asked(input.marker.as_deref(), input.max_items);
        let (policy_names, is_truncated, marker) = inline::list(cx, &named, asked)?.into_parts(|name| name);
        Ok(api::ListRolePoliciesResponse { policy_names, is_truncated, marker })
    }
}
