//! Service settings.
//!
//! Source: <https://docs.aws.amazon.com/systems-manager/latest/userguide/ps-default-tier.html>

use alcazar_api_ssm::types::ParameterTier;
use alcazar_base::{AccountId, Region};
use alcazar_engine::{Reads, Result};

/// The tier of parameters whose requests say none.
///
/// # Errors
/// The store failed.
pub(crate) async fn default_tier(
    _reads: &mut Reads<'_>,
    _account: AccountId,
    _region: &Region,
) -> Result<ParameterTier> {
    Ok(ParameterTier::Standard)
}
