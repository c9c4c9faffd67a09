//! `ListDeadLetterSourceQueues`: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListDeadLetterSourceQueues.html>

use alcazar_api_sqs::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::page::{self, Asked};
use crate::redrive::{self, Source};
use crate::target::Target;
use crate::url;

/// Lists the queues whose dead-letter queue this is.
pub struct ListDeadLetterSourceQueues;

impl Operation for ListDeadLetterSourceQueues {
    type Api = api::ListDeadLetterSourceQueues;
    type Target = Target;
    const READ_ONLY: bool = true;
    const DATA_EVENT: bool = true;

    async fn resolve(
        reads: &mut Reads<'_>,
        input: &api::ListDeadLetterSourceQueuesRequest,
    ) -> Result<Target> {
        Target::of_url(reads, &input.queue_url).await
    }

    fn access(call: &CallInfo, _: &api::ListDeadLetterSourceQueuesRequest, target: &Target) -> Access {
        target.access(call, "sqs:ListDeadLetterSourceQueues")
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListDeadLetterSourceQueuesRequest,
        target: Allowed<Target>,
    ) -> Result<api::ListDeadLetterSourceQueuesResult> {
        let queue = target.queue()?;
        let sources = redrive::sources(&cx.keyring(), queue.account, &queue.region, &queue.name);
        let asked = Asked { next_token: input.next_token.as_deref(), max_results: input.max_results };
        let list = format!("sources {}", queue.arn());
        let page = page::read(cx, &list, sources, asked, |source: &Source| Some(source.name.clone())).await?;
        let urls = page.names.iter().map(|name| url::of(cx.call(), queue.account, name));
        let queue_urls = urls.collect::<Vec<_>>().into();
        Ok(api::ListDeadLetterSourceQueuesResult { queue_urls, next_token: page.next_token })
    }
}
