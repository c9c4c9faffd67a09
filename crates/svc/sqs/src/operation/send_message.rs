//! `SendMessage`: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html>

use alcazar_api_sqs::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Exception, Input, Operation, Output, Reads, Result};

use crate::message::Sequence;
use crate::send::{self, Given};
use crate::target::Target;

/// `SendMessage`
pub struct SendMessage;

impl Operation for SendMessage {
    type Api = api::SendMessage;
    type Target = Target;
    const READ_ONLY: bool = false;
    const DATA_EVENT: bool = true;
    const RECORDED: &'static [Exception] =
        &[Exception::hidden("messageBody"), Exception::hidden("messageAttributes")];

    async fn resolve(reads: &mut Reads<'_>, input: &Input<Self>) -> Result<Target> {
        Target::of_url(reads, &input.queue_url).await
    }

    fn access(call: &CallInfo, _: &Input<Self>, target: &Target) -> Access {
        target.access(call, "sqs:SendMessage")
    }

    async fn run(cx: &mut Cx<'_>, input: &Input<Self>, target: Allowed<Target>) -> Result<Output<Self>> {
        let queue = target.queue()?.clone();
        let checked = send::check("SendMessage", &queue, &Given::from(input))?;
        send::hold_groups(cx, &queue, std::slice::from_ref(&checked))?;
        let sent = send::send(cx, &queue, 0, &checked).await?;
        Ok(api::SendMessageResult {
            md5_of_message_body: Some(sent.md5_of_body),
            md5_of_message_attributes: sent.md5_of_attributes,
            md5_of_message_system_attributes: sent.md5_of_system_attributes,
            message_id: Some(sent.message_id),
            sequence_number: sent.sequence.map(Sequence::shown),
        })
    }
}
