//! `ListSubscriptionsByTopic`: <https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptionsByTopic.html>

use alcazar_api_sns::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::access::Target;
use crate::arn::TopicArn;
use crate::subscription::{self, State, Subscription};
use crate::{error, page, shown};

/// Lists the subscriptions of a topic.
pub struct ListSubscriptionsByTopic;

impl Operation for ListSubscriptionsByTopic {
    type Api = api::ListSubscriptionsByTopic;
    type Target = Target;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::ListSubscriptionsByTopicInput) -> Result<Target> {
        let arn = TopicArn::here(reads.call(), &input.topic_arn)?;
        Target::find(reads, arn).await
    }

    fn access(call: &CallInfo, _: &api::ListSubscriptionsByTopicInput, target: &Target) -> Access {
        target.access(call, "sns:ListSubscriptionsByTopic")
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListSubscriptionsByTopicInput,
        target: Allowed<Target>,
    ) -> Result<api::ListSubscriptionsByTopicResponse> {
        let topic = target.topic.as_ref().ok_or_else(error::topic::not_found)?;
        let range = subscription::of_topic(&topic.id);
        let page = page::read::<Subscription>(cx, &range, page::asked(input.next_token.as_deref())).await?;
        let there = page.items.iter().filter(|it| it.state != State::Cancelled);
        let subscriptions: Vec<_> = there.map(|it| shown::one(it)).collect();
        Ok(api::ListSubscriptionsByTopicResponse {
            subscriptions: Some(subscriptions.into()),
            next_token: page.next_token,
        })
    }
}
