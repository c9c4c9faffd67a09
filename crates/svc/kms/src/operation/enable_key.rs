//! `EnableKey`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKey.html>

use alcazar_api_kms::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::key::{self, State};
use crate::target::{Accepts, Target};
use crate::{access, multi_region, rotation, usage};

/// Makes a disabled key usable.
pub struct EnableKey;

const ACTION: &str = "kms:EnableKey";

impl Operation for EnableKey {
    type Api = api::EnableKey;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::EnableKeyRequest) -> Result<Target> {
        Target::find(reads, &input.key_id, Accepts::Keys).await
    }

    fn access(call: &CallInfo, _: &api::EnableKeyRequest, target: &Target) -> Access {
        access::key_access(call, ACTION, target)
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::EnableKeyRequest,
        target: Allowed<Target>,
    ) -> Result<Output<Self>> {
        access::own_account(cx.call(), ACTION, &target)?;
        target.has_material()?;
        if target.key.state != State::Enabled {
            let mut changed = target.key.to_changed();
            changed.state = State::Enabled;
            match rotation::catch_up(cx, &mut changed).await? {
                true => multi_region::put_shared(cx, changed).await?,
                false => key::put(cx, changed)?,
            }
        }
        usage::changed(cx, &target.key);
        Ok(Output::<Self>::default())
    }
}
