//! `RemoveRoleFromInstanceProfile`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_RemoveRoleFromInstanceProfile.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};
use alcazar_identity::role::Role;

use crate::error;
use crate::instance_profile::{self, Target};
use crate::named::Named;

/// Takes a role out of an instance profile.
pub struct RemoveRoleFromInstanceProfile;

/// The instance profile and the role.
pub struct Both {
    profile: Target,
    role: Named<Role>,
}

impl Operation for RemoveRoleFromInstanceProfile {
    type Api = api::RemoveRoleFromInstanceProfile;
    type Target = Both;
    const READ_ONLY: bool = false;

    async fn resolve(
        reads: &mut Reads<'_>,
        input: &api::RemoveRoleFromInstanceProfileRequest,
    ) -> Result<Both> {
        let profile = Target::find(reads, &input.instance_profile_name).await?;
        Ok(Both { profile, role: Named::find(reads, &input.role_name).await? })
    }

    fn access(call: &CallInfo, _: &api::RemoveRoleFromInstanceProfileRequest, both: &Both) -> Access {
        Access::one(both.profile.check(call, "iam:RemoveRoleFromInstanceProfile"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::RemoveRoleFromInstanceProfileRequest,
        both: Allowed<Both>,
    ) -> Result<Output<Self>> {
        let mut profile = both.profile.to_changed()?;
        let role = both.role.existing()?;
        if profile.role.as_ref() != Some(&role.name) {
            return Err(error::role_not_in_profile(&role.name, &profile.name).into());
        }
        let name =
            instance_profile::role_in_profile_name(profile.account, &role.role_id, &profile.profile_id);
        cx.delete(name)?;
        profile.role = None;
        profile.put(cx)?;
        Ok(Output::<Self>::default())
    }
}
