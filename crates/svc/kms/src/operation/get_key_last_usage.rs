//! `GetKeyLastUsage`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyLastUsage.html>

use alcazar_api_kms::operation as api;
use alcazar_api_kms::types::KeyLastUsageData;
use alcazar_engine::usage::LastUse;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::access;
use crate::target::{Accepts, Target};

/// Tells how a key was last used successfully for cryptography.
pub struct GetKeyLastUsage;

const ACTION: &str = "kms:GetKeyLastUsage";

impl Operation for GetKeyLastUsage {
    type Api = api::GetKeyLastUsage;
    type Target = Target;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::GetKeyLastUsageRequest) -> Result<Target> {
        Target::find(reads, &input.key_id, Accepts::Keys).await
    }

    fn access(call: &CallInfo, _: &api::GetKeyLastUsageRequest, target: &Target) -> Access {
        access::key_access(call, ACTION, target)
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::GetKeyLastUsageRequest,
        target: Allowed<Target>,
    ) -> Result<api::GetKeyLastUsageResponse> {
        access::own_account(cx.call(), ACTION, &target)?;
        let key = &target.key;
        let last = cx.last_use(key.arn()).await?;
        let since = cx.uses_noted_since().await?.unwrap_or(key.created);
        Ok(api::GetKeyLastUsageResponse {
            // "The globally unique identifier", in the words of DescribeKey for the bare id.
            key_id: Some(key.key_id.clone()),
            // Of a key that was never used there is an empty object.
            key_last_usage: Some(last.as_deref().map(told).unwrap_or_default()),
            tracking_start_date: Some(since.max(key.created)),
            key_creation_date: Some(key.created),
        })
    }
}

fn told(last: &LastUse) -> KeyLastUsageData {
    KeyLastUsageData {
        operation: last.operation.parse().ok(),
        timestamp: Some(last.time),
        cloud_trail_event_id: Some(last.event_id.clone()),
        kms_request_id: Some(last.request_id.clone()),
    }
}
