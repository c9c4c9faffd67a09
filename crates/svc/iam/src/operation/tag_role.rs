//! `TagRole`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagRole.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};
use alcazar_identity::role::Role;

use crate::named::{Holder, Named};
use crate::tag;

/// Puts tags on a role.
pub struct TagRole;

impl Operation for TagRole {
    type Api = api::TagRole;
    type Target = Named<Role>;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::TagRoleRequest) -> Result<Named<Role>> {
        Named::find(reads, &input.role_name).await
    }

    fn access(call: &CallInfo, input: &api::TagRoleRequest, named: &Named<Role>) -> Access {
        let mut check = named.check(call, "iam:TagRole");
        check.context.add_request_tags(tag::pairs(Some(&input.tags)));
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::TagRoleRequest,
        named: Allowed<Named<Role>>,
    ) -> Result<Output<Self>> {
        let mut role = named.to_described()?;
        role.tags = tag::added(&role.tags, &input.tags)?;
        role.put(cx)?;
        Ok(Output::<Self>::default())
    }
}
