//! `ScheduleKeyDeletion`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html>

use alcazar_api_kms::operation as api;
use alcazar_api_kms::types::KeyState;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::access;
use crate::idle::Idle;
use crate::key::{self, State};
use crate::{cost, deletion, error, multi_region, rotation};

/// Has a key deleted after a waiting period.
pub struct ScheduleKeyDeletion;

const ACTION: &str = "kms:ScheduleKeyDeletion";
const MIN_WINDOW_DAYS: i32 = 7;
const MAX_WINDOW_DAYS: i32 = 30;
const DEFAULT_WINDOW_DAYS: i32 = 30;

impl Operation for ScheduleKeyDeletion {
    type Api = api::ScheduleKeyDeletion;
    type Target = Idle;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::ScheduleKeyDeletionRequest) -> Result<Idle> {
        Idle::find(reads, &input.key_id).await
    }

    fn access(call: &CallInfo, input: &api::ScheduleKeyDeletionRequest, target: &Idle) -> Access {
        let mut check = target.check(call, ACTION);
        let days = input.pending_window_in_days.unwrap_or(DEFAULT_WINDOW_DAYS);
        check.context.insert("kms:ScheduleKeyDeletionPendingWindowInDays", i64::from(days));
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ScheduleKeyDeletionRequest,
        target: Allowed<Idle>,
    ) -> Result<Output<Self>> {
        access::own_account(cx.call(), ACTION, &target)?;
        target.not_pending_deletion()?;
        let days = input.pending_window_in_days.unwrap_or(DEFAULT_WINDOW_DAYS);
        let window_days =
            u32::try_from(days).map_err(|_| error::validation("PendingWindowInDays must be positive."))?;
        if !(MIN_WINDOW_DAYS..=MAX_WINDOW_DAYS).contains(&days) {
            let text =
                format!("PendingWindowInDays must be between {MIN_WINDOW_DAYS} and {MAX_WINDOW_DAYS}.");
            return Err(error::validation(text).into());
        }
        let mut changed = target.key.to_changed();
        // A primary key lives as long as its replicas; its own waiting period begins when the last one is gone.
        let (deletion_date, key_state) = if multi_region::has_replicas(&target.key) {
            changed.state = State::PendingReplicaDeletion { window_days };
            (None, KeyState::PendingReplicaDeletion)
        } else {
            let deletion_date = rotation::days_after(cx.now(), window_days);
            cx.schedule(deletion::task(&target.key, deletion_date))?;
            changed.state = State::PendingDeletion { deletion_date };
            (Some(deletion_date), KeyState::PendingDeletion)
        };
        cost::retire(cx, &target.key)?;
        key::put(cx, changed)?;
        Ok(api::ScheduleKeyDeletionResponse {
            key_id: Some(target.key.arn().to_owned()),
            deletion_date,
            key_state: Some(key_state),
            pending_window_in_days: Some(days),
        })
    }
}
