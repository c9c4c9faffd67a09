//! `ListInstanceProfileTags`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListInstanceProfileTags.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::instance_profile::Target;
use crate::{page, tag};

/// Lists the tags of an instance profile.
pub struct ListInstanceProfileTags;

impl Operation for ListInstanceProfileTags {
    type Api = api::ListInstanceProfileTags;
    type Target = Target;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::ListInstanceProfileTagsRequest) -> Result<Target> {
        Target::find(reads, &input.instance_profile_name).await
    }

    fn access(call: &CallInfo, _: &api::ListInstanceProfileTagsRequest, target: &Target) -> Access {
        Access::one(target.check(call, "iam:ListInstanceProfileTags"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListInstanceProfileTagsRequest,
        target: Allowed<Target>,
    ) -> Result<api::ListInstanceProfileTagsResponse> {
        let profile = target.existing()?;
        let asked = page::asked(input.marker.as_deref(), input.max_items);
        let (tags, is_truncated, marker) = tag::page(cx, asked, &profile.tags)?.into_parts(|tag| tag);
        Ok(api::ListInstanceProfileTagsResponse { tags, is_truncated, marker })
    }
}
