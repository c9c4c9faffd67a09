//! `ChangeMessageVisibilityBatch`: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibilityBatch.html>

use alcazar_api_sqs::operation as api;
use alcazar_api_sqs::types::ChangeMessageVisibilityBatchResultEntry;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Output, Reads, Result};

use crate::batch;
use crate::handed_out::{self, Wish};
use crate::target::Target;

/// `ChangeMessageVisibilityBatch`
pub struct ChangeMessageVisibilityBatch;

impl Operation for ChangeMessageVisibilityBatch {
    type Api = api::ChangeMessageVisibilityBatch;
    type Target = Target;
    const READ_ONLY: bool = false;
    const DATA_EVENT: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &Input<Self>) -> Result<Target> {
        Target::of_url(reads, &input.queue_url).await
    }

    fn access(call: &CallInfo, _: &Input<Self>, target: &Target) -> Access {
        target.access(call, "sqs:ChangeMessageVisibility")
    }

    async fn run(cx: &mut Cx<'_>, input: &Input<Self>, target: Allowed<Target>) -> Result<Output<Self>> {
        let queue = target.queue()?.clone();
        batch::check_ids(
            "ChangeMessageVisibilityBatchRequestEntry",
            input.entries.iter().map(|entry| entry.id.as_str()),
        )?;
        let (mut wishes, mut ids, mut failed) = (Vec::new(), Vec::new(), Vec::new());
        for entry in input.entries.iter() {
            match Wish::hide(&entry.receipt_handle, entry.visibility_timeout.unwrap_or(0)) {
                Ok(wish) => {
                    wishes.push(wish);
                    ids.push(&entry.id);
                }
                Err(refused) => failed.push(batch::failed(&entry.id, &refused)),
            }
        }
        let mut successful = Vec::new();
        for (id, outcome) in ids.into_iter().zip(handed_out::fulfil(cx, &queue, &wishes).await?) {
            match outcome {
                Ok(()) => successful.push(ChangeMessageVisibilityBatchResultEntry { id: id.clone() }),
                Err(refused) => failed.push(batch::failed(id, &refused)),
            }
        }
        Ok(api::ChangeMessageVisibilityBatchResult { successful: successful.into(), failed: failed.into() })
    }
}
