//! `Publish`: <https://docs.aws.amazon.com/sns/latest/api/API_Publish.html>

use alcazar_api_sns::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Exception, Operation, Reads, Result};
use alcazar_shape::ApiError;

use crate::access::Target;
use crate::arn::TopicArn;
use crate::error;
use crate::publishing::{self, Draft};

/// Sends a message to a topic's subscriptions.
pub struct Publish;

impl Operation for Publish {
    type Api = api::Publish;
    type Target = Target;
    const READ_ONLY: bool = false;
    const DATA_EVENT: bool = true;
    const RECORDED: &'static [Exception] =
        &[Exception::hidden("message"), Exception::hidden("subject"), Exception::hidden("messageAttributes")];

    async fn resolve(reads: &mut Reads<'_>, input: &api::PublishInput) -> Result<Target> {
        let arn = topic_arn(reads.call(), input)?;
        Target::find(reads, arn).await
    }

    fn access(call: &CallInfo, _: &api::PublishInput, target: &Target) -> Access {
        target.access(call, "sns:Publish")
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::PublishInput,
        target: Allowed<Target>,
    ) -> Result<api::PublishResponse> {
        let topic = target.topic.as_ref().ok_or_else(error::topic::not_found)?;
        let checked = Draft::from(input).check(topic)?;
        if checked.size > topic.message_bytes_max() {
            return Err(error::publishing::too_long().into());
        }
        let published = publishing::publish(cx, topic, vec![checked]).await?.into_iter().next();
        let (message_id, sequence_number) =
            published.map(|it| (it.message_id, it.sequence_number)).unwrap_or_default();
        Ok(api::PublishResponse { message_id: Some(message_id), sequence_number })
    }
}

/// The topic that a message goes to. There are no endpoints and phones beside topics.
fn topic_arn(call: &CallInfo, input: &api::PublishInput) -> Result<TopicArn, ApiError> {
    match (&input.topic_arn, &input.target_arn, &input.phone_number) {
        (Some(arn), ..) => TopicArn::here(call, arn),
        (None, Some(arn), _) => {
            let is_endpoint = arn.split(':').nth(5).is_some_and(|resource| resource.starts_with("endpoint/"));
            if is_endpoint {
                return Err(error::publishing::no_endpoint());
            }
            TopicArn::in_parameter(call, arn, "TargetArn")
        }
        (None, None, Some(_)) => Err(error::publishing::phone_number()),
        (None, None, None) => Err(error::publishing::no_target()),
    }
}
