//! `ConfirmSubscription`: <https://docs.aws.amazon.com/sns/latest/api/API_ConfirmSubscription.html>

use alcazar_api_sns::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Output, Reads, Result, Signing};
use alcazar_shape::common_error::UNKNOWN_OPERATION;

/// Not built yet.
pub struct ConfirmSubscription;

impl Operation for ConfirmSubscription {
    type Api = api::ConfirmSubscription;
    type Target = ();
    const READ_ONLY: bool = false;
    const SIGNING: Signing = Signing::Optional;

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
