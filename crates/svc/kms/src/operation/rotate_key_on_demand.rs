//! `RotateKeyOnDemand`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_RotateKeyOnDemand.html>

use std::time::Duration;

use alcazar_api_kms::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::key::{Key, Origin, RotationOfMaterial};
use crate::target::{Accepts, Target};
use crate::{access, error, multi_region, quota, rotation};

/// Rotates a key's material now.
pub struct RotateKeyOnDemand;

const ACTION: &str = "kms:RotateKeyOnDemand";

/// How near an automatic rotation may not be.
const DISTANCE_MIN: Duration = Duration::from_mins(20);

impl Operation for RotateKeyOnDemand {
    type Api = api::RotateKeyOnDemand;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::RotateKeyOnDemandRequest) -> Result<Target> {
        Target::find(reads, &input.key_id, Accepts::Keys).await
    }

    fn access(call: &CallInfo, _: &api::RotateKeyOnDemandRequest, target: &Target) -> Access {
        access::key_access(call, ACTION, target)
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::RotateKeyOnDemandRequest,
        target: Allowed<Target>,
    ) -> Result<Output<Self>> {
        access::own_account(cx.call(), ACTION, &target)?;
        target.usable()?;
        rotation::check_kind(&target.key)?;
        check_limit(cx, &target.key)?;
        let mut changed = target.key.to_changed();
        changed.on_demand_rotations += 1;
        let date = RotationOfMaterial { date: cx.now(), on_demand: true };
        let effect = match changed.origin {
            Origin::AwsKms => rotation::rotate(cx, &mut changed, date).await?,
            Origin::External => rotation::make_current(cx, &mut changed, date)?,
        };
        cx.service_event(&alcazar_api_kms::SERVICE, rotation::EVENT, effect)?;
        multi_region::put_shared(cx, changed).await?;
        Ok(api::RotateKeyOnDemandResponse { key_id: Some(target.key.key_id.clone()) })
    }
}

fn check_limit(cx: &Cx<'_>, key: &Key) -> Result<()> {
    let most = cx.quota(&quota::ON_DEMAND_ROTATIONS);
    if most.is_some_and(|most| u64::from(key.on_demand_rotations) >= most) {
        return Err(error::rotation::on_demand_limit(key.arn()).into());
    }
    if key.rotation.is_some_and(|rotation| rotation.next <= cx.now() + DISTANCE_MIN) {
        return Err(error::rotation::automatic_rotation_is_near(key.arn()).into());
    }
    Ok(())
}
