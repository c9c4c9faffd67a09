//! `UntagRole`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_UntagRole.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};
use alcazar_identity::role::Role;
use alcazar_identity::tag;

use crate::named::{Holder, Named};

/// Takes tags from a role.
pub struct UntagRole;

impl Operation for UntagRole {
    type Api = api::UntagRole;
    type Target = Named<Role>;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::UntagRoleRequest) -> Result<Named<Role>> {
        Named::find(reads, &input.role_name).await
    }

    fn access(call: &CallInfo, input: &api::UntagRoleRequest, named: &Named<Role>) -> Access {
        let mut check = named.check(call, "iam:UntagRole");
        check.context.add_tag_keys(input.tag_keys.iter());
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::UntagRoleRequest,
        named: Allowed<Named<Role>>,
    ) -> Result<Output<Self>> {
        let mut role = named.to_described()?;
        role.tags = tag::without(&role.tags, &input.tag_keys);
        role.put(cx)?;
        Ok(Output::<Self>::default())
    }
}
