//! `DescribeEventBus`: <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DescribeEventBus.html>

use alcazar_api_events::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Output, Reads, Result};

use crate::named::NamedBus;

/// Tells of an event bus.
pub struct DescribeEventBus;

impl Operation for DescribeEventBus {
    type Api = api::DescribeEventBus;
    type Target = NamedBus;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &Input<Self>) -> Result<NamedBus> {
        NamedBus::find(reads, input.name.as_deref()).await
    }

    fn access(_: &CallInfo, _: &Input<Self>, target: &NamedBus) -> Access {
        Access::one(target.check("events:DescribeEventBus"))
    }

    async fn run(cx: &mut Cx<'_>, _: &Input<Self>, target: Allowed<NamedBus>) -> Result<Output<Self>> {
        let bus = target.bus()?;
        Ok(api::DescribeEventBusResponse {
            name: Some(bus.name.clone()),
            arn: Some(target.id.arn()),
            description: bus.description.clone(),
            kms_key_identifier: bus.kms_key.clone(),
            dead_letter_config: bus.dead_letter(),
            policy: bus.told_policy(cx).await?,
            log_config: bus.log(),
            creation_time: bus.created,
            last_modified_time: bus.modified,
            ..api::DescribeEventBusResponse::default()
        })
    }
}
