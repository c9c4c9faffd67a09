//! `ListAttachedGroupPolicies`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAttachedGroupPolicies.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_identity::group::Group;

use crate::named::Named;
use crate::{attached, page};

/// Lists the managed policies under a path that are attached to a group.
pub struct ListAttachedGroupPolicies;

impl Operation for ListAttachedGroupPolicies {
    type Api = api::ListAttachedGroupPolicies;
    type Target = Named<Group>;
    const READ_ONLY: bool = true;

    async fn resolve(
        reads: &mut Reads<'_>,
        input: &api::ListAttachedGroupPoliciesRequest,
    ) -> Result<Named<Group>> {
        Named::find(reads, &input.group_name).await
    }

    fn access(call: &CallInfo, _: &api::ListAttachedGroupPoliciesRequest, target: &Named<Group>) -> Access {
        Access::one(target.check(call, "iam:ListAttachedGroupPolicies"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListAttachedGroupPoliciesRequest,
        target: Allowed<Named<Group>>,
    ) -> Result<api::ListAttachedGroupPoliciesResponse> {
        let asked = page::asked(input.marker.as_deref(), input.max_items);
        let page = attached::list(cx, &target, input.path_prefix.as_deref(), asked)?;
        let (policies, is_truncated, marker) = page.into_parts(|policy| policy);
        Ok(api::ListAttachedGroupPoliciesResponse { attached_policies: Some(policies), is_truncated, marker })
    }
}
