//! Amazon EventBridge's quotas, with AWS's defaults.

use alcazar_engine::Quota;

/// Every quota.
pub(crate) const QUOTAS: &[Quota] = &[];
