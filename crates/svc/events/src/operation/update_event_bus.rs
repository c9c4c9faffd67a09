//! `UpdateEventBus`: <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_UpdateEventBus.html>

use alcazar_api_events::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Output, Reads, Result};

use crate::arn::DEFAULT_BUS;
use crate::bus::{self, Bus, Settings};
use crate::named::NamedBus;

/// Changes an event bus.
pub struct UpdateEventBus;

impl Operation for UpdateEventBus {
    type Api = api::UpdateEventBus;
    type Target = NamedBus;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &Input<Self>) -> Result<NamedBus> {
        NamedBus::own(reads, input.name.as_deref().unwrap_or(DEFAULT_BUS)).await
    }

    fn access(_: &CallInfo, _: &Input<Self>, target: &NamedBus) -> Access {
        Access::one(target.check("events:UpdateEventBus"))
    }

    async fn run(cx: &mut Cx<'_>, input: &Input<Self>, target: Allowed<NamedBus>) -> Result<Output<Self>> {
        let mut changed = Bus::clone(target.bus()?);
        let settings = Settings {
            description: &input.description,
            kms_key: &input.kms_key_identifier,
            dead_letter: &input.dead_letter_config,
            log: &input.log_config,
        };
        settings.put_on(&mut changed)?;
        let answer = api::UpdateEventBusResponse {
            arn: Some(target.id.arn()),
            name: Some(target.id.name.clone()),
            kms_key_identifier: changed.kms_key.clone(),
            description: changed.description.clone(),
            dead_letter_config: changed.dead_letter(),
            log_config: changed.log(),
        };
        bus::put(cx, changed)?;
        Ok(answer)
    }
}
