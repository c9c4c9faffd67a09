//! `EnableKeyRotation`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html>

use alcazar_api_kms::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::key::AutomaticRotation;
use crate::target::{Accepts, Target};
use crate::{access, multi_region, rotation, usage};

/// Has a key's material rotated by schedule.
pub struct EnableKeyRotation;

const ACTION: &str = "kms:EnableKeyRotation";

impl Operation for EnableKeyRotation {
    type Api = api::EnableKeyRotation;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::EnableKeyRotationRequest) -> Result<Target> {
        Target::find(reads, &input.key_id, Accepts::Keys).await
    }

    fn access(call: &CallInfo, input: &api::EnableKeyRotationRequest, target: &Target) -> Access {
        let mut check = access::key_check(call, ACTION, target);
        check.context.insert("kms:RotationPeriodInDays", i64::from(period_days(input, target)));
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::EnableKeyRotationRequest,
        target: Allowed<Target>,
    ) -> Result<Output<Self>> {
        access::own_account(cx.call(), ACTION, &target)?;
        rotation::check_automatic(&target)?;
        let period_days = period_days(input, &target);
        // Turning on what is on, with the same period, does not put the next rotation off.
        if target.key.rotation.is_none_or(|rotation| rotation.period_days != period_days) {
            let mut changed = target.key.to_changed();
            let next = rotation::days_after(cx.now(), period_days);
            rotation::schedule(cx, &mut changed, Some(AutomaticRotation { period_days, next }))?;
            multi_region::put_shared(cx, changed).await?;
        }
        usage::changed(cx, &target.key);
        Ok(Output::<Self>::default())
    }
}

/// The period that the key is to have: the one that it has, unless the request says another.
fn period_days(input: &api::EnableKeyRotationRequest, target: &Target) -> u32 {
    // The model bounds the number.
    let asked = input.rotation_period_in_days.and_then(|days| u32::try_from(days).ok());
    let present = target.key.rotation.map(|rotation| rotation.period_days);
    asked.or(present).unwrap_or(rotation::DEFAULT_PERIOD_DAYS)
}
