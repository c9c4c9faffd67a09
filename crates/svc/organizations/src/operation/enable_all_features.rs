//! `EnableAllFeatures`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_EnableAllFeatures.html>

use alcazar_api_organizations::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Output, Reads, Result};
use alcazar_shape::common_error::UNKNOWN_OPERATION;

/// Not built yet.
pub struct EnableAllFeatures;

impl Operation for EnableAllFeatures {
    type Api = api::EnableAllFeatures;
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
