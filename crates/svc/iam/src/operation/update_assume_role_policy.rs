//! `UpdateAssumeRolePolicy`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAssumeRolePolicy.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};
use alcazar_identity::role::Role;

use crate::named::{Holder, Named};
use crate::{access, trust};

/// Replaces a role's trust policy. Sessions that were begun go on.
pub struct UpdateAssumeRolePolicy;

impl Operation for UpdateAssumeRolePolicy {
    type Api = api::UpdateAssumeRolePolicy;
    type Target = Named<Role>;
    const READ_ONLY: bool = false;

    async fn resolve(
        reads: &mut Reads<'_>,
        input: &api::UpdateAssumeRolePolicyRequest,
    ) -> Result<Named<Role>> {
        Named::find(reads, &input.role_name).await
    }

    fn access(call: &CallInfo, _: &api::UpdateAssumeRolePolicyRequest, named: &Named<Role>) -> Access {
        let mut check = named.check(call, "iam:UpdateAssumeRolePolicy");
        access::add_boundary(&mut check, named.boundary());
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::UpdateAssumeRolePolicyRequest,
        named: Allowed<Named<Role>>,
    ) -> Result<Output<Self>> {
        let mut role = named.to_changed()?;
        role.trust = trust::read(cx, &input.policy_document).await?;
        role.put(cx)?;
        Ok(Output::<Self>::default())
    }
}
