//! `UntagInstanceProfile`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_UntagInstanceProfile.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};
use alcazar_identity::tag;

use crate::instance_profile::Target;

/// Takes tags from an instance profile.
pub struct UntagInstanceProfile;

impl Operation for UntagInstanceProfile {
    type Api = api::UntagInstanceProfile;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::UntagInstanceProfileRequest) -> Result<Target> {
        Target::find(reads, &input.instance_profile_name).await
    }

    fn access(call: &CallInfo, input: &api::UntagInstanceProfileRequest, target: &Target) -> Access {
        let mut check = target.check(call, "iam:UntagInstanceProfile");
        check.context.add_tag_keys(input.tag_keys.iter());
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::UntagInstanceProfileRequest,
        target: Allowed<Target>,
    ) -> Result<Output<Self>> {
        let mut profile = target.to_changed()?;
        profile.tags = tag::without_cased(&profile.tags, &input.tag_keys);
        profile.put(cx)?;
        Ok(Output::<Self>::default())
    }
}
