//! `TagResource`: <https://docs.aws.amazon.com/sns/latest/api/API_TagResource.html>

use alcazar_api_sns::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::access::Target;
use crate::arn::TopicArn;
use crate::topic::{self, Topic};
use crate::{error, tag};

/// Puts tags on a topic.
pub struct TagResource;

impl Operation for TagResource {
    type Api = api::TagResource;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::TagResourceRequest) -> Result<Target> {
        let arn = TopicArn::in_parameter(reads.call(), &input.resource_arn, "ResourceArn")?;
        Target::find(reads, arn).await
    }

    fn access(call: &CallInfo, input: &api::TagResourceRequest, target: &Target) -> Access {
        let mut check = target.check(call, "sns:TagResource");
        check.context.add_request_tags(tag::pairs(&input.tags));
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::TagResourceRequest,
        target: Allowed<Target>,
    ) -> Result<api::TagResourceResponse> {
        let topic = target.topic.as_ref().ok_or_else(error::topic::resource_not_found)?;
        let tags = tag::merged(cx, &topic.tags, tag::read(&input.tags)?)?;
        topic::put(cx, Topic { tags, ..topic.as_ref().clone() })?;
        Ok(api::TagResourceResponse {})
    }
}
