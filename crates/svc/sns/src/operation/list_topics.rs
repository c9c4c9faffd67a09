//! `ListTopics`: <https://docs.aws.amazon.com/sns/latest/api/API_ListTopics.html>

use alcazar_api_sns::operation as api;
use alcazar_api_sns::types;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::topic::{self, Topic};
use crate::{access, page};

/// Lists the topics of the account in the region.
pub struct ListTopics;

impl Operation for ListTopics {
    type Api = api::ListTopics;
    type Target = ();
    const READ_ONLY: bool = true;

    async fn resolve(_: &mut Reads<'_>, _: &api::ListTopicsInput) -> Result<()> {
        Ok(())
    }

    fn access(call: &CallInfo, _: &api::ListTopicsInput, (): &()) -> Access {
        access::any(call, "sns:ListTopics")
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListTopicsInput,
        _: Allowed<()>,
    ) -> Result<api::ListTopicsResponse> {
        let range = topic::all(cx.account(), cx.region());
        let page = page::read::<Topic>(cx, &range, page::asked(input.next_token.as_deref())).await?;
        let shown = page.items.iter().map(|topic| types::Topic { topic_arn: Some(topic.arn().to_string()) });
        let topics: Vec<_> = shown.collect();
        Ok(api::ListTopicsResponse { topics: Some(topics.into()), next_token: page.next_token })
    }
}
