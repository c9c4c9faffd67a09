//! `AddRoleToInstanceProfile`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddRoleToInstanceProfile.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};
use alcazar_identity::role::Role;

use crate::instance_profile::{self, RoleInProfile, Target};
use crate::named::Named;
use crate::{access, error};

/// Puts a role into an instance profile, which holds one. The caller must be allowed to pass the role to EC2.
pub struct AddRoleToInstanceProfile;

/// The instance profile and the role.
pub struct Both {
    profile: Target,
    role: Named<Role>,
}

impl Operation for AddRoleToInstanceProfile {
    type Api = api::AddRoleToInstanceProfile;
    type Target = Both;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::AddRoleToInstanceProfileRequest) -> Result<Both> {
        let profile = Target::find(reads, &input.instance_profile_name).await?;
        Ok(Both { profile, role: Named::find(reads, &input.role_name).await? })
    }

    fn access(call: &CallInfo, _: &api::AddRoleToInstanceProfileRequest, both: &Both) -> Access {
        let pass = access::pass_role(call, &both.role);
        Access { checks: vec![both.profile.check(call, "iam:AddRoleToInstanceProfile"), pass] }
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::AddRoleToInstanceProfileRequest,
        both: Allowed<Both>,
    ) -> Result<Output<Self>> {
        let mut profile = both.profile.to_changed()?;
        let role = both.role.to_changed()?;
        if profile.role.is_some() {
            return Err(error::quota_exceeded("InstanceSessionsPerInstanceProfile", 1).into());
        }
        let name =
            instance_profile::role_in_profile_name(profile.account, &role.role_id, &profile.profile_id);
        cx.put(name, RoleInProfile { profile_name: profile.name.clone() })?;
        profile.role = Some(role.name);
        profile.put(cx)?;
        Ok(Output::<Self>::default())
    }
}
