//! `CancelKeyDeletion`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_CancelKeyDeletion.html>

use alcazar_api_kms::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::access;
use crate::key::{self, State};
use crate::target::{Accepts, Target};
use crate::{cost, deletion, error};

/// Takes back a key's deletion. The key is then disabled, or waits for its material.
pub struct CancelKeyDeletion;

const ACTION: &str = "kms:CancelKeyDeletion";

impl Operation for CancelKeyDeletion {
    type Api = api::CancelKeyDeletion;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::CancelKeyDeletionRequest) -> Result<Target> {
        Target::find(reads, &input.key_id, Accepts::Keys).await
    }

    fn access(call: &CallInfo, _: &api::CancelKeyDeletionRequest, target: &Target) -> Access {
        access::key_access(call, ACTION, target)
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::CancelKeyDeletionRequest,
        target: Allowed<Target>,
    ) -> Result<Output<Self>> {
        access::own_account(cx.call(), ACTION, &target)?;
        match target.key.state {
            State::PendingDeletion { deletion_date } => {
                cx.unschedule(&deletion::task(&target.key, deletion_date))?;
            }
            State::PendingReplicaDeletion { .. } => {}
            _ => return Err(error::not_pending_deletion(target.key.arn()).into()),
        }
        let mut changed = target.key.to_changed();
        changed.state = if changed.is_imported() { State::Disabled } else { State::PendingImport };
        cost::take_back(cx, &target.key)?;
        key::put(cx, changed)?;
        Ok(api::CancelKeyDeletionResponse { key_id: Some(target.key.arn().to_owned()) })
    }
}
