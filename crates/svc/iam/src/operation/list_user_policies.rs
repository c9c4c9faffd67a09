//! `ListUserPolicies`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUserPolicies.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_identity::user::User;

use crate::named::Named;
use crate::{inline, page};

/// Lists the names of the policies in a user.
pub struct ListUserPolicies;

impl Operation for ListUserPolicies {
    type Api = api::ListUserPolicies;
    type Target = Named<User>;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::ListUserPoliciesRequest) -> Result<Named<User>> {
        Named::find(reads, &input.user_name).await
    }

    fn access(call: &CallInfo, _: &api::ListUserPoliciesRequest, target: &Named<User>) -> Access {
        Access::one(target.check(call, "iam:ListUserPolicies"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListUserPoliciesRequest,
        target: Allowed<Named<User>>,
    ) -> Result<api::ListUserPoliciesResponse> {
        let asked = page::asked(input.marker.as_deref(), input.max_items);
        let page = inline::list(cx, &target, asked)?;
        let (policy_names, is_truncated, marker) = page.into_parts(|name| name);
        Ok(api::ListUserPoliciesResponse { policy_names, is_truncated, marker })
    }
}
