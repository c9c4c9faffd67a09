//! `ListGroupPolicies`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListGroupPolicies.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_identity::group::Group;

use crate::named::Named;
use crate::{inline, page};

/// Lists the names of the policies in a group.
pub struct ListGroupPolicies;

impl Operation for ListGroupPolicies {
    type Api = api::ListGroupPolicies;
    type Target = Named<Group>;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::ListGroupPoliciesRequest) -> Result<Named<Group>> {
        Named::find(reads, &input.group_name).await
    }

    fn access(call: &CallInfo, _: &api::ListGroupPoliciesRequest, target: &Named<Group>) -> Access {
        Access::one(target.check(call, "iam:ListGroupPolicies"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListGroupPoliciesRequest,
        target: Allowed<Named<Group>>,
    ) -> Result<api::ListGroupPoliciesResponse> {
        let asked = page::asked(input.marker.as_deref(), input.max_items);
        let page = inline::list(cx, &target, asked)?;
        let (policy_names, is_truncated, marker) = page.into_parts(|name| name);
        Ok(api::ListGroupPoliciesResponse { policy_names, is_truncated, marker })
    }
}
