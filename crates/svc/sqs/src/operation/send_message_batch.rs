//! `SendMessageBatch`: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html>

use alcazar_api_sqs::operation as api;
use alcazar_api_sqs::types::SendMessageBatchResultEntry;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Exception, Input, Operation, Output, Reads, Result};
use alcazar_shape::ApiError;

use crate::batch;
use crate::error::message as error;
use crate::message::Sequence;
use crate::queue::Queue;
use crate::send::{self, Given};
use crate::target::Target;

/// How long all messages of a batch may be together, in bytes.
const BYTES_MAX: usize = 1_048_576;

/// `SendMessageBatch`
pub struct SendMessageBatch;

impl Operation for SendMessageBatch {
    type Api = api::SendMessageBatch;
    type Target = Target;
    const READ_ONLY: bool = false;
    const DATA_EVENT: bool = true;
    const RECORDED: &'static [Exception] =
        &[Exception::hidden("entries.messageBody"), Exception::hidden("entries.messageAttributes")];

    async fn resolve(reads: &mut Reads<'_>, input: &Input<Self>) -> Result<Target> {
        Target::of_url(reads, &input.queue_url).await
    }

    fn access(call: &CallInfo, _: &Input<Self>, target: &Target) -> Access {
        target.access(call, "sqs:SendMessage")
    }

    async fn run(cx: &mut Cx<'_>, input: &Input<Self>, target: Allowed<Target>) -> Result<Output<Self>> {
        let queue = target.queue()?.clone();
        batch::check_ids(
            "SendMessageBatchRequestEntry",
            input.entries.iter().map(|entry| entry.id.as_str()),
        )?;
        let given: Vec<Given<'_>> = input.entries.iter().map(Given::from).collect();
        check_together(&queue, &given)?;
        let (mut checked, mut ids, mut failed) = (Vec::new(), Vec::new(), Vec::new());
        for (entry, given) in input.entries.iter().zip(&given) {
            match send::check("SendMessageBatch", &queue, given) {
                Ok(message) => {
                    checked.push(message);
                    ids.push(&entry.id);
                }
                Err(refused) => failed.push(batch::failed(&entry.id, &refused)),
            }
        }
        send::hold_groups(cx, &queue, &checked)?;
        let mut successful = Vec::new();
        for (index, (id, message)) in ids.into_iter().zip(&checked).enumerate() {
            let sent = send::send(cx, &queue, index, message).await?;
            successful.push(SendMessageBatchResultEntry {
                id: id.clone(),
                message_id: sent.message_id,
                md5_of_message_body: sent.md5_of_body,
                md5_of_message_attributes: sent.md5_of_attributes,
                md5_of_message_system_attributes: sent.md5_of_system_attributes,
                sequence_number: sent.sequence.map(Sequence::shown),
            });
        }
        Ok(api::SendMessageBatchResult { successful: successful.into(), failed: failed.into() })
    }
}

/// What fails a batch as a whole.
fn check_together(queue: &Queue, given: &[Given<'_>]) -> Result<(), ApiError> {
    let bytes = given.iter().map(Given::bytes).sum::<usize>();
    if bytes > BYTES_MAX {
        return Err(error::batch_too_long(bytes, BYTES_MAX));
    }
    if given.iter().any(|given| given.lacks_group(queue)) {
        return Err(error::no_group_in_batch());
    }
    if given.iter().any(|given| given.lacks_deduplication(queue)) {
        return Err(error::no_deduplication());
    }
    Ok(())
}
