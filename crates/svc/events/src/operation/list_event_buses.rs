//! `ListEventBuses`: <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListEventBuses.html>

use alcazar_api_events::operation as api;
use alcazar_api_events::types::EventBus;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Output, Reads, Result};

use crate::{bus, page};

/// Lists the account's event buses in the region.
pub struct ListEventBuses;

impl Operation for ListEventBuses {
    type Api = api::ListEventBuses;
    type Target = ();
    const READ_ONLY: bool = true;

    async fn resolve(_: &mut Reads<'_>, _: &Input<Self>) -> Result<()> {
        Ok(())
    }

    fn access(call: &CallInfo, _: &Input<Self>, (): &()) -> Access {
        Access::any(call, "events:ListEventBuses")
    }

    async fn run(cx: &mut Cx<'_>, input: &Input<Self>, _: Allowed<()>) -> Result<Output<Self>> {
        let mut buses = bus::all(cx).await?;
        buses.retain(|bus| bus.name.starts_with(input.name_prefix.as_deref().unwrap_or_default()));
        let asked = page::asked(input.next_token.as_deref(), input.limit);
        let page = page::of(cx, "events.buses", asked, buses, |bus| bus.name.clone())?;
        let mut event_buses = Vec::with_capacity(page.items.len());
        for bus in page.items {
            event_buses.push(EventBus {
                name: Some(bus.name.clone()),
                arn: Some(bus.id().arn()),
                description: bus.description.clone(),
                policy: bus.told_policy(cx).await?,
                creation_time: bus.created,
                last_modified_time: bus.modified,
                ..EventBus::default()
            });
        }
        Ok(api::ListEventBusesResponse { event_buses: Some(event_buses.into()), next_token: page.next_token })
    }
}
