//! Tiers: which one a parameter gets, and how many there may be of each.
//!
//! There is no way back from the advanced tier.
//!
//! Source: <https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html>

use alcazar_api_ssm::types::ParameterTier;
use alcazar_engine::{Cx, Result};

use crate::reference::Reference;
use crate::version::Tier;
use crate::{error, index, quota, setting};

/// The longest value of the standard tier, in bytes.
const STANDARD_BYTES_MAX: usize = 4096;

/// The longest value of the advanced tier, in bytes.
const ADVANCED_BYTES_MAX: usize = 8192;

/// What a request wants.
#[derive(Debug)]
pub(crate) struct Wanted {
    /// The tier that it says.
    pub(crate) asked: Option<ParameterTier>,
    /// The length of the value.
    pub(crate) bytes: usize,
    /// Whether there will be policies.
    pub(crate) has_policies: bool,
    /// Whether the data type is one of advanced parameters alone.
    pub(crate) is_advanced_data_type: bool,
}

impl Wanted {
    fn fits_standard(&self) -> bool {
        self.bytes <= STANDARD_BYTES_MAX && !self.has_policies && !self.is_advanced_data_type
    }
}

/// Chooses the tier, and holds room for the parameter in it.
///
/// # Errors
/// The request wants what the tier does not have, or a quota does not leave room.
pub(crate) async fn choose(
    cx: &mut Cx<'_>,
    reference: &Reference,
    wanted: &Wanted,
    before: Option<Tier>,
) -> Result<Tier> {
    if wanted.bytes > ADVANCED_BYTES_MAX {
        return Err(error::put::too_large().into());
    }
    let asked = match wanted.asked {
        Some(asked) => asked,
        None if before == Some(Tier::Advanced) => ParameterTier::Advanced,
        None => setting::default_tier(cx, reference.account, &reference.region).await?,
    };
    match asked {
        ParameterTier::Standard if before == Some(Tier::Advanced) => Err(error::put::downgrade().into()),
        ParameterTier::Standard => {
            check_standard(wanted)?;
            match room(cx, reference, Tier::Standard, before).await? {
                Ok(()) => Ok(Tier::Standard),
                Err(most) => Err(error::put::standard_limit(most).into()),
            }
        }
        ParameterTier::IntelligentTiering
            if before != Some(Tier::Advanced)
                && wanted.fits_standard()
                && room(cx, reference, Tier::Standard, before).await?.is_ok() =>
        {
            Ok(Tier::Standard)
        }
        ParameterTier::Advanced | ParameterTier::IntelligentTiering => {
            match room(cx, reference, Tier::Advanced, before).await? {
                Ok(()) => Ok(Tier::Advanced),
                Err(most) => Err(error::put::advanced_limit(most).into()),
            }
        }
    }
}

fn check_standard(wanted: &Wanted) -> Result<()> {
    if wanted.has_policies {
        return Err(error::put::policies_of_standard().into());
    }
    if wanted.bytes > STANDARD_BYTES_MAX {
        return Err(error::put::too_large_for_standard().into());
    }
    if wanted.is_advanced_data_type {
        return Err(error::put::data_type_of_standard().into());
    }
    Ok(())
}

/// Holds room in a tier for a parameter that is not there yet, or says how many there may be.
async fn room(
    cx: &mut Cx<'_>,
    reference: &Reference,
    tier: Tier,
    before: Option<Tier>,
) -> Result<Result<(), u64>> {
    let quota = match tier {
        Tier::Standard => &quota::STANDARD_PARAMETERS,
        Tier::Advanced => &quota::ADVANCED_PARAMETERS,
    };
    let Some(most) = cx.quota(quota).filter(|_| before != Some(tier)) else { return Ok(Ok(())) };
    let (keyring, Reference { account, region, name, .. }) = (cx.keyring(), reference);
    let (range, entry) = index::in_tier(&keyring, *account, region, tier, name);
    Ok(cx.room_for(&entry, &range, most).await?.map_err(|full| full.quota))
}
