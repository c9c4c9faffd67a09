//! `DeleteMessageBatch`: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessageBatch.html>

use alcazar_api_sqs::operation as api;
use alcazar_api_sqs::types::DeleteMessageBatchResultEntry;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Output, Reads, Result};

use crate::batch;
use crate::handed_out::{self, Wish};
use crate::target::Target;

/// `DeleteMessageBatch`
pub struct DeleteMessageBatch;

impl Operation for DeleteMessageBatch {
    type Api = api::DeleteMessageBatch;
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
        batch::check_ids(
            "DeleteMessageBatchRequestEntry",
            input.entries.iter().map(|entry| entry.id.as_str()),
        )?;
        let (mut wishes, mut ids, mut failed) = (Vec::new(), Vec::new(), Vec::new());
        for entry in input.entries.iter() {
            wishes.push(Wish::delete(&entry.receipt_handle));
            ids.push(&entry.id);
        }
        let mut successful = Vec::new();
        for (id, outcome) in ids.into_iter().zip(handed_out::fulfil(cx, &queue, &wishes).await?) {
            match outcome {
                Ok(()) => successful.push(DeleteMessageBatchResultEntry { id: id.clone() }),
                Err(refused) => failed.push(batch::failed(id, &refused)),
            }
        }
        Ok(api::DeleteMessageBatchResult { successful: successful.into(), failed: failed.into() })
    }
}
