//! `DisableKey`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_DisableKey.html>

use alcazar_api_kms::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::access;
use crate::idle::Idle;
use crate::key::{self, State};
use crate::usage;

/// Makes a key unusable until it is enabled.
pub struct DisableKey;

const ACTION: &str = "kms:DisableKey";

impl Operation for DisableKey {
    type Api = api::DisableKey;
    type Target = Idle;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::DisableKeyRequest) -> Result<Idle> {
        Idle::find(reads, &input.key_id).await
    }

    fn access(call: &CallInfo, _: &api::DisableKeyRequest, target: &Idle) -> Access {
        Access::one(target.check(call, ACTION))
    }

    async fn run(cx: &mut Cx<'_>, _: &api::DisableKeyRequest, target: Allowed<Idle>) -> Result<Output<Self>> {
        access::own_account(cx.call(), ACTION, &target)?;
        target.has_material()?;
        if target.key.state != State::Disabled {
            let mut changed = target.key.to_changed();
            changed.state = State::Disabled;
            key::put(cx, changed)?;
        }
        usage::changed(cx, &target.key);
        Ok(Output::<Self>::default())
    }
}
