//! `ListInstanceProfilesForRole`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListInstanceProfilesForRole.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_identity::role::Role;

use crate::named::Named;
use crate::{instance_profile, page};

/// Lists the instance profiles that a role is in.
pub struct ListInstanceProfilesForRole;

impl Operation for ListInstanceProfilesForRole {
    type Api = api::ListInstanceProfilesForRole;
    type Target = Named<Role>;
    const READ_ONLY: bool = true;

    async fn resolve(
        reads: &mut Reads<'_>,
        input: &api::ListInstanceProfilesForRoleRequest,
    ) -> Result<Named<Role>> {
        Named::find(reads, &input.role_name).await
    }

    fn access(call: &CallInfo, _: &api::ListInstanceProfilesForRoleRequest, named: &Named<Role>) -> Access {
        Access::one(named.check(call, "iam:ListInstanceProfilesForRole"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListInstanceProfilesForRoleRequest,
        named: Allowed<Named<Role>>,
    ) -> Result<api::ListInstanceProfilesForRoleResponse> {
        let found = instance_profile::of_role(cx, &named.existing()?.role_id).await?;
        let asked = page::asked(input.marker.as_deref(), input.max_items);
        let (instance_profiles, is_truncated, marker) = instance_profile::page(cx, asked, found).await?;
        Ok(api::ListInstanceProfilesForRoleResponse { instance_profiles, is_truncated, marker })
    }
}
