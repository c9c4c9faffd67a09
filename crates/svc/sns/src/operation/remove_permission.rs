//! `RemovePermission`: <https://docs.aws.amazon.com/sns/latest/api/API_RemovePermission.html>

use alcazar_api_sns::operation as api;
use alcazar_api_sns::types::Unit;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::access::Target;
use crate::arn::TopicArn;
use crate::{error, policy, topic};

/// Takes a statement out of a topic's policy.
pub struct RemovePermission;

impl Operation for RemovePermission {
    type Api = api::RemovePermission;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::RemovePermissionInput) -> Result<Target> {
        let arn = TopicArn::here(reads.call(), &input.topic_arn)?;
        Target::find(reads, arn).await
    }

    fn access(call: &CallInfo, _: &api::RemovePermissionInput, target: &Target) -> Access {
        target.access(call, "sns:RemovePermission")
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::RemovePermissionInput,
        target: Allowed<Target>,
    ) -> Result<Unit> {
        let topic = target.topic.as_ref().ok_or_else(error::topic::not_found)?;
        let told = topic.policy.told(cx).await?;
        // A label that is not there is no error.
        if let Some(text) = policy::without_permission(&told, &input.label)? {
            let mut topic = topic.as_ref().clone();
            topic.policy = match text.as_str() {
                "" => policy::default_of(&target.arn)?,
                text => policy::read(cx, text).await?,
            };
            topic::put(cx, topic)?;
        }
        Ok(Unit {})
    }
}
