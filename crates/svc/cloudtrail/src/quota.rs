//! AWS CloudTrail's quotas, with AWS's defaults.
//!
//! Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html>

use alcazar_engine::Quota;
use alcazar_engine::quota::{rate, resource};

/// Trails of an account that are seen in a region.
pub(crate) const TRAILS: Quota = resource("cloudtrail.trails", "Trails per Region", None, 5);

/// Event data stores of an account in a region, those that wait to be deleted among them.
pub(crate) const EVENT_DATA_STORES: Quota =
    resource("cloudtrail.event-data-stores", "Event data stores per Region", None, 10);

/// Queries of an account that are queued or running in a region.
pub(crate) const CONCURRENT_QUERIES: Quota =
    resource("cloudtrail.concurrent-queries", "Concurrent queries", None, 10);

/// Every quota.
pub(crate) const QUOTAS: &[Quota] = &[
    TRAILS,
    EVENT_DATA_STORES,
    CONCURRENT_QUERIES,
    rate("cloudtrail.rate.lookup-events", "LookupEvents request rate", None, 2, &["LookupEvents"]),
    rate(
        "cloudtrail.rate.read-trails",
        "Transactions per second (TPS) for the Get, Describe, and List APIs",
        None,
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
        None,
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
