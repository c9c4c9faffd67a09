//! `DeleteMessage`: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessage.html>

use alcazar_api_sqs::operation as api;
use alcazar_api_sqs::types::Unit;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Output, Reads, Result};

use crate::handed_out::{self, Wish};
use crate::target::Target;

/// `DeleteMessage`
pub struct DeleteMessage;

impl Operation for DeleteMessage {
    type Api = api::DeleteMessage;
    type Target = Target;
    const READ_ONLY: bool = false;
    const DATA_EVENT: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &Input<Self>) -> Result<Target> {
        Target::of_url(reads, &input.queue_url).await
    }

    fn access(call: &CallInfo, _: &Input<Self>, target: &Target) -> Access {
        target.access(call, "sqs:DeleteMessage")
    }

    async fn run(cx: &mut Cx<'_>, input: &Input<Self>, target: Allowed<Target>) -> Result<Output<Self>> {
        let queue = target.queue()?.clone();
        let outcomes = handed_out::fulfil(cx, &queue, &[Wish::delete(&input.receipt_handle)]).await?;
        outcomes.into_iter().collect::<Result<(), _>>()?;
        Ok(Unit {})
    }
}
