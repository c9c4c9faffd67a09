//! `DescribeApiDestination`: <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DescribeApiDestination.html>

use alcazar_api_events::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Output, Reads, Result};

use crate::api_destination::NamedApiDestination;
use crate::connection::NamedConnection;

/// Tells of an API destination.
pub struct DescribeApiDestination;

/// What the request names, and the connection of that.
pub struct Target {
    destination: NamedApiDestination,
    connection: Option<NamedConnection>,
}

impl Operation for DescribeApiDestination {
    type Api = api::DescribeApiDestination;
    type Target = Target;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &Input<Self>) -> Result<Target> {
        let destination = NamedApiDestination::find(reads, &input.name).await?;
        let connection = match &destination.found {
            Some(found) => Some(NamedConnection::of_arn(reads, &found.connection_arn).await?),
            None => None,
        };
        Ok(Target { destination, connection })
    }

    fn access(_: &CallInfo, _: &Input<Self>, target: &Target) -> Access {
        let action = "events:DescribeApiDestination";
        let connection = target.connection.iter().map(|connection| connection.check(action));
        Access { checks: [target.destination.check(action)].into_iter().chain(connection).collect() }
    }

    async fn run(cx: &mut Cx<'_>, _: &Input<Self>, target: Allowed<Target>) -> Result<Output<Self>> {
        let destination = target.destination.destination()?;
        Ok(api::DescribeApiDestinationResponse {
            api_destination_arn: Some(destination.arn()),
            name: Some(destination.name.clone()),
            description: destination.description.clone(),
            api_destination_state: Some(destination.state(cx).await?),
            connection_arn: Some(destination.connection_arn.clone()),
            invocation_endpoint: Some(destination.endpoint.clone()),
            http_method: destination.shown_method(),
            invocation_rate_limit_per_second: destination.shown_rate(),
            creation_time: Some(destination.created),
            last_modified_time: Some(destination.modified),
        })
    }
}
