//! `SetTopicAttributes`: <https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html>

use alcazar_api_sns::operation as api;
use alcazar_api_sns::types::Unit;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::access::Target;
use crate::arn::TopicArn;
use crate::{error, large, topic, topic_attribute};

/// Sets an attribute of a topic.
pub struct SetTopicAttributes;

impl Operation for SetTopicAttributes {
    type Api = api::SetTopicAttributes;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::SetTopicAttributesInput) -> Result<Target> {
        let arn = TopicArn::here(reads.call(), &input.topic_arn)?;
        Target::find(reads, arn).await
    }

    fn access(call: &CallInfo, _: &api::SetTopicAttributesInput, target: &Target) -> Access {
        target.access(call, "sns:SetTopicAttributes")
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::SetTopicAttributesInput,
        target: Allowed<Target>,
    ) -> Result<Unit> {
        let topic = target.topic.as_ref().ok_or_else(error::topic::not_found)?;
        let mut topic = topic.as_ref().clone();
        let value = input.attribute_value.as_deref().unwrap_or_default();
        topic_attribute::set(cx, &mut topic, &input.attribute_name, value).await?;
        large::check_topic(cx, &topic).await?;
        topic::put(cx, topic)?;
        Ok(Unit {})
    }
}
