//! Parameter Store's quotas, with AWS's defaults.
//!
//! Source: <https://docs.aws.amazon.com/general/latest/gr/ssm.html>

use alcazar_engine::{Quota, QuotaKind, Rate};

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

/// Reading parameters, all three operations together.
pub(crate) const READ: Quota = rate(
    "ssm.rate.read-parameters",
    "Transactions per second (TPS) for GetParameter, GetParameters, and GetParametersByPath",
    40,
);
/// `GetParameter`, where high throughput is on.
pub(crate) const GET_ONE_HIGH: Quota = rate(
    "ssm.rate.get-parameter-high",
    "Transactions per second (TPS) for GetParameter, high throughput",
    10_000,
);
/// `GetParameters`, where high throughput is on.
pub(crate) const GET_SOME_HIGH: Quota = rate(
    "ssm.rate.get-parameters-high",
    "Transactions per second (TPS) for GetParameters, high throughput",
    10_000,
);
/// `GetParametersByPath`, where high throughput is on.
pub(crate) const GET_BY_PATH_HIGH: Quota = rate(
    "ssm.rate.get-parameters-by-path-high",
    "Transactions per second (TPS) for GetParametersByPath, high throughput",
    100,
);
/// `PutParameter`.
pub(crate) const PUT: Quota =
    rate("ssm.rate.put-parameter", "Transactions per second (TPS) for PutParameter", 3);
/// `PutParameter`, where high throughput is on.
pub(crate) const PUT_HIGH: Quota = rate(
    "ssm.rate.put-parameter-high",
    "Transactions per second (TPS) for PutParameter, high throughput",
    10,
);

/// Every quota.
pub(crate) const QUOTAS: &[Quota] = &[
    STANDARD_PARAMETERS,
    ADVANCED_PARAMETERS,
    LABELS,
    TAGS,
    RESOURCE_POLICY_BYTES,
    READ,
    GET_ONE_HIGH,
    GET_SOME_HIGH,
    GET_BY_PATH_HIGH,
    PUT,
    PUT_HIGH,
];

const fn resource(name: &'static str, title: &'static str, default: u64) -> Quota {
    Quota { name, title, code: None, kind: QuotaKind::Resource(default) }
}

/// A rate that operations draw from by themselves, since the account's settings say which; see [`crate::throughput`].
const fn rate(name: &'static str, title: &'static str, per_second: u64) -> Quota {
    let kind =
        QuotaKind::RequestRate { default: Rate::per_second(per_second), in_regions: &[], operations: &[] };
    Quota { name, title, code: None, kind }
}
