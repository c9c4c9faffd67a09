//! `ChangeMessageVisibility`: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html>

use alcazar_api_sqs::operation as api;
use alcazar_api_sqs::types::Unit;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Output, Reads, Result};

use crate::handed_out::{self, Wish};
use crate::target::Target;

/// `ChangeMessageVisibility`
pub struct ChangeMessageVisibility;

impl Operation for ChangeMessageVisibility {
    type Api = api::ChangeMessageVisibility;
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
        let wish = Wish::hide(&input.receipt_handle, input.visibility_timeout)?;
        let outcomes = handed_out::fulfil(cx, &queue, &[wish]).await?;
        outcomes.into_iter().collect::<Result<(), _>>()?;
        Ok(Unit {})
    }
}
