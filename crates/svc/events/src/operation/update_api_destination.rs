//! `UpdateApiDestination`: <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_UpdateApiDestination.html>

use alcazar_api_events::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Output, Reads, Result};

use crate::api_destination::{self, ApiDestination, NamedApiDestination};
use crate::connection::NamedConnection;

/// Changes an API destination. What is not given stays.
pub struct UpdateApiDestination;

/// What the request names.
pub struct Target {
    destination: NamedApiDestination,
    connection: Option<NamedConnection>,
}

impl Operation for UpdateApiDestination {
    type Api = api::UpdateApiDestination;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &Input<Self>) -> Result<Target> {
        let connection = match &input.connection_arn {
            Some(arn) => Some(NamedConnection::of_arn(reads, arn).await?),
            None => None,
        };
        Ok(Target { destination: NamedApiDestination::find(reads, &input.name).await?, connection })
    }

    fn access(_: &CallInfo, _: &Input<Self>, target: &Target) -> Access {
        Access::one(target.destination.check("events:UpdateApiDestination"))
    }

    async fn run(cx: &mut Cx<'_>, input: &Input<Self>, target: Allowed<Target>) -> Result<Output<Self>> {
        let mut changed = ApiDestination::clone(target.destination.destination()?);
        if let Some(description) = &input.description {
            changed.description = Some(description.clone());
        }
        if let Some(connection) = &target.connection {
            changed.connection_arn = connection.connection()?.arn();
        }
        if let Some(endpoint) = &input.invocation_endpoint {
            api_destination::check_endpoint(endpoint)?;
            changed.endpoint.clone_from(endpoint);
        }
        if let Some(method) = input.http_method {
            method.as_str().clone_into(&mut changed.method);
        }
        if let Some(rate) = api_destination::read_rate(cx, input.invocation_rate_limit_per_second)? {
            changed.rate = Some(rate);
        }
        changed.modified = cx.now();
        let answer = api::UpdateApiDestinationResponse {
            api_destination_arn: Some(changed.arn()),
            api_destination_state: Some(changed.state(cx).await?),
            creation_time: Some(changed.created),
            last_modified_time: Some(changed.modified),
        };
        api_destination::put(cx, changed)?;
        Ok(answer)
    }
}
