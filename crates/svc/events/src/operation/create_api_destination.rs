//! `CreateApiDestination`: <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateApiDestination.html>

use alcazar_api_events::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Output, Reads, Result};

use crate::api_destination::{self, ApiDestination, NamedApiDestination};
use crate::connection::NamedConnection;
use crate::{error, id};

/// Makes an API destination.
pub struct CreateApiDestination;

/// What the request names.
pub struct Target {
    destination: NamedApiDestination,
    connection: NamedConnection,
}

impl Operation for CreateApiDestination {
    type Api = api::CreateApiDestination;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &Input<Self>) -> Result<Target> {
        Ok(Target {
            destination: NamedApiDestination::find(reads, &input.name).await?,
            connection: NamedConnection::of_arn(reads, &input.connection_arn).await?,
        })
    }

    fn access(_: &CallInfo, _: &Input<Self>, target: &Target) -> Access {
        let action = "events:CreateApiDestination";
        Access { checks: vec![target.destination.check(action), target.connection.check(action)] }
    }

    async fn run(cx: &mut Cx<'_>, input: &Input<Self>, target: Allowed<Target>) -> Result<Output<Self>> {
        api_destination::check_endpoint(&input.invocation_endpoint)?;
        let connection = target.connection.connection()?;
        if target.destination.found.is_some() {
            return Err(error::connection::destination_exists(&input.name).into());
        }
        let destination = ApiDestination {
            account: cx.account(),
            region: cx.region().clone(),
            name: input.name.clone(),
            id: id::new(cx)?,
            description: input.description.clone(),
            connection_arn: connection.arn(),
            endpoint: input.invocation_endpoint.clone(),
            method: input.http_method.as_str().to_owned(),
            rate: api_destination::read_rate(cx, input.invocation_rate_limit_per_second)?,
            created: cx.now(),
            modified: cx.now(),
        };
        let answer = api::CreateApiDestinationResponse {
            api_destination_arn: Some(destination.arn()),
            api_destination_state: Some(destination.state(cx).await?),
            creation_time: Some(destination.created),
            last_modified_time: Some(destination.modified),
        };
        api_destination::put_new(cx, destination).await?;
        Ok(answer)
    }
}
