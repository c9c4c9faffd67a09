//! `GetInstanceProfile`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetInstanceProfile.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::instance_profile::{self, Target};
use crate::tag;

/// Tells of an instance profile.
pub struct GetInstanceProfile;

impl Operation for GetInstanceProfile {
    type Api = api::GetInstanceProfile;
    type Target = Target;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::GetInstanceProfileRequest) -> Result<Target> {
        Target::find(reads, &input.instance_profile_name).await
    }

    fn access(call: &CallInfo, _: &api::GetInstanceProfileRequest, target: &Target) -> Access {
        Access::one(target.check(call, "iam:GetInstanceProfile"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::GetInstanceProfileRequest,
        target: Allowed<Target>,
    ) -> Result<api::GetInstanceProfileResponse> {
        let profile = target.existing()?;
        let mut instance_profile = instance_profile::shown(cx, profile).await?;
        instance_profile.tags = Some(tag::all(&profile.tags).into());
        Ok(api::GetInstanceProfileResponse { instance_profile })
    }
}
