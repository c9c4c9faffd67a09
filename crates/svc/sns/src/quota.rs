//! SNS's quotas, with AWS's defaults.
//!
//! Source: <https://docs.aws.amazon.com/general/latest/gr/sns.html>

use alcazar_engine::quota::{rate, resource};
use alcazar_engine::{Quota, QuotaKind, Rate};

/// Standard topics of an account in a region.
pub(crate) const TOPICS: Quota = resource("sns.topics", "Topics per Account", Some("L-61103206"), 100_000);
/// FIFO topics of an account in a region.
pub(crate) const FIFO_TOPICS: Quota = resource("sns.fifo-topics", "FIFO Topics per Account", None, 1000);
/// Subscriptions of a standard topic.
pub(crate) const SUBSCRIPTIONS: Quota =
    resource("sns.subscriptions-per-topic", "Subscriptions per Topic", Some("L-A4340BCD"), 12_500_000);
/// Subscriptions of a FIFO topic.
pub(crate) const FIFO_SUBSCRIPTIONS: Quota =
    resource("sns.subscriptions-per-fifo-topic", "Subscriptions per FIFO Topic", None, 100);
/// Filter policies of a topic's subscriptions.
pub(crate) const FILTER_POLICIES: Quota =
    resource("sns.filter-policies-per-topic", "Filter Policies per Topic", Some("L-B96EDA7D"), 200);
/// Tags of one topic.
pub(crate) const TAGS: Quota = resource("sns.tags-per-topic", "Tags per Topic", None, 50);

/// Publishing, each message of a batch in one request with the others.
const PUBLISH: Quota = Quota {
    name: "sns.rate.publish",
    title: "Messages Published per Second",
    code: Some("L-F8E2BA85"),
    kind: QuotaKind::RequestRate {
        default: Rate::per_second(300),
        in_regions: &[
            ("us-east-1", Rate::per_second(30_000)),
            ("us-west-2", Rate::per_second(9000)),
            ("eu-west-1", Rate::per_second(9000)),
        ],
        operations: &["Publish", "PublishBatch"],
    },
};
/// Making subscriptions.
const SUBSCRIBE: Quota = rate("sns.rate.subscribe", "Subscribe request rate", None, 100, &["Subscribe"]);
/// Ending them.
const UNSUBSCRIBE: Quota =
    rate("sns.rate.unsubscribe", "Unsubscribe request rate", None, 100, &["Unsubscribe"]);
/// Lists.
const LISTS: Quota = rate(
    "sns.rate.list",
    "List request rate",
    None,
    30,
    &["ListTopics", "ListSubscriptions", "ListSubscriptionsByTopic"],
);
/// Tags.
const TAGGING: Quota = rate(
    "sns.rate.tags",
    "Tagging request rate",
    None,
    10,
    &["TagResource", "UntagResource", "ListTagsForResource"],
);

/// Every quota.
pub(crate) const QUOTAS: &[Quota] = &[
    TOPICS,
    FIFO_TOPICS,
    SUBSCRIPTIONS,
    FIFO_SUBSCRIPTIONS,
    FILTER_POLICIES,
    TAGS,
    PUBLISH,
    SUBSCRIBE,
    UNSUBSCRIBE,
    LISTS,
    TAGGING,
];
