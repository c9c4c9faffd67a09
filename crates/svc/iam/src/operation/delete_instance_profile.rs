//! `DeleteInstanceProfile`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteInstanceProfile.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::error;
use crate::instance_profile::{self, Target};

/// Deletes an instance profile without a role.
pub struct DeleteInstanceProfile;

impl Operation for DeleteInstanceProfile {
    type Api = api::DeleteInstanceProfile;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::DeleteInstanceProfileRequest) -> Result<Target> {
        Target::find(reads, &input.instance_profile_name).await
    }

    fn access(call: &CallInfo, _: &api::DeleteInstanceProfileRequest, target: &Target) -> Access {
        Access::one(target.check(call, "iam:DeleteInstanceProfile"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::DeleteInstanceProfileRequest,
        target: Allowed<Target>,
    ) -> Result<Output<Self>> {
        let profile = target.existing()?;
        if profile.role.is_some() {
            return Err(error::role_in_profile().into());
        }
        cx.delete(instance_profile::profile_name(&cx.keyring(), profile.account, &profile.name))?;
        Ok(Output::<Self>::default())
    }
}
