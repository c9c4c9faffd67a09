//! `ListApiDestinations`: <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListApiDestinations.html>

use alcazar_api_events::operation as api;
use alcazar_api_events::types;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Output, Reads, Result};

use crate::{api_destination, page};

/// Lists API destinations.
pub struct ListApiDestinations;

impl Operation for ListApiDestinations {
    type Api = api::ListApiDestinations;
    type Target = ();
    const READ_ONLY: bool = true;

    async fn resolve(_: &mut Reads<'_>, _: &Input<Self>) -> Result<()> {
        Ok(())
    }

    fn access(call: &CallInfo, _: &Input<Self>, (): &()) -> Access {
        Access::any(call, "events:ListApiDestinations")
    }

    async fn run(cx: &mut Cx<'_>, input: &Input<Self>, _: Allowed<()>) -> Result<Output<Self>> {
        let mut destinations = api_destination::all(cx).await?;
        destinations.retain(|destination| {
            destination.name.starts_with(input.name_prefix.as_deref().unwrap_or_default())
                && input.connection_arn.as_ref().is_none_or(|arn| destination.connection_arn == *arn)
        });
        let list = format!("events.api-destinations/{}/{}", cx.account(), cx.region());
        let asked = page::asked(input.next_token.as_deref(), input.limit);
        let page = page::of(cx, &list, asked, destinations, |destination| destination.name.clone())?;
        let mut destinations = Vec::with_capacity(page.items.len());
        for destination in page.items {
            destinations.push(types::ApiDestination {
                api_destination_arn: Some(destination.arn()),
                name: Some(destination.name.clone()),
                api_destination_state: Some(destination.state(cx).await?),
                connection_arn: Some(destination.connection_arn.clone()),
                invocation_endpoint: Some(destination.endpoint.clone()),
                http_method: destination.shown_method(),
                invocation_rate_limit_per_second: destination.shown_rate(),
                creation_time: Some(destination.created),
                last_modified_time: Some(destination.modified),
            });
        }
        Ok(api::ListApiDestinationsResponse {
            api_destinations: Some(destinations.into()),
            next_token: page.next_token,
        })
    }
}
