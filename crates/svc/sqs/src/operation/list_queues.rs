//! `ListQueues`: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListQueues.html>

use alcazar_api_sqs::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::page::{self, Asked};
use crate::queue::{self, Queue};
use crate::url;

/// Lists the queues of the caller's account.
pub struct ListQueues;

impl Operation for ListQueues {
    type Api = api::ListQueues;
    type Target = ();
    const READ_ONLY: bool = true;
    const DATA_EVENT: bool = true;

    async fn resolve(_: &mut Reads<'_>, _: &api::ListQueuesRequest) -> Result<()> {
        Ok(())
    }

    fn access(call: &CallInfo, _: &api::ListQueuesRequest, (): &()) -> Access {
        Access::any(call, "sqs:ListQueues")
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListQueuesRequest,
        _: Allowed<()>,
    ) -> Result<api::ListQueuesResult> {
        let (account, region) = (cx.account(), cx.region().clone());
        let prefix = input.queue_name_prefix.as_deref().unwrap_or_default();
        let asked = Asked { next_token: input.next_token.as_deref(), max_results: input.max_results };
        let list = format!("queues {prefix}");
        let named = |queue: &Queue| Some(queue.name.clone()).filter(|name| name.starts_with(prefix));
        let page = page::read(cx, &list, queue::all(account, &region), asked, named).await?;
        let urls: Vec<String> = page.names.iter().map(|name| url::of(cx.call(), account, name)).collect();
        let queue_urls = Some(urls).filter(|urls| !urls.is_empty()).map(Into::into);
        Ok(api::ListQueuesResult { queue_urls, next_token: page.next_token })
    }
}
