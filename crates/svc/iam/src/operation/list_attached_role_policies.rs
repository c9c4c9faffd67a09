//! `ListAttachedRolePolicies`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAttachedRolePolicies.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_identity::role::Role;

use crate::named::Named;
use crate::{attached, page};

/// Lists the managed policies that are attached to a role.
pub struct ListAttachedRolePolicies;

impl Operation for ListAttachedRolePolicies {
    type Api = api::ListAttachedRolePolicies;
    type Target = Named<Role>;
    const READ_ONLY: bool = true;

    async fn resolve(
        reads: &mut Reads<'_>,
        input: &api::ListAttachedRolePoliciesRequest,
    ) -> Result<Named<Role>> {
        Named::find(reads, &input.role_name).await
    }

    fn access(call: &CallInfo, _: &api::ListAttachedRolePoliciesRequest, named: &Named<Role>) -> Access {
        Access::one(named.check(call, "iam:ListAttachedRolePolicies"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListAttachedRolePoliciesRequest,
        named: Allowed<Named<Role>>,
    ) -> Result<api::ListAttachedRolePoliciesResponse> {
        let asked = page::asked(input.marker.as_deref(), input.max_items);
        let page = attached::list(cx, &named, input.path_prefix.as_deref(), asked)?;
        let (policies, is_truncated, marker) = page.into_parts(|policy| policy);
        Ok(api::ListAttachedRolePoliciesResponse { attached_policies: Some(policies), is_truncated, marker })
    }
}
