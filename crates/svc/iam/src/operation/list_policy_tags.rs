//! `ListPolicyTags`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListPolicyTags.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::policy::Target;
use crate::{page, tag};

/// Lists the tags of a managed policy.
pub struct ListPolicyTags;

impl Operation for ListPolicyTags {
    type Api = api::ListPolicyTags;
    type Target = Target;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::ListPolicyTagsRequest) -> Result<Target> {
        Target::find(reads, &input.policy_arn).await
    }

    fn access(call: &CallInfo, _: &api::ListPolicyTagsRequest, target: &Target) -> Access {
        Access::one(target.check(call, "iam:ListPolicyTags"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListPolicyTagsRequest,
        target: Allowed<Target>,
    ) -> Result<api::ListPolicyTagsResponse> {
        let policy = target.existing()?;
        let asked = page::asked(input.marker.as_deref(), input.max_items);
        let (tags, is_truncated, marker) = tag::page(cx, asked, policy.tags())?.into_parts(|tag| tag);
        Ok(api::ListPolicyTagsResponse { tags, is_truncated, marker })
    }
}
