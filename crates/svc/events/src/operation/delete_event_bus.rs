//! `DeleteEventBus`: <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DeleteEventBus.html>

use alcazar_api_events::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Output, Reads, Result};

use crate::named::NamedBus;
use crate::rule::{self, Rule};
use crate::{bus, error};

/// Deletes an event bus that has no rules. One that is not there is deleted already.
pub struct DeleteEventBus;

impl Operation for DeleteEventBus {
    type Api = api::DeleteEventBus;
    type Target = NamedBus;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &Input<Self>) -> Result<NamedBus> {
        NamedBus::own(reads, &input.name).await
    }

    fn access(_: &CallInfo, _: &Input<Self>, target: &NamedBus) -> Access {
        Access::one(target.check("events:DeleteEventBus"))
    }

    async fn run(cx: &mut Cx<'_>, _: &Input<Self>, target: Allowed<NamedBus>) -> Result<Output<Self>> {
        if target.id.is_default() {
            return Err(error::default_bus_stays().into());
        }
        if target.bus.is_some() {
            let rules = rule::range(&cx.keyring(), &target.id);
            if !cx.scan::<Rule>(&rules, 1).await?.is_empty() {
                return Err(error::bus_has_rules().into());
            }
            bus::delete(cx, &target.id)?;
        }
        Ok(Output::<Self>::default())
    }
}
