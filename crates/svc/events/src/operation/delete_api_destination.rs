//! `DeleteApiDestination`: <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DeleteApiDestination.html>

use alcazar_api_events::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Output, Reads, Result};

use crate::api_destination::{self, NamedApiDestination};

/// Deletes an API destination. Its connection stays.
pub struct DeleteApiDestination;

impl Operation for DeleteApiDestination {
    type Api = api::DeleteApiDestination;
    type Target = NamedApiDestination;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &Input<Self>) -> Result<NamedApiDestination> {
        NamedApiDestination::find(reads, &input.name).await
    }

    fn access(_: &CallInfo, _: &Input<Self>, target: &NamedApiDestination) -> Access {
        Access::one(target.check("events:DeleteApiDestination"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &Input<Self>,
        target: Allowed<NamedApiDestination>,
    ) -> Result<Output<Self>> {
        api_destination::delete(cx, target.destination()?)?;
        Ok(Output::<Self>::default())
    }
}
