//! `PutPermission`: <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutPermission.html>

use alcazar_api_events::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Output, Reads, Result};

use crate::arn::DEFAULT_BUS;
use crate::bus::{self, Bus};
use crate::named::NamedBus;
use crate::policy;

/// Lets others use an event bus.
pub struct PutPermission;

impl Operation for PutPermission {
    type Api = api::PutPermission;
    type Target = NamedBus;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &Input<Self>) -> Result<NamedBus> {
        NamedBus::own(reads, input.event_bus_name.as_deref().unwrap_or(DEFAULT_BUS)).await
    }

    fn access(call: &CallInfo, _: &Input<Self>, _: &NamedBus) -> Access {
        Access::any(call, "events:PutPermission")
    }

    async fn run(cx: &mut Cx<'_>, input: &Input<Self>, target: Allowed<NamedBus>) -> Result<Output<Self>> {
        let mut changed = Bus::clone(target.bus()?);
        let text = match &input.policy {
            Some(policy) => policy.clone(),
            None => policy::with_statement(&changed, input)?,
        };
        changed.policy = Some(policy::read(cx, &text).await?);
        bus::put(cx, changed)?;
        Ok(Output::<Self>::default())
    }
}
