//! `TagInstanceProfile`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagInstanceProfile.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::instance_profile::Target;
use crate::tag;

/// Puts tags on an instance profile.
pub struct TagInstanceProfile;

impl Operation for TagInstanceProfile {
    type Api = api::TagInstanceProfile;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::TagInstanceProfileRequest) -> Result<Target> {
        Target::find(reads, &input.instance_profile_name).await
    }

    fn access(call: &CallInfo, input: &api::TagInstanceProfileRequest, target: &Target) -> Access {
        let mut check = target.check(call, "iam:TagInstanceProfile");
        check.context.add_request_tags(tag::pairs(Some(&input.tags)));
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::TagInstanceProfileRequest,
        target: Allowed<Target>,
    ) -> Result<Output<Self>> {
        let mut profile = target.to_changed()?;
        profile.tags = tag::added_cased(&profile.tags, &input.tags)?;
        profile.put(cx)?;
        Ok(Output::<Self>::default())
    }
}
