//! `GetQueueUrl`: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueUrl.html>

use alcazar_api_sqs::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::target::Target;
use crate::{error, url};

/// Tells the URL of a queue.
pub struct GetQueueUrl;

impl Operation for GetQueueUrl {
    type Api = api::GetQueueUrl;
    type Target = Target;
    const READ_ONLY: bool = true;
    const DATA_EVENT: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::GetQueueUrlRequest) -> Result<Target> {
        let region = reads.region().clone();
        let account = match &input.queue_owner_aws_account_id {
            None => reads.account(),
            Some(text) => text.parse().map_err(|_| error::account_id(text))?,
        };
        Target::of(reads, account, region, &input.queue_name).await
    }

    fn access(call: &CallInfo, _: &api::GetQueueUrlRequest, target: &Target) -> Access {
        target.access(call, "sqs:GetQueueUrl")
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::GetQueueUrlRequest,
        target: Allowed<Target>,
    ) -> Result<api::GetQueueUrlResult> {
        let queue = target.queue()?;
        Ok(api::GetQueueUrlResult { queue_url: Some(url::of(cx.call(), queue.account, &queue.name)) })
    }
}
