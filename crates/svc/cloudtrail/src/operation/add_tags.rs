//! `AddTags`: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AddTags.html>

use alcazar_api_cloudtrail::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::tag;
use crate::tagged::Tagged;

/// Puts tags on a trail or event data store.
pub struct AddTags;

impl Operation for AddTags {
    type Api = api::AddTags;
    type Target = Tagged;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::AddTagsRequest) -> Result<Tagged> {
        Tagged::find(reads, &input.resource_id).await
    }

    fn access(call: &CallInfo, input: &api::AddTagsRequest, tagged: &Tagged) -> Access {
        let mut check = tagged.check(call, "cloudtrail:AddTags");
        check.context.add_request_tags(tag::pairs(&input.tags_list));
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::AddTagsRequest,
        tagged: Allowed<Tagged>,
    ) -> Result<Output<Self>> {
        let old = tagged.tags()?;
        let tags = tag::merged(&old, tag::read(&input.tags_list)?)?;
        tagged.put_tags(cx, tags)?;
        Ok(Output::<Self>::default())
    }
}
