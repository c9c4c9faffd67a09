//! Parameter Store's quotas, with AWS's defaults.
//!
//! Source: <https://docs.aws.amazon.com/general/latest/gr/ssm.html>

use alcazar_engine::{Quota, QuotaKind};

/// Parameters of the standard tier.
pub(crate) const STANDARD_PARAMETERS: Quota =
    resource("ssm.standard-parameters", "Total number of standard parameters", 10_000);
/// Parameters of the advanced tier.
pub(crate) const ADVANCED_PARAMETERS: Quota =
    resource("ssm.advanced-parameters", "Total number of advanced parameters", 100_000);
/// Labels of one version.
pub(crate) const LABELS: Quota = resource("ssm.labels-per-version", "Labels per parameter version", 10);
/// Tags of one parameter.
pub(crate) const TAGS: Quota = resource("ssm.tags-per-parameter", "Tags per parameter", 50);
/// The size of a resource policy.
pub(crate) const RESOURCE_POLICY_BYTES: Quota =
    resource("ssm.resource-policy-bytes", "Resource policy size, in bytes", 1024);

/// Every quota.
pub(crate) const QUOTAS: &[Quota] =
    &[STANDARD_PARAMETERS, ADVANCED_PARAMETERS, LABELS, TAGS, RESOURCE_POLICY_BYTES];

const fn resource(name: &'static str, title: &'static str, default: u64) -> Quota {
    Quota { name, title, code: None, kind: QuotaKind::Resource(default) }
}
