//! `UpdatePrimaryRegion`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_UpdatePrimaryRegion.html>

use alcazar_api_kms::operation as api;
use alcazar_base::Region;
use alcazar_engine::{Access, Allowed, CallInfo, Charge, Cx, Operation, Output, Reads, Result};

use crate::target::{Accepts, Target};
use crate::{access, error, multi_region, quota, rotation};

/// Makes a replica the primary key, and the primary key a replica.
pub struct UpdatePrimaryRegion;

const ACTION: &str = "kms:UpdatePrimaryRegion";

/// The primary key, and the replica that is to take its place.
pub struct Move {
    primary: Target,
    region: Region,
    replica: Option<Target>,
}

impl Operation for UpdatePrimaryRegion {
    type Api = api::UpdatePrimaryRegion;
    type Target = Move;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::UpdatePrimaryRegionRequest) -> Result<Move> {
        let primary = Target::find(reads, &input.key_id, Accepts::Keys).await?;
        let region = multi_region::region(reads, &input.primary_region)?;
        let is_replica = multi_region::has_replica_in(&primary.key, &region);
        let replica = match is_replica {
            true => Target::find_copy(reads, &region, &primary.key.key_id).await?,
            false => None,
        };
        Ok(Move { primary, region, replica })
    }

    fn access(call: &CallInfo, _: &api::UpdatePrimaryRegionRequest, target: &Move) -> Access {
        let checks = [Some(&target.primary), target.replica.as_ref()].into_iter().flatten().map(|copy| {
            let mut check = access::key_check(call, ACTION, copy);
            check.context.insert("kms:PrimaryRegion", target.region.to_string());
            // It counts in the regions of both keys; the call itself counts where it was made.
            if call.request_rates && copy.key.region != call.region {
                let region = Some(copy.key.region.clone());
                check.charges.push(Charge { quota: &quota::UPDATE_PRIMARY_REGION, region, requests: 1 });
            }
            check
        });
        Access { checks: checks.collect() }
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::UpdatePrimaryRegionRequest,
        target: Allowed<Move>,
    ) -> Result<Output<Self>> {
        let Move { primary, region, replica } = &*target;
        access::own_account(cx.call(), ACTION, primary)?;
        primary.usable()?;
        let mut regions = multi_region::regions_of_primary(&primary.key)?;
        if regions.primary == *region {
            return Err(error::multi_region::already_primary(primary.key.arn(), region.as_str()).into());
        }
        let Some(replica) = replica else {
            return Err(error::multi_region::no_replica(primary.key.arn(), region.as_str()).into());
        };
        replica.usable()?;
        regions.replicas.retain(|replica| replica != region);
        regions.replicas.push(std::mem::replace(&mut regions.primary, region.clone()));
        // The rotation is done where the primary key is.
        rotation::unschedule(cx, &primary.key)?;
        let mut changed = replica.key.to_changed();
        changed.rotation = None;
        rotation::schedule(cx, &mut changed, primary.key.rotation)?;
        changed.regions = Some(regions);
        multi_region::put_shared(cx, changed).await?;
        Ok(Output::<Self>::default())
    }
}
