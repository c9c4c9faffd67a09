//! `GetKeyRotationStatus`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyRotationStatus.html>

use alcazar_api_kms::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::access;
use crate::key::State;
use crate::target::{Accepts, Target};

/// Tells whether and when a key's material is rotated by schedule. A rotation on demand is done when its call is
/// answered, so none is ever in progress here.
pub struct GetKeyRotationStatus;

impl Operation for GetKeyRotationStatus {
    type Api = api::GetKeyRotationStatus;
    type Target = Target;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::GetKeyRotationStatusRequest) -> Result<Target> {
        Target::find(reads, &input.key_id, Accepts::Keys).await
    }

    fn access(call: &CallInfo, _: &api::GetKeyRotationStatusRequest, target: &Target) -> Access {
        access::key_access(call, "kms:GetKeyRotationStatus", target)
    }

    async fn run(
        _: &mut Cx<'_>,
        _: &api::GetKeyRotationStatusRequest,
        target: Allowed<Target>,
    ) -> Result<api::GetKeyRotationStatusResponse> {
        let key = &target.key;
        // While a key waits for its deletion it is not rotated; cancelling that brings its rotation back.
        let pending =
            matches!(key.state, State::PendingDeletion { .. } | State::PendingReplicaDeletion { .. });
        let rotation = key.rotation.filter(|_| !pending);
        Ok(api::GetKeyRotationStatusResponse {
            key_rotation_enabled: Some(rotation.is_some()),
            key_id: Some(key.key_id.clone()),
            rotation_period_in_days: rotation.and_then(|rotation| rotation.period_days.try_into().ok()),
            next_rotation_date: rotation.map(|rotation| rotation.next),
            on_demand_rotation_start_date: None,
        })
    }
}
