//! `UpdateKeyDescription`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_UpdateKeyDescription.html>

use alcazar_api_kms::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::access;
use crate::key;
use crate::target::{Accepts, Target};

/// Changes a key's description.
pub struct UpdateKeyDescription;

const ACTION: &str = "kms:UpdateKeyDescription";

impl Operation for UpdateKeyDescription {
    type Api = api::UpdateKeyDescription;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::UpdateKeyDescriptionRequest) -> Result<Target> {
        Target::find(reads, &input.key_id, Accepts::Keys).await
    }

    fn access(call: &CallInfo, _: &api::UpdateKeyDescriptionRequest, target: &Target) -> Access {
        access::key_access(call, ACTION, target)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::UpdateKeyDescriptionRequest,
        target: Allowed<Target>,
    ) -> Result<Output<Self>> {
        access::own_account(cx.call(), ACTION, &target)?;
        target.not_pending_deletion()?;
        let mut changed = target.key.to_changed();
        changed.description.clone_from(&input.description);
        key::put(cx, changed)?;
        Ok(Output::<Self>::default())
    }
}
