//! `UpdateRoleDescription`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateRoleDescription.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_identity::role::Role;

use crate::named::{Holder, Named};
use crate::{access, role};

/// Changes a role's description.
pub struct UpdateRoleDescription;

impl Operation for UpdateRoleDescription {
    type Api = api::UpdateRoleDescription;
    type Target = Named<Role>;
    const READ_ONLY: bool = false;

    async fn resolve(
        reads: &mut Reads<'_>,
        input: &api::UpdateRoleDescriptionRequest,
    ) -> Result<Named<Role>> {
        Named::find(reads, &input.role_name).await
    }

    fn access(call: &CallInfo, _: &api::UpdateRoleDescriptionRequest, named: &Named<Role>) -> Access {
        let mut check = named.check(call, "iam:UpdateRoleDescription");
        access::add_boundary(&mut check, named.boundary());
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::UpdateRoleDescriptionRequest,
        named: Allowed<Named<Role>>,
    ) -> Result<api::UpdateRoleDescriptionResponse> {
        let mut role = named.to_described()?;
        role.description = Some(input.description.clone());
        let answer = role::described(&role);
        role.put(cx)?;
        Ok(api::UpdateRoleDescriptionResponse { role: Some(answer) })
    }
}
