//! `ListTagsForResource`: <https://docs.aws.amazon.com/sns/latest/api/API_ListTagsForResource.html>

use alcazar_api_sns::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::access::Target;
use crate::arn::TopicArn;
use crate::{error, tag};

/// Lists the tags of a topic.
pub struct ListTagsForResource;

impl Operation for ListTagsForResource {
    type Api = api::ListTagsForResource;
    type Target = Target;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::ListTagsForResourceRequest) -> Result<Target> {
        let arn = TopicArn::in_parameter(reads.call(), &input.resource_arn, "ResourceArn")?;
        Target::find(reads, arn).await
    }

    fn access(call: &CallInfo, _: &api::ListTagsForResourceRequest, target: &Target) -> Access {
        target.access(call, "sns:ListTagsForResource")
    }

    async fn run(
        _: &mut Cx<'_>,
        _: &api::ListTagsForResourceRequest,
        target: Allowed<Target>,
    ) -> Result<api::ListTagsForResourceResponse> {
        let topic = target.topic.as_ref().ok_or_else(error::topic::resource_not_found)?;
        Ok(api::ListTagsForResourceResponse { tags: Some(tag::shown(&topic.tags).into()) })
    }
}
