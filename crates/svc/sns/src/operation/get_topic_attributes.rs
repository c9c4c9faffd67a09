//! `GetTopicAttributes`: <https://docs.aws.amazon.com/sns/latest/api/API_GetTopicAttributes.html>

use alcazar_api_sns::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::access::Target;
use crate::arn::TopicArn;
use crate::{error, topic, topic_attribute};

/// Tells the attributes of a topic.
pub struct GetTopicAttributes;

impl Operation for GetTopicAttributes {
    type Api = api::GetTopicAttributes;
    type Target = Target;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::GetTopicAttributesInput) -> Result<Target> {
        let arn = TopicArn::here(reads.call(), &input.topic_arn)?;
        Target::find(reads, arn).await
    }

    fn access(call: &CallInfo, _: &api::GetTopicAttributesInput, target: &Target) -> Access {
        target.access(call, "sns:GetTopicAttributes")
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::GetTopicAttributesInput,
        target: Allowed<Target>,
    ) -> Result<api::GetTopicAttributesResponse> {
        let topic = target.topic.as_ref().ok_or_else(error::topic::not_found)?;
        let counts = topic::counts(cx, &topic.id).await?;
        let attributes = topic_attribute::shown(cx, topic, counts).await?;
        Ok(api::GetTopicAttributesResponse { attributes: Some(attributes) })
    }
}
