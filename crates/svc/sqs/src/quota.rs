//! Amazon Simple Queue Service's quotas, with AWS's defaults.
//!
//! Source: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-quotas.html>

use alcazar_engine::Quota;
use alcazar_engine::quota::resource;

/// Tags of one queue.
pub(crate) const TAGS_PER_QUEUE: Quota = resource("sqs.tags-per-queue", "Tags per queue", None, 50);
/// The length of a queue policy.
pub(crate) const POLICY_BYTES: Quota =
    resource("sqs.policy-bytes", "Queue policy size, in bytes", None, 8192);
/// Statements of one queue policy.
pub(crate) const POLICY_STATEMENTS: Quota =
    resource("sqs.policy-statements", "Statements per queue policy", None, 20);
/// Principals of one queue policy.
pub(crate) const POLICY_PRINCIPALS: Quota =
    resource("sqs.policy-principals", "Principals per queue policy", None, 50);
/// Conditions of one queue policy.
pub(crate) const POLICY_CONDITIONS: Quota =
    resource("sqs.policy-conditions", "Conditions per queue policy", None, 10);
/// Actions of one statement of a queue policy.
pub(crate) const POLICY_ACTIONS: Quota =
    resource("sqs.actions-per-policy-statement", "Actions per queue policy statement", None, 7);

/// Every quota.
pub(crate) const QUOTAS: &[Quota] =
    &[TAGS_PER_QUEUE, POLICY_BYTES, POLICY_STATEMENTS, POLICY_PRINCIPALS, POLICY_CONDITIONS, POLICY_ACTIONS];
