//! `CreateEventBus`: <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateEventBus.html>

use alcazar_api_events::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Check, Cx, Input, Operation, Output, Reads, Result};

use crate::bus::{self, Bus, Settings};
use crate::named::NamedBus;
use crate::{access, error, tag};

/// Makes an event bus.
pub struct CreateEventBus;

impl Operation for CreateEventBus {
    type Api = api::CreateEventBus;
    type Target = NamedBus;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &Input<Self>) -> Result<NamedBus> {
        NamedBus::own(reads, &input.name).await
    }

    fn access(call: &CallInfo, input: &Input<Self>, target: &NamedBus) -> Access {
        let check = |action| {
            let arn = target.id.arn();
            Check::new(action, arn, access::BUS_TYPE, call.account())
        };
        Access::creation(
            check("events:CreateEventBus"),
            || check("events:TagResource"),
            tag::pairs(input.tags.as_deref().unwrap_or_default()),
        )
    }

    async fn run(cx: &mut Cx<'_>, input: &Input<Self>, target: Allowed<NamedBus>) -> Result<Output<Self>> {
        if let Some(source) = &input.event_source_name {
            return Err(error::event_source_not_found(source).into());
        }
        if input.name.contains('/') {
            return Err(error::slash_in_bus_name().into());
        }
        if target.bus.is_some() {
            return Err(error::bus_exists(&input.name).into());
        }
        let settings = Settings {
            description: &input.description,
            kms_key: &input.kms_key_identifier,
            dead_letter: &input.dead_letter_config,
            log: &input.log_config,
        };
        let mut bus = Bus::new(&target.id, Some(cx.now()));
        settings.put_on(&mut bus)?;
        let tags = tag::read(input.tags.as_deref().unwrap_or_default())?;
        bus.tags = tag::merge(cx, &[], tags)?;
        bus::put_new(cx, bus).await?;
        Ok(api::CreateEventBusResponse {
            event_bus_arn: Some(target.id.arn()),
            description: input.description.clone(),
            kms_key_identifier: input.kms_key_identifier.clone(),
            dead_letter_config: input.dead_letter_config.clone(),
            log_config: input.log_config.clone(),
        })
    }
}
