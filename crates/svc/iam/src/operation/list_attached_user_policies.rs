//! `ListAttachedUserPolicies`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAttachedUserPolicies.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_identity::user::User;

use crate::named::Named;
use crate::{attached, page};

/// Lists the managed policies under a path that are attached to a user.
pub struct ListAttachedUserPolicies;

impl Operation for ListAttachedUserPolicies {
    type Api = api::ListAttachedUserPolicies;
    type Target = Named<User>;
    const READ_ONLY: bool = true;

    async fn resolve(
        reads: &mut Reads<'_>,
        input: &api::ListAttachedUserPoliciesRequest,
    ) -> Result<Named<User>> {
        Named::find(reads, &input.user_name).await
    }

    fn access(call: &CallInfo, _: &api::ListAttachedUserPoliciesRequest, target: &Named<User>) -> Access {
        Access::one(target.check(call, "iam:ListAttachedUserPolicies"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListAttachedUserPoliciesRequest,
        target: Allowed<Named<User>>,
    ) -> Result<api::ListAttachedUserPoliciesResponse> {
        let asked = page::asked(input.marker.as_deref(), input.max_items);
        let page = attached::list(cx, &target, input.path_prefix.as_deref(), asked)?;
        let (policies, is_truncated, marker) = page.into_parts(|policy| policy);
        Ok(api::ListAttachedUserPoliciesResponse { attached_policies: Some(policies), is_truncated, marker })
    }
}
