//! Amazon EventBridge's quotas, with AWS's defaults.
//!
//! Source: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html>

use alcazar_engine::quota::resource;
use alcazar_engine::{Quota, QuotaKind, Rate};

/// Event buses of an account in a region.
pub(crate) const BUSES: Quota = resource("events.buses", "Event buses", Some("L-D4E88E39"), 100);
/// Rules of a bus.
pub(crate) const RULES: Quota = resource("events.rules-per-bus", "Number of rules", Some("L-244521F2"), 300);
/// Targets of a rule.
pub(crate) const TARGETS: Quota =
    resource("events.targets-per-rule", "Targets per rule", Some("L-AA0F45D1"), 5);
/// The length of a bus's policy.
pub(crate) const POLICY_BYTES: Quota =
    resource("events.policy-bytes", "Policy size of an event bus, in bytes", None, 10_240);
/// Tags of a bus or a rule.
pub(crate) const TAGS: Quota = resource("events.tags-per-resource", "Tags per resource", None, 50);

/// Replays of an account in a region that are under way.
pub(crate) const REPLAYS: Quota = resource("events.replays", "Concurrent replays", None, 10);
/// Connections of an account in a region.
pub(crate) const CONNECTIONS: Quota = resource("events.connections", "Connections", None, 3000);
/// API destinations of an account in a region.
pub(crate) const API_DESTINATIONS: Quota =
    resource("events.api-destinations", "API destinations", None, 3000);
/// What an API destination takes in a second.
pub(crate) const API_DESTINATION_RATE: Quota =
    resource("events.api-destination-rate", "Rate of invocations per API destination", None, 300);

const PUT_EVENTS: Quota = Quota {
    name: "events.rate.put-events",
    title: "PutEvents throttle limit in transactions per second",
    code: Some("L-9B653E5D"),
    kind: QuotaKind::RequestRate {
        default: Rate::per_second(600),
        in_regions: &[
            ("us-east-1", Rate::per_second(10_000)),
            ("us-west-2", Rate::per_second(10_000)),
            ("eu-west-1", Rate::per_second(10_000)),
            ("us-east-2", Rate::per_second(2400)),
            ("eu-central-1", Rate::per_second(2400)),
            ("us-west-1", Rate::per_second(1200)),
            ("ap-northeast-1", Rate::per_second(1200)),
            ("ap-southeast-1", Rate::per_second(1200)),
            ("ap-southeast-2", Rate::per_second(1200)),
            ("eu-west-2", Rate::per_second(1200)),
        ],
        operations: &["PutEvents"],
    },
};

/// Every quota.
pub(crate) const QUOTAS: &[Quota] = &[
    BUSES,
    RULES,
    TARGETS,
    POLICY_BYTES,
    TAGS,
    REPLAYS,
    CONNECTIONS,
    API_DESTINATIONS,
    API_DESTINATION_RATE,
    PUT_EVENTS,
];
