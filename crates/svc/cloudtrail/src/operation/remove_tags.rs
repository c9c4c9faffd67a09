//! `RemoveTags`: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_RemoveTags.html>

use alcazar_api_cloudtrail::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use alcazar_identity::tag::without_cased;

use crate::tagged::Tagged;

/// Takes tags off a trail or event data store.
pub struct RemoveTags;

impl Operation for RemoveTags {
    type Api = api::RemoveTags;
    type Target = Tagged;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::RemoveTagsRequest) -> Result<Tagged> {
        Tagged::find(reads, &input.resource_id).await
    }

    fn access(call: &CallInfo, input: &api::RemoveTagsRequest, tagged: &Tagged) -> Access {
        let mut check = tagged.check(call, "cloudtrail:RemoveTags");
        check.context.add_tag_keys(input.tags_list.iter().map(|tag| &tag.key));
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::RemoveTagsRequest,
        tagged: Allowed<Tagged>,
    ) -> Result<Output<Self>> {
        let old = tagged.tags()?;
        let keys: Vec<String> = input.tags_list.iter().map(|tag| tag.key.clone()).collect();
        tagged.put_tags(cx, without_cased(&old, &keys))?;
        Ok(Output::<Self>::default())
    }
}
