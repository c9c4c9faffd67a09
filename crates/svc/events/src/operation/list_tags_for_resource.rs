//! `ListTagsForResource`: <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListTagsForResource.html>

use alcazar_api_events::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Output, Reads, Result};

use crate::tag;
use crate::tagged::Tagged;

/// Lists the tags of a bus or a rule.
pub struct ListTagsForResource;

impl Operation for ListTagsForResource {
    type Api = api::ListTagsForResource;
    type Target = Tagged;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &Input<Self>) -> Result<Tagged> {
        Tagged::find(reads, &input.resource_arn).await
    }

    fn access(call: &CallInfo, _: &Input<Self>, target: &Tagged) -> Access {
        Access::one(target.check(call, "events:ListTagsForResource"))
    }

    async fn run(_: &mut Cx<'_>, _: &Input<Self>, target: Allowed<Tagged>) -> Result<Output<Self>> {
        Ok(api::ListTagsForResourceResponse { tags: Some(tag::shown(target.tags()?).into()) })
    }
}
