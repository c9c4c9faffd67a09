//! `CreateInstanceProfile`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateInstanceProfile.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_identity::entity;
use alcazar_identity::unique_id::{self, IdKind};

use crate::instance_profile::{self, InstanceProfile, Target};
use crate::{access, error, named, quota, tag};

/// Makes an instance profile without a role.
pub struct CreateInstanceProfile;

impl Operation for CreateInstanceProfile {
    type Api = api::CreateInstanceProfile;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::CreateInstanceProfileRequest) -> Result<Target> {
        Target::find(reads, &input.instance_profile_name).await
    }

    fn access(call: &CallInfo, input: &api::CreateInstanceProfileRequest, _: &Target) -> Access {
        let path = input.path.as_deref().unwrap_or("/");
        let arn = entity::arn(call.account(), "instance-profile", path, &input.instance_profile_name);
        let check = access::check(call, "iam:CreateInstanceProfile", arn, instance_profile::TYPE);
        access::creation(check, "iam:TagInstanceProfile", tag::pairs(input.tags.as_deref()))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::CreateInstanceProfileRequest,
        target: Allowed<Target>,
    ) -> Result<api::CreateInstanceProfileResponse> {
        let path = named::path(input.path.as_deref())?;
        let tags = tag::read_cased(input.tags.as_deref())?;
        if let Some(other) = target.found() {
            return Err(error::profile_exists(&other.name).into());
        }
        let account = cx.account();
        if let Some(most) = cx.quota(&quota::INSTANCE_PROFILES) {
            let name = instance_profile::profile_name(&cx.keyring(), account, &input.instance_profile_name);
            let room = cx.room_for(&name, &instance_profile::profiles(account), most).await?;
            room.map_err(|full| error::quota_exceeded("InstanceProfilesPerAccount", full.quota))?;
        }
        let profile = InstanceProfile {
            account,
            profile_id: unique_id::new(IdKind::InstanceProfile, cx.entropy())?,
            path,
            name: input.instance_profile_name.clone(),
            created: cx.now(),
            role: None,
            tags,
        };
        let mut instance_profile = instance_profile::shown(cx, &profile).await?;
        instance_profile.tags = tag::shown(&profile.tags).map(Into::into);
        profile.put(cx)?;
        Ok(api::CreateInstanceProfileResponse { instance_profile })
    }
}
