//! `PutRolePolicy`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};
use alcazar_identity::role::Role;

use crate::named::Named;
use crate::{access, inline};

/// Puts a policy into a role.
pub struct PutRolePolicy;

impl Operation for PutRolePolicy {
    type Api = api::PutRolePolicy;
    type Target = Named<Role>;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::PutRolePolicyRequest) -> Result<Named<Role>> {
        Named::find(reads, &input.role_name).await
    }

    fn access(call: &CallInfo, _: &api::PutRolePolicyRequest, named: &Named<Role>) -> Access {
        let mut check = named.check(call, "iam:PutRolePolicy");
        access::add_boundary(&mut check, named.boundary());
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::PutRolePolicyRequest,
        named: Allowed<Named<Role>>,
    ) -> Result<Output<Self>> {
        inline::put(cx, &named, &input.policy_name, &input.policy_document)?;
        Ok(Output::<Self>::default())
    }
}
