//! `DeleteTopic`: <https://docs.aws.amazon.com/sns/latest/api/API_DeleteTopic.html>

use alcazar_api_sns::operation as api;
use alcazar_api_sns::types::Unit;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::access::Target;
use crate::arn::TopicArn;
use crate::{cleaning, topic};

/// Deletes a topic and all its subscriptions.
pub struct DeleteTopic;

impl Operation for DeleteTopic {
    type Api = api::DeleteTopic;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::DeleteTopicInput) -> Result<Target> {
        let arn = TopicArn::here(reads.call(), &input.topic_arn)?;
        Target::find(reads, arn).await
    }

    fn access(call: &CallInfo, _: &api::DeleteTopicInput, target: &Target) -> Access {
        target.access(call, "sns:DeleteTopic")
    }

    async fn run(cx: &mut Cx<'_>, _: &api::DeleteTopicInput, target: Allowed<Target>) -> Result<Unit> {
        if let Some(topic) = &target.topic {
            let name = topic::name(&cx.keyring(), &target.arn);
            cx.delete(name)?;
            cleaning::begin(cx, topic)?;
        }
        Ok(Unit {})
    }
}
