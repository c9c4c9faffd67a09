//! `UpdateConnection`: <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_UpdateConnection.html>

use alcazar_api_events::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Output, Reads, Result};
use alcazar_shape::common_error::UNKNOWN_OPERATION;

/// Not built yet.
pub struct UpdateConnection;

impl Operation for UpdateConnection {
    type Api = api::UpdateConnection;
    type Target = ();
    const READ_ONLY: bool = false;

    async fn resolve(_: &mut Reads<'_>, _: &Input<Self>) -> Result<()> {
        Err(UNKNOWN_OPERATION.bare().into())
    }

    fn access(_: &CallInfo, _: &Input<Self>, (): &()) -> Access {
        Access::open()
    }

    async fn run(_: &mut Cx<'_>, _: &Input<Self>, _: Allowed<()>) -> Result<Output<Self>> {
        Err(UNKNOWN_OPERATION.bare().into())
    }
}
