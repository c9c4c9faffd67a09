//! `ListTags`: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_ListTags.html>

use alcazar_api_cloudtrail::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use alcazar_api_cloudtrail::types::ResourceTag;

use crate::tagged::Tagged;
use crate::{error, tag};

/// The most things that one request names.
const RESOURCES_MAX: usize = 20;

/// Lists the tags of trails and event data stores.
pub struct ListTags;

impl Operation for ListTags {
    type Api = api::ListTags;
    type Target = Vec<Tagged>;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::ListTagsRequest) -> Result<Vec<Tagged>> {
        let mut found = Vec::new();
        for arn in input.resource_id_list.iter().take(RESOURCES_MAX) {
            found.push(Tagged::find(reads, arn).await?);
        }
        Ok(found)
    }

    fn access(call: &CallInfo, _: &api::ListTagsRequest, found: &Vec<Tagged>) -> Access {
        Access { checks: found.iter().map(|tagged| tagged.check(call, "cloudtrail:ListTags")).collect() }
    }

    async fn run(
        _: &mut Cx<'_>,
        input: &api::ListTagsRequest,
        found: Allowed<Vec<Tagged>>,
    ) -> Result<Output<Self>> {
        if input.next_token.as_ref().is_some_and(|token| !token.is_empty()) {
            return Err(error::reserved_token().into());
        }
        if input.resource_id_list.len() > RESOURCES_MAX {
            return Err(error::tag::too_many_resources(RESOURCES_MAX).into());
        }
        let mut tagged = Vec::new();
        for (arn, found) in input.resource_id_list.iter().zip(found.iter()) {
            let tags = tag::shown(&found.tags()?);
            tagged.push(ResourceTag { resource_id: Some(arn.clone()), tags_list: Some(tags.into()) });
        }
        Ok(Output::<Self> { resource_tag_list: Some(tagged.into()), next_token: None })
    }
}
