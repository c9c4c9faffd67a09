//! `DisableKeyRotation`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_DisableKeyRotation.html>

use alcazar_api_kms::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::target::{Accepts, Target};
use crate::{access, multi_region, rotation, usage};

/// Ends the rotation of a key's material by schedule.
pub struct DisableKeyRotation;

const ACTION: &str = "kms:DisableKeyRotation";

impl Operation for DisableKeyRotation {
    type Api = api::DisableKeyRotation;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::DisableKeyRotationRequest) -> Result<Target> {
        Target::find(reads, &input.key_id, Accepts::Keys).await
    }

    fn access(call: &CallInfo, _: &api::DisableKeyRotationRequest, target: &Target) -> Access {
        access::key_access(call, ACTION, target)
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::DisableKeyRotationRequest,
        target: Allowed<Target>,
    ) -> Result<Output<Self>> {
        access::own_account(cx.call(), ACTION, &target)?;
        rotation::check_automatic(&target)?;
        if target.key.rotation.is_some() {
            let mut changed = target.key.to_changed();
            rotation::schedule(cx, &mut changed, None)?;
            multi_region::put_shared(cx, changed).await?;
        }
        usage::changed(cx, &target.key);
        Ok(Output::<Self>::default())
    }
}
