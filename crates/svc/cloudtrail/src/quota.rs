//! AWS CloudTrail's quotas, with AWS's defaults.
//!
//! Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html>

use alcazar_engine::{Quota, QuotaKind, Rate};

/// Trails of an account that are seen in a region.
pub(crate) const TRAILS: Quota =
    Quota { name: "cloudtrail.trails", title: "Trails per Region", code: None, kind: QuotaKind::Resource(5) };

/// Event data stores of an account in a region, those that wait to be deleted among them.
pub(crate) const EVENT_DATA_STORES: Quota = Quota {
    name: "cloudtrail.event-data-stores",
    title: "Event data stores per Region",
    code: None,
    kind: QuotaKind::Resource(10),
};

/// Queries of an account that are queued or running in a region.
pub(crate) const CONCURRENT_QUERIES: Quota = Quota {
    name: "cloudtrail.concurrent-queries",
    title: "Concurrent queries",
    code: None,
    kind: QuotaKind::Resource(10),
};

/// Every quota.
pub(crate) const QUOTAS: &[Quota] = &[
    TRAILS,
    EVENT_DATA_STORES,
    CONCURRENT_QUERIES,
    rate("cloudtrail.rate.lookup-events", "LookupEvents request rate", 2, &["LookupEvents"]),
    rate(
        "cloudtrail.rate.read-trails",
        "Transactions per second (TPS) for the Get, Describe, and List APIs",
        10,
        &[
            "DescribeTrails",
            "GetEventSelectors",
            "GetInsightSelectors",
            "GetTrail",
            "GetTrailStatus",
            "ListPublicKeys",
            "ListTags",
            "ListTrails",
        ],
    ),
    rate(
        "cloudtrail.rate.write-trails",
        "Transactions per second (TPS) for all other APIs",
        1,
        &[
            "AddTags",
            "CreateTrail",
            "DeleteTrail",
            "PutEventSelectors",
            "PutInsightSelectors",
            "RemoveTags",
            "StartLogging",
            "StopLogging",
            "UpdateTrail",
        ],
    ),
];

const fn rate(
    name: &'static str,
    title: &'static str,
    per_second: u64,
    operations: &'static [&'static str],
) -> Quota {
    let default = Rate::per_second(per_second);
    Quota { name, title, code: None, kind: QuotaKind::RequestRate { default, in_regions: &[], operations } }
}
