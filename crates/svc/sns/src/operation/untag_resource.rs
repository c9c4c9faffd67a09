//! `UntagResource`: <https://docs.aws.amazon.com/sns/latest/api/API_UntagResource.html>

use alcazar_api_sns::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::access::Target;
use crate::arn::TopicArn;
use crate::topic::{self, Topic};
use crate::{error, tag};

/// Takes tags off a topic.
pub struct UntagResource;

impl Operation for UntagResource {
    type Api = api::UntagResource;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::UntagResourceRequest) -> Result<Target> {
        let arn = TopicArn::in_parameter(reads.call(), &input.resource_arn, "ResourceArn")?;
        Target::find(reads, arn).await
    }

    fn access(call: &CallInfo, input: &api::UntagResourceRequest, target: &Target) -> Access {
        let mut check = target.check(call, "sns:UntagResource");
        check.context.add_tag_keys(input.tag_keys.iter());
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::UntagResourceRequest,
        target: Allowed<Target>,
    ) -> Result<api::UntagResourceResponse> {
        let topic = target.topic.as_ref().ok_or_else(error::topic::resource_not_found)?;
        for key in input.tag_keys.iter() {
            tag::check_key(key)?;
        }
        let tags = alcazar_identity::tag::without_cased(&topic.tags, &input.tag_keys);
        topic::put(cx, Topic { tags, ..topic.as_ref().clone() })?;
        Ok(api::UntagResourceResponse {})
    }
}
